/**
 * Imported inside XS: what the tests there run. `accesses` are the ways to use a view, none of which may allocate; each is run
 * so many times. `results` is what every engine must say alike.
 */

import { Structure } from "../../modules/data/structure.js";
import { decodeJson, encodeJson } from "../../modules/text/json.js";
import { decodeText, encodeText } from "../../modules/text/text.js";
import { Random } from "../framing/random.js";
import { attempt, runStructures, show } from "./random-structures.js";

const TYPES = [
  ...(["uint8", "uint16", "uint24", "uint32", "uint64", "float32"] as const),
  ...(["int8", "int16", "int24", "int32", "int64", "float64"] as const),
];

const cell = new Structure({
  name: "cell",
  fields: [
    { type: "constant", value: [0xaa, 0xbb] },
    { name: "x", type: "int24" },
    { name: "ys", type: "uint16", count: 2 },
  ],
});

/** One of everything, both ways round. */
const everything = new Structure({
  name: "everything",
  fields: [
    { type: "uint16", bits: [{ name: "kind", width: 4 }, { width: 1 }, { name: "cellCount", width: 11 }] },
    ...TYPES.map((type) => ({ name: `big_${type}`, type, endianness: "big" }) as const),
    ...TYPES.map((type) => ({ name: `little_${type}`, type, endianness: "little" }) as const),
    { name: "list", type: "float32", count: 5 },
    { type: "padding", length: 3 },
    { name: "label", type: "ascii", length: 8 },
    { name: "cells", type: cell, count: "cellCount" },
    { name: "noteLength", type: "uint8" },
    { name: "note", type: "bytes", length: "noteLength" },
    { name: "version", type: "uint8", value: 3 },
  ],
});

const memory = new Uint8Array(512);
const view = everything.view(memory);
const inner = cell.view(memory);
const size = everything.minimumSize + 3 * (cell.size as number) + 4;
const singles = ["big", "little"].flatMap((endianness) =>
  TYPES.map((type) => everything.field(`${endianness}_${type}`)),
);
const kind = everything.field("kind");
const list = everything.field("list");
const label = everything.field("label");
const cells = everything.field("cells");
const cellX = everything.field("cells.x");
const cellYs = cell.field("ys");
const note = everything.field("note");
const bigField = everything.field("big_uint64");

/** Fresh for every way, so that each can be run by itself. */
function build(start: number): void {
  view.begin(memory, start, memory.length);
  view.setCount(cells, 3);
  view.setCount(note, 4);
}

let sum = 0;
let last: unknown;

const accesses: Record<string, (k: number) => void> = {
  "read every kind of number": () => {
    for (let i = 0; i < singles.length; i++) {
      sum += view.get(singles[i]!);
    }
  },
  "write every kind of number": (k) => {
    for (let i = 0; i < singles.length; i++) {
      sum += view.set(singles[i]!, k & 127);
    }
  },
  "write what does not fit": () => {
    for (let i = 0; i < singles.length; i++) {
      sum += view.set(singles[i]!, 0.5);
    }
    sum += view.set(kind, 16);
  },
  "read and write bit fields": (k) => {
    sum += view.set(kind, k & 15) + view.get(kind);
  },
  "read and write arrays": (k) => {
    for (let i = 0; i < view.count(list); i++) {
      sum += view.set(list, k / 2, i) + view.get(list, i);
    }
    for (let i = 0; i < view.count(cells); i++) {
      sum += view.set(cellX, k & 1023, i) + view.get(cellX, i);
    }
  },
  "find bytes and text": () => {
    sum += view.startOf(label) + view.endOf(label) + view.startOf(note) + view.endOf(note) + view.count(note);
  },
  "reach into nested structures": () => {
    for (let i = 0; i < 3; i++) {
      sum += view.nest(cells, i, inner) + inner.get(cellYs, 1) + inner.start + inner.end;
    }
  },
  attach: () => {
    sum += view.attach(memory, 8, 8 + size);
  },
  "attach to a part and to too much": () => {
    sum += view.attach(memory, 8, 8 + size - 1) + view.found + view.required;
    sum += view.attach(memory, 8, 8 + size + 1) + view.found + view.required;
    view.attach(memory, 8, 8 + size);
  },
  "attach to damage": () => {
    const at = 8 + size - 1;
    memory[at] = 4;
    sum += view.attach(memory, 8, 8 + size) + view.offset + view.found + view.required;
    memory[at] = 3;
    view.attach(memory, 8, 8 + size);
  },
  build: (k) => {
    build(8);
    sum += view.set(kind, k & 15) + view.end;
  },
  "control: one object each": () => {
    last = { sum };
  },
};

/** @returns what it comes to, so that nothing is left out */
function access(title: string, count: number): string {
  build(8);
  sum = 0;
  const run = accesses[title]!;
  for (let k = 0; k < count; k++) {
    run(k);
  }
  return `${sum} ${typeof last}`;
}

/** For chunk memory, which slots do not show. */
function chunks(title: string, count: number): string {
  if (title === "control: one BigInt each") {
    build(8);
    for (let k = 0; k < count; k++) {
      last = view.getBig(bigField);
    }
    return "";
  }
  return access(title, count);
}

/** Texts of all lengths of character, and bytes that are none. */
function texts(count: number): string {
  const random = new Random(3);
  const lines: string[] = [];
  const encodings = ["utf-8", "utf-16le", "utf-16be", "latin-1", "ascii"] as const;
  const limits = [0x80, 0x100, 0x800, 0xd800, 0x10000, 0x110000];
  for (let k = 0; k < count; k++) {
    const codePoints = Array.from({ length: random.below(80) }, () => random.below(limits[random.below(6)]!));
    const text = String.fromCodePoint(...codePoints.filter((one) => one < 0xd800 || one > 0xdfff));
    const some = random.bytes(random.below(12), random.below(200));
    for (const encoding of encodings) {
      lines.push(attempt(() => show(encodeText(text, { encoding }))));
      lines.push(attempt(() => show(decodeText(encodeText(text, { encoding }), { encoding }))));
      lines.push(show(encodeText(text, { encoding, malformed: "replace" })));
      lines.push(attempt(() => codeUnits(decodeText(some, { encoding }))));
      lines.push(codeUnits(decodeText(some, { encoding, malformed: "replace" })));
    }
  }
  for (const half of ["a\ud800", "\udc00b", "\ud800\ud800", "\udc00\ud800", "c\udbff\udfff"]) {
    lines.push(
      attempt(() => show(encodeText(half))),
      show(encodeText(half, { malformed: "replace" })),
    );
  }
  return lines.join("\n");
}

/** In code units, lest an engine prints half of a pair in its own way. */
function codeUnits(text: string): string {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16)).join(" ");
}

function jsons(): string {
  const cycle: unknown[] = [];
  cycle.push([cycle]);
  const nested = (depth: number) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
  const values = [
    ...[
      null,
      true,
      0,
      -0,
      1.5e300,
      -1e-7,
      "",
      'é€😀\u0000\u001f"\\',
      "\ud800",
      [],
      {},
      [[[1, {}]]],
      { a: { b: [null] } },
    ],
    ...[undefined, Number.NaN, { x: Number.NEGATIVE_INFINITY }],
    ...[
      [1, { a: [undefined] }],
      { a: { "b c": () => 1 } },
      new Map([[1, 2]]),
      { a: new Uint8Array(2) },
      [new Set()],
      [1n],
    ],
    ...[
      new ArrayBuffer(1),
      [{ a: [] }, { a: [Number.NaN] }],
      new Date(0),
      [Symbol("a")],
      cycle,
      nested(33),
      nested(32),
    ],
    ...[2 ** 53 - 1, 2 ** 60, -(2 ** 64), 1e20, 1e21],
  ];
  const texts = [
    ...["", " ", "{", "[1,]", '{"a":1}x', "[1 2]", '"\\u12', '"\\ud83d\\ude00"', "-0", "1e400", "01", "tru", "nulll"],
    ...[
      '{"__proto__":1}',
      '"\\uD800"',
      "[".repeat(32) + "]".repeat(32),
      "[".repeat(33),
      "[".repeat(60_000),
      "9007199254740991",
      "9007199254740993",
      "[12345678901234567890]",
      "12345678901234567890.5",
      '"\u0001"',
    ],
  ];
  return [
    ...values.map((value) => attempt(() => show(decodeJson(encodeJson(value))))),
    ...values.map((value) => attempt(() => show(encodeJson(value)))),
    ...texts.map((text) => attempt(() => show(decodeJson(encodeText(text))))),
    attempt(() => show(decodeJson(Uint8Array.of(0x22, 0xc3, 0x22)))),
  ].join("\n");
}

/** By what is compared. */
export const results: Record<string, () => string> = {
  structures: () => runStructures(1, 300),
  text: () => texts(150),
  JSON: jsons,
  views: () =>
    Object.keys(accesses)
      .map((title) => `${title}: ${access(title, 50)} ${show(memory)}`)
      .join("\n"),
};

Object.assign(globalThis, {
  payload: {
    titles: JSON.stringify(Object.keys(accesses)),
    access,
    chunks,
    result: (name: string) => results[name]!(),
  },
});
