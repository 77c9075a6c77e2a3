/** Structures, values for them and damage, all made of a seed. Knows no platform: also runs inside XS. */
import type { FieldDescription } from "../../modules/data/description.js";
import { PayloadError } from "../../modules/data/errors.js";
import { Structure } from "../../modules/data/structure.js";
import { Random } from "../framing/random.js";

export interface Spec {
  readonly endianness: "big" | "little";
  readonly fields: FieldDescription[];
  readonly structure: Structure<readonly FieldDescription[]>;
  /** By the names of their fields. */
  readonly nested: ReadonlyMap<string, Spec>;
}

export type Value = Record<string, unknown>;

const NUMBERS = [
  ...(["uint8", "uint16", "uint24", "uint32", "uint64", "float32"] as const),
  ...(["int8", "int16", "int24", "int32", "int64", "float64"] as const),
];
const COUNTS = ["uint8", "uint16", "uint24", "uint32"] as const;
const SPECIAL = [0, -0, 1.5, -1e-40, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)] as T;
}

/** @param depth how far structures may be nested yet @param varies whether lengths may */
export function randomSpec(random: Random, depth = 2, varies = true): Spec {
  const fields: FieldDescription[] = [];
  const nested = new Map<string, Spec>();
  /** Paths of fields that may say how many. */
  const counters: string[] = [];
  const amount = 1 + random.below(7);
  for (let i = 0; i < amount; i++) {
    const name = `f${i}`;
    const endianness = random.below(3) === 0 ? { endianness: pick(random, ["big", "little"] as const) } : {};
    const counter = varies && counters.length > 0 && random.below(3) > 0 ? pick(random, counters) : undefined;
    const count =
      counter !== undefined ? { count: counter } : random.below(3) === 0 ? { count: 1 + random.below(4) } : {};
    switch (random.below(depth > 0 ? 9 : 7)) {
      case 0:
        fields.push({ type: "padding", length: 1 + random.below(5), value: random.below(256) });
        break;
      case 1:
        fields.push({ type: "constant", value: [...random.bytes(1 + random.below(3))] });
        break;
      case 2:
        fields.push({ name, type: pick(random, ["bytes", "ascii"] as const), length: counter ?? 1 + random.below(9) });
        break;
      case 3:
        fields.push({ ...endianness, ...randomBits(random, name) });
        break;
      case 4:
        if (varies) {
          fields.push({ name: `n${i}`, type: pick(random, COUNTS), ...endianness });
          counters.push(`n${i}`);
        }
        break;
      case 7:
      case 8: {
        const inner = randomSpec(random, depth - 1, varies && !("count" in count));
        nested.set(name, inner);
        fields.push({ name, type: inner.structure, ...count });
        break;
      }
      default:
        fields.push({ name, type: pick(random, NUMBERS), ...endianness, ...count });
    }
  }
  if (fields.length === 0) {
    fields.push({ name: "only", type: "uint8" });
  }
  const endianness = pick(random, ["big", "little"] as const);
  return { endianness, fields, nested, structure: new Structure({ endianness, fields }) };
}

function randomBits(random: Random, name: string) {
  const type = pick(random, COUNTS);
  let left = Number(type.slice(4));
  const bits: { name?: string; width: number }[] = [];
  while (left > 0) {
    const width = Math.min(1 + random.below(left === 32 ? 32 : 14), left);
    bits.push(random.below(4) === 0 ? { width } : { name: `${name}_${bits.length}`, width });
    left -= width;
  }
  return { type, bits };
}

/** A value with everything in it, counts included. */
export function randomValue(spec: Spec, random: Random): Value {
  const value: Value = {};
  for (const field of spec.fields) {
    if ("bits" in field) {
      for (const { name, width } of field.bits) {
        if (name !== undefined) {
          value[name] = random.next() % 2 ** width;
        }
      }
    } else if ("name" in field && field.name !== undefined) {
      value[field.name] = randomFieldValue(spec, field, value, random);
    }
  }
  return value;
}

function randomFieldValue(spec: Spec, field: FieldDescription, value: Value, random: Random): unknown {
  const { name } = field as { name: string };
  if (field.type === "bytes" || field.type === "ascii") {
    const { length } = field as { length: number | string };
    const amount = typeof length === "string" ? (value[length] as number) : length;
    if (field.type === "bytes") {
      return random.bytes(amount);
    }
    // In a fixed length, text may be shorter, and its padding is no part of it.
    const size = typeof length === "string" ? amount : random.below(amount + 1);
    return String.fromCharCode(...Array.from({ length: size }, () => 1 + random.below(127)));
  }
  const one = () => {
    const inner = spec.nested.get(name);
    return inner === undefined ? randomNumber(field.type as string, name, random) : randomValue(inner, random);
  };
  const { count } = field as { count?: number | string };
  const amount = typeof count === "string" ? (value[count] as number) : count;
  return amount === undefined ? one() : Array.from({ length: amount }, one);
}

function randomNumber(type: string, name: string, random: Random): number | bigint {
  if (name.startsWith("n")) {
    return random.below(6);
  }
  const width = Number(type.replace(/[a-z]+/, ""));
  if (type.startsWith("float")) {
    const any =
      random.below(3) === 0 ? pick(random, SPECIAL) : (random.next() - 2 ** 31) * 2 ** (random.below(40) - 30);
    return width === 32 ? Math.fround(any) : any;
  }
  if (width === 64) {
    const any = (BigInt(random.next()) << 32n) | BigInt(random.next());
    const some = any >> BigInt(random.below(64));
    return type === "int64" ? BigInt.asIntN(64, random.below(2) === 0 ? some : -some) : some;
  }
  const any = random.next() % 2 ** width;
  return type.startsWith("int") ? any - 2 ** (width - 1) : any;
}

/** What became of random structures, one line each: the same on every engine. */
export function runStructures(from: number, count: number): string {
  const lines: string[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const random = new Random(seed);
    const { structure } = randomSpec(random, 2);
    lines.push(`${seed} ${show([...structure.layout.fields.values()].map((field) => [field.name, field.offset]))}`);
  }
  for (let seed = from; seed < from + count; seed++) {
    const random = new Random(seed);
    const spec = randomSpec(random, 2);
    const bytes = spec.structure.encode(randomValue(spec, random) as never);
    lines.push(`${seed} ${show(bytes)} ${show(spec.structure.decode(bytes))}`);
    for (let k = 0; k < 6; k++) {
      const damaged = random.below(2) === 0 ? bytes.slice(0, random.below(bytes.length)) : bytes.slice();
      if (damaged.length > 0) {
        damaged[random.below(damaged.length)] = random.below(256);
      }
      lines.push(attempt(() => show(spec.structure.decode(damaged))));
    }
  }
  return lines.join("\n");
}

/** What it gives, or the error that it throws, fields included. */
export function attempt(run: () => string): string {
  try {
    return run();
  } catch (error) {
    if (error instanceof PayloadError) {
      return `${error.name}: ${error.message} ${show({ ...error })}`;
    }
    throw error;
  }
}

/** Any value as text, without loss. */
export function show(value: unknown): string {
  if (typeof value === "bigint") {
    return `${value}n`;
  }
  if (typeof value === "number") {
    // Engines round the last digit of a fraction differently; its bits are the same.
    return Number.isNaN(value) || (Number.isInteger(value) && !Object.is(value, -0))
      ? String(value)
      : `0x${bitsOf(value)}`;
  }
  if (value instanceof Uint8Array) {
    return Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  if (Array.isArray(value)) {
    return `[${value.map(show).join()}]`;
  }
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, entry]) => `${key}:${show(entry)}`)
      .join()}}`;
  }
  return JSON.stringify(value) ?? "undefined";
}

function bitsOf(value: number): string {
  const data = new DataView(new ArrayBuffer(8));
  data.setFloat64(0, value);
  return data.getBigUint64(0).toString(16);
}
