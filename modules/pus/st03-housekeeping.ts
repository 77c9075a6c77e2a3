/**
 * ST[03] housekeeping (ECSS-E-ST-70-41C, 6.3 and 8.3): reports of parameter structures, periodically and on request. Structures come from
 * the dictionary; the ground creates and deletes more of them at run time, in places that are reserved at boot.
 *
 * The service has no timer: whoever has one calls `tick` when the time that it last returned has passed.
 */
import type { BoardClock } from "../ccsds/time-code.js";
import { UINT32, widthOf } from "../data/field-kinds.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { INTERVAL_OUT_OF_RANGE, SUCCESS } from "./failure-codes.js";
import { HOUSEKEEPING_REPORT, HOUSEKEEPING_SERVICE, housekeepingMessages } from "./messages/st03-messages.js";
import type { ParameterPool } from "./parameter-pool.js";
import { DISABLED, ENABLED, type ReportStructure } from "./report-structure.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService } from "./service.js";
import { StructureRequests } from "./st03-structures.js";
import { StructureTable } from "./structure-table.js";

/** `tick`: nothing is enabled, nothing will fall due. */
export const NEVER = -1;

/** Octets that the values of a created structure may have, where nothing else is said. */
export const CREATED_LENGTH = 256;

const INTERVAL_WIDTH = widthOf(UINT32);

export interface HousekeepingOptions {
  reports: ReportWriter;
  clock: BoardClock;
  pool: ParameterPool;
  dictionary: Dictionary;
  settings?: PusSettings;
  /** Structures that the ground may create; default 0. */
  places?: number;
  /** Octets that the values of one of these may have; default 256. */
  createdLength?: number;
  /** Called when a telecommand changed what falls due next: the caller of `tick` should set its timer anew. */
  onScheduleChanged?: () => void;
}

export class HousekeepingService {
  readonly #settings: PusSettings;
  readonly #pool: ParameterPool;
  /** Octets that the values of a created structure may have; 0: none can be created. */
  readonly #createdLength: number;
  readonly #reports: ReportWriter;
  readonly #clock: BoardClock;
  readonly #table: StructureTable;
  readonly #onScheduleChanged: (() => void) | undefined;

  /** @throws RangeError when an ID is wider than its type */
  constructor(options: HousekeepingOptions) {
    const { dictionary, pool, reports, settings = DEFAULT_PUS_SETTINGS } = options;
    checkIds("structure", dictionary.structures ?? {}, settings.structureIdType);
    this.#reports = reports;
    this.#clock = options.clock;
    const { places = 0, createdLength = CREATED_LENGTH } = options;
    this.#settings = settings;
    this.#pool = pool;
    this.#createdLength = places > 0 ? createdLength : 0;
    this.#table = new StructureTable(dictionary, pool, settings, places, options.clock.uptime());
    this.#onScheduleChanged = options.onScheduleChanged;
  }

  /** For the dispatcher. */
  asService(): PusService {
    const table = this.#table;
    const settings = this.#settings;
    const createdLength = this.#createdLength;
    const pool = this.#pool;
    const reports = this.#reports;
    const definition = housekeepingMessages(settings, table.all.length);
    const { maxCount } = definition.requests.oneShotHousekeeping.list;
    const longest = table.all.reduce((length, structure) => Math.max(length, structure.length), createdLength);
    const structures = new StructureRequests({ table, pool, reports, settings, createdLength, maxCount });
    const start = (request: PusRequest) => table.findUnknown(request, table.idWidth);
    return {
      name: "housekeeping",
      definition,
      requests: {
        createStructure: structures.create,
        deleteStructures: structures.delete,
        enableHousekeeping: { start, execute: (request) => this.#enable(request, true) },
        disableHousekeeping: { start, execute: (request) => this.#enable(request, false) },
        reportStructures: structures.describe,
        oneShotHousekeeping: {
          replies: maxCount,
          replyLength: maxCount * (table.idWidth + longest),
          start,
          execute: (request) => this.#sendOnce(request),
        },
        modifyCollectionInterval: {
          start: (request) => this.#checkIntervals(request),
          execute: (request) => this.#setIntervals(request),
        },
      },
    };
  }

  /**
   * Sends what is due. A report that the log cannot take is lost and counted, not repeated.
   * @returns milliseconds until the next report falls due, or `NEVER`
   */
  tick(): number {
    const now = this.#clock.uptime();
    let next = NEVER;
    for (let i = 0; i < this.#table.all.length; i++) {
      const structure = this.#table.all[i]!;
      if (structure.state !== ENABLED) {
        continue;
      }
      if (structure.due <= now) {
        this.#send(structure);
        structure.due += structure.intervalMs;
        if (structure.due <= now) {
          // Whole intervals were missed: go on from now rather than send them in a burst.
          structure.due = now + structure.intervalMs;
        }
      }
      const wait = structure.due - now;
      if (next === NEVER || wait < next) {
        next = wait;
      }
    }
    return next;
  }

  /** Whether a structure is sent periodically. False also for an unknown ID. */
  isEnabled(id: number): boolean {
    return this.#table.find(id)?.state === ENABLED;
  }

  /** Milliseconds between periodic reports of a structure; 0 for an unknown ID. */
  intervalMs(id: number): number {
    return this.#table.find(id)?.intervalMs ?? 0;
  }

  /** Sends one report now. @returns false when there is no such structure or the log did not take it */
  send(id: number): boolean {
    const structure = this.#table.find(id);
    return structure !== undefined && this.#send(structure);
  }

  #send(structure: ReportStructure): boolean {
    const reports = this.#reports;
    // First of all: a value that cannot be read is an event, which needs a report of its own.
    structure.sample();
    if (!reports.begin(HOUSEKEEPING_SERVICE, HOUSEKEEPING_REPORT, this.#table.idWidth + structure.length)) {
      return false;
    }
    reports.putField(this.#table.idType, structure.id);
    structure.put(reports);
    return reports.end();
  }

  #enable(request: PusRequest, enabled: boolean): number {
    const now = this.#clock.uptime();
    for (let at = this.#table.countWidth; at < request.applicationDataLength; at += this.#table.idWidth) {
      const structure = this.#table.at(request, at);
      if (enabled && structure.state === DISABLED) {
        structure.due = now + structure.intervalMs;
      }
      structure.state = enabled ? ENABLED : DISABLED;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }

  #sendOnce(request: PusRequest): number {
    for (let at = this.#table.countWidth; at < request.applicationDataLength; at += this.#table.idWidth) {
      this.#send(this.#table.at(request, at));
    }
    return SUCCESS;
  }

  #checkIntervals(request: PusRequest): number {
    const itemLength = this.#table.idWidth + INTERVAL_WIDTH;
    const unknown = this.#table.findUnknown(request, itemLength);
    if (unknown !== SUCCESS) {
      return unknown;
    }
    for (let at = this.#table.countWidth; at < request.applicationDataLength; at += itemLength) {
      const structure = this.#table.at(request, at);
      if (request.uint32(at + this.#table.idWidth) < structure.minimumIntervalMs) {
        request.failureData = structure.id;
        return INTERVAL_OUT_OF_RANGE;
      }
    }
    return SUCCESS;
  }

  #setIntervals(request: PusRequest): number {
    const now = this.#clock.uptime();
    for (
      let at = this.#table.countWidth;
      at < request.applicationDataLength;
      at += this.#table.idWidth + INTERVAL_WIDTH
    ) {
      const structure = this.#table.at(request, at);
      structure.intervalMs = request.uint32(at + this.#table.idWidth);
      structure.due = now + structure.intervalMs;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }
}
