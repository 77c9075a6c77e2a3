/** The housekeeping structures of a board: the dictionary's, then places that are reserved for what the ground creates. */
import { kindOf, widthOf } from "../data/field-kinds.js";
import { DEFAULT_MINIMUM_INTERVAL_MS } from "../dictionary/define-dictionary.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import type { PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_STRUCTURE } from "./failure-codes.js";
import { CREATED_PARAMETERS } from "./messages/st03-messages.js";
import type { ParameterPool } from "./parameter-pool.js";
import { DISABLED, EMPTY, ENABLED, ReportStructure } from "./report-structure.js";
import type { PusRequest } from "./request.js";

export class StructureTable {
  readonly all: readonly ReportStructure[];
  /** How many the dictionary has. */
  readonly defined: number;
  /** Of N, and of a structure's ID. */
  readonly countType: number;
  readonly countWidth: number;
  readonly idType: number;
  readonly idWidth: number;

  /**
   * @param places for structures that the ground creates
   * @param now uptime, from which the first intervals count, in milliseconds
   */
  constructor(dictionary: Dictionary, pool: ParameterPool, settings: PusSettings, places: number, now: number) {
    const defined = definedStructures(dictionary, pool, now);
    this.defined = defined.length;
    this.all = [...defined, ...Array.from({ length: places }, () => new ReportStructure(pool, CREATED_PARAMETERS))];
    this.countType = kindOf(settings.countType);
    this.countWidth = widthOf(this.countType);
    this.idType = kindOf(settings.structureIdType);
    this.idWidth = widthOf(this.idType);
  }

  find(id: number): ReportStructure | undefined {
    for (let i = 0; i < this.all.length; i++) {
      const structure = this.all[i]!;
      if (structure.id === id && structure.state !== EMPTY) {
        return structure;
      }
    }
    return undefined;
  }

  emptyPlace(): ReportStructure | undefined {
    for (let i = this.defined; i < this.all.length; i++) {
      if (this.all[i]!.state === EMPTY) {
        return this.all[i];
      }
    }
    return undefined;
  }

  /** The structure whose ID stands at `at` of the application data. For those that there are. */
  at(request: PusRequest, at: number): ReportStructure {
    return this.find(request.field(this.idType, at)) as ReportStructure;
  }

  /**
   * Looks for an ID that no structure has, behind N.
   * @param itemLength octets of one item, which begins with a structure ID
   * @returns a failure code, with the ID left in the request
   */
  findUnknown(request: PusRequest, itemLength: number): number {
    for (let at = this.countWidth; at < request.applicationDataLength; at += itemLength) {
      const id = request.field(this.idType, at);
      if (this.find(id) === undefined) {
        request.failureData = id;
        return UNKNOWN_STRUCTURE;
      }
    }
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
