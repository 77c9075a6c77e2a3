/** Structures for people: objects to bytes and back. */
import test from "ava";
import { type PartialPayloadError, PayloadValueError } from "../../modules/data/errors.js";
import { Structure } from "../../modules/data/structure.js";
import { thrownBy } from "./thrown-by.js";

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

test("a value that does not fit names its field, also deep inside", (t) => {
  const cases: [unknown, string, string][] = [
    [{ ...REPORT, mode: 8 }, "mode", "a whole number, 0 to 7"],
    [{ ...REPORT, serial: -1n }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, serial: 2n ** 64n }, "serial", "a whole number, 0 to 18446744073709551615"],
    [
      { ...REPORT, serial: 2 ** 53 },
      "serial",
      "a BigInt where it is beyond 9007199254740991 either way, 0 to 18446744073709551615",
    ],
    [{ ...REPORT, serial: Number.NaN }, "serial", "a whole number, 0 to 18446744073709551615"],
    [{ ...REPORT, position: { x: 1n, y: 0 } }, "position.x", "a whole number and no BigInt, -32768 to 32767"],
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

test("a range that is not in the bytes is a mistake, and says what they are; none at all is empty", (t) => {
  const bytes = new Uint8Array(16);
  for (const [start, end] of [
    [14, 18],
    [-4, 4],
    [0, 17],
    [0.5, 4],
    [0, 4.5],
    [Number.NaN, 4],
    [0, Number.POSITIVE_INFINITY],
  ] as const) {
    t.throws(() => vector.decode(bytes, start, end), {
      instanceOf: RangeError,
      message: `a payload must lie in bytes 0 to 16, not ${start} to ${end}`,
    });
  }
  const error = thrownBy(() => vector.decode(bytes, 18, 16)) as PartialPayloadError;
  t.deepEqual([error.needed, error.found], [4, 0]);
});

test("a property that no field has is refused by its name, also deep inside", (t) => {
  const { position, samples, ...rest } = REPORT;
  const cases: [object, string, string][] = [
    [{ ...REPORT, mod: 1 }, "mod", "mod must be left out (there are version, mode, valid, count, serial, station, "],
    [
      { ...REPORT, position: { ...position, z: 3 } },
      "position.z",
      "position.z must be left out (there are x, y), not 3",
    ],
    [{ ...REPORT, samples: [samples[0], { ...samples[1], X: 3 }] }, "samples[1].X", "samples[1].X must be left out"],
    [{ ...rest, position, sample: samples }, "sample", "sample must be left out (there are "],
  ];
  for (const [value, field, message] of cases) {
    const error = thrownBy(() => report.encode(value as never)) as PayloadValueError;
    t.true(error instanceof PayloadValueError, String(error));
    t.is(error.field, field);
    t.true(error.message.startsWith(message), error.message);
  }
  t.deepEqual(report.encode({ ...REPORT, mod: undefined } as typeof REPORT), REPORT_BYTES, "undefined is left out");
});

test("only a Uint8Array is decoded", (t) => {
  t.deepEqual(vector.decode(Buffer.from([1, 0, 0, 2])), { x: 1, y: 2 });
  for (const bytes of [new Uint16Array(4), new Uint16Array(2), new ArrayBuffer(4), [1, 0, 0, 2], "\u0001", undefined]) {
    t.throws(() => vector.decode(bytes as never), { instanceOf: TypeError, message: /must be a Uint8Array, not / });
    t.throws(() => vector.decode(bytes as never, 0, 4), {
      instanceOf: TypeError,
      message: /must be a Uint8Array, not /,
    });
  }
});
