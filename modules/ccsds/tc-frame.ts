/**
 * TC transfer frames: their primary header and their segment header, read and written in place (CCSDS 232.0-B-4, 4.1.2 and
 * 4.1.3.2.2).
 *
 * Plain functions over (bytes, start), where `start` is the offset of the transfer frame's first byte. They judge nothing
 * and allocate nothing.
 *
 * ```
 * octet 0-1: version number 2 (00) | bypass flag 1 | control command flag 1 | reserved spare 2 (00) | spacecraft ID 10
 * octet 2-3: virtual channel ID 6 | frame length field 10 (octets in the transfer frame, minus one)
 * octet 4:   frame sequence number 8 (0 in frames that bypass the sequence control)
 * octet 5:   segment header, where the virtual channel has one: sequence flags 2 | MAP ID 6
 * ```
 */

/** Octets of the primary header. */
export const TC_HEADER_LENGTH = 5;
/** Octets of the segment header. */
export const SEGMENT_HEADER_LENGTH = 1;
/** Octets in a transfer frame: what its length field can say. */
export const MAX_TC_FRAME_LENGTH = 1024;
export const MAX_TC_SPACECRAFT_ID = 0x3ff;
export const MAX_TC_VIRTUAL_CHANNEL_ID = 63;
export const MAX_TC_MAP_ID = 63;

/** Sequence flags of a segment header: the data field holds whole packets. */
export const UNSEGMENTED = 0b11;

/** What SDLS authenticates of a primary header, as a mask: the virtual channel ID (CCSDS 355.0-B-2, 4.2). */
export const TC_HEADER_MASK: readonly number[] = Object.freeze([0, 0, 0xfc, 0, 0]);
/** And of a segment header: all of it. */
export const SEGMENT_HEADER_MASK: readonly number[] = Object.freeze([0xff]);

/** The bypass flag: set in frames of type B, which COP-1 does not count. */
const BYPASS = 0x20;
/** The control command flag: set in frames of type C, which carry a command of COP-1; clear in those of type D, which carry data. */
const CONTROL_COMMAND = 0x10;
/** Version number and reserved spare. */
const FIXED_BITS = 0xcc;

/** True: the version number is 0 and the reserved spare too, as they are in every TC transfer frame. */
export function isTcVersion(bytes: Uint8Array, start: number): boolean {
  return (bytes[start]! & FIXED_BITS) === 0;
}

/** True: type B, expedited. False: type A, whose frames COP-1 counts, and asks for again. */
export function tcBypassFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start]! & BYPASS) !== 0;
}

/** True: the frame carries a control command of COP-1, no data of the user. */
export function controlCommandFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start]! & CONTROL_COMMAND) !== 0;
}

/** 0 to 1,023. */
export function tcSpacecraftId(bytes: Uint8Array, start: number): number {
  return ((bytes[start]! & 0x03) << 8) | bytes[start + 1]!;
}

/** 0 to 63. */
export function tcVirtualChannelId(bytes: Uint8Array, start: number): number {
  return bytes[start + 2]! >> 2;
}

/** Octets in the whole transfer frame: the length field, plus one. 1 to 1,024. */
export function tcFrameLength(bytes: Uint8Array, start: number): number {
  return (((bytes[start + 2]! & 0x03) << 8) | bytes[start + 3]!) + 1;
}

/** 0 to 255. */
export function frameSequenceNumber(bytes: Uint8Array, start: number): number {
  return bytes[start + 4]!;
}

/** 0 to 3, of a frame with a segment header. */
export function segmentSequenceFlags(bytes: Uint8Array, start: number): number {
  return bytes[start + TC_HEADER_LENGTH]! >> 6;
}

/** 0 to 63, of a frame with a segment header. */
export function segmentMapId(bytes: Uint8Array, start: number): number {
  return bytes[start + TC_HEADER_LENGTH]! & 0x3f;
}

/**
 * Writes the primary header of a frame of type BD: expedited data. Judges nothing: values out of range are cut to their
 * field.
 * @param length octets in the whole frame, 1 to 1,024
 * @returns the offset behind the header
 */
export function writeTcHeader(
  bytes: Uint8Array,
  start: number,
  spacecraftId: number,
  virtualChannelId: number,
  length: number,
): number {
  bytes[start] = BYPASS | ((spacecraftId >> 8) & 0x03);
  bytes[start + 1] = spacecraftId;
  bytes[start + 2] = (virtualChannelId << 2) | (((length - 1) >> 8) & 0x03);
  bytes[start + 3] = length - 1;
  bytes[start + 4] = 0;
  return start + TC_HEADER_LENGTH;
}

/**
 * Writes the segment header of a frame that holds whole packets.
 * @param at offset of the segment header
 * @returns the offset behind it
 */
export function writeSegmentHeader(bytes: Uint8Array, at: number, mapId: number): number {
  bytes[at] = (UNSEGMENTED << 6) | (mapId & 0x3f);
  return at + SEGMENT_HEADER_LENGTH;
}
