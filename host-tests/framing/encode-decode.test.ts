import { runInNewContext } from "node:vm";
import test from "ava";
import { decodeFrames, encodeFrame, PacketFramer } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { concat, Random } from "./random.js";
import { subjects } from "./subjects.js";

for (const subject of subjects.filter(({ only }) => only !== "bursts")) {
  test(`${subject.name}: plain arrays are framed and taken apart again, without damage or what is not complete.`, (t) => {
    const random = new Random(21);
    const framing = subject.framing(100);
    const packets = [subject.packet(20, random), subject.packet(100, random, 1), subject.packet(30, random)];
    const [first, second, third] = packets.map((packet) => encodeFrame(framing, packet)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    t.deepEqual(decodeFrames(framing, concat(first, second, third)), packets);
    t.deepEqual(
      decodeFrames(framing, concat(first, subject.garbage(9, random), second, third.slice(0, 12))),
      packets.slice(0, 2),
    );
    t.deepEqual(decodeFrames(framing, new Uint8Array(0)), []);
  });
}

test("Bytes that are no packet of the framing are not framed.", (t) => {
  const framing = subjects.find(({ name }) => name === "space-packets (packet IDs)")!.framing(100);
  t.throws(() => encodeFrame(framing, Uint8Array.of(1, 2, 3)), {
    instanceOf: RangeError,
    message: /3 bytes.*space-packets/,
  });
});

test("A packet longer than the framing's longest is not framed: the other end would drop it.", (t) => {
  const framing = cobs({ maxPacketLength: 100 });
  t.notThrows(() => encodeFrame(framing, new Uint8Array(100)));
  t.throws(() => encodeFrame(framing, new Uint8Array(101)), {
    instanceOf: RangeError,
    message: "101 bytes are too long for cobs: a packet has up to 100",
  });
});

test("What is no Uint8Array is neither framed nor taken apart.", (t) => {
  for (const [wrong, what] of [
    ["abc", "a string"],
    [[1, 2], "another object"],
    [new Uint16Array(2), "another object"],
    [new ArrayBuffer(2), "another object"],
    [null, "null"],
    [undefined, "undefined"],
  ] as [unknown, string][]) {
    t.throws(() => encodeFrame(cobs(), wrong as Uint8Array), {
      instanceOf: TypeError,
      message: `a packet must be a Uint8Array, not ${what}`,
    });
    t.throws(() => decodeFrames(cobs(), wrong as Uint8Array), {
      instanceOf: TypeError,
      message: `the stream must be a Uint8Array, not ${what}`,
    });
  }
  t.deepEqual(decodeFrames(cobs(), Buffer.from(encodeFrame(cobs(), Buffer.of(1)))), [Uint8Array.of(1)]);
});

test("Bytes of another realm are bytes.", (t) => {
  const foreign = runInNewContext("Uint8Array.of(1, 0, 2)") as Uint8Array;
  t.false(foreign instanceof Uint8Array);
  t.deepEqual(decodeFrames(cobs(), encodeFrame(cobs(), foreign)), [Uint8Array.of(1, 0, 2)]);
});

test("What lacks a part of a framing is none: the error comes at once, and not with the first frame.", (t) => {
  const whole = cobs();
  for (const missing of ["decoder", "encoder", "decoderMemory", "maxPacketLength"]) {
    const wrong = { ...whole, [missing]: undefined } as unknown as typeof whole;
    const expected = { instanceOf: TypeError, message: /^framing must be a framing, as cobs\(\) makes it, not / };
    t.throws(() => encodeFrame(wrong, Uint8Array.of(1)), expected, missing);
    t.throws(() => decodeFrames(wrong, Uint8Array.of(0)), expected, missing);
  }
});

test("A framer makes frames up to the length that it was made for, and counts them where the framing numbers its frames.", (t) => {
  const framer = new PacketFramer(cobs({ maxPacketLength: 100 }), 5);
  t.deepEqual(framer.frame(Uint8Array.of(1, 2, 3, 4, 5)), Uint8Array.of(6, 1, 2, 3, 4, 5, 0));
  t.is(framer.frame(new Uint8Array(6)), undefined);
  t.deepEqual(framer.frame(new Uint8Array(0)), Uint8Array.of(1, 0));
  const frames = new PacketFramer(uslp({ spacecraftId: 7, vcFrameCountLength: 1 }));
  const packet = encodeFrame(spacePackets(), Uint8Array.of(0x18, 0x02, 0xc0, 0, 0, 0, 0x5a));
  t.deepEqual(
    [0, 1, 2].map(() => frames.frame(packet)?.[7]),
    [0, 1, 2],
  );
});
