/** Structures against Node's Buffer methods, and against what Python's `struct` packs. */
import { readFileSync } from "node:fs";
import test from "ava";
import type { FieldDescription } from "../../modules/data/description.js";
import type { NumberType } from "../../modules/data/field-kinds.js";
import { Structure } from "../../modules/data/structure.js";
import { Random } from "../framing/random.js";
import { decodeNumber, encodeNumber, referenceEncode } from "./buffer-reference.js";
import { randomSpec, randomValue } from "./random-structures.js";

interface Vectors {
  readonly python: string;
  readonly numbers: { type: NumberType; endianness: "big" | "little"; value: string; hex: string }[];
  readonly structures: {
    endianness: "big" | "little";
    fields: { name?: string; type: string; length?: number; count?: number; value?: string | string[] }[];
    hex: string;
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../../host-tests/data/struct-vectors.json", import.meta.url), "utf8"),
) as Vectors;

const TYPES: readonly NumberType[] = [
  ...(["uint8", "uint16", "uint24", "uint32", "uint64", "float32"] as const),
  ...(["int8", "int16", "int24", "int32", "int64", "float64"] as const),
];

/** Python's words for values. */
function parse(type: string, text: string): number | bigint {
  if (type.endsWith("64") && type !== "float64") {
    return BigInt(text);
  }
  return text.endsWith("inf") ? Number(text.replace("inf", "Infinity")) : Number(text);
}

function read(type: string, text: string): number | bigint {
  const value = parse(type, text);
  return type === "float32" ? Math.fround(value as number) : value;
}

test("every number that Python's struct packs is encoded and decoded as there", (t) => {
  t.regex(vectors.python, /^3\./);
  t.is(vectors.numbers.length, 314);
  for (const { type, endianness, value, hex } of vectors.numbers) {
    const structure = new Structure({ endianness, fields: [{ name: "value", type }] });
    const bytes = structure.encode({ value: parse(type, value) as never });
    t.is(Buffer.from(bytes).toString("hex"), hex, `${type} ${value}`);
    t.deepEqual(structure.decode(bytes), { value: read(type, value) as never }, `${type} ${value}`);
  }
});

test("every structure that Python's struct packs is encoded and decoded as there", (t) => {
  t.is(vectors.structures.length, 40);
  for (const { endianness, fields, hex } of vectors.structures) {
    const descriptions = fields.map(({ value: _, ...description }) => description as FieldDescription);
    const structure = new Structure({ endianness, fields: descriptions });
    const values = (convert: typeof parse) =>
      Object.fromEntries(
        fields.flatMap(({ name, type, count, value }): [string, unknown][] => {
          if (name === undefined) {
            return [];
          }
          if (typeof value === "string") {
            return [[name, Uint8Array.from(Buffer.from(value, "hex"))]];
          }
          const numbers = (value as string[]).map((text) => convert(type, text));
          return [[name, count === undefined ? numbers[0] : numbers]];
        }),
      );
    const bytes = structure.encode(values(parse) as never);
    t.is(Buffer.from(bytes).toString("hex"), hex);
    t.deepEqual(structure.decode(bytes), values(read) as never);
  }
});

test("random numbers are read and written as by Buffer's methods, at any offset", (t) => {
  const random = new Random(1);
  for (const type of TYPES) {
    for (const endianness of ["big", "little"] as const) {
      const little = endianness === "little";
      const structure = new Structure({ endianness, fields: [{ name: "value", type }] });
      const field = structure.field("value");
      const size = structure.size as number;
      const view = structure.view();
      for (let k = 0; k < 2000; k++) {
        const start = random.below(5);
        const memory = Buffer.from(random.bytes(start + size + 3));
        const expected = decodeNumber(type, memory, start, little);
        t.is(view.attach(memory, start, start + size), 0);
        if (typeof expected === "bigint") {
          const isSafe = Number.isSafeInteger(Number(expected));
          if (view.getBig(field) !== expected || !Object.is(view.get(field), isSafe ? Number(expected) : Number.NaN)) {
            t.fail(`${type} ${expected} is read as ${view.getBig(field)} and ${view.get(field)}`);
          }
        } else if (!Object.is(view.get(field), expected)) {
          t.fail(`${type} ${expected} is read as ${view.get(field)}`);
        }
        const before = memory.toString("hex");
        const isBig = typeof expected === "bigint";
        const status = isBig ? view.setBig(field, expected) : view.set(field, expected);
        if (status !== 0 || (!Number.isNaN(expected) && memory.toString("hex") !== before)) {
          t.fail(`${type} ${expected} is written as ${memory.toString("hex")}, status ${status}`);
        }
        const again = encodeNumber(type, expected, little);
        if (!Number.isNaN(expected) && !again.equals(structure.encode({ value: expected as never }))) {
          t.fail(`${type} ${expected}`);
        }
      }
    }
  }
});

test("64-bit integers up to 2^53 - 1 either way can be set as numbers, and none beyond", (t) => {
  for (const endianness of ["big", "little"] as const) {
    const fields = [
      { name: "signed", type: "int64" },
      { name: "unsigned", type: "uint64" },
    ] as const;
    const structure = new Structure({ endianness, fields });
    const view = structure.view();
    view.begin(new Uint8Array(16), 0, 16);
    const edges = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 2 ** 52, 2 ** 53 - 1];
    for (const value of [...edges, ...edges.map((edge) => -edge - 0), -(2 ** 32) - 1, -(2 ** 53) + 1]) {
      t.is(view.set(structure.field("signed"), value), 0);
      t.is(view.getBig(structure.field("signed")), BigInt(value));
      t.is(view.get(structure.field("signed")), value === 0 ? 0 : value);
      t.is(view.set(structure.field("unsigned"), value), value < 0 ? 4 : 0);
    }
    for (const value of [2 ** 53, -(2 ** 53), 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      t.is(view.set(structure.field("signed"), value), 4, `${value}`);
      t.is(view.set(structure.field("unsigned"), value), 4, `${value}`);
    }
    for (const value of [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]) {
      t.is(view.setBig(structure.field("signed"), value), 0);
      t.is(view.getBig(structure.field("signed")), value);
      t.is(view.get(structure.field("signed")), Number.NaN);
    }
    t.is(view.setBig(structure.field("signed"), 2n ** 63n), 4);
    t.is(view.setBig(structure.field("unsigned"), -1n), 4);
    t.is(view.setBig(structure.field("unsigned"), 2n ** 64n), 4);
    t.is(view.setBig(structure.field("unsigned"), 2n ** 64n - 1n), 0);
  }
});

test("random structures are encoded as by Buffer's methods", (t) => {
  for (let seed = 1; seed <= 1500; seed++) {
    const random = new Random(seed);
    const spec = randomSpec(random, 3);
    const value = randomValue(spec, random);
    const bytes = spec.structure.encode(value as never);
    if (!referenceEncode(spec, value).equals(bytes)) {
      t.is(Buffer.from(bytes).toString("hex"), referenceEncode(spec, value).toString("hex"), `seed ${seed}`);
    }
  }
  t.pass();
});
