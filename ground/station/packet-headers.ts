/** What a packet's headers say, for the archive's columns. */
import { apid, packetSequenceCount } from "../../modules/ccsds/primary-header.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../modules/flatsat/configuration.js";
import {
  TIME_STAMP_OFFSET,
  telemetryMessageSubtype,
  telemetryServiceType,
  timeReferenceStatus,
} from "../../modules/pus/telemetry.js";
import type { PacketRow } from "./archive/archive.js";

export type PacketHeaders = Pick<PacketRow, "stamp" | "synchronized" | "service" | "subtype" | "count">;

const NOTHING: PacketHeaders = { stamp: null, synchronized: null, service: null, subtype: null, count: null };

/** Damaged packets, and those of another application process, say nothing. */
export function headersOf({ conventions }: BoardDictionary, bytes: Uint8Array): PacketHeaders {
  const code = timeCode(conventions.timeCode as TimeCodeName);
  if (bytes.length < TIME_STAMP_OFFSET + code.length || apid(bytes, 0) !== conventions.apid) {
    return NOTHING;
  }
  const stamp = code.read(bytes, TIME_STAMP_OFFSET);
  return {
    stamp: Number.isNaN(stamp) ? null : stamp,
    synchronized: timeReferenceStatus(bytes, 0),
    service: telemetryServiceType(bytes, 0),
    subtype: telemetryMessageSubtype(bytes, 0),
    count: packetSequenceCount(bytes, 0),
  };
}
