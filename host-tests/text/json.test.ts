/** JSON payloads against Node's own parser, and what is wrong with those that are none. */
import test from "ava";
import fc from "fast-check";
import { type JsonFault, JsonPayloadError } from "../../modules/text/errors.js";
import { decodeJson, encodeJson } from "../../modules/text/json.js";
import { checkProperty } from "../seeded-properties.js";

const utf8 = (text: string) => new TextEncoder().encode(text);

function faultOf(run: () => unknown): JsonPayloadError {
  try {
    run();
  } catch (error) {
    if (error instanceof JsonPayloadError) {
      return error;
    }
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("Any JSON value is encoded as by Node, and decoded again.", (t) => {
  const property = fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
    const bytes = encodeJson(value);
    t.deepEqual(bytes, Uint8Array.from(utf8(JSON.stringify(value))));
    t.deepEqual(decodeJson(bytes), JSON.parse(JSON.stringify(value)));
    t.deepEqual(
      decodeJson(utf8(` \t\r\n${JSON.stringify(value, undefined, 1)}\n `)),
      JSON.parse(JSON.stringify(value)),
    );
  });
  checkProperty(t, property, 200);
});

test("Damaged JSON is taken or refused as by Node, and the offset lies within it.", (t) => {
  const snippets = fc.constantFrom(
    ...'{}[]:,"\\ \t-+.eE01au/nfl'.split(""),
    "tru",
    "null",
    "\\u00",
    "\u0001",
    "é",
    "1e5",
  );
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(3), snippets), { maxLength: 3 });
  let taken = 0;
  let refused = 0;
  const property = fc.property(fc.jsonValue(), damage, (value, changes) => {
    let text = JSON.stringify(value);
    for (const [where, length, snippet] of changes) {
      const at = where % (text.length + 1);
      text = text.slice(0, at) + snippet + text.slice(at + length);
    }
    let expected: unknown;
    let isJson = true;
    try {
      let kept = true;
      // Whole numbers that lose digits, outside strings.
      for (const [whole] of text.matchAll(/"(?:[^"\\]|\\.)*"|(?<![.\d]|[eE][-+]?\d*)-?\d{16,}(?![\d.eE])/g)) {
        kept &&= whole.startsWith('"') || String(Number(whole)) === whole;
      }
      expected = JSON.parse(text, (_, each: unknown) => {
        kept &&= each !== Number.POSITIVE_INFINITY && each !== Number.NEGATIVE_INFINITY;
        return each;
      });
      isJson = kept;
    } catch {
      isJson = false;
    }
    const bytes = utf8(text);
    if (isJson) {
      taken++;
      t.deepEqual(decodeJson(bytes), expected);
    } else {
      refused++;
      const { fault, offset } = faultOf(() => decodeJson(bytes));
      t.true(offset >= 0 && offset <= bytes.length && (offset < bytes.length || /incomplete|empty/.test(fault)), text);
      // Up to there all is well: with the right end it could be JSON, so cut there it is incomplete at most.
      t.regex(faultOrNone(bytes.slice(0, offset)), /^(incomplete|empty|none)$/);
    }
  });
  checkProperty(t, property, 2000);
  t.true(taken > 300 && refused > 300);
});

function faultOrNone(bytes: Uint8Array): string {
  try {
    decodeJson(bytes);
    return "none";
  } catch (error) {
    return (error as JsonPayloadError).fault;
  }
}

test("an error says what is wrong and where", (t) => {
  const cases: [string, JsonFault, number, RegExp][] = [
    ["", "empty", 0, /there is no value/],
    [" \n", "empty", 2, /there is no value/],
    ["{", "incomplete", 1, /a name in quotes is missing/],
    ['{"a"', "incomplete", 4, /a colon is missing/],
    ['{"a":', "incomplete", 5, /a value is missing/],
    ['{"a":1', "incomplete", 6, /a comma or } is missing/],
    ["[1,2", "incomplete", 4, /a comma or \] is missing/],
    ['"abc', "incomplete", 4, /a character or a quote is missing/],
    ["-", "incomplete", 1, /a digit is missing/],
    ["tru", "incomplete", 3, /true is missing/],
    ["{a:1}", "malformed", 1, /a name in quotes is needed, not 0x61/],
    ["{'a':1}", "malformed", 1, /a name in quotes is needed, not 0x27/],
    ["[1,]", "malformed", 3, /a value is needed, not 0x5d/],
    ['{"a":1,}', "malformed", 7, /a name in quotes is needed, not 0x7d/],
    ["[01]", "malformed", 2, /a comma or \] is needed, not 0x31/],
    ["[1.]", "malformed", 3, /a digit is needed/],
    ["NaN", "malformed", 0, /a value is needed, not 0x4e/],
    ["nul1", "malformed", 3, /null is needed, not 0x31/],
    ['"a\nb"', "malformed", 2, /a character or a quote is needed, not 0x0a/],
    ['"\\x"', "malformed", 2, /an escape sequence is needed, not 0x78/],
    ['"\\u12g4"', "malformed", 5, /four hexadecimal digits is needed, not 0x67/],
    ["[1}", "malformed", 2, /a comma or \] is needed, not 0x7d/],
    ["\ufeff1", "malformed", 0, /a value is needed, not 0xef/],
    ['{"a":1} {"b":2}', "trailing bytes", 8, /followed by 0x7b/],
    ["1 2", "trailing bytes", 2, /followed by 0x32/],
    ["1e999", "number too large", 0, /the number is beyond 1.797\d+e\+308 either way/],
    ['{"a":[0,-1.5E+400]}', "number too large", 8, /beyond/],
    [`[${"9".repeat(309)}]`, "number too large", 1, /beyond/],
    ["12345678901234567890", "number too precise", 0, /^the whole number is beyond 9007199254740991 /],
    ['{"id": -9007199254740993}', "number too precise", 7, /would lose digits$/],
    [`[${"9".repeat(308)}]`, "number too precise", 1, /would lose digits$/],
  ];
  for (const [text, fault, offset, reason] of cases) {
    const bytes = utf8(`##${text}##`);
    const error = faultOf(() => decodeJson(bytes, {}, 2, bytes.length - 2));
    t.deepEqual([error.fault, error.offset], [fault, offset], text);
    t.regex(error.reason, reason);
    t.is(error.message, `${fault} at offset ${offset}: ${error.reason}`);
  }
  const { fault, offset, reason } = faultOf(() => decodeJson(Uint8Array.of(0x22, 0x61, 0xff, 0x22)));
  t.deepEqual([fault, offset, reason], ["no UTF-8", 2, "0xff begins no character"]);
});

test("the largest numbers are taken, and what is too small to be held is zero, as for Node", (t) => {
  for (const text of [
    "1.7976931348623157e308",
    "-1.7976931348623157E+308",
    "1e-999",
    "9007199254740991",
    "-9007199254740991",
    "12345678901234567890.0",
    "12345678901234567890e0",
    `0.${"9".repeat(400)}`,
  ]) {
    t.is(decodeJson(utf8(text)), JSON.parse(text) as number);
  }
});

test("a range that is not in the bytes is a mistake, and says what they are", (t) => {
  t.throws(() => decodeJson(utf8("[1]"), {}, 0, 5), {
    instanceOf: RangeError,
    message: "a payload must lie in bytes 0 to 3, not 0 to 5",
  });
  t.is(faultOf(() => decodeJson(utf8("[1]"), {}, 2, 1)).fault, "empty");
});

test("a payload is at most so long, by default 65,536 bytes", (t) => {
  const text = "x".repeat(65_534);
  t.is(decodeJson(encodeJson(text)), text);
  t.deepEqual(faultOf(() => encodeJson(`${text}x`)).fault, "too long");
  const error = faultOf(() => decodeJson(utf8(`"${text}x"`)));
  t.deepEqual([error.fault, error.offset, error.reason], ["too long", 65_536, "65537 bytes, and maxLength is 65536"]);
  t.is(decodeJson(utf8(`"${text}x"`), { maxLength: 65_537 }), `${text}x`);
  t.throws(() => decodeJson(utf8("1"), { maxLength: 0 }), { instanceOf: RangeError, message: /maxLength in bytes/ });
  t.throws(() => encodeJson(1, { maxLength: 1.5 }), { instanceOf: TypeError, message: /maxLength in bytes/ });
});

test("a payload is at most so deep, by default 32", (t) => {
  const nested = (depth: number) => utf8("[".repeat(depth) + "]".repeat(depth));
  t.notThrows(() => decodeJson(nested(32)));
  const error = faultOf(() => decodeJson(nested(33)));
  t.deepEqual([error.fault, error.offset, error.reason], ["too deep", 32, "arrays and objects may be 32 deep"]);
  t.is(faultOf(() => decodeJson(utf8("[".repeat(60_000)))).fault, "too deep");
  t.notThrows(() => decodeJson(nested(256), { maxDepth: 256 }));
  t.is(faultOf(() => decodeJson(utf8('{"a":1}'), { maxDepth: 0 })).fault, "too deep");
  t.is(decodeJson(utf8("5"), { maxDepth: 0 }), 5);
  t.throws(() => decodeJson(utf8("1"), { maxDepth: 257 }), { instanceOf: RangeError, message: /maxDepth must be/ });
});

test("a value is at most as deep to be encoded as to be decoded, whatever the limit", (t) => {
  const nested = (depth: number) => Array.from({ length: depth }).reduce<unknown>((inner) => [inner], 1);
  for (const maxDepth of [0, 1, 2, 32, 256]) {
    t.notThrows(() => decodeJson(encodeJson(nested(maxDepth), { maxDepth }), { maxDepth }));
    const error = faultOf(() => encodeJson(nested(maxDepth + 1), { maxDepth }));
    t.deepEqual([error.fault, error.offset], ["too deep", 0]);
    t.true(error.reason.startsWith(`arrays and objects may be ${maxDepth} deep`), error.reason);
  }
  t.is(faultOf(() => encodeJson(nested(33))).fault, "too deep");
  t.notThrows(() => encodeJson(Array.from({ length: 40 }, () => ({ a: [1] }))), "40 beside each other");
  t.is(
    faultOf(() => encodeJson({ a: [{ b: 1 }] }, { maxDepth: 2 })).reason,
    "arrays and objects may be 2 deep at a[0]",
  );
  t.throws(() => encodeJson(1, { maxDepth: 257 }), { instanceOf: RangeError, message: /maxDepth must be/ });
});

test("a terminator is appended, and must be there", (t) => {
  const options = { terminator: "\r\n" };
  const bytes = encodeJson({ a: 1 }, options);
  t.deepEqual(bytes, Uint8Array.from(utf8('{"a":1}\r\n')));
  t.deepEqual(decodeJson(bytes, options), { a: 1 });
  const error = faultOf(() => decodeJson(bytes, options, 0, bytes.length - 1));
  t.deepEqual([error.fault, error.offset, error.reason], ["no terminator", 6, 'the payload must end with "\\r\\n"']);
  t.is(faultOf(() => decodeJson(utf8("\n"), options)).fault, "no terminator");
  t.is(faultOf(() => encodeJson("1234", { ...options, maxLength: 7 })).fault, "too long");
});

test("what JSON cannot say is refused, and never turned into something else", (t) => {
  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;
  for (const value of [undefined, () => 1, Symbol("a"), 1n, { a: 1n }, cycle]) {
    t.is(faultOf(() => encodeJson(value)).fault, "no JSON value");
  }
  t.is(faultOf(() => encodeJson({ temperature: Number.NaN })).reason, "there is no JSON for NaN at temperature");
  t.is(faultOf(() => encodeJson(Number.POSITIVE_INFINITY)).reason, "there is no JSON for Infinity");
});

test("what JSON.stringify would leave out or write otherwise is refused, with its path", (t) => {
  class Reading {
    readonly celsius = 21.5;
  }
  const cases: [unknown, string][] = [
    [[undefined], "undefined at [0]"],
    [Array(1), "undefined at [0]"],
    [{ a: undefined }, "undefined at a"],
    [{ a: [1, { b: () => 1 }] }, "a function at a[1].b"],
    [{ "a b": { c: Symbol("d") } }, 'symbols at ["a b"].c'],
    [{ n: [1n] }, "1n at n[0]"],
    [new Map([[1, 2]]), "a value like this ([object Map])"],
    [{ a: new Set([1]) }, "a value like this ([object Set]) at a"],
    [[new ArrayBuffer(2)], "a value like this ([object ArrayBuffer]) at [0]"],
    [{ e: new Error("a") }, "a value like this ([object Error]) at e"],
    [/a/, "a value like this ([object RegExp])"],
    [new Uint8Array(2), "bytes or typed arrays"],
    [{ bytes: Buffer.from("a") }, "bytes or typed arrays at bytes"],
    [[[new Float32Array(1)]], "bytes or typed arrays at [0][0]"],
    [{ a: { toJSON: () => new Uint8Array(2) } }, "bytes or typed arrays at a"],
    [{ a: { toJSON: () => undefined } }, "undefined at a"],
    [[{ a: [] }, { a: [Number.NaN] }], "NaN at [1].a[0]"],
  ];
  for (const [value, what] of cases) {
    const { fault, offset, reason } = faultOf(() => encodeJson(value));
    t.deepEqual([fault, offset, reason], ["no JSON value", 0, `there is no JSON for ${what}`]);
  }
  const cycle: { list: unknown[] } = { list: [] };
  cycle.list.push(cycle);
  t.is(
    faultOf(() => encodeJson({ cycle })).reason,
    "there is no JSON for an object that is in itself at cycle.list[0]",
  );
  const shared = { a: 1 };
  const taken = { shared, again: [shared, shared], at: new Date(0), reading: new Reading(), none: Object.create(null) };
  t.deepEqual(decodeJson(encodeJson(taken)), {
    shared,
    again: [shared, shared],
    at: "1970-01-01T00:00:00.000Z",
    reading: { celsius: 21.5 },
    none: {},
  });
});

test("every whole number that is encoded can be decoded", (t) => {
  const whole = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e22, max: 1e22 }).map(Math.round);
  const property = fc.property(whole, (value) => {
    t.is((decodeJson(encodeJson([value])) as number[])[0], value + 0);
  });
  checkProperty(t, property, 500);
  t.is(decodeJson(encodeJson(2 ** 60)), 2 ** 60);
});

test("only a Uint8Array is decoded", (t) => {
  t.is(decodeJson(Buffer.from("1")), 1);
  t.throws(() => decodeJson(new ArrayBuffer(3) as never), {
    instanceOf: TypeError,
    message: "a payload must be a Uint8Array, not an ArrayBuffer",
  });
  t.throws(() => decodeJson("1" as never), { instanceOf: TypeError, message: /not "1"$/ });
});

test("a name that objects have by themselves is a name like others", (t) => {
  const value = decodeJson(utf8('{"__proto__":{"polluted":true},"constructor":1}')) as Record<string, unknown>;
  t.is(Object.getPrototypeOf(value), Object.prototype);
  t.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  t.false("polluted" in {});
});
