/**
 * Conformance: lengths that are wrong and plausible, where a validator can tell. Knows no platform: also runs inside XS.
 *
 * No case here waits for the partial-frame timeout, unless it says so: the packets behind a wrong length come on their
 * own, as soon as there are as many bytes as it asked for.
 */
import { concat, hex, Random } from "./random.js";
import type { Cases, Subject } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 128;
const LENGTH_FIELD = 4;

function packets(subject: Subject, count: number, seed: number): Uint8Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, i) => frameOf(subject, subject.packet(20 + i, random, 0x20)));
}

function frameOf(subject: Subject, packet: Uint8Array): Uint8Array {
  return frame(subject.framing(MAX_PACKET_LENGTH), packet);
}

/** The same packet, whose header claims another length. */
function claiming(packet: Uint8Array, length: number): Uint8Array {
  const wrong = packet.slice();
  wrong[LENGTH_FIELD] = (length - 7) >> 8;
  wrong[LENGTH_FIELD + 1] = length - 7;
  return wrong;
}

function feed(subject: Subject, bytes: Uint8Array, size: number): Workbench {
  const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), Math.min(size, bytes.length));
  for (let at = 0; at < bytes.length; at += size) {
    bench.feed(bytes.slice(at, at + size));
  }
  return bench;
}

/** What waits behind so that every length that is allowed fills up: what is looked at is in front of it. */
function rest(subject: Subject): Uint8Array[] {
  return packets(subject, 6, 21);
}

export const validatorCases: Cases = {
  "Of a packet whose length is wrong, whatever it says, none of the packets behind it is lost; nothing waits.": (
    subject,
  ) => {
    const sent = [...packets(subject, 4, 20), ...rest(subject)];
    const spoilt = frameOf(subject, subject.packet(40, new Random(22), 0x20));
    for (let length = 7; length <= MAX_PACKET_LENGTH; length++) {
      if (length === spoilt.length) {
        continue;
      }
      const bytes = concat(claiming(spoilt, length), ...sent);
      for (const size of [bytes.length, 16]) {
        const bench = feed(subject, bytes, size);
        equal(bench.packets.map(hex), sent.map(hex), `the packets behind a length of ${length}, in chunks of ${size}`);
        equal(bench.decoder.counters.byReason(), { invalidPacket: 1 }, `rejections for a length of ${length}`);
        equal(bench.decoder.counters.droppedBytes, spoilt.length, `bytes dropped for a length of ${length}`);
        equal(bench.decoder.pendingBytes, 0, "bytes pending");
      }
    }
  },

  "Any bit of the length flipped costs that packet and no other, wherever the stream is cut.": (subject) => {
    const before = packets(subject, 1, 23);
    const after = [...packets(subject, 2, 24), ...rest(subject)];
    const spoilt = frameOf(subject, subject.packet(24, new Random(25), 0x20));
    for (let bit = 0; bit < 16; bit++) {
      const wrong = spoilt.slice();
      const at = LENGTH_FIELD + (bit >> 3);
      wrong[at] = (wrong[at] as number) ^ (0x80 >> (bit & 7));
      const bytes = concat(...before, wrong, ...after);
      const expected = [...before, ...after].map(hex);
      const outcome = feed(subject, bytes, bytes.length).outcome();
      for (const size of [1, 2, 3, 7, 33, bytes.length]) {
        const bench = feed(subject, bytes, size);
        equal(bench.packets.map(hex), expected, `the packets, bit ${bit} flipped, in chunks of ${size}`);
        equal(bench.outcome(), outcome, `the outcome in chunks of ${size}`);
        equal(bench.decoder.counters.rejections, 1, "rejections");
      }
    }
  },

  "Wrong lengths one inside the other cost only the packets that they stand in.": (subject) => {
    const random = new Random(26);
    const good = packets(subject, 5, 27);
    const wrong = [80, 60, 12].map((length) =>
      claiming(frameOf(subject, subject.packet(18, random, 0x20)), length),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const sent = [...good, ...rest(subject)];
    // The first one swallows the second one, with a packet between them; the third one stops short of its own end.
    const bytes = concat(
      wrong[0],
      good[0]!,
      wrong[1],
      good[1]!,
      good[2]!,
      wrong[2],
      ...good.slice(3),
      ...rest(subject),
    );
    for (const size of [bytes.length, 1, 5, 29]) {
      const bench = feed(subject, bytes, size);
      equal(bench.packets.map(hex), sent.map(hex), `the packets in chunks of ${size}`);
      equal(bench.decoder.counters.byReason(), { invalidPacket: 3 }, "rejections");
      equal(bench.decoder.counters.droppedBytes, 3 * 18, "bytes dropped");
    }
  },

  "Of packets with any other bit flipped, none is delivered, and none behind them is lost.": (subject) => {
    const good = packets(subject, 1, 28)[0] as Uint8Array;
    const sound = frameOf(subject, subject.packet(20, new Random(29), 0x20));
    for (let bit = 0; bit < 8 * sound.length; bit++) {
      const at = bit >> 3;
      if (at === LENGTH_FIELD || at === LENGTH_FIELD + 1) {
        continue;
      }
      const spoilt = sound.slice();
      spoilt[at] = (spoilt[at] as number) ^ (0x80 >> (bit & 7));
      const bench = feed(subject, concat(spoilt, good, ...rest(subject)), 64);
      equal(bench.packets.map(hex), [good, ...rest(subject)].map(hex), `the packets, bit ${bit} flipped`);
      equal(bench.decoder.counters.rejections, 1, `rejections, bit ${bit} flipped`);
    }
  },

  "A sink may refuse what was found behind a wrong length: each packet comes once, in order.": (subject) => {
    const sent = [...packets(subject, 3, 30), ...rest(subject)];
    const wrong = claiming(frameOf(subject, subject.packet(30, new Random(31), 0x20)), 90);
    const bytes = concat(wrong, ...sent);
    for (const times of [1, 3]) {
      for (const size of [bytes.length, 10]) {
        const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), size);
        bench.refusals = () => times;
        for (let at = 0; at < bytes.length; at += size) {
          bench.feed(bytes.slice(at, at + size));
        }
        equal(bench.packets.map(hex), sent.map(hex), `the packets, each refused ${times} times`);
        equal(bench.decoder.counters.byReason(), { invalidPacket: 1 }, "rejections");
      }
    }
  },

  "With too little behind it, a wrong length stalls no longer than the time-out.": (subject) => {
    const sent = packets(subject, 2, 32);
    const wrong = claiming(frameOf(subject, subject.packet(20, new Random(33), 0x20)), MAX_PACKET_LENGTH);
    const bench = feed(subject, concat(wrong, ...sent), 16);
    equal(bench.packets.length, 0, "packets before the time-out");
    bench.expire();
    equal(bench.packets.map(hex), sent.map(hex), "the packets");
    equal(bench.decoder.counters.byReason(), { timedOut: 1 }, "rejections");
  },
};
