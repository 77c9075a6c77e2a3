/** A board that monitors, and whose time can be set. Knows no platform. */
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { type TimeCode, TimeStamper } from "../../modules/ccsds/time-code.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { ParameterPool } from "../../modules/pus/parameter-pool.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { EventService } from "../../modules/pus/st05-events.js";
import { TimeService } from "../../modules/pus/st09-time.js";
import { MonitoringService } from "../../modules/pus/st12-monitoring.js";
import { APID, GOLDEN_INSTANT, TestClock, TestLog } from "./support.js";

/** Long ago enough for every test. */
export const EARLIEST = 1_000_000;

export const MONITORED = defineDictionary({
  name: "monitored board",
  parameters: {
    celsius: {
      id: 1,
      type: "int16",
      unit: "degC",
      calibration: { polynomial: [0, 0.1] },
      limits: { warning: { low: -10, high: 50.04 }, critical: { low: -20, high: 60 } },
      monitoring: { repetitions: 2, events: { low: "cold", high: "hot", criticalHigh: "boiling" } },
    },
    mode: {
      id: 2,
      type: "uint8",
      initial: 1,
      monitoring: { intervalMs: 500, expected: { value: 1 }, events: { unexpected: "wrongMode" } },
    },
    flags: { id: 3, type: "uint16", initial: 0x0100, monitoring: { expected: { value: 0x0100, mask: 0x0f00 } } },
    fuel: {
      id: 4,
      type: "uint16",
      unit: "%",
      calibration: {
        points: [
          [0, 100],
          [1000, 0],
        ],
      },
      limits: { warning: { low: 20, high: 80 }, critical: { low: 10, high: 95 } },
      monitoring: { enabled: false, events: { low: "empty" } },
    },
    volts: { id: 5, type: "float32", initial: 5, limits: { critical: { high: 5.1 } }, monitoring: {} },
    plain: { id: 6, type: "uint8" },
    heater: { id: 7, type: "boolean", initial: true, monitoring: { expected: { value: true } } },
  },
  events: {
    cold: { id: 1, severity: "low", values: { celsius: { type: "int16" }, limit: { type: "int16" } } },
    hot: { id: 2, severity: "medium", values: { celsius: { type: "int16" } } },
    boiling: { id: 3, severity: "high" },
    wrongMode: { id: 4, severity: "low", values: { mode: { type: "uint8" } } },
    jump: { id: 9, severity: "low", values: { difference: { type: "int64" }, status: { type: "uint8" } } },
    empty: { id: 5, severity: "high", values: { fuel: { type: "uint16" }, limit: { type: "uint16" } } },
  },
});

export class MonitoredBoard {
  readonly log: TestLog;
  readonly clock = new TestClock();
  readonly timeCode: TimeCode;
  readonly reports: ReportWriter;
  readonly pool: ParameterPool;
  readonly monitoring: MonitoringService;
  readonly time: TimeService;
  readonly dispatcher: PusDispatcher;
  /** What the sensor reads. */
  celsius = 200;

  /** @param dictionary with the IDs of `MONITORED`, where the test uses them */
  constructor(
    log: TestLog = new TestLog(),
    timeCode: TimeCode = new CdsShort(),
    canSet = true,
    dictionary: Dictionary = MONITORED,
  ) {
    this.log = log;
    this.pool = new ParameterPool(dictionary, new Uint8Array(256), 8);
    this.timeCode = timeCode;
    const { clock, pool } = this;
    clock.unixMs = GOLDEN_INSTANT;
    const reports = new ReportWriter({ log, apid: APID, time: new TimeStamper(timeCode, clock) });
    this.reports = reports;
    pool.bind(pool.find(1), { get: () => this.celsius });
    const events = new EventService({ reports, dictionary });
    this.monitoring = new MonitoringService({ reports, clock, pool, dictionary, events });
    this.time = new TimeService({
      reports,
      clock,
      settable: canSet
        ? {
            set(unixMs) {
              clock.unixMs = unixMs;
            },
          }
        : undefined,
      earliest: EARLIEST,
      events,
      jumpEventId: MONITORED.events.jump.id,
    });
    const verification = new VerificationService(reports);
    const services = [verification, events, this.monitoring, this.time].map((service) => service.asService());
    this.dispatcher = new PusDispatcher({ reports, verification, services });
  }

  set(name: keyof typeof MONITORED.parameters, value: number | boolean): void {
    this.pool.set(this.pool.find(MONITORED.parameters[name].id), value);
  }

  /** Time goes on, and the services are called. */
  advance(ms: number): void {
    this.clock.bootMs += ms;
    this.clock.unixMs += ms;
    this.time.tick();
    this.monitoring.tick();
  }

  send(serviceType: number, messageSubtype: number, data: readonly number[] = []): void {
    const packet = buildTelecommand({
      apid: APID,
      serviceType,
      messageSubtype,
      applicationData: Uint8Array.from(data),
    });
    this.dispatcher.accept(packet, 0, packet.length, 1);
  }

  /** The reports since the last call, as `service,subtype` and source data in hex; of ST[01] without the request ID. */
  reportsAs(): string[] {
    return this.log.take().map((packet) => {
      const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, this.timeCode);
      const data = packet.slice(sourceDataStart + (serviceType === 1 ? 4 : 0), sourceDataEnd);
      return `${serviceType},${messageSubtype} ${hex(data)}`.trim();
    });
  }
}

/** Differences in milliseconds, and time reference statuses: what the events of a jump say. */
export function jumpsOf(reports: readonly string[]): number[][] {
  return reports
    .filter((report) => report.startsWith("5,2 0009"))
    .map((report) => {
      const [high, low, status] = [report.slice(8, 16), report.slice(16, 24), report.slice(24)];
      return [(Number.parseInt(high, 16) | 0) * 2 ** 32 + Number.parseInt(low, 16), Number.parseInt(status, 16)];
    });
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
