/** USLP going out: which frames are numbered, and how. */
import test from "ava";
import { NO_SEGMENTATION } from "../../modules/ccsds/uslp.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { concat } from "./random.js";
import { frame, packet, SCID } from "./uslp-support.js";
import { Workbench } from "./workbench.js";

test("One packet makes one transfer frame, without segmentation; the VC frame count is that of the frames sent.", (t) => {
  const framing = uslp({ spacecraftId: SCID, virtualChannelId: 5, mapId: 3, vcFrameCountLength: 1 });
  const memory = new FixedMemory(1000);
  const encoder = framing.encoder(memory);
  const ping = packet(13);
  memory.bytes.set(ping);
  for (let i = 0; i < 600; i++) {
    const expected = frame({ zone: ping, rule: NO_SEGMENTATION, vcid: 5, map: 3, count: i % 256 });
    t.is(encoder.encode(0, 13, 100, 100 + 23), DOES_NOT_FIT);
    t.is(encoder.encode(0, 12, 100, 200), NOT_A_PACKET);
    for (let thrownAway = 0; thrownAway < 2; thrownAway++) {
      const end = encoder.encode(0, 13, 100, 200);
      t.deepEqual(memory.bytes.slice(100, end), expected);
    }
    encoder.taken?.();
  }
  t.is(encoder.maxFrameLength(13), 24);
  t.throws(() => encodeFrame(framing, ping.slice(0, 12)), { message: /no packet for uslp/ });
});

/** The frames of so many packets, of which every second one is encoded twice. */
function stream(framing: Framing, count: number): Uint8Array {
  const memory = new FixedMemory(1000);
  const encoder = framing.encoder(memory);
  const frames: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    memory.bytes.set(packet(20, i));
    for (let again = i % 2; again >= 0; again--) {
      frames[i] = memory.bytes.slice(100, encoder.encode(0, 20, 100, 200));
    }
    encoder.taken?.();
  }
  return concat(...frames);
}

test("Frames that are thrown away leave no gap in the VC frame count, in COBS and under a checksum neither.", (t) => {
  const options = { spacecraftId: SCID, vcFrameCountLength: 1 };
  const framings = [
    uslp(options),
    uslp({ ...options, over: cobs() }),
    withCrc(uslp(options), "crc16"),
    withCrc(uslp({ ...options, over: cobs() }), "crc32"),
  ];
  for (const framing of framings) {
    const bytes = stream(framing, 300);
    const bench = new Workbench(framing, bytes.length);
    bench.feed(bytes);
    t.is(bench.packets.length, 300);
    t.deepEqual(bench.decoder.counters.byReason(), {});
  }
});

test("A VC frame count that stands still, or jumps, is told by the receiver.", (t) => {
  const framing = uslp({ spacecraftId: SCID });
  const one = encodeFrame(framing, packet(20));
  const bench = new Workbench(framing, 200);
  bench.feed(concat(one, one, one));
  t.is(bench.packets.length, 3);
  t.deepEqual(bench.decoder.counters.byReason(), { framesLost: 2 });
});

test("What carries transfer frames is told of those that are sent, and of what stands behind whole ones.", (t) => {
  let taken = 0;
  let behind = 0;
  const plain = cobs();
  const over: Framing = {
    ...plain,
    encoder(memory, trailerLength = 0) {
      const encoder = plain.encoder(memory);
      behind = trailerLength;
      const counting: FrameEncoder = {
        maxFrameLength: (length) => encoder.maxFrameLength(length),
        encode: (start, end, at, limit) => encoder.encode(start, end, at, limit),
        taken() {
          taken++;
        },
      };
      return counting;
    },
  };
  const framings: [framing: Framing, behind: number][] = [
    [uslp({ spacecraftId: SCID, over, content: "frames" }), 0],
    [withCrc(uslp({ spacecraftId: SCID, over, content: "frames" }), "crc32"), 4],
    [withCrc(uslp({ spacecraftId: SCID, over }), "crc32"), 0],
    [withCrc(over, "crc16"), 2],
  ];
  for (const [framing, length] of framings) {
    taken = 0;
    const encoder = framing.encoder(new FixedMemory(100));
    encoder.taken?.();
    encoder.taken?.();
    t.deepEqual([taken, behind], [2, length]);
  }
  t.notThrows(() => uslp({ spacecraftId: SCID, content: "frames" }).encoder(new FixedMemory(100)).taken?.());
});

test("One frame by itself is decoded by itself.", (t) => {
  const framing = uslp({ spacecraftId: SCID });
  t.deepEqual(decodeFrames(framing, encodeFrame(framing, packet(20))), [packet(20)]);
});
