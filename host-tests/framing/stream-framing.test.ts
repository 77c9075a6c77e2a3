/** `streamFraming`: a framing of one's own for frames that tell their length. */
import test from "ava";
import { NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { type StreamFramingOptions, streamFraming } from "../../modules/framing/engines/stream-framing.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";

/** One octet that counts those behind it, whose first is no 0xff; a layer's are not counted. */
const counted: StreamFramingOptions = {
  name: "counted",
  maxPacketLength: 10,
  format: (trailerLength) => ({
    reasons: ["tooLong", "notCounted"],
    maxWanted: 11,
    leading: 1,
    trailing: 0,
    kind: 0,
    wanted(bytes, at, available) {
      const length = bytes[at]! + trailerLength + 1;
      if (length > 11) {
        return -1;
      }
      return available > 1 && bytes[at + 1] === 0xff ? -2 : length;
    },
  }),
  frameLength: (packetLength) => packetLength + 1,
  wrap(bytes, start, end, at, trailerLength) {
    if (bytes[start] === 0xff) {
      return NOT_A_PACKET;
    }
    const length = end - start;
    bytes.copyWithin(at + 1, start, end);
    bytes[at] = length - trailerLength;
    return at + 1 + length;
  },
};

const bytes = (...octets: number[]) => Uint8Array.from(octets);

test("A packet is wrapped by the function, and found by the format.", (t) => {
  const framing = streamFraming(counted);
  t.deepEqual([framing.name, framing.maxPacketLength, framing.decoderMemory], ["counted", 10, 11]);
  t.deepEqual(encodeFrame(framing, bytes(5, 6)), bytes(2, 5, 6));
  t.deepEqual(decodeFrames(framing, bytes(2, 5, 6, 200, 1, 7)), [bytes(5, 6), bytes(7)]);
  t.throws(() => encodeFrame(framing, bytes(0xff)), { message: /no packet/ });
  const decoder = framing.decoder(new FixedMemory(100), 50);
  t.deepEqual(decoder.counters.reasons.slice(0, 2), ["tooLong", "notCounted"]);
});

test("A frame that the room is too short for is not written.", (t) => {
  const memory = new FixedMemory(16);
  const encoder = streamFraming(counted).encoder(memory);
  memory.bytes.set([1, 2, 3]);
  t.is(encoder.maxFrameLength(3), 4);
  t.is(encoder.encode(0, 3, 8, 11), -1);
  t.deepEqual(memory.bytes.slice(8), new Uint8Array(8));
  t.is(encoder.encode(0, 3, 8, 12), 12);
  t.deepEqual(memory.bytes.slice(8, 12), bytes(3, 1, 2, 3));
});

test("A layer above is told of in either direction; a validator is asked.", (t) => {
  const sealed = withCrc(streamFraming(counted), "crc16");
  t.is(sealed.maxPacketLength, 8);
  const frame = encodeFrame(sealed, bytes(9, 8, 7));
  t.deepEqual([frame[0], frame.length], [3, 6]);
  t.deepEqual(decodeFrames(sealed, frame), [bytes(9, 8, 7)]);
  const odd = streamFraming({
    ...counted,
    validator: (all, start) => (all[start]! % 2 === 1 ? ACCEPT_PACKET : REJECT_PACKET),
  });
  t.deepEqual(decodeFrames(odd, bytes(1, 4, 1, 5)), [bytes(5)], "a search goes on inside what is rejected");
});

test("A longest packet out of its range is refused by its name.", (t) => {
  for (const maxPacketLength of [0, 65_543, 1.5]) {
    t.throws(() => streamFraming({ ...counted, maxPacketLength }), { message: /^counted: maxPacketLength \(bytes\)/ });
  }
});
