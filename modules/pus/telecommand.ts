/**
 * The PUS-C telecommand packet, read and written in place (ECSS-E-ST-70-41C, 7.4.4).
 *
 * ```
 * octet 0-5:   primary header, packet type 1, secondary header flag 1
 * octet 6:     PUS version number 4 (2) | acknowledgement flags 4
 * octet 7-8:   service type, message subtype
 * octet 9-10:  source ID
 * octet 11-..: application data
 * last two:    packet error control (CRC-16)
 * ```
 *
 * Plain functions over (bytes, start), as for the primary header: check once, then read.
 */
import { CRC16_LENGTH, writeCrc16 } from "../ccsds/crc16.js";
import {
  PRIMARY_HEADER_LENGTH,
  packetLength,
  TELECOMMAND,
  UNSEGMENTED,
  writePrimaryHeader,
} from "../ccsds/primary-header.js";
import { checkPusPacket, PUS_C_VERSION } from "./packet-status.js";

/** Octets before the application data. */
export const TELECOMMAND_HEADER_LENGTH = 11;
/** Octets of a telecommand beside its application data. */
export const TELECOMMAND_OVERHEAD = TELECOMMAND_HEADER_LENGTH + CRC16_LENGTH;

/** Acknowledgement flags: the success reports that are asked for (7.4.4.1). */
export const ACKNOWLEDGE_ACCEPTANCE = 0b1000;
export const ACKNOWLEDGE_START = 0b0100;
export const ACKNOWLEDGE_PROGRESS = 0b0010;
export const ACKNOWLEDGE_COMPLETION = 0b0001;
export const ACKNOWLEDGE_ALL = 0b1111;

const VERSION_AND_FLAGS = PRIMARY_HEADER_LENGTH;
const SERVICE_TYPE = 7;
const MESSAGE_SUBTYPE = 8;
const SOURCE_ID = 9;
const VERSION_SHIFT = 4;
const FLAGS_MASK = 0x0f;

export function acknowledgementFlags(bytes: Uint8Array, start: number): number {
  return bytes[start + VERSION_AND_FLAGS]! & FLAGS_MASK;
}

export function telecommandServiceType(bytes: Uint8Array, start: number): number {
  return bytes[start + SERVICE_TYPE]!;
}

export function telecommandMessageSubtype(bytes: Uint8Array, start: number): number {
  return bytes[start + MESSAGE_SUBTYPE]!;
}

/** Who sent it, as the ground chose to number its sources. 0 to 65,535. */
export function sourceId(bytes: Uint8Array, start: number): number {
  return (bytes[start + SOURCE_ID]! << 8) | bytes[start + SOURCE_ID + 1]!;
}

/** Octets of application data. */
export function applicationDataLength(bytes: Uint8Array, start: number): number {
  return packetLength(bytes, start) - TELECOMMAND_OVERHEAD;
}

/**
 * The request ID: the first four octets of the packet as one number, 0 to 2^32 - 1 (8.1.2.1).
 * Packet version number, packet type, secondary header flag, APID, sequence flags and packet sequence count.
 */
export function requestId(bytes: Uint8Array, start: number): number {
  return bytes[start]! * 0x1000000 + ((bytes[start + 1]! << 16) | (bytes[start + 2]! << 8) | bytes[start + 3]!);
}

/**
 * Judges `bytes[start, end)`, which is to be one telecommand and nothing else.
 * From `UNSUPPORTED_PUS_VERSION` on, the packet error control was right: what was read is what was sent.
 * @param judged what is known of it, `_JUDGED` bits, and is not looked at again
 * @returns `VALID` (0), or the first rule that the bytes break
 */
export function checkTelecommand(bytes: Uint8Array, start: number, end: number, judged?: number): number {
  return checkPusPacket(bytes, start, end, TELECOMMAND, TELECOMMAND_OVERHEAD, judged);
}

/**
 * Writes the headers and the packet error control around the application data, which is there already:
 * `bytes[start + 11, start + 11 + applicationDataLength)`.
 * @param acknowledgementFlags the `ACKNOWLEDGE_` bits
 * @returns the packet's end
 */
export function writeTelecommand(
  bytes: Uint8Array,
  start: number,
  apid: number,
  packetSequenceCount: number,
  acknowledgementFlags: number,
  serviceType: number,
  messageSubtype: number,
  sourceId: number,
  applicationDataLength: number,
): number {
  const end = start + TELECOMMAND_OVERHEAD + applicationDataLength;
  const dataLength = end - start - PRIMARY_HEADER_LENGTH;
  writePrimaryHeader(bytes, start, TELECOMMAND, true, apid, UNSEGMENTED, packetSequenceCount, dataLength);
  bytes[start + VERSION_AND_FLAGS] = (PUS_C_VERSION << VERSION_SHIFT) | (acknowledgementFlags & FLAGS_MASK);
  bytes[start + SERVICE_TYPE] = serviceType;
  bytes[start + MESSAGE_SUBTYPE] = messageSubtype;
  bytes[start + SOURCE_ID] = sourceId >> 8;
  bytes[start + SOURCE_ID + 1] = sourceId;
  writeCrc16(bytes, start, end);
  return end;
}
