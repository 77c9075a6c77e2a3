/** Text against Node's TextDecoder, TextEncoder and Buffer. */
import test from "ava";
import fc from "fast-check";
import { MalformedTextError, UnencodableTextError } from "../../modules/text/errors.js";
import { decodeText, encodeText, type TextEncoding } from "../../modules/text/text.js";
import { Random } from "../framing/random.js";
import { checkProperty } from "../seeded-properties.js";

const UNICODE = ["utf-8", "utf-16le", "utf-16be"] as const;
const ENCODINGS = [...UNICODE, "ascii", "latin-1"] as const;
const SURROGATES = { first: 0xd800, last: 0xdfff };

const decoders = new Map<string, InstanceType<typeof TextDecoder>>();
for (const encoding of UNICODE) {
  for (const fatal of [false, true]) {
    decoders.set(`${encoding} ${fatal}`, new TextDecoder(encoding, { fatal, ignoreBOM: true }));
  }
}

/** As Node decodes, byte order marks kept. */
function nodeDecode(encoding: TextEncoding, bytes: Uint8Array, fatal: boolean): string | undefined {
  try {
    return decoders.get(`${encoding} ${fatal}`)?.decode(bytes);
  } catch {
    return undefined;
  }
}

function strictly(encoding: TextEncoding, bytes: Uint8Array): string | undefined {
  try {
    return decodeText(bytes, { encoding });
  } catch (error) {
    if (!(error instanceof MalformedTextError) || error.offset < 0 || error.offset >= bytes.length) {
      throw error;
    }
    return undefined;
  }
}

test("every code point is encoded and decoded as by Node, in every encoding", (t) => {
  for (let first = 0; first <= 0x10ffff; first += 0x80) {
    if (first >= SURROGATES.first && first <= SURROGATES.last) {
      continue;
    }
    const text = String.fromCodePoint(...Array.from({ length: 0x80 }, (_, i) => first + i));
    const utf8 = encodeText(text);
    const utf16 = encodeText(text, { encoding: "utf-16le" });
    const swapped = encodeText(text, { encoding: "utf-16be" });
    const wrong =
      !Buffer.from(text).equals(utf8) ||
      !Buffer.from(text, "utf16le").equals(utf16) ||
      !Buffer.from(text, "utf16le").swap16().equals(swapped) ||
      decodeText(utf8) !== text ||
      decodeText(utf16, { encoding: "utf-16le" }) !== text ||
      decodeText(swapped, { encoding: "utf-16be" }) !== text;
    if (wrong) {
      t.fail(`one of 128 from U+${first.toString(16)}`);
    }
  }
  for (let byte = 0; byte < 256; byte++) {
    const bytes = Uint8Array.of(byte);
    t.is(decodeText(bytes, { encoding: "latin-1" }), Buffer.from(bytes).toString("latin1"));
    t.deepEqual(encodeText(decodeText(bytes, { encoding: "latin-1" }), { encoding: "latin-1" }), bytes);
    t.is(strictly("ascii", bytes), byte < 0x80 ? String.fromCharCode(byte) : undefined);
  }
});

test("all sequences of two bytes, and three and four at the limits, are well-formed or not as for Node", (t) => {
  const bytes = [
    ...[0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2],
    ...[0xe0, 0xe1, 0xed, 0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff],
  ];
  const sequences: number[][] = [];
  for (let a = 0; a < 256; a++) {
    for (let b = 0; b < 256; b++) {
      sequences.push([a, b]);
    }
  }
  for (const a of bytes) {
    for (const b of bytes) {
      for (const c of bytes) {
        sequences.push([a, b, c], ...[0x41, 0x80, 0xbf, 0xc2].map((d) => [a, b, c, d]));
      }
    }
  }
  for (const sequence of sequences) {
    const all = Uint8Array.from(sequence);
    if (strictly("utf-8", all) !== nodeDecode("utf-8", all, true)) {
      t.fail(`strict: ${sequence}`);
    }
    if (decodeText(all, { malformed: "replace" }) !== nodeDecode("utf-8", all, false)) {
      t.fail(`replaced: ${sequence}`);
    }
  }
  t.true(sequences.length > 65_536 + 30_000);
});

test("Random bytes are decoded as by Node, strictly and with replacements.", (t) => {
  const bytes = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0xd8, 0xdb, 0xdc, 0xdf, 0xe2, 0x82, 0xac, 0xf0)));
  const property = fc.property(bytes, fc.constantFrom(...UNICODE), (list, encoding) => {
    const all = Uint8Array.from(list);
    t.is(strictly(encoding, all), nodeDecode(encoding, all, true));
    t.is(nodeDecode(encoding, all, false), decodeText(all, { encoding, malformed: "replace" }));
  });
  checkProperty(t, property, 5000);
});

test("Any string is encoded as by Node, half surrogate pairs replaced or refused.", (t) => {
  const text = fc
    .string({ unit: "binary" })
    .chain((some) => fc.constantFrom<string[]>(some, `${some}\ud800`, `\udc00${some}`));
  const property = fc.property(text, (some) => {
    t.deepEqual(encodeText(some, { malformed: "replace" }), Uint8Array.from(new TextEncoder().encode(some)));
    const isWhole = Buffer.from(some).toString() === some;
    for (const encoding of UNICODE) {
      if (isWhole) {
        t.is(decodeText(encodeText(some, { encoding }), { encoding }), some);
      } else {
        t.throws(() => encodeText(some, { encoding }), { instanceOf: UnencodableTextError });
      }
    }
  });
  checkProperty(t, property, 1000);
});

test("long text is decoded, whatever the length", (t) => {
  const random = new Random(7);
  for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 10_000]) {
    const text = String.fromCodePoint(...Array.from({ length }, () => 0x20 + random.below(0xd000)));
    for (const encoding of UNICODE) {
      t.is(decodeText(encodeText(text, { encoding }), { encoding }), text);
    }
  }
});

test("an error says where and why, counted from the text's start", (t) => {
  const cases: [TextEncoding, number[], number, string][] = [
    ["utf-8", [0x41, 0x80], 1, "0x80 begins no character"],
    ["utf-8", [0x41, 0xe2, 0x82, 0x41], 1, "0x41 comes in the character that 0xe2 begins"],
    ["utf-8", [0x41, 0xe2, 0x82], 1, "the text ends in the character that 0xe2 begins"],
    ["utf-8", [0xc0, 0x80], 0, "0xc0 begins no character"],
    ["utf-8", [0xed, 0xa0, 0x80], 0, "0xa0 comes in the character that 0xed begins"],
    ["utf-8", [0xf4, 0x90, 0x80, 0x80], 0, "0x90 comes in the character that 0xf4 begins"],
    ["ascii", [0x41, 0x42, 0x80], 2, "0x80 is beyond 0x7f"],
    ["utf-16le", [0x41, 0x00, 0x42], 2, "half a code unit"],
    ["utf-16be", [0xd8, 0x00, 0x00, 0x41], 0, "half a surrogate pair"],
    ["utf-16le", [0x41, 0x00, 0x00, 0xdc], 2, "half a surrogate pair"],
  ];
  for (const [encoding, list, offset, reason] of cases) {
    const bytes = Uint8Array.from([0xff, 0xff, ...list, 0xff]);
    const error = t.throws(() => decodeText(bytes, { encoding }, 2, bytes.length - 1), {
      instanceOf: MalformedTextError,
    }) as MalformedTextError;
    t.deepEqual([error.encoding, error.offset, error.reason], [encoding, offset, reason]);
    t.is(error.message, `these bytes are no ${encoding} text: ${reason} at offset ${offset}`);
  }
  const error = t.throws(() => encodeText("😀é€", { encoding: "latin-1" })) as UnencodableTextError;
  t.deepEqual([error.index, error.codePoint], [0, 0x1f600]);
  const second = t.throws(() => encodeText("aé", { encoding: "ascii" })) as UnencodableTextError;
  t.deepEqual([second.index, second.codePoint, second.message], [1, 0xe9, "ascii has no U+00E9, at index 1"]);
  const third = t.throws(() => encodeText("😀\ud800")) as UnencodableTextError;
  t.deepEqual([third.index, third.codePoint], [2, 0xd800]);
});

test("a range that is not in the bytes is a mistake, and says what they are; none at all is no text", (t) => {
  for (const encoding of ENCODINGS) {
    for (const [start, end] of [
      [0, 5],
      [-1, 4],
      [1.5, 4],
    ] as const) {
      t.throws(() => decodeText(new Uint8Array(4), { encoding }, start, end), {
        instanceOf: RangeError,
        message: `a payload must lie in bytes 0 to 4, not ${start} to ${end}`,
      });
    }
    t.is(decodeText(new Uint8Array(4), { encoding }, 3, 2), "");
  }
});

test("replacements are those of the encoding", (t) => {
  t.is(decodeText(Uint8Array.of(0x41, 0xff), { encoding: "ascii", malformed: "replace" }), "A\ufffd");
  t.deepEqual(encodeText("a€😀", { encoding: "latin-1", malformed: "replace" }), Uint8Array.of(0x61, 0x3f, 0x3f));
  t.deepEqual(encodeText("\ud800", { encoding: "ascii", malformed: "replace" }), Uint8Array.of(0x3f));
  t.deepEqual(encodeText("\udfff", { encoding: "utf-16be", malformed: "replace" }), Uint8Array.of(0xff, 0xfd));
});

test("an option that does not exist is refused", (t) => {
  for (const run of [
    (options: object) => encodeText("", options),
    (options: object) => decodeText(new Uint8Array(0), options),
  ]) {
    t.throws(() => run({ encoding: "ebcdic" }), {
      instanceOf: TypeError,
      message: /encoding must be utf-8 or .*"ebcdic"/,
    });
    t.throws(() => run({ malformed: "ignore" }), {
      instanceOf: TypeError,
      message: /malformed must be throw or replace/,
    });
  }
  t.is(ENCODINGS.map((encoding) => encodeText("A", { encoding }).length).join(), "1,2,2,1,1");
});

test("only a Uint8Array is text", (t) => {
  t.is(decodeText(Buffer.from("abc")), "abc");
  for (const [bytes, what] of [
    [new ArrayBuffer(3), "an ArrayBuffer"],
    [new Uint16Array(3), "a Uint16Array"],
    ["abc", '"abc"'],
    [[1, 2], "an Array"],
    [{ length: 3 }, "an object"],
    [undefined, "undefined"],
  ] as const) {
    t.throws(() => decodeText(bytes as never), {
      instanceOf: TypeError,
      message: `a payload must be a Uint8Array, not ${what}`,
    });
    t.throws(() => decodeText(bytes as never, {}, 0, 2), { instanceOf: TypeError, message: /must be a Uint8Array/ });
  }
});
