/**
 * PUS packets as objects: views over bytes that lie elsewhere, to be reused for packet after packet.
 *
 * `attach` checks and allocates nothing. `parseTelecommand` and `parseTelemetry` (build-parse.ts) are the forms that throw.
 */
import { CRC16_LENGTH } from "../ccsds/crc16.js";
import { apid, packetLength, packetSequenceCount, VALID } from "../ccsds/primary-header.js";
import type { TimeCode } from "../ccsds/time-code.js";
import { pusVersion } from "./packet-status.js";
import {
  acknowledgementFlags,
  applicationDataLength,
  checkTelecommand,
  requestId,
  sourceId,
  TELECOMMAND_HEADER_LENGTH,
  TELECOMMAND_OVERHEAD,
  telecommandMessageSubtype,
  telecommandServiceType,
} from "./telecommand.js";
import {
  checkTelemetry,
  destinationId,
  messageTypeCounter,
  TIME_STAMP_OFFSET,
  telemetryMessageSubtype,
  telemetryOverhead,
  telemetryServiceType,
  timeReferenceStatus,
} from "./telemetry.js";

/** What both kinds of packet share. */
class PusPacketView {
  #bytes: Uint8Array;
  #start = 0;

  /** @param length the shortest packet's: until the first `attach` the view shows as many zeros */
  protected constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }

  protected place(bytes: Uint8Array, start: number): void {
    this.#bytes = bytes;
    this.#start = start;
  }

  /** The bytes that the packet lies in. Valid as long as their owner leaves them alone. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Offset of the packet's first byte. */
  get start(): number {
    return this.#start;
  }

  /** Offset behind the packet's last byte, the packet error control included. */
  get end(): number {
    return this.#start + this.packetLength;
  }

  /** Octets in the whole packet. */
  get packetLength(): number {
    return packetLength(this.#bytes, this.#start);
  }

  get apid(): number {
    return apid(this.#bytes, this.#start);
  }

  get packetSequenceCount(): number {
    return packetSequenceCount(this.#bytes, this.#start);
  }

  /** The two octets at the packet's end. */
  get packetErrorControl(): number {
    const at = this.end - CRC16_LENGTH;
    return (this.#bytes[at]! << 8) | this.#bytes[at + 1]!;
  }
}

export class TelecommandView extends PusPacketView {
  constructor() {
    super(TELECOMMAND_OVERHEAD);
  }

  /**
   * Looks at `bytes[start, end)`, which is to be one telecommand and nothing else.
   * @returns `VALID` (0), or why these bytes are none; then the view stays where it was
   */
  attach(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
    const status = checkTelecommand(bytes, start, end);
    if (status === VALID) {
      this.attachUnchecked(bytes, start);
    }
    return status;
  }

  /** Looks at a telecommand that was checked, or that was refused and whose fields are to be reported. */
  attachUnchecked(bytes: Uint8Array, start: number): void {
    this.place(bytes, start);
  }

  get pusVersion(): number {
    return pusVersion(this.bytes, this.start);
  }

  /** The success reports that the sender asks for: `ACKNOWLEDGE_` bits. */
  get acknowledgementFlags(): number {
    return acknowledgementFlags(this.bytes, this.start);
  }

  get serviceType(): number {
    return telecommandServiceType(this.bytes, this.start);
  }

  get messageSubtype(): number {
    return telecommandMessageSubtype(this.bytes, this.start);
  }

  get sourceId(): number {
    return sourceId(this.bytes, this.start);
  }

  /** The packet's first four octets, as verification reports repeat them. */
  get requestId(): number {
    return requestId(this.bytes, this.start);
  }

  get applicationDataStart(): number {
    return this.start + TELECOMMAND_HEADER_LENGTH;
  }

  get applicationDataEnd(): number {
    return this.applicationDataStart + this.applicationDataLength;
  }

  get applicationDataLength(): number {
    return applicationDataLength(this.bytes, this.start);
  }
}

export class TelemetryView extends PusPacketView {
  readonly #timeCode: TimeCode;

  /** @param timeCode how the sender writes its time stamps: a packet does not say how long its stamp is */
  constructor(timeCode: TimeCode) {
    super(telemetryOverhead(timeCode.length));
    this.#timeCode = timeCode;
  }

  /**
   * Looks at `bytes[start, end)`, which is to be one telemetry packet and nothing else.
   * @returns `VALID` (0), or why these bytes are none; then the view stays where it was
   */
  attach(bytes: Uint8Array, start: number = 0, end: number = bytes.length): number {
    const status = checkTelemetry(bytes, start, end, this.#timeCode.length);
    if (status === VALID) {
      this.place(bytes, start);
    }
    return status;
  }

  get pusVersion(): number {
    return pusVersion(this.bytes, this.start);
  }

  /** 0: the board has no time, its stamps count from boot. */
  get timeReferenceStatus(): number {
    return timeReferenceStatus(this.bytes, this.start);
  }

  get serviceType(): number {
    return telemetryServiceType(this.bytes, this.start);
  }

  get messageSubtype(): number {
    return telemetryMessageSubtype(this.bytes, this.start);
  }

  get messageTypeCounter(): number {
    return messageTypeCounter(this.bytes, this.start);
  }

  get destinationId(): number {
    return destinationId(this.bytes, this.start);
  }

  get timeStampStart(): number {
    return this.start + TIME_STAMP_OFFSET;
  }

  /** UNIX milliseconds, or NaN when the stamp is not of the time code. */
  get time(): number {
    return this.#timeCode.read(this.bytes, this.timeStampStart);
  }

  get sourceDataStart(): number {
    return this.timeStampStart + this.#timeCode.length;
  }

  get sourceDataEnd(): number {
    return this.end - CRC16_LENGTH;
  }

  get sourceDataLength(): number {
    return this.sourceDataEnd - this.sourceDataStart;
  }
}
