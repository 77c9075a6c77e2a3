/**
 * ST[03] housekeeping (ECSS-E-ST-70-41C, 6.3 and 8.3): reports of parameter structures, periodically and on request. Structures come from
 * the dictionary; the ground creates and deletes more of them at run time, in places that are reserved at boot.
 *
 * The service has no timer: whoever has one calls `tick` when the time that it last returned has passed.
 */
import type { BoardClock } from "../ccsds/time-code.js";
import { kindOf, UINT8, UINT32, widthOf } from "../data/field-kinds.js";
import { DEFAULT_MINIMUM_INTERVAL_MS } from "../dictionary/define-dictionary.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, INTERVAL_FIELD, type PusSettings } from "./definitions.js";
import {
  DEFINED_STRUCTURE,
  ENABLED_STRUCTURE,
  INTERVAL_OUT_OF_RANGE,
  INVALID_COUNT,
  NO_PLACE_FOR_STRUCTURE,
  STRUCTURE_EXISTS,
  STRUCTURE_TOO_LONG,
  SUCCESS,
  UNKNOWN_PARAMETER,
  UNKNOWN_STRUCTURE,
} from "./failure-codes.js";
import { NO_PARAMETER, type ParameterPool } from "./parameter-pool.js";
import { DISABLED, EMPTY, ENABLED, ReportStructure } from "./report-structure.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService, ReportDefinition, RequestDefinition } from "./service.js";

export const HOUSEKEEPING_SERVICE = 3;
export const CREATE_STRUCTURE = 1;
export const DELETE_STRUCTURES = 3;
export const ENABLE_HOUSEKEEPING = 5;
export const DISABLE_HOUSEKEEPING = 6;
export const REPORT_STRUCTURES = 9;
export const STRUCTURE_REPORT = 10;
export const HOUSEKEEPING_REPORT = 25;
export const ONE_SHOT_HOUSEKEEPING = 27;
export const MODIFY_COLLECTION_INTERVAL = 31;

/** `tick`: nothing is enabled, nothing will fall due. */
export const NEVER = -1;

/** Structures that one request may name, at most. */
const MAX_PER_REQUEST = 8;
/** Of a structure that the ground creates: parameters, and octets of their values, at most. */
export const CREATED_PARAMETERS = 32;
export const CREATED_LENGTH = 256;

const INTERVAL_WIDTH = widthOf(UINT32);
/** Whether it is sent periodically, in 3,10: 1 or 0. */
const STATUS_FIELD = Object.freeze({ name: "periodic", type: "uint8" } as const);

export interface HousekeepingOptions {
  reports: ReportWriter;
  clock: BoardClock;
  pool: ParameterPool;
  dictionary: Dictionary;
  settings?: PusSettings;
  /** Structures that the ground may create; default 0. */
  places?: number;
  /** Called when a telecommand changed what falls due next: the caller of `tick` should set its timer anew. */
  onScheduleChanged?: () => void;
}

export class HousekeepingService implements PusService {
  readonly serviceType = HOUSEKEEPING_SERVICE;
  readonly name = "housekeeping";
  readonly requests: readonly RequestDefinition[];
  readonly reports: readonly ReportDefinition[];
  readonly #reports: ReportWriter;
  readonly #clock: BoardClock;
  readonly #pool: ParameterPool;
  /** The dictionary's, then the places. */
  readonly #structures: readonly ReportStructure[];
  /** How many the dictionary has. */
  readonly #defined: number;
  readonly #countType: number;
  readonly #countWidth: number;
  readonly #idType: number;
  readonly #idWidth: number;
  readonly #parameterType: number;
  readonly #onScheduleChanged: (() => void) | undefined;

  /** @throws RangeError when an ID is wider than its type */
  constructor(options: HousekeepingOptions) {
    const { dictionary, pool, settings = DEFAULT_PUS_SETTINGS, places = 0 } = options;
    const { structures = {} } = dictionary;
    checkIds("structure", structures, settings.structureIdType);
    this.#reports = options.reports;
    this.#clock = options.clock;
    this.#pool = pool;
    const defined = definedStructures(dictionary, pool, options.clock.uptime());
    this.#defined = defined.length;
    this.#structures = [
      ...defined,
      ...Array.from({ length: places }, () => new ReportStructure(pool, CREATED_PARAMETERS)),
    ];
    this.#countType = kindOf(settings.countType);
    this.#countWidth = widthOf(this.#countType);
    this.#idType = kindOf(settings.structureIdType);
    this.#idWidth = widthOf(this.#idType);
    this.#parameterType = kindOf(settings.parameterIdType);
    this.#onScheduleChanged = options.onScheduleChanged;
    const { countType } = settings;
    const id = { name: "structureId", type: settings.structureIdType };
    const parameter = { name: "parameterId", type: settings.parameterIdType };
    const maxCount = Math.min(Math.max(this.#structures.length, 1), MAX_PER_REQUEST);
    const list = { countType, items: [id], maxCount };
    const longest = defined.reduce(
      (length, structure) => Math.max(length, structure.length),
      places > 0 ? CREATED_LENGTH : 0,
    );
    const most = defined.reduce(
      (count, structure) => Math.max(count, structure.count),
      places > 0 ? CREATED_PARAMETERS : 0,
    );
    const start = (request: PusRequest) => this.#findUnknown(request, this.#idWidth);
    this.requests = [
      {
        messageSubtype: CREATE_STRUCTURE,
        name: "createStructure",
        description: "Creates a structure, which is not sent periodically before it is enabled.",
        arguments: [id, INTERVAL_FIELD],
        list: { countType, items: [parameter], maxCount: CREATED_PARAMETERS },
        maxDataLength: this.#countWidth,
        lengthOf: (request) => this.#createLength(request),
        start: (request) => this.#checkCreate(request),
        execute: (request) => this.#create(request),
      },
      {
        messageSubtype: DELETE_STRUCTURES,
        name: "deleteStructures",
        description: "Deletes structures that the ground created and that are not enabled.",
        list,
        start: (request) => this.#checkDelete(request),
        execute: (request) => this.#delete(request),
      },
      {
        messageSubtype: ENABLE_HOUSEKEEPING,
        name: "enableHousekeeping",
        list,
        start,
        execute: (request) => this.#enable(request, true),
      },
      {
        messageSubtype: DISABLE_HOUSEKEEPING,
        name: "disableHousekeeping",
        list,
        start,
        execute: (request) => this.#enable(request, false),
      },
      {
        messageSubtype: REPORT_STRUCTURES,
        name: "reportStructures",
        list,
        replies: maxCount,
        replyLength:
          maxCount * (this.#idWidth + 1 + INTERVAL_WIDTH + 2 * this.#countWidth + most * widthOf(this.#parameterType)),
        start,
        execute: (request) => this.#reportStructures(request),
      },
      {
        messageSubtype: ONE_SHOT_HOUSEKEEPING,
        name: "oneShotHousekeeping",
        list,
        replies: maxCount,
        replyLength: maxCount * (this.#idWidth + longest),
        start,
        execute: (request) => this.#sendOnce(request),
      },
      {
        messageSubtype: MODIFY_COLLECTION_INTERVAL,
        name: "modifyCollectionInterval",
        list: { countType, items: [id, INTERVAL_FIELD], maxCount },
        start: (request) => this.#checkIntervals(request),
        execute: (request) => this.#setIntervals(request),
      },
    ];
    this.reports = [
      { messageSubtype: STRUCTURE_REPORT, name: "structureReport", fields: [id, STATUS_FIELD, INTERVAL_FIELD] },
      { messageSubtype: HOUSEKEEPING_REPORT, name: "housekeepingReport", fields: [id] },
    ];
  }

  /**
   * Sends what is due. A report that the log cannot take is lost and counted, not repeated.
   * @returns milliseconds until the next report falls due, or `NEVER`
   */
  tick(): number {
    const now = this.#clock.uptime();
    let next = NEVER;
    for (let i = 0; i < this.#structures.length; i++) {
      const structure = this.#structures[i]!;
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
    return this.#find(id)?.state === ENABLED;
  }

  /** Milliseconds between periodic reports of a structure; 0 for an unknown ID. */
  intervalMs(id: number): number {
    return this.#find(id)?.intervalMs ?? 0;
  }

  /** Sends one report now. @returns false when there is no such structure or the log did not take it */
  send(id: number): boolean {
    const structure = this.#find(id);
    return structure !== undefined && this.#send(structure);
  }

  #send(structure: ReportStructure): boolean {
    const reports = this.#reports;
    if (!reports.begin(HOUSEKEEPING_SERVICE, HOUSEKEEPING_REPORT, this.#idWidth + structure.length)) {
      return false;
    }
    reports.putField(this.#idType, structure.id);
    structure.put(reports);
    return reports.end();
  }

  #find(id: number): ReportStructure | undefined {
    for (let i = 0; i < this.#structures.length; i++) {
      const structure = this.#structures[i]!;
      if (structure.id === id && structure.state !== EMPTY) {
        return structure;
      }
    }
    return undefined;
  }

  #emptyPlace(): ReportStructure | undefined {
    for (let i = this.#defined; i < this.#structures.length; i++) {
      if (this.#structures[i]!.state === EMPTY) {
        return this.#structures[i];
      }
    }
    return undefined;
  }

  /** The structure whose ID stands at `at` of the application data. */
  #at(request: PusRequest, at: number): ReportStructure {
    return this.#find(request.field(this.#idType, at)) as ReportStructure;
  }

  /** @param itemLength octets of one item, which begins with a structure ID */
  #findUnknown(request: PusRequest, itemLength: number): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += itemLength) {
      const id = request.field(this.#idType, at);
      if (this.#find(id) === undefined) {
        request.failureData = id;
        return UNKNOWN_STRUCTURE;
      }
    }
    return SUCCESS;
  }

  /** Behind the parameters stands the number of their groups that are sampled more often than the report: none here (8.3.2.1). */
  #createLength(request: PusRequest): number {
    const head = this.#idWidth + INTERVAL_WIDTH;
    const count = request.field(this.#countType, head);
    return head + this.#countWidth + count * widthOf(this.#parameterType) + this.#countWidth;
  }

  #checkCreate(request: PusRequest): number {
    const id = request.field(this.#idType, 0);
    request.failureData = id;
    if (this.#find(id) !== undefined) {
      return STRUCTURE_EXISTS;
    }
    if (this.#emptyPlace() === undefined) {
      return NO_PLACE_FOR_STRUCTURE;
    }
    if (request.uint32(this.#idWidth) < DEFAULT_MINIMUM_INTERVAL_MS) {
      return INTERVAL_OUT_OF_RANGE;
    }
    const end = request.applicationDataLength - this.#countWidth;
    const groups = request.field(this.#countType, end);
    if (groups !== 0) {
      request.failureData = groups;
      return INVALID_COUNT;
    }
    let length = 0;
    for (let at = this.#firstParameter; at < end; at += widthOf(this.#parameterType)) {
      const parameterId = request.field(this.#parameterType, at);
      const handle = this.#pool.find(parameterId);
      if (handle === NO_PARAMETER) {
        request.failureData = parameterId;
        return UNKNOWN_PARAMETER;
      }
      length += this.#pool.lengthOf(handle);
    }
    if (length > CREATED_LENGTH) {
      request.failureData = length;
      return STRUCTURE_TOO_LONG;
    }
    return SUCCESS;
  }

  /** Offset of the first parameter ID of 3,1. */
  get #firstParameter(): number {
    return this.#idWidth + INTERVAL_WIDTH + this.#countWidth;
  }

  #create(request: PusRequest): number {
    const structure = this.#emptyPlace() as ReportStructure;
    structure.clear();
    const end = request.applicationDataLength - this.#countWidth;
    for (let at = this.#firstParameter; at < end; at += widthOf(this.#parameterType)) {
      structure.add(this.#pool.find(request.field(this.#parameterType, at)));
    }
    structure.id = request.field(this.#idType, 0);
    structure.intervalMs = request.uint32(this.#idWidth);
    structure.minimumIntervalMs = DEFAULT_MINIMUM_INTERVAL_MS;
    structure.state = DISABLED;
    return SUCCESS;
  }

  #checkDelete(request: PusRequest): number {
    const unknown = this.#findUnknown(request, this.#idWidth);
    if (unknown !== SUCCESS) {
      return unknown;
    }
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth) {
      const structure = this.#at(request, at);
      request.failureData = structure.id;
      if (this.#structures.indexOf(structure) < this.#defined) {
        return DEFINED_STRUCTURE;
      }
      if (structure.state === ENABLED) {
        return ENABLED_STRUCTURE;
      }
    }
    return SUCCESS;
  }

  #delete(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth) {
      // Named twice, it is gone the second time.
      const structure = this.#find(request.field(this.#idType, at));
      if (structure !== undefined) {
        structure.state = EMPTY;
      }
    }
    return SUCCESS;
  }

  #enable(request: PusRequest, enabled: boolean): number {
    const now = this.#clock.uptime();
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth) {
      const structure = this.#at(request, at);
      if (enabled && structure.state === DISABLED) {
        structure.due = now + structure.intervalMs;
      }
      structure.state = enabled ? ENABLED : DISABLED;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }

  #sendOnce(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth) {
      this.#send(this.#at(request, at));
    }
    return SUCCESS;
  }

  #reportStructures(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth) {
      this.#reportStructure(this.#at(request, at));
    }
    return SUCCESS;
  }

  /** 3,10, in the order of 8.3.2.10: what 3,1 takes, with the status behind the ID. */
  #reportStructure(structure: ReportStructure): void {
    const reports = this.#reports;
    const parameters = structure.count * widthOf(this.#parameterType);
    const length = this.#idWidth + 1 + INTERVAL_WIDTH + 2 * this.#countWidth + parameters;
    if (!reports.begin(HOUSEKEEPING_SERVICE, STRUCTURE_REPORT, length)) {
      return;
    }
    reports.putField(this.#idType, structure.id);
    reports.putField(UINT8, structure.state === ENABLED ? 1 : 0);
    reports.putField(UINT32, structure.intervalMs);
    reports.putField(this.#countType, structure.count);
    for (let k = 0; k < structure.count; k++) {
      reports.putField(this.#parameterType, this.#pool.idOf(structure.handle(k)));
    }
    reports.putField(this.#countType, 0);
    reports.end();
  }

  #checkIntervals(request: PusRequest): number {
    const itemLength = this.#idWidth + INTERVAL_WIDTH;
    const unknown = this.#findUnknown(request, itemLength);
    if (unknown !== SUCCESS) {
      return unknown;
    }
    for (let at = this.#countWidth; at < request.applicationDataLength; at += itemLength) {
      const structure = this.#at(request, at);
      if (request.uint32(at + this.#idWidth) < structure.minimumIntervalMs) {
        request.failureData = structure.id;
        return INTERVAL_OUT_OF_RANGE;
      }
    }
    return SUCCESS;
  }

  #setIntervals(request: PusRequest): number {
    const now = this.#clock.uptime();
    for (let at = this.#countWidth; at < request.applicationDataLength; at += this.#idWidth + INTERVAL_WIDTH) {
      const structure = this.#at(request, at);
      structure.intervalMs = request.uint32(at + this.#idWidth);
      structure.due = now + structure.intervalMs;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }
}

function definedStructures(dictionary: Dictionary, pool: ParameterPool, now: number): ReportStructure[] {
  const { parameters = {}, structures = {} } = dictionary;
  return Object.values(structures).map((definition) => {
    const structure = new ReportStructure(pool, definition.parameters.length);
    for (const name of definition.parameters) {
      structure.add(pool.find(parameters[name]!.id));
    }
    structure.id = definition.id;
    structure.intervalMs = definition.intervalMs;
    structure.minimumIntervalMs = definition.minimumIntervalMs ?? DEFAULT_MINIMUM_INTERVAL_MS;
    structure.state = definition.enabled === false ? DISABLED : ENABLED;
    structure.due = now + definition.intervalMs;
    return structure;
  });
}
