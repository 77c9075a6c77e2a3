/** Which kinds of marker frames are taken, to the byte: what a length field can say, and what tells two kinds apart. */
import test from "ava";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { marker } from "../../modules/framing/formats/marker.js";
import type { MarkerKind } from "../../modules/framing/formats/marker-kinds.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

function withField(adjustment: number, maxPacketLength: number) {
  return () => marker({ kinds: [{ header: [1], lengthField: { size: 1, adjustment } }], maxPacketLength });
}

test("A length field must be able to say a length that is allowed: the shortest by its greatest value, the longest by zero.", (t) => {
  t.notThrows(withField(10, 10));
  t.throws(withField(11, 10), { message: /no value of the length field gives a frame of 2 to 12 bytes/ });
  t.notThrows(withField(-255, 10));
  t.throws(withField(-256, 10), { message: /no value of the length field gives a frame of 2 to 12 bytes/ });
});

test("A length field that is delivered needs room in the packet.", (t) => {
  const make = (maxPacketLength: number) => () =>
    marker({ kinds: [{ header: [1], lengthField: { size: 4 }, trailer: [9] }], keep: "body", maxPacketLength });
  t.notThrows(make(4));
  t.throws(make(3), {
    instanceOf: RangeError,
    message: "marker: kind 0: the shortest frame has 6 bytes, more than maxPacketLength allows",
  });
});

test("Two kinds of one length and one header are told apart by their trailers, from the last octet on.", (t) => {
  const pair = (one: number[], two: number[]) => () =>
    marker({
      kinds: [
        { header: [1], length: 10 - one.length, trailer: one },
        { header: [1], length: 10 - two.length, trailer: two },
      ],
    });
  for (const [one, two] of [
    [[9], [8]],
    [
      [7, 9],
      [8, 9],
    ],
    [
      [8, 1, 9],
      [8, 9],
    ],
    [
      [9, 8],
      [9, 1],
    ],
  ] as [number[], number[]][]) {
    t.notThrows(pair(one, two), `${one} and ${two}`);
    t.notThrows(pair(two, one), `${two} and ${one}`);
  }
  for (const [one, two] of [
    [[9], [9]],
    [[9], [8, 9]],
    [[], [9]],
  ] as [number[], number[]][]) {
    t.throws(pair(one, two), { message: /kinds 0 and 1 have one length/ }, `${one} and ${two}`);
    t.throws(pair(two, one), { message: /kinds 0 and 1 have one length/ }, `${two} and ${one}`);
  }
});

test("A count may be that of the payload, the body or the frame: what is sent says it so, and is of that length.", (t) => {
  const frames: Record<string, number[]> = {
    payload: [1, 2, 3, 0xa1, 0xa2, 0xa3, 8, 9],
    body: [1, 2, 4, 0xa1, 0xa2, 0xa3, 8, 9],
    frame: [1, 2, 8, 0xa1, 0xa2, 0xa3, 8, 9],
  };
  for (const [counts, frame] of Object.entries(frames)) {
    const kind = {
      header: [1, 2],
      trailer: [8, 9],
      lengthField: { size: 1, counts: counts as "payload" },
    } satisfies MarkerKind;
    t.deepEqual(
      encodeFrame(marker({ kinds: [kind] }), Uint8Array.of(0xa1, 0xa2, 0xa3)),
      Uint8Array.from(frame),
      counts,
    );
  }
});

test("Behind a whole frame there is no place for a checksum of any length; behind a body, its count leaves it out.", (t) => {
  const kinds = [{ header: [1], lengthField: { size: 1 }, trailer: [9] }];
  const memory = new FixedMemory(400);
  for (const length of [1, 2]) {
    t.throws(() => marker({ kinds, keep: "frame" }).encoder(memory, length), {
      instanceOf: RangeError,
      message: "marker: a checksum behind the packet needs keep payload or body, not frame",
    });
  }
  t.notThrows(() => marker({ kinds, keep: "frame" }).encoder(memory, 0));
  for (const length of [1, 2]) {
    memory.bytes.set([3, 0xa1, 0xa2, 0xa3, 0xc1, 0xc2]);
    const encoder = marker({ kinds, keep: "body" }).encoder(memory, length);
    const end = encoder.encode(0, 4 + length, 100, 200);
    t.deepEqual([...memory.bytes.slice(100, end)], [1, 3, 0xa1, 0xa2, 0xa3, 0xc1, ...(length === 2 ? [0xc2] : []), 9]);
  }
});

test("A kind that is too short or too long for the packet is passed over for the next; none is left: no packet.", (t) => {
  const framing = marker({
    kinds: [
      { header: [1], length: 2 },
      { header: [2], length: 5 },
      { header: [3], length: 3 },
    ],
  });
  t.deepEqual(encodeFrame(framing, Uint8Array.of(7, 7, 7)), Uint8Array.of(3, 7, 7, 7));
  t.deepEqual(encodeFrame(framing, Uint8Array.of(7, 7)), Uint8Array.of(1, 7, 7));
  t.throws(() => encodeFrame(framing, Uint8Array.of(7, 7, 7, 7)), { message: /no packet for marker/ });
  t.is(framing.encoder(new FixedMemory(1)).maxFrameLength(5), 6);
});
