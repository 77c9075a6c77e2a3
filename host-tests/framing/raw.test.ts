import test from "ava";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { raw } from "../../modules/framing/formats/raw.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { Workbench } from "./workbench.js";

test("Raw: every chunk is a packet, and a packet is sent as it is.", (t) => {
  const bench = new Workbench(raw(), 10);
  const chunks = [Uint8Array.of(1), Uint8Array.of(0, 0xc0), Uint8Array.of(5, 6, 7)];
  for (const chunk of chunks) {
    bench.feed(chunk);
    bench.feed(new Uint8Array(0));
    bench.expire();
  }
  t.deepEqual(bench.packets, chunks);
  t.deepEqual(encodeFrame(raw(), Uint8Array.of(1, 2)), Uint8Array.of(1, 2));
  t.deepEqual(decodeFrames(raw(), Uint8Array.of(1, 2)), [Uint8Array.of(1, 2)]);
  t.throws(() => encodeFrame(raw(), new Uint8Array(0)), { message: /no packet for raw/ });
});

test("Raw: a burst that is too long is dropped whole, and the next one arrives.", (t) => {
  const bench = new Workbench(raw({ maxPacketLength: 3 }), 10);
  bench.feed(Uint8Array.of(1, 2, 3, 4));
  bench.feed(Uint8Array.of(1, 2, 3));
  t.deepEqual(bench.packets, [Uint8Array.of(1, 2, 3)]);
  t.deepEqual(bench.counts(), {
    frames: 1,
    frameBytes: 3,
    droppedBytes: 4,
    idleBytes: 0,
    pendingBytes: 0,
    burstTooLong: 1,
  });
});

test("Raw: a burst that is refused is offered again, and counted when the stream ends.", (t) => {
  const bench = new Workbench(raw(), 10);
  bench.refusals = () => 3;
  bench.feed(Uint8Array.of(1));
  t.deepEqual(bench.packets, [Uint8Array.of(1)]);
  bench.refusals = () => 1000;
  t.false(bench.offer(Uint8Array.of(2)));
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { undelivered: 1 });
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { undelivered: 1 });
});

test("Raw: with a checksum, a burst that was cut is damage.", (t) => {
  const framing = withCrc(raw(), "crc16");
  const bytes = encodeFrame(framing, Uint8Array.of(1, 2, 3));
  const bench = new Workbench(framing, 10);
  bench.feed(bytes);
  bench.feed(bytes.slice(0, 3));
  bench.feed(bytes.slice(3));
  t.deepEqual(bench.packets, [Uint8Array.of(1, 2, 3)]);
  t.deepEqual(bench.decoder.counters.byReason(), { invalidPacket: 2 });
});

test("Raw: a limit out of range is refused by name.", (t) => {
  t.throws(() => raw({ maxPacketLength: 65_543 }), { message: /raw: maxPacketLength.*1 to 65542, not 65543/ });
});
