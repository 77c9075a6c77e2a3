/** USLP coming in: what is lost with a frame or a wrong length, what is idle, and what is told of it. */
import test from "ava";
import {
  IDLE_DATA,
  LAST_SEGMENT,
  NO_FIRST_HEADER,
  NO_SEGMENTATION,
  STARTING_SEGMENT,
} from "../../modules/ccsds/uslp.js";
import { MORE } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { withCrc } from "../../modules/framing/layers/crc.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { Driver } from "./driver.js";
import { concat, Random } from "./random.js";
import { claiming, frame, IDLE, packet, receive, SCID, spanning, uncounted } from "./uslp-support.js";
import { Workbench } from "./workbench.js";

/** More than comes before the next place where a packet is known to begin. */
const WRONG = claiming(10, 300);

test("A wrong length in a frame that came whole costs its packet, and none behind it, whatever the refusals.", (t) => {
  const good = [packet(10), packet(12), packet(13), packet(30)];
  const zone = concat(good[0]!, WRONG, good[1]!, good[2]!);
  for (const counted of [true, false]) {
    const first = frame({ zone, rule: NO_SEGMENTATION });
    const second = frame({ zone: good[3]!, rule: NO_SEGMENTATION, count: 1 });
    const stream = counted ? concat(first, second) : concat(uncounted(first), uncounted(second));
    for (const size of [1, 13, stream.length]) {
      for (const times of [0, 1, 3]) {
        const found = receive({}, stream, size, times);
        t.deepEqual(found, { packets: good, reasons: { packetCutOff: 1 } }, `chunks of ${size}, ${times} refusals`);
      }
    }
  }
});

test("A wrong length among packets that span frames costs none behind it, as long as the frame count goes on.", (t) => {
  const packets = [packet(20), WRONG, packet(12), packet(30), packet(15), packet(9), packet(70), packet(40)];
  const good = packets.filter((each) => each !== WRONG);
  for (const zoneLength of [25, 40, 50, 60, 150]) {
    const frames = spanning(packets, zoneLength);
    for (const times of [0, 2]) {
      for (const size of [1, 300]) {
        const found = receive({}, concat(...frames), size, times);
        t.deepEqual(found, { packets: good, reasons: { packetCutOff: 1 } }, `zones of ${zoneLength}`);
      }
    }
  }
});

test("Frames of other channels, and of the same one with another MAP, do not stand in the way of that.", (t) => {
  const [front, back] = [concat(packet(20), WRONG, packet(12)), packet(30)];
  const stream = concat(
    frame({ zone: front, count: 8 }),
    frame({ zone: packet(11), vcid: 3, count: 77 }),
    frame({ zone: packet(11), map: 3, count: 9 }),
    frame({ zone: back, count: 10 }),
  );
  t.deepEqual(receive({}, stream), {
    packets: [packet(20), packet(12), packet(30)],
    reasons: { otherChannel: 2, packetCutOff: 1 },
  });
});

/** A packet whose octets look like packets, all through. */
function packetOfPackets(): Uint8Array {
  const outer = packet(6 + 5 * 20);
  for (let at = 6; at < outer.length; at += 20) {
    outer.set(packet(20, at), at);
  }
  return outer;
}

test("What a packet holds is never taken for packets when a frame may be missing.", (t) => {
  const outer = packetOfPackets();
  const frames = spanning([outer, packet(30)], 50);
  t.is(frames.length, 3);
  const isLost = concat(frames[0]!, frames[2]!);
  t.deepEqual(receive({}, isLost), { packets: [packet(30)], reasons: { framesLost: 1, packetCutOff: 1 } });
  const uncountedLost = concat(uncounted(frames[0]!), uncounted(frames[2]!));
  t.deepEqual(receive({}, uncountedLost), { packets: [packet(30)], reasons: { packetCutOff: 1 } });
  const badPointer = frame({ zone: outer.slice(50, 100), pointer: 51, count: 1 });
  t.deepEqual(receive({}, concat(frames[0]!, badPointer, frames[2]!)), {
    packets: [packet(30)],
    reasons: { packetCutOff: 1, badDataField: 1 },
  });
  const segments = [
    frame({ zone: outer.slice(0, 50), rule: STARTING_SEGMENT, count: 0 }),
    frame({ zone: outer.slice(50, 100), rule: LAST_SEGMENT, count: 1 }),
    frame({ zone: packet(30), count: 2 }),
  ];
  t.deepEqual(receive({}, concat(...segments)), { packets: [packet(30)], reasons: { packetCutOff: 1 } });
});

test("A stream that ends while packets found behind a wrong length are refused leaves nothing behind.", (t) => {
  const zone = concat(packet(10), WRONG, packet(12), packet(13));
  const bench = new Workbench(uslp({ spacecraftId: SCID }), 200);
  bench.refusals = (number) => (number === 2 ? 1000 : 0);
  t.false(bench.offer(frame({ zone, rule: NO_SEGMENTATION })));
  bench.reset();
  t.deepEqual(bench.decoder.counters.byReason(), { packetCutOff: 1, undelivered: 1 });
  bench.refusals = () => 0;
  bench.feed(frame({ zone: concat(WRONG, packet(30)), rule: NO_SEGMENTATION, count: 5 }));
  t.deepEqual(bench.packets, [packet(10), packet(12), packet(30)]);
  t.deepEqual(bench.decoder.counters.byReason(), { packetCutOff: 2, undelivered: 1 });
});

test("A stream that ends while a packet that spans frames is refused leaves nothing behind.", (t) => {
  const frames = spanning([packet(60), packet(20)], 25);
  for (const size of [1, 200]) {
    const bench = new Workbench(uslp({ spacecraftId: SCID }), size);
    bench.refusals = () => 1000;
    const stream = concat(...frames);
    for (let at = 0; at < stream.length && bench.offer(stream.slice(at, at + size)); at += size) {}
    bench.reset();
    t.deepEqual(bench.decoder.counters.byReason(), { undelivered: 1 });
    bench.refusals = () => 0;
    // It goes on with the rest of a packet: of that one, or of the next stream's.
    const next = concat(
      frame({ zone: packet(90).slice(40), pointer: NO_FIRST_HEADER, count: 3 }),
      frame({ zone: packet(30), count: 4 }),
    );
    for (let at = 0; at < next.length; at += size) {
      bench.feed(next.slice(at, at + size));
    }
    t.deepEqual(bench.packets, [packet(30)]);
    t.deepEqual(bench.decoder.counters.byReason(), { undelivered: 1 });
  }
});

test("With a frame lost, the rest of its packet is passed over in silence, however many frames that takes.", (t) => {
  const packets = [packet(20), packet(30), packet(120), packet(20)];
  const frames = spanning(packets, 25);
  // The third one has the beginning of the long packet.
  const { packets: found, reasons } = receive({}, concat(...frames.filter((_, i) => i !== 2)));
  t.deepEqual(found, [packets[0]!, packets[1]!, packets[3]!]);
  t.deepEqual(reasons, { framesLost: 1 });
});

test("Idle packets and idle frames are no rejection; the frames' bytes are idle.", (t) => {
  const parts = [
    frame({ zone: concat(packet(20), IDLE), count: 0 }),
    frame({ zone: new Uint8Array(9), vcid: 63, count: 0 }),
    frame({ zone: new Uint8Array(9), vcid: 63, count: 0 }),
    frame({ zone: new Uint8Array(9), rule: NO_SEGMENTATION, identifier: IDLE_DATA, count: 1 }),
    frame({ zone: packet(30), count: 2 }),
    frame({ zone: new Uint8Array(40), vcid: 63, count: 1 }),
  ];
  const over = cobs();
  for (const carried of [false, true]) {
    const frames = carried ? parts.map((each) => encodeFrame(over, each)) : parts;
    const stream = concat(...frames);
    for (const size of [1, 30, stream.length]) {
      const bench = new Workbench(uslp({ spacecraftId: SCID, ...(carried ? { over } : {}) }), size);
      bench.refusals = (number) => number;
      for (let at = 0; at < stream.length; at += size) {
        bench.feed(stream.slice(at, at + size));
      }
      t.deepEqual(bench.packets, [packet(20), packet(30)]);
      const frameBytes = frames[0]!.length + frames[4]!.length;
      t.deepEqual(bench.counts(), {
        frames: 2,
        frameBytes,
        droppedBytes: 0,
        idleBytes: stream.length - frameBytes,
        pendingBytes: 0,
      });
      bench.decoder.counters.clear();
      bench.fed = 0;
      for (let at = 0; at < frames[4]!.length; at += size) {
        bench.feed(frames[4]!.slice(at, at + size));
      }
      t.is(bench.decoder.counters.idleBytes, 0);
    }
  }
});

test("Idle packets need no checksum, where the packets beside them must have one.", (t) => {
  const framing = withCrc(uslp({ spacecraftId: SCID }), "check16");
  const ping = Uint8Array.from(Buffer.from("1802c00000062f11010000a7d2", "hex"));
  const bench = new Workbench(framing, 200);
  bench.feed(frame({ zone: concat(ping, IDLE, ping), rule: NO_SEGMENTATION }));
  t.deepEqual(bench.packets, [ping, ping]);
  t.deepEqual(bench.decoder.counters.byReason(), {});
});

test("A frame that the end of the stream cuts off is truncated, one that is late has timed out.", (t) => {
  for (const closing of [true, false]) {
    const framing = uslp({ spacecraftId: SCID });
    const memory = new FixedMemory(framing.decoderMemory + 100);
    const decoder = framing.decoder(memory, 100);
    memory.bytes.set(frame({ zone: packet(20) }).slice(0, 15));
    const driver = new Driver(decoder, memory, { accept: () => true });
    driver.give(0, 15);
    t.is(driver.late(closing), MORE);
    t.deepEqual(decoder.counters.byReason(), closing ? { truncated: 1 } : { timedOut: 1 });
  }
});

test("A frame that may still be completed is not given up.", (t) => {
  const framing = uslp({ spacecraftId: SCID });
  const memory = new FixedMemory(framing.decoderMemory + 100);
  const decoder = framing.decoder(memory, 100);
  const bytes = frame({ zone: packet(20) });
  memory.bytes.set(bytes);
  let packets = 0;
  const driver = new Driver(decoder, memory, { accept: () => ++packets > 0 });
  driver.give(0, 15);
  t.is(driver.late(false, 15), MORE);
  t.is(decoder.pendingBytes, 15);
  driver.give(15, bytes.length);
  t.is(packets, 1);
});

test("Of what is given up in front of a frame, its packets' sink knows already.", (t) => {
  const framing = uslp({ spacecraftId: SCID });
  const long = frame({ zone: packet(200) }).slice(0, 9);
  const good = frame({ zone: packet(20) });
  const bytes = concat(long, good);
  const memory = new FixedMemory(framing.decoderMemory + 100);
  const decoder = framing.decoder(memory, 100);
  memory.bytes.set(bytes);
  const seen: [dropped: number, timedOut: number][] = [];
  const sink = {
    accept() {
      const { counters } = decoder;
      seen.push([counters.droppedBytes, counters.rejected[counters.reasons.indexOf("timedOut")]!]);
      return true;
    },
  };
  const driver = new Driver(decoder, memory, sink);
  driver.give(0, bytes.length);
  t.deepEqual(seen, []);
  driver.late();
  t.deepEqual(seen, [[9, 1]]);
  t.deepEqual(decodeFrames(framing, bytes), [packet(20)]);
});

test("Of packets that span frames, with frames lost at random, those that came whole are delivered, and no other one.", (t) => {
  const random = new Random(91);
  for (let round = 0; round < 150; round++) {
    const zoneLength = 5 + random.below(60);
    const packets = Array.from({ length: 20 }, (_, i) => packet(7 + random.below(100), i));
    const all = spanning(packets, zoneLength);
    const isLost = all.map(() => random.below(10) === 0);
    const parts = all.flatMap((each, i) => {
      if (!isLost[i]) {
        return [each];
      }
      const at = random.below(each.length);
      return random.below(2) === 0 ? [] : [each.with(at, each[at]! ^ (1 + random.below(255)))];
    });
    let at = 0;
    const expected = packets.filter((each) => {
      const first = Math.floor(at / zoneLength);
      at += each.length;
      return !isLost.slice(first, Math.ceil(at / zoneLength)).includes(true);
    });
    const { packets: found } = receive({}, concat(...parts), 1 + random.below(250), random.below(3));
    t.deepEqual(found, expected, `round ${round}`);
  }
});
