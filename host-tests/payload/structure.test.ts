/** Structures for people: descriptions and what is wrong with them, objects to bytes and back. */
import test, { type ExecutionContext } from "ava";
import type { FieldDescription } from "../../modules/payload/description.js";
import {
  ConstantMismatchError,
  PartialPayloadError,
  PayloadError,
  PayloadValueError,
  SurplusPayloadError,
} from "../../modules/payload/errors.js";
import { Structure } from "../../modules/payload/structure.js";

const vector = new Structure({
  name: "vector",
  endianness: "little",
  fields: [
    { name: "x", type: "int16" },
    { name: "y", type: "int16", endianness: "big" },
  ],
});

/** One of everything. */
const report = new Structure({
  name: "report",
  fields: [
    { type: "constant", value: [0xfd, 0xaa] },
    { name: "version", type: "uint8", value: 3 },
    {
      type: "uint16",
      bits: [{ name: "mode", width: 3 }, { width: 2 }, { name: "valid", width: 1 }, { name: "count", width: 10 }],
    },
    { name: "serial", type: "uint64" },
    { name: "station", type: "ascii", length: 6, padding: 0x20 },
    { type: "padding", length: 2 },
    { name: "position", type: vector },
    { name: "ranges", type: "float32", count: 2 },
    { name: "samples", type: vector, count: "count" },
    { name: "noteLength", type: "uint8" },
    { name: "note", type: "ascii", length: "noteLength" },
    { name: "weights", type: "uint24", count: "count" },
  ],
});

const REPORT_HEX = [
  ...["fdaa", "03", "a402", "0000000000000007", "4553 4f20 2020", "0000", "0100fffe", "3f800000c0200000"],
  ...["0100 0002 0300 0004", "02", "6f6b", "000001ffffff"],
].join("");
const REPORT_BYTES = Uint8Array.from(Buffer.from(REPORT_HEX.replaceAll(" ", ""), "hex"));
const REPORT = {
  version: 3,
  mode: 5,
  valid: 1,
  count: 2,
  serial: 7n,
  station: "ESO",
  position: { x: 1, y: -2 },
  ranges: [1, -2.5],
  samples: [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ],
  noteLength: 2,
  note: "ok",
  weights: [1, 0xffffff],
};

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

test("a structure with everything in it is decoded into an object, and encoded again", (t) => {
  t.deepEqual(report.decode(REPORT_BYTES), REPORT);
  t.deepEqual(report.encode(REPORT), REPORT_BYTES);
  t.is(report.size, undefined);
  t.is(report.minimumSize, 2 + 1 + 2 + 8 + 6 + 2 + 4 + 8 + 1);
  t.is(vector.size, 4);
});

test("counts and constants need not be given, but are checked if they are", (t) => {
  const { version: _, count: __, noteLength: ___, ...rest } = REPORT;
  t.deepEqual(report.encode(rest), REPORT_BYTES);
  for (const [wrong, range] of [
    [{ version: 4 }, "3"],
    [{ count: 3 }, "2, as many as there are"],
    [{ noteLength: 0 }, "2, as many as there are"],
  ] as const) {
    const error = thrownBy(() => report.encode({ ...REPORT, ...wrong })) as PayloadValueError;
    t.true(error instanceof PayloadValueError);
    t.deepEqual([error.field, error.value, error.range], [Object.keys(wrong)[0], Object.values(wrong)[0], range]);
  }
});

test("TypeScript knows the object of a description", (t) => {
  const value = report.decode(REPORT_BYTES);
  const mode: number = value.mode;
  const serial: bigint = value.serial;
  const station: string = value.station;
  const ranges: number[] = value.ranges;
  const y: number | undefined = value.samples[0]?.y;
  t.deepEqual([mode, serial, station, ranges, y], [5, 7n, "ESO", [1, -2.5], 2]);
  // @ts-expect-error there is no such field
  t.is(value.nothing, undefined);
  // @ts-expect-error x is a number, and y is missing
  t.throws(() => vector.encode({ x: "1" }), { instanceOf: PayloadValueError });
});

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

test("a partial payload needs as many bytes as its counts say, as soon as these are here", (t) => {
  const structure = new Structure({
    fields: [
      { name: "a", type: "uint16" },
      { name: "b", type: "uint8" },
      { name: "bs", type: "uint32", count: "b" },
      { name: "c", type: "uint8" },
      { name: "cs", type: "uint16", count: "c" },
      { name: "as", type: "uint8", count: "a" },
    ],
  });
  const bytes = structure.encode({ bs: [1, 2], cs: [3], as: [4, 5, 6] });
  t.is(bytes.length, 4 + 8 + 2 + 3);
  const needed = Array.from({ length: bytes.length }, (_, found) => {
    return (thrownBy(() => structure.decode(bytes, 0, found)) as PartialPayloadError).needed;
  });
  // Behind 2 bytes a is known, behind 3 also b, behind 12 also c.
  t.deepEqual(needed, [4, 4, 7, ...Array(9).fill(15), ...Array(5).fill(17)]);
});

test("a count may be a bit field, a field of a nested structure, and shared", (t) => {
  const header = new Structure({ fields: [{ name: "count", type: "uint8" }] });
  const structure = new Structure({
    fields: [
      { name: "header", type: header },
      { name: "xs", type: "uint8", count: "header.count" },
      { name: "ys", type: "int8", count: "header.count" },
    ],
  });
  const bytes = Uint8Array.of(2, 1, 2, 0xff, 0xfe);
  t.deepEqual(structure.decode(bytes), { header: { count: 2 }, xs: [1, 2], ys: [-1, -2] });
  t.deepEqual(structure.encode({ header: { count: 2 }, xs: [1, 2], ys: [-1, -2] }), bytes);
  const wrong = thrownBy(() => structure.encode({ header: { count: 2 }, xs: [1, 2], ys: [3] })) as PayloadValueError;
  t.deepEqual([wrong.field, wrong.range], ["ys", "an array of 2, as many as xs"]);
  t.is(wrong.message, "ys must be an array of 2, as many as xs, not an array of 1");
  const other = thrownBy(() => structure.encode({ header: { count: 3 }, xs: [1, 2], ys: [3, 4] })) as PayloadValueError;
  t.deepEqual([other.field, other.value], ["header.count", 3]);
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

test("a value that does not fit names its field, also deep inside", (t) => {
  const cases: [unknown, string, string][] = [
    [{ ...REPORT, mode: 8 }, "mode", "a whole number, 0 to 7"],
    [{ ...REPORT, serial: -1n }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, serial: 2n ** 64n }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, serial: 2 ** 53 }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, serial: undefined }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, position: { x: 1.5, y: 0 } }, "position.x", "a whole number, -32768 to 32767"],
    [{ ...REPORT, position: { x: 1 } }, "position.y", "a whole number, -32768 to 32767"],
    [{ ...REPORT, position: null }, "position", "an object"],
    [{ ...REPORT, ranges: [1] }, "ranges", "an array of 2"],
    [
      { ...REPORT, ranges: [1, 1e39] },
      "ranges[1]",
      "a number, -3.4028234663852886e+38 to 3.4028234663852886e+38 if finite",
    ],
    [
      { ...REPORT, ranges: [1, "2"] },
      "ranges[1]",
      "a number, -3.4028234663852886e+38 to 3.4028234663852886e+38 if finite",
    ],
    [
      {
        ...REPORT,
        samples: [
          { x: 1, y: 2 },
          { x: 1, y: 40_000 },
        ],
      },
      "samples[1].y",
      "a whole number, -32768 to 32767",
    ],
    [{ ...REPORT, samples: [1, 2] }, "samples[0]", "an object"],
    [{ ...REPORT, samples: "xy" }, "samples", "an array"],
    [{ ...REPORT, weights: [1, 2, 3] }, "weights", "an array of 2, as many as samples"],
    [{ ...REPORT, weights: [1, 2 ** 24] }, "weights[1]", "a whole number, 0 to 16777215"],
    [{ ...REPORT, note: "x".repeat(256) }, "note", "a string of at most 255"],
    [{ ...REPORT, note: 5 }, "note", "a string"],
    [undefined, "the value", "an object"],
    [{}, "samples", "an array"],
  ];
  for (const [value, field, range] of cases) {
    const error = thrownBy(() => report.encode(value as never)) as PayloadValueError;
    t.true(error instanceof PayloadValueError, String(error));
    t.deepEqual([error.field, error.range], [field, range]);
    t.true(error.message.startsWith(`${field} must be ${range}, not `), error.message);
  }
});

function refuses(t: ExecutionContext, field: unknown, message: RegExp): void {
  const error = t.throws(
    () => new Structure({ name: "s", fields: [{ name: "n", type: "uint8" }, field as FieldDescription] }),
  );
  t.true(error instanceof TypeError || error instanceof RangeError);
  t.regex((error as Error).message, message);
}

test("a description that is wrong says what is wrong, and what would be right", (t) => {
  refuses(t, { name: "a", type: "uint12" }, /^s: field 1 "a": type must be uint8, .*float64.*bytes.* not "uint12"$/);
  refuses(t, { name: "a" }, /type must be .* not undefined/);
  refuses(
    t,
    { name: "a", type: "uint8", endianess: "big" },
    /^s: field 1 "a" has no property "endianess"; .* endianness/,
  );
  refuses(t, { name: "n", type: "uint8" }, /^s: field 1 "n": the name "n" is an earlier field's$/);
  refuses(t, { type: "uint8" }, /name must be letters, digits and _.*not undefined/);
  refuses(t, { name: "a.b", type: "uint8" }, /name must be letters, digits and _.*not "a.b"/);
  refuses(t, { name: "__proto__", type: "uint8" }, /not __proto__/);
  refuses(t, { name: "a", type: "uint16", endianness: "middle" }, /endianness must be big or little, not "middle"/);
  refuses(t, { name: "a", type: "uint8", count: 0 }, /^s: field 1 "a": count must be from 1 to 2147483647, not 0$/);
  refuses(t, { name: "a", type: "uint8", count: 1.5 }, /count must be a whole number from 1 to 2147483647, not 1.5/);
  refuses(t, { name: "a", type: "uint8", count: 2 ** 31 }, /count must be from 1 to 2147483647/);
  refuses(t, { name: "a", type: "uint64", count: 2 ** 30 }, /size up to its end must be from 0 to 2147483647/);
  refuses(t, { name: "a", type: "uint8", count: "m" }, /count names "m", which is no field$/);
  refuses(t, { name: "a", type: "uint8", count: "a" }, /count names "a", which is no earlier field$/);
  refuses(t, { name: "a", type: "uint8", value: 256 }, /value must be 0 to 255, not 256/);
  refuses(t, { name: "a", type: "uint64", value: 2n ** 64n }, /value must be 0 to 18446744073709551615, not .*n$/);
  refuses(t, { name: "a", type: "int16", value: 5n }, /value must be -32768 to 32767, not 5n/);
  refuses(t, { name: "a", type: "uint8", value: 1, count: 2 }, /has a value, so it can have no count/);
  refuses(t, { name: "a", type: "bytes", length: 0 }, /length must be from 1 to/);
  refuses(t, { name: "a", type: "bytes" }, /length must be a whole number/);
  refuses(t, { name: "a", type: "ascii", length: 4, padding: 0x80 }, /padding must be from 0 to 127, not 128/);
  refuses(t, { name: "a", type: "ascii", length: "n", padding: 0 }, /just the bytes that "n" says/);
  refuses(t, { type: "padding", length: 0 }, /length must be from 1/);
  refuses(t, { type: "padding", length: 1, value: 256 }, /value must be from 0 to 255/);
  refuses(t, { type: "constant", value: [] }, /the number of its bytes must be from 1 to 1024, not 0/);
  refuses(t, { type: "constant", value: [1, 256] }, /each byte must be from 0 to 255, not 256/);
  refuses(t, { type: "constant", value: "FDAA" }, /value must be an array of bytes, not "FDAA"/);
  refuses(t, { type: "uint8", bits: [{ name: "a", width: 7 }] }, /the widths of its bits must add up to 8, not 7/);
  refuses(t, { type: "uint8", bits: [{ name: "a", width: 0 }] }, /the width of bits must be from 1 to 8, not 0/);
  refuses(t, { type: "uint8", bits: [{ name: "n", width: 8 }] }, /the name "n" is an earlier field's/);
  refuses(t, { type: "uint8", bits: [{ name: "a", size: 8 }] }, /bits have no property "size"/);
  refuses(t, { type: "int8", bits: [{ name: "a", width: 8 }] }, /only uint8, uint16, uint24 and uint32/);
  const varying = new Structure({
    name: "varying",
    fields: [
      { name: "n", type: "uint8" },
      { name: "a", type: "uint8", count: "n" },
    ],
  });
  refuses(t, { name: "a", type: varying, count: 2 }, /the size of varying varies, so there can be no array of it/);
  t.throws(() => new Structure({ fields: [] }), { message: /fields must be an array of at least one field/ });
  t.throws(() => new Structure({ endianness: "native" as never, fields: [{ name: "a", type: "uint8" }] }), {
    message: /the payload: endianness must be big or little/,
  });
  for (const type of ["float32", "int8", "uint64"] as const) {
    const fields = [
      { name: "m", type },
      { name: "a", type: "uint8", count: "m" },
    ] as const;
    t.throws(() => new Structure({ fields }), {
      message: /"m", which is no uint8, uint16, uint24, uint32 or bit field/,
    });
  }
  t.throws(
    () =>
      new Structure({
        fields: [
          { name: "a", type: "uint8", count: "b" },
          { name: "b", type: "uint8" },
        ],
      }),
    {
      message: /count names "b", which is no earlier field/,
    },
  );
});
