/**
 * Random streams, the same on every engine: packets, noise, cuts, changed bits, time-outs, new streams and refusals.
 * Knows no platform: also runs inside XS.
 */
import { concat, hash, Random } from "./random.js";
import type { Subject } from "./subject.js";
import { subjects } from "./subjects.js";
import { frame, Workbench } from "./workbench.js";

export const MAX_PACKET_LENGTH = 280;
const LONGEST_CHUNK = 200;

/** A frame, whole, cut off or damaged; or noise. */
export function randomPart(subject: Subject, random: Random): Uint8Array {
  const length = subject.shortestPacket + random.below(random.below(4) === 0 ? MAX_PACKET_LENGTH : 40);
  const bytes = frame(subject.framing(2 * MAX_PACKET_LENGTH), subject.packet(length, random, random.below(2)));
  switch (random.below(8)) {
    case 0:
      return random.bytes(random.below(60));
    case 1:
      return bytes.slice(0, random.below(bytes.length));
    case 2:
      bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    case 3:
      return new Uint8Array(random.below(20));
    default:
      return bytes;
  }
}

/** @returns all that came out of the stream of that seed: number of packets, their hash, the counters, as text */
export function runStream(subject: Subject, seed: number): string {
  const random = new Random(seed);
  const bench = new Workbench(subject.framing(MAX_PACKET_LENGTH), LONGEST_CHUNK);
  bench.mayPause = 1000;
  bench.refusals = (packet) => (hash(Uint8Array.of(packet, seed)) % 5 === 0 ? 2 : 0);
  for (let round = 0; round < 4; round++) {
    const stream = concat(...Array.from({ length: 12 }, () => randomPart(subject, random)));
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + random.below(LONGEST_CHUNK);
      bench.feed(stream.slice(at, end));
      at = end;
    }
    if (random.below(2) === 0) {
      bench.expire();
    } else {
      bench.reset();
    }
  }
  let value = 0;
  for (const packet of bench.packets) {
    value = hash(packet, 0, packet.length, value ^ packet.length);
  }
  return `${bench.packets.length} packets ${value.toString(16)} ${JSON.stringify(bench.counts())}`;
}

/** The outcomes of several seeds on a framing of the list, one a line. */
export function runStreams(subjectName: string, firstSeed: number, count: number): string {
  return runStreamsOn(subjects.find((each) => each.name === subjectName) as Subject, firstSeed, count);
}

/** The same on any framing. */
export function runStreamsOn(subject: Subject, firstSeed: number, count: number): string {
  const lines: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    lines.push(runStream(subject, seed));
  }
  return lines.join("\n");
}
