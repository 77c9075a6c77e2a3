/**
 * ST[12] on-board monitoring (ECSS-E-ST-70-41C, 6.12 and 8.12): the board checks parameters for their limits, or for an expected value,
 * and reports when one comes to be beyond, or comes back. What is monitored is the dictionary's to say; the ground switches it on and off.
 *
 * - The ID of a monitoring definition (PMON ID) is its parameter's.
 * - Limits have two levels, so there are two statuses more than the standard's: 0 within limits, 1 unchecked, 2 invalid, 3 below the low
 *   limit and 4 above the high limit (of the warning range), 5 below and 6 above the critical range. Low and high are meant in the
 *   unit: where a calibration falls, the raw number of the low limit is the greater one. Of an expected value: 0, 1, 2, and 3 unexpected.
 * - A new status needs as many equal results in a row as the definition says. Each change of it is reported at once, alone (12,12 with N
 *   1: the maximum transition reporting delay is zero), except from unchecked to within limits, which is no news. The limit in it is the one
 *   that the value is beyond now, or was beyond before; the type's invalid value where it is neither.
 * - An event is raised when a value gets worse: when it leaves its range on one side, and when it leaves the critical one. Not on the way
 *   back.
 * - NaN, and the invalid value of the type (`ParameterPool.set`), are compared with nothing: the status is invalid. A sensor whose good
 *   values reach to the end of the type needs a wider type.
 * - Switched off, a definition is unchecked, and that is not reported. Switching the function off and on has all that is
 *   beyond a limit reported anew.
 */
import type { BoardClock } from "../ccsds/time-code.js";
import { kindOf, UINT8, UINT32, widthOf } from "../data/field-kinds.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_MONITORING } from "./failure-codes.js";
import {
  ABOVE_CRITICAL_LIMIT,
  ABOVE_HIGH_LIMIT,
  BELOW_CRITICAL_LIMIT,
  BELOW_LOW_LIMIT,
  EXPECTED_VALUE_CHECK,
  INVALID,
  NO_EVENT,
  UNCHECKED,
  WITHIN_LIMITS,
} from "./messages/checking-status.js";
import {
  CHECK_TRANSITION_REPORT,
  ENABLE_MONITORING,
  ENABLE_MONITORING_DEFINITIONS,
  MONITORING_DEFINITION_REPORT,
  MONITORING_SERVICE,
  MONITORING_STATUS_REPORT,
  monitoringMessages,
  STATUSES_PER_REPORT,
} from "./messages/st12-messages.js";
import { MonitorTable } from "./monitor-table.js";
import type { ParameterPool } from "./parameter-pool.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService } from "./service.js";
import type { EventService } from "./st05-events.js";

/** Limits of a definition, each with an event. */
const LIMITS = 4;
/** In the order of 12,9: the two of the standard, then those of the critical range. */
const LIMIT_STATUSES: readonly number[] = Object.freeze([
  BELOW_LOW_LIMIT,
  ABOVE_HIGH_LIMIT,
  BELOW_CRITICAL_LIMIT,
  ABOVE_CRITICAL_LIMIT,
]);

export interface MonitoringOptions {
  reports: ReportWriter;
  clock: BoardClock;
  pool: ParameterPool;
  dictionary: Dictionary;
  events: EventService;
  settings?: PusSettings;
}

export class MonitoringService {
  readonly #reports: ReportWriter;
  readonly #settings: PusSettings;
  readonly #clock: BoardClock;
  readonly #pool: ParameterPool;
  readonly #events: EventService;
  readonly #table: MonitorTable;
  readonly #countType: number;
  readonly #idType: number;
  readonly #eventType: number;
  /** Whether the monitoring function is enabled (6.12.3.5). */
  #isOn = true;
  /** Uptime of the next check, in milliseconds. */
  #next = 0;

  /** @throws RangeError when an ID is wider than its type */
  constructor(options: MonitoringOptions) {
    const { dictionary, pool, reports, settings = DEFAULT_PUS_SETTINGS } = options;
    checkIds("parameter", dictionary.parameters ?? {}, settings.parameterIdType);
    this.#reports = reports;
    this.#clock = options.clock;
    this.#pool = pool;
    this.#events = options.events;
    const table = new MonitorTable(dictionary, pool);
    this.#table = table;
    this.#countType = kindOf(settings.countType);
    this.#idType = kindOf(settings.parameterIdType);
    this.#eventType = kindOf(settings.eventIdType);
    this.#settings = settings;
  }

  /** For the dispatcher. */
  asService(): PusService {
    const table = this.#table;
    let widest = 0;
    for (let row = 0; row < table.count; row++) {
      widest = Math.max(widest, this.#pool.lengthOf(table.handleOf(row)));
    }
    const definition = monitoringMessages(this.#settings, table.count);
    const { maxCount } = definition.requests.reportMonitoringDefinitions.list;
    const statusReports = Math.max(Math.ceil(table.count / STATUSES_PER_REPORT), 1);
    const start = (request: PusRequest) => this.#findUnknown(request);
    const enable = (request: PusRequest) => this.#enable(request);
    const turn = (request: PusRequest) => this.#switch(request.messageSubtype === ENABLE_MONITORING);
    return {
      name: "onBoardMonitoring",
      definition,
      requests: {
        enableMonitoringDefinitions: { start, execute: enable },
        disableMonitoringDefinitions: { start, execute: enable },
        reportMonitoringDefinitions: {
          replies: maxCount,
          replyLength: maxCount * (this.#definitionHead + LIMITS * (widest + widthOf(this.#eventType))),
          start,
          execute: (request) => this.#reportDefinitions(request),
        },
        reportMonitoringStatus: {
          replies: statusReports,
          replyLength: statusReports * widthOf(this.#countType) + table.count * (widthOf(this.#idType) + 1),
          execute: () => this.#reportStatus(),
        },
        enableMonitoring: { execute: turn },
        disableMonitoring: { execute: turn },
      },
    };
  }

  /** How a monitored parameter is; `UNCHECKED` for one that is not monitored, too. */
  checkingStatus(id: number): number {
    const row = this.#table.find(id);
    return row < 0 ? UNCHECKED : this.#table.statusOf(row);
  }

  /** Checks what is due. */
  tick(): void {
    const now = this.#clock.uptime();
    if (this.#isOn && now >= this.#next) {
      this.#check(now);
    }
  }

  #check(now: number): void {
    const table = this.#table;
    let next = Number.POSITIVE_INFINITY;
    for (let row = 0; row < table.count; row++) {
      if (!table.isEnabled(row)) {
        continue;
      }
      if (table.dueOf(row) <= now) {
        table.putOff(row, now);
        const previous = table.statusOf(row);
        if (table.check(row)) {
          this.#tell(row, previous);
        }
      }
      next = Math.min(next, table.dueOf(row));
    }
    this.#next = next;
  }

  #tell(row: number, previous: number): void {
    const table = this.#table;
    const status = table.statusOf(row);
    if (previous === UNCHECKED && status === WITHIN_LIMITS) {
      return;
    }
    const limit =
      table.checkTypeOf(row) === EXPECTED_VALUE_CHECK
        ? table.expectedOf(row)
        : table.limitOf(row, status > INVALID ? status : previous);
    this.#reportTransition(row, previous, limit);
    // 3 and 5 are on the low side, 4 and 6 on the high one: two less on the same side is the way back.
    const event = previous - status === 2 ? NO_EVENT : table.eventOf(row, status);
    if (event !== NO_EVENT) {
      this.#events.raise(event, this.#pool.get(table.handleOf(row)), limit);
    }
  }

  /** 12,12, in the order of 8.12.2.12. */
  #reportTransition(row: number, previous: number, limit: number): void {
    const reports = this.#reports;
    const pool = this.#pool;
    const table = this.#table;
    const handle = table.handleOf(row);
    const isExpected = table.checkTypeOf(row) === EXPECTED_VALUE_CHECK;
    const width = pool.lengthOf(handle);
    const length =
      widthOf(this.#countType) + 2 * widthOf(this.#idType) + 3 + (isExpected ? 3 : 2) * width + reports.time.length;
    if (!reports.begin(MONITORING_SERVICE, CHECK_TRANSITION_REPORT, length)) {
      return;
    }
    this.#putHead(row);
    reports.putUint8(table.checkTypeOf(row));
    if (isExpected) {
      this.#putMask(row);
    }
    reports.putBytes(pool.bytes, pool.startOf(handle), pool.endOf(handle));
    reports.putField(pool.kindOf(handle), limit);
    reports.putUint8(previous);
    reports.putUint8(table.statusOf(row));
    reports.putTime();
    reports.end();
  }

  /** N, which is 1, the definition's ID and the parameter's. */
  #putHead(row: number): void {
    const reports = this.#reports;
    const id = this.#table.idOf(row);
    reports.putField(this.#countType, 1);
    reports.putField(this.#idType, id);
    reports.putField(this.#idType, id);
  }

  /** As wide as the parameter. */
  #putMask(row: number): void {
    const reports = this.#reports;
    const handle = this.#table.handleOf(row);
    const mask = this.#table.maskOf(row);
    if (Number.isNaN(mask)) {
      for (let k = this.#pool.lengthOf(handle); k > 0; k--) {
        reports.putUint8(0xff);
      }
    } else {
      reports.putField(this.#pool.kindOf(handle), mask);
    }
  }

  /** The row whose ID stands at `at` of the application data, or -1. */
  #at(request: PusRequest, at: number): number {
    return this.#table.find(request.field(this.#idType, at));
  }

  #findUnknown(request: PusRequest): number {
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += widthOf(this.#idType)) {
      if (this.#at(request, at) < 0) {
        request.failureData = request.field(this.#idType, at);
        return UNKNOWN_MONITORING;
      }
    }
    return SUCCESS;
  }

  #enable(request: PusRequest): number {
    const enabled = request.messageSubtype === ENABLE_MONITORING_DEFINITIONS;
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += widthOf(this.#idType)) {
      const row = this.#at(request, at);
      if (enabled && this.#table.isEnabled(row)) {
        this.#table.countAnew(row);
      } else {
        this.#table.setEnabled(row, enabled);
        this.#table.forget(row);
      }
    }
    this.#next = 0;
    return SUCCESS;
  }

  #switch(on: boolean): number {
    if (on !== this.#isOn) {
      this.#isOn = on;
      for (let row = 0; row < this.#table.count; row++) {
        this.#table.forget(row);
      }
      this.#next = 0;
    }
    return SUCCESS;
  }

  #reportDefinitions(request: PusRequest): number {
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += widthOf(this.#idType)) {
      this.#reportDefinition(this.#at(request, at));
    }
    return SUCCESS;
  }

  /** Octets of 12,9 before the criteria: N, both IDs, interval, status, repetition number, check type. */
  get #definitionHead(): number {
    return widthOf(this.#countType) + 2 * widthOf(this.#idType) + widthOf(UINT32) + 3;
  }

  /** 12,9 of one definition, in the order of 8.12.2.9. A limit that there is not is the end of the type. */
  #reportDefinition(row: number): void {
    const reports = this.#reports;
    const table = this.#table;
    const kind = this.#pool.kindOf(table.handleOf(row));
    const isExpected = table.checkTypeOf(row) === EXPECTED_VALUE_CHECK;
    const width = widthOf(kind);
    const eventWidth = widthOf(this.#eventType);
    const criteria = isExpected ? 2 * width + eventWidth : LIMITS * (width + eventWidth);
    if (!reports.begin(MONITORING_SERVICE, MONITORING_DEFINITION_REPORT, this.#definitionHead + criteria)) {
      return;
    }
    this.#putHead(row);
    reports.putUint32(table.intervalOf(row));
    reports.putUint8(table.isEnabled(row) ? 1 : 0);
    reports.putUint8(table.repetitionsOf(row));
    reports.putUint8(table.checkTypeOf(row));
    if (isExpected) {
      this.#putMask(row);
      reports.putField(kind, table.expectedOf(row));
      reports.putField(this.#eventType, table.eventOf(row, BELOW_LOW_LIMIT));
    } else {
      for (let k = 0; k < LIMITS; k++) {
        reports.putField(kind, table.limitOf(row, LIMIT_STATUSES[k]!));
        reports.putField(this.#eventType, table.eventOf(row, LIMIT_STATUSES[k]!));
      }
    }
    reports.end();
  }

  /** 12,14: the definitions that are enabled (1), and those that are not (0). */
  #reportStatus(): number {
    const reports = this.#reports;
    const { count } = this.#table;
    let row = 0;
    do {
      const n = Math.min(count - row, STATUSES_PER_REPORT);
      const length = widthOf(this.#countType) + n * (widthOf(this.#idType) + 1);
      const end = row + n;
      if (!reports.begin(MONITORING_SERVICE, MONITORING_STATUS_REPORT, length)) {
        row = end;
        continue;
      }
      reports.putField(this.#countType, n);
      for (; row < end; row++) {
        reports.putField(this.#idType, this.#table.idOf(row));
        reports.putField(UINT8, this.#table.isEnabled(row) ? 1 : 0);
      }
      reports.end();
    } while (row < count);
    return SUCCESS;
  }
}
