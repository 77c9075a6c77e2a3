/** Reports of a board's uptime, as rows for an archive. */

import type { PacketRow } from "../../../ground/station/archive/archive.js";
import { CDS_SHORT_LENGTH, CDS_SHORT_P_FIELD } from "../../../modules/ccsds/cds-short.js";
import { buildTelemetry } from "../../../modules/pus/build-parse.js";
import { FLATSAT } from "../dictionary/boards.js";

export const UPTIME_ID = FLATSAT.parameters!["uptime"]!.id;
const NO_TIME = Uint8Array.from([CDS_SHORT_P_FIELD, ...new Array<number>(CDS_SHORT_LENGTH - 1).fill(0)]);

/** TM[20,2] with one parameter. */
export function uptimeReport(uptime: number, count = 0): Uint8Array {
  const sourceData = new Uint8Array(7);
  const view = new DataView(sourceData.buffer);
  view.setUint8(0, 1);
  view.setUint16(1, UPTIME_ID);
  view.setUint32(3, uptime);
  return buildTelemetry({
    apid: FLATSAT.conventions.apid,
    packetSequenceCount: count & 0x3fff,
    serviceType: 20,
    messageSubtype: 2,
    timeStamp: NO_TIME,
    sourceData,
  });
}

/** TM[20,2] with one parameter that is a whole number of one, two or four octets. */
export function parameterReport(name: string, raw: number): Uint8Array {
  const { id, type } = FLATSAT.parameters![name]!;
  const length = { uint8: 1, uint16: 2, uint32: 4 }[type as string]!;
  const sourceData = Buffer.alloc(3 + length);
  sourceData.writeUInt8(1, 0);
  sourceData.writeUInt16BE(id, 1);
  sourceData.writeUIntBE(raw, 3, length);
  return telemetry(20, 2, sourceData);
}

/** TM[5,4] batteryLow, with the charge in percent. */
export function batteryLow(charge: number): Uint8Array {
  return telemetry(5, 4, Uint8Array.of(0x01, 0x03, charge));
}

function telemetry(serviceType: number, messageSubtype: number, sourceData: Uint8Array): Uint8Array {
  return buildTelemetry({
    apid: FLATSAT.conventions.apid,
    serviceType,
    messageSubtype,
    timeStamp: NO_TIME,
    sourceData,
  });
}

export function uptimeRow(board: number, dictionary: number, uptime: number, received: number): PacketRow {
  return {
    board,
    session: 0,
    dictionary,
    received,
    stamp: null,
    synchronized: 0,
    service: 20,
    subtype: 2,
    count: uptime & 0x3fff,
    bytes: uptimeReport(uptime, uptime),
  };
}
