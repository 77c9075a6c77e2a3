/**
 * ST[08] function management (ECSS-E-ST-70-41C, 6.8 and 8.8): 8,1 performs one of the board's functions.
 *
 * The standard's function ID is a character string of fixed length, and arguments may come in any order with IDs of
 * their own; here the ID is a number and the arguments are all there, in the order of their definition.
 */

import { kindOf, widthOf } from "../data/field-kinds.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type FunctionDefinition, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_FUNCTION, VALUE_OUT_OF_RANGE } from "./failure-codes.js";
import type { PusRequest } from "./request.js";
import type { PusService, RequestDefinition } from "./service.js";
import { ValueField } from "./value-field.js";

export const FUNCTION_SERVICE = 8;
export const PERFORM_FUNCTION = 1;

/** Most arguments of a function: they are handed over one by one, so that calling it makes no array. */
export const MAX_FUNCTION_ARGUMENTS = 4;

class BoardFunction {
  readonly definition: FunctionDefinition;
  readonly fields: readonly ValueField[];
  /** Octets of the arguments. */
  readonly length: number;

  constructor(definition: FunctionDefinition) {
    const { name, arguments: fields = [] } = definition;
    if (fields.length > MAX_FUNCTION_ARGUMENTS) {
      throw new RangeError(
        `function "${name}" may have at most ${MAX_FUNCTION_ARGUMENTS} arguments, not ${fields.length}`,
      );
    }
    this.definition = definition;
    this.fields = fields.map((field) => new ValueField(field));
    this.length = this.fields.reduce((sum, field) => sum + field.width, 0);
  }
}

export interface FunctionOptions {
  functions: readonly FunctionDefinition[];
  settings?: PusSettings;
  /** Source data octets of the reports that a function may send, events included, and how many. Default none. */
  replyLength?: number;
  replies?: number;
}

export class FunctionService implements PusService {
  readonly serviceType = FUNCTION_SERVICE;
  readonly name = "functionManagement";
  readonly requests: readonly RequestDefinition[];
  /** As defined, for ground configuration: each has its own arguments. */
  readonly definitions: readonly FunctionDefinition[];
  readonly #functions: readonly BoardFunction[];
  readonly #idType: number;
  readonly #values = [0, 0, 0, 0];

  /** @throws RangeError when an ID is used twice or a function has too many arguments */
  constructor(options: FunctionOptions) {
    const { functions, settings = DEFAULT_PUS_SETTINGS, replyLength = 0, replies = 0 } = options;
    checkIds("function", functions, settings.functionIdType);
    this.definitions = functions;
    this.#functions = functions.map((definition) => new BoardFunction(definition));
    this.#idType = kindOf(settings.functionIdType);
    this.requests = [
      {
        messageSubtype: PERFORM_FUNCTION,
        name: "performFunction",
        arguments: [{ name: "functionId", type: settings.functionIdType }],
        maxDataLength: this.#functions.reduce((length, candidate) => Math.max(length, candidate.length), 0),
        replyLength,
        replies,
        lengthOf: (request) => this.#lengthOf(request),
        start: (request) => this.#start(request),
        execute: (request) => this.#execute(request),
      },
    ];
  }

  #find(request: PusRequest): BoardFunction | undefined {
    const id = request.field(this.#idType, 0);
    for (let i = 0; i < this.#functions.length; i++) {
      const candidate = this.#functions[i]!;
      if (candidate.definition.id === id) {
        return candidate;
      }
    }
    return undefined;
  }

  /** An unknown function has no wrong length: it is refused for being unknown. */
  #lengthOf(request: PusRequest): number {
    const found = this.#find(request);
    return found === undefined ? request.applicationDataLength : widthOf(this.#idType) + found.length;
  }

  #start(request: PusRequest): number {
    const found = this.#find(request);
    if (found === undefined) {
      request.failureData = request.field(this.#idType, 0);
      return UNKNOWN_FUNCTION;
    }
    let at = widthOf(this.#idType);
    for (let i = 0; i < found.fields.length; i++) {
      const field = found.fields[i]!;
      const value = request.field(field.type, at);
      if (!field.allows(value)) {
        request.failureData = i;
        return VALUE_OUT_OF_RANGE;
      }
      this.#values[i] = value;
      at += field.width;
    }
    for (let i = found.fields.length; i < MAX_FUNCTION_ARGUMENTS; i++) {
      this.#values[i] = 0;
    }
    return SUCCESS;
  }

  #execute(request: PusRequest): number {
    const values = this.#values;
    return (this.#find(request) as BoardFunction).definition.execute(values[0]!, values[1]!, values[2]!, values[3]!);
  }
}
