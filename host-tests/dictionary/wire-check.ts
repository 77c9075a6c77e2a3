/**
 * What a board of a random dictionary sends is read by a decoder made of the JSON, and what that encoder writes is taken: each value comes
 * out as it was set. For Node and for XS.
 */
import type { Dictionary, ValueDefinition } from "../../modules/dictionary/dictionary.js";
import type { AnyBoard } from "../../modules/flatsat/board-module.js";
import { Random } from "../framing/random.js";
import { OwnBoard } from "../pus/own-board.js";
import { TestLog, toHex } from "../pus/support.js";
import { type Decoded, decode, encode, type Scalar } from "./independent-codec.js";
import { randomDictionary, randomValue, valueBeyond } from "./random-dictionaries.js";

const log = new TestLog(32_768);
/** Most parameters in a request of ST[20]. */
const MAX_COUNT = 16;

function same(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) {
    return Object.is(found, wanted);
  }
  if (Array.isArray(wanted)) {
    // By index: XS's keys of an array are not to be relied on.
    return Array.isArray(found) && found.length === wanted.length && wanted.every((value, k) => same(found[k], value));
  }
  const [a, b] = [Object.entries(found as object), Object.entries(wanted)];
  return a.length === b.length && b.every(([key, value], k) => a[k]![0] === key && same(a[k]![1], value));
}

function expectSame(found: unknown, wanted: unknown, what: string): void {
  if (!same(found, wanted)) {
    throw new Error(`${what}: ${JSON.stringify(found)} came, and it is ${JSON.stringify(wanted)}`);
  }
}

function number(value: number, octets: number): number[] {
  return Array.from({ length: octets }, (_, k) => Math.floor(value / 256 ** (octets - 1 - k)) % 256);
}

function isScalar({ type, count, bits }: ValueDefinition): boolean {
  return type !== "ascii" && type !== "bytes" && count === undefined && bits === undefined;
}

class Trial {
  readonly #random: Random;
  /** What the ground has of it. */
  readonly #json: Dictionary;
  readonly #board: OwnBoard;
  /** By name: what each parameter is. */
  readonly #values: Record<string, Decoded> = {};
  /** What the functions were given. */
  readonly #calls: number[][] = [];

  constructor(seed: number) {
    this.#random = new Random(seed);
    const dictionary = randomDictionary(this.#random);
    this.#json = JSON.parse(JSON.stringify(dictionary)) as Dictionary;
    log.take();
    this.#board = new OwnBoard(dictionary, { log, bind: (board) => this.#bind(board) });
  }

  #bind(board: AnyBoard) {
    const parameters: Record<string, () => Scalar> = {};
    for (const [name, definition] of Object.entries(this.#json.parameters!)) {
      const value = randomValue(this.#random, definition);
      this.#values[name] = value;
      if (isScalar(definition) && definition.settable !== true && this.#random.below(2) === 0) {
        parameters[name] = () => this.#values[name] as Scalar;
      } else {
        this.#set(board, name, value);
      }
    }
    const call = (...values: number[]): undefined => {
      this.#calls.push(values);
    };
    return {
      parameters,
      functions: Object.fromEntries(Object.keys(this.#json.functions!).map((name) => [name, call])),
    };
  }

  #set(board: AnyBoard, name: string, value: Decoded): void {
    const { pool } = board;
    const handle = board.parameter(name);
    if (typeof value === "string") {
      pool.setText(handle, value);
    } else if (Array.isArray(value)) {
      value.forEach((element, k) => {
        pool.set(handle, element, k);
      });
    } else if (typeof value === "object") {
      for (const [part, number] of Object.entries(value)) {
        pool.setBits(board.bits(name, part), number);
      }
    } else {
      pool.set(handle, value);
    }
  }

  /** The one report of this kind since the last time. */
  #report(kind: string): Uint8Array {
    const reports = this.#board.take().filter((report) => report.kind === kind);
    if (reports.length !== 1) {
      throw new Error(`${reports.length} reports ${kind}`);
    }
    return reports[0]!.data;
  }

  structures(): void {
    for (const [name, { id, parameters }] of Object.entries(this.#json.structures!)) {
      this.#board.housekeeping.send(id);
      const data = this.#report("3,25");
      expectSame(data[0], id, name);
      const definitions = parameters.map((each) => this.#json.parameters![each]!);
      expectSame(
        decode(definitions, data, 1),
        parameters.map((each) => this.#values[each]),
        `structure ${name}`,
      );
    }
  }

  events(): void {
    const severities = ["informative", "low", "medium", "high"];
    for (const [name, { id, severity, values = {} }] of Object.entries(this.#json.events!)) {
      const definitions = Object.values(values);
      const wanted = definitions.map((definition) => randomValue(this.#random, definition));
      const [a, b, c, d] = wanted.map(Number);
      this.#board.access.raise(this.#board.access.event(name), a, b, c, d);
      const data = this.#report(`5,${1 + severities.indexOf(severity)}`);
      expectSame(Array.from(data.subarray(0, 2)), number(id, 2), `event ${name}`);
      expectSame(decode(definitions, data, 2), wanted, `event ${name}`);
    }
  }

  functions(): void {
    for (const [name, definition] of Object.entries(this.#json.functions!)) {
      const definitions = Object.values(definition.arguments ?? {});
      const wanted = definitions.map((each) => randomValue(this.#random, each));
      const octets = definitions.flatMap((each, k) => Array.from(encode(each, wanted[k]!)));
      this.#calls.length = 0;
      this.#board.send(8, 1, Uint8Array.of(definition.id, ...octets));
      this.#report("1,7");
      expectSame(this.#calls, [[...wanted.map(Number), 0, 0, 0, 0].slice(0, 4)], `function ${name}`);
    }
  }

  /** All of them, as ST[20] reports them. */
  parameters(): void {
    const names = Object.keys(this.#json.parameters!);
    for (let from = 0; from < names.length; from += MAX_COUNT) {
      const some = names.slice(from, from + MAX_COUNT);
      const definitions = some.map((name) => this.#json.parameters![name]!);
      this.#board.send(20, 1, Uint8Array.of(some.length, ...definitions.flatMap(({ id }) => number(id, 2))));
      const data = this.#report("20,2");
      const found = decode([{ type: "uint8" }, ...definitions.flatMap((each) => [{ type: "uint16" }, each])], data);
      const wanted = some.flatMap((name, k) => [definitions[k]!.id, this.#values[name]!]);
      expectSame(found, [some.length, ...wanted], "20,2");
    }
  }

  settings(): void {
    for (const [name, definition] of Object.entries(this.#json.parameters!)) {
      const { id, settable } = definition;
      const value = randomValue(this.#random, definition);
      this.#board.send(20, 3, Uint8Array.of(1, ...number(id, 2), ...encode(definition, value)));
      if (settable !== true) {
        expectSame(
          toHex(this.#report("1,4")),
          `00140000${toHex(Uint8Array.from(number(id, 2)))}`,
          `${name} is read-only`,
        );
        continue;
      }
      this.#report("1,7");
      this.#values[name] = value;
      const beyond = valueBeyond(definition);
      if (beyond !== undefined) {
        this.#board.send(20, 3, Uint8Array.of(1, ...number(id, 2), ...encode(definition, beyond)));
        expectSame(
          toHex(this.#report("1,4")),
          `00150000${toHex(Uint8Array.from(number(id, 2)))}`,
          `${name} of ${beyond}`,
        );
      }
    }
    this.parameters();
    this.structures();
  }

  reports(): void {
    for (const [name, report] of Object.entries(this.#json.services!["own"]!.reports!)) {
      const { countType, items, maxCount } = report.list!;
      const head = Object.values(report.values ?? {}).map(({ bits: _, ...each }): ValueDefinition => each);
      const count = this.#random.below(maxCount + 1);
      const behind = Array.from({ length: count }, () => Object.values(items)).flat();
      const [values, elements] = [head, behind].map((some) => some.map((each) => randomValue(this.#random, each)));
      const handle = this.#board.access.report("own", name);
      handle.beginList(count);
      for (const [k, value] of values!.entries()) {
        const padded = typeof value === "string" ? encode(head[k]!, value) : [value].flat();
        padded.forEach((element) => {
          handle.put(element as Scalar);
        });
      }
      elements!.forEach((element) => {
        handle.put(element as Scalar);
      });
      handle.end();
      const data = this.#report(`200,${report.subtype}`);
      expectSame(
        decode([...head, { type: countType }, ...behind], data),
        [...values!, count, ...elements!],
        `report ${name}`,
      );
    }
  }
}

/** @throws Error that says what came, and what it is */
export function checkWire(seed: number): void {
  const trial = new Trial(seed);
  trial.structures();
  trial.events();
  trial.functions();
  trial.parameters();
  trial.settings();
  trial.reports();
}

Object.assign(globalThis, {
  checkWires: (seeds: readonly number[]) => {
    for (const seed of seeds) {
      try {
        checkWire(seed);
      } catch (error) {
        return `${seed}: ${(error as Error).stack ?? error}`;
      }
    }
    return "";
  },
});
