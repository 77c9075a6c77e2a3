/** SLIP and KISS frames as they are defined, and what is none. */
import test from "ava";
import { type FindByte, findByte } from "../../modules/framing/engines/find-byte.js";
import { slip } from "../../modules/framing/formats/slip.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { hex } from "./random.js";
import { frame, Workbench } from "./workbench.js";

/** Packet and frame, ENDs not included. */
const FRAMES: Record<string, [packet: number[], frame: number[]]> = {
  "nothing special": [
    [1, 2, 3],
    [1, 2, 3],
  ],
  "an END": [[0xc0], [0xdb, 0xdc]],
  "an ESC": [[0xdb], [0xdb, 0xdd]],
  "what escapes are made of": [
    [0xdc, 0xdd],
    [0xdc, 0xdd],
  ],
  "an escape, as data": [
    [0xdb, 0xdc],
    [0xdb, 0xdd, 0xdc],
  ],
  // Wikipedia, "Serial Line Internet Protocol": each special byte becomes two.
  "both, with bytes between": [
    [1, 0xdb, 0x49, 0xdc, 0x15, 0xc0, 2],
    [1, 0xdb, 0xdd, 0x49, 0xdc, 0x15, 0xdb, 0xdc, 2],
  ],
  "specials one behind the other, at both ends": [
    [0xc0, 0xc0, 0xdb, 7, 0xdb, 0xc0],
    [0xdb, 0xdc, 0xdb, 0xdc, 0xdb, 0xdd, 7, 0xdb, 0xdd, 0xdb, 0xdc],
  ],
};

for (const [title, [packet, escaped]] of Object.entries(FRAMES)) {
  test(`SLIP encodes as defined: ${title}.`, (t) => {
    const bytes = Uint8Array.from(packet);
    t.is(hex(frame(slip(), bytes)), hex(Uint8Array.of(...escaped, 0xc0)));
    t.is(hex(frame(slip({ delimiter: "both" }), bytes)), hex(Uint8Array.of(0xc0, ...escaped, 0xc0)));
    t.is(hex(frame(slip({ delimiter: "both", kissType: 0 }), bytes)), hex(Uint8Array.of(0xc0, 0, ...escaped, 0xc0)));
  });

  test(`SLIP decodes what is defined: ${title}, whatever ENDs are around it.`, (t) => {
    for (const [before, behind] of [
      [0, 1],
      [1, 1],
      [3, 5],
    ] as const) {
      const bench = new Workbench(slip(), 100);
      bench.feed(Uint8Array.of(...Array(before).fill(0xc0), ...escaped, ...Array(behind).fill(0xc0)));
      t.deepEqual(bench.packets.map(hex), [hex(Uint8Array.from(packet))]);
      t.is(bench.decoder.counters.idleBytes, before + behind - 1);
    }
  });
}

test("An ESC with anything else behind it is damage to its frame, and to no other.", (t) => {
  for (const behind of [0x00, 0xda, 0xdb, 0xde, 0xff]) {
    const bench = new Workbench(slip(), 100);
    bench.feed(Uint8Array.of(1, 0xdb, behind, 2, 0xc0, 0x77, 0xc0));
    t.deepEqual(bench.decoder.counters.byReason(), { badEscape: 1 });
    t.deepEqual(bench.packets, [Uint8Array.of(0x77)]);
  }
});

test("An ESC at the end of a frame is damage: the END behind it ends the frame all the same.", (t) => {
  for (const splits of [[], [1], [2], [3]]) {
    const bench = new Workbench(slip(), 100);
    const bytes = Uint8Array.of(1, 0xdb, 0xc0, 0x77, 0xc0);
    let at = 0;
    for (const split of [...splits, bytes.length]) {
      bench.feed(bytes.slice(at, split));
      at = split;
    }
    t.deepEqual(bench.decoder.counters.byReason(), { badEscape: 1 });
    t.deepEqual(bench.packets, [Uint8Array.of(0x77)]);
  }
});

test("KISS: the type byte is taken off, a frame of another type is rejected, and an empty packet arrives.", (t) => {
  const bench = new Workbench(slip({ kissType: 0x10 }), 100);
  bench.feed(Uint8Array.of(0xc0, 0x10, 5, 6, 0xc0, 0xc0, 0x00, 5, 6, 0xc0, 0x10, 0xc0));
  t.deepEqual(bench.packets, [Uint8Array.of(5, 6), new Uint8Array(0)]);
  t.deepEqual(bench.decoder.counters.byReason(), { otherKissType: 1 });
});

test("KISS: a type byte that is special is escaped both ways.", (t) => {
  for (const [kissType, escaped] of [
    [0xc0, 0xdc],
    [0xdb, 0xdd],
  ] as const) {
    const framing = slip({ kissType });
    const bytes = frame(framing, Uint8Array.of(1, 2));
    t.deepEqual(bytes, Uint8Array.of(0xdb, escaped, 1, 2, 0xc0));
    const bench = new Workbench(framing, 100);
    bench.feed(bytes);
    t.deepEqual(bench.packets, [Uint8Array.of(1, 2)]);
  }
});

test("A packet of no byte cannot be sent: its frame would be idle. With a KISS type it can.", (t) => {
  t.throws(() => frame(slip(), new Uint8Array(0)), { message: /refuses.*-2/ });
  t.deepEqual(frame(slip({ kissType: 1 }), new Uint8Array(0)), Uint8Array.of(1, 0xc0));
});

test("A search handed in by the board is the one that is used.", (t) => {
  const sought: number[] = [];
  const counting: FindByte = (memory, from, value) => {
    sought.push(value);
    return findByte(memory, from, value);
  };
  const framing = slip({ findByte: counting });
  // Far from each other: near ones are found on the spot.
  const packet = new Uint8Array(80).fill(1);
  packet[40] = 0xc0;
  const bytes = frame(framing, packet);
  t.deepEqual([...new Set(sought)].sort(), [0xc0, 0xdb]);
  sought.length = 0;
  const bench = new Workbench(framing, 100);
  bench.feed(bytes);
  t.deepEqual(bench.packets, [packet]);
  t.deepEqual([...new Set(sought)].sort(), [0xc0, 0xdb]);
});

test("SLIP by default takes packets up to 1024 bytes, sends one END, and needs room for a frame of escapes.", (t) => {
  const framing = slip();
  t.is(framing.maxPacketLength, 1024);
  t.is(framing.decoderMemory, 2049);
  t.is(slip({ kissType: 0xc0 }).decoderMemory, 2051);
  t.is(framing.encoder(new FixedMemory(1)).maxFrameLength(10), 21);
  t.is(slip({ delimiter: "both", kissType: 0 }).encoder(new FixedMemory(1)).maxFrameLength(10), 23);
});

test("SLIP options out of range are refused by name, with the range.", (t) => {
  t.throws(() => slip({ maxPacketLength: 0 }), { instanceOf: RangeError, message: /maxPacketLength.*1 to 65542.*0/ });
  t.throws(() => slip({ kissType: 256 }), {
    instanceOf: RangeError,
    message: /kissType must be from 0 to 255, not 256/,
  });
  t.throws(() => slip({ kissType: -1.5 }), { instanceOf: TypeError, message: /kissType/ });
  t.throws(() => slip({ delimiter: "none" as never }), { message: /delimiter must be trailing or both, not "none"/ });
});
