/**
 * ST[20] parameter management (ECSS-E-ST-70-41C, 6.20 and 8.20): reads parameters, and sets those that have a setter.
 *
 * A request is looked at as a whole before any parameter is set. When a setter refuses its value all the same, the
 * ones before it stay set, and the failed completion names the parameter.
 */
import { checkWithin } from "../checks/options.js";
import { kindOf, widthOf } from "../data/field-kinds.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type ParameterDefinition, type PusSettings } from "./definitions.js";
import { READ_ONLY_PARAMETER, SUCCESS, UNKNOWN_PARAMETER, VALUE_OUT_OF_RANGE, VALUE_REFUSED } from "./failure-codes.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService, ReportDefinition, RequestDefinition } from "./service.js";
import { ValueField } from "./value-field.js";

export const PARAMETER_SERVICE = 20;
export const REPORT_PARAMETERS = 1;
export const PARAMETER_REPORT = 2;
export const SET_PARAMETERS = 3;

class Parameter {
  readonly definition: ParameterDefinition;
  readonly field: ValueField;

  constructor(definition: ParameterDefinition) {
    this.definition = definition;
    this.field = new ValueField(definition);
  }
}

export interface ParameterOptions {
  reports: ReportWriter;
  parameters: readonly ParameterDefinition[];
  settings?: PusSettings;
  /** Most parameters in one request, 1 to 255; default 16. */
  maxCount?: number;
}

export class ParameterService implements PusService {
  readonly serviceType = PARAMETER_SERVICE;
  readonly name = "parameterManagement";
  readonly requests: readonly RequestDefinition[];
  readonly reports: readonly ReportDefinition[];
  /** As defined, for ground configuration: an ID in a message is followed by a value of its parameter's type. */
  readonly definitions: readonly ParameterDefinition[];
  readonly #reports: ReportWriter;
  readonly #parameters: ReadonlyMap<number, Parameter>;
  readonly #countType: number;
  readonly #idType: number;

  /** @throws RangeError when an ID is used twice, or an option or a limit is out of its range */
  constructor(options: ParameterOptions) {
    const { parameters, settings = DEFAULT_PUS_SETTINGS, maxCount = 16 } = options;
    checkIds("parameter", parameters, settings.parameterIdType);
    checkWithin("maxCount", maxCount, 1, 255, " parameters in a request");
    this.definitions = parameters;
    this.#reports = options.reports;
    this.#parameters = new Map(parameters.map((definition) => [definition.id, new Parameter(definition)]));
    this.#countType = kindOf(settings.countType);
    this.#idType = kindOf(settings.parameterIdType);
    const { countType } = settings;
    const id = { name: "parameterId", type: settings.parameterIdType };
    const widest = parameters.reduce((width, { type }) => Math.max(width, widthOf(kindOf(type))), 0);
    const itemLength = widthOf(this.#idType) + widest;
    const ids = { countType, items: [id], maxCount };
    const pairs = { countType, items: [id], maxCount, withValues: true };
    this.requests = [
      {
        messageSubtype: REPORT_PARAMETERS,
        name: "reportParameters",
        list: ids,
        replyLength: widthOf(this.#countType) + maxCount * itemLength,
        start: (request) => this.#checkIds(request),
        execute: (request) => this.#report(request),
      },
      {
        messageSubtype: SET_PARAMETERS,
        name: "setParameters",
        list: pairs,
        maxDataLength: maxCount * widest,
        lengthOf: (request) => this.#lengthOf(request),
        start: (request) => this.#checkValues(request),
        execute: (request) => this.#set(request),
      },
    ];
    this.reports = [{ messageSubtype: PARAMETER_REPORT, name: "parameterReport", list: pairs }];
  }

  /** The parameter whose ID stands at `at` of the application data. */
  #at(request: PusRequest, at: number): Parameter | undefined {
    return this.#parameters.get(request.field(this.#idType, at));
  }

  #checkIds(request: PusRequest): number {
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += widthOf(this.#idType)) {
      if (this.#at(request, at) === undefined) {
        return this.#refuse(request, at, UNKNOWN_PARAMETER);
      }
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
    const idWidth = widthOf(this.#idType);
    let length = widthOf(this.#countType);
    for (let at = length; at < request.applicationDataLength; at += idWidth) {
      length += idWidth + (this.#at(request, at) as Parameter).field.width;
    }
    if (!reports.begin(PARAMETER_SERVICE, PARAMETER_REPORT, length)) {
      return SUCCESS;
    }
    reports.putField(this.#countType, request.field(this.#countType, 0));
    for (let at = widthOf(this.#countType); at < request.applicationDataLength; at += idWidth) {
      const parameter = this.#at(request, at) as Parameter;
      reports.putField(this.#idType, parameter.definition.id);
      reports.putField(parameter.field.type, parameter.definition.get());
    }
    reports.end();
    return SUCCESS;
  }

  /** How long N pairs of ID and value are. From an unknown ID on nobody knows: that is not a matter of length. */
  #lengthOf(request: PusRequest): number {
    const available = request.applicationDataLength;
    const count = request.field(this.#countType, 0);
    let at = widthOf(this.#countType);
    for (let i = 0; i < count; i++) {
      if (at + widthOf(this.#idType) > available) {
        return -1;
      }
      const parameter = this.#at(request, at);
      if (parameter === undefined) {
        return available;
      }
      at += widthOf(this.#idType) + parameter.field.width;
    }
    return at;
  }

  #checkValues(request: PusRequest): number {
    let at = widthOf(this.#countType);
    while (at < request.applicationDataLength) {
      const parameter = this.#at(request, at);
      if (parameter === undefined) {
        return this.#refuse(request, at, UNKNOWN_PARAMETER);
      }
      if (parameter.definition.set === undefined) {
        return this.#refuse(request, at, READ_ONLY_PARAMETER);
      }
      const value = request.field(parameter.field.type, at + widthOf(this.#idType));
      if (!parameter.field.allows(value)) {
        return this.#refuse(request, at, VALUE_OUT_OF_RANGE);
      }
      at += widthOf(this.#idType) + parameter.field.width;
    }
    return SUCCESS;
  }

  #set(request: PusRequest): number {
    let at = widthOf(this.#countType);
    while (at < request.applicationDataLength) {
      const parameter = this.#at(request, at) as Parameter;
      const value = request.field(parameter.field.type, at + widthOf(this.#idType));
      if (parameter.definition.set?.(value) === false) {
        return this.#refuse(request, at, VALUE_REFUSED);
      }
      at += widthOf(this.#idType) + parameter.field.width;
    }
    return SUCCESS;
  }
}
