/** The values of parameters: what is written is what is reported. For Node and for XS. */
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import {
  NO_PARAMETER,
  NO_SOURCE,
  ParameterPool,
  type ParameterSource,
  poolLength,
} from "../../modules/pus/parameter-pool.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { FAULT_EVENT, OwnBoard } from "./own-board.js";
import { toHex } from "./support.js";

const { NaN: NAN, POSITIVE_INFINITY: INFINITY, MAX_SAFE_INTEGER: GREATEST } = Number;

const DICTIONARY = defineDictionary({
  name: "pool",
  parameters: {
    u8: { id: 11, type: "uint8" },
    u16: { id: 12, type: "uint16" },
    u24: { id: 13, type: "uint24" },
    u32: { id: 14, type: "uint32" },
    i8: { id: 1, type: "int8" },
    i16: { id: 2, type: "int16" },
    i24: { id: 3, type: "int24" },
    i32: { id: 4, type: "int32" },
    f32: { id: 5, type: "float32" },
    f64: { id: 6, type: "float64" },
    u64: { id: 7, type: "uint64" },
    i64: { id: 8, type: "int64" },
    flag: { id: 9, type: "boolean", initial: true },
    axes: { id: 20, type: "int16", count: 3, initial: [1, -2, 3] },
    flags: { id: 21, type: "boolean", count: 2, initial: [false, true] },
    name: { id: 22, type: "ascii", length: 6, initial: "ab" },
    key: { id: 23, type: "bytes", length: 3, initial: [1, 254, 3] },
    bits: { id: 24, type: "uint16", bits: { a: { width: 3 }, b: { width: 8 }, c: { width: 1 } }, initial: 0xffff },
    wide: { id: 25, type: "uint32", bits: { all: { width: 32 } } },
    last: { id: 65_535, type: "uint8", initial: 9 },
  },
  structures: {
    // In another order than the dictionary's: so they lie in the pool.
    first: { id: 1, parameters: ["bits", "u8", "name"], intervalMs: 1000 },
    mixed: { id: 2, parameters: ["u8", "bits", "axes", "f32", "name", "key"], intervalMs: 1000 },
  },
});

type Name = keyof (typeof DICTIONARY)["parameters"];

class Bench {
  readonly bytes = new Uint8Array(poolLength(DICTIONARY) + 20).fill(0xa5);
  readonly pool = new ParameterPool(DICTIONARY, this.bytes, 10);

  handle(name: Name): number {
    return this.pool.find(DICTIONARY.parameters[name].id);
  }

  hex(name: Name): string {
    const handle = this.handle(name);
    return toHex(this.bytes.slice(this.pool.startOf(handle), this.pool.endOf(handle)));
  }

  set(name: Name, value: number | boolean, index = 0): string {
    this.pool.set(this.handle(name), value, index);
    return this.hex(name);
  }
}

/** By type: values that are written, and the octets that they become. */
const WRITTEN: readonly [Name, [number | boolean, string][]][] = [
  [
    "u8",
    [
      [0, "00"],
      [255, "ff"],
      [256, "ff"],
      [-1, "00"],
      [1.9, "01"],
      [NAN, "ff"],
      [INFINITY, "ff"],
      [true, "01"],
    ],
  ],
  [
    "u16",
    [
      [0x1234, "1234"],
      [65_536, "ffff"],
      [-5, "0000"],
      [NAN, "ffff"],
    ],
  ],
  [
    "u24",
    [
      [0x123456, "123456"],
      [1e9, "ffffff"],
      [-1, "000000"],
      [NAN, "ffffff"],
    ],
  ],
  [
    "u32",
    [
      [0xfedcba98, "fedcba98"],
      [2 ** 32, "ffffffff"],
      [-1, "00000000"],
      [1.5, "00000001"],
      [NAN, "ffffffff"],
    ],
  ],
  [
    "i8",
    [
      [-128, "80"],
      [127, "7f"],
      [-129, "80"],
      [128, "7f"],
      [-1.9, "ff"],
      [NAN, "80"],
    ],
  ],
  [
    "i16",
    [
      [-2, "fffe"],
      [40_000, "7fff"],
      [-40_000, "8000"],
      [NAN, "8000"],
    ],
  ],
  [
    "i24",
    [
      [-2, "fffffe"],
      [1e7, "7fffff"],
      [-1e7, "800000"],
      [NAN, "800000"],
    ],
  ],
  [
    "i32",
    [
      [-2, "fffffffe"],
      [3e9, "7fffffff"],
      [-3e9, "80000000"],
      [NAN, "80000000"],
    ],
  ],
  [
    "f32",
    [
      [1.5, "3fc00000"],
      [1e40, "7f800000"],
      [-INFINITY, "ff800000"],
      [NAN, "7fc00000"],
    ],
  ],
  [
    "f64",
    [
      [-2, "c000000000000000"],
      [NAN, "7ff8000000000000"],
    ],
  ],
  [
    "u64",
    [
      [GREATEST, "001fffffffffffff"],
      [2 ** 60, "001fffffffffffff"],
      [-1, "0000000000000000"],
      [NAN, "001fffffffffffff"],
    ],
  ],
  [
    "i64",
    [
      [-1, "ffffffffffffffff"],
      [-GREATEST, "ffe0000000000001"],
      [-(2 ** 60), "ffe0000000000001"],
      [NAN, "ffe0000000000001"],
    ],
  ],
  [
    "flag",
    [
      [false, "00"],
      [true, "01"],
      [NAN, "ff"],
    ],
  ],
];

function throws(run: () => void, message: string, what: string): void {
  try {
    run();
  } catch (error) {
    equal((error as Error).message, message, what);
    return;
  }
  throw new Error(`${what}: nothing was thrown`);
}

export const poolCases: Cases = {
  "pool: of a value beyond its type the nearest is written, of NaN the type's invalid value": () => {
    const bench = new Bench();
    for (const [name, pairs] of WRITTEN) {
      for (const [value, octets] of pairs) {
        equal(bench.set(name, value), octets, `${name} ${value}`);
      }
    }
    equal(
      [...bench.bytes.slice(0, 10), ...bench.bytes.slice(-10)],
      Array.from({ length: 20 }, () => 0xa5),
      "around",
    );
  },
  "pool: what was written is read again": () => {
    const bench = new Bench();
    for (const [name, pairs] of WRITTEN) {
      const exact = +pairs[0]![0];
      bench.set(name, exact);
      equal(bench.pool.get(bench.handle(name)), exact, name);
    }
  },
  "pool: initial values, zeros where there are none": () => {
    const bench = new Bench();
    const hex = ["flag", "axes", "flags", "name", "key", "bits", "wide", "last", "f64"] as const;
    const expected = [
      "01",
      "0001fffe0003",
      "0001",
      "616200000000",
      "01fe03",
      "ffff",
      "00000000",
      "09",
      "0000000000000000",
    ];
    equal(
      hex.map((name) => bench.hex(name)),
      expected,
      "octets",
    );
  },
  "pool: parameters are found by ID, and no others": () => {
    const { pool } = new Bench();
    const ids: number[] = Object.values(DICTIONARY.parameters).map(({ id }) => id);
    equal(pool.count, ids.length, "count");
    for (const id of ids) {
      equal(pool.idOf(pool.find(id)), id, `ID ${id}`);
      holds(ids.includes(id + 1) || pool.find(id + 1) === NO_PARAMETER, `none behind ${id}`);
    }
    equal(
      [0, 65_534, -1, 1.5].map((id) => pool.find(id)),
      [-1, -1, -1, -1],
      "unknown",
    );
    const empty = new ParameterPool({ name: "empty" }, new Uint8Array(0), 0);
    equal([empty.count, empty.find(1)], [0, NO_PARAMETER], "without parameters");
  },
  "pool: parameters lie in the order of the first structure that reports them": () => {
    const bench = new Bench();
    const order = ["bits", "u8", "name", "axes", "f32", "key", "u16"] as const;
    equal(
      order.map((name) => bench.handle(name)),
      [0, 1, 2, 3, 4, 5, 6],
      "handles",
    );
    equal(bench.pool.startOf(0), 10, "the first");
  },
  "pool: elements of arrays, octets of text and bytes": () => {
    const bench = new Bench();
    const { pool } = bench;
    equal(bench.set("axes", -32_768, 2), "0001fffe8000", "an element");
    equal(
      [0, 1, 2].map((k) => pool.get(bench.handle("axes"), k)),
      [1, -2, -32_768],
      "elements",
    );
    equal(bench.set("key", 7, 1), "010703", "an octet");
    equal(
      (["axes", "flags", "name", "key", "f64"] as const).map((name) => pool.elementsOf(bench.handle(name))),
      [3, 2, 6, 3, 1],
      "how many",
    );
    const handle = bench.handle("axes");
    const none = (index: number) => `the pool has no parameter ${handle} with element ${index}`;
    throws(() => pool.set(handle, 1, 3), none(3), "behind the last");
    throws(() => pool.get(handle, -1), none(-1), "before the first");
    throws(() => pool.get(handle, NAN), none(NAN), "none");
    throws(() => pool.set(NO_PARAMETER, 1), "the pool has no parameter -1 with element 0", "no parameter");
    throws(() => pool.get(999), "the pool has no parameter 999 with element 0", "beyond the last");
  },
  "pool: text is cut where the field ends, and zeros follow it; what is no ASCII is a question mark": () => {
    const bench = new Bench();
    const texts: [string, string][] = [
      ["xyz", "78797a000000"],
      ["abcdefgh", "616263646566"],
      ["", "000000000000"],
      ["\u00e9\u20acA", "3f3f41000000"],
      ["\u007f\u0080", "7f3f00000000"],
    ];
    for (const [text, octets] of texts) {
      bench.pool.setText(bench.handle("name"), text);
      equal(bench.hex("name"), octets, text);
      equal([bench.hex("u8"), bench.hex("axes")], ["00", "0001fffe0003"], `${text}: the neighbours`);
    }
  },
  "pool: bytes are cut where the field ends, and zeros follow them": () => {
    const bench = new Bench();
    const source = Uint8Array.from({ length: 10 }, (_, k) => 0x60 + k);
    const parts: [from: number, to: number, octets: string][] = [
      [1, 3, "616200000000"],
      [2, 10, "626364656667"],
      [4, 4, "000000000000"],
    ];
    for (const [from, to, octets] of parts) {
      bench.pool.setBytes(bench.handle("name"), source, from, to);
      equal(bench.hex("name"), octets, octets);
    }
    equal([bench.hex("axes"), bench.hex("key")], ["0001fffe0003", "01fe03"], "neighbours");
  },
  "pool: parts of a number, each without its neighbours; beyond its width it stops at the greatest": () => {
    const board = new OwnBoard(DICTIONARY);
    const { pool, access } = board;
    const handle = access.parameter("bits");
    const [a, b, c] = ["a", "b", "c"].map((name) => access.bits("bits", name)) as [number, number, number];
    const steps: [number, number | boolean, number][] = [
      [a, 0, 0x1fff],
      [a, 5, 0xbfff],
      [b, 0, 0xa01f],
      [b, 0x81, 0xb03f],
      [c, false, 0xb02f],
      [c, true, 0xb03f],
      [a, 8, 0xf03f],
      [a, -1, 0x103f],
      [b, 1000, 0x1fff],
      [c, NAN, 0x1fff],
      [c, 0.9, 0x1fef],
    ];
    for (const [part, value, whole] of steps) {
      pool.setBits(part, value);
      equal(pool.get(handle), whole, `${part} ${value}`);
    }
    const all = access.bits("wide", "all");
    for (const [value, whole] of [
      [0xdeadbeef, 0xdeadbeef],
      [0, 0],
      [2 ** 33, 0xffffffff],
      [1, 1],
    ] as const) {
      pool.setBits(all, value);
      equal(pool.get(access.parameter("wide")), whole, `all ${value}`);
    }
  },
  "pool: structures report runs of it, and single values, as they stand there": () => {
    const board = new OwnBoard(DICTIONARY);
    board.pool.set(board.access.parameter("u8"), 0x42);
    board.pool.set(board.access.parameter("f32"), 1.5);
    board.housekeeping.send(1);
    board.housekeeping.send(2);
    equal(
      board.said(),
      ["3,25 01ffff42616200000000", "3,25 0242ffff0001fffe00033fc0000061620000000001fe03"],
      "reports",
    );
  },
  "pool: a getter that throws or gives no number makes the invalid value; it is told once, counted each time, others are not harmed":
    () => {
      let value: unknown = 5;
      const board = new OwnBoard(
        {
          name: "getters",
          parameters: {
            first: { id: 1, type: "uint8" },
            broken: { id: 2, type: "int16" },
            vague: { id: 3, type: "float32" },
            flag: { id: 4, type: "boolean" },
            last: { id: 5, type: "uint8" },
          },
          structures: { all: { id: 1, parameters: ["first", "broken", "vague", "flag", "last"], intervalMs: 100 } },
          events: { fault: FAULT_EVENT },
        },
        {
          bind: () => ({
            parameters: {
              first: () => 1,
              broken: () => {
                if (value === "throw") {
                  throw new Error("no sensor");
                }
                return value as number;
              },
              vague: () => (value === "throw" ? Number.NaN : 1.5),
              flag: () => true,
              last: () => 2,
            },
          }),
        },
      );
      board.housekeeping.send(1);
      equal(board.said(), ["3,25 01" + "01" + "0005" + "3fc00000" + "01" + "02"], "all is well");
      equal(board.pool.faults, 0, "no fault");
      value = "throw";
      board.housekeeping.send(1);
      const invalid = "3,25 01" + "01" + "8000" + "7fc00000" + "01" + "02";
      equal(board.said(), ["5,2 00070002", "5,2 00070003", invalid], "told, and reported");
      equal([board.pool.faults, board.errors.length, String(board.errors[0])], [2, 1, "Error: no sensor"], "counted");
      board.send(3, 27, "01 01");
      board.send(20, 1, "02 0002 0003");
      const parameters = "20,2 02" + "00028000" + "00037fc00000";
      equal(board.said(), ["1,1", "1,3", invalid, "1,7", "1,1", "1,3", parameters, "1,7"], "not told again");
      equal([board.pool.faults, board.errors.length, board.reports.misused], [6, 1, 0], "counted again");
      value = undefined;
      board.housekeeping.send(1);
      equal(board.said(), ["3,25 01" + "01" + "8000" + "3fc00000" + "01" + "02"], "undefined is no number");
      value = 7;
      board.housekeeping.send(1);
      equal(board.said(), ["3,25 01" + "01" + "0007" + "3fc00000" + "01" + "02"], "well again");
      equal([board.pool.faults, board.dispatcher.handlerErrors], [7, 0], "at last");
    },
  "pool: a fault that 20,1 finds first is told in front of the report": () => {
    const board = new OwnBoard(
      { name: "one", parameters: { p: { id: 9, type: "uint16" } }, events: { fault: FAULT_EVENT } },
      { bind: () => ({ parameters: { p: () => Number.NaN } }) },
    );
    board.send(20, 1, "01 0009");
    equal(board.said(), ["1,1", "1,3", "5,2 00070009", "20,2 010009ffff", "1,7"], "reports");
    equal(board.reports.misused, 0, "nothing in the way of anything");
  },
  "pool: more sources than there is room for are refused at boot": () => {
    const parameters = Object.fromEntries(
      Array.from({ length: 257 }, (_, k) => [`p${k}`, { id: k, type: "uint8" } as const]),
    );
    const pool = new ParameterPool({ name: "many", parameters }, new Uint8Array(257), 0);
    for (let k = 0; k < 256; k++) {
      pool.bind(k, { get: () => k });
    }
    equal([pool.placeOf(255), pool.placeOf(256)], [255, NO_SOURCE], "places");
    pool.refresh(200);
    equal(pool.get(200), 200, "each has its own");
    const message = "there is room for 256 sources of parameters, with 256 values each";
    throws(() => pool.bind(256, { get: () => 0 }), message, "one more");
  },
  "pool: a source with many values is one source, asked for each by its number": () => {
    const parameters = Object.fromEntries(
      Array.from({ length: 600 }, (_, k) => [`p${k}`, { id: k, type: "uint16" } as const]),
    );
    const pool = new ParameterPool({ name: "many", parameters }, new Uint8Array(1200), 0);
    const [first, second, third] = [1000, 2000, 3000].map((base) => ({ get: (k: number) => base + k })) as [
      ParameterSource,
      ParameterSource,
      ParameterSource,
    ];
    for (let k = 0; k < 256; k++) {
      pool.bind(k, first, k);
      pool.bind(256 + k, second, k);
    }
    pool.bind(512, third);
    const handles = [0, 255, 256, 511, 512];
    for (const handle of handles) {
      pool.refresh(handle);
    }
    equal(
      handles.map((handle) => pool.get(handle)),
      [1000, 1255, 2000, 2255, 3000],
      "values",
    );
    const message = "there is room for 256 sources of parameters, with 256 values each";
    throws(() => pool.bind(513, first, 256), message, "a value too many");
  },
  "pool: more octets than there is room for are refused": () => {
    const parameters = {
      a: { id: 1, type: "bytes", length: 40_000 },
      b: { id: 2, type: "bytes", length: 40_000 },
    } as const;
    const message = "the parameters have 80000 octets, and there is room for 65535";
    throws(() => new ParameterPool({ name: "long", parameters }, new Uint8Array(80_000), 0), message, "80,000");
  },
};
