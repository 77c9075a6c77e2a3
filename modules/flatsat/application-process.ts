/** The board's PUS application process: the services that take the telecommands of one APID and send its reports. */
import { CdsShort } from "../ccsds/cds-short.js";
import { CucAgency, CucTai } from "../ccsds/cuc.js";
import { SequenceWatch } from "../ccsds/packet-functions.js";
import { type BoardClock, type TimeCode, TimeStamper } from "../ccsds/time-code.js";
import type { TmtcServer } from "../link/server/tmtc-server.js";
import { DEFAULT_PUS_SETTINGS, type ParameterDefinition, type PusSettings } from "../pus/definitions.js";
import { PusDispatcher } from "../pus/dispatcher.js";
import { ReportWriter } from "../pus/report-writer.js";
import { fieldsLength } from "../pus/request-route.js";
import type { PusService } from "../pus/service.js";
import { VerificationService } from "../pus/st01-verification.js";
import { HousekeepingService } from "../pus/st03-housekeeping.js";
import { EventService } from "../pus/st05-events.js";
import { FunctionService } from "../pus/st08-functions.js";
import { TestService } from "../pus/st17-test.js";
import { ParameterService } from "../pus/st20-parameters.js";
import { telemetryOverhead } from "../pus/telemetry.js";
import type { PacketLog } from "../tmtc/packet-log.js";
import type { Configuration, TimeCodeName } from "./configuration.js";
import { ResettableCounters } from "./counters.js";
import {
  type Board,
  boardFunctions,
  boardParameters,
  EVENTS,
  housekeepingStructures,
  settableParameters,
} from "./definitions.js";
import type { BoardPlatform } from "./platform.js";
import { platformFunctions } from "./platform-definitions.js";

export interface ApplicationProcessOptions extends Configuration {
  clock: BoardClock;
  log: PacketLog;
  servers: readonly TmtcServer[];
  services?(process: ApplicationProcess): PusService[];
  platform?: BoardPlatform;
  /** Restarts the board soon. Undefined: it cannot. */
  restart?(): void;
  /** A service threw; the telecommand is reported as failed. */
  onHandlerError?: (error: unknown) => void;
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
  readonly extraction = new SequenceWatch();
  /** Takes the telecommands. */
  readonly dispatcher: PusDispatcher;
  readonly verification: VerificationService;
  readonly events: EventService;
  readonly housekeeping: HousekeepingService;
  /** Every service, for ground configuration. */
  readonly services: readonly PusService[];
  readonly parameters: readonly ParameterDefinition[];
  readonly counters = new ResettableCounters();
  readonly platform: BoardPlatform;
  #clock: BoardClock;

  /** @throws RangeError when housekeeping does not fit a telemetry packet */
  constructor(options: ApplicationProcessOptions) {
    const { clock, log, servers, apid } = options;
    this.#clock = clock;
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
    const reported = boardParameters(this);
    this.parameters = [...reported, ...settableParameters(this)];
    this.verification = new VerificationService(reports, settings);
    this.events = new EventService({ reports, events: EVENTS, settings });
    const idLength = fieldsLength([{ name: "structureId", type: settings.structureIdType }]);
    const reportLength = telemetryOverhead(time.length) + idLength + fieldsLength(reported);
    if (reportLength > log.maxPacketLength) {
      throw new RangeError(
        `a housekeeping report has ${reportLength} bytes, but max_telemetry allows ${log.maxPacketLength}: raise it, or name fewer ports`,
      );
    }
    const structures = housekeepingStructures(reported, options.beaconIntervalMs);
    this.housekeeping = new HousekeepingService({ reports, clock, structures, settings });
    this.services = [
      this.verification,
      this.housekeeping,
      this.events,
      new FunctionService({
        functions: [...boardFunctions(this), ...platformFunctions(options.restart)],
        settings,
        replies: 1,
        replyLength: 16,
      }),
      new TestService(reports),
      new ParameterService({ reports, parameters: this.parameters, settings }),
      ...(options.services?.(this) ?? []),
    ];
    const { verification, services, extraction } = this;
    this.dispatcher = new PusDispatcher({
      reports,
      verification,
      services,
      extraction,
      onHandlerError: options.onHandlerError,
    });
  }

  uptimeMs(): number {
    return this.#clock.uptime();
  }

  raise(id: number, value0 = 0, value1 = 0, value2 = 0, value3 = 0): void {
    this.events.raise(id, value0, value1, value2, value3);
  }

  /** Sends the housekeeping that is due. */
  tick(): void {
    this.housekeeping.tick();
  }
}
