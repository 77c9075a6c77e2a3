/**
 * Why bytes are no PUS packet: one number per reason, shared by telecommands and telemetry. The first five are those of
 * `checkSpacePacket`, so that one table names them all.
 */
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
