/** Conformance: damage, and what follows it. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import { cuts } from "./steps.js";
import { type Cases, delimiterOf, longestPacket, type Subject, withoutDelimiter } from "./subject.js";
import { assert, equal, frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 60;

/** Feeds the parts joined, at once, byte by byte and split at every point that is tried: the outcome is to be the same each time. */
function decodeAnyhow(subject: Subject, parts: readonly Uint8Array[], expected: readonly Uint8Array[]): Workbench {
  const bytes = concat(...parts);
  const run = (...splits: number[]) => {
    const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), bytes.length);
    let at = 0;
    for (const split of [...splits, bytes.length]) {
      bench.feed(bytes.slice(at, split));
      at = split;
    }
    bench.expire();
    equal(bench.packets.map(hex), expected.map(hex), `the packets, split at [${splits.length > 9 ? "all" : splits}]`);
    return bench;
  };
  const whole = run();
  equal(run(...bytes.keys()).outcome(), whole.outcome(), "the outcome byte by byte");
  for (const split of cuts(subject, parts)) {
    equal(run(split).outcome(), whole.outcome(), `the outcome split at ${split}`);
  }
  return whole;
}

function packets(subject: Subject, count: number): Uint8Array[] {
  const random = new Random(7);
  return Array.from({ length: count }, (_, i) => subject.packet(subject.shortestPacket + 2 + i, random));
}

function frames(subject: Subject, packets: readonly Uint8Array[]): Uint8Array[] {
  return packets.map((packet) => frame(subject.framing(MAX_PACKET_LENGTH), packet));
}

export const damageCases: Cases = {
  "Garbage in front of a frame is dropped, and counted as one loss.": (subject) => {
    const good = packets(subject, 1);
    const bench = decodeAnyhow(subject, [subject.garbage(30, new Random(8)), ...frames(subject, good)], good);
    equal(bench.decoder.counters.rejections, 1, "rejections");
    equal(bench.decoder.counters.droppedBytes, 30, "bytes dropped");
  },

  "Garbage between any two frames costs none of them.": (subject) => {
    const random = new Random(9);
    const good = packets(subject, 4);
    const garbage = good.map((_, i) => subject.garbage(9 + 11 * i, random));
    const parts = frames(subject, good).flatMap((each, i) => [each, garbage[i] as Uint8Array]);
    const bench = decodeAnyhow(subject, parts, good);
    equal(bench.decoder.counters.droppedBytes, concat(...garbage).length, "bytes dropped");
    equal(bench.decoder.counters.rejections, garbage.length, "rejections");
  },

  "A damaged frame is dropped for its own reason, and the next one is delivered.": (subject) => {
    const random = new Random(10);
    const good = packets(subject, 1);
    const [spoilt] = frames(subject, [subject.packet(30, random, 0x20)]) as [Uint8Array];
    subject.spoil(spoilt);
    const bench = decodeAnyhow(subject, [spoilt, ...frames(subject, good)], good);
    equal(
      bench.decoder.counters.rejected[bench.decoder.counters.reasons.indexOf(subject.spoiltReason)],
      1,
      "rejections",
    );
  },

  "Of frames that are damaged by turns, every other one is delivered.": (subject) => {
    const sent = packets(subject, 6);
    const parts = frames(subject, sent);
    for (let i = 0; i < parts.length; i += 2) {
      subject.spoil(parts[i] as Uint8Array);
    }
    decodeAnyhow(
      subject,
      parts,
      sent.filter((_, i) => i % 2 === 1),
    );
  },
};

/** What a decoder makes of less than a frame, or of too much, whether or not it can tell damage. */
export const cutCases: Cases = {
  "A frame cut short anywhere does not cost the frame behind the next delimiter or time-out.": (subject) => {
    const random = new Random(11);
    const good = packets(subject, 2);
    const [cut] = frames(subject, [subject.packet(24, random, 0x20)]) as [Uint8Array];
    for (let length = 1; length < cut.length; length++) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), 100);
      bench.feed(cut.slice(0, length));
      if (subject.delimited) {
        bench.feed(delimiterOf(subject));
      }
      bench.expire();
      for (const each of frames(subject, good)) {
        bench.feed(each);
      }
      bench.expire();
      // All but the delimiter is the whole frame.
      const isWhole = subject.delimited && length === cut.length - delimiterOf(subject).length;
      const passed = bench.packets.length - good.length;
      assert(subject.cutsPass ? passed === 0 || passed === 1 : passed === (isWhole ? 1 : 0), "number of packets");
      equal(bench.packets.slice(passed).map(hex), good.map(hex), `the packets behind ${length} bytes`);
    }
  },

  "A frame that is too long stays lost up to its end, even when a part of it would do.": (subject) => {
    const random = new Random(12);
    const good = packets(subject, 1);
    if (longestPacket(subject) < MAX_PACKET_LENGTH + 40) {
      return;
    }
    const long = frame(subject.framing(MAX_PACKET_LENGTH + 40), subject.packet(MAX_PACKET_LENGTH + 40, random, 0x20));
    const bench = decodeAnyhow(subject, [long, ...frames(subject, good)], good);
    equal(bench.decoder.counters.byReason(), { [subject.tooLongReason]: 1 }, "rejections");
    equal(bench.decoder.counters.droppedBytes, long.length - (subject.leadingDelimiter ? 1 : 0), "bytes dropped");
  },

  "A stream that ends in mid-frame is counted as truncated, and the next stream is not touched by it.": (subject) => {
    const good = packets(subject, 2);
    const [first, second] = frames(subject, good) as [Uint8Array, Uint8Array];
    for (let length = 0; length < first.length; length++) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), 100);
      bench.feed(first.slice(0, length));
      const pending = bench.decoder.pendingBytes;
      bench.reset();
      equal(bench.decoder.counters.byReason(), pending > 0 ? { truncated: 1 } : {}, `rejections after ${length} bytes`);
      equal(bench.decoder.counters.droppedBytes, pending, `bytes dropped after ${length}`);
      bench.feed(second);
      equal(bench.packets.map(hex), [hex(good[1] as Uint8Array)], `the packet of the stream after ${length} bytes`);
    }
  },

  "A stream that ends while damage is being passed over leaves nothing behind.": (subject) => {
    const good = packets(subject, 1);
    const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), 100);
    bench.feed(withoutDelimiter(subject, new Random(13).bytes(100, 0x20)));
    bench.reset();
    for (const each of frames(subject, good)) {
      bench.feed(each);
    }
    equal(bench.packets.map(hex), good.map(hex), "the packets of the next stream");
  },
};
