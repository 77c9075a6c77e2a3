/**
 * The requests of ST[03] that create, delete and describe structures (ECSS-E-ST-70-41C, 6.3.3.5 and 8.3.2): 3,1, 3,3 and 3,9. What is
 * created stands in places that are reserved at boot.
 */
import { kindOf, UINT8, UINT32, widthOf } from "../data/field-kinds.js";
import { DEFAULT_MINIMUM_INTERVAL_MS } from "../dictionary/define-dictionary.js";
import type { PusSettings } from "./definitions.js";
import {
  DEFINED_STRUCTURE,
  ENABLED_STRUCTURE,
  INTERVAL_OUT_OF_RANGE,
  INVALID_COUNT,
  NO_PLACE_FOR_STRUCTURE,
  PARAMETER_NAMED_TWICE,
  STRUCTURE_EXISTS,
  STRUCTURE_TOO_LONG,
  SUCCESS,
  UNKNOWN_PARAMETER,
} from "./failure-codes.js";
import { CREATED_PARAMETERS, HOUSEKEEPING_SERVICE, STRUCTURE_REPORT } from "./messages/st03-messages.js";
import { NO_PARAMETER, type ParameterPool } from "./parameter-pool.js";
import { DISABLED, EMPTY, ENABLED, type ReportStructure } from "./report-structure.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { RequestHandling } from "./service.js";
import type { StructureTable } from "./structure-table.js";

const INTERVAL_WIDTH = widthOf(UINT32);

export interface StructureRequestsOptions {
  table: StructureTable;
  pool: ParameterPool;
  reports: ReportWriter;
  settings: PusSettings;
  /** Octets that the values of a created structure may have. */
  createdLength: number;
  /** Structures that one request may name, at most. */
  maxCount: number;
}

export class StructureRequests {
  /** 3,1, 3,3 and 3,9. */
  readonly create: RequestHandling;
  readonly delete: RequestHandling;
  readonly describe: RequestHandling;
  readonly #table: StructureTable;
  readonly #pool: ParameterPool;
  readonly #reports: ReportWriter;
  readonly #parameterType: number;
  readonly #createdLength: number;

  constructor(options: StructureRequestsOptions) {
    const { table, settings, maxCount } = options;
    this.#table = table;
    this.#pool = options.pool;
    this.#reports = options.reports;
    this.#parameterType = kindOf(settings.parameterIdType);
    this.#createdLength = options.createdLength;
    const most = table.all.reduce(
      (count, structure) => Math.max(count, structure.count),
      table.all.length > table.defined ? CREATED_PARAMETERS : 0,
    );
    this.create = {
      start: (request) => this.#checkCreate(request),
      execute: (request) => this.#create(request),
    };
    this.delete = {
      start: (request) => this.#checkDelete(request),
      execute: (request) => this.#delete(request),
    };
    this.describe = {
      replies: maxCount,
      replyLength: maxCount * this.#reportLength(most),
      start: (request) => table.findUnknown(request, table.idWidth),
      execute: (request) => this.#reportAll(request),
    };
  }

  #checkCreate(request: PusRequest): number {
    const table = this.#table;
    const id = request.field(table.idType, 0);
    request.failureData = id;
    if (table.find(id) !== undefined) {
      return STRUCTURE_EXISTS;
    }
    if (table.emptyPlace() === undefined) {
      return NO_PLACE_FOR_STRUCTURE;
    }
    if (request.uint32(table.idWidth) < DEFAULT_MINIMUM_INTERVAL_MS) {
      return INTERVAL_OUT_OF_RANGE;
    }
    const end = request.applicationDataLength - table.countWidth;
    const groups = request.field(table.countType, end);
    if (groups !== 0) {
      request.failureData = groups;
      return INVALID_COUNT;
    }
    return this.#checkParameters(request, end);
  }

  #checkParameters(request: PusRequest, end: number): number {
    const width = widthOf(this.#parameterType);
    let length = 0;
    for (let at = this.#firstParameter; at < end; at += width) {
      const parameterId = request.field(this.#parameterType, at);
      const handle = this.#pool.find(parameterId);
      if (handle === NO_PARAMETER) {
        request.failureData = parameterId;
        return UNKNOWN_PARAMETER;
      }
      for (let before = this.#firstParameter; before < at; before += width) {
        if (request.field(this.#parameterType, before) === parameterId) {
          request.failureData = parameterId;
          return PARAMETER_NAMED_TWICE;
        }
      }
      length += this.#pool.lengthOf(handle);
    }
    if (length > this.#createdLength) {
      request.failureData = length;
      return STRUCTURE_TOO_LONG;
    }
    return SUCCESS;
  }

  /** Offset of the first parameter ID of 3,1. */
  get #firstParameter(): number {
    return this.#table.idWidth + INTERVAL_WIDTH + this.#table.countWidth;
  }

  #create(request: PusRequest): number {
    const table = this.#table;
    const structure = table.emptyPlace() as ReportStructure;
    structure.clear();
    const end = request.applicationDataLength - table.countWidth;
    for (let at = this.#firstParameter; at < end; at += widthOf(this.#parameterType)) {
      structure.add(this.#pool.find(request.field(this.#parameterType, at)));
    }
    structure.id = request.field(table.idType, 0);
    structure.intervalMs = request.uint32(table.idWidth);
    structure.minimumIntervalMs = DEFAULT_MINIMUM_INTERVAL_MS;
    structure.state = DISABLED;
    return SUCCESS;
  }

  #checkDelete(request: PusRequest): number {
    const table = this.#table;
    const unknown = table.findUnknown(request, table.idWidth);
    if (unknown !== SUCCESS) {
      return unknown;
    }
    for (let at = table.countWidth; at < request.applicationDataLength; at += table.idWidth) {
      const structure = table.at(request, at);
      request.failureData = structure.id;
      if (table.all.indexOf(structure) < table.defined) {
        return DEFINED_STRUCTURE;
      }
      if (structure.state === ENABLED) {
        return ENABLED_STRUCTURE;
      }
    }
    return SUCCESS;
  }

  #delete(request: PusRequest): number {
    const table = this.#table;
    for (let at = table.countWidth; at < request.applicationDataLength; at += table.idWidth) {
      // Named twice, it is gone the second time.
      const structure = table.find(request.field(table.idType, at));
      if (structure !== undefined) {
        structure.state = EMPTY;
      }
    }
    return SUCCESS;
  }

  #reportAll(request: PusRequest): number {
    const table = this.#table;
    for (let at = table.countWidth; at < request.applicationDataLength; at += table.idWidth) {
      this.#report(table.at(request, at));
    }
    return SUCCESS;
  }

  /** 3,10, in the order of 8.3.2.10: what 3,1 takes, with the status behind the ID. */
  #report(structure: ReportStructure): void {
    const { idType, countType } = this.#table;
    const reports = this.#reports;
    if (!reports.begin(HOUSEKEEPING_SERVICE, STRUCTURE_REPORT, this.#reportLength(structure.count))) {
      return;
    }
    reports.putField(idType, structure.id);
    reports.putField(UINT8, structure.state === ENABLED ? 1 : 0);
    reports.putField(UINT32, structure.intervalMs);
    reports.putField(countType, structure.count);
    for (let k = 0; k < structure.count; k++) {
      reports.putField(this.#parameterType, this.#pool.idOf(structure.handle(k)));
    }
    reports.putField(countType, 0);
    reports.end();
  }

  /** @param count of parameters */
  #reportLength(count: number): number {
    const { idWidth, countWidth } = this.#table;
    return idWidth + 1 + INTERVAL_WIDTH + 2 * countWidth + count * widthOf(this.#parameterType);
  }
}
