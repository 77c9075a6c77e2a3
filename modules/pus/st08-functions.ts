/**
 * ST[08] function management (ECSS-E-ST-70-41C, 6.8 and 8.8): 8,1 performs one of the board's functions.
 *
 * The standard's function ID is a character string of fixed length, and arguments may come in any order with IDs of
 * their own; here the ID is a number and the arguments are all there, in the order of their definition.
 */

import { kindOf, widthOf } from "../data/field-kinds.js";
import { MAX_VALUES } from "../dictionary/define-dictionary.js";
import type { Dictionary, FunctionDefinition } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_FUNCTION, VALUE_OUT_OF_RANGE } from "./failure-codes.js";
import type { PusRequest } from "./request.js";
import type { PusService, RequestDefinition } from "./service.js";
import { ValueField } from "./value-field.js";

export const FUNCTION_SERVICE = 8;
export const PERFORM_FUNCTION = 1;

/**
 * Does what a function of the dictionary is for. Gets as many values as there are arguments, zeros after them; a boolean is 0 or 1.
 * @returns a failure code; 0, or nothing, for success
 */
export type FunctionHandler = (
  argument0: number,
  argument1: number,
  argument2: number,
  argument3: number,
) => number | undefined;

class BoardFunction {
  readonly id: number;
  readonly handler: FunctionHandler;
  readonly fields: readonly ValueField[];
  /** Octets of the arguments. */
  readonly length: number;

  constructor({ id, arguments: fields = {} }: FunctionDefinition, handler: FunctionHandler) {
    this.id = id;
    this.handler = handler;
    this.fields = Object.values(fields).map((field) => new ValueField(field));
    this.length = this.fields.reduce((sum, field) => sum + field.length, 0);
  }
}

export interface FunctionOptions {
  dictionary: Dictionary;
  /** By name, one for each function of the dictionary. */
  handlers: Readonly<Record<string, FunctionHandler>>;
  settings?: PusSettings;
  /** Source data octets of the reports that a function may send, events included, and how many. Default none. */
  replyLength?: number;
  replies?: number;
}

export class FunctionService implements PusService {
  readonly serviceType = FUNCTION_SERVICE;
  readonly name = "functionManagement";
  readonly requests: readonly RequestDefinition[];
  readonly #functions: readonly BoardFunction[];
  readonly #idType: number;
  readonly #values = [0, 0, 0, 0];

  /** @throws RangeError when an ID is wider than its type, TypeError when a function has no handler */
  constructor(options: FunctionOptions) {
    const { dictionary, handlers, settings = DEFAULT_PUS_SETTINGS, replyLength = 0, replies = 0 } = options;
    const { functions = {} } = dictionary;
    checkIds("function", functions, settings.functionIdType);
    this.#functions = Object.keys(functions).map(
      (name) => new BoardFunction(functions[name]!, handlerOf(handlers, name)),
    );
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
      if (candidate.id === id) {
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
      const value = request.field(field.kind, at);
      if (!field.allows(value)) {
        request.failureData = i;
        return VALUE_OUT_OF_RANGE;
      }
      this.#values[i] = value;
      at += field.length;
    }
    for (let i = found.fields.length; i < MAX_VALUES; i++) {
      this.#values[i] = 0;
    }
    return SUCCESS;
  }

  #execute(request: PusRequest): number {
    const values = this.#values;
    return (this.#find(request) as BoardFunction).handler(values[0]!, values[1]!, values[2]!, values[3]!) ?? SUCCESS;
  }
}

function handlerOf(handlers: Readonly<Record<string, FunctionHandler>>, name: string): FunctionHandler {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (typeof handler !== "function") {
    throw new TypeError(`function "${name}" has no handler; bind one by its name`);
  }
  return handler;
}
