/**
 * Why bytes are no PUS packet: one number per reason, shared by telecommands and telemetry. The first five are those of
 * `checkSpacePacket`, so that one table names them all.
 */
import { hasValidCrc16 } from "../ccsds/crc16.js";
import { CRC16_JUDGED, HEADER_JUDGED, NOTHING_JUDGED } from "../ccsds/judgements.js";
import {
  checkSpacePacket,
  type PacketType,
  PRIMARY_HEADER_LENGTH,
  packetLength,
  packetType,
  secondaryHeaderFlag,
  sequenceFlags,
  UNSEGMENTED,
  VALID,
} from "../ccsds/primary-header.js";
import { SPACE_PACKET_STATUS_NAMES } from "../ccsds/space-packet.js";

/** Telemetry where a telecommand is expected, or the other way round. */
export const WRONG_PACKET_TYPE = 5;
/** Every PUS packet but the time packet has a secondary header (ECSS-E-ST-70-41C, 7.4.1). */
export const NO_SECONDARY_HEADER = 6;
/** The packet data field is shorter than the secondary header and the packet error control together. */
export const DATA_FIELD_TOO_SHORT = 7;
/** Bytes follow the packet, where it is to be alone: its length or its frame is wrong. */
export const SURPLUS_BYTES = 8;
/** The packet error control does not fit the packet: nothing in it can be trusted. */
export const CRC_MISMATCH = 9;
/** Not PUS-C. The packet is what was sent: its packet error control is right. */
export const UNSUPPORTED_PUS_VERSION = 10;
/** A segment of something longer; PUS packets are unsegmented (7.4.1). Its packet error control is right. */
export const SEGMENTED = 11;

/** The PUS version number of ECSS-E-ST-70-41C. */
export const PUS_C_VERSION = 2;

/** Names of the statuses, by number. */
export const PUS_STATUS_NAMES: readonly string[] = Object.freeze(
  SPACE_PACKET_STATUS_NAMES.concat([
    "wrongPacketType",
    "noSecondaryHeader",
    "dataFieldTooShort",
    "surplusBytes",
    "crcMismatch",
    "unsupportedPusVersion",
    "segmented",
  ]),
);

const VERSION_SHIFT = 4;

/** The PUS version number: the upper half of the octet behind the primary header, in telecommands and telemetry alike. */
export function pusVersion(bytes: Uint8Array, start: number): number {
  return bytes[start + PRIMARY_HEADER_LENGTH]! >> VERSION_SHIFT;
}

/**
 * Judges `bytes[start, end)`, which is to be one PUS packet and nothing else.
 * @param type the packet type expected
 * @param overhead octets of the shortest packet of this type
 * @param judged what is known of it, `_JUDGED` bits, and is not looked at again
 * @returns `VALID` (0), or the first rule that the bytes break
 */
export function checkPusPacket(
  bytes: Uint8Array,
  start: number,
  end: number,
  type: PacketType,
  overhead: number,
  judged: number = NOTHING_JUDGED,
): number {
  if ((judged & HEADER_JUDGED) === 0) {
    const status = checkSpacePacket(bytes, start, end);
    if (status !== VALID) {
      return status;
    }
  }
  if (packetType(bytes, start) !== type) {
    return WRONG_PACKET_TYPE;
  }
  if (!secondaryHeaderFlag(bytes, start)) {
    return NO_SECONDARY_HEADER;
  }
  const length = packetLength(bytes, start);
  if (length < overhead) {
    return DATA_FIELD_TOO_SHORT;
  }
  if (length !== end - start) {
    return SURPLUS_BYTES;
  }
  if ((judged & CRC16_JUDGED) === 0 && !hasValidCrc16(bytes, start, end)) {
    return CRC_MISMATCH;
  }
  if (pusVersion(bytes, start) !== PUS_C_VERSION) {
    return UNSUPPORTED_PUS_VERSION;
  }
  if (sequenceFlags(bytes, start) !== UNSEGMENTED) {
    return SEGMENTED;
  }
  return VALID;
}
