/** Conformance: the partial-frame timeout. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import type { Cases, Subject } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 400;
const LONGEST_CHUNK = 200;

function packets(subject: Subject, count: number): Uint8Array[] {
  const random = new Random(14);
  return Array.from({ length: count }, (_, i) => subject.packet(subject.shortestPacket + 3 + i, random));
}

function bytesOf(subject: Subject, packets: readonly Uint8Array[]): Uint8Array {
  return concat(...packets.map((packet) => frame(subject.framing(MAX_PACKET_LENGTH), packet)));
}

/** Begins a packet of the maximum length, in a stream of packets that fit into it. */
function wrongHeader(subject: Subject): Uint8Array {
  const packet = subject.packet(MAX_PACKET_LENGTH, new Random(15), 0x80);
  return frame(subject.framing(MAX_PACKET_LENGTH), packet).slice(0, subject.headerLength);
}

export const timeoutCases: Cases = {
  "The time-out changes nothing when no frame has begun.": (subject) => {
    const sent = packets(subject, 2);
    const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), LONGEST_CHUNK);
    bench.expire();
    bench.feed(bytesOf(subject, sent));
    const before = bench.outcome();
    bench.expire();
    equal(bench.outcome(), before, "the outcome");
    equal(bench.packets.map(hex), sent.map(hex), "the packets");
  },

  "The time-out in mid-frame waits for a delimiter where there is one, and gives up where there is none.": (
    subject,
  ) => {
    const [late, next] = packets(subject, 2) as [Uint8Array, Uint8Array];
    const bytes = bytesOf(subject, [late]);
    for (let split = 1; split < bytes.length; split++) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), LONGEST_CHUNK);
      bench.feed(bytes.slice(0, split));
      bench.expire();
      if (subject.delimited) {
        bench.feed(bytes.slice(split));
      } else {
        equal(bench.counts()["timedOut"], 1, `time-outs after ${split} bytes`);
        equal(bench.decoder.counters.droppedBytes, split, `bytes dropped after ${split}`);
        equal(bench.decoder.pendingBytes, 0, "bytes pending");
      }
      bench.feed(bytesOf(subject, [next]));
      const expected = subject.delimited ? [late, next] : [next];
      equal(bench.packets.map(hex), expected.map(hex), `the packets when it comes after ${split} bytes`);
    }
  },
};

/** For framings where a wrong length can be plausible. */
export const wrongLengthCases: Cases = {
  "Packets swallowed by a wrong length are delivered at the time-out, in order, whatever the chunks.": (subject) => {
    const sent = packets(subject, 5);
    const bytes = concat(wrongHeader(subject), bytesOf(subject, sent));
    let outcome = "";
    for (const size of [bytes.length, 1, 2, 3, 10]) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), size);
      for (let at = 0; at < bytes.length; at += size) {
        bench.feed(bytes.slice(at, at + size));
      }
      equal(bench.packets.length, 0, "packets before the time-out");
      bench.expire();
      equal(bench.packets.map(hex), sent.map(hex), "the packets");
      equal(bench.decoder.counters.byReason(), { timedOut: 1 }, "rejections");
      outcome ||= bench.outcome();
      equal(bench.outcome(), outcome, `the outcome in chunks of ${size}`);
    }
  },

  "A packet cut by the time-out behind a wrong length is lost, and the one after it is not.": (subject) => {
    const sent = packets(subject, 3);
    const [first, , next] = sent as [Uint8Array, Uint8Array, Uint8Array];
    const [firstFrame, cutFrame, nextFrame] = sent.map((packet) => bytesOf(subject, [packet])) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    for (let split = 1; split < cutFrame.length; split++) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), LONGEST_CHUNK);
      bench.feed(concat(wrongHeader(subject), firstFrame, cutFrame.slice(0, split)));
      bench.expire();
      equal(bench.decoder.pendingBytes, 0, "bytes pending");
      bench.feed(cutFrame.slice(split));
      bench.expire();
      bench.feed(nextFrame);
      equal(bench.packets.map(hex), [hex(first), hex(next)], `the packets, cut at ${split}`);
    }
  },

  "A sink may refuse during the time-out: each packet comes once, in order.": (subject) => {
    const sent = packets(subject, 4);
    const bytes = concat(wrongHeader(subject), bytesOf(subject, sent));
    for (const times of [1, 2, 5]) {
      const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), bytes.length);
      bench.refusals = () => times;
      bench.feed(bytes);
      bench.expire();
      equal(bench.packets.map(hex), sent.map(hex), `the packets, each refused ${times} times`);
      equal(bench.counts()["timedOut"], 1, "time-outs");
      equal(bench.decoder.pendingBytes, 0, "bytes pending");
    }
  },

  "A stream may end while the sink refuses during the time-out.": (subject) => {
    const sent = packets(subject, 3);
    const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), LONGEST_CHUNK);
    bench.refusals = (packet) => (packet === 1 ? 1000 : 0);
    bench.feed(concat(wrongHeader(subject), bytesOf(subject, sent)));
    equal(bench.expireOnce(), false, "expire");
    bench.reset();
    equal(bench.counts()["undelivered"], 1, "packets undelivered");
    bench.refusals = () => 0;
    bench.feed(bytesOf(subject, sent.slice(0, 1)));
    bench.expire();
    equal(bench.packets.map(hex), [hex(sent[0] as Uint8Array), hex(sent[0] as Uint8Array)], "the packets");
    equal(bench.counts()["timedOut"], 1, "time-outs");
  },
};
