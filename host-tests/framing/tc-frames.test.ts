import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { MORE, NOT_A_PACKET, PACKET } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { type TcFramesOptions, tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { checkProperty } from "../seeded-properties.js";
import { concat, Random } from "./random.js";
import { type FrameParts, frame, IDLE, packet, receive, SCID } from "./tc-frames-support.js";
import { Workbench } from "./workbench.js";

const file = new URL("../../../host-tests/ccsds/tc-frame-vectors.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as {
  "fprime-gds": string;
  frames: { spacecraftId: number; virtualChannelId: number; packet: string; bytes: string }[];
};

test(`Frames are those that fprime-gds ${vectors["fprime-gds"]} makes of the same packets, octet by octet.`, (t) => {
  for (const { packet, bytes, ...channel } of vectors.frames) {
    const framing = tcFrames(channel);
    t.is(Buffer.from(encodeFrame(framing, Buffer.from(packet, "hex"))).toString("hex"), bytes);
    for (const size of [1, 7, 1024]) {
      const { packets, reasons } = receive(channel, Buffer.from(bytes, "hex"), size);
      t.deepEqual([packets.map((each) => Buffer.from(each).toString("hex")), reasons], [[packet], {}]);
    }
  }
});

test("A segment header with the MAP ID stands in front of the packet where that is asked for.", (t) => {
  const framing = tcFrames({ spacecraftId: SCID, virtualChannelId: 5, mapId: 9 });
  const ping = packet(13);
  t.deepEqual(encodeFrame(framing, ping), frame({ vcid: 5, field: concat(Uint8Array.of(0xc9), ping) }));
  t.is(framing.maxPacketLength, 1016);
  const bare = tcFrames({ spacecraftId: SCID, frameErrorControl: false });
  t.deepEqual(encodeFrame(bare, ping), frame({ field: ping, fecf: false }));
  t.is(bare.maxPacketLength, 1019);
});

test("Several packets in a frame, as Yamcs packs them, come one by one, whatever the chunks and the refusals.", (t) => {
  const packets = [packet(20), packet(7), packet(300), packet(33)];
  for (const over of [undefined, cobs()]) {
    const one = frame({ field: concat(...packets) });
    const two = frame({ field: packet(50), sequenceNumber: 7 });
    const stream = over === undefined ? concat(one, two) : concat(encodeFrame(over, one), encodeFrame(over, two));
    for (const size of [1, 13, stream.length]) {
      for (const times of [0, 2]) {
        const found = receive(over === undefined ? {} : { over }, stream, size, times);
        t.deepEqual(found, { packets: [...packets, packet(50)], reasons: {} }, `${size}, refused ${times} times`);
      }
    }
  }
});

test("Idle packets among the packets are passed over, also where a checksum stands behind the others.", (t) => {
  const good = frame({ field: concat(IDLE, packet(20), IDLE, IDLE, packet(9), IDLE) });
  t.deepEqual(receive({}, good), { packets: [packet(20), packet(9)], reasons: {} });
  const framing = withCrc(tcFrames({ spacecraftId: SCID }), "crc16");
  const inside = (each: Uint8Array) => encodeFrame(framing, each).slice(5, -2);
  const stream = frame({ field: concat(inside(packet(20)), IDLE, inside(packet(9))) });
  t.deepEqual(decodeFrames(framing, stream), [packet(20), packet(9)]);
});

/** Frames of which nothing is taken, and what each is counted as. */
const REFUSED: readonly [what: string, parts: FrameParts, options: Partial<TcFramesOptions>, reason: string][] = [
  ["another virtual channel", { field: packet(20), vcid: 1 }, {}, "otherChannel"],
  ["another MAP", { field: concat(Uint8Array.of(0xc4), packet(20)) }, { mapId: 3 }, "otherChannel"],
  ["type A: COP-1 would send it again", { field: packet(20), flags: 0 }, {}, "sequenceControlled"],
  ["a control command: unlock", { field: Uint8Array.of(0), flags: 0x30 }, {}, "controlCommand"],
  ["a control command with a MAP agreed on", { field: Uint8Array.of(0), flags: 0x30 }, { mapId: 3 }, "controlCommand"],
  ["type AC, which is reserved", { field: Uint8Array.of(0x82, 0, 5), flags: 0x10 }, {}, "controlCommand"],
  ["the first part of a packet", { field: concat(Uint8Array.of(0x43), packet(20)) }, { mapId: 3 }, "segmented"],
  ["a middle part", { field: concat(Uint8Array.of(0x03), packet(20)) }, { mapId: 3 }, "segmented"],
  ["the last part", { field: concat(Uint8Array.of(0x83), packet(20)) }, { mapId: 3 }, "segmented"],
  ["a segment header, and nothing", { field: Uint8Array.of(0xc3) }, { mapId: 3 }, "badDataField"],
  ["no space packet", { field: packet(20).with(0, 0x38) }, {}, "badDataField"],
  ["a packet that is longer than the field", { field: packet(20).with(5, 14) }, {}, "badDataField"],
  ["less than a packet", { field: packet(20).slice(0, 6) }, {}, "badDataField"],
  ["an idle packet with a secondary header", { field: IDLE.with(0, 0x0f) }, {}, "badDataField"],
  ["a packet longer than allowed", { field: packet(41) }, { maxPacketLength: 40 }, "packetTooLong"],
];

for (const [what, parts, options, reason] of REFUSED) {
  test(`${what} is counted as ${reason}, and leaves the frames around it alone`, (t) => {
    const segment = options.mapId === undefined ? new Uint8Array(0) : Uint8Array.of(0xc0 | options.mapId);
    const good = frame({ field: concat(segment, packet(21)) });
    const refused = frame(parts);
    for (const size of [1, 9, 500]) {
      const { packets, reasons } = receive(options, concat(good, refused, good), size);
      t.deepEqual([packets, reasons], [[packet(21), packet(21)], { [reason]: 1 }]);
    }
  });
}

test("Behind what is no packet nothing more is taken out of a frame; behind one that is too long, the next one is.", (t) => {
  const bad = packet(20).with(0, 0x38);
  t.deepEqual(receive({}, frame({ field: concat(packet(10), bad, packet(30)) })), {
    packets: [packet(10)],
    reasons: { badDataField: 1 },
  });
  t.deepEqual(receive({ maxPacketLength: 30 }, frame({ field: concat(packet(10), packet(31), packet(30)) })), {
    packets: [packet(10), packet(30)],
    reasons: { packetTooLong: 1 },
  });
});

test("A packet with a wrong checksum behind it is damage, and the next one in its frame is delivered.", (t) => {
  const framing = withCrc(tcFrames({ spacecraftId: SCID }), "crc16");
  const inside = (each: Uint8Array) => encodeFrame(framing, each).slice(5, -2);
  const wrong = inside(packet(20));
  wrong[wrong.length - 1]! ^= 1;
  const bench = new Workbench(framing, 200);
  bench.feed(frame({ field: concat(wrong, inside(packet(9))) }));
  t.deepEqual([bench.packets, bench.decoder.counters.byReason()], [[packet(9)], { invalidPacket: 1 }]);
  // The packet is there, but not all of what should stand behind it.
  const cut = new Workbench(framing, 200);
  cut.feed(frame({ field: inside(packet(20)).slice(0, -1) }));
  t.deepEqual([cut.packets, cut.decoder.counters.byReason()], [[], { badDataField: 1 }]);
});

test("Bytes that begin no frame of ours are damage by their own cause, and the next frame is delivered.", (t) => {
  const good = frame({ field: packet(20) });
  const wrong: [Uint8Array, string][] = [
    [good.with(0, good[0]! ^ 0x40), "unsupportedFrameVersion"],
    [good.with(0, good[0]! ^ 0x08), "unsupportedFrameVersion"],
    [good.with(0, good[0]! ^ 0x01), "otherSpacecraft"],
    [good.with(1, good[1]! ^ 0x80), "otherSpacecraft"],
    [good.with(3, 6), "frameTooShort"],
    [good.with(3, 3), "frameTooShort"],
    [good.with(2, 3), "frameTooLong"],
    [good.with(15, good[15]! ^ 1), "invalidPacket"],
  ];
  for (const [bytes, reason] of wrong) {
    const { packets, reasons } = receive({ maxFrameLength: 100 }, concat(bytes, good));
    t.deepEqual([packets, reasons[reason]], [[packet(20)], 1], reason);
  }
});

test("Inside COBS, a frame that is damaged, cut, or none at all is rejected, and the next one is delivered.", (t) => {
  const good = frame({ field: packet(20) });
  const over = cobs();
  const wrong = [
    good.with(0, 0xc0),
    good.with(1, 0),
    good.with(15, good[15]! ^ 1),
    good.slice(0, 20),
    concat(good, Uint8Array.of(1)),
    new Uint8Array(0),
    new Uint8Array(3),
  ];
  for (const bytes of wrong) {
    const stream = concat(encodeFrame(over, bytes), encodeFrame(over, good));
    t.deepEqual(receive({ over }, stream), { packets: [packet(20)], reasons: { invalidPacket: 1 } }, `${bytes.length}`);
  }
});

test("Every single bit that flips in a frame is noticed: no packet comes of it.", (t) => {
  const good = frame({ field: packet(20) });
  for (let bit = 0; bit < good.length * 8; bit++) {
    const bytes = good.slice();
    bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
    t.deepEqual(receive({}, bytes).packets, [], `bit ${bit}`);
  }
});

test("Options that are wrong are refused by name, and a carrier must take the frames.", (t) => {
  const wrong: [options: TcFramesOptions, message: RegExp][] = [
    [{ spacecraftId: 1024 }, /^tc-frames: spacecraftId must be from 0 to 1023, not 1024$/],
    [{ spacecraftId: 1, virtualChannelId: 64 }, /virtualChannelId must be from 0 to 63, not 64/],
    [{ spacecraftId: 1, mapId: 64 }, /mapId must be from 0 to 63, not 64/],
    [{ spacecraftId: 1, maxPacketLength: 1018 }, /maxPacketLength \(bytes\) must be from 7 to 1017, not 1018/],
    [{ spacecraftId: 1, mapId: 0, maxPacketLength: 1017 }, /from 7 to 1016, not 1017/],
    [{ spacecraftId: 1, maxFrameLength: 1025 }, /maxFrameLength \(bytes\) must be from 14 to 1024, not 1025/],
    [{ spacecraftId: 1, maxFrameLength: 13 }, /from 14 to 1024, not 13/],
    [{ spacecraftId: 1, over: cobs({ maxPacketLength: 60 }), maxFrameLength: 61 }, /over cobs\) must be from 14 to 60/],
    [{ spacecraftId: 1, over: cobs({ maxPacketLength: 60 }), maxPacketLength: 54 }, /from 7 to 53, not 54/],
    [{ spacecraftId: 1, over: cobs({ maxPacketLength: 13 }) }, /over cobs\) must be from 14 to 13, not 13/],
  ];
  for (const [options, message] of wrong) {
    t.throws(() => tcFrames(options), { instanceOf: RangeError, message });
  }
  t.is(tcFrames({ spacecraftId: 1, over: cobs({ maxPacketLength: 60 }) }).maxPacketLength, 53);
  t.is(tcFrames({ spacecraftId: 1, over: cobs({ maxPacketLength: 5000 }) }).maxPacketLength, 1017);
  const { carrier, decoderMemory } = tcFrames({ spacecraftId: 1, maxFrameLength: 60 });
  t.deepEqual([carrier, decoderMemory], [undefined, 60]);
});

test("A packet as long as is promised goes in and out; a longer one makes no frame.", (t) => {
  for (const more of [
    "",
    ",map=3",
    ",fecf=off",
    ",over=cobs",
    ",max-frame=60",
    ",crc=crc32",
    ",map=3,over=cobs,crc=crc16",
  ]) {
    for (const common of [10, 1024, 65_542]) {
      const framing = parseFraming("framing", `tc-frames,scid=683${more}`, { maxPacketLength: common });
      const longest = packet(framing.maxPacketLength);
      t.deepEqual(decodeFrames(framing, encodeFrame(framing, longest)), [longest], `${more}, ${common}`);
    }
    const framing = parseFraming("framing", `tc-frames,scid=683${more}`, { maxPacketLength: 65_542 });
    const memory = new FixedMemory(4000);
    const tooLong = packet(framing.maxPacketLength + 1);
    memory.bytes.set(tooLong);
    t.is(framing.encoder(memory).encode(0, tooLong.length, 2000, 4000), NOT_A_PACKET, more);
  }
  // What is sent may be longer than what is accepted, up to the longest frame.
  const short = tcFrames({ spacecraftId: SCID, maxPacketLength: 20, maxFrameLength: 60 });
  const memory = new FixedMemory(400);
  memory.bytes.set(packet(53));
  t.is(short.encoder(memory).encode(0, 53, 100, 400), 160);
  t.is(short.encoder(memory).encode(0, 52, 100, 400), NOT_A_PACKET, "its length says 53");
});

test("A stream that ends in mid-frame, or with a packet that nobody took, leaves nothing behind.", (t) => {
  const stream = frame({ field: concat(packet(20), packet(30)) });
  const framing = tcFrames({ spacecraftId: SCID });
  const memory = new FixedMemory(framing.decoderMemory + 200);
  const decoder = framing.decoder(memory, 200);
  const next = () => [decoder.next(), decoder.packetStart, decoder.packetEnd];
  memory.bytes.set(stream);
  for (const round of [1, 2]) {
    decoder.give(0, stream.length);
    t.deepEqual(
      [next(), next()],
      [
        [PACKET, 5, 25],
        [PACKET, 25, 55],
      ],
    );
    decoder.reset();
    t.is(decoder.next(), MORE);
    t.deepEqual([decoder.counters.byReason(), decoder.counters.frames], [{ undelivered: round }, round]);
  }
  decoder.give(0, stream.length - 1);
  t.is(decoder.next(), MORE);
  decoder.reset();
  decoder.counters.clear();
  decoder.give(0, stream.length);
  t.deepEqual([decoder.next(), decoder.next(), decoder.next()], [PACKET, PACKET, MORE]);
  t.deepEqual([decoder.counters.byReason(), decoder.counters.frames], [{}, 2]);
});

/** A frame of a stream, and what it does. */
const part = fc.record({
  kind: fc.constantFrom("good", "good", "good", "spoilt", "channel", "idle", "typeA"),
  lengths: fc.array(fc.integer({ min: 7, max: 120 }), { minLength: 1, maxLength: 4 }),
  seed: fc.nat(),
});

test("Any frames, good and bad, in any chunks with any refusals give the packets of the good ones, once and in order.", (t) => {
  const property = fc.property(
    fc.array(part, { maxLength: 10 }),
    fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 12 }),
    fc.nat(3),
    fc.constantFrom("search", "passOver" as const),
    fc.boolean(),
    (parts, chunks, refusals, badFrames, overCobs) => {
      const over = overCobs ? cobs() : undefined;
      const sent: Uint8Array[] = [];
      const bytesOf = ({ kind, lengths, seed }: (typeof parts)[number]) => {
        const packets = lengths.map((length, i) => packet(length, (seed + i) & 0xff));
        const field = kind === "idle" ? concat(IDLE, IDLE) : concat(...packets);
        const made = frame({ field, vcid: kind === "channel" ? 4 : 0, flags: kind === "typeA" ? 0 : 0x20 });
        if (kind === "good") {
          sent.push(...packets);
        } else if (kind === "spoilt") {
          const random = new Random(seed);
          made[5 + random.below(made.length - 5)]! ^= 1 << random.below(8);
        }
        return over === undefined ? made : encodeFrame(over, made);
      };
      const stream = concat(...parts.map(bytesOf));
      const plain = tcFrames(over === undefined ? { spacecraftId: SCID } : { spacecraftId: SCID, over });
      const bench = new Workbench(
        { ...plain, decoder: (memory, area, check) => plain.decoder(memory, area, check, badFrames as "search") },
        300,
      );
      bench.refusals = () => refusals;
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const end = at + chunks[turn % chunks.length]!;
        bench.feed(stream.slice(at, end));
        at = end;
      }
      bench.expire();
      t.deepEqual(bench.packets, sent);
    },
  );
  checkProperty(t, property, 300);
});
