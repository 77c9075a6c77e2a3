/**
 * ST[08] function management (ECSS-E-ST-70-41C, 6.8 and 8.8): 8,1 performs one of the board's functions.
 *
 * The standard's function ID is a character string of fixed length, and arguments may come in any order with IDs of
 * their own; here the ID is a number and the arguments are all there, in the order of their definition.
 */

import { show } from "../checks/show.js";
import { kindOf, NUMBER_KINDS, widthOf } from "../data/field-kinds.js";
import { MAX_VALUES } from "../dictionary/define-dictionary.js";
import type { Dictionary } from "../dictionary/dictionary.js";
import { checkIds, DEFAULT_PUS_SETTINGS, type PusSettings } from "./definitions.js";
import { SUCCESS, UNKNOWN_FUNCTION, VALUE_OUT_OF_RANGE } from "./failure-codes.js";
import { functionMessages } from "./messages/st08-messages.js";
import type { PusRequest } from "./request.js";
import { type PusService, UNKNOWN_VARIANT } from "./service.js";
import { ValueTable } from "./value-table.js";

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

export interface FunctionOptions {
  dictionary: Dictionary;
  /** By name, one for each function of the dictionary. */
  handlers: Readonly<Record<string, FunctionHandler>>;
  settings?: PusSettings;
  /** Source data octets of the reports that a function may send, events included, and how many. Default none. */
  replyLength?: number;
  replies?: number;
}

export class FunctionService {
  readonly #settings: PusSettings;
  readonly #replyLength: number;
  readonly #replies: number;
  /** By the place of a function: ID, handler, the place of its first argument among all. */
  readonly #ids: Uint16Array;
  readonly #handlers: readonly FunctionHandler[];
  readonly #firsts: Uint16Array;
  readonly #arguments: ValueTable;
  readonly #idType: number;
  readonly #values = [0, 0, 0, 0];
  /** The greatest that a failure report has room for. */
  readonly #maxFailureCode: number;

  /** @throws RangeError when an ID is wider than its type, TypeError when a function has no handler */
  constructor(options: FunctionOptions) {
    const { dictionary, handlers, settings = DEFAULT_PUS_SETTINGS } = options;
    const { functions = {} } = dictionary;
    checkIds("function", functions, settings.functionIdType);
    const names = Object.keys(functions);
    const all = names.map((name) => Object.values(functions[name]!.arguments ?? {}));
    this.#ids = Uint16Array.from(names.map((name) => functions[name]!.id));
    this.#handlers = names.map((name) => handlerOf(handlers, name));
    this.#firsts = new Uint16Array(names.length + 1);
    all.forEach((values, place) => {
      this.#firsts[place + 1] = this.#firsts[place]! + values.length;
    });
    this.#arguments = new ValueTable(all.flat());
    this.#idType = kindOf(settings.functionIdType);
    this.#maxFailureCode = NUMBER_KINDS[kindOf(settings.failureCodeType)]!.maximum;
    this.#settings = settings;
    this.#replyLength = options.replyLength ?? 0;
    this.#replies = options.replies ?? 0;
  }

  /** For the dispatcher. */
  asService(): PusService {
    return {
      name: "functionManagement",
      definition: functionMessages(this.#settings),
      requests: {
        performFunction: {
          replyLength: this.#replyLength,
          replies: this.#replies,
          lengthOfVariant: (id) => this.#lengthOf(id),
          start: (request) => this.#start(request),
          execute: (request) => this.#execute(request),
        },
      },
    };
  }

  /** Place of a function, or -1. */
  #find(id: number): number {
    for (let place = 0; place < this.#ids.length; place++) {
      if (this.#ids[place] === id) {
        return place;
      }
    }
    return -1;
  }

  #lengthOf(id: number): number {
    const place = this.#find(id);
    if (place < 0) {
      return UNKNOWN_VARIANT;
    }
    let length = 0;
    for (let k = this.#firsts[place]!; k < this.#firsts[place + 1]!; k++) {
      length += this.#arguments.lengthOf(k);
    }
    return length;
  }

  #start(request: PusRequest): number {
    const id = request.field(this.#idType, 0);
    const place = this.#find(id);
    if (place < 0) {
      request.failureData = id;
      return UNKNOWN_FUNCTION;
    }
    const first = this.#firsts[place]!;
    const count = this.#firsts[place + 1]! - first;
    let at = widthOf(this.#idType);
    for (let i = 0; i < MAX_VALUES; i++) {
      this.#values[i] = 0;
      if (i < count) {
        const value = request.field(this.#arguments.kindOf(first + i), at);
        if (!this.#arguments.allows(first + i, value)) {
          request.failureData = i;
          return VALUE_OUT_OF_RANGE;
        }
        this.#values[i] = value;
        at += this.#arguments.lengthOf(first + i);
      }
    }
    return SUCCESS;
  }

  #execute(request: PusRequest): number {
    const values = this.#values;
    const code: unknown =
      this.#handlers[this.#find(request.field(this.#idType, 0))]!(values[0]!, values[1]!, values[2]!, values[3]!) ??
      SUCCESS;
    if (!isWithin(code, this.#maxFailureCode)) {
      // Nobody completes a function later, so it cannot be in progress either.
      throw new TypeError(
        `a function must return nothing, 0, or a failure code up to ${this.#maxFailureCode}, not ${show(code)}`,
      );
    }
    return code;
  }
}

function handlerOf(handlers: Readonly<Record<string, FunctionHandler>>, name: string): FunctionHandler {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (typeof handler !== "function") {
    throw new TypeError(`function "${name}" has no handler; bind one by its name`);
  }
  return handler;
}

/** Asked without `typeof`, whose words take chunk memory on XS each time. */
function isWithin(code: unknown, most: number): code is number {
  return (
    (code as number) === +(code as number) &&
    (code as number) >= SUCCESS &&
    (code as number) <= most &&
    (code as number) % 1 === 0
  );
}
