/** Packets that lie in several secured USLP frames. Knows no platform: also runs inside XS. */
import { CONTINUING_SEGMENT, IDLE_DATA, LAST_SEGMENT, STARTING_SEGMENT } from "../../modules/ccsds/uslp.js";
import { MORE, PACKET } from "../../modules/framing/contract/framing.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { ReceivingAssociation } from "../../modules/security/receiving-association.js";
import { concat } from "../framing/random.js";
import { equal } from "../framing/workbench.js";
import { MemoryStore } from "./memory-store.js";
import { mended, spanning, TC, tcFrame, telecommand, USLP, uslpFrame } from "./sealed-frames.js";
import { board, receiver } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

const LONG = telecommand(60, 1);
const OTHER = telecommand(60, 2);
const LAST = telecommand(20, 3);
const SHORT = telecommand(9, 4);
const COUNT_AT = 7;
const OTHER_KEY = new Uint8Array(32).fill(0x31);

type Frames = [Uint8Array, Uint8Array, Uint8Array];

/** Three frames, IVs 1 to 3: the first packet ends in the second one, where the second packet begins. */
function twoPackets(): Frames {
  const frames = spanning([telecommand(30, 7), LAST], 18, 1);
  equal(frames.length, 3, "frames");
  return frames as Frames;
}

/** Three frames, IVs 1 to 3, and nothing but one packet. */
function onePacket(packet = LONG, firstIv = 1): Frames {
  const frames = spanning([packet], 20, firstIv);
  equal(frames.length, 3, "frames");
  return frames as Frames;
}

function port(...associations: ReceivingAssociation[]): SecuredPort {
  return new SecuredPort(uslp({ ...USLP, security: board(...associations) }));
}

/** The VC frame count is made another one, and the FECF right: nobody needs a key for that. */
function counting(frame: Uint8Array, count: number): Uint8Array {
  const bytes = frame.slice();
  bytes[COUNT_AT] = count >> 8;
  bytes[COUNT_AT + 1] = count;
  return mended(bytes);
}

function digits(...packets: readonly Uint8Array[]): string[] {
  return packets.map(digitsOf);
}

export const spanningCases: Readonly<Record<string, () => void>> = {
  "a packet in three frames comes once, under the receipt of the last, and nothing is kept before"() {
    const store = new MemoryStore();
    const association = receiver(store);
    const one = port(association);
    const writes = store.saved.length;
    const [first, second, third] = onePacket();
    one.give(first);
    one.give(second);
    equal([association.last, store.saved.length], [0, writes], "in front of its end");
    one.give(third);
    equal([one.taken, one.spis, association.last], [digits(LONG), [1], 3], "taken");
    equal(store.saved.length, writes + 1, "writes");
    for (const each of [first, second, third]) {
      one.give(each);
    }
    equal([one.taken.length, one.reasons()], [1, { replayed: 3 }], "once more");
  },

  "after a cut within a packet, all of its frames may come again"() {
    for (let cut = 0; cut < 3; cut++) {
      const store = new MemoryStore();
      const frames = onePacket();
      const one = port(receiver(store));
      for (const each of frames.slice(0, cut)) {
        one.give(each);
      }
      one.reset();
      const again = port(receiver(store));
      for (const each of [...frames, ...frames]) {
        again.give(each);
      }
      equal([one.taken, again.taken], [[], digits(LONG)], `cut behind ${cut} frames`);
    }
  },

  "a packet that begins in a frame which was taken is lost by a cut, and nothing runs twice or in part"() {
    const store = new MemoryStore();
    const [first, second, third] = twoPackets();
    const one = port(receiver(store));
    one.give(first);
    one.give(second);
    equal(one.taken.length, 1, "in front of the cut");
    const association = receiver(store);
    const again = port(association);
    for (const each of [first, second, third]) {
      again.give(each);
    }
    equal([again.taken, again.reasons(), association.last], [[], { replayed: 2 }, 2], "behind it");
    again.give(uslpFrame(SHORT, { ivValue: 4 }));
    equal(again.taken, digits(SHORT), "the next packet");
  },

  "a packet whose last frame is held by the sink is offered again behind a cut, with all of its frames"() {
    const store = new MemoryStore();
    const frames = onePacket();
    const one = port(receiver(store));
    one.refuses = true;
    for (const each of frames) {
      one.give(each);
    }
    equal([one.offered, one.taken], [1, []], "held");
    one.reset();
    one.refuses = false;
    for (const each of frames) {
      one.give(each);
    }
    equal(one.taken, digits(LONG), "taken");
  },

  "nobody can leave out a frame in the middle, or join two packets, by another frame count"() {
    const [a1, , a3] = onePacket(LONG, 1);
    const [b1, b2, b3] = onePacket(OTHER, 11);
    for (const forged of [
      [a1, counting(a3, 1)],
      [a1, counting(b2, 1), counting(b3, 2)],
      [b1, a3, b2],
    ]) {
      const association = receiver();
      const one = port(association);
      for (const each of forged) {
        one.give(each);
      }
      equal([one.taken, association.last], [[], 0], "joined");
      one.give(uslpFrame(SHORT, { ivValue: 20 }));
      equal(one.taken, digits(SHORT), "the next packet");
    }
  },

  "the frame count that nobody has authenticated does not matter"() {
    const [first, second, third] = onePacket();
    const one = port(receiver());
    for (const each of [counting(first, 9), counting(second, 9), counting(third, 500)]) {
      one.give(each);
    }
    equal([one.taken, one.reasons()], [digits(LONG), {}], "taken");
  },

  "a frame of another association, forged or of another MAP does not go on with a packet, and does not cut it off"() {
    const [first, second, third] = onePacket();
    const two = receiver(new MemoryStore(), OTHER_KEY, 2);
    const one = port(receiver(), two);
    one.give(first);
    // Under the right SPI with another key; for another MAP; a control command; a replay's IV.
    one.give(uslpFrame(SHORT, { ivValue: 2, key: OTHER_KEY }));
    one.give(uslpFrame(SHORT, { ivValue: 2, map: 3 }));
    one.give(uslpFrame(SHORT, { ivValue: 2, command: true }));
    one.give(uslpFrame(SHORT, { ivValue: 0 }));
    one.give(uslpFrame(SHORT, { ivValue: 2, countLength: 1 }));
    one.give(second);
    one.give(third);
    equal(one.taken, digits(LONG), "taken");
    equal(
      one.reasons(),
      { otherChannel: 1, unsupportedContent: 1, noSecurityHeader: 1, replayed: 1, badMac: 1 },
      "reasons",
    );
    one.give(onePacket(OTHER, 4)[0]);
    one.give(uslpFrame(SHORT, { ivValue: 5, spi: 2, key: OTHER_KEY }));
    one.give(onePacket(OTHER, 4)[1]);
    one.give(onePacket(OTHER, 4)[2]);
    equal([one.taken, one.spis], [digits(LONG, SHORT), [1, 2]], "in between, of another association");
  },

  "the next IV is the next one over all of its octets"() {
    for (const firstIv of [0xfe, 0xff, 0xfffe, 0xffff_ffff]) {
      const one = port(receiver());
      for (const each of onePacket(LONG, firstIv)) {
        one.give(each);
      }
      equal(one.taken, digits(LONG), `from ${firstIv} on`);
    }
    const one = port(receiver());
    const [first, second] = onePacket(LONG, 0xff);
    one.give(first);
    // Its last octet alone would be the next one.
    one.give(onePacket(LONG, 0x1ff)[1]);
    one.give(onePacket(LONG, 0x1ff)[2]);
    equal(one.taken, [], "another one, with the same last octet");
    one.give(second);
    equal(one.taken, [], "and no way back");
  },

  "of a frame whose packet nobody takes, no other is offered"() {
    for (const [framing, frame] of [
      [uslp({ ...USLP, security: board(receiver()) }), uslpFrame(concat(SHORT, LAST), { ivValue: 1 })],
      [tcFrames({ ...TC, security: board(receiver()) }), tcFrame([SHORT, LAST], { ivValue: 1 })],
    ] as const) {
      const memory = new FixedMemory(4096);
      const decoder = framing.decoder(memory, memory.reserve("decoder", framing.decoderMemory));
      const at = memory.reserve("staging", frame.length + 1);
      memory.bytes.set(frame, at);
      decoder.give(at, at + frame.length);
      equal([decoder.next(), decoder.next()], [PACKET, MORE], "not taken");
      decoder.reset();
      memory.bytes.set(frame, at);
      decoder.give(at, at + frame.length);
      equal(decoder.next(), PACKET, "once more");
      equal(decoder.receipt?.commit(), true, "taken");
      equal([decoder.next(), decoder.next()], [PACKET, MORE], "both");
    }
  },

  "packets in segments come once, too"() {
    const one = port(receiver());
    const parts = [LONG.slice(0, 21), LONG.slice(21, 22), LONG.slice(22)] as const;
    const rules = [STARTING_SEGMENT, CONTINUING_SEGMENT, LAST_SEGMENT];
    const frames = parts.map((part, i) => uslpFrame(part, { ivValue: 1 + i, rule: rules[i]! }));
    for (const each of [...frames, ...frames]) {
      one.give(each);
    }
    equal([one.taken, one.reasons()], [digits(LONG), { replayed: 3 }], "taken");
  },

  "idle frames are passed over, authentic or not"() {
    const one = port(receiver());
    one.give(uslpFrame(new Uint8Array(9), { ivValue: 1, identifier: IDLE_DATA }));
    one.give(uslpFrame(new Uint8Array(9), { ivValue: 1, vcid: 63 }));
    one.give(uslpFrame(SHORT, { ivValue: 1 }));
    equal([one.taken, one.reasons()], [digits(SHORT), {}], "taken");
  },

  "a frame with nothing but a security header and a MAC is no frame"() {
    const association = receiver();
    const one = port(association);
    for (let length = 0; length <= 30; length++) {
      const short = new Uint8Array(9 + length + 2);
      short.set(uslpFrame(SHORT, { ivValue: 1 }).subarray(0, 9 + length));
      short[5] = short.length - 1;
      one.give(mended(short));
    }
    equal([one.taken, association.last], [[], 0], "taken");
    one.give(uslpFrame(SHORT, { ivValue: 1 }));
    equal(one.taken, digits(SHORT), "the good one");
  },
};

/** @returns "ok", or what went wrong */
export function runSpanningCase(title: string): string {
  try {
    spanningCases[title]!();
    return "ok";
  } catch (error) {
    return String(error);
  }
}
