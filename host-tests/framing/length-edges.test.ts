/** Length-prefixed frames at the edges of what a count can say, and as they are sent. */
import test from "ava";
import { DOES_NOT_FIT, type Framing, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { type LengthPrefixedOptions, lengthPrefixed } from "../../modules/framing/formats/length-prefixed.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Workbench } from "./workbench.js";

const START = 60;
const AT = 10;
const DIRT = 0x77;

/** The frame of a packet that stands in the midst of memory full of other bytes, or why there is none. */
function encode(framing: Framing, packet: readonly number[], room = 40): number | number[] {
  const memory = new FixedMemory(400);
  memory.bytes.fill(DIRT);
  memory.bytes.set(packet, START);
  const end = framing.encoder(memory).encode(START, START + packet.length, AT, AT + room);
  return end < 0 ? end : [...memory.bytes.slice(AT, end)];
}

function received(options: LengthPrefixedOptions, stream: readonly number[]): [number[][], Record<string, number>] {
  const bench = new Workbench(lengthPrefixed(options), stream.length);
  bench.feed(Uint8Array.from(stream));
  bench.expire();
  return [bench.packets.map((packet) => [...packet]), bench.decoder.counters.byReason()];
}

test("A count that stands in the packet must be right there, and so must the sync pattern; what stands between may be anything.", (t) => {
  const framing = lengthPrefixed({
    syncPattern: [0xeb, 0x90],
    lengthOffset: 3,
    lengthSize: 1,
    adjustment: 0,
    strip: 1,
  });
  const packet = [0x90, 0, 7, 1, 2, 3];
  t.deepEqual(encode(framing, packet), [0xeb, ...packet]);
  t.deepEqual(encode(framing, packet.with(1, 0x55)), [0xeb, ...packet.with(1, 0x55)]);
  t.is(encode(framing, packet.with(0, 0x91)), NOT_A_PACKET, "another sync pattern");
  t.is(encode(framing, packet.with(2, 6)), NOT_A_PACKET, "another count");
  t.is(encode(framing, packet, 6), DOES_NOT_FIT);
  t.deepEqual(encode(framing, packet.with(5, 0)), [0xeb, ...packet.with(5, 0)], "what stands behind the count is free");
});

test("A count of zero, where it stands in the packet, is looked at as any other.", (t) => {
  const framing = lengthPrefixed({ lengthSize: 1, adjustment: 3, strip: 0, minPacketLength: 0 });
  t.deepEqual(encode(framing, [0, 8, 9]), [0, 8, 9]);
  t.is(encode(framing, [1, 8, 9]), NOT_A_PACKET);
});

test("A packet is sent only if the count can say its length: not below zero, not above its octets, and whole.", (t) => {
  const options = { lengthSize: 1, bytesPerCount: 2, adjustment: 4, strip: 1, minPacketLength: 0 } as const;
  const framing = lengthPrefixed(options);
  t.is(encode(framing, [1, 2]), NOT_A_PACKET, "3 bytes: less than nothing");
  t.is(encode(framing, []), NOT_A_PACKET, "1 byte");
  t.deepEqual(encode(framing, [1, 2, 3]), [0, 1, 2, 3]);
  t.is(encode(framing, [1, 2, 3, 4]), NOT_A_PACKET, "half a unit");
  t.deepEqual(encode(framing, [1, 2, 3, 4, 5]), [1, 1, 2, 3, 4, 5]);
  const small = lengthPrefixed({ lengthSize: 1 });
  t.deepEqual((encode(small, new Array<number>(255).fill(1), 300) as number[]).length, 256);
  t.is(encode(small, new Array<number>(256).fill(1), 300), NOT_A_PACKET);
  t.is(encode(lengthPrefixed({ minPacketLength: 3 }), [1, 2]), NOT_A_PACKET, "shorter than agreed");
});

test("A frame that is whole and too short is passed over whole: what it holds is no frame.", (t) => {
  // Of 3 bytes at least; what stands in the short one would be one of 3.
  const options = { lengthSize: 1, minPacketLength: 3 };
  t.deepEqual(received(options, [2, 3, 1, 3, 7, 8, 9]), [[[7, 8, 9]], { packetTooShort: 1 }]);
  t.deepEqual(received(options, [0, 3, 7, 8, 9]), [[[7, 8, 9]], { packetTooShort: 1 }]);
});

test("Options that leave no packet are refused; one byte more, and they are taken.", (t) => {
  t.is(lengthPrefixed({ lengthSize: 1, adjustment: -100, strip: 154 }).maxPacketLength, 1);
  t.throws(() => lengthPrefixed({ lengthSize: 1, adjustment: -100, strip: 155 }), {
    instanceOf: RangeError,
    message: /no count gives a frame that is longer than what is stripped/,
  });
  t.throws(() => lengthPrefixed({ lengthSize: 1, maxPacketLength: 256 }), {
    message: /maxPacketLength \(bytes, as the count can say\) must be from 1 to 255, not 256/,
  });
  t.throws(() => lengthPrefixed({ lengthSize: 4, maxPacketLength: 65_543 }), {
    message: /maxPacketLength \(bytes\) must be from 1 to 65542, not 65543/,
  });
  // Counts say 10, 1010, 2010, ...: none of them from 300 to 900.
  t.throws(() => lengthPrefixed({ bytesPerCount: 1000, adjustment: 10, minPacketLength: 300, maxPacketLength: 900 }), {
    message: /no count gives a frame of 302 to 902 bytes/,
  });
  t.notThrows(() =>
    lengthPrefixed({ bytesPerCount: 1000, adjustment: 10, minPacketLength: 1, maxPacketLength: 8, strip: 2 }),
  );
});
