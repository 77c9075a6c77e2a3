/** Conformance: a sink that refuses. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import { cuts } from "./steps.js";
import type { Cases, Subject } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 60;

/** Packets with damage in between, so that a refusal meets every state of the decoder. */
function damagedStream(subject: Subject): { bytes: Uint8Array; packets: Uint8Array[]; parts: Uint8Array[] } {
  const random = new Random(16);
  const framing = subject.framing(MAX_PACKET_LENGTH);
  const packets = [0, 3, 9, 1].map((more) => subject.packet(subject.shortestPacket + more, random));
  const frames = packets.map((packet) => frame(framing, packet));
  if (subject.undetectable) {
    return { packets, bytes: concat(...frames), parts: frames };
  }
  const spoilt = frame(framing, subject.packet(16, random, 0x20));
  subject.spoil(spoilt);
  const parts = [frames[0]!, frames[1]!, subject.garbage(9, random), frames[2]!, spoilt, frames[3]!];
  return { packets, bytes: concat(...parts), parts };
}

function run(subject: Subject, bytes: Uint8Array, splits: readonly number[], refusals: (packet: number) => number) {
  const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), bytes.length);
  bench.refusals = refusals;
  let at = 0;
  for (const split of [...splits, bytes.length]) {
    bench.feed(bytes.slice(at, split));
    at = split;
  }
  bench.expire();
  return bench;
}

export const refusalCases: Cases = {
  "A sink that refuses each packet some times gets each once, in order, wherever the stream is split.": (subject) => {
    const { bytes, packets, parts } = damagedStream(subject);
    const undisturbed = run(subject, bytes, [], () => 0);
    equal(undisturbed.packets.map(hex), packets.map(hex), "the packets without a refusal");
    for (const times of [1, 2, 3]) {
      for (const split of cuts(subject, parts)) {
        const bench = run(subject, bytes, [split], () => times);
        equal(bench.outcome(), undisturbed.outcome(), `the outcome, refused ${times} times, split at ${split}`);
      }
      const bench = run(subject, bytes, [...bytes.keys()], () => times);
      equal(bench.outcome(), undisturbed.outcome(), `the outcome, refused ${times} times, byte by byte`);
    }
  },

  "A refusal of any one packet leaves the others alone.": (subject) => {
    const { bytes, packets } = damagedStream(subject);
    const undisturbed = run(subject, bytes, [], () => 0);
    for (let refused = 0; refused < packets.length; refused++) {
      for (const splits of [[], [bytes.length >> 1], [...bytes.keys()]]) {
        const bench = run(subject, bytes, splits, (packet) => (packet === refused ? 100 : 0));
        equal(bench.outcome(), undisturbed.outcome(), `the outcome, packet ${refused} refused`);
      }
    }
  },

  "Nothing behind a refused packet is looked at before it is taken.": (subject) => {
    const { bytes } = damagedStream(subject);
    const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), bytes.length);
    bench.refusals = () => 1000;
    equal(bench.offer(bytes), false, "the chunk is taken");
    const before = bench.outcome();
    for (let i = 0; i < 10; i++) {
      equal(bench.resume(), false, "the chunk is taken");
    }
    equal(bench.outcome(), before, "the outcome");
    equal(bench.packets.length, 0, "packets");
  },

  "A stream that ends while a packet is refused counts it as undelivered, and never delivers it.": (subject) => {
    const { bytes, packets } = damagedStream(subject);
    const next = subject.packet(subject.shortestPacket + 4, new Random(17));
    const nextFrame = frame(subject.framing(MAX_PACKET_LENGTH), next);
    for (let refused = 0; refused < packets.length; refused++) {
      for (const size of [bytes.length, 1, 4]) {
        const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), bytes.length);
        bench.refusals = (packet) => (packet === refused ? 1000 : 0);
        let taken = true;
        for (let at = 0; at < bytes.length && taken; at += size) {
          taken = bench.offer(bytes.slice(at, at + size));
        }
        if (taken) {
          // Held back behind what may still be a packet.
          equal(bench.expireOnce(), false, "expire");
        }
        bench.reset();
        equal(bench.counts()["undelivered"], 1, `packets undelivered, packet ${refused} in chunks of ${size}`);
        equal(bench.counts()["truncated"], undefined, "frames truncated");
        bench.refusals = () => 0;
        bench.feed(nextFrame);
        bench.expire();
        equal(bench.packets.map(hex), [...packets.slice(0, refused), next].map(hex), "the packets");
      }
    }
  },
};
