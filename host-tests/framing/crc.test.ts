/** The checksum layer, over framings of every sort. */
import test from "ava";
import { crc16 } from "../../modules/ccsds/crc16.js";
import { CRC16_JUDGED, HEADER_JUDGED, NOTHING_JUDGED } from "../../modules/ccsds/judgements.js";
import { DOES_NOT_FIT, type Framing, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { lines } from "../../modules/framing/formats/lines.js";
import { netstring } from "../../modules/framing/formats/netstring.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { CRC_KINDS, type CrcKind, crcLength, withCrc } from "../../modules/framing/layers/crc.js";
import { crc32, hasValidCrc32, writeCrc32 } from "../../modules/framing/layers/crc32.js";
import { framingEntry, makeFraming, parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { concat, hex, Random } from "./random.js";
import { frame, Workbench } from "./workbench.js";

const DIGITS = new TextEncoder().encode("123456789");
/** A space packet of seven bytes. */
const PACKET = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x77);
/** TC[17,1] with its own CRC, as PUS packets have it. */
const PING = Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 6, 0x2f, 0x11, 0x01, 0, 0, 0xa7, 0xd2);

const FRAMINGS: Record<string, (maxPacketLength: number) => Framing> = {
  cobs: (maxPacketLength) => cobs({ maxPacketLength }),
  slip: (maxPacketLength) => slip({ maxPacketLength }),
  lines: (maxPacketLength) => lines({ maxPacketLength }),
  raw: (maxPacketLength) => raw({ maxPacketLength }),
  netstring: (maxPacketLength) => netstring({ maxPacketLength }),
  "length-prefixed": (maxPacketLength) => lengthPrefixed({ maxPacketLength }),
  "space-packets": (maxPacketLength) => spacePackets({ maxPacketLength }),
};

test("The codes are those of the catalogues: CRC-16/IBM-3740 and CRC-32/ISO-HDLC.", (t) => {
  t.is(crc16(DIGITS, 0, 9), 0x29b1);
  t.is(crc32(DIGITS, 0, 9) >>> 0, 0xcbf43926);
  t.is(crc32(DIGITS, 0, 0), 0);
  t.is(crc32(concat(DIGITS, DIGITS), 9, 18) >>> 0, 0xcbf43926);
});

test("A CRC-32 stands behind its packet, high octet first, and is recognized there.", (t) => {
  const bytes = Uint8Array.of(0xee, ...DIGITS, 0, 0, 0, 0, 0xee);
  writeCrc32(bytes, 1, 14);
  t.deepEqual([...bytes.slice(9)], [0x39, 0xcb, 0xf4, 0x39, 0x26, 0xee]);
  t.true(hasValidCrc32(bytes, 1, 14));
  t.false(hasValidCrc32(bytes, 1, 13));
  t.false(hasValidCrc32(bytes, 1, 4));
  t.true(hasValidCrc32(new Uint8Array(4), 0, 4));
  for (let bit = 8; bit < 14 * 8; bit++) {
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
    t.false(hasValidCrc32(bytes, 1, 14));
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  }
});

for (const [name, make] of Object.entries(FRAMINGS)) {
  for (const kind of ["crc16", "crc32"] as const) {
    test(`${kind} over ${name}: the frame is that of packet and code, and gives the packet back.`, (t) => {
      const framing = withCrc(make(100), kind);
      t.is(framing.name, name);
      t.is(framing.crc, kind);
      t.is(framing.maxPacketLength, 100 - crcLength(kind));
      const bytes = encodeFrame(framing, PACKET);
      t.deepEqual(decodeFrames(framing, bytes), [PACKET]);
      // The same framing without the layer sees the code.
      if (name !== "space-packets") {
        const sealed = encodeFrame(withCrc(raw(), kind), PACKET);
        t.is(sealed.length, PACKET.length + crcLength(kind));
        t.deepEqual(sealed.slice(0, PACKET.length), PACKET);
        t.deepEqual(decodeFrames(make(100), bytes), [sealed]);
      }
    });

    test(`${kind} over ${name}: any bit changed costs that packet; the next one arrives.`, (t) => {
      const framing = withCrc(make(100), kind);
      const good = frame(framing, PING);
      const sound = frame(framing, PACKET);
      for (let bit = 0; bit < 8 * sound.length; bit++) {
        const spoilt = sound.slice();
        spoilt[bit >> 3] = spoilt[bit >> 3]! ^ (0x80 >> (bit & 7));
        const bench = new Workbench(framing, 200);
        // Cut as a burst; where that means nothing, the delimiter may be what was hit: then a frame more is lost.
        bench.feed(spoilt);
        for (let i = 0; i < 3; i++) {
          bench.feed(good);
        }
        bench.expire();
        const found = bench.packets.map(hex);
        t.false(found.includes(hex(PACKET)), `bit ${bit}`);
        t.true(found.length >= 2 && found.every((each) => each === hex(PING)), `bit ${bit}: ${found}`);
        t.true(bench.decoder.counters.rejections > 0, `bit ${bit}`);
      }
    });
  }
}

test("Behind a space packet, the code is not in its length field; the limit counts it, memory is not exceeded.", (t) => {
  const framing = withCrc(spacePackets({ maxPacketLength: 9 }), "crc16");
  const bytes = frame(framing, PACKET);
  t.deepEqual(bytes.slice(0, 7), PACKET);
  t.is(bytes.length, 9);
  const bench = new Workbench(framing, 40);
  for (const byte of concat(bytes, PING, bytes)) {
    bench.feed(Uint8Array.of(byte));
  }
  bench.expire();
  t.deepEqual(bench.packets, [PACKET, PACKET]);
  const longer = Uint8Array.of(...PACKET, 0x78).with(5, 1);
  const room = new FixedMemory(100);
  room.bytes.set(longer);
  t.is(framing.encoder(room).encode(0, 8, 50, 60), 60);
  t.is(framing.encoder(room).encode(0, 8, 50, 59), DOES_NOT_FIT);
  t.is(framing.encoder(room).encode(0, 7, 50, 80), NOT_A_PACKET);
});

test("A validator of the framing sees the packet without the code, and only when that is right.", (t) => {
  const seen: number[] = [];
  const inner = spacePackets({
    packetIds: [0x1802],
    validator: (_bytes, start, end) => {
      seen.push(end - start);
      return seen.length === 1 ? REJECT_PACKET : ACCEPT_PACKET;
    },
  });
  const framing = withCrc(inner, "crc32");
  const bytes = frame(framing, PING);
  t.deepEqual(decodeFrames(framing, concat(bytes.with(10, 0xff), bytes, bytes)), [PING]);
  t.deepEqual(seen, [PING.length, PING.length]);
});

test("check16 is for packets that carry their code: checked, delivered whole, nothing added.", (t) => {
  for (const make of Object.values(FRAMINGS)) {
    const framing = withCrc(make(100), "check16");
    t.is(framing.maxPacketLength, 100);
    t.deepEqual(frame(framing, PING), frame(make(100), PING));
    t.deepEqual(decodeFrames(framing, frame(framing, PING)), [PING]);
    t.deepEqual(decodeFrames(framing, frame(framing, PING.with(12, 0xd3))), []);
  }
});

test("check32 is the same for a CRC-32.", (t) => {
  const packet = concat(DIGITS, Uint8Array.of(0xcb, 0xf4, 0x39, 0x26));
  const framing = withCrc(cobs(), "check32");
  t.deepEqual(frame(framing, packet), frame(cobs(), packet));
  t.deepEqual(decodeFrames(framing, concat(frame(framing, packet), frame(framing, packet.with(0, 0)))), [packet]);
});

test("Layers can be stacked, over space packets too.", (t) => {
  for (const make of Object.values(FRAMINGS)) {
    const framing = withCrc(withCrc(make(100), "crc16"), "crc32");
    t.is(framing.maxPacketLength, 94);
    const bytes = frame(framing, PACKET);
    // CRC-32 next to the packet, CRC-16 over both.
    const inner = frame(withCrc(raw(), "crc32"), PACKET);
    t.deepEqual(decodeFrames(framing, bytes), [PACKET]);
    t.deepEqual(frame(withCrc(withCrc(raw(), "crc16"), "crc32"), PACKET).slice(0, 11), inner);
    const bench = new Workbench(framing, 100);
    bench.feed(bytes);
    bench.feed(bytes.slice(0, -1));
    t.is(bench.packets.length, 1);
  }
});

test("A frame with room for the code alone is none; a packet of no byte has a code.", (t) => {
  for (const [kind, code] of [
    ["crc16", [0xff, 0xff]],
    ["crc32", [0, 0, 0, 0]],
  ] as const) {
    const framing = withCrc(slip(), kind);
    t.deepEqual(frame(framing, new Uint8Array(0)), Uint8Array.of(...code, 0xc0));
    t.deepEqual(decodeFrames(framing, Uint8Array.of(0xff, 0xc0, ...code, 0xc0)), [new Uint8Array(0)]);
  }
});

test("The packet in the memory stays as it is, and nothing outside the room is written.", (t) => {
  const random = new Random(1);
  for (const kind of ["crc16", "crc32"] as const) {
    for (const room of [0, 1, 5, 8, 9, 10, 20, 40]) {
      const memory = new FixedMemory(100);
      memory.bytes.set(random.bytes(100));
      const before = memory.bytes.slice();
      const end = withCrc(cobs(), kind)
        .encoder(memory)
        .encode(0, 7, 30, 30 + room);
      t.is(end === DOES_NOT_FIT, room < 7 + crcLength(kind) + 2, `${kind} in ${room}`);
      t.deepEqual(memory.bytes.slice(0, 30), before.slice(0, 30));
      t.deepEqual(memory.bytes.slice(30 + room), before.slice(30 + room));
    }
  }
});

test("As text, crc is an option of every framing; max-packet is what is delivered.", (t) => {
  const common = { maxPacketLength: 50 };
  for (const kind of CRC_KINDS) {
    for (const name of ["cobs", "slip", "lines", "raw", "space-packets", "netstring", "length-prefixed"]) {
      const framing = makeFraming(framingEntry(name), { crc: kind }, common);
      t.is(framing.crc, kind);
      t.is(framing.maxPacketLength, 50);
      t.is(makeFraming(framingEntry(name), { crc: kind, "max-packet": "0x20" }, common).maxPacketLength, 32);
    }
  }
  t.is(makeFraming(framingEntry("cobs"), { crc: "off" }, common).crc, undefined);
});

test("A kind that there is not, and a framing without room for it, are refused.", (t) => {
  t.throws(() => withCrc(cobs(), "crc8" as CrcKind), {
    instanceOf: TypeError,
    message: 'crc must be crc16 or crc32 or check16 or check32, not "crc8"',
  });
  t.throws(() => withCrc(cobs({ maxPacketLength: 3 }), "crc32"), {
    instanceOf: RangeError,
    message: "crc: crc32 needs 4 bytes of each packet, but cobs takes 3 at most",
  });
});

test("A framing says what its decoder looks at: bare space packets their header, check16 the CRC that packets end with.", (t) => {
  const judged = (text: string) => parseFraming("framing", text, { maxPacketLength: 100 }).judged ?? NOTHING_JUDGED;
  t.is(judged("space-packets"), HEADER_JUDGED);
  t.is(judged("space-packets,crc=check16"), HEADER_JUDGED | CRC16_JUDGED);
  t.is(judged("uslp,scid=1"), HEADER_JUDGED);
  t.is(judged("tc-frames,scid=1"), HEADER_JUDGED);
  t.is(judged("uslp,scid=1,over=cobs,crc=check16"), HEADER_JUDGED | CRC16_JUDGED);
  t.is(judged("uslp,scid=1,content=frames"), NOTHING_JUDGED);
  t.is(judged("cobs,crc=check16"), CRC16_JUDGED);
  for (const text of ["cobs", "cobs,crc=crc16", "cobs,crc=crc32", "slip,crc=check32", "raw", "netstring"]) {
    t.is(judged(text), NOTHING_JUDGED, text);
  }
});
