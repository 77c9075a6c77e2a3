/** Fixed lengths, sync markers, length prefixes, netstrings: their own rules, and other programs' numbers for them. */
import assert from "node:assert/strict";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { type FixedOptions, fixed } from "../../modules/framing/formats/fixed.js";
import { type LengthPrefixedOptions, lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { sync } from "../../modules/framing/formats/sync.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { checkProperty } from "../seeded-properties.js";
import { concat, Random } from "./random.js";
import { decodeByRule, fixedRule, lengthPrefixedRule, netstringRule, type Rule } from "./reference-scanner.js";
import { Workbench } from "./workbench.js";

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.match(/[0-9a-f]{2}/g) ?? [], (octet) => Number.parseInt(octet, 16));
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function parse(text: string): Framing {
  return parseFraming("framing", text, { maxPacketLength: 1024 });
}

/** Packet and frame become each other, by options and by the same options as text. */
function same(t: ExecutionContext, framings: readonly Framing[], packet: Uint8Array, frame: Uint8Array): void {
  for (const framing of framings) {
    t.deepEqual(encodeFrame(framing, packet), frame);
    t.deepEqual(decodeFrames(framing, concat(frame, frame)), [packet, packet]);
  }
}

function damage(framing: Framing, ...parts: Uint8Array[]): [packets: Uint8Array[], reasons: Record<string, number>] {
  const stream = concat(...parts);
  const bench = new Workbench(framing, stream.length);
  bench.feed(stream);
  bench.expire();
  return [bench.packets, bench.decoder.counters.byReason()];
}

const XYZ = ascii("xyz");

test("Twisted's Int8, Int16 and Int32 receivers: a big-endian count of the bytes behind it, which is removed.", (t) => {
  const prefixes: Record<number, string> = { 1: "03", 2: "0003", 4: "00000003" };
  for (const [size, prefix] of Object.entries(prefixes)) {
    const frame = concat(bytes(prefix), XYZ);
    same(t, [lengthPrefixed({ lengthSize: Number(size) }), parse(`length-prefixed,size=${size}`)], XYZ, frame);
    const empty = parse(`length-prefixed,size=${size},min-packet=0`);
    same(t, [empty], new Uint8Array(0), new Uint8Array(Number(size)));
  }
});

const PING = bytes("1802c00000062f11010000a7d2");

test("Yamcs's GenericPacketInputStream with its default numbers takes CCSDS packets.", (t) => {
  // {maxPacketLength: 1000, lengthFieldOffset: 4, lengthFieldLength: 2, lengthAdjustment: 7, initialBytesToStrip: 0}
  const options = { maxPacketLength: 1000, lengthOffset: 4, lengthSize: 2, adjustment: 7, strip: 0 };
  const framings = [lengthPrefixed(options), parse("length-prefixed,max-packet=1000,offset=4,size=2,adjust=7,strip=0")];
  same(t, framings, PING, PING);
  t.throws(() => encodeFrame(framings[0]!, PING.with(5, 7)), { message: /no packet/ });
});

test("Yamcs's GenericPacketInputStream for prefixes of 16 and 32 bits, either byte order.", (t) => {
  // {maxPacketLength: 2048, lengthFieldOffset: 0, lengthFieldLength: 2, lengthAdjustment: 2, initialBytesToStrip: 2}
  same(
    t,
    [parse("length-prefixed,max-packet=2046,offset=0,size=2,adjust=2,strip=2"), parse("length-prefixed")],
    PING,
    concat(bytes("000d"), PING),
  );
  // ... lengthFieldLength: 4, lengthAdjustment: 4, initialBytesToStrip: 4, byteOrder: LITTLE_ENDIAN
  same(
    t,
    [parse("length-prefixed,offset=0,size=4,adjust=4,strip=4,endian=little")],
    PING,
    concat(bytes("0d000000"), PING),
  );
});

test("COSMOS's Length protocol: LENGTH 32 16 7 1 BIG_ENDIAN 0 nil takes CCSDS packets.", (t) => {
  same(t, [parse("length-prefixed,offset=4,size=2,adjust=7,unit=1,endian=big,strip=0")], PING, PING);
});

test("COSMOS's Length protocol: a prefix of 32 bits that counts what follows, discarded.", (t) => {
  // "Length", 0, 32, 4, 1, "BIG_ENDIAN", 4
  same(t, [parse("length-prefixed,offset=0,size=4,adjust=4,unit=1,strip=4")], XYZ, bytes("0000000378797a"));
});

test("COSMOS's Length protocol: a value offset of 0 makes the prefix count itself, too.", (t) => {
  same(t, [parse("length-prefixed,size=4,adjust=0")], XYZ, bytes("0000000778797a"));
});

test("COSMOS's Length protocol: bytes per count, and a sync pattern in what is discarded.", (t) => {
  // length_bit_offset 32, size 8, value offset 5, 4 bytes a count, discard 5, sync pattern 0x1ACFFC1D
  const framing = parse("length-prefixed,sync=1acffc1d,offset=4,size=1,adjust=5,unit=4,strip=5");
  same(t, [framing], PING.slice(0, 12), concat(bytes("1acffc1d03"), PING.slice(0, 12)));
  t.throws(() => encodeFrame(framing, PING), { message: /13 bytes are no packet/ }, "13 bytes are no whole count");
  const frame = concat(bytes("1acffc1d01"), PING.slice(0, 4));
  t.deepEqual(damage(framing, bytes("1acffc1e01020304"), frame, bytes("00"), frame), [
    [PING.slice(0, 4), PING.slice(0, 4)],
    { noSyncPattern: 2 },
  ]);
});

test("What stands between sync pattern and count is zero when sent, and anything when received.", (t) => {
  const framing = lengthPrefixed({ syncPattern: [0xeb], lengthOffset: 3, lengthSize: 1 });
  t.deepEqual(encodeFrame(framing, XYZ), bytes("eb000003 78797a"));
  t.deepEqual(decodeFrames(framing, bytes("eb123403 78797a")), [XYZ]);
});

test("A count out of its range is damage by its own cause, and the next packet is delivered.", (t) => {
  const frame = concat(bytes("0003"), XYZ);
  const framing = lengthPrefixed({ maxPacketLength: 5 });
  t.deepEqual(damage(framing, bytes("ffff"), frame), [[XYZ], { packetTooLong: 1 }]);
  t.deepEqual(damage(framing, bytes("0000"), frame), [[XYZ], { packetTooShort: 1 }]);
  const below = lengthPrefixed({ lengthSize: 1, adjustment: -7, strip: 1 });
  t.deepEqual(damage(below, bytes("00"), encodeFrame(below, XYZ)), [[XYZ], { packetTooShort: 1 }]);
});

test("A checksum layer over frames that carry their own count: the count does not count it.", (t) => {
  const framing = parse("length-prefixed,offset=4,size=2,adjust=7,strip=0,crc=crc16");
  const frame = encodeFrame(framing, PING);
  t.deepEqual([frame.length, frame.slice(0, PING.length)], [PING.length + 2, PING]);
  t.deepEqual(damage(framing, frame, frame.with(8, 0), frame), [[PING, PING], { invalidPacket: 1 }]);
  const counted = parse("length-prefixed,crc=crc16");
  t.deepEqual(encodeFrame(counted, PING).slice(0, 2), bytes("000f"));
  t.deepEqual(decodeFrames(counted, encodeFrame(counted, PING)), [PING]);
  const body = parse("marker,kinds=aa55+u16+0d,keep=body,crc=crc32");
  t.deepEqual(encodeFrame(body, bytes("0002 0102")).slice(0, 6), bytes("aa55 0002 0102"));
  t.deepEqual(decodeFrames(body, encodeFrame(body, bytes("0002 0102"))), [bytes("0002 0102")]);
});

test("Length-prefixed options that are wrong are refused by name, and so are those that no count fits.", (t) => {
  const wrong: [options: LengthPrefixedOptions, message: RegExp][] = [
    [{ maxPacketLength: 0 }, /maxPacketLength \(bytes, as the count can say\) must be from 1 to 65535, not 0/],
    [{ minPacketLength: 2000 }, /minPacketLength.*0 to 1024, not 2000/],
    [{ lengthOffset: -1 }, /lengthOffset.*0 to 255, not -1/],
    [{ lengthSize: 0 }, /lengthSize.*1 to 4, not 0/],
    [{ lengthSize: 5 }, /lengthSize.*1 to 4, not 5/],
    [{ bytesPerCount: 0 }, /bytesPerCount/],
    [{ adjustment: 1.5 }, /adjustment/],
    [{ strip: 256 }, /strip/],
    [{ syncPattern: [1] }, /syncPattern.*from 0 to 0, not 1/],
    [{ endianness: "middle" as "big" }, /endianness must be big or little/],
    [{ lengthSize: 1, adjustment: -300 }, /no count gives a frame .*adjustment -300/],
    [{ adjustment: 5000 }, /no count gives a frame/],
    [{ bytesPerCount: 5000 }, /no count gives a frame/],
    [{ lengthOffset: 20, strip: 0, maxPacketLength: 10 }, /no count gives a frame of 22 to 10 bytes/],
  ];
  for (const [options, message] of wrong) {
    t.throws(() => lengthPrefixed(options), { message }, JSON.stringify(options));
  }
  t.throws(() => parse("length-prefixed,adjust=x"), { message: /adjust must be a whole number, not "x"/ });
  t.throws(() => parse("length-prefixed,adjust=--1"), { message: /adjust must be a whole number/ });
  t.throws(() => parse("length-prefixed,sync=abc"), { message: /sync must be octets.*not "abc"/ });
});

test("Netstrings are those of their definition.", (t) => {
  same(t, [netstring(), parse("netstring")], ascii("hello world!"), ascii("12:hello world!,"));
  same(t, [netstring()], new Uint8Array(0), ascii("0:,"));
  const reasons: Record<string, string> = {
    "05:hello,": "noLength",
    ":,": "noLength",
    x: "noLength",
    "3x": "noLength",
    "5:hello;": "noComma",
    "41:": "packetTooLong",
    "99999999999999999999": "packetTooLong",
    "-1:,": "noLength",
  };
  for (const [text, reason] of Object.entries(reasons)) {
    const [packets, found] = damage(netstring({ maxPacketLength: 40 }), ascii(text), ascii("~3:abc,"));
    t.deepEqual(packets.at(-1), ascii("abc"), text);
    t.is(Object.keys(found)[0], reason, text);
  }
  for (const length of [9, 10, 99, 100, 999, 1000, 65_542]) {
    const packet = new Uint8Array(length).fill(0x2c);
    const framing = netstring({ maxPacketLength: length });
    t.deepEqual(decodeFrames(framing, encodeFrame(framing, packet)), [packet], `${length} bytes`);
    t.is(encodeFrame(framing, packet).length, framing.decoderMemory);
  }
  t.throws(() => netstring({ maxPacketLength: 65_543 }), { instanceOf: RangeError });
});

test("Fixed frames are every so many bytes; a pause begins anew.", (t) => {
  const framing = parse("fixed,length=3");
  same(t, [framing, fixed({ length: 3 })], XYZ, XYZ);
  t.deepEqual(damage(framing, ascii("abcdefgh")), [[ascii("abc"), ascii("def")], { timedOut: 1 }]);
  t.throws(() => encodeFrame(framing, ascii("abcd")), { message: /no packet|too long/ });
});

test("Fixed frames by identifier have the length, and the kind, of it; others are damage.", (t) => {
  const framing = parse("fixed,ids=0x0801:4/0x0802:6,id-offset=1,id-mask=0x7fff");
  const [first, second] = [bytes("11 9801 22"), bytes("11 0802 223344")];
  // The bit outside the mask may be anything.
  t.deepEqual(decodeFrames(framing, concat(bytes("11 8801 22"), bytes("110803"), second)), [bytes("11880122"), second]);
  t.throws(() => encodeFrame(framing, first), { message: /no packet/ }, "a bit inside the mask differs");
  const masked = parse("fixed,ids=0x0801:4/0x0802:6,id-offset=1,id-mask=0x0fff");
  t.deepEqual(decodeFrames(masked, concat(first, second)), [first, second]);
  t.throws(() => encodeFrame(masked, second.slice(0, 5)), { message: /no packet/ });
  const kinds: number[] = [];
  const bench = new Workbench(masked, 20);
  bench.accept = (_bytes, _start, _end, _from?: number, kind?: number) => kinds.push(kind as number) > 0;
  bench.feed(concat(second, first));
  t.deepEqual(kinds, [1, 0]);
  const wide = parse("fixed,ids=0xfedcba98:5,id-size=4");
  t.deepEqual(decodeFrames(wide, bytes("fedcba9801")), [bytes("fedcba9801")]);
  const little = parse("fixed,ids=0x0801:4,endian=little");
  t.deepEqual(decodeFrames(little, bytes("01080000")), [bytes("01080000")]);
});

test("Constant octets that are stripped are written when sent.", (t) => {
  const framing = parse("fixed,length=6,pattern=0:fd/2:cc/4:aa,strip=3");
  t.deepEqual(encodeFrame(framing, bytes("01 aa 02")), bytes("fd00cc 01aa02"));
  t.deepEqual(decodeFrames(framing, bytes("fd99cc 01aa02")), [bytes("01aa02")]);
  t.throws(() => encodeFrame(framing, bytes("01 ab 02")), { message: /no packet/ });
});

test("Fixed options that are wrong, or do not go together, are refused by name.", (t) => {
  const identifier = { offset: 0, size: 2, lengths: [[1, 4]] as [number, number][] };
  const wrong: [options: FixedOptions, message: RegExp][] = [
    [{}, /give either length or identifier/],
    [{ length: 4, identifier }, /give either length or identifier/],
    [{ length: 0 }, /length.*from 1 to 65542, not 0/],
    [{ length: 100, maxPacketLength: 99 }, /length.*from 1 to 99, not 100/],
    [{ length: 4, strip: 4 }, /length.*from 5.*not 4/],
    [{ length: 4, pattern: [{ offset: 4, octets: [1] }] }, /pattern: offset.*0 to 3, not 4/],
    [{ length: 4, pattern: [{ offset: 3, octets: [1, 2] }] }, /pattern.*from 1 to 1, not 2/],
    [{ length: 4, pattern: [{ offset: 0, octets: [] }] }, /pattern.*not 0/],
    [{ identifier: { ...identifier, lengths: [] } }, /number of identifiers.*not 0/],
    [{ identifier: { ...identifier, size: 5 } }, /identifier.size/],
    [{ identifier: { ...identifier, offset: 3 } }, /identifier.offset \+ identifier.size.*from 1 to 4, not 5/],
    [{ identifier, strip: 1 }, /identifier.offset.*not stripped.*from 1/],
    [{ identifier: { ...identifier, mask: 0 } }, /identifier.mask/],
    [{ identifier: { ...identifier, mask: 2 } }, /identifier 1 has bits outside the mask 2/],
    [{ identifier: { ...identifier, lengths: [[70000, 4]] } }, /identifier must be from 0 to 65535/],
    [
      {
        identifier: {
          ...identifier,
          lengths: [
            [1, 4],
            [1, 5],
          ],
        },
      },
      /identifier 1 is given twice/,
    ],
  ];
  for (const [options, message] of wrong) {
    t.throws(() => fixed(options), { message }, JSON.stringify(options));
  }
  t.throws(() => parse("fixed,length=9,ids=1:4"), { message: /either length or ids/ });
  t.throws(() => parse("fixed,length=9,id-size=1"), { message: /need ids/ });
  t.throws(() => parse("fixed,ids=1"), { message: /ids must be IDENTIFIER:LENGTH/ });
  t.throws(() => parse("fixed,length=9,pattern=fdaa"), { message: /pattern must be OFFSET:OCTETS/ });
  t.throws(() => parse("fixed,length=2000"), { message: /from 1 to 1024, not 2000/ });
  t.notThrows(() => parse("fixed,length=2000,max-packet=2000"));
});

test("Transfer frames behind the attached sync marker 1ACFFC1D are delivered without it, or with it.", (t) => {
  const frame = new Random(60).bytes(20);
  const marked = concat(bytes("1acffc1d"), frame);
  same(t, [sync({ frameLength: 20 }), parse("sync,length=20"), parse("sync,length=20,marker=1acffc1d")], frame, marked);
  same(t, [parse("sync,length=20,keep=all")], marked, marked);
  same(t, [parse("sync,length=20,marker=eb90")], frame, concat(bytes("eb90"), frame));
  t.throws(() => sync({ frameLength: 0 }), { message: /frameLength/ });
  t.throws(() => sync({ frameLength: 1, marker: [] }), { message: /marker.*not 0/ });
  t.throws(() => parse("sync"), { message: /give the length/ });
  t.throws(() => parse("sync,length=1025"), { message: /length.*1 to 1024, not 1025/ });
});

test("A stream that is joined in mid-frame is in step at the next sync marker.", (t) => {
  const random = new Random(61);
  const frames = Array.from({ length: 3 }, () => random.bytes(20));
  const stream = concat(...frames.map((frame) => encodeFrame(sync({ frameLength: 20 }), frame)));
  for (let from = 1; from <= 24; from++) {
    t.deepEqual(damage(sync({ frameLength: 20 }), stream.slice(from))[0], frames.slice(1), `from byte ${from}`);
  }
});

/** Any bytes in any chunks give what the definition of the format gives. */
function agreesWith(t: ExecutionContext, framing: Framing, rule: Rule, symbols: readonly number[]): void {
  const property = fc.property(
    fc.array(fc.oneof(fc.constantFrom(...symbols), fc.integer({ min: 0, max: 255 })), { maxLength: 300 }),
    fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }),
    fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
    (stream, sizes, refusals) => {
      const bench = new Workbench(framing, 60);
      bench.refusals = (packet) => refusals[packet % refusals.length]!;
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        bench.feed(Uint8Array.from(stream.slice(at, at + size)));
        at += size;
      }
      bench.expire();
      const expected = decodeByRule(stream, rule, true);
      assert.deepEqual(
        bench.packets.map((packet) => [...packet]),
        expected.packets,
      );
      assert.deepEqual(bench.counts(), expected.counts);
    },
  );
  checkProperty(t, property, 300);
}

test("Length-prefixed: any bytes in any chunks give what the definition gives.", (t) => {
  const rules = {
    offset: 1,
    size: 2,
    little: true,
    unit: 3,
    adjustment: -2,
    strip: 2,
    sync: [7],
    minPacketLength: 2,
    maxPacketLength: 30,
  };
  const { offset, size, unit, adjustment, strip, sync: syncPattern, minPacketLength, maxPacketLength } = rules;
  const framing = lengthPrefixed({
    lengthOffset: offset,
    lengthSize: size,
    endianness: "little",
    bytesPerCount: unit,
    adjustment,
    strip,
    syncPattern,
    minPacketLength,
    maxPacketLength,
  });
  agreesWith(t, framing, lengthPrefixedRule(rules), [0, 1, 2, 5, 7, 7, 12]);
});

test("Netstrings: any bytes in any chunks give what the definition gives.", (t) => {
  agreesWith(t, netstring({ maxPacketLength: 21 }), netstringRule(21), [...ascii("0123:,::,,")]);
});

test("Fixed frames by identifier and pattern: any bytes in any chunks give what the definition gives.", (t) => {
  const lengths: [number, number][] = [
    [1, 4],
    [2, 9],
    [3, 3],
  ];
  const framing = fixed({ identifier: { offset: 1, size: 1, lengths }, pattern: [{ offset: 0, octets: [5] }] });
  agreesWith(t, framing, fixedRule(new Map(lengths), 1, [[0, 5]]), [1, 2, 3, 5, 5]);
});
