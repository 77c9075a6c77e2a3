import assert from "node:assert/strict";
import test from "ava";
import fc from "fast-check";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { fixed } from "../../modules/framing/formats/fixed.js";
import { type MarkerOptions, marker } from "../../modules/framing/formats/marker.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { checkProperty } from "../seeded-properties.js";
import { concat, Random } from "./random.js";
import { decodeByRule, markerRule } from "./reference-scanner.js";
import { Workbench } from "./workbench.js";

const FD_AA = [0xfd, 0xaa];
const FD_CC = [0xfd, 0xcc];
const CC_DD = [0xcc, 0xdd];

/** Three kinds of frame on one stream, two of them with the same markers. */
const KINDS = [
  { header: FD_AA, length: 150, trailer: CC_DD },
  { header: FD_CC, length: 190, trailer: CC_DD },
  { header: FD_CC, length: 192, trailer: CC_DD },
];
const TEXT = "marker,kinds=fdaa+150+ccdd/fdcc+190+ccdd/fdcc+192+ccdd";
const THREE_KINDS = parseFraming("framing", TEXT, { maxPacketLength: 1024 });

/** The same stream as messages of three fields, with constant octets between these. */
const MESSAGE_LENGTH = 544;
const MESSAGE = parseFraming(
  "framing",
  `fixed,length=${MESSAGE_LENGTH},pattern=0:fdaa/152:ccddfdcc/346:ccddfdcc/542:ccdd`,
  { maxPacketLength: 1024 },
);
const FIELDS = [2, 156, 350];

function payload(kind: number, random: Random): Uint8Array {
  return random.bytes(KINDS[kind]!.length);
}

/** A payload that looks like nothing but markers. */
function markers(kind: number, random: Random): Uint8Array {
  const octets = [0xfd, 0xaa, 0xcc, 0xdd];
  return Uint8Array.from({ length: KINDS[kind]!.length }, () => octets[random.below(4)]!);
}

function frameOf(kind: number, bytes: Uint8Array): Uint8Array {
  const { header, trailer } = KINDS[kind]!;
  return concat(Uint8Array.from(header), bytes, Uint8Array.from(trailer));
}

interface Received {
  kinds: number[];
  packets: Uint8Array[];
  reasons: Record<string, number>;
  pending: number;
}

/** Feeds the chunks; gives up on what is left only when asked to. */
function receive(framing: Framing, chunks: readonly Uint8Array[], expire = true): Received {
  const kinds: number[] = [];
  const bench = new Workbench(framing, Math.max(...chunks.map((chunk) => chunk.length)));
  const accept = bench.accept.bind(bench);
  bench.accept = (bytes, start, end, _from?: number, kind?: number) => {
    kinds.push(kind ?? -1);
    return accept(bytes, start, end);
  };
  for (const chunk of chunks) {
    bench.feed(chunk);
  }
  if (expire) {
    bench.expire();
  }
  const { counters, pendingBytes } = bench.decoder;
  return { kinds, packets: bench.packets, reasons: counters.byReason(), pending: pendingBytes };
}

test("Three kinds of frame, two with the same markers, come apart wherever the stream is split, each with its kind.", (t) => {
  const random = new Random(50);
  const order = [0, 1, 2, 2, 1, 0, 1];
  for (const make of [payload, markers]) {
    const packets = order.map((kind) => make(kind, random));
    const stream = concat(...packets.map((packet, i) => frameOf(order[i]!, packet)));
    for (let split = 0; split <= stream.length; split++) {
      const found = receive(THREE_KINDS, [stream.slice(0, split), stream.slice(split)]);
      assert.deepEqual(found, { kinds: order, packets, reasons: {}, pending: 0 }, `split at ${split}`);
    }
    const bytes = Array.from(stream, (byte) => Uint8Array.of(byte));
    assert.deepEqual(receive(THREE_KINDS, bytes), { kinds: order, packets, reasons: {}, pending: 0 }, "byte by byte");
  }
  t.pass();
});

test("A payload may hold the trailer where the shorter kind has it, and anything behind it.", (t) => {
  const random = new Random(51);
  const next = frameOf(0, payload(0, random));
  // At the shorter kind's end, of 194 bytes, stands what the payload's last two bytes are.
  const trap = payload(2, random);
  trap.set(CC_DD, 190);
  // The last field of a shorter frame looks like a frame; the next frame begins with every header.
  const nested = payload(1, random);
  nested.set(concat(Uint8Array.from(CC_DD), frameOf(0, payload(0, random)).slice(0, 150)), 30);
  for (const [kind, packet] of [
    [2, trap],
    [1, nested],
  ] as const) {
    const frame = frameOf(kind, packet);
    for (const behind of [new Uint8Array(0), next, frame]) {
      const stream = concat(frame, behind);
      for (let split = frame.length - 6; split <= frame.length; split++) {
        const { kinds, packets } = receive(THREE_KINDS, [stream.slice(0, split), stream.slice(split)]);
        assert.deepEqual([kinds[0], packets[0]], [kind, packet], `${behind.length} behind, split at ${split}`);
      }
    }
  }
  t.pass();
});

test("The longer kind is delivered at once; the shorter one at the next byte that decides, or at the time-out.", (t) => {
  const random = new Random(52);
  const shorter = frameOf(1, payload(1, random));
  const longer = frameOf(2, payload(2, random));
  t.is(receive(THREE_KINDS, [longer], false).packets.length, 1);
  t.is(receive(THREE_KINDS, [frameOf(0, payload(0, random))], false).packets.length, 1);
  t.is(receive(THREE_KINDS, [shorter], false).packets.length, 0);
  const { kinds, reasons } = receive(THREE_KINDS, [shorter]);
  t.deepEqual([kinds, reasons], [[1], {}]);
  // One byte of the next header is not enough, as a longer frame's trailer could begin there: with these markers it is.
  t.is(receive(THREE_KINDS, [shorter, Uint8Array.of(0xfd)], false).packets.length, 1);
  t.is(receive(THREE_KINDS, [shorter, Uint8Array.of(0xcc)], false).packets.length, 0);
});

test("At the time-out, a frame that may be a longer one cut short is given up rather than delivered as a shorter one.", (t) => {
  const random = new Random(53);
  const trap = payload(2, random);
  trap.set(CC_DD, 190);
  const cut = frameOf(2, trap).slice(0, 195);
  t.deepEqual(receive(THREE_KINDS, [cut]), { kinds: [], packets: [], reasons: { timedOut: 1 }, pending: 0 });
});

test("Damage costs the frame that it is in: every kind of frame behind it is delivered.", (t) => {
  const random = new Random(54);
  for (const first of [0, 1, 2]) {
    for (const second of [0, 1, 2]) {
      const good = payload(second, random);
      const last = payload(0, random);
      const sound = frameOf(first, payload(first, random));
      for (const at of [0, 1, 100, sound.length - 2, sound.length - 1]) {
        const spoilt = sound.with(at, sound[at]! ^ 0x55);
        const { packets } = receive(THREE_KINDS, [concat(spoilt, frameOf(second, good), frameOf(0, last))]);
        assert.deepEqual(packets.slice(-2), [good, last], `kind ${first}, byte ${at}, then kind ${second}`);
      }
      // Not 2: a header in front of a frame of 190 bytes makes one of 192.
      for (const length of [1, 3, 60, sound.length - 1]) {
        const { packets } = receive(THREE_KINDS, [
          concat(sound.slice(0, length), frameOf(second, good), frameOf(0, last)),
        ]);
        assert.deepEqual(packets, [good, last], `kind ${first}, cut to ${length}, then kind ${second}`);
      }
    }
  }
  t.pass();
});

test("The stream read as messages of 544 bytes with checked paddings has the fields that the three kinds have.", (t) => {
  const random = new Random(55);
  const messages = Array.from({ length: 4 }, (_, i) =>
    [0, 1, 2].map((kind) => (i % 2 === 0 ? payload : markers)(kind, random)),
  );
  const stream = concat(...messages.flatMap((fields) => fields.map((field, kind) => frameOf(kind, field))));
  t.is(stream.length, 4 * MESSAGE_LENGTH);
  for (let size = 1; size <= MESSAGE_LENGTH; size += 31) {
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < stream.length; at += size) {
      chunks.push(stream.slice(at, at + size));
    }
    const byKind = receive(THREE_KINDS, chunks);
    const whole = receive(MESSAGE, chunks);
    t.deepEqual(byKind.packets, messages.flat());
    const fields = whole.packets.flatMap((message) =>
      FIELDS.map((at, kind) => message.slice(at, at + KINDS[kind]!.length)),
    );
    t.deepEqual(fields, byKind.packets);
    t.deepEqual([byKind.reasons, whole.reasons], [{}, {}]);
  }
});

test("A message with a wrong padding is damage, and the next message is delivered.", (t) => {
  const random = new Random(56);
  const message = () => concat(...[0, 1, 2].map((kind) => frameOf(kind, payload(kind, random))));
  for (const at of [0, 1, 152, 153, 154, 155, 346, 347, 348, 349, 542, 543]) {
    const [spoilt, next] = [message(), message()];
    spoilt[at]! ^= 1;
    const { packets, reasons } = receive(MESSAGE, [concat(spoilt, next)]);
    t.deepEqual([packets, reasons], [[next], { patternMismatch: 1 }], `byte ${at}`);
  }
});

test("Any bytes in any chunks, with kinds of several lengths behind one header, give what the definition gives.", (t) => {
  const kinds = [
    { header: [1], length: 2, trailer: [2, 3] },
    { header: [1], length: 4, trailer: [2, 3] },
    { header: [1], length: 9, trailer: [2] },
    { header: [4, 5], length: 1, trailer: [] },
  ];
  const ascending = [kinds[3]!, kinds[0]!, kinds[1]!, kinds[2]!];
  const property = fc.property(
    fc.array(fc.constantFrom(1, 2, 3, 4, 5), { maxLength: 120 }),
    fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
    (stream, sizes) => {
      const chunks: Uint8Array[] = [new Uint8Array(0)];
      for (let at = 0, turn = 0; at < stream.length; turn++) {
        const size = sizes[turn % sizes.length]!;
        chunks.push(Uint8Array.from(stream.slice(at, at + size)));
        at += size;
      }
      const found = receive(marker({ kinds }), chunks);
      const expected = decodeByRule(stream, markerRule(ascending), true);
      assert.deepEqual(
        found.packets.map((packet) => [...packet]),
        expected.packets,
      );
      assert.deepEqual(
        found.kinds,
        expected.kinds.map((kind) => kinds.indexOf(ascending[kind]!)),
      );
    },
  );
  checkProperty(t, property, 500);
});

test("Plain functions know that the bytes end: the last frame is found whatever its kind.", (t) => {
  const packets = [0, 1, 2, 1].map((kind) => payload(kind, new Random(57 + kind)));
  const frames = packets.map((packet) => encodeFrame(THREE_KINDS, packet));
  t.deepEqual(decodeFrames(THREE_KINDS, concat(...frames)), packets);
  t.deepEqual(decodeFrames(THREE_KINDS, concat(...frames.slice(0, 3), frames[3]!.slice(0, 100))), packets.slice(0, 3));
});

test("A packet is sent in the first kind of its length, or in the one that is chosen.", (t) => {
  const random = new Random(58);
  for (const kind of [0, 1, 2]) {
    const packet = payload(kind, random);
    t.deepEqual(encodeFrame(THREE_KINDS, packet), frameOf(kind, packet));
  }
  t.throws(() => encodeFrame(THREE_KINDS, new Uint8Array(151)), { message: /no packet for marker/ });
  const kinds = [
    { header: [1], length: 3 },
    { header: [2], lengthField: { size: 1 } },
    { header: [3], length: 3, trailer: [4] },
  ];
  t.deepEqual(encodeFrame(marker({ kinds }), Uint8Array.of(7, 8, 9)), Uint8Array.of(1, 7, 8, 9));
  t.deepEqual(encodeFrame(marker({ kinds }), Uint8Array.of(7, 8)), Uint8Array.of(2, 2, 7, 8));
  t.deepEqual(encodeFrame(marker({ kinds, sendKind: 2 }), Uint8Array.of(7, 8, 9)), Uint8Array.of(3, 7, 8, 9, 4));
  t.throws(() => encodeFrame(marker({ kinds, sendKind: 2 }), Uint8Array.of(7, 8)));
});

test("A payload that would be taken for a shorter kind's frame is sent in another kind, or not at all.", (t) => {
  // Behind one header, 1 or 4 bytes: 9 ends both, and 5 begins a frame.
  const kinds = [
    { header: [5], length: 1, trailer: [9] },
    { header: [5], length: 4, trailer: [9] },
  ];
  t.throws(() => encodeFrame(marker({ kinds }), Uint8Array.of(1, 9, 5, 2)), { message: /no packet/ });
  const more = [...kinds, { header: [6], length: 4 }];
  t.deepEqual(encodeFrame(marker({ kinds: more }), Uint8Array.of(1, 9, 5, 2)), Uint8Array.of(6, 1, 9, 5, 2));
  t.deepEqual(encodeFrame(marker({ kinds }), Uint8Array.of(1, 9, 6, 2)), Uint8Array.of(5, 1, 9, 6, 2, 9));
});

test("What is kept of a frame is an option, and the same packets go out again.", (t) => {
  const field = { offset: 3, size: 2, endianness: "little", counts: "frame", adjustment: -1 } as const;
  const kinds = [{ header: [0xaa, 0x55], lengthField: field, trailer: [0x0d] }];
  // Header, a type, the length plus one, three bytes, trailer.
  const frame = Uint8Array.of(0xaa, 0x55, 0x07, 10, 0, 1, 2, 3, 0x0d);
  const expected = { body: frame.slice(2, 8), frame };
  for (const keep of ["body", "frame"] as const) {
    const framing = marker({ kinds, keep });
    t.deepEqual(decodeFrames(framing, frame), [expected[keep]]);
    t.deepEqual(encodeFrame(framing, expected[keep]), frame);
    t.throws(() => encodeFrame(framing, expected[keep].with(keep === "body" ? 1 : 3, 11)), undefined, "wrong length");
  }
  t.throws(() => marker({ kinds }), { instanceOf: RangeError, message: /kind 0.*keep body or frame/ });
});

test("A length field may count payload, body or frame, in any size and endianness.", (t) => {
  const packet = Uint8Array.of(1, 2, 3, 4, 5);
  const cases: [text: string, frame: number[]][] = [
    ["aa+u8", [0xaa, 5]],
    ["aa+u16", [0xaa, 0, 5]],
    ["aa+u24le", [0xaa, 5, 0, 0]],
    ["aa+u32:body", [0xaa, 0, 0, 0, 9]],
    ["aa+u8:frame", [0xaa, 7]],
    ["aa+u16be:payload:1", [0xaa, 0, 4]],
    ["aabb+u16le@2:frame:-7", [0xaa, 0xbb, 16, 0]],
  ];
  for (const [text, head] of cases) {
    const framing = parseFraming("framing", `marker,kinds=${text}`, { maxPacketLength: 100 });
    const frame = Uint8Array.of(...head, ...packet);
    t.deepEqual(encodeFrame(framing, packet), frame, text);
    t.deepEqual(decodeFrames(framing, concat(frame, frame)), [packet, packet], text);
  }
  const trailed = parseFraming("framing", "marker,kinds=aa+u8:frame+0d0a,keep=body", { maxPacketLength: 100 });
  t.deepEqual(decodeFrames(trailed, Uint8Array.of(0xaa, 6, 1, 2, 0x0d, 0x0a)), [Uint8Array.of(6, 1, 2)]);
});

test("A length field out of its range is damage by its own cause, and the next frame is delivered.", (t) => {
  const framing = marker({
    kinds: [{ header: [0xaa], lengthField: { size: 2, counts: "frame" } }],
    maxPacketLength: 8,
  });
  const good = Uint8Array.of(0xaa, 0, 5, 1, 2);
  const wrong: [number[], string][] = [
    [[0, 0], "packetTooShort"],
    [[0, 2], "packetTooShort"],
    [[0, 12], "packetTooLong"],
    [[0xff, 0xff], "packetTooLong"],
  ];
  for (const [length, reason] of wrong) {
    const { packets, reasons } = receive(framing, [concat(Uint8Array.of(0xaa, ...length), good)]);
    t.deepEqual([packets, reasons], [[Uint8Array.of(1, 2)], { [reason]: 1 }], `${length}`);
  }
});

test("Marker options that are wrong, or that nothing could tell apart, are refused by name.", (t) => {
  const kind = { header: FD_CC, length: 10, trailer: CC_DD };
  const wrong: [options: MarkerOptions, message: RegExp][] = [
    [{ kinds: [] }, /kinds \(number of kinds\) must be from 1 to 64, not 0/],
    [{ kinds: [{ header: [], length: 1 }] }, /kind 0: header.*from 1 to 16, not 0/],
    [{ kinds: [{ header: [256], length: 1 }] }, /kind 0: header \(octet\).*not 256/],
    [{ kinds: [{ header: [1] }] }, /kind 0: give either length or lengthField/],
    [{ kinds: [{ header: [1], length: 1, lengthField: { size: 1 } }] }, /kind 0: give either/],
    [{ kinds: [{ header: [1], length: -1 }] }, /kind 0: length.*not -1/],
    [
      { kinds: [{ header: [1], length: 11 }], maxPacketLength: 10 },
      /kind 0: length.*up to maxPacketLength.*10, not 11/,
    ],
    [{ kinds: [{ header: [1], lengthField: { size: 5 } }] }, /lengthField.size.*from 1 to 4, not 5/],
    [{ kinds: [{ header: [1, 2], lengthField: { size: 1, offset: 1 } }] }, /lengthField.offset.*from 2 to 255, not 1/],
    [{ kinds: [{ header: [1], lengthField: { size: 1, adjustment: -65542 } }] }, /no value of the length field/],
    [{ kinds: [{ header: [1], lengthField: { size: 1, adjustment: 65542 } }] }, /no value of the length field/],
    [{ kinds: [kind, kind] }, /kinds 0 and 1 have one length/],
    [{ kinds: [kind, { ...kind, header: [0xfd], length: 11 }] }, /kinds 0 and 1 have one length/],
    [{ kinds: [kind, { header: [0xfd], lengthField: { size: 1 } }] }, /kinds 0 and 1 begin alike/],
    [{ kinds: [kind], sendKind: 1 }, /sendKind must be from 0 to 0, not 1/],
    [{ kinds: [kind], keep: "header" as "body" }, /keep must be payload or body or frame, not "header"/],
  ];
  for (const [options, message] of wrong) {
    t.throws(() => marker(options), { message });
  }
  t.notThrows(() => marker({ kinds: [kind, { ...kind, trailer: [1] }] }));
  t.throws(() => marker({ kinds: [kind], keep: "frame" }).encoder(new Workbench(MESSAGE, 1).memory, 2), {
    message: /checksum.*keep payload or body/,
  });
});

test("Marker kinds as text that say nothing are refused, with one that is right.", (t) => {
  for (const kinds of ["", "fdaa", "fdaa+", "fdaa+x", "fdaa+u12", "fdaa+10+cc+dd", "fda+10", "fdaa+10+", "fdaa+-1"]) {
    const make = () => parseFraming("framing", `marker,kinds=${kinds}`, { maxPacketLength: 100 });
    t.throws(make, { instanceOf: TypeError, message: /^framing: marker: kinds/ }, kinds);
  }
  t.throws(() => parseFraming("framing", "marker", { maxPacketLength: 100 }), { message: /marker: give the kinds/ });
});

test("A marker framing needs memory for its longest frame, and for what must be seen behind a shorter one.", (t) => {
  t.is(THREE_KINDS.maxPacketLength, 192);
  t.is(THREE_KINDS.decoderMemory, 196);
  t.is(marker({ kinds: [KINDS[0]!] }).decoderMemory, 154);
  t.is(fixed({ length: 544 }).decoderMemory, 544);
  t.is(
    marker({
      kinds: [
        { header: [1], length: 4 },
        { header: [1, 2, 3], length: 3, trailer: [4] },
      ],
    }).decoderMemory,
    8,
  );
});
