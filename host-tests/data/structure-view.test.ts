/** The flyweight: handles, statuses, and building a payload in place. */
import test from "ava";
import type { Field } from "../../modules/data/field.js";
import {
  CONSTANT_MISMATCH,
  PARTIAL_PAYLOAD,
  PAYLOAD_STATUS_NAMES,
  SURPLUS_PAYLOAD,
  UNFIT_VALUE,
  VALID_PAYLOAD,
} from "../../modules/data/payload-status.js";
import { Structure } from "../../modules/data/structure.js";
import { StructureView } from "../../modules/data/structure-view.js";

const sample = new Structure({
  name: "sample",
  fields: [
    { type: "constant", value: [0xa5] },
    { name: "at", type: "uint16" },
    { name: "values", type: "int8", count: 3 },
  ],
});

const log = new Structure({
  name: "log",
  endianness: "little",
  fields: [
    { type: "uint8", bits: [{ name: "kind", width: 3 }, { width: 1 }, { name: "samples", width: 4 }] },
    { name: "version", type: "uint16", value: 0x102 },
    { name: "list", type: sample, count: "samples" },
    { name: "length", type: "uint8" },
    { name: "note", type: "bytes", length: "length" },
    { name: "sum", type: "uint32" },
  ],
});

function handles(): Record<"kind" | "version" | "list" | "at" | "note" | "sum", Field> {
  return {
    kind: log.field("kind"),
    version: log.field("version"),
    list: log.field("list"),
    at: log.field("list.at"),
    note: log.field("note"),
    sum: log.field("sum"),
  };
}

const { kind, version, list, at, note, sum } = handles();

test("a payload is built in place, over dirty bytes, and read back", (t) => {
  const memory = new Uint8Array(64).fill(0xee);
  const view = new StructureView(log, memory);
  t.is(view.begin(memory, 10, 60), VALID_PAYLOAD);
  t.deepEqual(memory.subarray(10, view.end), Uint8Array.of(0, 2, 1, 0, 0, 0, 0, 0));
  t.is(view.set(kind, 5), VALID_PAYLOAD);
  t.is(view.setCount(list, 2), VALID_PAYLOAD);
  t.is(view.set(at, 0x1234, 0), VALID_PAYLOAD);
  t.is(view.set(at, 0x5678, 1), VALID_PAYLOAD);
  const inner = new StructureView(sample, memory);
  t.is(view.nest(list, 1, inner), VALID_PAYLOAD);
  t.is(inner.set(sample.field("values"), -1, 2), VALID_PAYLOAD);
  t.is(view.setCount(note, 3), VALID_PAYLOAD);
  memory.set([7, 8, 9], view.startOf(note));
  t.is(view.set(sum, 0xfffffffe), VALID_PAYLOAD);
  t.is(view.endOf(note) - view.startOf(note), 3);
  t.is(view.endOf(list, 0), view.startOf(list, 1));
  t.is(view.end - view.start, 8 + 12 + 3);
  const expected = [
    ...[0xa2, 2, 1, 0xa5, 0x12, 0x34, 0, 0, 0, 0xa5, 0x56, 0x78, 0, 0, 0xff],
    ...[3, 7, 8, 9, 0xfe, 0xff, 0xff, 0xff],
  ];
  t.deepEqual([...memory.subarray(10, view.end)], expected);
  t.true(
    memory.subarray(0, 10).every((byte) => byte === 0xee) && memory.subarray(view.end).every((byte) => byte === 0xee),
  );
  const value = log.decode(memory, 10, view.end);
  t.deepEqual(log.encode(value), Uint8Array.from(expected));
  t.is(view.attach(memory, 10, view.end), VALID_PAYLOAD);
  t.deepEqual(
    [view.get(kind), view.count(list), view.get(at, 1), view.count(note), view.get(sum)],
    [5, 2, 0x5678, 3, 0xfffffffe],
  );
});

test("a count set again clears what stands behind, and as many as before change nothing", (t) => {
  const memory = new Uint8Array(64);
  const view = log.view(memory);
  view.begin(memory, 0, 64);
  view.setCount(list, 1);
  view.set(at, 7);
  view.setCount(note, 2);
  view.set(sum, 1);
  const before = memory.slice();
  t.is(view.setCount(list, 1), VALID_PAYLOAD);
  t.is(view.setCount(log.field("list.at"), 1), VALID_PAYLOAD, "any handle of the array will do");
  t.deepEqual(memory, before);
  t.is(view.setCount(list, 2), VALID_PAYLOAD);
  t.deepEqual([view.count(note), view.get(sum), view.get(at, 0), view.get(at, 1)], [0, 0, 0, 0]);
  t.deepEqual(log.decode(memory, 0, view.end).list.length, 2, "with their constants");
  t.is(view.setCount(list, 0), VALID_PAYLOAD);
  t.is(view.end, 8);
});

test("a count that has no room or no place changes nothing", (t) => {
  const memory = new Uint8Array(64).fill(0xee);
  const view = log.view(memory);
  t.is(view.begin(memory, 0, 7), PARTIAL_PAYLOAD);
  t.deepEqual([view.found, view.required], [7, 8]);
  t.true(memory.every((byte) => byte === 0xee));
  t.is(view.begin(memory, 0, 25), VALID_PAYLOAD);
  const before = memory.slice();
  t.is(view.setCount(list, 16), UNFIT_VALUE);
  t.is(view.setCount(list, 1.5), UNFIT_VALUE);
  t.is(view.setCount(list, -1), UNFIT_VALUE);
  t.is(view.setCount(list, 3), PARTIAL_PAYLOAD);
  t.deepEqual([view.found, view.required], [25, 26]);
  t.deepEqual(memory, before);
  t.is(view.setCount(list, 2), VALID_PAYLOAD);
});

test("what comes in is judged by a status, with what was found and what is required", (t) => {
  const bytes = log.encode({ kind: 1, list: [{ at: 1, values: [1, 2, 3] }], note: Uint8Array.of(9), sum: 2 });
  const memory = new Uint8Array(40);
  memory.set(bytes, 5);
  const view = log.view(memory);
  const end = 5 + bytes.length;
  t.is(view.attach(memory, 5, end), VALID_PAYLOAD);
  t.is(view.attach(memory, 5, end - 1), PARTIAL_PAYLOAD);
  t.deepEqual([view.found, view.required], [bytes.length - 1, bytes.length]);
  t.is(view.attach(memory, 5, end + 1), SURPLUS_PAYLOAD);
  t.deepEqual([view.found, view.required], [bytes.length + 1, bytes.length]);
  t.is(view.attach(memory, 5, end + 1, true), VALID_PAYLOAD);
  t.is(view.end, end);
  memory[5 + 3] = 0xa4;
  t.is(view.attach(memory, 5, end), CONSTANT_MISMATCH);
  t.deepEqual([view.offset, view.found, view.required], [3, 0xa4, 0xa5]);
  t.is(view.attach(memory, 5, 5), PARTIAL_PAYLOAD);
  t.is(view.attach(memory, 5, 0), PARTIAL_PAYLOAD);
  t.deepEqual([view.found, view.required], [0, 8]);
  t.deepEqual(PAYLOAD_STATUS_NAMES[CONSTANT_MISMATCH], "constantMismatch");
});

test("bit fields keep their neighbours, in every width and place", (t) => {
  for (const [type, size] of [
    ["uint8", 8],
    ["uint16", 16],
    ["uint24", 24],
    ["uint32", 32],
  ] as const) {
    for (const endianness of ["big", "little"] as const) {
      for (let width = 1; width <= size; width++) {
        const bits = [...(width < size ? [{ name: "others", width: size - width }] : []), { name: "field", width }];
        const structure = new Structure({ endianness, fields: [{ type, bits }] });
        const view = structure.view();
        view.begin(new Uint8Array(4), 0, size / 8);
        const field = structure.field("field");
        const all = 2 ** width - 1;
        if (width < size) {
          t.is(view.set(structure.field("others"), 2 ** (size - width) - 1), VALID_PAYLOAD);
        }
        t.is(view.get(field), 0);
        t.is(view.set(field, all), VALID_PAYLOAD);
        t.is(view.get(field), all);
        t.is(view.set(field, all + 1), UNFIT_VALUE);
        t.is(view.set(field, -1), UNFIT_VALUE);
        t.true(view.bytes.subarray(0, size / 8).every((byte) => byte === 0xff));
        t.is(view.set(field, 0), VALID_PAYLOAD);
        if (width < size) {
          t.is(view.get(structure.field("others")), 2 ** (size - width) - 1);
        }
      }
    }
  }
});

test("out of range, a value is not written", (t) => {
  const limits = [
    ["uint8", 0, 255],
    ["uint16", 0, 65_535],
    ["uint24", 0, 16_777_215],
    ["uint32", 0, 4_294_967_295],
    ["int8", -128, 127],
    ["int16", -32_768, 32_767],
    ["int24", -8_388_608, 8_388_607],
    ["int32", -2_147_483_648, 2_147_483_647],
  ] as const;
  for (const [type, least, greatest] of limits) {
    const structure = new Structure({ fields: [{ name: "value", type }] });
    const view = structure.view();
    const value = structure.field("value");
    view.begin(new Uint8Array(8), 0, 8);
    for (const right of [least, greatest, 0]) {
      t.is(view.set(value, right), VALID_PAYLOAD);
      t.is(view.get(value), right);
    }
    view.set(value, 1);
    for (const wrong of [
      least - 1,
      greatest + 1,
      0.5,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
    ]) {
      t.is(view.set(value, wrong), UNFIT_VALUE, `${type} ${wrong}`);
      t.is(view.get(value), 1);
    }
  }
  const float = new Structure({ fields: [{ name: "value", type: "float32" }] });
  const view = float.view();
  view.begin(new Uint8Array(4), 0, 4);
  // Half a unit in the last place above the greatest is where rounding begins to give infinity.
  for (const right of [3.4028235677973362e38, -3.4028235677973362e38, Number.NaN, Number.POSITIVE_INFINITY, 1e-46]) {
    t.is(view.set(float.field("value"), right), VALID_PAYLOAD, `${right}`);
    t.is(view.get(float.field("value")), Math.fround(right));
  }
  for (const wrong of [3.4028235677973366e38, -3.4028235677973366e38, 1e300]) {
    t.is(view.set(float.field("value"), wrong), UNFIT_VALUE);
  }
});

test("a constant takes its own value and no other, and a count is set by `setCount` alone", (t) => {
  const memory = new Uint8Array(20);
  const view = log.view(memory);
  view.begin(memory, 0, 20);
  t.is(view.get(version), 0x102);
  t.is(view.set(version, 0x102), VALID_PAYLOAD);
  t.is(view.set(version, 0x103), UNFIT_VALUE);
  t.throws(() => view.set(log.field("samples"), 1), {
    instanceOf: TypeError,
    message: /samples says how long.*setCount/,
  });
  t.throws(() => view.setCount(sum, 1), { instanceOf: TypeError, message: /the length of sum is fixed/ });
  const serial = new Structure({ fields: [{ name: "magic", type: "uint64", value: 2n ** 63n }] });
  const other = serial.view();
  other.begin(memory, 0, 20);
  t.is(other.getBig(serial.field("magic")), 2n ** 63n);
  t.is(other.setBig(serial.field("magic"), 2n ** 63n), VALID_PAYLOAD);
  t.is(other.setBig(serial.field("magic"), 2n ** 62n), UNFIT_VALUE);
});

test("misuse throws: no payload, a stranger's handle, an index out of range, what is no number", (t) => {
  const memory = log.encode({ kind: 1, list: [{ at: 1, values: [1, 2, 3] }], note: new Uint8Array(0), sum: 2 });
  const view = log.view();
  t.throws(() => view.get(sum), { instanceOf: TypeError, message: /lies over no payload/ });
  t.is(view.attach(memory, 0, 3), PARTIAL_PAYLOAD);
  t.throws(() => view.get(sum), { instanceOf: TypeError }, "a failed attach leaves nothing");
  view.attach(memory, 0, memory.length);
  t.throws(() => view.get(sample.field("at")), {
    instanceOf: TypeError,
    message: /at is a field of sample, .* of log/,
  });
  t.throws(() => view.nest(list, 0, log.view()), { instanceOf: TypeError, message: /list is no log/ });
  for (const index of [1, -1, 0.5, Number.NaN]) {
    t.throws(() => view.get(at, index), { instanceOf: RangeError, message: /list.at has elements 0 to 0, not/ });
  }
  t.throws(() => view.get(note), { instanceOf: RangeError }, "it is empty");
  t.is(view.startOf(note), view.endOf(note));
  t.throws(() => view.get(list), { instanceOf: TypeError });
  t.throws(() => view.getBig(sum), { instanceOf: TypeError, message: /sum is no 64-bit integer/ });
  t.throws(() => log.field("list.values"), { instanceOf: TypeError, message: /no field "list.values" that one index/ });
});

test("a range that is not in the bytes throws, for reading and for writing, and the view stays where it was", (t) => {
  const point = new Structure({ name: "point", fields: [{ name: "x", type: "uint32" }] });
  const x = point.field("x");
  const memory = new Uint8Array(16);
  const view = point.view(memory);
  memory[11] = 7;
  t.is(view.attach(memory, 8, 12), VALID_PAYLOAD);
  for (const [start, end] of [
    [14, 18],
    [-4, 4],
    [16, 20],
    [0.5, 4.5],
    [Number.NaN, 4],
    [0, Number.NaN],
  ] as const) {
    const expected = { instanceOf: RangeError, message: `a payload must lie in bytes 0 to 16, not ${start} to ${end}` };
    t.throws(() => view.attach(memory, start, end), expected);
    t.throws(() => view.begin(memory, start, end), expected);
    t.is(view.get(x), 7);
  }
  for (const start of [12, 16, 18]) {
    t.is(view.attach(memory, start, start - 2), PARTIAL_PAYLOAD, "no bytes at all");
    t.deepEqual([view.found, view.required], [0, 4]);
    t.is(view.begin(memory, start, start - 2), PARTIAL_PAYLOAD, "no room at all");
  }
});

test("a nested structure of variable size is reached by path, and by a view of its own", (t) => {
  const inner = new Structure({
    name: "inner",
    fields: [
      { name: "n", type: "uint8" },
      { name: "data", type: "uint16", count: "n" },
      { name: "last", type: "uint8" },
    ],
  });
  const outer = new Structure({
    fields: [
      { name: "first", type: "uint8" },
      { name: "a", type: inner },
      { name: "b", type: inner },
      { name: "end", type: "uint8" },
    ],
  });
  const value = { first: 1, a: { n: 2, data: [10, 20], last: 3 }, b: { n: 1, data: [30], last: 4 }, end: 5 };
  const bytes = Uint8Array.of(1, 2, 0, 10, 0, 20, 3, 1, 0, 30, 4, 5);
  t.deepEqual(outer.encode(value), bytes);
  t.deepEqual(outer.decode(bytes), value);
  const view = outer.view(bytes);
  t.is(view.attach(bytes, 0, bytes.length), VALID_PAYLOAD);
  t.deepEqual(
    [view.get(outer.field("a.data"), 1), view.get(outer.field("b.last")), view.get(outer.field("end"))],
    [20, 4, 5],
  );
  t.deepEqual([view.startOf(outer.field("a")), view.endOf(outer.field("a"))], [1, 7]);
  t.deepEqual([view.startOf(outer.field("b")), view.endOf(outer.field("b"))], [7, 11]);
  const nested = inner.view(bytes);
  t.is(view.nest(outer.field("b"), 0, nested), VALID_PAYLOAD);
  t.deepEqual([nested.get(inner.field("data"), 0), nested.end], [30, 11]);
});
