/** What the boards of the station's benchmarks send. */
import { CDS_SHORT_LENGTH, CDS_SHORT_P_FIELD } from "../modules/ccsds/cds-short.js";
import { dictionaryOf } from "../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../modules/flatsat/configuration.js";
import { buildTelemetry } from "../modules/pus/build-parse.js";

export const DICTIONARY = dictionaryOf(parseConfiguration({}), undefined);
const NO_TIME = Uint8Array.from([CDS_SHORT_P_FIELD, ...new Array<number>(CDS_SHORT_LENGTH - 1).fill(0)]);

/** TM[20,2] with the board's uptime. */
export function report(count: number): Uint8Array {
  const sourceData = new Uint8Array(7);
  const view = new DataView(sourceData.buffer);
  view.setUint8(0, 1);
  view.setUint16(1, DICTIONARY.parameters!["uptime"]!.id);
  view.setUint32(3, count);
  return buildTelemetry({
    apid: DICTIONARY.conventions.apid,
    packetSequenceCount: count & 0x3fff,
    serviceType: 20,
    messageSubtype: 2,
    timeStamp: NO_TIME,
    sourceData,
  });
}
