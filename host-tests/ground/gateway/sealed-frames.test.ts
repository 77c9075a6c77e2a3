/** Which frames of a datagram are passed on, and why others are not. */
import test from "ava";
import fc from "fast-check";
import { type DatagramFormat, type FrameRefusal, SealedFrames } from "../../../ground/gateway/sealed-frames.js";
import { writeCrc16 } from "../../../modules/ccsds/crc16.js";
import { writeTcHeader } from "../../../modules/ccsds/tc-frame.js";
import { checkProperty } from "../../seeded-properties.js";
import { cltuOf } from "./cltu-encoder.js";

const BCH: DatagramFormat = { cltu: "bch", isRandomized: false };
const RANDOMIZED: DatagramFormat = { cltu: "bch", isRandomized: true };
const BARE: DatagramFormat = { cltu: "none", isRandomized: false };
const AGREEMENT = { spacecraftId: 0xab, virtualChannelId: 0, frameErrorControl: true };
const SHORTEST = 5 + 14 + 7 + 16 + 2;

interface FrameOptions {
  readonly scid?: number;
  readonly vcid?: number;
  readonly length?: number;
  /** Bits of the first octet that are other than in a good frame. */
  readonly flip?: number;
}

function frame({ scid = 0xab, vcid = 0, length = SHORTEST, flip = 0 }: FrameOptions = {}): Uint8Array {
  const bytes = new Uint8Array(length).fill(0x33);
  writeTcHeader(bytes, 0, scid, vcid, length);
  bytes[0]! ^= flip;
  writeCrc16(bytes, 0, length);
  return bytes;
}

function look(format: DatagramFormat, datagram: Uint8Array, agreement = AGREEMENT) {
  const refused: FrameRefusal[] = [];
  const frames = new SealedFrames(format, agreement, (why) => refused.push(why)).of(datagram);
  return { frames: frames.map((each) => Buffer.from(each).toString("hex")), refused };
}

const digits = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

for (const format of [BCH, RANDOMIZED, BARE]) {
  const wrap = (frames: Uint8Array): Uint8Array =>
    format.cltu === "none" ? frames : cltuOf(frames, { isRandomized: format.isRandomized });
  const name = `${format.cltu}${format.isRandomized ? ", randomized" : ""}`;

  test(`${name}: frames of every length, one or several in a datagram, come out as they are`, (t) => {
    checkProperty(
      t,
      fc.property(fc.array(fc.integer({ min: SHORTEST, max: 1024 }), { minLength: 1, maxLength: 3 }), (lengths) => {
        const frames = lengths.map((length) => frame({ length }));
        const seen = look(format, wrap(Buffer.concat(frames)));
        return seen.refused.length === 0 && seen.frames.join() === frames.map(digits).join();
      }),
      200,
    );
  });

  test(`${name}: a frame with any bit changed is not passed on`, (t) => {
    const datagram = wrap(frame());
    // In a CLTU, nothing is learned from the tail sequence, nor from filler bits.
    const end = format.cltu === "none" ? datagram.length : datagram.length - 8;
    for (let bit = 0; bit < 8 * end; bit++) {
      const isFiller = format.cltu === "bch" && bit > 16 && (bit - 16) % 64 === 63;
      const damaged = datagram.slice();
      damaged[bit >> 3]! ^= 0x80 >> (bit & 7);
      const { frames, refused } = look(format, damaged);
      t.is(frames.length, isFiller ? 1 : 0, `bit ${bit}`);
      t.is(refused.length > 0, !isFiller, `bit ${bit}`);
    }
  });
}

test("each cause has its name", (t) => {
  const cases: readonly (readonly [FrameRefusal, DatagramFormat, Uint8Array])[] = [
    ["noStartSequence", BCH, frame()],
    ["noStartSequence", BCH, new Uint8Array(0)],
    ["cutOff", BCH, cltuOf(frame()).subarray(0, 30)],
    ["cutOff", BCH, Uint8Array.of(0xeb, 0x90)],
    ["cutOff", BARE, frame().subarray(0, 20)],
    ["cutOff", BARE, new Uint8Array(0)],
    ["codeBlockRejected", BCH, cltuOf(frame()).map((octet, i) => (i === 20 ? octet ^ 1 : octet))],
    ["unsupportedFrameVersion", BARE, frame({ flip: 0x40 })],
    ["frameTooShort", BARE, frame({ length: SHORTEST - 1 })],
    ["crcMismatch", BARE, frame().map((octet, i) => (i === 12 ? octet ^ 1 : octet))],
    ["otherSpacecraft", BARE, frame({ scid: 0xac })],
    ["otherChannel", BARE, frame({ vcid: 3 })],
    ["sequenceControlled", BARE, frame({ flip: 0x20 })],
    ["controlCommand", BARE, frame({ flip: 0x10 })],
  ];
  for (const [why, format, datagram] of cases) {
    t.deepEqual(look(format, datagram), { frames: [], refused: [why] }, why);
  }
});

test("the frame in front of wrong octets is passed on", (t) => {
  t.deepEqual(look(BARE, Buffer.concat([frame(), Uint8Array.of(0x55)])), {
    frames: [digits(frame())],
    refused: ["octetsBehind"],
  });
  const damaged = cltuOf(Buffer.concat([frame(), frame()]));
  damaged[2 + 8 * 10]! ^= 1;
  t.deepEqual(look(BCH, damaged), { frames: [digits(frame())], refused: ["codeBlockRejected"] });
});

test("a sender with a tail sequence of its own, or none, is understood", (t) => {
  for (const tail of [new Uint8Array(0), Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)]) {
    t.deepEqual(look(BCH, cltuOf(frame(), { tail })).frames, [digits(frame())]);
  }
});

test("without frame error control, the board alone sees damage", (t) => {
  const bare = frame({ length: SHORTEST - 2 });
  bare[20]! ^= 1;
  t.deepEqual(look(BARE, bare, { ...AGREEMENT, frameErrorControl: false }), { frames: [digits(bare)], refused: [] });
});
