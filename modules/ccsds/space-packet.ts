/**
 * A space packet as one object: a view over bytes that lie elsewhere, to be reused for packet after packet.
 *
 * `attach` checks and allocates nothing; `parseSpacePacket` is the form for people: it returns a fresh view or throws an
 * error that says what was found and what is required.
 */
import { constructionError, constructSpacePacket } from "./construct.js";
import {
  apid,
  checkSpacePacket,
  IDLE_WITH_SECONDARY_HEADER,
  isIdle,
  MIN_SPACE_PACKET_LENGTH,
  PARTIAL_PACKET,
  type PacketType,
  PRIMARY_HEADER_LENGTH,
  packetDataLength,
  packetDataLengthField,
  packetId,
  packetLength,
  packetSequenceCount,
  packetType,
  packetVersionNumber,
  type SequenceFlags,
  SPACE_PACKET_VERSION,
  type SpacePacketStatus,
  secondaryHeaderFlag,
  sequenceFlags,
  TOO_SHORT,
  UNSUPPORTED_VERSION,
  VALID,
} from "./primary-header.js";

/** Names of the statuses of `checkSpacePacket`, by number. */
export const SPACE_PACKET_STATUS_NAMES: readonly string[] = Object.freeze([
  "valid",
  "tooShort",
  "unsupportedVersion",
  "partialPacket",
  "idleWithSecondaryHeader",
]);

export class SpacePacketView {
  #bytes: Uint8Array = new Uint8Array(PRIMARY_HEADER_LENGTH);
  #start = 0;
  #end = 0;

  /**
   * Looks at the packet that begins at `start`; more bytes may follow it.
   * @param end behind the last byte there is
   * @returns `VALID` (0), or why these bytes are no packet; then the view stays where it was
   */
  attach(bytes: Uint8Array, start: number = 0, end: number = bytes.length): SpacePacketStatus {
    const status = checkSpacePacket(bytes, start, end);
    if (status === VALID) {
      this.#bytes = bytes;
      this.#start = start;
      this.#end = end;
    }
    return status;
  }

  /** The bytes that the packet lies in. Valid as long as their owner leaves them alone. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Offset of the packet's first byte. */
  get start(): number {
    return this.#start;
  }

  /** Offset behind the packet's last byte. */
  get end(): number {
    return this.#start + this.packetLength;
  }

  get packetVersionNumber(): number {
    return packetVersionNumber(this.#bytes, this.#start);
  }

  get packetType(): PacketType {
    return packetType(this.#bytes, this.#start);
  }

  set packetType(value: PacketType) {
    this.#rewrite(value, this.secondaryHeaderFlag, this.apid, this.sequenceFlags, this.packetSequenceCount);
  }

  get secondaryHeaderFlag(): boolean {
    return secondaryHeaderFlag(this.#bytes, this.#start);
  }

  set secondaryHeaderFlag(value: boolean) {
    this.#rewrite(this.packetType, value, this.apid, this.sequenceFlags, this.packetSequenceCount);
  }

  get apid(): number {
    return apid(this.#bytes, this.#start);
  }

  set apid(value: number) {
    this.#rewrite(this.packetType, this.secondaryHeaderFlag, value, this.sequenceFlags, this.packetSequenceCount);
  }

  /** Type, secondary header flag and APID as one number, the version masked out. */
  get packetId(): number {
    return packetId(this.#bytes, this.#start);
  }

  get sequenceFlags(): SequenceFlags {
    return sequenceFlags(this.#bytes, this.#start);
  }

  set sequenceFlags(value: SequenceFlags) {
    this.#rewrite(this.packetType, this.secondaryHeaderFlag, this.apid, value, this.packetSequenceCount);
  }

  get packetSequenceCount(): number {
    return packetSequenceCount(this.#bytes, this.#start);
  }

  set packetSequenceCount(value: number) {
    this.#rewrite(this.packetType, this.secondaryHeaderFlag, this.apid, this.sequenceFlags, value);
  }

  /** The raw field C. */
  get packetDataLengthField(): number {
    return packetDataLengthField(this.#bytes, this.#start);
  }

  /** Octets in the packet data field: C + 1. */
  get packetDataLength(): number {
    return packetDataLength(this.#bytes, this.#start);
  }

  /** Lengthens or shortens the packet within the range that it was attached to. */
  set packetDataLength(value: number) {
    this.#rewrite(
      this.packetType,
      this.secondaryHeaderFlag,
      this.apid,
      this.sequenceFlags,
      this.packetSequenceCount,
      value,
    );
  }

  /** Octets in the whole packet: C + 7. */
  get packetLength(): number {
    return packetLength(this.#bytes, this.#start);
  }

  get packetDataFieldStart(): number {
    return this.#start + PRIMARY_HEADER_LENGTH;
  }

  get packetDataFieldEnd(): number {
    return this.end;
  }

  get isIdle(): boolean {
    return isIdle(this.#bytes, this.#start);
  }

  /** Every setter goes through the one set of rules, so that an attached packet stays a valid one. */
  #rewrite(
    type: PacketType,
    secondaryHeader: boolean,
    apid: number,
    flags: SequenceFlags,
    count: number,
    dataLength: number = this.packetDataLength,
  ): void {
    const bytes = this.#bytes;
    const start = this.#start;
    const end = this.#end;
    const status = constructSpacePacket(bytes, start, end, type, secondaryHeader, apid, flags, count, dataLength);
    if (status !== VALID) {
      throw constructionError(status, end - start, dataLength, apid, count, flags, type);
    }
  }
}

/** Why bytes are no space packet, with what was found and what is required. */
export class InvalidSpacePacketError extends Error {
  override name = "InvalidSpacePacketError";
  readonly status: SpacePacketStatus;
  /** The status as a word, as in `SPACE_PACKET_STATUS_NAMES`. */
  readonly reason: string;
  /** `TOO_SHORT`, `PARTIAL_PACKET`: bytes there; `UNSUPPORTED_VERSION`: the version; else the secondary header flag. */
  readonly found: number;
  /** In the unit of `found`: `PARTIAL_PACKET` gives the packet's length. */
  readonly required: number;

  constructor(status: SpacePacketStatus, message: string, found: number, required: number) {
    super(message);
    this.status = status;
    this.reason = SPACE_PACKET_STATUS_NAMES[status]!;
    this.found = found;
    this.required = required;
  }
}

/** The error that belongs to a status of `checkSpacePacket`. For people: allocates. */
export function spacePacketError(
  status: SpacePacketStatus,
  bytes: Uint8Array,
  start: number,
  end: number,
): InvalidSpacePacketError {
  const available = Math.max(end - start, 0);
  switch (status) {
    case TOO_SHORT: {
      const message = `a space packet has at least ${MIN_SPACE_PACKET_LENGTH} bytes, here are ${available}`;
      return new InvalidSpacePacketError(status, message, available, MIN_SPACE_PACKET_LENGTH);
    }
    case UNSUPPORTED_VERSION: {
      const version = packetVersionNumber(bytes, start);
      const message = `the packet version number must be ${SPACE_PACKET_VERSION}, not ${version}`;
      return new InvalidSpacePacketError(status, message, version, SPACE_PACKET_VERSION);
    }
    case PARTIAL_PACKET: {
      const length = packetLength(bytes, start);
      const message = `the packet has ${length} bytes, only ${available} of them are here`;
      return new InvalidSpacePacketError(status, message, available, length);
    }
    default:
      return new InvalidSpacePacketError(
        IDLE_WITH_SECONDARY_HEADER,
        "an idle packet must have no secondary header",
        1,
        0,
      );
  }
}

/**
 * Looks at the packet that begins at `start`; more bytes may follow it. For people: allocates.
 * @returns a view that is valid as long as the bytes are left alone
 * @throws InvalidSpacePacketError when these bytes are no packet
 */
export function parseSpacePacket(bytes: Uint8Array, start: number = 0, end: number = bytes.length): SpacePacketView {
  const view = new SpacePacketView();
  const status = view.attach(bytes, start, end);
  if (status !== VALID) {
    throw spacePacketError(status, bytes, start, end);
  }
  return view;
}
