/** JSON payloads against Node's own parser, and what is wrong with those that are none. */
import test from "ava";
import fc from "fast-check";
import { type JsonFault, JsonPayloadError } from "../../modules/payload/errors.js";
import { decodeJson, encodeJson } from "../../modules/payload/json.js";
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
      let finite = true;
      expected = JSON.parse(text, (_, each: unknown) => {
        finite &&= each !== Number.POSITIVE_INFINITY && each !== Number.NEGATIVE_INFINITY;
        return each;
      });
      isJson = finite;
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
    "9".repeat(308),
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
  t.is(faultOf(() => encodeJson({ temperature: Number.NaN })).reason, 'there is no JSON for NaN as "temperature"');
  t.is(faultOf(() => encodeJson(Number.POSITIVE_INFINITY)).reason, "there is no JSON for Infinity");
});

test("a name that objects have by themselves is a name like others", (t) => {
  const value = decodeJson(utf8('{"__proto__":{"polluted":true},"constructor":1}')) as Record<string, unknown>;
  t.is(Object.getPrototypeOf(value), Object.prototype);
  t.deepEqual(Object.keys(value), ["__proto__", "constructor"]);
  t.false("polluted" in {});
});
