/**
 * Making a space packet in a range of bytes that already holds, or will hold, its packet data field.
 *
 * Two forms, as for parsing: `constructSpacePacket` writes in place, allocates nothing and returns a status;
 * `buildSpacePacket` is for people: it takes named fields, returns fresh bytes and throws.
 */
import {
  IDLE_APID,
  MAX_APID,
  MAX_PACKET_DATA_LENGTH,
  MAX_PACKET_SEQUENCE_COUNT,
  MIN_SPACE_PACKET_LENGTH,
  type PacketType,
  PRIMARY_HEADER_LENGTH,
  type SequenceFlags,
  TELECOMMAND,
  TELEMETRY,
  UNSEGMENTED,
  writePrimaryHeader,
} from "./primary-header.js";

/** Results of `constructSpacePacket`. */
export const CONSTRUCTED = 0;
/** The packet does not fit in the range. */
export const RANGE_TOO_SMALL = 1;
/** A packet data field has at least one octet (CCSDS 133.0-B-2, 4.1.4.1.2). */
export const EMPTY_DATA_FIELD = 2;
/** A packet data field has at most 65,536 octets. */
export const DATA_FIELD_TOO_LONG = 3;
/** An idle packet must have no secondary header (4.1.3.3.3.4). */
export const IDLE_APID_WITH_SECONDARY_HEADER = 4;
export const APID_OUT_OF_RANGE = 5;
export const SEQUENCE_COUNT_OUT_OF_RANGE = 6;
export const SEQUENCE_FLAGS_OUT_OF_RANGE = 7;
export const PACKET_TYPE_OUT_OF_RANGE = 8;
export type ConstructStatus =
  | typeof CONSTRUCTED
  | typeof RANGE_TOO_SMALL
  | typeof EMPTY_DATA_FIELD
  | typeof DATA_FIELD_TOO_LONG
  | typeof IDLE_APID_WITH_SECONDARY_HEADER
  | typeof APID_OUT_OF_RANGE
  | typeof SEQUENCE_COUNT_OUT_OF_RANGE
  | typeof SEQUENCE_FLAGS_OUT_OF_RANGE
  | typeof PACKET_TYPE_OUT_OF_RANGE;

/**
 * Writes the primary header of a packet that begins at `start`, and leaves the packet data field as it is.
 * @param end behind the last byte that the packet may use
 * @param packetDataLength octets in the packet data field, 1 to 65,536; all that the range has room for when left out
 * @returns `CONSTRUCTED` (0), or why nothing was written
 */
export function constructSpacePacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  packetType: PacketType,
  secondaryHeaderFlag: boolean,
  apid: number,
  sequenceFlags: SequenceFlags,
  packetSequenceCount: number,
  packetDataLength: number = end - start - PRIMARY_HEADER_LENGTH,
): ConstructStatus {
  if (end - start < MIN_SPACE_PACKET_LENGTH) {
    return RANGE_TOO_SMALL;
  }
  if (!(packetDataLength >= 1)) {
    return EMPTY_DATA_FIELD;
  }
  if (packetDataLength > MAX_PACKET_DATA_LENGTH) {
    return DATA_FIELD_TOO_LONG;
  }
  if (packetDataLength > end - start - PRIMARY_HEADER_LENGTH) {
    return RANGE_TOO_SMALL;
  }
  if (packetType !== TELEMETRY && packetType !== TELECOMMAND) {
    return PACKET_TYPE_OUT_OF_RANGE;
  }
  if (!(apid >= 0 && apid <= MAX_APID)) {
    return APID_OUT_OF_RANGE;
  }
  if (!(sequenceFlags >= 0 && sequenceFlags <= UNSEGMENTED)) {
    return SEQUENCE_FLAGS_OUT_OF_RANGE;
  }
  if (!(packetSequenceCount >= 0 && packetSequenceCount <= MAX_PACKET_SEQUENCE_COUNT)) {
    return SEQUENCE_COUNT_OUT_OF_RANGE;
  }
  if (apid === IDLE_APID && secondaryHeaderFlag) {
    return IDLE_APID_WITH_SECONDARY_HEADER;
  }
  writePrimaryHeader(
    bytes,
    start,
    packetType,
    secondaryHeaderFlag,
    apid,
    sequenceFlags,
    packetSequenceCount,
    packetDataLength,
  );
  return CONSTRUCTED;
}

/** Why a packet cannot be made, with the value that was asked for and the limit it breaks. */
export class SpacePacketConstructionError extends RangeError {
  override name = "SpacePacketConstructionError";
  readonly status: ConstructStatus;
  /** The value asked for: bytes for the lengths, else the field's value. */
  readonly found: number;
  /** The least or the most that is allowed, in the same unit. */
  readonly required: number;

  constructor(status: ConstructStatus, message: string, found: number, required: number) {
    super(message);
    this.status = status;
    this.found = found;
    this.required = required;
  }
}

/** The error that says what `constructSpacePacket` refused. For people: allocates. */
export function constructionError(
  status: ConstructStatus,
  rangeLength: number,
  packetDataLength: number,
  apid: number,
  packetSequenceCount: number,
  sequenceFlags: number,
  packetType: number,
): SpacePacketConstructionError {
  switch (status) {
    case RANGE_TOO_SMALL: {
      const required = Math.max(packetDataLength + PRIMARY_HEADER_LENGTH, MIN_SPACE_PACKET_LENGTH);
      return refuse(status, `the packet needs ${required} bytes, the range has ${rangeLength}`, rangeLength, required);
    }
    case EMPTY_DATA_FIELD:
      return refuse(status, "a packet data field has at least 1 byte", packetDataLength, 1);
    case DATA_FIELD_TOO_LONG:
      return refuse(
        status,
        `the packet data field has ${packetDataLength} bytes, at most ${MAX_PACKET_DATA_LENGTH} are possible`,
        packetDataLength,
        MAX_PACKET_DATA_LENGTH,
      );
    case IDLE_APID_WITH_SECONDARY_HEADER:
      return refuse(status, "an idle packet must have no secondary header", 1, 0);
    case APID_OUT_OF_RANGE:
      return refuse(status, `the APID must be 0 to ${MAX_APID}, not ${apid}`, apid, MAX_APID);
    case SEQUENCE_COUNT_OUT_OF_RANGE:
      return refuse(
        status,
        `the packet sequence count must be 0 to ${MAX_PACKET_SEQUENCE_COUNT}, not ${packetSequenceCount}`,
        packetSequenceCount,
        MAX_PACKET_SEQUENCE_COUNT,
      );
    case SEQUENCE_FLAGS_OUT_OF_RANGE:
      return refuse(status, `the sequence flags must be 0 to 3, not ${sequenceFlags}`, sequenceFlags, UNSEGMENTED);
    default:
      return refuse(status, `the packet type must be 0 or 1, not ${packetType}`, packetType, TELECOMMAND);
  }
}

function refuse(status: ConstructStatus, message: string, found: number, required: number) {
  return new SpacePacketConstructionError(status, message, found, required);
}

/** The fields of a packet, for people. */
export interface SpacePacketFields {
  packetType: PacketType;
  /** Default false. */
  secondaryHeaderFlag?: boolean;
  /** 0 to 2047. */
  apid: number;
  /** Default `UNSEGMENTED`. */
  sequenceFlags?: SequenceFlags;
  /** 0 to 16,383; default 0. */
  packetSequenceCount?: number;
  /** 1 to 65,536 bytes. */
  packetDataField: Uint8Array;
}

/** The in-place form cuts fractions off; people are told. */
function fractionStatus(apid: number, sequenceFlags: number, count: number): ConstructStatus {
  if (!Number.isInteger(apid)) {
    return APID_OUT_OF_RANGE;
  }
  if (!Number.isInteger(sequenceFlags)) {
    return SEQUENCE_FLAGS_OUT_OF_RANGE;
  }
  return Number.isInteger(count) ? CONSTRUCTED : SEQUENCE_COUNT_OUT_OF_RANGE;
}

/**
 * Makes a packet in fresh bytes. For people: allocates.
 * @throws SpacePacketConstructionError when a field is out of its range
 */
export function buildSpacePacket(fields: SpacePacketFields): Uint8Array {
  const { packetType, apid, packetDataField } = fields;
  const sequenceFlags = fields.sequenceFlags ?? UNSEGMENTED;
  const count = fields.packetSequenceCount ?? 0;
  const length = PRIMARY_HEADER_LENGTH + packetDataField.length;
  const bytes = new Uint8Array(Math.max(length, MIN_SPACE_PACKET_LENGTH));
  const secondaryHeaderFlag = fields.secondaryHeaderFlag ?? false;
  const status =
    fractionStatus(apid, sequenceFlags, count) ||
    constructSpacePacket(
      bytes,
      0,
      bytes.length,
      packetType,
      secondaryHeaderFlag,
      apid,
      sequenceFlags,
      count,
      packetDataField.length,
    );
  if (status !== CONSTRUCTED) {
    throw constructionError(status, bytes.length, packetDataField.length, apid, count, sequenceFlags, packetType);
  }
  bytes.set(packetDataField, PRIMARY_HEADER_LENGTH);
  return bytes;
}
