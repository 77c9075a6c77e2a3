/**
 * ST[20] parameter management (ECSS-E-ST-70-41C, 6.20 and 8.20): reads parameters, and sets those that have a setter.
 *
 * A request is looked at as a whole before any parameter is set. When a setter refuses its value all the same, the
 * ones before it stay set, and the failed completion names the parameter.
 */
import { copyBytes } from "../ccsds/copy-bytes.js";
import { checkWithin } from "../checks/options.js";
import { show } from "../checks/show.js";
import { FieldCodec } from "../data/field-codec.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import {
  READ_ONLY_PARAMETER,
  REPORT_TOO_LONG,
  SUCCESS,
  UNKNOWN_PARAMETER,
  VALUE_OUT_OF_RANGE,
  VALUE_REFUSED,
} from "./failure-codes.js";
import { MAX_PARAMETERS, PARAMETER_REPORT, PARAMETER_SERVICE, parameterMessages } from "./messages/st20-messages.js";
import { NO_PARAMETER, type ParameterPool } from "./parameter-pool.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import { type PusService, UNKNOWN_VARIANT } from "./service.js";
import { ValueTable } from "./value-table.js";

/**
 * Takes a value that the ground sets, within its definition's limits; the pool has it afterwards.
 * @returns false when it cannot be had; true, or nothing, otherwise
 */
export type ParameterSetter = (value: number) => boolean | undefined;

export interface ParameterOptions {
  reports: ReportWriter;
  dictionary: Dictionary;
  pool: ParameterPool;
  /** By name, of parameters that can be set. Without one, the pool takes the value. */
  setters?: Readonly<Record<string, ParameterSetter>>;
  settings?: PusSettings;
  /** Most parameters in one request, 1 to 255; default 16. */
  maxCount?: number;
}

export class ParameterService {
  readonly #settings: PusSettings;
  readonly #maxCount: number;
  readonly #reports: ReportWriter;
  readonly #pool: ParameterPool;
  /** Of each parameter that the ground may set: handle, setter, kind and limits. */
  readonly #settable: Uint16Array;
  readonly #setters: readonly (ParameterSetter | undefined)[];
  readonly #values: ValueTable;
  readonly #codec = new FieldCodec();
  readonly #countType: number;
  readonly #idType: number;

  /** @throws RangeError when an ID is wider than its type, or an option is out of its range */
  constructor(options: ParameterOptions) {
    const { dictionary, pool, setters = {}, settings = DEFAULT_PUS_SETTINGS, maxCount = MAX_PARAMETERS } = options;
    const { parameters = {} } = dictionary;
    checkIds("parameter", parameters, settings.parameterIdType);
    checkWithin("maxCount", maxCount, 1, 255, " parameters in a request");
    this.#reports = options.reports;
    this.#pool = pool;
    const settable = Object.keys(parameters).filter((name) => parameters[name]!.settable === true);
    this.#settable = Uint16Array.from(settable.map((name) => pool.find(parameters[name]!.id)));
    this.#setters = settable.map((name) => (Object.hasOwn(setters, name) ? setters[name] : undefined));
    this.#values = new ValueTable(settable.map((name) => parameters[name]!));
    this.#countType = kindOf(settings.countType);
    this.#idType = kindOf(settings.parameterIdType);
    this.#settings = settings;
    this.#maxCount = maxCount;
  }

  /** For the dispatcher. */
  asService(): PusService {
    const pool = this.#pool;
    const maxCount = this.#maxCount;
    let widest = 0;
    for (let handle = 0; handle < pool.count; handle++) {
      widest = Math.max(widest, pool.lengthOf(handle));
    }
    return {
      name: "parameterManagement",
      definition: parameterMessages(this.#settings, maxCount),
      requests: {
        reportParameters: {
          replyLength: widthOf(this.#countType) + maxCount * (widthOf(this.#idType) + widest),
          start: (request) => this.#checkIds(request),
          execute: (request) => this.#report(request),
        },
        setParameters: {
          lengthOfVariant: (id) => this.#lengthOf(id),
          start: (request) => this.#checkValues(request),
          execute: (request) => this.#set(request),
        },
      },
    };
  }

  /** Handle of the parameter whose ID stands at `at` of the application data. */
  #at(request: PusRequest, at: number): number {
    return this.#pool.find(request.field(this.#idType, at));
  }

  /** Place among the parameters that the ground may set, or -1. */
  #settableOf(handle: number): number {
    for (let place = 0; place < this.#settable.length; place++) {
      if (this.#settable[place] === handle) {
        return place;
      }
    }
    return -1;
  }

  #checkIds(request: PusRequest): number {
    let length = widthOf(this.#countType);
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += widthOf(this.#idType)) {
      const handle = this.#at(request, at);
      if (handle === NO_PARAMETER) {
        return this.#refuse(request, at, UNKNOWN_PARAMETER);
      }
      length += widthOf(this.#idType) + this.#pool.lengthOf(handle);
    }
    if (length > this.#reports.maxSourceDataLength) {
      request.failureData = length;
      return REPORT_TOO_LONG;
    }
    return SUCCESS;
  }

  /** @returns the code, with the parameter's ID left in the request */
  #refuse(request: PusRequest, at: number, code: number): number {
    request.failureData = request.field(this.#idType, at);
    return code;
  }

  #report(request: PusRequest): number {
    const reports = this.#reports;
    const pool = this.#pool;
    const idWidth = widthOf(this.#idType);
    let length = widthOf(this.#countType);
    for (let at = length; at < request.applicationDataLength; at += idWidth) {
      const handle = this.#at(request, at);
      // Before the report is begun: a value that cannot be read is an event, which needs a report of its own.
      pool.refresh(handle);
      length += idWidth + pool.lengthOf(handle);
    }
    if (!reports.begin(PARAMETER_SERVICE, PARAMETER_REPORT, length)) {
      return SUCCESS;
    }
    reports.putField(this.#countType, request.field(this.#countType, 0));
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += idWidth) {
      const handle = this.#at(request, at);
      reports.putField(this.#idType, pool.idOf(handle));
      reports.putBytes(pool.bytes, pool.startOf(handle), pool.endOf(handle));
    }
    reports.end();
    return SUCCESS;
  }

  #lengthOf(id: number): number {
    const handle = this.#pool.find(id);
    return handle === NO_PARAMETER ? UNKNOWN_VARIANT : this.#pool.lengthOf(handle);
  }

  #checkValues(request: PusRequest): number {
    let at = widthOf(this.#countType);
    while (at < request.applicationDataLength) {
      const handle = this.#at(request, at);
      if (handle === NO_PARAMETER) {
        return this.#refuse(request, at, UNKNOWN_PARAMETER);
      }
      const place = this.#settableOf(handle);
      if (place < 0) {
        return this.#refuse(request, at, READ_ONLY_PARAMETER);
      }
      const valueAt = request.applicationDataStart + at + widthOf(this.#idType);
      if (!this.#values.allowsAll(place, this.#codec, request.bytes, valueAt)) {
        return this.#refuse(request, at, VALUE_OUT_OF_RANGE);
      }
      at += widthOf(this.#idType) + this.#values.lengthOf(place);
    }
    return SUCCESS;
  }

  #set(request: PusRequest): number {
    let at = widthOf(this.#countType);
    while (at < request.applicationDataLength) {
      const handle = this.#at(request, at);
      const place = this.#settableOf(handle);
      const setter = this.#setters[place];
      const valueAt = at + widthOf(this.#idType);
      if (setter !== undefined) {
        // Said before: whoever is told that a setter failed is told whose it was.
        const refusal = this.#refuse(request, at, VALUE_REFUSED);
        if (!takes(setter, request.field(this.#values.kindOf(place), valueAt))) {
          return refusal;
        }
      }
      const start = request.applicationDataStart + valueAt;
      const length = this.#values.lengthOf(place);
      copyBytes(request.bytes, start, start + length, this.#pool.bytes, this.#pool.startOf(handle));
      at = valueAt + length;
    }
    return SUCCESS;
  }
}

/** @throws TypeError when the setter says neither yes nor no: taken in silence, a value that was to be refused is worse than a failure */
function takes(setter: ParameterSetter, value: number): boolean {
  const answer: unknown = setter(value);
  if (answer !== undefined && answer !== true && answer !== false) {
    throw new TypeError(`a setter must return true, false, or nothing, not ${show(answer)}`);
  }
  return answer !== false;
}
