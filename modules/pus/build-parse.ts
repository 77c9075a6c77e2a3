/**
 * PUS packets for people: scripts, tests and ground tools. Everything here takes plain values, allocates freely and
 * throws; a board uses the views and the report writer.
 */

import { CRC16_LENGTH, writeCrc16 } from "../ccsds/crc16.js";
import {
  MAX_APID,
  MAX_PACKET_DATA_LENGTH,
  MAX_PACKET_SEQUENCE_COUNT,
  PARTIAL_PACKET,
  PRIMARY_HEADER_LENGTH,
  packetLength,
  packetVersionNumber,
  TELEMETRY,
  TOO_SHORT,
  UNSEGMENTED,
  UNSUPPORTED_VERSION,
  VALID,
  writePrimaryHeader,
} from "../ccsds/primary-header.js";
import type { TimeCode } from "../ccsds/time-code.js";
import { checkWithin } from "../checks/options.js";
import {
  DATA_FIELD_TOO_SHORT,
  PUS_C_VERSION,
  PUS_STATUS_NAMES,
  pusVersion,
  SURPLUS_BYTES,
  UNSUPPORTED_PUS_VERSION,
} from "./packet-status.js";
import { ACKNOWLEDGE_ALL, TELECOMMAND_HEADER_LENGTH, TELECOMMAND_OVERHEAD, writeTelecommand } from "./telecommand.js";
import { TIME_STAMP_OFFSET, telemetryOverhead, writeTelemetryHeader } from "./telemetry.js";
import { TelecommandView, TelemetryView } from "./views.js";

/** Why bytes are no PUS packet. */
export class InvalidPusPacketError extends Error {
  override name = "InvalidPusPacketError";
  /** A status of `checkSpacePacket`, `checkTelecommand` or `checkTelemetry`. */
  readonly status: number;
  /** The status as a word, as in `PUS_STATUS_NAMES`. */
  readonly reason: string;
  /** Bytes there, or the version; undefined where the reason says it all. */
  readonly found: number | undefined;
  /** What it should be, in the unit of `found`. */
  readonly required: number | undefined;

  constructor(status: number, found?: number, required?: number) {
    const reason = PUS_STATUS_NAMES[status]!;
    super(found === undefined ? reason : `${reason}: found ${found}, required ${required}`);
    this.status = status;
    this.reason = reason;
    this.found = found;
    this.required = required;
  }
}

function invalid(status: number, bytes: Uint8Array, start: number, end: number, overhead: number) {
  const available = Math.max(end - start, 0);
  switch (status) {
    case TOO_SHORT:
      return new InvalidPusPacketError(status, available, overhead);
    case UNSUPPORTED_VERSION:
      return new InvalidPusPacketError(status, packetVersionNumber(bytes, start), 0);
    case DATA_FIELD_TOO_SHORT:
      return new InvalidPusPacketError(status, packetLength(bytes, start), overhead);
    case UNSUPPORTED_PUS_VERSION:
      // Both kinds of packet have the version in the same place.
      return new InvalidPusPacketError(status, pusVersion(bytes, start), PUS_C_VERSION);
    case PARTIAL_PACKET:
    case SURPLUS_BYTES:
      return new InvalidPusPacketError(status, available, packetLength(bytes, start));
    default:
      return new InvalidPusPacketError(status);
  }
}

/**
 * Looks at `bytes[start, end)` as one telecommand.
 * @throws InvalidPusPacketError when it is none, or damaged
 */
export function parseTelecommand(bytes: Uint8Array, start = 0, end = bytes.length): TelecommandView {
  const view = new TelecommandView();
  const status = view.attach(bytes, start, end);
  if (status !== VALID) {
    throw invalid(status, bytes, start, end, TELECOMMAND_OVERHEAD);
  }
  return view;
}

/**
 * Looks at `bytes[start, end)` as one telemetry packet.
 * @throws InvalidPusPacketError when it is none, or damaged
 */
export function parseTelemetry(bytes: Uint8Array, timeCode: TimeCode, start = 0, end = bytes.length): TelemetryView {
  const view = new TelemetryView(timeCode);
  const status = view.attach(bytes, start, end);
  if (status !== VALID) {
    throw invalid(status, bytes, start, end, telemetryOverhead(timeCode.length));
  }
  return view;
}

export interface TelecommandFields {
  /** 0 to 2047. */
  apid: number;
  /** 0 to 16,383; default 0. */
  packetSequenceCount?: number;
  /** `ACKNOWLEDGE_` bits; default all. */
  acknowledgementFlags?: number;
  serviceType: number;
  messageSubtype: number;
  /** 0 to 65,535; default 0. */
  sourceId?: number;
  /** Default none. */
  applicationData?: Uint8Array;
}

export interface TelemetryFields {
  /** 0 to 2047. */
  apid: number;
  /** 0 to 16,383; default 0. */
  packetSequenceCount?: number;
  /** 0 to 15; default 0. */
  timeReferenceStatus?: number;
  serviceType: number;
  messageSubtype: number;
  /** 0 to 65,535; default 0. */
  messageTypeCounter?: number;
  /** 0 to 65,535; default 0. */
  destinationId?: number;
  /** The whole stamp, P-field included. */
  timeStamp: Uint8Array;
  /** Default none. */
  sourceData?: Uint8Array;
}

/**
 * Makes a telecommand in fresh bytes.
 * @throws RangeError naming the field that is out of its range
 */
export function buildTelecommand(fields: TelecommandFields): Uint8Array {
  const data = fields.applicationData;
  const dataLength = data?.length ?? 0;
  const count = fields.packetSequenceCount ?? 0;
  const flags = fields.acknowledgementFlags ?? ACKNOWLEDGE_ALL;
  const source = fields.sourceId ?? 0;
  checkWithin("apid", fields.apid, 0, MAX_APID);
  checkWithin("packetSequenceCount", count, 0, MAX_PACKET_SEQUENCE_COUNT);
  checkWithin("acknowledgementFlags", flags, 0, ACKNOWLEDGE_ALL);
  checkWithin("serviceType", fields.serviceType, 0, 0xff);
  checkWithin("messageSubtype", fields.messageSubtype, 0, 0xff);
  checkWithin("sourceId", source, 0, 0xffff);
  const overhead = TELECOMMAND_OVERHEAD - PRIMARY_HEADER_LENGTH;
  checkWithin("applicationData length", dataLength, 0, MAX_PACKET_DATA_LENGTH - overhead);
  const bytes = new Uint8Array(TELECOMMAND_OVERHEAD + dataLength);
  if (data !== undefined) {
    bytes.set(data, TELECOMMAND_HEADER_LENGTH);
  }
  const { apid, serviceType, messageSubtype } = fields;
  writeTelecommand(bytes, 0, apid, count, flags, serviceType, messageSubtype, source, dataLength);
  return bytes;
}

/**
 * Makes a telemetry packet in fresh bytes: what a board would send, for tests of ground software.
 * @throws RangeError naming the field that is out of its range
 */
export function buildTelemetry(fields: TelemetryFields): Uint8Array {
  const { apid, serviceType, messageSubtype, timeStamp, sourceData } = fields;
  const count = fields.packetSequenceCount ?? 0;
  const status = fields.timeReferenceStatus ?? 0;
  const counter = fields.messageTypeCounter ?? 0;
  const destination = fields.destinationId ?? 0;
  checkWithin("apid", apid, 0, MAX_APID);
  checkWithin("packetSequenceCount", count, 0, MAX_PACKET_SEQUENCE_COUNT);
  checkWithin("timeReferenceStatus", status, 0, 15);
  checkWithin("serviceType", serviceType, 0, 0xff);
  checkWithin("messageSubtype", messageSubtype, 0, 0xff);
  checkWithin("messageTypeCounter", counter, 0, 0xffff);
  checkWithin("destinationId", destination, 0, 0xffff);
  const length = telemetryOverhead(timeStamp.length) + (sourceData?.length ?? 0);
  checkWithin("packet data field length", length - PRIMARY_HEADER_LENGTH, 0, MAX_PACKET_DATA_LENGTH);
  const bytes = new Uint8Array(length);
  writePrimaryHeader(bytes, 0, TELEMETRY, true, apid, UNSEGMENTED, count, length - PRIMARY_HEADER_LENGTH);
  writeTelemetryHeader(bytes, 0, status, serviceType, messageSubtype, counter, destination);
  bytes.set(timeStamp, TIME_STAMP_OFFSET);
  if (sourceData !== undefined) {
    bytes.set(sourceData, length - CRC16_LENGTH - sourceData.length);
  }
  writeCrc16(bytes, 0, length);
  return bytes;
}
