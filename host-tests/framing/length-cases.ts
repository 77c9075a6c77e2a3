/** Conformance: packets of every length, and the limit. Knows no platform: also runs inside XS. */
import { concat, hex, Random } from "./random.js";
import { step } from "./steps.js";
import { type Cases, longestPacket, type Subject, withoutDelimiter } from "./subject.js";
import { equal, frame, Workbench } from "./workbench.js";

/** Feeds the bytes in chunks of `size`, and gives up on what is left. */
function decode(subject: Subject, maxPacketLength: number, bytes: Uint8Array, size: number): Workbench {
  const bench = new Workbench(subject.framing(maxPacketLength), Math.min(size, bytes.length));
  for (let at = 0; at < bytes.length; at += size) {
    bench.feed(bytes.slice(at, at + size));
  }
  bench.expire();
  return bench;
}

/** Packets whose COBS blocks are of all kinds: no zero, only zeros, both. */
function contents(subject: Subject, length: number): Uint8Array[] {
  const random = new Random(length);
  const zeros = subject.packet(length, random, 255);
  return [subject.packet(length, random, 1), subject.packet(length, random), zeros];
}

export const lengthCases: Cases = {
  "A packet of every length up to 600 bytes arrives as it was sent.": (subject) => {
    for (let length = subject.shortestPacket; length <= 600; length += length < 20 ? 1 : step(subject, 7, 8)) {
      for (const packet of contents(subject, length)) {
        const bytes = frame(subject.framing(600), packet);
        for (const size of [bytes.length, 64]) {
          const bench = decode(subject, 600, bytes, size);
          equal(bench.packets.map(hex), [hex(packet)], `${length} bytes in chunks of ${size}`);
          equal(bench.decoder.counters.rejections, 0, "rejections");
        }
      }
    }
  },

  "Runs of 253 to 256 bytes without a zero, and of twice as many, arrive as they were sent.": (subject) => {
    for (const run of [253, 254, 255, 256, 507, 508, 509, 510, 762, 763]) {
      for (const zerosBehind of [0, 1, 2]) {
        const random = new Random(run);
        const packets = [
          subject.packet(run + zerosBehind + subject.shortestPacket, random, 1),
          subject.packet(20, random),
        ];
        const first = packets[0] as Uint8Array;
        if (subject.delimited) {
          first.fill(0, run, run + zerosBehind);
        }
        const bytes = concat(...packets.map((packet) => frame(subject.framing(1024), packet)));
        const sizes = [bytes.length, 1, 255];
        for (const size of subject.stepped ? sizes.slice(zerosBehind, zerosBehind + 1) : sizes) {
          const bench = decode(subject, 1024, bytes, size);
          equal(
            bench.packets.map(hex),
            packets.map(hex),
            `a run of ${run} and ${zerosBehind} zeros, chunks of ${size}`,
          );
        }
      }
    }
  },

  "A packet of exactly the maximum length is delivered.": (subject) => {
    for (const maximum of [subject.shortestPacket + 1, 64, 253, 254, 255, 256, 508]) {
      for (const [i, packet] of contents(subject, maximum).entries()) {
        const bytes = frame(subject.framing(maximum), packet);
        for (const size of subject.stepped && i > 0 ? [bytes.length] : [bytes.length, 1]) {
          const bench = decode(subject, maximum, bytes, size);
          equal(bench.packets.map(hex), [hex(packet)], `${maximum} bytes in chunks of ${size}`);
        }
      }
    }
  },

  "A packet one byte over the maximum is dropped whole, whatever its chunks, and the next one is delivered.": (
    subject,
  ) => {
    for (const maximum of [subject.shortestPacket + 1, 64, 253, 254, 255, 256, 508]) {
      if (maximum >= longestPacket(subject)) {
        continue;
      }
      // One that a search through the long packet could begin with is what the validator is for.
      const good = subject.packet(Math.min(maximum, 12), new Random(3), 0x20);
      const long = [subject.packet(maximum + 1, new Random(4), 0x20)];
      if (subject.delimited && subject.delimiter === undefined && !subject.spacePackets) {
        // With zeros its frame is shorter, and may be no longer than one that is allowed.
        long.push(new Uint8Array(maximum + 1));
      }
      for (const packet of long) {
        const bytes = concat(frame(subject.framing(maximum + 1), packet), frame(subject.framing(maximum), good));
        let counts = "";
        for (const size of [bytes.length, 1, 5, bytes.length - 1]) {
          const bench = decode(subject, maximum, bytes, size);
          equal(bench.packets.map(hex), [hex(good)], `${maximum} bytes in chunks of ${size}`);
          equal(bench.decoder.counters.byReason(), { [subject.tooLongReason]: 1 }, "rejections");
          counts ||= JSON.stringify(bench.counts());
          equal(JSON.stringify(bench.counts()), counts, "the counters, whatever the chunks");
        }
      }
    }
  },

  "The longest packet that there can be, 65,542 bytes as a rule, is delivered.": (subject) => {
    const longest = longestPacket(subject);
    for (const least of [0, 1]) {
      const packet = subject.packet(longest, new Random(5), least);
      const bytes = frame(subject.framing(longest), packet);
      const sizes = [bytes.length, 4096];
      for (const size of subject.stepped ? sizes.slice(least, least + 1) : sizes) {
        const bench = decode(subject, longest, bytes, size);
        equal(bench.packets.map(hex), [hex(packet)], `in chunks of ${size}`);
        equal(bench.decoder.pendingBytes, 0, "bytes pending");
      }
    }
  },

  "A stream far longer than the maximum without an end gives nothing and costs no room.": (subject) => {
    const bench = new Workbench(subject.framing(64), 50);
    // Where only a checksum tells frames, each byte may begin one, and takes its time.
    bench.mayPause = 100;
    const random = new Random(6);
    for (let i = 0; i < 100; i++) {
      bench.feed(withoutDelimiter(subject, random.bytes(50, 0x20)));
    }
    equal(bench.packets.length, 0, "packets");
    equal(bench.decoder.counters.rejections, 1, "rejections: one for one loss");
    equal(bench.decoder.counters.droppedBytes + bench.decoder.pendingBytes, 5000, "bytes dropped");
  },
};
