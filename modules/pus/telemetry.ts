/**
 * The PUS-C telemetry packet, read and written in place (ECSS-E-ST-70-41C, 7.4.3).
 *
 * ```
 * octet 0-5:   primary header, packet type 0, secondary header flag 1
 * octet 6:     PUS version number 4 (2) | spacecraft time reference status 4
 * octet 7-8:   service type, message subtype
 * octet 9-10:  message type counter
 * octet 11-12: destination ID
 * octet 13-..: time stamp, of a length that both ends know
 * then:        source data
 * last two:    packet error control (CRC-16)
 * ```
 */
import { CRC16_LENGTH } from "../ccsds/crc16.js";
import { PRIMARY_HEADER_LENGTH, TELEMETRY } from "../ccsds/primary-header.js";
import { checkPusPacket, PUS_C_VERSION } from "./packet-status.js";

/** Offset of the time stamp. */
export const TIME_STAMP_OFFSET = 13;

const VERSION_AND_STATUS = PRIMARY_HEADER_LENGTH;
const SERVICE_TYPE = 7;
const MESSAGE_SUBTYPE = 8;
const MESSAGE_TYPE_COUNTER = 9;
const DESTINATION_ID = 11;
const VERSION_SHIFT = 4;
const STATUS_MASK = 0x0f;

/** Octets of a telemetry packet beside its source data, for a time stamp of this length. */
export function telemetryOverhead(timeStampLength: number): number {
  return TIME_STAMP_OFFSET + timeStampLength + CRC16_LENGTH;
}

/** 0: the board has no time, its stamps count from boot. 0 to 15. */
export function timeReferenceStatus(bytes: Uint8Array, start: number): number {
  return bytes[start + VERSION_AND_STATUS]! & STATUS_MASK;
}

export function telemetryServiceType(bytes: Uint8Array, start: number): number {
  return bytes[start + SERVICE_TYPE]!;
}

export function telemetryMessageSubtype(bytes: Uint8Array, start: number): number {
  return bytes[start + MESSAGE_SUBTYPE]!;
}

/** Packets of this service type and message subtype before this one, modulo 65,536. */
export function messageTypeCounter(bytes: Uint8Array, start: number): number {
  return (bytes[start + MESSAGE_TYPE_COUNTER]! << 8) | bytes[start + MESSAGE_TYPE_COUNTER + 1]!;
}

/** @param value modulo 65,536; voids the packet error control */
export function setMessageTypeCounter(bytes: Uint8Array, start: number, value: number): void {
  bytes[start + MESSAGE_TYPE_COUNTER] = value >> 8;
  bytes[start + MESSAGE_TYPE_COUNTER + 1] = value;
}

/** 0 to 65,535. */
export function destinationId(bytes: Uint8Array, start: number): number {
  return (bytes[start + DESTINATION_ID]! << 8) | bytes[start + DESTINATION_ID + 1]!;
}

/**
 * Judges `bytes[start, end)`, which is to be one telemetry packet and nothing else.
 * @param timeStampLength octets of the time stamp, P-field included
 * @returns `VALID` (0), or the first rule that the bytes break
 */
export function checkTelemetry(bytes: Uint8Array, start: number, end: number, timeStampLength: number): number {
  return checkPusPacket(bytes, start, end, TELEMETRY, telemetryOverhead(timeStampLength));
}

/** Writes the secondary header up to the time stamp. */
export function writeTelemetryHeader(
  bytes: Uint8Array,
  start: number,
  timeReferenceStatus: number,
  serviceType: number,
  messageSubtype: number,
  messageTypeCounter: number,
  destinationId: number,
): void {
  bytes[start + VERSION_AND_STATUS] = (PUS_C_VERSION << VERSION_SHIFT) | (timeReferenceStatus & STATUS_MASK);
  bytes[start + SERVICE_TYPE] = serviceType;
  bytes[start + MESSAGE_SUBTYPE] = messageSubtype;
  bytes[start + MESSAGE_TYPE_COUNTER] = messageTypeCounter >> 8;
  bytes[start + MESSAGE_TYPE_COUNTER + 1] = messageTypeCounter;
  bytes[start + DESTINATION_ID] = destinationId >> 8;
  bytes[start + DESTINATION_ID + 1] = destinationId;
}
