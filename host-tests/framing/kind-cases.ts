/** Conformance: kinds of frame, of which some begin alike. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import { step } from "./steps.js";
import type { Cases, Subject } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

const ORDER = [0, 1, 2, 2, 1, 0, 1];

function packetsOf(subject: Subject, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return ORDER.map((kind) => subject.kinds![kind]!(random));
}

function decode(subject: Subject, stream: Uint8Array, splits: readonly number[]): Workbench {
  const bench = new Workbench(subject.framing(1024), stream.length);
  let at = 0;
  for (const split of [...splits, stream.length]) {
    bench.feed(stream.slice(at, split));
    at = split;
  }
  bench.expire();
  return bench;
}

export const kindCases: Cases = {
  "Frames of all kinds come apart wherever the stream is cut, and the sink is told each one's kind.": (subject) => {
    for (let seed = 70; seed < 74; seed++) {
      const packets = packetsOf(subject, seed);
      const stream = concat(...packets.map((packet) => frame(subject.framing(1024), packet)));
      const check = (splits: readonly number[], what: string) => {
        const bench = decode(subject, stream, splits);
        equal(bench.packets.map(hex), packets.map(hex), `the packets, ${what}`);
        equal(bench.kinds, ORDER, `the kinds, ${what}`);
        equal(bench.decoder.counters.rejections, 0, `rejections, ${what}`);
      };
      for (let split = 0; split <= stream.length; split += step(subject, 3, 4)) {
        check([split], `split at ${split}`);
      }
      check([...stream.keys()], "byte by byte");
    }
  },

  "A sink that refuses is told the same kind again.": (subject) => {
    const packets = packetsOf(subject, 75);
    const stream = concat(...packets.map((packet) => frame(subject.framing(1024), packet)));
    for (const size of [1, 50, 194, stream.length]) {
      const bench = new Workbench(subject.framing(1024), size);
      const refused: (number | undefined)[] = [];
      bench.refusals = () => 2;
      const accept = bench.accept.bind(bench);
      bench.accept = (bytes, start, end, from, kind) => {
        const taken = accept(bytes, start, end, from, kind);
        if (!taken) {
          refused.push(kind);
        }
        return taken;
      };
      for (let at = 0; at < stream.length; at += size) {
        bench.feed(stream.slice(at, at + size));
      }
      bench.expire();
      equal(bench.kinds, ORDER, `the kinds in chunks of ${size}`);
      equal(
        refused,
        ORDER.flatMap((kind) => [kind, kind]),
        "the kinds refused",
      );
    }
  },
};
