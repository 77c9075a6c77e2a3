/**
 * The primary header of a space packet: six octets, read and written in place (CCSDS 133.0-B-2, 4.1.3).
 *
 * Plain functions over (bytes, start), where `start` is the offset of the packet's first byte. They judge nothing and
 * allocate nothing: check once with `checkSpacePacket`, then read. Reading before a check, or after the bytes changed,
 * gives numbers without meaning, but never throws.
 *
 * ```
 * octet 0-1: packet version number 3 | packet type 1 | secondary header flag 1 | APID 11
 * octet 2-3: sequence flags 2 | packet sequence count or packet name 14
 * octet 4-5: packet data length field 16 (octets in the packet data field, minus one)
 * ```
 */

/** Octets in a primary header. */
export const PRIMARY_HEADER_LENGTH = 6;
/** The packet data field has at least one octet (4.1.4.1.2), so this is the shortest packet. */
export const MIN_SPACE_PACKET_LENGTH = 7;
/** Most octets that a packet data field can have: the length field's 65,535, plus one. */
export const MAX_PACKET_DATA_LENGTH = 65_536;
export const MAX_SPACE_PACKET_LENGTH = PRIMARY_HEADER_LENGTH + MAX_PACKET_DATA_LENGTH;

/** The only packet version number in use, `000` on the wire (4.1.3.2). */
export const SPACE_PACKET_VERSION = 0;

/** Packet type (4.1.3.3.2), as the wire bit. */
export const TELEMETRY = 0;
export const TELECOMMAND = 1;
export type PacketType = typeof TELEMETRY | typeof TELECOMMAND;

/** Sequence flags (4.1.3.4.2), as the wire bits. */
export const CONTINUATION = 0;
export const FIRST = 1;
export const LAST = 2;
export const UNSEGMENTED = 3;
export type SequenceFlags = typeof CONTINUATION | typeof FIRST | typeof LAST | typeof UNSEGMENTED;

export const MAX_APID = 0x7ff;
/** The APID of idle packets: all ones (4.1.3.3.4.4). */
export const IDLE_APID = 0x7ff;

export const MAX_PACKET_SEQUENCE_COUNT = 0x3fff;
/** The packet sequence count goes round after this many packets (4.1.3.4.3). */
export const PACKET_SEQUENCE_COUNT_MODULUS = 0x4000;

/** Results of `checkSpacePacket`. */
export const VALID = 0;
/** Fewer bytes than the shortest packet has. */
export const TOO_SHORT = 1;
export const UNSUPPORTED_VERSION = 2;
/** The packet goes on behind the bytes that are there. */
export const PARTIAL_PACKET = 3;
/** An idle packet must have no secondary header (4.1.3.3.3.4). */
export const IDLE_WITH_SECONDARY_HEADER = 4;
export type SpacePacketStatus =
  | typeof VALID
  | typeof TOO_SHORT
  | typeof UNSUPPORTED_VERSION
  | typeof PARTIAL_PACKET
  | typeof IDLE_WITH_SECONDARY_HEADER;

const IDENTIFICATION = 0;
const SEQUENCE_CONTROL = 2;
const DATA_LENGTH = 4;

const VERSION_SHIFT = 5;
const TYPE_BIT = 0x10;
const SECONDARY_HEADER_BIT = 0x08;
const APID_HIGH_MASK = 0x07;
const PACKET_ID_HIGH_MASK = 0x1f;
/** Of an idle packet with a secondary header: that flag and the APID, in the two octets that they stand in. */
const IDLE_HIGH_BITS = 0x0f;
const IDLE_LOW_BITS = 0xff;
const SEQUENCE_FLAGS_SHIFT = 6;
const COUNT_HIGH_MASK = 0x3f;

/** 0 to 7; only 0 is a space packet. */
export function packetVersionNumber(bytes: Uint8Array, start: number): number {
  return bytes[start + IDENTIFICATION]! >> VERSION_SHIFT;
}

export function packetType(bytes: Uint8Array, start: number): PacketType {
  return bytes[start + IDENTIFICATION]! & TYPE_BIT ? TELECOMMAND : TELEMETRY;
}

/** True: the packet data field begins with a secondary header. */
export function secondaryHeaderFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + IDENTIFICATION]! & SECONDARY_HEADER_BIT) !== 0;
}

/** Application process identifier, 0 to 2047. */
export function apid(bytes: Uint8Array, start: number): number {
  return ((bytes[start + IDENTIFICATION]! & APID_HIGH_MASK) << 8) | bytes[start + IDENTIFICATION + 1]!;
}

/**
 * The packet identification without the version: type, secondary header flag and APID, 13 bits in a 16-bit number.
 * `0x0800 | apid` is telemetry with a secondary header, `0x1800 | apid` a telecommand with one.
 */
export function packetId(bytes: Uint8Array, start: number): number {
  return ((bytes[start + IDENTIFICATION]! & PACKET_ID_HIGH_MASK) << 8) | bytes[start + IDENTIFICATION + 1]!;
}

export function sequenceFlags(bytes: Uint8Array, start: number): SequenceFlags {
  return (bytes[start + SEQUENCE_CONTROL]! >> SEQUENCE_FLAGS_SHIFT) as SequenceFlags;
}

/** 0 to 16,383. For a telecommand this may be a packet name instead (4.1.3.4.3.4). */
export function packetSequenceCount(bytes: Uint8Array, start: number): number {
  return ((bytes[start + SEQUENCE_CONTROL]! & COUNT_HIGH_MASK) << 8) | bytes[start + SEQUENCE_CONTROL + 1]!;
}

/** The raw field C: octets in the packet data field, minus one. 0 to 65,535. */
export function packetDataLengthField(bytes: Uint8Array, start: number): number {
  return (bytes[start + DATA_LENGTH]! << 8) | bytes[start + DATA_LENGTH + 1]!;
}

/** Octets in the packet data field: C + 1 (4.1.3.5.3). 1 to 65,536. */
export function packetDataLength(bytes: Uint8Array, start: number): number {
  return ((bytes[start + DATA_LENGTH]! << 8) | bytes[start + DATA_LENGTH + 1]!) + 1;
}

/** Octets in the whole packet: C + 7. 7 to 65,542. */
export function packetLength(bytes: Uint8Array, start: number): number {
  return ((bytes[start + DATA_LENGTH]! << 8) | bytes[start + DATA_LENGTH + 1]!) + MIN_SPACE_PACKET_LENGTH;
}

/** True: the packet fills a gap and carries no user data. */
export function isIdle(bytes: Uint8Array, start: number): boolean {
  return apid(bytes, start) === IDLE_APID;
}

/**
 * Judges the packet that begins at `start`. More bytes may follow it: `packetLength` says where it ends.
 * What can never become a packet is said before what is only incomplete, so that a stream need not wait for it.
 * @param start the packet's first byte
 * @param end behind the last byte there is
 * @returns `VALID` (0), or the first rule that the bytes break
 */
export function checkSpacePacket(bytes: Uint8Array, start: number, end: number): SpacePacketStatus {
  const available = end - start;
  if (available < MIN_SPACE_PACKET_LENGTH) {
    return TOO_SHORT;
  }
  // Read here, as in the functions above, and not by them: on XS a call costs as much as all the rest.
  const first = bytes[start]!;
  if (first >> VERSION_SHIFT !== SPACE_PACKET_VERSION) {
    return UNSUPPORTED_VERSION;
  }
  if ((first & IDLE_HIGH_BITS) === IDLE_HIGH_BITS && bytes[start + 1] === IDLE_LOW_BITS) {
    return IDLE_WITH_SECONDARY_HEADER;
  }
  if (((bytes[start + DATA_LENGTH]! << 8) | bytes[start + DATA_LENGTH + 1]!) + MIN_SPACE_PACKET_LENGTH > available) {
    return PARTIAL_PACKET;
  }
  return VALID;
}

/**
 * Writes the six octets, whatever stood there before. Judges nothing: out of range values are cut to their field;
 * `constructSpacePacket` is the form that says why not.
 * @param packetDataLength octets in the packet data field (C + 1), 1 to 65,536
 */
export function writePrimaryHeader(
  bytes: Uint8Array,
  start: number,
  packetType: PacketType,
  secondaryHeaderFlag: boolean,
  apid: number,
  sequenceFlags: SequenceFlags,
  packetSequenceCount: number,
  packetDataLength: number,
): void {
  bytes[start + IDENTIFICATION] =
    (packetType === TELECOMMAND ? TYPE_BIT : 0) |
    (secondaryHeaderFlag ? SECONDARY_HEADER_BIT : 0) |
    ((apid >> 8) & APID_HIGH_MASK);
  bytes[start + IDENTIFICATION + 1] = apid;
  bytes[start + SEQUENCE_CONTROL] =
    (sequenceFlags << SEQUENCE_FLAGS_SHIFT) | ((packetSequenceCount >> 8) & COUNT_HIGH_MASK);
  bytes[start + SEQUENCE_CONTROL + 1] = packetSequenceCount;
  setPacketDataLength(bytes, start, packetDataLength);
}

/**
 * The same of a packet whose parts are at hand as they stand in it. Judges nothing either.
 * @param identification the first two octets, as `packetId` gives them
 * @param sequenceControl sequence flags in the two highest of 16 bits, the count in the others
 * @param length octets of the whole packet
 */
export function writeHeaderWords(
  bytes: Uint8Array,
  start: number,
  identification: number,
  sequenceControl: number,
  length: number,
): void {
  const lengthField = length - MIN_SPACE_PACKET_LENGTH;
  bytes[start] = identification >> 8;
  bytes[start + 1] = identification;
  bytes[start + 2] = sequenceControl >> 8;
  bytes[start + 3] = sequenceControl;
  bytes[start + 4] = lengthField >> 8;
  bytes[start + 5] = lengthField;
}

/** @param value 0 to 7; anything but 0 voids the check */
export function setPacketVersionNumber(bytes: Uint8Array, start: number, value: number): void {
  bytes[start + IDENTIFICATION] = (bytes[start + IDENTIFICATION]! & PACKET_ID_HIGH_MASK) | (value << VERSION_SHIFT);
}

export function setPacketType(bytes: Uint8Array, start: number, value: PacketType): void {
  bytes[start + IDENTIFICATION] = (bytes[start + IDENTIFICATION]! & ~TYPE_BIT) | (value === TELECOMMAND ? TYPE_BIT : 0);
}

/** Voids the check when set on an idle packet. */
export function setSecondaryHeaderFlag(bytes: Uint8Array, start: number, value: boolean): void {
  bytes[start + IDENTIFICATION] =
    (bytes[start + IDENTIFICATION]! & ~SECONDARY_HEADER_BIT) | (value ? SECONDARY_HEADER_BIT : 0);
}

/** @param value 0 to 2047; the idle APID voids the check when there is a secondary header */
export function setApid(bytes: Uint8Array, start: number, value: number): void {
  bytes[start + IDENTIFICATION] = (bytes[start + IDENTIFICATION]! & ~APID_HIGH_MASK) | ((value >> 8) & APID_HIGH_MASK);
  bytes[start + IDENTIFICATION + 1] = value;
}

export function setSequenceFlags(bytes: Uint8Array, start: number, value: SequenceFlags): void {
  bytes[start + SEQUENCE_CONTROL] =
    (bytes[start + SEQUENCE_CONTROL]! & COUNT_HIGH_MASK) | (value << SEQUENCE_FLAGS_SHIFT);
}

/** @param value 0 to 16,383; more goes round */
export function setPacketSequenceCount(bytes: Uint8Array, start: number, value: number): void {
  bytes[start + SEQUENCE_CONTROL] =
    (bytes[start + SEQUENCE_CONTROL]! & ~COUNT_HIGH_MASK) | ((value >> 8) & COUNT_HIGH_MASK);
  bytes[start + SEQUENCE_CONTROL + 1] = value;
}

/** @param value octets in the packet data field (C + 1), 1 to 65,536; a greater one than before voids the check */
export function setPacketDataLength(bytes: Uint8Array, start: number, value: number): void {
  bytes[start + DATA_LENGTH] = (value - 1) >> 8;
  bytes[start + DATA_LENGTH + 1] = value - 1;
}
