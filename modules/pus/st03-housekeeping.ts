/**
 * ST[03] housekeeping (ECSS-E-ST-70-41C, 6.3 and 8.3): reports of parameter structures, periodically and on request.
 *
 * The service has no timer: whoever has one calls `tick` when the time that it last returned has passed. Structures are
 * defined at boot; creating and deleting them over the link (3,1 and 3,3) is not supported.
 */
import type { BoardClock } from "../ccsds/time-code.js";
import { kindOf, typeWidth, UINT32, widthOf } from "../data/field-kinds.js";
import {
  checkIds,
  DEFAULT_PUS_SETTINGS,
  type HousekeepingStructureDefinition,
  INTERVAL_FIELD,
  type ParameterDefinition,
  type PusSettings,
} from "./definitions.js";
import { INTERVAL_OUT_OF_RANGE, SUCCESS, UNKNOWN_STRUCTURE } from "./failure-codes.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import { fieldsLength } from "./request-route.js";
import type { PusService, ReportDefinition, RequestDefinition } from "./service.js";

export const HOUSEKEEPING_SERVICE = 3;
export const ENABLE_HOUSEKEEPING = 5;
export const DISABLE_HOUSEKEEPING = 6;
export const HOUSEKEEPING_REPORT = 25;
export const ONE_SHOT_HOUSEKEEPING = 27;
export const MODIFY_COLLECTION_INTERVAL = 31;

/** `tick`: nothing is enabled, nothing will fall due. */
export const NEVER = -1;

const DEFAULT_MINIMUM_INTERVAL_MS = 100;

/** What is known of a structure while the board runs. */
class Structure {
  readonly id: number;
  readonly parameters: readonly ParameterDefinition[];
  readonly types: readonly number[];
  readonly length: number;
  readonly minimumIntervalMs: number;
  intervalMs: number;
  enabled: boolean;
  /** Uptime of the next periodic report, in milliseconds. */
  due: number;

  constructor(definition: HousekeepingStructureDefinition, now: number) {
    const { id, name, parameters, intervalMs } = definition;
    this.minimumIntervalMs = definition.minimumIntervalMs ?? DEFAULT_MINIMUM_INTERVAL_MS;
    if (!(intervalMs >= this.minimumIntervalMs)) {
      const least = this.minimumIntervalMs;
      throw new RangeError(
        `intervalMs of housekeeping structure "${name}" must be at least ${least}, not ${intervalMs}`,
      );
    }
    this.id = id;
    this.parameters = parameters;
    this.types = parameters.map((parameter) => kindOf(parameter.type));
    this.length = fieldsLength(parameters);
    this.intervalMs = intervalMs;
    this.enabled = definition.enabled ?? true;
    this.due = now + intervalMs;
  }
}

export interface HousekeepingOptions {
  reports: ReportWriter;
  clock: BoardClock;
  structures: readonly HousekeepingStructureDefinition[];
  settings?: PusSettings;
  /** Called when a telecommand changed what falls due next: the caller of `tick` should set its timer anew. */
  onScheduleChanged?: () => void;
}

export class HousekeepingService implements PusService {
  readonly serviceType = HOUSEKEEPING_SERVICE;
  readonly name = "housekeeping";
  readonly requests: readonly RequestDefinition[];
  readonly reports: readonly ReportDefinition[];
  /** As defined, for ground configuration: each has its own layout of 3,25. */
  readonly definitions: readonly HousekeepingStructureDefinition[];
  readonly #reports: ReportWriter;
  readonly #clock: BoardClock;
  readonly #structures: readonly Structure[];
  readonly #countWidth: number;
  readonly #idType: number;
  readonly #onScheduleChanged: (() => void) | undefined;

  /** @throws RangeError when an ID is used twice or an interval is too short */
  constructor(options: HousekeepingOptions) {
    const { structures, settings = DEFAULT_PUS_SETTINGS } = options;
    checkIds("housekeeping structure", structures, settings.structureIdType);
    const now = options.clock.uptime();
    this.definitions = structures;
    this.#reports = options.reports;
    this.#clock = options.clock;
    this.#structures = structures.map((definition) => new Structure(definition, now));
    this.#countWidth = typeWidth(settings.countType);
    this.#idType = kindOf(settings.structureIdType);
    this.#onScheduleChanged = options.onScheduleChanged;
    const id = { name: "structureId", type: settings.structureIdType };
    const maxCount = Math.max(structures.length, 1);
    const list = { countType: settings.countType, items: [id], maxCount };
    const longest = this.#structures.reduce((length, structure) => Math.max(length, structure.length), 0);
    const start = (request: PusRequest) => this.#findUnknown(request, widthOf(this.#idType));
    this.requests = [
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
        messageSubtype: ONE_SHOT_HOUSEKEEPING,
        name: "oneShotHousekeeping",
        list,
        replies: maxCount,
        replyLength: maxCount * (widthOf(this.#idType) + longest),
        start,
        execute: (request) => this.#sendOnce(request),
      },
      {
        messageSubtype: MODIFY_COLLECTION_INTERVAL,
        name: "modifyCollectionInterval",
        list: { countType: settings.countType, items: [id, INTERVAL_FIELD], maxCount },
        start: (request) => this.#checkIntervals(request),
        execute: (request) => this.#setIntervals(request),
      },
    ];
    this.reports = [{ messageSubtype: HOUSEKEEPING_REPORT, name: "housekeepingReport", fields: [id] }];
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
      if (!structure.enabled) {
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
    return this.#find(id)?.enabled ?? false;
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

  #send(structure: Structure): boolean {
    const reports = this.#reports;
    if (!reports.begin(HOUSEKEEPING_SERVICE, HOUSEKEEPING_REPORT, widthOf(this.#idType) + structure.length)) {
      return false;
    }
    reports.putField(this.#idType, structure.id);
    for (let i = 0; i < structure.parameters.length; i++) {
      reports.putField(structure.types[i]!, structure.parameters[i]!.get());
    }
    return reports.end();
  }

  #find(id: number): Structure | undefined {
    for (let i = 0; i < this.#structures.length; i++) {
      const structure = this.#structures[i]!;
      if (structure.id === id) {
        return structure;
      }
    }
    return undefined;
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

  #enable(request: PusRequest, enabled: boolean): number {
    const now = this.#clock.uptime();
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      const structure = this.#find(request.field(this.#idType, at)) as Structure;
      if (enabled && !structure.enabled) {
        structure.due = now + structure.intervalMs;
      }
      structure.enabled = enabled;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }

  #sendOnce(request: PusRequest): number {
    for (let at = this.#countWidth; at < request.applicationDataLength; at += widthOf(this.#idType)) {
      this.#send(this.#find(request.field(this.#idType, at)) as Structure);
    }
    return SUCCESS;
  }

  #checkIntervals(request: PusRequest): number {
    const idWidth = widthOf(this.#idType);
    const itemLength = idWidth + widthOf(UINT32);
    const unknown = this.#findUnknown(request, itemLength);
    if (unknown !== SUCCESS) {
      return unknown;
    }
    for (let at = this.#countWidth; at < request.applicationDataLength; at += itemLength) {
      const structure = this.#find(request.field(this.#idType, at)) as Structure;
      if (request.uint32(at + idWidth) < structure.minimumIntervalMs) {
        request.failureData = structure.id;
        return INTERVAL_OUT_OF_RANGE;
      }
    }
    return SUCCESS;
  }

  #setIntervals(request: PusRequest): number {
    const now = this.#clock.uptime();
    const idWidth = widthOf(this.#idType);
    for (let at = this.#countWidth; at < request.applicationDataLength; at += idWidth + widthOf(UINT32)) {
      const structure = this.#find(request.field(this.#idType, at)) as Structure;
      structure.intervalMs = request.uint32(at + idWidth);
      structure.due = now + structure.intervalMs;
    }
    this.#onScheduleChanged?.();
    return SUCCESS;
  }
}
