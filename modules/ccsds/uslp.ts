/**
 * USLP transfer frames: their primary header and the header of their data field, read and written in place (CCSDS
 * 732.1-B, 4.1.2 and 4.1.4.2).
 *
 * Plain functions over (bytes, start), where `start` is the offset of the transfer frame's first byte. They judge nothing
 * and allocate nothing: check once with `checkUslpHeader`, then read.
 *
 * ```
 * octet 0-3: version number 4 (1100) | spacecraft ID 16 | source or destination 1 | virtual channel ID 6 | MAP ID 4 |
 *            end of frame primary header flag 1
 * octet 4-5: frame length field 16 (octets in the transfer frame, minus one)
 * octet 6:   bypass 1 | protocol control command 1 | spare 2 | operational control field 1 | VC frame count length 3
 * octet 7-:  VC frame count, 0 to 7 octets
 * ```
 *
 * A truncated header (the four octets of the flag 1) has no length, so that only an agreement outside the frame could say
 * where it ends: it is refused.
 */

/** The transfer frame version number, `1100` on the wire. */
export const USLP_VERSION = 0b1100;
/** Octets in a primary header without a VC frame count, and with the longest one. */
export const MIN_USLP_HEADER_LENGTH = 7;
export const MAX_USLP_HEADER_LENGTH = 14;
/** Octets in a transfer frame: what its length field can say. */
export const MAX_USLP_FRAME_LENGTH = 65_536;
export const MAX_SPACECRAFT_ID = 0xffff;
/** The virtual channel of frames that carry only idle data is 63. */
export const MAX_VIRTUAL_CHANNEL_ID = 62;
export const IDLE_VIRTUAL_CHANNEL_ID = 63;
export const MAX_MAP_ID = 15;
/** Octets of the operational control field, and of the frame error control field with a CRC-16. */
export const OPERATIONAL_CONTROL_FIELD_LENGTH = 4;
export const FRAME_ERROR_CONTROL_FIELD_LENGTH = 2;

/** Whose ID the spacecraft ID is, as the wire bit. */
export const SOURCE = 0;
export const DESTINATION = 1;
export type SourceOrDestination = typeof SOURCE | typeof DESTINATION;

/** Construction rules of the transfer frame data zone (Table 4-3), as the wire bits. The first three have a pointer. */
export const PACKETS_SPANNING = 0b000;
export const START_OF_SDU = 0b001;
export const CONTINUED_SDU = 0b010;
export const OCTET_STREAM = 0b011;
export const STARTING_SEGMENT = 0b100;
export const CONTINUING_SEGMENT = 0b101;
export const LAST_SEGMENT = 0b110;
export const NO_SEGMENTATION = 0b111;

/** USLP protocol identifiers: what the data zone holds. */
export const PACKETS = 0b00000;
export const IDLE_DATA = 0b11111;

/** First header pointer of a data zone that no packet begins in: all ones. */
export const NO_FIRST_HEADER = 0xffff;

/** `nextVcFrameCount`: there is none. */
export const NO_FRAME_COUNT = -1;

/** What SDLS authenticates of the first octets of a primary header, as a mask: VCID and MAP ID (CCSDS 355.0-B-2, 4.2). */
const IDENTIFIER_MASK: readonly number[] = Object.freeze([0, 0, 0x07, 0xfe]);

/** Results of `checkUslpHeader`. */
export const VALID = 0;
/** Fewer bytes than the primary header has. */
export const TOO_SHORT = 1;
export const UNSUPPORTED_VERSION = 2;
export const TRUNCATED_HEADER = 3;
/** The frame length is that of no frame with such a header. */
export const BAD_FRAME_LENGTH = 4;
export type UslpStatus =
  | typeof VALID
  | typeof TOO_SHORT
  | typeof UNSUPPORTED_VERSION
  | typeof TRUNCATED_HEADER
  | typeof BAD_FRAME_LENGTH;

/** A number holds no more of a count: of seven octets, the highest one is left out. */
const MAX_COUNT_OCTETS = 6;

/** 0 to 15; only 12 is USLP. */
export function transferFrameVersionNumber(bytes: Uint8Array, start: number): number {
  return bytes[start]! >> 4;
}

/** 0 to 65,535. */
export function spacecraftId(bytes: Uint8Array, start: number): number {
  return ((bytes[start]! & 0x0f) << 12) | (bytes[start + 1]! << 4) | (bytes[start + 2]! >> 4);
}

export function sourceOrDestination(bytes: Uint8Array, start: number): SourceOrDestination {
  return bytes[start + 2]! & 0x08 ? DESTINATION : SOURCE;
}

/** 0 to 63. */
export function virtualChannelId(bytes: Uint8Array, start: number): number {
  return ((bytes[start + 2]! & 0x07) << 3) | (bytes[start + 3]! >> 5);
}

/** 0 to 15. */
export function mapId(bytes: Uint8Array, start: number): number {
  return (bytes[start + 3]! >> 1) & 0x0f;
}

/** True: the header ends here, after four octets. */
export function isTruncated(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + 3]! & 0x01) !== 0;
}

/** Octets in the whole transfer frame: the length field, plus one. 1 to 65,536. */
export function transferFrameLength(bytes: Uint8Array, start: number): number {
  return ((bytes[start + 4]! << 8) | bytes[start + 5]!) + 1;
}

/** True: expedited, not under the sequence control of the other frames; its frames have a count of their own. */
export function bypassFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + 6]! & 0x80) !== 0;
}

/** True: the frame carries protocol control information, no data of the user. */
export function protocolControlCommandFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + 6]! & 0x40) !== 0;
}

/** True: an operational control field of four octets stands behind the data field. */
export function operationalControlFieldFlag(bytes: Uint8Array, start: number): boolean {
  return (bytes[start + 6]! & 0x08) !== 0;
}

/** Octets of the VC frame count: 0 to 7. */
export function vcFrameCountLength(bytes: Uint8Array, start: number): number {
  return bytes[start + 6]! & 0x07;
}

/** Octets in the primary header: 7 to 14. */
export function uslpHeaderLength(bytes: Uint8Array, start: number): number {
  return MIN_USLP_HEADER_LENGTH + vcFrameCountLength(bytes, start);
}

/** The VC frame count; 0 when there is none. Of seven octets, the lower six. */
export function vcFrameCount(bytes: Uint8Array, start: number): number {
  const end = start + uslpHeaderLength(bytes, start);
  let count = 0;
  for (let i = Math.max(start + MIN_USLP_HEADER_LENGTH, end - MAX_COUNT_OCTETS); i < end; i++) {
    count = count * 256 + bytes[i]!;
  }
  return count;
}

/** How many frame counts there are before `vcFrameCount` goes round, for a count of so many octets. */
export function vcFrameCountModulus(vcFrameCountLength: number): number {
  return 256 ** Math.min(vcFrameCountLength, MAX_COUNT_OCTETS);
}

/** The VC frame count of the frame that comes next, or `NO_FRAME_COUNT`. */
export function nextVcFrameCount(bytes: Uint8Array, start: number): number {
  const length = vcFrameCountLength(bytes, start);
  return length === 0 ? NO_FRAME_COUNT : (vcFrameCount(bytes, start) + 1) % vcFrameCountModulus(length);
}

/** What SDLS authenticates of a primary header and an insert zone, as a mask; nothing of the insert zone. */
export function uslpHeaderMask(vcFrameCountLength: number, insertZoneLength: number): number[] {
  const length = MIN_USLP_HEADER_LENGTH + vcFrameCountLength + insertZoneLength;
  return Array.from({ length }, (_, i) => IDENTIFIER_MASK[i] ?? 0);
}

/**
 * Judges the primary header at `start`; the frame may end behind `end`.
 * @returns `VALID` (0), or the first rule that the bytes break
 */
export function checkUslpHeader(bytes: Uint8Array, start: number, end: number): UslpStatus {
  const available = end - start;
  if (available >= 1 && transferFrameVersionNumber(bytes, start) !== USLP_VERSION) {
    return UNSUPPORTED_VERSION;
  }
  if (available >= 4 && isTruncated(bytes, start)) {
    return TRUNCATED_HEADER;
  }
  if (available < MIN_USLP_HEADER_LENGTH || available < uslpHeaderLength(bytes, start)) {
    return TOO_SHORT;
  }
  return transferFrameLength(bytes, start) < uslpHeaderLength(bytes, start) ? BAD_FRAME_LENGTH : VALID;
}

/**
 * Writes the primary header, whatever stood there before. Judges nothing: values out of range are cut to their field.
 * @param transferFrameLength octets in the whole frame, 1 to 65,536
 * @param vcFrameCountLength octets of the count: 0 to 7
 * @returns the offset behind the header
 */
export function writeUslpHeader(
  bytes: Uint8Array,
  start: number,
  spacecraftId: number,
  sourceOrDestination: SourceOrDestination,
  virtualChannelId: number,
  mapId: number,
  transferFrameLength: number,
  bypass: boolean,
  protocolControlCommand: boolean,
  operationalControlField: boolean,
  vcFrameCountLength: number,
  vcFrameCount: number,
): number {
  bytes[start] = (USLP_VERSION << 4) | ((spacecraftId >> 12) & 0x0f);
  bytes[start + 1] = spacecraftId >> 4;
  bytes[start + 2] =
    ((spacecraftId & 0x0f) << 4) | (sourceOrDestination === DESTINATION ? 0x08 : 0) | ((virtualChannelId >> 3) & 0x07);
  bytes[start + 3] = ((virtualChannelId & 0x07) << 5) | ((mapId & 0x0f) << 1);
  bytes[start + 4] = (transferFrameLength - 1) >> 8;
  bytes[start + 5] = transferFrameLength - 1;
  bytes[start + 6] =
    (bypass ? 0x80 : 0) |
    (protocolControlCommand ? 0x40 : 0) |
    (operationalControlField ? 0x08 : 0) |
    (vcFrameCountLength & 0x07);
  const end = start + MIN_USLP_HEADER_LENGTH + (vcFrameCountLength & 0x07);
  let rest = vcFrameCount;
  for (let i = end - 1; i >= start + MIN_USLP_HEADER_LENGTH; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return end;
}

/** How the data zone is made, of the data field that begins at `at`. */
export function constructionRule(bytes: Uint8Array, at: number): number {
  return bytes[at]! >> 5;
}

/** What the data zone holds: the USLP protocol identifier. */
export function protocolIdentifier(bytes: Uint8Array, at: number): number {
  return bytes[at]! & 0x1f;
}

/** Octets in front of the data zone: a pointer stands there with the first three rules only (4.1.4.2.4). */
export function dataFieldHeaderLength(rule: number): number {
  return rule <= CONTINUED_SDU ? 3 : 1;
}

/** The first header pointer: octets in front of the first packet that begins in the data zone, or `NO_FIRST_HEADER`. */
export function firstHeaderPointer(bytes: Uint8Array, at: number): number {
  return (bytes[at + 1]! << 8) | bytes[at + 2]!;
}

/**
 * Writes the header of a data field.
 * @param pointer of a rule that has one
 * @returns the offset behind it
 */
export function writeDataFieldHeader(
  bytes: Uint8Array,
  at: number,
  rule: number,
  protocolIdentifier: number,
  pointer: number,
): number {
  bytes[at] = (rule << 5) | (protocolIdentifier & 0x1f);
  if (dataFieldHeaderLength(rule) === 1) {
    return at + 1;
  }
  bytes[at + 1] = pointer >> 8;
  bytes[at + 2] = pointer;
  return at + 3;
}
