/** Every dictionary that is refused, by the one line that says why: it names the entry, and what would do. */
import test from "ava";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";

type Entries = Record<string, unknown>;

/** By the message, what is wrong. Names are short: `p` a parameter, `s` a structure, `e`, `f`, `c`, `x` the rest. */
const WRONG: Record<string, unknown> = {};

function wrong(message: string, entries: unknown): void {
  if (message in WRONG) {
    throw new Error(`"${message}" is there twice`);
  }
  WRONG[message] = entries;
}

function parameter(message: string, properties: Entries): void {
  wrong(`parameter "p"${message}`, { parameters: { p: { id: 1, type: "uint8", ...properties } } });
}

function structure(message: string, properties: Entries): void {
  const parameters = { p: { id: 1, type: "uint8" }, q: { id: 2, type: "ascii", length: 40_000 } };
  const more = { r: { id: 3, type: "bytes", length: 40_000 } };
  const s = { id: 1, parameters: ["p"], intervalMs: 1000, ...properties };
  wrong(`structure "s"${message}`, { parameters: { ...parameters, ...more }, structures: { s } });
}

function event(message: string, properties: Entries): void {
  wrong(`event "e"${message}`, { events: { e: { id: 1, severity: "low", ...properties } } });
}

function action(message: string, properties: Entries): void {
  wrong(`function "f"${message}`, { functions: { f: { id: 1, ...properties } } });
}

function argument(message: string, properties: Entries): void {
  action(`: argument "a"${message}`, { arguments: { a: { type: "uint8", ...properties } } });
}

function code(message: string, properties: Entries): void {
  wrong(`failure code "c"${message}`, { failureCodes: { c: { code: 300, ...properties } } });
}

function service(message: string, properties: Entries): void {
  wrong(`service "x"${message}`, { services: { x: { type: 200, ...properties } } });
}

function request(message: string, properties: Entries): void {
  service(`: request "r"${message}`, { requests: { r: { subtype: 1, ...properties } } });
}

const POINTS = [
  [0, 0],
  [1, 1],
];
const TYPES = "uint8, uint16, uint24, uint32, int8, int16, int24, int32, float32, float64, uint64, int64";
const VALUES = "type, length, count, bits, unit, description, words, calibration, minimum, maximum";
const A_NAME = "a name must be letters, digits and _, a letter first, not";

// The whole.
wrong("a dictionary must have a name, not undefined", { name: undefined });
wrong('a dictionary must have a name, not ""', { name: "" });
wrong("the dictionary: description must be text, not 5", { description: 5 });
wrong(
  'a dictionary has no property "parameter"; there are name, description, parameters, structures, events, functions, failureCodes, services',
  { parameter: {} },
);
wrong("parameters must be an object with an entry for each name, not an array of 0", { parameters: [] });
wrong('events must be an object with an entry for each name, not "none"', { events: "none" });
wrong(`functions: ${A_NAME} "2fast"`, { functions: { "2fast": { id: 1 } } });
wrong(`structures: ${A_NAME} ""`, { structures: { "": {} } });
wrong(`failureCodes: ${A_NAME} "a b"`, { failureCodes: { "a b": { code: 300 } } });
wrong(`services: ${A_NAME} "\u00e9"`, { services: { "\u00e9": { type: 200 } } });
const TOO_LONG = "a".repeat(201);
wrong(`parameters: ${A_NAME} "${TOO_LONG.slice(0, 40)}"... (201 long)`, { parameters: { [TOO_LONG]: {} } });

// Names and IDs.
wrong('parameter "p" must be an object, not null', { parameters: { p: null } });
wrong('parameter "q" has the ID 1 of "p"', { parameters: { p: { id: 1, type: "uint8" }, q: { id: 1, type: "int8" } } });
wrong('event "q" has the ID 7 of "p"', {
  events: { p: { id: 7, severity: "low" }, q: { id: 7, severity: "high" } },
});
wrong('function "q" has the ID 0 of "p"', { functions: { p: { id: 0 }, q: { id: 0 } } });
wrong('structure "t" has the ID 1 of "s"', {
  parameters: { p: { id: 1, type: "uint8" } },
  structures: { s: { id: 1, parameters: ["p"], intervalMs: 100 }, t: { id: 1, parameters: ["p"], intervalMs: 100 } },
});
parameter(": id must be 0 to 65535, not undefined", { id: undefined });
parameter(": id must be 0 to 65535, not 65536", { id: 65_536 });
parameter(": id must be 0 to 65535, not -1", { id: -1 });
parameter(": id must be 0 to 65535, not 1.5", { id: 1.5 });
event(": id must be 0 to 65535, not NaN", { id: Number.NaN });
action(": id must be 0 to 65535, not 70000", { id: 70_000 });
structure(': id must be 0 to 65535, not "x"', { id: "x" });

// Types.
parameter(`: type must be ${TYPES}, boolean, ascii or bytes, not "uint7"`, { type: "uint7" });
parameter(`: type must be ${TYPES}, boolean, ascii or bytes, not undefined`, { type: undefined });
parameter(
  ` has no property "units"; there are ${VALUES}, id, limits, monitoring, group, settable, dangerous, initial`,
  {
    units: "V",
  },
);
parameter(": unit must be text, not 5", { unit: 5 });
parameter(": description must be text, not an object", { description: {} });
parameter(": group must be text, not 1", { group: 1 });
parameter(": settable must be true or false, not 1", { settable: 1 });
parameter(": dangerous must be text, not true", { settable: true, dangerous: true });
parameter(": dangerous says why setting it is; it is not settable", { dangerous: "hot" });
parameter(": length must be a whole number from 1 to 65000, not undefined octets of ascii", { type: "ascii" });
parameter(": length must be from 1 to 65000, not 0 octets of bytes", { type: "bytes", length: 0 });
parameter(": length must be from 1 to 65000, not 65001 octets of ascii", { type: "ascii", length: 65_001 });
parameter(": length is for ascii and bytes; an array has a count", { length: 3 });
parameter(": count is for numbers and booleans; ascii has a length", { type: "ascii", length: 3, count: 2 });
parameter(": count must be from 1 to 65000, not 0 elements", { count: 0 });
parameter(": count must be a whole number from 1 to 65000, not 1.5 elements", { count: 1.5 });

// Ranges.
parameter(": minimum must be a whole number, not 0.5", { minimum: 0.5 });
parameter(": minimum must be 0 to 255 (uint8), not -1", { minimum: -1 });
parameter(": maximum must be 0 to 255 (uint8), not 256", { maximum: 256 });
parameter(': maximum must be a whole number, not "9"', { maximum: "9" });
parameter(": maximum must be a finite number, not Infinity", { type: "float64", maximum: Number.POSITIVE_INFINITY });
parameter(": minimum must be a whole number, not 2.5", { type: "int64", minimum: 2.5 });
parameter(": maximum must be -9007199254740991 to 9007199254740991 (int64), not 9007199254740992", {
  type: "int64",
  maximum: 2 ** 53,
});
parameter(": minimum 6 is above maximum 5", { minimum: 6, maximum: 5 });
parameter(": minimum is for numbers, not for boolean", { type: "boolean", minimum: 0 });
parameter(": maximum is for numbers, not for bytes", { type: "bytes", length: 2, maximum: 9 });

// Words.
parameter(": words must be an object, as in { off: 0, on: 1 }, not an array of 1", { words: ["off"] });
parameter(": words are for numbers and booleans, not for ascii", { type: "ascii", length: 2, words: { a: 1 } });
parameter(': the word "on" must be for a whole number, 0 to 255, not 256', { words: { on: 256 } });
parameter(': the word "on" must be for a whole number, 2 to 3, not 1', { words: { on: 1 }, minimum: 2, maximum: 3 });
parameter(': the word "on" must be for a whole number, 0 to 1, not 2', { type: "boolean", words: { on: 2 } });
parameter(': the word "on" must be for a whole number, 0 to 255, not "1"', { words: { on: "1" } });
parameter(': the words "on" and "off" are both for 1', { words: { on: 1, off: 1 } });

// Bits.
parameter(": bits are parts of a uint8, uint16, uint24 or uint32, not of int8", { type: "int8", bits: {} });
parameter(": bits are parts of a uint8, uint16, uint24 or uint32, not of float32", { type: "float32", bits: {} });
parameter(": bits is for numbers, not for boolean", { type: "boolean", bits: {} });
parameter(": a number with bits has no count", { count: 2, bits: {} });
parameter(": a number with bits has no words", { words: {}, bits: {} });
parameter(": a number with bits has no calibration", { calibration: { polynomial: [0, 1] }, bits: {} });
parameter(': bits "b": width must be from 1 to 8, not 9', { bits: { b: { width: 9 } } });
parameter(': bits "b": width must be from 1 to 8, not 0', { bits: { b: { width: 0 } } });
parameter(': bits "b" has no property "shift"; there are width, words, description', { bits: { b: { shift: 1 } } });
parameter(': bits "b": the word "on" must be for a whole number, 0 to 3, not 4', {
  bits: { b: { width: 2, words: { on: 4 } } },
});
parameter(": its bits have 9 bits, and uint8 has 8", { bits: { a: { width: 4 }, b: { width: 5 } } });
parameter(`: bits: ${A_NAME} "a.b"`, { bits: { "a.b": { width: 1 } } });

// Calibrations.
parameter(": calibration is for numbers, not for boolean", { type: "boolean", calibration: { polynomial: [1] } });
parameter(": calibration must be an object, as in { polynomial: [0, 0.1] }, not 3", { calibration: 3 });
parameter(": calibration must be an object, as in { polynomial: [0, 0.1] }, not null", { calibration: null });
parameter(': calibration must have a polynomial or points, and nothing else, not "spline"', {
  calibration: { spline: [] },
});
parameter(': calibration must have a polynomial or points, and nothing else, not "points"', {
  calibration: { polynomial: [0, 1], points: POINTS },
});
parameter(": calibration must have a polynomial, or at least 2 points, not undefined", { calibration: {} });
parameter(": calibration must have a polynomial, or at least 2 points, not an array of 1", {
  calibration: { points: [[0, 0]] },
});
parameter(": calibration.polynomial must be an array of finite numbers, 1 at least, not an array of 0", {
  calibration: { polynomial: [] },
});
parameter(": calibration.polynomial must be an array of finite numbers, 1 at least, not an array of 2", {
  calibration: { polynomial: [0, Number.NaN] },
});
parameter(": calibration.points[1] must be an array of 2 finite numbers, not an array of 3", {
  calibration: {
    points: [
      [0, 0],
      [1, 1, 1],
    ],
  },
});
parameter(": calibration.points[0] must be an array of 2 finite numbers, not 0", { calibration: { points: [0, 1] } });
parameter(": calibration.points must rise by their raw numbers; number 1 does not", {
  calibration: {
    points: [
      [1, 0],
      [1, 1],
    ],
  },
});
const NO_INVERSE =
  ": its calibration has no inverse, so it cannot be settable; a straight line, or points that only rise or only fall, have one";
parameter(NO_INVERSE, { settable: true, calibration: { polynomial: [0, 0, 1] } });

// Limits.
parameter(": limits must be an object, not 5", { limits: 5 });
parameter(': limits has no property "alarm"; there are warning, critical', { limits: { alarm: {} } });
parameter(': limits.warning has no property "max"; there are low, high', { limits: { warning: { max: 1 } } });
parameter(": limits are for numbers, not for boolean", { type: "boolean", limits: {} });
parameter(": limits are for numbers, not for bytes", { type: "bytes", length: 1, limits: {} });
parameter(": limits.critical.low must be a finite number, not NaN", { limits: { critical: { low: Number.NaN } } });
parameter(": limits.warning: low 5 must be below high 5", { limits: { warning: { low: 5, high: 5 } } });
parameter(": limits.critical.low 5 must not be above warning.low 4", {
  limits: { warning: { low: 4 }, critical: { low: 5 } },
});
parameter(": limits.critical.high 5 must not be below warning.high 6", {
  limits: { warning: { high: 6 }, critical: { high: 5 } },
});

// Initial values.
parameter(": initial must be 0 to 255 (uint8), not 256", { initial: 256 });
parameter(": initial must be 1 to 5, not 6", { minimum: 1, maximum: 5, initial: 6 });
parameter(': initial must be a whole number, not "1"', { initial: "1" });
parameter(": initial must be true or false, not 1", { type: "boolean", initial: 1 });
parameter(": initial must be an array of 2, not an array of 3", { count: 2, initial: [1, 2, 3] });
parameter(": initial must be an array of 2, not 5", { count: 2, initial: 5 });
parameter(": initial[1] must be 0 to 255 (uint8), not 300", { count: 2, initial: [1, 300] });
parameter(": initial[0] must be true or false, not 0", { type: "boolean", count: 2, initial: [0, true] });
parameter(": initial must be an array of 2, not an array of 1", { type: "bytes", length: 2, initial: [1] });
parameter(": initial[1] must be an octet, 0 to 255, not 256", { type: "bytes", length: 2, initial: [1, 256] });
parameter(": initial[0] must be an octet, 0 to 255, not -1", { type: "bytes", length: 2, initial: [-1, 0] });
parameter(": initial[0] must be an octet, 0 to 255, not 0.5", { type: "bytes", length: 2, initial: [0.5, 0] });
parameter(": initial must have at most 3 characters, not 4", { type: "ascii", length: 3, initial: "abcd" });
parameter(': initial must be ASCII text, not "\u00e9"', { type: "ascii", length: 3, initial: "\u00e9" });
parameter(": initial must be ASCII text, not 5", { type: "ascii", length: 3, initial: 5 });

// Structures.
structure(': there is no parameter "P"; there is "p"', { parameters: ["P"] });
structure(': there is no parameter "volts"', { parameters: ["p", "volts"] });
structure(": there is no parameter 7", { parameters: [7] });
structure(': there is no parameter "constructor"', { parameters: ["constructor"] });
structure(': parameter "p" is named twice', { parameters: ["p", "p"] });
structure(": parameters must be names of parameters, one at least, not an array of 0", { parameters: [] });
structure(': parameters must be names of parameters, one at least, not "p"', { parameters: "p" });
structure(" has 80000 octets, and no packet has room for more than 65535", { parameters: ["q", "r"] });
structure(": intervalMs must be a whole number from 100 to 4294967295 ms, not undefined", { intervalMs: undefined });
structure(": intervalMs must be a whole number from 100 to 4294967295 ms, not 99", { intervalMs: 99 });
structure(": intervalMs must be a whole number from 100 to 4294967295 ms, not 4294967296", { intervalMs: 2 ** 32 });
structure(": intervalMs must be a whole number from 500 to 4294967295 ms, not 499", {
  intervalMs: 499,
  minimumIntervalMs: 500,
});
structure(": minimumIntervalMs must be 1 to 4294967295 ms, not 0", { minimumIntervalMs: 0 });
structure(': enabled must be true or false, not "no"', { enabled: "no" });
structure(
  ': has no property "interval"; there are id, description, parameters, intervalMs, minimumIntervalMs, enabled'.slice(
    1,
  ),
  { interval: 5 },
);

// Events.
event(': severity must be informative or low or medium or high, not "bad"', { severity: "bad" });
event(": text names {x}, and there is no such value", { text: "it is {x}" });
event(": text names {y}, and there is no such value", { text: "{x} {y}", values: { x: { type: "uint8" } } });
event(': value "v" must be one number or boolean', { values: { v: { type: "ascii", length: 3 } } });
event(': value "w" must be one number or boolean', { values: { w: { type: "uint8", count: 3 } } });
event(": values may be at most 4, not 5", {
  values: Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { type: "uint8" }])),
});
event(`: value "v" has no property "default"; there are ${VALUES}`, { values: { v: { type: "uint8", default: 1 } } });
event(": enabled must be true or false, not 0", { enabled: 0 });
event(": text must be text, not 5", { text: 5 });

// Functions.
argument(": default must be 0 to 255 (uint8), not 256", { default: 256 });
argument(": default must be 1 to 3, not 4", { minimum: 1, maximum: 3, default: 4 });
argument(": default must be true or false, not 1", { type: "boolean", default: 1 });
argument(": default must be a whole number, not true", { default: true });
argument(": its calibration has no inverse; a straight line has one", { calibration: { polynomial: [5] } });
argument(" must be one number or boolean", { type: "bytes", length: 3 });
action(": arguments may be at most 4, not 5", {
  arguments: Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [name, { type: "uint8" }])),
});
action(": dangerous must be text, not true", { dangerous: true });
action(' has no property "handler"; there are id, description, arguments, dangerous', { handler: () => 0 });

// Failure codes.
code(": code must be 1 to 4294967295, not 0", { code: 0 });
code(' has no property "text"; there are code, description, data', { text: "" });
code(": data must be text, not 5", { data: 5 });
wrong('failure code "d" has the code 300 of "c"', { failureCodes: { c: { code: 300 }, d: { code: 300 } } });

// Services.
service(": type must be 1 to 255, not 256", { type: 256 });
service(' has no property "subtype"; there are type, description, requests, reports', { subtype: 1 });
wrong('service "y" has the type 200 of "x"', { services: { x: { type: 200 }, y: { type: 200 } } });
service(": description must be text, not 5", { description: 5 });
request(": dangerous must be text, not 5", { dangerous: 5 });
request(": description must be text, not 5", { description: 5 });
service(`: report "b"${": the last of values must be the identifier of its variants, an unsigned number"}`, {
  reports: { b: { subtype: 1, values: { i: { type: "boolean" } }, variants: { v: { id: 1 } } } },
});
request(": subtype must be 1 to 255, not 0", { subtype: 0 });
service(': request "q" has the subtype 1 of "r"', { requests: { r: { subtype: 1 }, q: { subtype: 1 } } });
service(': report "q" has the subtype 2 of "r"', { reports: { r: { subtype: 2 }, q: { subtype: 2 } } });
service(
  ': report "r" has no property "replies"; there are values, list, maxDataLength, description, subtype, variants',
  { reports: { r: { subtype: 2, replies: [] } } },
);
request(': there is no report "echo" to reply with', { replies: ["echo"] });
request(': replies must be names of reports, not "echo"', { replies: "echo" });
request(`: value "v": type must be ${TYPES}, boolean, ascii or bytes, not "text"`, { values: { v: { type: "text" } } });
request(": maxDataLength must be from 0 to 65000, not -1 octets", { maxDataLength: -1 });
request(': list.countType must be uint8 or uint16 or uint24 or uint32, not "int8"', {
  list: { countType: "int8", items: { v: { type: "uint8" } }, maxCount: 1 },
});
request(": list.maxCount must be from 1 to 65000, not 0 items", {
  list: { countType: "uint8", items: { v: { type: "uint8" } }, maxCount: 0 },
});
request(": list.items must have one value at least", { list: { countType: "uint8", items: {}, maxCount: 1 } });
request(": list must be an object, not null", { list: null });
request(': item "v": length is for ascii and bytes; an array has a count', {
  list: { countType: "uint8", items: { v: { type: "uint8", length: 1 } }, maxCount: 1 },
});
const IDENTIFIER = ": the last of values must be the identifier of its variants, an unsigned number";
request(IDENTIFIER, { variants: { v: { id: 1 } } });
service(`: report "r"${IDENTIFIER}`, {
  reports: { r: { subtype: 1, values: { i: { type: "int8" } }, variants: { v: { id: 1 } } } },
});
service(`: report "q"${IDENTIFIER}`, {
  reports: { q: { subtype: 1, values: { i: { type: "uint8", count: 2 } }, variants: { v: { id: 1 } } } },
});
const VARIANTS = { values: { i: { type: "uint8" } }, variants: { v: { id: 1 } } };
request(": what stands behind the identifier belongs to its variants", { ...VARIANTS, maxDataLength: 4 });
request(': variant "v": id must be from 0 to 255, not 256 (uint8)', { ...VARIANTS, variants: { v: { id: 256 } } });
request(': variant "v": maxDataLength must be from 0 to 65000, not 70000 octets', {
  ...VARIANTS,
  variants: { v: { id: 1, maxDataLength: 70_000 } },
});
request(': variant "w" has the ID 1 of "v"', { ...VARIANTS, variants: { v: { id: 1 }, w: { id: 1 } } });
request(': variant "v" has no property "subtype"; there are values, list, maxDataLength, description, id, dangerous', {
  ...VARIANTS,
  variants: { v: { id: 1, subtype: 1 } },
});
request(': variant "v": dangerous must be text, not 1', { ...VARIANTS, variants: { v: { id: 1, dangerous: 1 } } });
request(': value "i": default must be 0 to 9, not 10', { values: { i: { type: "uint8", maximum: 9, default: 10 } } });
request(': value "i": default must be true or false, not 1', { values: { i: { type: "boolean", default: 1 } } });
request(': value "i": a default is for one number or boolean', {
  values: { i: { type: "ascii", length: 2, default: 1 } },
});
request(': value "i": its calibration has no inverse; a straight line has one', {
  values: { i: { type: "uint8", calibration: { polynomial: [0, 1, 0.1] } } },
});
const ITEMS = { countType: "uint8", items: { i: { type: "uint8" } }, maxCount: 4 };
request(": list.minCount must be from 0 to 4, not 5 items", { list: { ...ITEMS, minCount: 5 } });
request(': list has no property "variants"; there are countType, items, minCount, maxCount', {
  list: { ...ITEMS, variants: {} },
});
request(
  ' has no property "trailer"; there are values, list, maxDataLength, description, subtype, variants, replies, dangerous',
  { trailer: {} },
);

for (const [message, entries] of Object.entries(WRONG)) {
  test(`refused: ${message}`, (t) => {
    const error = t.throws(() => defineDictionary({ name: "test", ...(entries as object) } as never));
    t.is(error.message, message);
    t.true(error instanceof TypeError || error instanceof RangeError);
    t.false(message.includes("\n"));
  });
}

test("what is no dictionary at all is refused", (t) => {
  for (const [what, shown] of [
    [undefined, "undefined"],
    [null, "null"],
    [[], "an array of 0"],
    ["board", '"board"'],
  ]) {
    t.throws(() => defineDictionary(what as never), { message: `a dictionary must be an object, not ${shown}` });
  }
});

test("what is just within is taken", (t) => {
  t.notThrows(() =>
    defineDictionary({
      name: "edges",
      parameters: {
        first: { id: 0, type: "uint8", minimum: 0, maximum: 255, initial: 255 },
        last: { id: 65_535, type: "int64", minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 },
        bits: { id: 1, type: "uint32", bits: { all: { width: 31 }, one: { width: 1, words: { on: 1 } } } },
        text: { id: 2, type: "ascii", length: 3, initial: "abc" },
        delete: { id: 7, type: "ascii", length: 1, initial: "\u007f" },
        octets: { id: 8, type: "bytes", length: 2, initial: [0, 255] },
        none: { id: 3, type: "ascii", length: 3, initial: "" },
        flags: { id: 4, type: "boolean", count: 2, initial: [true, false] },
        set: {
          id: 5,
          type: "uint8",
          settable: true,
          calibration: {
            points: [
              [0, 9],
              [1, 8],
              [2, 7],
            ],
          },
        },
        limited: { id: 6, type: "int8", limits: { warning: { low: 1, high: 2 }, critical: { low: 1, high: 2 } } },
      },
      structures: { all: { id: 65_535, parameters: ["first", "text"], intervalMs: 1, minimumIntervalMs: 1 } },
      events: { empty: { id: 65_535, severity: "high", text: "it is {v}", values: { v: { type: "uint8" } } } },
      services: {
        own: {
          type: 255,
          reports: { wide: { subtype: 1, values: { id: { type: "uint32" } }, variants: { a: { id: 2 ** 32 - 1 } } } },
          requests: { pick: { subtype: 255, values: { id: { type: "uint8" } }, variants: { a: { id: 255 } } } },
        },
      },
    } as never),
  );
});
