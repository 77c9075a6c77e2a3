/** What holds for any packets, any chunks, any damage and any refusals. */
import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { checkProperty } from "../seeded-properties.js";
import { concat, hex, Random } from "./random.js";
import { decodeCobs, decodeSpacePackets } from "./reference-decoders.js";
import { checksumValidator, PACKET_IDS } from "./space-packet-subjects.js";
import { subjects } from "./subjects.js";
import { frame, Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 300;

/** How a stream arrives, and how willing the sink is. */
const arrival = fc.record({
  chunks: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
  refusals: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
});
type Arrival = typeof arrival extends fc.Arbitrary<infer Value> ? Value : never;

function receive(framing: Framing, stream: Uint8Array, { chunks, refusals }: Arrival): Workbench {
  const bench = new Workbench(framing, 400);
  bench.refusals = (packet) => refusals[packet % refusals.length]!;
  for (let at = 0, turn = 0; at < stream.length; turn++) {
    const end = at + chunks[turn % chunks.length]!;
    bench.feed(stream.slice(at, end));
    at = end;
  }
  return bench;
}

const cobsSubject = subjects.find((each) => each.name === "cobs (trailing)")!;
const checkedSubject = subjects.find((each) => each.name === "space-packets (packet IDs and validator)")!;

/** A part of a stream: a packet sent in order, or what happens to streams. */
const part = fc.record({
  kind: fc.constantFrom("packet", "packet", "packet", "noise", "cut", "flipped", "idle"),
  length: fc.oneof(fc.integer({ min: 10, max: 60 }), fc.integer({ min: 10, max: MAX_PACKET_LENGTH + 20 })),
  least: fc.constantFrom(0, 0, 1, 0x20),
  seed: fc.integer(),
});
type Part = typeof part extends fc.Arbitrary<infer Value> ? Value : never;

/** Damage made of a frame: cut short, or with one bit changed. */
function damage(kind: string, bytes: Uint8Array, random: Random): Uint8Array {
  if (kind === "cut") {
    return bytes.slice(0, random.below(bytes.length));
  }
  const bit = random.below(bytes.length * 8);
  bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  return bytes;
}

test("COBS: every undamaged packet behind a delimiter arrives in order, once, and every byte is accounted for.", (t) => {
  const framing = cobs({ maxPacketLength: MAX_PACKET_LENGTH });
  const property = fc.property(fc.array(part, { maxLength: 12 }), arrival, (parts, arrival) => {
    const sent: string[] = [];
    const bytesOf = ({ kind, length, least, seed }: Part) => {
      const random = new Random(seed);
      const packet = cobsSubject.packet(length, random, least);
      switch (kind) {
        case "packet":
          if (length <= MAX_PACKET_LENGTH) {
            sent.push(hex(packet));
          }
          return frame(framing, packet);
        case "noise":
          return concat(random.bytes(length), new Uint8Array(1));
        case "idle":
          return new Uint8Array(length);
        default:
          return concat(damage(kind, frame(framing, packet), random), new Uint8Array(1));
      }
    };
    const stream = concat(...parts.map(bytesOf));
    const bench = receive(framing, stream, arrival);
    const received = bench.packets.map(hex);
    // Noise may be a frame, too: the packets sent are all among those received, in order.
    let at = 0;
    for (const packet of sent) {
      at = received.indexOf(packet, at) + 1;
      assert.ok(at > 0, "a packet did not come");
    }
    const expected = decodeCobs(stream, MAX_PACKET_LENGTH);
    assert.deepEqual(
      received,
      expected.packets.map((packet) => hex(Uint8Array.from(packet))),
    );
    assert.deepEqual(bench.counts(), expected.counts);
  });
  checkProperty(t, property, 300);
});

test("Space packets: every valid packet arrives in order, once, whatever came before it, at the latest at the time-out.", (t) => {
  const rules = { maxPacketLength: MAX_PACKET_LENGTH, packetIds: PACKET_IDS, validator: checksumValidator };
  const framing = spacePackets(rules);
  const property = fc.property(fc.array(part, { maxLength: 12 }), arrival, (parts, arrival) => {
    const sent: string[] = [];
    /** Of each part that was cut short, the first byte that is missing. */
    const missing: (number | undefined)[] = [];
    const bytesOf = ({ kind, length, least, seed }: Part) => {
      const random = new Random(seed);
      const packet = checkedSubject.packet(length, random, least);
      let bytes = packet;
      switch (kind) {
        case "packet":
          if (length <= MAX_PACKET_LENGTH) {
            sent.push(hex(packet));
          }
          break;
        case "noise":
          bytes = random.bytes(length);
          break;
        case "idle":
          bytes = new Uint8Array(length);
          break;
        default: {
          const whole = packet.slice();
          const damaged = damage(kind, packet, random);
          missing.push(kind === "cut" ? whole[damaged.length] : undefined);
          return damaged;
        }
      }
      missing.push(undefined);
      return bytes;
    };
    const pieces = parts.map(bytesOf);
    // What happens to follow may be the very byte that was cut off: then nothing is damaged.
    fc.pre(pieces.every((_, k) => missing[k] === undefined || missing[k] !== concat(...pieces.slice(k + 1))[0]));
    const stream = concat(...pieces);
    const bench = receive(framing, stream, arrival);
    assert.deepEqual(bench.counts(), decodeSpacePackets(stream, rules, false).counts);
    bench.expire();
    assert.deepEqual(bench.packets.map(hex), sent);
    assert.deepEqual(bench.counts(), decodeSpacePackets(stream, rules, true).counts);
  });
  checkProperty(t, property, 300);
});

/** Bytes that are likely to mean something. */
const anyStream = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 2, 9, 0x18, 0x42, 0x09, 0x43, 255)),
  {
    maxLength: 600,
  },
);

test("COBS: any bytes in any chunks give what the definition of the format gives.", (t) => {
  const property = fc.property(
    anyStream,
    fc.integer({ min: 1, max: 20 }),
    arrival,
    (stream, maxPacketLength, arrival) => {
      const bench = receive(cobs({ maxPacketLength }), Uint8Array.from(stream), arrival);
      const expected = decodeCobs(stream, maxPacketLength);
      assert.deepEqual(
        bench.packets.map((packet) => [...packet]),
        expected.packets,
      );
      assert.deepEqual(bench.counts(), expected.counts);
    },
  );
  checkProperty(t, property, 500);
});

test("Space packets: any bytes in any chunks give what the definition of the format gives.", (t) => {
  const property = fc.property(
    anyStream,
    fc.integer({ min: 7, max: 30 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 5 }),
    arrival,
    (stream, maxPacketLength, withIds, modulus, arrival) => {
      // Accepts, passes over and rejects, by the sum of the bytes.
      const validator = (bytes: Uint8Array, start: number, end: number) => {
        let sum = 0;
        for (let i = start; i < end; i++) {
          sum += bytes[i]!;
        }
        const verdict = sum % modulus;
        return verdict === 1 || verdict === 2 ? verdict : 0;
      };
      const rules = { maxPacketLength, validator, ...(withIds && { packetIds: PACKET_IDS }) };
      const bench = receive(spacePackets(rules), Uint8Array.from(stream), arrival);
      bench.expire();
      const expected = decodeSpacePackets(stream, rules, true);
      assert.deepEqual(
        bench.packets.map((packet) => [...packet]),
        expected.packets,
      );
      assert.deepEqual(bench.counts(), expected.counts);
    },
  );
  checkProperty(t, property, 500);
});

for (const subject of subjects) {
  test(`${subject.name}: what is encoded decodes to the same packets, with time-outs between frames.`, (t) => {
    const framing = subject.framing(MAX_PACKET_LENGTH);
    const lengths = fc.array(fc.integer({ min: subject.shortestPacket, max: MAX_PACKET_LENGTH }), { maxLength: 8 });
    const property = fc.property(lengths, fc.integer(), fc.constantFrom(0, 1), (lengths, seed, least) => {
      const random = new Random(seed);
      const packets = lengths.map((length) => subject.packet(length, random, least));
      const bench = new Workbench(framing, 400);
      for (const packet of packets) {
        bench.feed(frame(framing, packet));
        bench.expire();
      }
      assert.deepEqual(bench.packets, packets);
      assert.equal(bench.decoder.counters.rejections, 0);
    });
    checkProperty(t, property, 200);
  });
}
