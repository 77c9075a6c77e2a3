/** The services that run on a dictionary, for any dictionary with what is bound to it. Knows no platform: also runs inside XS. */
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { checkBinding } from "../../modules/flatsat/binding-check.js";
import { boardFor } from "../../modules/flatsat/board-access.js";
import type { AnyBinding, AnyBoard } from "../../modules/flatsat/board-module.js";
import { servicesOf } from "../../modules/flatsat/own-services.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { ParameterPool, poolLength } from "../../modules/pus/parameter-pool.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { HousekeepingService } from "../../modules/pus/st03-housekeeping.js";
import { EventService } from "../../modules/pus/st05-events.js";
import { FunctionService } from "../../modules/pus/st08-functions.js";
import { ParameterService } from "../../modules/pus/st20-parameters.js";
import { APID, fromHex, GOLDEN_INSTANT, TestClock, TestLog, toHex } from "./support.js";

/** The event that says which parameter cannot be read. */
export const FAULT_EVENT = Object.freeze({
  id: 7,
  severity: "low",
  values: Object.freeze({ parameter: Object.freeze({ type: "uint16" } as const) }),
} as const);

const TIME_CODE = new CdsShort();

export interface OwnBoardOptions {
  bind?: (board: AnyBoard) => AnyBinding;
  /** Structures that the ground may create; default none. */
  places?: number;
  log?: TestLog;
  createdLength?: number;
}

export class OwnBoard {
  readonly log: TestLog;
  readonly clock = new TestClock();
  readonly reports: ReportWriter;
  readonly pool: ParameterPool;
  readonly events: EventService;
  readonly housekeeping: HousekeepingService;
  readonly dispatcher: PusDispatcher;
  readonly access: AnyBoard;
  /** What handlers and getters threw. */
  readonly errors: unknown[] = [];
  #count = 0;

  /** @param given its event "fault", if it has one, says what cannot be read */
  constructor(given: Dictionary, options: OwnBoardOptions = {}) {
    const dictionary = defineDictionary(given);
    const { places = 0, bind = () => ({}) } = options;
    this.log = options.log ?? new TestLog(65_536);
    this.clock.unixMs = GOLDEN_INSTANT;
    const { log, clock } = this;
    const reports = new ReportWriter({ log, apid: APID, time: new TimeStamper(TIME_CODE, clock, 0) });
    this.reports = reports;
    const settings = DEFAULT_PUS_SETTINGS;
    const verification = new VerificationService(reports, settings);
    this.events = new EventService({ reports, dictionary });
    const { events } = this;
    const memory = new Uint8Array(poolLength(dictionary) + 16).fill(0xa5);
    this.pool = new ParameterPool(dictionary, memory, 8, (id, error) => {
      events.raise(FAULT_EVENT.id, id);
      if (error !== undefined) {
        this.errors.push(error);
      }
    });
    const { pool } = this;
    this.access = boardFor(dictionary, {
      pool,
      events,
      reports,
      uptimeMs: () => clock.bootMs,
      now: () => clock.unixMs,
      setFailureData: (data) => {
        this.dispatcher.failureData = data;
      },
      log: () => {},
    });
    const binding = checkBinding(dictionary, bind(this.access));
    for (const [name, get] of Object.entries(binding.parameters ?? {})) {
      pool.bind(this.access.parameter(name), { get });
    }
    const created = options.createdLength === undefined ? {} : { createdLength: options.createdLength };
    this.housekeeping = new HousekeepingService({ reports, clock, pool, dictionary, places, ...created });
    this.dispatcher = new PusDispatcher({
      reports,
      verification,
      services: [
        verification.asService(),
        this.housekeeping.asService(),
        events.asService(),
        new FunctionService({ dictionary, handlers: binding.functions ?? {}, replies: 1, replyLength: 34 }).asService(),
        new ParameterService({ reports, dictionary, pool, setters: binding.setters ?? {} }).asService(),
        ...servicesOf(dictionary, binding),
      ],
      onHandlerError: (error) => this.errors.push(error),
    });
  }

  /** A telecommand with the next sequence count. */
  packet(serviceType: number, messageSubtype: number, applicationData: Uint8Array): Uint8Array {
    const packetSequenceCount = this.#count++ & 0x3fff;
    return buildTelecommand({ apid: APID, packetSequenceCount, serviceType, messageSubtype, applicationData });
  }

  /** @param data hex, or octets */
  send(serviceType: number, messageSubtype: number, data: string | Uint8Array = ""): void {
    const packet = this.packet(serviceType, messageSubtype, typeof data === "string" ? fromHex(data) : data);
    if (!this.dispatcher.accept(packet, 0, packet.length, 1)) {
      throw new Error("the telecommand was not taken");
    }
  }

  /** The reports since the last call, as `service,subtype` and source data; the request ID is left out. */
  take(): { kind: string; data: Uint8Array }[] {
    return this.log.take().map((packet) => {
      const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, TIME_CODE);
      const start = sourceDataStart + (serviceType === 1 ? 4 : 0);
      return { kind: `${serviceType},${messageSubtype}`, data: packet.slice(start, sourceDataEnd) };
    });
  }

  /** The same as text, with the source data in hex. */
  said(): string[] {
    return this.take().map(({ kind, data }) => `${kind} ${toHex(data)}`.trim());
  }
}
