/** Frames of known lengths as they are sent: what is stripped is written, what stands in the packet must be right there. */
import test from "ava";
import { DOES_NOT_FIT, type Framing, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { decodeFrames } from "../../modules/framing/encode-decode.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Workbench } from "./workbench.js";

/** Where the packet stands, and where its frame is written, in a memory full of `DIRT`. */
const START = 40;
const AT = 10;
const DIRT = 0x77;

function encode(framing: Framing, packet: readonly number[], room = 20): number | number[] {
  const memory = new FixedMemory(80);
  memory.bytes.fill(DIRT);
  memory.bytes.set(packet, START);
  const end = framing.encoder(memory).encode(START, START + packet.length, AT, AT + room);
  return end < 0 ? end : [...memory.bytes.slice(AT - 1, end + 1)];
}

test("What is stripped is sent as the pattern says, with zeros where it says nothing, and not a byte beside it.", (t) => {
  const framing = fixed({ length: 8, strip: 4, pattern: [{ offset: 1, octets: [0xa1, 0xa2] }] });
  t.deepEqual(encode(framing, [1, 2, 3, 4]), [DIRT, 0, 0xa1, 0xa2, 0, 1, 2, 3, 4, DIRT]);
  t.is(encode(framing, [1, 2, 3, 4], 7), DOES_NOT_FIT);
  t.deepEqual(encode(framing, [1, 2, 3, 4], 8), [DIRT, 0, 0xa1, 0xa2, 0, 1, 2, 3, 4, DIRT]);
  t.is(encode(framing, [1, 2, 3]), NOT_A_PACKET);
});

test("A pattern that goes on in the packet is checked there, each run of it, and sent in front of it.", (t) => {
  const framing = fixed({
    length: 8,
    strip: 3,
    pattern: [
      { offset: 1, octets: [0xa1, 0xa2, 0xa3, 0xa4] },
      { offset: 6, octets: [0xb1] },
    ],
  });
  const packet = [0xa3, 0xa4, 5, 0xb1, 6];
  t.deepEqual(encode(framing, packet), [DIRT, 0, 0xa1, 0xa2, ...packet, DIRT]);
  for (const [place, isFree] of [false, false, true, false, true].entries()) {
    const changed = packet.with(place, 0x55);
    t.deepEqual(
      encode(framing, changed),
      isFree ? [DIRT, 0, 0xa1, 0xa2, ...changed, DIRT] : NOT_A_PACKET,
      `octet ${place}`,
    );
  }
});

test("The identifier is read where it stands in the packet, wherever that is in memory, and of all four octets.", (t) => {
  const framing = fixed({
    strip: 2,
    identifier: {
      offset: 3,
      size: 4,
      lengths: [
        [0x80000001, 8],
        [0xfffffffe, 9],
      ],
    },
  });
  for (const packet of [
    [9, 0x80, 0, 0, 1, 7],
    [9, 0xff, 0xff, 0xff, 0xfe, 7, 8],
  ]) {
    const frame = [0, 0, ...packet];
    t.deepEqual(encode(framing, packet), [DIRT, ...frame, DIRT]);
    t.deepEqual(decodeFrames(framing, Uint8Array.from(frame)), [Uint8Array.from(packet)]);
  }
  t.is(encode(framing, [9, 0x80, 0, 0, 2, 7]), NOT_A_PACKET, "an unknown identifier");
  t.is(encode(framing, [9, 0x80, 0, 0, 1, 7, 8]), NOT_A_PACKET, "another identifier's length");
});

test("Of several kinds, the decoder tells which: the first is number 0, and so is the only one.", (t) => {
  const stream = Uint8Array.of(1, 9, 2, 9, 9, 1, 9);
  const framing = fixed({
    identifier: {
      offset: 0,
      size: 1,
      lengths: [
        [1, 2],
        [2, 3],
      ],
    },
  });
  const bench = new Workbench(framing, stream.length);
  bench.feed(stream);
  t.deepEqual(bench.kinds, [0, 1, 0]);
  const only = new Workbench(fixed({ length: 7 }), stream.length);
  only.feed(stream);
  t.deepEqual(only.kinds, [0]);
});

test("A pattern and the identifiers must go together in every octet of the identifier, and only there.", (t) => {
  const withPattern = (octets: number[], endianness?: "little") => () =>
    fixed({
      pattern: [{ offset: 0, octets }],
      identifier: { offset: 1, size: 2, lengths: [[0x0102, 8]], ...(endianness && { endianness }) },
    });
  t.notThrows(withPattern([0xee]));
  t.notThrows(withPattern([0xee, 1]));
  t.notThrows(withPattern([0xee, 1, 2, 0xee]));
  t.notThrows(withPattern([0xee, 2, 1, 0xee], "little"));
  for (const [octets, what] of [
    [[0xee, 2], "0x02, at offset 1"],
    [[0xee, 1, 3], "0x03, at offset 2"],
  ] as const) {
    t.throws(withPattern([...octets]), {
      instanceOf: RangeError,
      message: `fixed: identifier 258: pattern has another octet, ${what}`,
    });
  }
  t.throws(() => fixed({ identifier: { offset: 0, size: 0, lengths: [[0, 8]] } }), {
    message: "fixed: identifier.size (octets) must be from 1 to 4, not 0",
  });
});
