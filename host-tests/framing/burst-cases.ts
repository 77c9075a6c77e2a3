/** Conformance, where each chunk is a packet. Knows no platform: also runs inside XS. */
import { hex, Random } from "./random.js";
import type { Cases } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

export const burstCases: Cases = {
  "Every chunk is a packet, and a packet is sent as it is.": (subject) => {
    const random = new Random(60);
    const framing = subject.framing(600);
    const bench = new Workbench(framing, 600);
    const packets = Array.from({ length: 30 }, (_, i) => random.bytes(1 + 20 * i, i % 2));
    for (const packet of packets) {
      bench.feed(frame(framing, packet));
      bench.feed(new Uint8Array(0));
      bench.expire();
    }
    equal(bench.packets.map(hex), packets.map(hex), "the packets");
    equal(bench.decoder.counters.rejections, 0, "rejections");
  },

  "A burst one byte over the maximum is dropped whole, and the next one is delivered.": (subject) => {
    const random = new Random(61);
    for (const maximum of [1, 64, 255]) {
      const bench = new Workbench(subject.framing(maximum), 300);
      const good = random.bytes(maximum);
      bench.feed(random.bytes(maximum + 1));
      bench.feed(good);
      equal(bench.packets.map(hex), [hex(good)], "the packets");
      equal(bench.decoder.counters.byReason(), { [subject.tooLongReason]: 1 }, "rejections");
    }
  },

  "A burst that is refused comes again, once, or is counted as undelivered.": (subject) => {
    const random = new Random(62);
    const bench = new Workbench(subject.framing(100), 100);
    const packets = [1, 50, 100].map((length) => random.bytes(length));
    bench.refusals = () => 3;
    for (const packet of packets) {
      bench.feed(packet);
    }
    equal(bench.packets.map(hex), packets.map(hex), "the packets");
    bench.refusals = () => 1000;
    equal(bench.offer(random.bytes(9)), false, "taken");
    bench.reset();
    bench.reset();
    equal(bench.decoder.counters.byReason(), { undelivered: 1 }, "rejections");
  },
};
