/** What the PUS tests share: a log that keeps its packets, a clock that is set by hand, a board with services. */
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import type { PacketExtraction } from "../../modules/ccsds/packet-services.js";
import { type BoardClock, type TimeCode, TimeStamper } from "../../modules/ccsds/time-code.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { buildTelecommand, parseTelemetry, type TelecommandFields } from "../../modules/pus/build-parse.js";
import type { PusSettings } from "../../modules/pus/definitions.js";
import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { PusDispatcher, type TelecommandAccess } from "../../modules/pus/dispatcher.js";
import { SUCCESS, VALUE_REFUSED } from "../../modules/pus/failure-codes.js";
import { ParameterPool } from "../../modules/pus/parameter-pool.js";
import type { ReportLog } from "../../modules/pus/report-log.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import type { PusService } from "../../modules/pus/service.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { HousekeepingService } from "../../modules/pus/st03-housekeeping.js";
import { EventService } from "../../modules/pus/st05-events.js";
import { type FunctionHandler, FunctionService } from "../../modules/pus/st08-functions.js";
import { TestService } from "../../modules/pus/st17-test.js";
import { ParameterService } from "../../modules/pus/st20-parameters.js";

export function fromHex(text: string): Uint8Array {
  const digits = text.replaceAll(" ", "");
  return Uint8Array.from({ length: digits.length / 2 }, (_, k) => Number.parseInt(digits.slice(2 * k, 2 * k + 2), 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/** XS makes a string of each literal that it comes by, in chunk memory. */
const DROP_OLDEST = "dropOldest";

/** Packets one after the other, until the memory is full; each begins with junk, as in a used ring. */
export class TestLog implements ReportLog {
  readonly bytes: Uint8Array;
  readonly packets: Uint8Array[] = [];
  policy: "dropOldest" | "refuseNew" = "dropOldest";
  /** What was asked last. */
  askedBytes = 0;
  askedReports = 0;
  /** False: each packet takes the place of the one before it, and none is kept. */
  keeps = true;
  #at = 16;
  #reserved = 0;

  constructor(capacity = 4096) {
    this.bytes = new Uint8Array(capacity).fill(0xa5);
  }

  admits(length: number, count: number): boolean {
    this.askedBytes = length;
    this.askedReports = count;
    return this.policy === DROP_OLDEST || this.#hasRoom(length);
  }

  reserve(length: number): number {
    this.#reserved = length;
    return this.#hasRoom(length) ? this.#at : -1;
  }

  commit(length: number): void {
    if (length < 1 || length > this.#reserved) {
      throw new RangeError(`commit of ${length}, reserved were ${this.#reserved}`);
    }
    if (!this.keeps) {
      return;
    }
    this.packets.push(this.bytes.slice(this.#at, this.#at + length));
    this.#at += length;
  }

  #hasRoom(length: number): boolean {
    return this.#at + length <= this.bytes.length;
  }

  /** Gives the packets and forgets them. */
  take(): Uint8Array[] {
    this.#at = 16;
    this.bytes.fill(0xa5);
    return this.packets.splice(0);
  }
}

export class TestClock implements BoardClock {
  bootMs = 0;
  unixMs = Number.NaN;

  uptime(): number {
    return this.bootMs;
  }

  now(): number {
    return this.unixMs;
  }
}

/** The instant of the golden packets' stamp, 40 6000 01020304. */
export const GOLDEN_INSTANT = (0x6000 - 4383) * 86_400_000 + 0x01020304;
export const APID = 2;

export interface BoardOptions {
  log?: TestLog;
  timeCode?: TimeCode;
  settings?: Partial<PusSettings>;
  extraction?: PacketExtraction;
  access?: TelecommandAccess;
  /** Structures that the ground may create; default none. */
  places?: number;
  /** Services beside the standard ones. */
  services?: (reports: ReportWriter) => readonly PusService[];
}

/** A small board with every service. */
export class Board {
  readonly log: TestLog;
  readonly clock = new TestClock();
  readonly timeCode: TimeCode;
  readonly reports: ReportWriter;
  readonly verification: VerificationService;
  readonly housekeeping: HousekeepingService;
  readonly events: EventService;
  readonly dispatcher: PusDispatcher;
  readonly values = { temperature: -12.5, counter: 7, gain: 3, mode: 1 };
  readonly calls: number[][] = [];
  scheduleChanges = 0;
  #count = 0;

  constructor(options: BoardOptions = {}) {
    this.log = options.log ?? new TestLog();
    this.timeCode = options.timeCode ?? new CdsShort();
    this.clock.unixMs = GOLDEN_INSTANT;
    const settings: PusSettings = { ...DEFAULT_PUS_SETTINGS, ...options.settings };
    const { log, clock, timeCode } = this;
    this.reports = new ReportWriter({ log, apid: APID, time: new TimeStamper(timeCode, clock, 0) });
    const { reports } = this;
    this.verification = new VerificationService(reports, settings);
    const dictionary = DICTIONARY;
    const pool = new ParameterPool(dictionary, new Uint8Array(64), 8);
    const { values } = this;
    const bind = (id: number, get: () => number) => pool.bind(pool.find(id), { get });
    bind(1, () => values.temperature);
    bind(2, () => values.counter);
    bind(3, () => values.gain);
    bind(4, () => values.mode);
    bind(5, () => values.temperature);
    this.housekeeping = new HousekeepingService({
      reports,
      clock,
      pool,
      dictionary,
      settings,
      places: options.places ?? 0,
      onScheduleChanged: () => {
        this.scheduleChanges++;
      },
    });
    this.events = new EventService({ reports, dictionary, settings });
    this.dispatcher = new PusDispatcher({
      reports,
      verification: this.verification,
      ...(options.extraction === undefined ? {} : { extraction: options.extraction }),
      access: options.access,
      services: [
        this.verification.asService(),
        this.housekeeping.asService(),
        this.events.asService(),
        new FunctionService({ dictionary, handlers: this.#functions(), settings }).asService(),
        new TestService(reports, [
          { apid: 30, test: () => true },
          { apid: 31, test: () => false },
        ]).asService(),
        new ParameterService({
          reports,
          dictionary,
          pool,
          setters: {
            gain: (value) => {
              values.gain = value;
            },
            mode: (value) => value !== 99,
            setTemperature: (value) => {
              values.temperature = value;
              return true;
            },
          },
          settings,
          maxCount: 4,
        }).asService(),
        ...(options.services?.(reports) ?? []),
      ],
    });
  }

  #functions(): Record<string, FunctionHandler> {
    return {
      reset: (a, b, c, d) => {
        this.calls.push([a, b, c, d]);
      },
      move: (a, b, c, d) => {
        this.calls.push([a, b, c, d]);
        return a === 5 ? VALUE_REFUSED : SUCCESS;
      },
    };
  }

  /** Sends one telecommand with the next sequence count. @returns what the dispatcher said */
  send(serviceType: number, messageSubtype: number, data = "", fields: Partial<TelecommandFields> = {}): boolean {
    return this.accept(
      buildTelecommand({
        apid: APID,
        packetSequenceCount: this.#count++,
        serviceType,
        messageSubtype,
        applicationData: fromHex(data),
        ...fields,
      }),
    );
  }

  accept(packet: Uint8Array): boolean {
    return this.dispatcher.accept(packet, 0, packet.length, 1);
  }

  /** The reports since the last call, as `service,subtype source data in hex`; the request ID is left out. */
  reportsAs(): string[] {
    return this.log.take().map((packet) => {
      const report = parseTelemetry(packet, this.timeCode);
      const isVerification = report.serviceType === 1;
      const data = toHex(packet.slice(report.sourceDataStart + (isVerification ? 4 : 0), report.sourceDataEnd));
      return `${report.serviceType},${report.messageSubtype} ${data}`.trim();
    });
  }
}

export const DICTIONARY = defineDictionary({
  name: "test board",
  parameters: {
    temperature: { id: 1, type: "float32", unit: "degC" },
    counter: { id: 2, type: "uint32" },
    gain: { id: 3, type: "int16", minimum: -10, maximum: 10, settable: true },
    mode: { id: 4, type: "uint8", settable: true },
    setTemperature: { id: 5, type: "float32", settable: true },
  },
  structures: {
    beacon: { id: 1, parameters: ["temperature", "counter", "gain"], intervalMs: 1000 },
    slow: { id: 9, parameters: ["mode"], intervalMs: 60_000, enabled: false },
  },
  events: {
    restart: { id: 1, severity: "informative" },
    damage: {
      id: 2,
      severity: "low",
      values: {
        reason: { type: "uint8" },
        count: { type: "uint16" },
        temperature: { type: "float32" },
        offset: { type: "int32" },
      },
    },
    lost: { id: 3, severity: "medium", values: { count: { type: "uint32" } } },
    onFire: { id: 4, severity: "high" },
    silent: { id: 5, severity: "informative", enabled: false },
  },
  functions: {
    reset: { id: 1 },
    move: { id: 2, arguments: { x: { type: "int16", minimum: -5, maximum: 5 }, y: { type: "float32" } } },
  },
});
