/** Structures for people: bytes that are always the same, markers and padding. */
import test from "ava";
import {
  ConstantMismatchError,
  PartialPayloadError,
  PayloadError,
  type PayloadValueError,
  SurplusPayloadError,
} from "../../modules/data/errors.js";
import { Structure } from "../../modules/data/structure.js";
import { thrownBy } from "./thrown-by.js";

test("the 544-byte message: three fields between markers, as one structure", (t) => {
  const message = new Structure({
    name: "message",
    fields: [
      { type: "constant", value: [0xfd, 0xaa] },
      { name: "first", type: "bytes", length: 150 },
      { type: "constant", value: [0xcc, 0xdd] },
      { type: "constant", value: [0xfd, 0xcc] },
      { name: "second", type: "bytes", length: 190 },
      { type: "constant", value: [0xcc, 0xdd] },
      { type: "constant", value: [0xfd, 0xcc] },
      { name: "third", type: "bytes", length: 192 },
      { type: "constant", value: [0xcc, 0xdd] },
    ],
  });
  t.is(message.size, 544);
  // Fields that are full of markers.
  const full = (length: number) => Uint8Array.from({ length }, (_, i) => [0xfd, 0xaa, 0xfd, 0xcc, 0xcc, 0xdd][i % 6]!);
  const value = { first: full(150), second: full(190), third: full(192) };
  const bytes = message.encode(value);
  t.deepEqual(
    [0, 152, 154, 346, 348, 542].map((at) => bytes[at]),
    [0xfd, 0xcc, 0xfd, 0xcc, 0xfd, 0xcc],
  );
  t.deepEqual(message.decode(bytes), value);
  const markers = [0, 1, 152, 153, 154, 155, 346, 347, 348, 349, 542, 543];
  for (let at = 0; at < 544; at++) {
    const damaged = bytes.slice();
    damaged[at] = (damaged[at] as number) ^ 0xff;
    if (markers.includes(at)) {
      const error = thrownBy(() => message.decode(damaged)) as ConstantMismatchError;
      t.true(error instanceof ConstantMismatchError, `offset ${at}`);
      t.deepEqual([error.offset, error.expected, error.found], [at, bytes[at]!, damaged[at]!]);
    } else {
      t.notDeepEqual(message.decode(damaged), value);
    }
    const partial = thrownBy(() => message.decode(bytes, 0, at)) as PartialPayloadError;
    t.true(partial instanceof PartialPayloadError);
    t.deepEqual([partial.needed, partial.found, partial.message], [544, at, `message needs 544 bytes, here are ${at}`]);
  }
  const surplus = thrownBy(() => message.decode(new Uint8Array(545))) as SurplusPayloadError;
  t.true(surplus instanceof SurplusPayloadError && surplus instanceof PayloadError);
  t.deepEqual([surplus.expected, surplus.found], [544, 545]);
});

test("a constant that is read can be written again: of a float32 what rounding left, NaN, 64 bits whole", (t) => {
  const structure = new Structure({
    fields: [
      { name: "tenth", type: "float32", value: 0.1 },
      { name: "none", type: "float32", value: Number.NaN },
      { name: "nothing", type: "float64", value: Number.NaN },
      { name: "serial", type: "uint64", value: 4744430483355899789n },
      { name: "id", type: "uint64", value: 7 },
    ],
  });
  const value = structure.decode(structure.encode({}));
  t.deepEqual(structure.encode(value), structure.encode({}));
  t.deepEqual(structure.encode({ tenth: 0.1 }), structure.encode({}));
  const messages = [{ tenth: 0.2 }, { none: 0 }, { serial: 2 ** 62 }, { serial: 1n }, { id: 8 }].map(
    (wrong) => (thrownBy(() => structure.encode(wrong)) as Error).message,
  );
  t.deepEqual(messages, [
    "tenth must be 0.10000000149011612, not 0.2",
    "none must be NaN, not 0",
    "serial must be 4744430483355899789n, not 4611686018427388000",
    "serial must be 4744430483355899789n, not 1n",
    "id must be 7, not 8",
  ]);
});

test("text is padded, and its padding is stripped", (t) => {
  const zeros = new Structure({ fields: [{ name: "text", type: "ascii", length: 4 }] });
  for (const text of ["", "a", "a\0b", "abcd"]) {
    t.deepEqual(zeros.decode(zeros.encode({ text })), { text });
  }
  const wrong: [string, string][] = [
    ["abcde", "a string of at most 4"],
    ["a\0", "text that does not end as its padding"],
    ["ab\0\0", "text that does not end as its padding"],
    ["é", "ASCII, U+0000 to U+007F"],
  ];
  for (const [text, range] of wrong) {
    t.is((thrownBy(() => zeros.encode({ text })) as PayloadValueError).range, range);
  }
  const error = thrownBy(() => zeros.decode(Uint8Array.of(0x61, 0xe9, 0, 0))) as PayloadValueError;
  t.deepEqual([error.field, error.value, error.range], ["text[1]", 0xe9, "ASCII, 0 to 127"]);
});

test("padding that is not checked may be anything, and is written all the same", (t) => {
  const structure = new Structure({
    fields: [
      { type: "padding", length: 2, value: 0x55, checked: false },
      { name: "value", type: "uint8" },
    ],
  });
  t.deepEqual(structure.decode(Uint8Array.of(1, 2, 3)), { value: 3 });
  t.deepEqual(structure.encode({ value: 3 }), Uint8Array.of(0x55, 0x55, 3));
});

test("constants in arrays of structures are checked, in the one where they are wrong", (t) => {
  const cell = new Structure({
    fields: [
      { type: "constant", value: [0xaa] },
      { name: "value", type: "uint8" },
    ],
  });
  const row = new Structure({ fields: [{ name: "cells", type: cell, count: 2 }] });
  const table = new Structure({
    fields: [
      { name: "n", type: "uint8" },
      { name: "rows", type: row, count: "n" },
    ],
  });
  const bytes = table.encode({
    rows: [{ cells: [{ value: 1 }, { value: 2 }] }, { cells: [{ value: 3 }, { value: 4 }] }],
  });
  t.deepEqual(bytes, Uint8Array.of(2, 0xaa, 1, 0xaa, 2, 0xaa, 3, 0xaa, 4));
  for (const offset of [1, 3, 5, 7]) {
    const damaged = bytes.slice();
    damaged[offset] = 0xab;
    t.deepEqual((thrownBy(() => table.decode(damaged)) as ConstantMismatchError).offset, offset);
  }
});
