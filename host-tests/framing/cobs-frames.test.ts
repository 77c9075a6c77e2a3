/** COBS frames as others publish them. */
import test from "ava";
import { type FindZero, findZero } from "../../modules/framing/engines/find-zero.js";
import { cobs, maxStuffedLength } from "../../modules/framing/formats/cobs.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { hex } from "./random.js";
import { frame, Workbench } from "./workbench.js";

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Packet and stuffed frame, delimiter not included. */
const FRAMES: Record<string, [packet: number[], frame: number[]]> = {
  // Wikipedia, "Consistent Overhead Byte Stuffing", table of encoding examples.
  "one zero": [[0x00], [0x01, 0x01]],
  "two zeros": [
    [0x00, 0x00],
    [0x01, 0x01, 0x01],
  ],
  "a byte between zeros": [
    [0x00, 0x11, 0x00],
    [0x01, 0x02, 0x11, 0x01],
  ],
  "a zero inside": [
    [0x11, 0x22, 0x00, 0x33],
    [0x03, 0x11, 0x22, 0x02, 0x33],
  ],
  "no zero": [
    [0x11, 0x22, 0x33, 0x44],
    [0x05, 0x11, 0x22, 0x33, 0x44],
  ],
  "zeros at the end": [
    [0x11, 0x00, 0x00, 0x00],
    [0x02, 0x11, 0x01, 0x01, 0x01],
  ],
  "254 bytes without a zero": [range(1, 254), [0xff, ...range(1, 254)]],
  "a zero, then 254 bytes without one": [
    [0x00, ...range(1, 254)],
    [0x01, 0xff, ...range(1, 254)],
  ],
  "255 bytes without a zero": [range(1, 255), [0xff, ...range(1, 254), 0x02, 0xff]],
  "254 bytes without a zero, then one": [
    [...range(2, 255), 0x00],
    [0xff, ...range(2, 255), 0x01, 0x01],
  ],
  "253 bytes without a zero, then one, then a byte": [
    [...range(3, 255), 0x00, 0x01],
    [0xfe, ...range(3, 255), 0x02, 0x01],
  ],
  // sat-rs, satrs/tests/tcp_servers.rs: its simple packet.
  "five bytes": [
    [1, 2, 3, 4, 5],
    [6, 1, 2, 3, 4, 5],
  ],
  "no byte at all": [[], [0x01]],
};

for (const [title, [packet, stuffed]] of Object.entries(FRAMES)) {
  test(`COBS encodes as published: ${title}.`, (t) => {
    const bytes = Uint8Array.from(packet);
    t.is(hex(frame(cobs(), bytes)), hex(Uint8Array.of(...stuffed, 0)));
    t.is(hex(frame(cobs({ delimiter: "both" }), bytes)), hex(Uint8Array.of(0, ...stuffed, 0)));
  });

  test(`COBS decodes what is published: ${title}.`, (t) => {
    const bench = new Workbench(cobs(), 300);
    bench.feed(Uint8Array.of(...stuffed, 0));
    t.deepEqual(bench.packets.map(hex), [hex(Uint8Array.from(packet))]);
  });
}

test("A frame that names a block behind 254 bytes, though nothing is in it, decodes to the same packet.", (t) => {
  const bench = new Workbench(cobs({ maxPacketLength: 254 }), 300);
  bench.feed(Uint8Array.of(0xff, ...range(1, 254), 0x01, 0));
  t.deepEqual(bench.packets.map(hex), [hex(Uint8Array.from(range(1, 254)))]);
});

/** Frames whose last block is said to be longer than it is. */
const OVERRUNS: Record<string, number[]> = {
  "a code byte alone": [0x02],
  "a full block alone": [0xff],
  "the first block, by one": [0x03, 0x11],
  "the second block, by one": [0x02, 0x11, 0x03, 0x22],
  "the block behind a full one, by one": [0xff, ...range(1, 254), 0x03, 0x22],
  "a full block behind a full one, by one": [0xff, ...range(1, 254), 0xff, ...range(1, 253)],
  "a full block, by one": [0xff, ...range(1, 253)],
};

for (const [title, stuffed] of Object.entries(OVERRUNS)) {
  test(`A block that overruns its frame is damage: ${title}.`, (t) => {
    for (const splits of [[], stuffed.keys()]) {
      const bench = new Workbench(cobs(), 600);
      let at = 0;
      const bytes = Uint8Array.of(...stuffed, 0, 0x02, 0x77, 0);
      for (const split of [...splits, bytes.length]) {
        bench.feed(bytes.slice(at, split));
        at = split;
      }
      t.deepEqual(bench.decoder.counters.byReason(), { blockOverrun: 1 });
      t.deepEqual(bench.packets, [Uint8Array.of(0x77)]);
    }
  });
}

test("A frame that is both too long and damaged is rejected for the same reason, whatever its chunks.", (t) => {
  const bytes = Uint8Array.of(...range(2, 40), 0);
  const reasons = [bytes.length, 1, 7].map((size) => {
    const bench = new Workbench(cobs({ maxPacketLength: 10 }), bytes.length);
    for (let at = 0; at < bytes.length; at += size) {
      bench.feed(bytes.slice(at, at + size));
    }
    return bench.decoder.counters.byReason();
  });
  t.deepEqual(reasons, [{ frameTooLong: 1 }, { frameTooLong: 1 }, { frameTooLong: 1 }]);
});

test("A search handed in by the board is the one that is used.", (t) => {
  let searches = 0;
  const counting: FindZero = (memory, from) => {
    searches++;
    return findZero(memory, from);
  };
  const framing = cobs({ findZero: counting });
  const packet = Uint8Array.from(range(1, 100));
  const bench = new Workbench(framing, 200);
  bench.feed(frame(framing, packet));
  t.deepEqual(bench.packets, [packet]);
  t.true(searches >= 2);
});

test("The longest stuffed frame has one byte more for each full block.", (t) => {
  t.deepEqual(
    [0, 1, 253, 254, 255, 507, 508, 509, 65_542].map(maxStuffedLength),
    [1, 2, 254, 256, 257, 509, 511, 512, 65_801],
  );
});

test("COBS options out of range are refused by name, with the range.", (t) => {
  t.throws(() => cobs({ maxPacketLength: 0 }), { instanceOf: RangeError, message: /maxPacketLength.*1 to 65542.*0/ });
  t.throws(() => cobs({ maxPacketLength: 65_543 }), { instanceOf: RangeError, message: /65543/ });
  t.throws(() => cobs({ maxPacketLength: 1.5 }), { instanceOf: TypeError, message: /whole number.*1\.5/ });
  t.throws(() => cobs({ maxPacketLength: "9" as never }), { instanceOf: TypeError, message: /whole number/ });
  t.throws(() => cobs({ delimiter: "leading" as never }), {
    instanceOf: TypeError,
    message: /delimiter must be trailing or both, not "leading"/,
  });
});

test("COBS by default takes packets up to 1024 bytes and sends one trailing zero.", (t) => {
  const framing = cobs();
  t.is(framing.maxPacketLength, 1024);
  t.is(framing.decoderMemory, maxStuffedLength(1024));
  t.is(framing.encoder(new FixedMemory(1)).maxFrameLength(10), 12);
  t.is(cobs({ delimiter: "both" }).encoder(new FixedMemory(1)).maxFrameLength(10), 13);
});
