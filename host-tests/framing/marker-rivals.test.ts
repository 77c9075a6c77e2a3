/** Kinds of marker frame that begin alike: what can be told apart is, and what cannot is refused. */
import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { type MarkerOptions, marker } from "../../modules/framing/formats/marker.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { checkProperty } from "../seeded-properties.js";
import { concat } from "./random.js";
import { Workbench } from "./workbench.js";

type Kinds = MarkerOptions["kinds"];

/** The packets that come of it in chunks of `size`, with canaries around the decoder's memory. */
function decode(options: MarkerOptions, stream: Uint8Array, size: number): Uint8Array[] {
  const bench = new Workbench(marker(options), size);
  for (let at = 0; at < stream.length; at += size) {
    bench.feed(stream.slice(at, at + size));
  }
  bench.expire();
  return bench.packets;
}

test("Kinds that begin alike and have no trailer arrive in chunks of any size, and nothing is written behind the area.", (t) => {
  const framing = parseFraming("framing", "marker,kinds=fdaa+20/fdaa+40", { maxPacketLength: 1024 });
  const kinds = [20, 40].map((length) => ({ header: [0xfd, 0xaa], length }));
  const packets = [40, 40, 40, 20, 40].map((length, i) => new Uint8Array(length).fill(0x30 + i));
  const stream = concat(...packets.map((packet) => encodeFrame(framing, packet)));
  for (let size = 1; size <= stream.length; size++) {
    assert.deepEqual(decode({ kinds }, stream, size), packets, `chunks of ${size}`);
  }
  t.pass();
});

test("No more than the longest frame is asked for: behind the area, the byte stays as it is.", (t) => {
  const kinds = [10, 14].map((length) => ({ header: [2], length }));
  const bench = new Workbench(marker({ kinds, maxPacketLength: 24 }), 20);
  bench.feed(Uint8Array.of(2, ...new Array(11).fill(9)));
  bench.feed(Uint8Array.of(9, 9, 9, 2, 9));
  t.deepEqual(
    bench.packets.map((packet) => packet.length),
    [14],
  );
});

test("Kinds of which one may end, with the next frame, like a header behind the other are refused by their numbers.", (t) => {
  const wrong: [kinds: Kinds, message: RegExp][] = [
    [
      [
        { header: [1], length: 2 },
        { header: [1], length: 3 },
        { header: [2, 1], length: 5 },
      ],
      /^marker: kinds 0 and 1 cannot be told apart: .*header of kind 2.*end of a frame of kind 1, 1 bytes/,
    ],
    [
      [
        { header: [0xfd, 0xaa], length: 21 },
        { header: [0xfd, 0xfd], length: 3 },
        { header: [0xfd, 0xaa], length: 20 },
      ],
      /kinds 2 and 0 cannot be told apart: .*header of kind 1.*differ by 2 or more/,
    ],
    // The trailers are alike, and the payload may hold the shorter one's; the longer one's begins a header.
    [
      [
        { header: [1], length: 2, trailer: [9] },
        { header: [1], length: 3, trailer: [9] },
        { header: [9, 1], lengthField: { size: 2 } },
      ],
      /kinds 0 and 1 cannot be told apart: .*header of kind 2/,
    ],
  ];
  for (const [kinds, message] of wrong) {
    t.throws(() => marker({ kinds }), { instanceOf: RangeError, message });
  }
});

test("Kinds that begin alike are taken where a trailer tells, or where a whole header fits between.", (t) => {
  const right: Kinds[] = [
    [
      { header: [0xfd, 0xcc], length: 190, trailer: [0xcc, 0xdd] },
      { header: [0xfd, 0xcc], length: 192, trailer: [0xcc, 0xdd] },
    ],
    // The trailer begins no header.
    [
      { header: [0xfd, 0xcc], length: 190, trailer: [0xcc, 0xdd] },
      { header: [0xfd, 0xcc], length: 191, trailer: [0xcc, 0xdd] },
    ],
    // Where the shorter one has its trailer, the longer one always has something else.
    [
      { header: [1, 2], length: 4, trailer: [7, 8] },
      { header: [1, 2], length: 4, trailer: [9, 9, 3] },
    ],
    [
      { header: [1, 2], length: 4 },
      { header: [1, 2], length: 6 },
    ],
  ];
  for (const kinds of right) {
    t.notThrows(() => marker({ kinds }));
  }
});

const octet = fc.constantFrom(1, 2);
const kind = fc.record(
  {
    header: fc.array(octet, { minLength: 1, maxLength: 3 }),
    length: fc.integer({ min: 0, max: 6 }),
    trailer: fc.array(octet, { maxLength: 2 }),
  },
  { requiredKeys: ["header", "length"] },
);

test("Of kinds that are taken, every frame that an encoder makes is found in a stream of them, in any chunks.", (t) => {
  let taken = 0;
  const property = fc.property(
    fc.array(kind, { minLength: 2, maxLength: 3 }),
    fc.array(fc.array(octet, { maxLength: 6 }), { minLength: 1, maxLength: 8 }),
    fc.integer({ min: 1, max: 9 }),
    (kinds, payloads, size) => {
      const frames: Uint8Array[] = [];
      const packets: Uint8Array[] = [];
      let framing: ReturnType<typeof marker>;
      try {
        framing = marker({ kinds });
      } catch {
        return;
      }
      for (const payload of payloads) {
        const packet = Uint8Array.from(payload);
        try {
          frames.push(encodeFrame(framing, packet));
          packets.push(packet);
        } catch {
          // No kind has this length, or the frame would be taken for another one.
        }
      }
      taken += packets.length;
      assert.deepEqual(decode({ kinds }, concat(...frames), size), packets);
    },
  );
  checkProperty(t, property, 3000);
  // Some 3,200, give or take a hundred.
  t.true(taken > 1500, `${taken} packets`);
});
