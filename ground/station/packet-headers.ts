/** What a packet's headers say, for the archive's columns. */
import { apid, packetSequenceCount } from "../../modules/ccsds/primary-header.js";
import type { Conventions } from "../../modules/dictionary/conventions.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import type { TimeCodeName } from "../../modules/flatsat/configuration.js";
import {
  TIME_STAMP_OFFSET,
  telemetryMessageSubtype,
  telemetryServiceType,
  timeReferenceStatus,
} from "../../modules/pus/telemetry.js";
import type { PacketRow } from "./archive/archive.js";

type Headers = Pick<PacketRow, "stamp" | "synchronized" | "service" | "subtype" | "count">;

const NONE: Headers = { stamp: null, synchronized: null, service: null, subtype: null, count: null };

/** Of a packet that is too short, or another application's: nothing. */
export function headersIn(bytes: Uint8Array, { timeCode: name, apid: own }: Conventions): Headers {
  const code = timeCode(name as TimeCodeName);
  if (bytes.length < TIME_STAMP_OFFSET + code.length || apid(bytes, 0) !== own) {
    return NONE;
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
