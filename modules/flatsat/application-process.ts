/** The board's PUS application process: the services that take the telecommands of one APID and send its reports. */
import { CdsShort } from "../ccsds/cds-short.js";
import { CucAgency, CucTai } from "../ccsds/cuc.js";
import { type BoardClock, type TimeCode, TimeStamper } from "../ccsds/time-code.js";
import { show } from "../checks/show.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type { BoardDictionary } from "../dictionary/conventions.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { wireHash } from "../dictionary/dictionary-hash.js";
import { isMonitoring } from "../dictionary/monitoring.js";
import { valuesLength } from "../dictionary/value-check.js";
import type { TmtcServer } from "../link/server/tmtc-server.js";
import type { FixedMemory } from "../memory/fixed-memory.js";
import { DEFAULT_PUS_SETTINGS, type PusSettings } from "../pus/definitions.js";
import { PusDispatcher } from "../pus/dispatcher.js";
import { NOT_ON_THIS_PLATFORM, SUCCESS } from "../pus/failure-codes.js";
import { ParameterPool, poolLength } from "../pus/parameter-pool.js";
import { ReportWriter } from "../pus/report-writer.js";
import type { PusService } from "../pus/service.js";
import { SourceWatch } from "../pus/source-watch.js";
import { VerificationService } from "../pus/st01-verification.js";
import { CREATED_LENGTH, HousekeepingService } from "../pus/st03-housekeeping.js";
import { EventService } from "../pus/st05-events.js";
import { type FunctionHandler, FunctionService } from "../pus/st08-functions.js";
import { TimeService } from "../pus/st09-time.js";
import { MonitoringService } from "../pus/st12-monitoring.js";
import { TestService } from "../pus/st17-test.js";
import { ParameterService, type ParameterSetter } from "../pus/st20-parameters.js";
import { telemetryOverhead } from "../pus/telemetry.js";
import type { BoardSecurity } from "../security/board-security.js";
import type { PacketLog } from "../tmtc/packet-log.js";
import { checkBinding } from "./binding-check.js";
import { boardFor } from "./board-access.js";
import { checkReportLengths } from "./board-dictionary.js";
import type { AnyBinding, AnyBoardModule } from "./board-module.js";
import type { Configuration, TimeCodeName } from "./configuration.js";
import { nameHandler, nameParameter, textOf } from "./culprit.js";
import { LINK_DICTIONARY, LINK_EVENTS } from "./link-dictionary.js";
import { type Board, LinkParameters } from "./link-parameters.js";
import { OwnMessages } from "./own-messages.js";
import { servicesOf } from "./own-services.js";
import { type BoardPlatform, EARLIEST_TIME } from "./platform.js";
import { RoleAccess } from "./role-access.js";
import { securityFunctions } from "./security-functions.js";
import { SecurityParameters } from "./security-parameters.js";
import { MIN_IDLE_TIMEOUT_MS } from "./settings.js";

/** Sources of telecommands whose sequence counts are watched at a time: two on each connection of a board with many clients. */
const WATCHED_SOURCES = 16;

export interface ApplicationProcessOptions extends Configuration {
  clock: BoardClock;
  /** The log's, too: the parameters' values are reserved there. */
  fixedMemory: FixedMemory;
  log: PacketLog;
  servers: readonly TmtcServer[];
  services?(process: ApplicationProcess): PusService[];
  /** The whole of it, as `dictionaryOf` puts it together. Not kept: it is for boot. */
  dictionary: BoardDictionary;
  /** What the board has of its own, and what the platform hands to it. */
  board?: AnyBoardModule | undefined;
  given?: unknown;
  platform?: BoardPlatform;
  /** Undefined: there are none. */
  keys?: BoardSecurity | undefined;
  /** Restarts the board soon. Undefined: it cannot. */
  restart?(): void;
  /** Told who failed and how, as in `function "setHeater": Error: no current`. A telecommand is reported as failed, a value as invalid. */
  onHandlerError?: (fault: string) => void;
  /** Told what the board's own code says, in a line. */
  onMessage?(text: string): void;
}

/** @returns the code of the stamps in telemetry */
export function timeCode(name: TimeCodeName): TimeCode {
  switch (name) {
    case "cds":
      return new CdsShort();
    case "cuc":
      return new CucAgency();
    default:
      return new CucTai();
  }
}

export class ApplicationProcess implements Board {
  readonly apid: number;
  readonly log: PacketLog;
  readonly servers: readonly TmtcServer[];
  /** Writes reports; a service of one's own uses it. */
  readonly reports: ReportWriter;
  /** Watches the sequence counts of the board's own telecommands. */
  readonly extraction = new SourceWatch(WATCHED_SOURCES);
  /** Takes the telecommands. */
  readonly dispatcher: PusDispatcher;
  readonly verification: VerificationService;
  readonly events: EventService;
  readonly housekeeping: HousekeepingService;
  /** Undefined where the dictionary monitors nothing. */
  readonly monitoring: MonitoringService | undefined;
  readonly #time: TimeService;
  /** The values of the board's parameters. */
  readonly pool: ParameterPool;
  /** Of the dictionary, 0 to 2^32 - 1: what a ground tool compares. */
  readonly hash: number;
  readonly platform: BoardPlatform;
  /** Times that the board's own `tick` threw. */
  tickErrors = 0;
  #isFailing = false;
  #clock: BoardClock;
  readonly #link: LinkParameters;
  readonly #binding: AnyBinding;
  #messages: OwnMessages | undefined;
  /** The board's own dictionary. */
  readonly #own: Dictionary | undefined;
  readonly #onHandlerError: ((fault: string) => void) | undefined;

  /** @throws TypeError or RangeError when the board's dictionary or its binding is wrong; RangeError when housekeeping does not fit a telemetry packet */
  constructor(options: ApplicationProcessOptions) {
    const { clock, log, servers, apid } = options;
    this.#clock = clock;
    this.#onHandlerError = options.onHandlerError;
    this.#own = options.board?.dictionary;
    this.apid = apid;
    this.log = log;
    this.servers = servers;
    this.platform = options.platform ?? {};
    const settings: PusSettings = {
      ...DEFAULT_PUS_SETTINGS,
      failureCodeType: options.failureCodeType,
      acknowledge: options.acknowledge,
    };
    const time = new TimeStamper(timeCode(options.timeCode), clock);
    const reports = new ReportWriter({ log, apid, time });
    this.reports = reports;
    const { dictionary } = options;
    const structureOverhead = telemetryOverhead(time.length) + widthOf(kindOf(settings.structureIdType));
    checkReportLengths(dictionary, reports.overhead, structureOverhead);
    this.hash = wireHash(dictionary);
    const start = options.fixedMemory.reserve("parameters", poolLength(dictionary));
    this.pool = new ParameterPool(dictionary, log.bytes, start, (id, error, given) =>
      this.#parameterFault(id, error, given),
    );
    const { pool } = this;
    pool.set(pool.find(LINK_DICTIONARY.parameters.dictionaryHash.id), this.hash);
    this.verification = new VerificationService(reports, settings);
    this.events = new EventService({ reports, dictionary, settings });
    this.#link = new LinkParameters(this);
    const { security, keys } = options;
    const isSecured = security.associations.length > 0;
    if (keys !== undefined) {
      new SecurityParameters(keys).bind(pool);
    }
    const binding = this.#bind(options);
    this.#binding = binding;
    this.housekeeping = new HousekeepingService({
      reports,
      clock,
      pool,
      dictionary,
      settings,
      places: dictionary.conventions.createdStructures,
      createdLength: Math.min(CREATED_LENGTH, options.maxTelemetryLength - structureOverhead),
    });
    if (isMonitoring(dictionary)) {
      this.monitoring = new MonitoringService({ reports, clock, pool, dictionary, events: this.events, settings });
    }
    this.#time = new TimeService({
      reports,
      clock,
      settable: this.platform.time,
      earliest: EARLIEST_TIME,
      events: this.events,
      jumpEventId: LINK_EVENTS.timeJump.id,
    });
    const { verification, extraction } = this;
    const functions = new FunctionService({
      dictionary,
      handlers: {
        ...this.#functions(options.restart),
        ...(isSecured ? securityFunctions(keys, (data) => this.#setFailureData(data)) : {}),
        ...binding.functions,
      },
      settings,
      replies: 1,
      replyLength: longestEvent(dictionary, widthOf(kindOf(settings.eventIdType))),
    });
    const setters = { ...this.#setters(), ...binding.setters };
    // The dispatcher keeps what carries requests out; how their messages are made up is for boot alone.
    const services = [
      verification.asService(),
      this.housekeeping.asService(),
      this.events.asService(),
      functions.asService(),
      this.#time.asService(),
      ...(this.monitoring === undefined ? [] : [this.monitoring.asService()]),
      new TestService(reports).asService(),
      new ParameterService({ reports, dictionary, pool, setters, settings }).asService(),
      ...servicesOf(dictionary, binding),
      ...(options.services?.(this) ?? []),
    ];
    this.dispatcher = new PusDispatcher({
      reports,
      verification,
      services,
      extraction,
      access: isSecured ? new RoleAccess(security, settings.functionIdType) : undefined,
      onHandlerError: (error, request, type) => this.#tell(nameHandler(request, type, this.#own), textOf(error)),
    });
  }

  /** What the board's own module does, by name. Parameters that it reads itself are bound to the pool. */
  #bind({ board, given, onMessage }: ApplicationProcessOptions): AnyBinding {
    if (board === undefined) {
      return {};
    }
    const { pool, events, reports } = this;
    const uptimeMs = () => this.uptimeMs();
    const now = () => this.#clock.now();
    const setFailureData = (data: number) => this.#setFailureData(data);
    // The board's own, which stands in flash: it is kept. The whole dictionary is not.
    const messages = new OwnMessages((text) => onMessage?.(text), uptimeMs);
    this.#messages = messages;
    const log = (text: string) => messages.log(text);
    const access = boardFor(board.dictionary, { pool, events, reports, uptimeMs, now, setFailureData, log });
    const binding = checkBinding(board.dictionary, board.bind(access, given));
    for (const [name, get] of Object.entries(binding.parameters ?? {})) {
      pool.bind(access.parameter(name), { get });
    }
    return binding;
  }

  /** For handlers: the dispatcher is made when they are there. */
  #setFailureData(data: number): void {
    this.dispatcher.failureData = data;
  }

  #functions(restart: (() => void) | undefined): Record<keyof typeof LINK_DICTIONARY.functions, FunctionHandler> {
    return {
      resetCounters: () => {
        this.#link.resetCounters();
      },
      raiseTestEvent: (value) => {
        this.raise(LINK_EVENTS.test.id, value);
      },
      restart: () => {
        if (restart === undefined) {
          return NOT_ON_THIS_PLATFORM;
        }
        restart();
        return SUCCESS;
      },
    };
  }

  #setters(): Record<string, ParameterSetter> {
    const { servers } = this;
    return {
      idleTimeout: (value) => {
        if (value > 0 && value < MIN_IDLE_TIMEOUT_MS) {
          return false;
        }
        for (let i = 0; i < servers.length; i++) {
          servers[i]!.idleTimeoutMs = value;
        }
        return true;
      },
      partialFrameTimeout: (value) => {
        for (let i = 0; i < servers.length; i++) {
          servers[i]!.partialFrameTimeoutMs = value;
        }
      },
    };
  }

  /** Told once for each parameter. */
  #parameterFault(id: number, error: unknown, given: unknown): void {
    this.raise(LINK_EVENTS.parameterFault.id, id);
    const what = error === undefined ? `its getter must return a number, not ${show(given)}` : textOf(error);
    this.#tell(nameParameter(id, this.#own), what);
  }

  #tell(culprit: string, what: string): void {
    this.#onHandlerError?.(`${culprit}: ${what}`);
  }

  uptimeMs(): number {
    return this.#clock.uptime();
  }

  raise(id: number, value0 = 0, value1 = 0, value2 = 0, value3 = 0): void {
    this.events.raise(id, value0, value1, value2, value3);
  }

  /** Lets the board's own module sample, checks what it monitors, and sends the reports that are due: also when the module fails. */
  tick(): void {
    try {
      const given: unknown = this.#binding.tick?.();
      if (given !== undefined) {
        throw new TypeError("it must return nothing: it is over when it returns, and nobody waits for a promise");
      }
      if (this.reports.abandon()) {
        throw new Error("it began a report and did not end it");
      }
      this.#isFailing = false;
    } catch (error) {
      this.reports.abandon();
      this.tickErrors++;
      // It fails ten times a second, and is told once.
      if (!this.#isFailing) {
        this.#isFailing = true;
        this.#tell("tick", textOf(error));
      }
    }
    this.#messages?.tick();
    this.#time.tick();
    this.monitoring?.tick();
    this.housekeeping.tick();
  }
}

/** Octets of an event with its ID, at most. */
function longestEvent({ events = {} }: BoardDictionary, idWidth: number): number {
  return Object.values(events).reduce((length, { values }) => Math.max(length, idWidth + valuesLength(values)), 0);
}
