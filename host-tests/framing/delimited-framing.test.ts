/** Framings of one's own made of two functions; the conformance suite runs on that of docs/own-framing.md. */
import test from "ava";
import { DOES_NOT_FIT, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, REJECT_PACKET, SKIP_PACKET } from "../../modules/framing/contract/packet-check.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { type DelimitedFramingOptions, delimitedFraming } from "../../modules/framing/engines/delimited-framing.js";

import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Workbench } from "./workbench.js";

/** Packets of capitals, sent as small letters between the delimiters "--". */
const letters: DelimitedFramingOptions = {
  name: "letters",
  delimiter: [0x2d, 0x2d],
  reasons: ["capital"],
  maxPacketLength: 8,
  frameLength: (packetLength) => packetLength,
  wrap(bytes, start, end, at) {
    bytes.copyWithin(at, start, end);
    for (let i = at; i < at + end - start; i++) {
      if (bytes[i]! < 0x41 || bytes[i]! > 0x5a) {
        return NOT_A_PACKET;
      }
      bytes[i] = bytes[i]! | 0x20;
    }
    return at + end - start;
  },
  unwrap(bytes, start, end) {
    for (let i = start; i < end; i++) {
      if (bytes[i]! < 0x60) {
        return -1;
      }
      bytes[i] = bytes[i]! & ~0x20;
    }
    return end;
  },
};

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const texts = (packets: readonly Uint8Array[]) => packets.map((packet) => Buffer.from(packet).toString());

test("A delimiter of several bytes stands behind each frame, and what is damaged is not delivered.", (t) => {
  const framing = delimitedFraming(letters);
  t.is(framing.name, "letters");
  t.is(framing.maxPacketLength, 8);
  t.deepEqual(encodeFrame(framing, bytes("ABC")), bytes("abc--"));
  t.deepEqual(texts(decodeFrames(framing, bytes("abc--Xyz----ninechars--z--"))), ["ABC", "Z"]);
});

test("What is no packet is refused; the empty one too, unless it is to be sent.", (t) => {
  const framing = delimitedFraming(letters);
  t.throws(() => encodeFrame(framing, bytes("A1")), { instanceOf: RangeError });
  t.throws(() => encodeFrame(framing, bytes("")), { instanceOf: RangeError });
  const withEmpty = delimitedFraming({ ...letters, emptyFrames: "packet" });
  t.deepEqual(encodeFrame(withEmpty, bytes("")), bytes("--"));
  t.deepEqual(texts(decodeFrames(withEmpty, bytes("--a--"))), ["", "A"]);
});

test("An option out of its range is refused by its name.", (t) => {
  const wrong: [Partial<DelimitedFramingOptions>, RegExp][] = [
    [{ maxPacketLength: 0 }, /^letters: maxPacketLength \(bytes\) must be from 1 to 65542, not 0$/],
    [{ delimiter: [] }, /^letters: delimiter \(number of octets\) must be from 1 to 8, not 0$/],
    [{ delimiter: [256] }, /^letters: delimiter \(octet\)/],
    [{ emptyFrames: "none" as "idle" }, /^letters: emptyFrames must be idle or packet, not "none"$/],
  ];
  for (const [option, message] of wrong) {
    t.throws(() => delimitedFraming({ ...letters, ...option }), { message });
  }
});

test("A frame and its delimiter fit to the byte, in the room to send as in the decoder's memory; one byte less is refused.", (t) => {
  const framing = delimitedFraming(letters);
  t.is(framing.decoderMemory, 8 + 2 - 1);
  const memory = new FixedMemory(40);
  memory.bytes.fill(0x77);
  memory.bytes.set(bytes("ABC"), 3);
  const encoder = framing.encoder(memory);
  t.is(encoder.maxFrameLength(3), 5);
  t.is(encoder.encode(3, 6, 20, 24), DOES_NOT_FIT);
  t.is(memory.bytes[24], 0x77);
  t.is(encoder.encode(3, 6, 20, 25), 25);
  t.deepEqual(memory.bytes.slice(20, 26), Uint8Array.from([...bytes("abc--"), 0x77]));
  // The longest frame, its delimiter cut in the middle: all that is gathered of it.
  const stream = bytes("abcdefgh--abcdefghi--z--");
  const bench = new Workbench(framing, 1);
  for (const byte of stream) {
    bench.feed(Uint8Array.of(byte));
  }
  t.deepEqual(texts(bench.packets), ["ABCDEFGH", "Z"]);
});

test("A packet that a check rejects is damage, one that it skips is not: each is counted by its name.", (t) => {
  const framing = delimitedFraming(letters);
  const judge = (memory: Uint8Array, start: number) =>
    memory[start] === 0x58 ? REJECT_PACKET : memory[start] === 0x59 ? SKIP_PACKET : ACCEPT_PACKET;
  const bench = new Workbench(
    { ...framing, decoder: (memory, area) => framing.decoder(memory, area, { judge, trailerLength: 0 }) },
    40,
  );
  bench.feed(bytes("x--yy--yyy--abc--"));
  t.deepEqual(texts(bench.packets), ["ABC"]);
  t.deepEqual(bench.decoder.counters.byReason(), { invalidPacket: 1, skipped: 2 });
  t.is(bench.decoder.counters.droppedBytes, 12);
});

test("The stream ends in a frame, or while a packet is refused: each counts by its name, and the next stream is another.", (t) => {
  const bench = new Workbench(delimitedFraming(letters), 40);
  bench.feed(bytes("ab"));
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { truncated: 1 });
  bench.feed(bytes("c--"));
  t.deepEqual(texts(bench.packets), ["C"]);
  bench.refusals = () => 1000;
  t.false(bench.offer(bytes("d--e--f")));
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { truncated: 1, undelivered: 1 });
  t.is(bench.decoder.counters.droppedBytes, 9);
  // One that was too long, and is still begun.
  bench.refusals = () => 0;
  bench.feed(bytes("muchtoolong"));
  bench.reset();
  bench.feed(bytes("g--"));
  t.deepEqual(texts(bench.packets), ["C", "G"]);
  t.deepEqual(bench.decoder.counters.byReason(), { truncated: 1, undelivered: 1, frameTooLong: 1 });
});
