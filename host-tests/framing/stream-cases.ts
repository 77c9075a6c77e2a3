/** Conformance: undamaged streams, cut in every way. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import { cuts } from "./steps.js";
import { type Cases, delimiterOf, type Subject } from "./subject.js";
import { assert, equal, frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 40;

/** Three packets with zeros and without, the first the shortest that there can be. */
function threePackets(subject: Subject): Uint8Array[] {
  const random = new Random(1);
  const { shortestPacket } = subject;
  return [
    subject.packet(shortestPacket, random),
    subject.packet(shortestPacket + 6, random, 1),
    subject.packet(shortestPacket + 3, random),
  ];
}

interface Stream {
  readonly packets: Uint8Array[];
  readonly frames: Uint8Array[];
  readonly bytes: Uint8Array;
  bench(): Workbench;
  /** Fails unless exactly the packets came. */
  check(bench: Workbench, what: string): void;
}

function stream(subject: Subject, packets: Uint8Array[]): Stream {
  const framing = subject.framing(MAX_PACKET_LENGTH);
  const frames = packets.map((packet) => frame(framing, packet));
  const bytes = concat(...frames);
  const expected = packets.map(hex);
  return {
    packets,
    frames,
    bytes,
    bench: () => new Workbench(framing, bytes.length),
    check(bench, what) {
      equal(bench.packets.map(hex), expected, what);
      equal(bench.decoder.counters.frames, packets.length, `frames counted, ${what}`);
      equal(bench.decoder.counters.rejections, 0, `rejections, ${what}`);
      equal(bench.decoder.pendingBytes, 0, `bytes pending, ${what}`);
    },
  };
}

export const streamCases: Cases = {
  "A whole frame gives its packet.": (subject) => {
    const one = stream(subject, [subject.packet(subject.shortestPacket + 5, new Random(2))]);
    const bench = one.bench();
    bench.feed(one.bytes);
    one.check(bench, "one frame");
  },

  "Frames that come byte by byte give their packets.": (subject) => {
    const three = stream(subject, threePackets(subject));
    const bench = three.bench();
    for (let i = 0; i < three.bytes.length; i++) {
      bench.feed(three.bytes.slice(i, i + 1));
    }
    three.check(bench, "byte by byte");
  },

  "A stream of several frames can be split at any point.": (subject) => {
    const three = stream(subject, threePackets(subject));
    for (const split of cuts(subject, three.frames)) {
      const bench = three.bench();
      bench.feed(three.bytes.slice(0, split));
      bench.feed(three.bytes.slice(split));
      three.check(bench, `split at ${split}`);
    }
  },

  "A stream of two frames can be split at any two points.": (subject) => {
    const two = stream(subject, threePackets(subject).slice(0, 2));
    const points = cuts(subject, two.frames);
    for (const first of points) {
      for (const second of points.filter((each) => each >= first)) {
        const bench = two.bench();
        bench.feed(two.bytes.slice(0, first));
        bench.feed(two.bytes.slice(first, second));
        bench.feed(two.bytes.slice(second));
        two.check(bench, `split at ${first} and ${second}`);
      }
    }
  },

  "Two frames in one chunk give both packets in order.": (subject) => {
    const two = stream(subject, threePackets(subject).slice(1));
    const bench = two.bench();
    bench.feed(two.bytes);
    two.check(bench, "two frames");
  },

  "One and a half frames in a chunk give one packet, and the other when its rest has come.": (subject) => {
    const two = stream(subject, threePackets(subject).slice(1));
    const [first, second] = two.frames as [Uint8Array, Uint8Array];
    const split = first.length + (second.length >> 1);
    const bench = two.bench();
    bench.feed(two.bytes.slice(0, split));
    equal(bench.packets.length, 1, "packets of the first chunk");
    assert(bench.decoder.pendingBytes > 0, "half a frame is pending");
    bench.feed(two.bytes.slice(split));
    two.check(bench, "one and a half, and the rest");
  },

  "An empty chunk changes nothing, wherever it comes.": (subject) => {
    const two = stream(subject, threePackets(subject).slice(1));
    for (const split of cuts(subject, two.frames)) {
      const bench = two.bench();
      bench.feed(two.bytes.slice(0, split));
      const before = bench.outcome();
      bench.feed(new Uint8Array(0));
      equal(bench.outcome(), before, `the outcome after an empty chunk at ${split}`);
      bench.feed(two.bytes.slice(split));
      two.check(bench, `an empty chunk at ${split}`);
    }
  },

  "One decoder serves stream after stream.": (subject) => {
    const three = stream(subject, threePackets(subject));
    const bench = three.bench();
    for (let round = 1; round <= 3; round++) {
      bench.feed(three.bytes);
      bench.reset();
      equal(bench.decoder.counters.frames, 3 * round, "frames counted");
    }
    equal(bench.decoder.counters.rejections, 0, "rejections");
  },
};

/** For framings in which nothing between two delimiters is no packet. */
export const idleCases: Cases = {
  "Idle zeros or delimiters in front of, between and behind frames mean nothing.": (subject) => {
    const framing = subject.framing(MAX_PACKET_LENGTH);
    const packets = threePackets(subject);
    const idle = delimiterOf(subject);
    const unit = subject.idleUnit ?? 1;
    const times = (count: number) => concat(...Array.from({ length: count * unit }, () => idle));
    const bytes = concat(...packets.flatMap((packet, i) => [times(i * 5), frame(framing, packet)]), times(9));
    for (const size of [1, 2, 7, bytes.length]) {
      const bench = new Workbench(framing, size);
      for (let at = 0; at < bytes.length; at += size) {
        bench.feed(bytes.slice(at, at + size));
      }
      bench.expire();
      equal(bench.packets.map(hex), packets.map(hex), `the packets, in chunks of ${size}`);
      const { idleBytes, droppedBytes, rejections } = bench.decoder.counters;
      if (subject.delimited) {
        const leading = subject.leadingDelimiter ? packets.length : 0;
        equal([idleBytes, droppedBytes, rejections], [(24 + leading) * idle.length, 0, 0], "idle, dropped, rejections");
      } else {
        // A space packet may begin with a zero: without a delimiter these are bytes in which no packet is found.
        equal([idleBytes, droppedBytes], [0, 24 * unit], "idle, dropped");
      }
    }
  },

  "A stream of nothing but zeros or delimiters gives no packet.": (subject) => {
    const idle = delimiterOf(subject);
    const bytes = Uint8Array.from({ length: 350 - (350 % idle.length) }, (_, i) => idle[i % idle.length]!);
    for (const size of [1, 6, 7, 100]) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), size);
      for (let at = 0; at < bytes.length; at += size) {
        bench.feed(bytes.slice(at, at + size));
      }
      bench.expire();
      equal(bench.packets.length, 0, `packets in chunks of ${size}`);
      equal(bench.decoder.pendingBytes, 0, "bytes pending");
    }
  },
};
