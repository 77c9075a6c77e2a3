/** A housekeeping report of many parameters: copied out of the pool, against a getter and a field for each of them. */
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import { kindOf, typeWidth } from "../../modules/data/field-kinds.js";
import type { Dictionary, ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { ParameterPool, poolLength } from "../../modules/pus/parameter-pool.js";
import type { ReportLog } from "../../modules/pus/report-log.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { HousekeepingService } from "../../modules/pus/st03-housekeeping.js";
import type { BenchCase } from "./bench-case.js";

const PARAMETERS = 64;
const STRUCTURE = 16;
const TYPES = ["uint16", "uint8", "float32", "int16"] as const;
/** Where the report is built; the pool stands behind it, as in a board's memory. */
const LOG_LENGTH = 512;
const NOW = 1_787_313_600_000;

/** Each report takes the place of the one before it. */
class OneReport implements ReportLog {
  readonly bytes: Uint8Array;
  length = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  reserve(length: number): number {
    return length <= LOG_LENGTH ? 0 : -1;
  }

  commit(length: number): void {
    this.length = length;
  }
}

const CLOCK = { uptime: () => 0, now: () => NOW };

function writer(log: OneReport): ReportWriter {
  return new ReportWriter({ log, apid: 2, time: new TimeStamper(new CdsShort(), CLOCK, 0) });
}

/** What each parameter is; floats are exact. */
function exactValue(k: number): number {
  return (k * 7) % 100;
}

function fromPool(): { log: OneReport; send(): boolean } {
  const names = Array.from({ length: PARAMETERS }, (_, k) => `p${k}`);
  const parameters = Object.fromEntries(
    names.map((name, k): [string, ParameterDefinition] => [name, { id: 256 + k, type: TYPES[k % TYPES.length]! }]),
  );
  const dictionary: Dictionary = {
    name: "bench",
    parameters,
    structures: { all: { id: STRUCTURE, parameters: names, intervalMs: 1000 } },
  };
  const log = new OneReport(new Uint8Array(LOG_LENGTH + poolLength(dictionary)));
  const pool = new ParameterPool(dictionary, log.bytes, LOG_LENGTH);
  for (let k = 0; k < PARAMETERS; k++) {
    pool.set(pool.find(256 + k), exactValue(k));
  }
  const housekeeping = new HousekeepingService({ reports: writer(log), clock: CLOCK, pool, dictionary });
  return { log, send: () => housekeeping.send(STRUCTURE) };
}

function fromGetters(): { log: OneReport; send(): boolean } {
  const log = new OneReport(new Uint8Array(LOG_LENGTH));
  const reports = writer(log);
  const fields = Array.from({ length: PARAMETERS }, (_, k) => {
    const value = exactValue(k);
    return { kind: kindOf(TYPES[k % TYPES.length]!), get: () => value };
  });
  const length = 1 + fields.reduce((sum, _, k) => sum + typeWidth(TYPES[k % TYPES.length]!), 0);
  const idKind = kindOf("uint8");
  return {
    log,
    send() {
      if (!reports.begin(3, 25, length)) {
        return false;
      }
      reports.putField(idKind, STRUCTURE);
      for (let k = 0; k < fields.length; k++) {
        const field = fields[k]!;
        reports.putField(field.kind, field.get());
      }
      return reports.end();
    },
  };
}

export function structureCases(): BenchCase[] {
  const ours = fromPool();
  const baseline = fromGetters();
  const repeat = (send: () => boolean) => (passes: number) => {
    for (let pass = 0; pass < passes; pass++) {
      send();
    }
  };
  ours.send();
  return [
    {
      name: "report of 64 parameters",
      packetLength: ours.log.length,
      packets: 1,
      baselineName: "a getter each",
      ours: repeat(ours.send),
      baseline: repeat(baseline.send),
      check() {
        const [mine, other] = [fromPool(), fromGetters()];
        if (!mine.send() || !other.send()) {
          throw new Error("no report was written");
        }
        const { length } = mine.log;
        for (let at = 0; at < length; at++) {
          if (length !== other.log.length || mine.log.bytes[at] !== other.log.bytes[at]) {
            throw new Error(`octet ${at} of ${length} differs`);
          }
        }
      },
    },
  ];
}
