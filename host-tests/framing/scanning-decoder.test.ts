/** The engine of framings without a delimiter: what no framing of its own shows. */
import test from "ava";
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { ACCEPT_PACKET, type PacketValidator, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { decodeFrames } from "../../modules/framing/encode-decode.js";
import { ScanningDecoder } from "../../modules/framing/engines/scanning-decoder.js";
import type { StreamFormat } from "../../modules/framing/engines/stream-format.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { crcValidator } from "../../modules/framing/layers/crc-validator.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { concat, Random } from "./random.js";
import { Workbench } from "./workbench.js";

const MAX_PACKET_LENGTH = 1024;
/** What a server reads at once. */
const CHUNK = 1023;

/** Three octets of it ask for a packet of 778 bytes, wherever they stand. */
const FLOOD = new Uint8Array(CHUNK).fill(0x03);

function telecommand(length: number, random: Random): Uint8Array {
  const packet = random.bytes(length);
  packet.set([0x18, 0x42, 0xc0, 1, 0, length - 7]);
  writeCrc16(packet, 0, length);
  return packet;
}

/** Space packets with a CRC, and the bytes that were judged since the last look. */
class Meter {
  judged = 0;
  readonly validator: PacketValidator = (bytes, start, end) => {
    this.judged += end - start;
    return crcValidator(bytes, start, end);
  };

  take(): number {
    const { judged } = this;
    this.judged = 0;
    return judged;
  }
}

test("A flood of bytes that all may begin a packet costs a bounded number of checks a call, and the packets behind it arrive.", (t) => {
  const meter = new Meter();
  const framing = spacePackets({ maxPacketLength: MAX_PACKET_LENGTH, validator: meter.validator });
  const bench = new Workbench(framing, CHUNK);
  bench.mayPause = 1000;
  const random = new Random(80);
  const good = Array.from({ length: 60 }, (_, i) => telecommand(20 + i, random));
  const stream = concat(FLOOD, FLOOD, ...good);
  let most = 0;
  const calls = (call: () => boolean) => {
    for (let done = false; !done; ) {
      done = call();
      most = Math.max(most, meter.take());
    }
  };
  for (let at = 0; at < stream.length; at += CHUNK) {
    const chunk = stream.slice(at, at + CHUNK);
    let offered = false;
    calls(() => {
      const done = offered ? bench.resume() : bench.offer(chunk);
      offered = true;
      return done;
    });
  }
  let isLate = false;
  calls(() => {
    const done = isLate ? bench.resume() : bench.expireOnce();
    isLate = true;
    return done;
  });
  t.deepEqual(bench.packets, good);
  t.is(bench.decoder.counters.rejections, 1);
  t.true(bench.pauses > 50 && bench.pauses < 150, `${bench.pauses} pauses`);
  // The limit, the packet that went over it, and the good ones in a chunk.
  t.true(most <= 16_384 + MAX_PACKET_LENGTH + CHUNK, `${most} bytes judged in one call`);
});

test("The outcome does not depend on where the decoder stopped.", (t) => {
  const random = new Random(81);
  for (let round = 0; round < 20; round++) {
    const parts = Array.from({ length: 8 }, () =>
      random.below(2) === 0 ? telecommand(20 + random.below(80), random) : FLOOD.slice(0, random.below(400)),
    );
    const stream = concat(...parts);
    const run = (size: number, refusals: number) => {
      const bench = new Workbench(spacePackets({ validator: crcValidator }), CHUNK);
      bench.mayPause = 1000;
      bench.refusals = () => refusals;
      for (let at = 0; at < stream.length; at += size) {
        bench.feed(stream.slice(at, at + size));
      }
      bench.expire();
      return bench.outcome();
    };
    const whole = run(CHUNK, 0);
    for (const size of [1, 7, 100, 500]) {
      t.is(run(size, size % 3), whole, `round ${round}, chunks of ${size}`);
    }
  }
});

test("Bytes in small pieces are worth no more than in one: what is made up for is so much a byte.", (t) => {
  const meter = new Meter();
  const bench = new Workbench(spacePackets({ validator: meter.validator }), CHUNK);
  bench.mayPause = 1000;
  // The area is full of what may begin a packet: from here on, each byte costs a check.
  bench.feed(FLOOD.slice(0, 777));
  let judged = 0;
  let fed = 0;
  for (; bench.pauses === 0 && fed < 1000; fed++) {
    bench.feed(FLOOD.slice(0, 1));
    judged += meter.take();
  }
  t.is(bench.pauses, 1);
  t.true(judged < 16_384 + MAX_PACKET_LENGTH + 16 * fed + 1024, `${judged} bytes judged for ${fed}`);
});

test("A stream does not pay for what the one before it cost.", (t) => {
  const bench = new Workbench(spacePackets({ validator: crcValidator }), CHUNK);
  bench.mayPause = 1000;
  const firstPause = () => {
    const before = bench.pauses;
    let fed = 0;
    for (bench.feed(FLOOD.slice(0, 777)); bench.pauses === before && fed < 1000; fed++) {
      bench.feed(FLOOD.slice(0, 1));
    }
    return fed;
  };
  const fresh = firstPause();
  for (let i = 0; i < fresh - 1; i++) {
    bench.feed(FLOOD.slice(0, 1));
  }
  bench.reset();
  t.is(firstPause(), fresh);
});

/** A header that claims a long packet, and bytes behind it of which most may begin one of 264. */
function slowFrame(...parts: Uint8Array[]): Uint8Array {
  return concat(Uint8Array.of(0x18, 0x42, 0xc0, 0, 0x03, 0xf8), ...parts);
}

test("To look whether a slow frame is one is bounded, too: what is not found soon is waited for.", (t) => {
  const meter = new Meter();
  const bench = new Workbench(spacePackets({ validator: meter.validator }), CHUNK);
  bench.feed(slowFrame(new Uint8Array(900).fill(1)));
  t.true(bench.late(false, 10));
  t.true(meter.take() <= 16_384 + 264);
  t.is(bench.decoder.pendingBytes, 906);
});

test("A slow frame that is none is searched to its end, in as many calls as it takes.", (t) => {
  const bench = new Workbench(spacePackets({ validator: crcValidator }), CHUNK);
  const random = new Random(84);
  const good = [telecommand(30, random), telecommand(40, random)] as const;
  bench.feed(
    slowFrame(good[0], new Uint8Array(500).fill(1), new Uint8Array(200).fill(0xff), good[1], new Uint8Array(20)),
  );
  let calls = 1;
  bench.mayPause = 100;
  for (let taken = bench.late(false, 10); !taken; taken = bench.resume()) {
    calls++;
  }
  t.true(calls > 2, `${calls} calls`);
  t.deepEqual(bench.packets, [...good]);
});

test("Good packets and ordinary garbage never make the decoder stop.", (t) => {
  const random = new Random(82);
  const bench = new Workbench(spacePackets({ validator: crcValidator }), CHUNK);
  const good: Uint8Array[] = [];
  for (let i = 0; i < 200; i++) {
    const packet = telecommand(20 + random.below(200), random);
    const damaged = packet.with(random.below(packet.length), random.below(256));
    good.push(packet);
    const stream = concat(random.bytes(random.below(300)), damaged, packet);
    for (let at = 0; at < stream.length; at += CHUNK) {
      bench.feed(stream.slice(at, at + CHUNK));
    }
    bench.expire();
  }
  t.is(bench.pauses, 0);
  t.true(bench.packets.length >= 190, `${bench.packets.length} of ${good.length}`);
});

test("Plain functions go on until the end.", (t) => {
  const framing = parseFraming("framing", "space-packets,crc=check16", { maxPacketLength: MAX_PACKET_LENGTH });
  const good = telecommand(40, new Random(83));
  t.deepEqual(decodeFrames(framing, concat(good, FLOOD, FLOOD, FLOOD)), [good]);
  t.is(decodeFrames(framing, concat(FLOOD, FLOOD, ...new Array(30).fill(good))).length, 30);
});

/** A format that asks for more than it said it ever would. */
class Greedy implements StreamFormat {
  readonly reasons = [];
  readonly maxWanted = 4;
  readonly leading = 0;
  readonly trailing = 0;
  readonly kind = 0;

  wanted(bytes: Uint8Array, at: number, available: number): number {
    return bytes[at] === 1 ? 2 : available < 3 ? 3 : available + 9;
  }
}

test("A format that asks for more than its area has gets no more, and bytes behind it are still found.", (t) => {
  const framing: Framing = {
    name: "greedy",
    maxPacketLength: 4,
    decoderMemory: 4,
    decoder: (memory, area) => new ScanningDecoder(memory, area, new Greedy()),
    encoder: () => {
      throw new Error("not asked");
    },
  };
  for (const size of [1, 2, 3, 5, 20]) {
    const bench = new Workbench(framing, size);
    const stream = Uint8Array.of(7, 7, 7, 7, 7, 7, 7, 1, 5, 7, 1, 6, 7, 7, 7, 7, 7, 7, 7, 7);
    for (let at = 0; at < stream.length; at += size) {
      bench.feed(stream.slice(at, at + size));
    }
    bench.expire();
    t.deepEqual(bench.packets, [Uint8Array.of(1, 5), Uint8Array.of(1, 6)], `chunks of ${size}`);
  }
});

test("The first loss of a stream is counted, also when the stream before it ended in one.", (t) => {
  const bench = new Workbench(spacePackets(), 10);
  for (let stream = 1; stream <= 3; stream++) {
    bench.feed(Uint8Array.of(0xff, 0xff));
    bench.feed(Uint8Array.of(0xff));
    bench.reset();
    t.is(bench.counts()["unsupportedVersion"], stream);
  }
});

test("A loss that a refused packet ends is over when it is taken, and not before.", (t) => {
  const validator: PacketValidator = (bytes, start) => (bytes[start + 6] === 0 ? REJECT_PACKET : ACCEPT_PACKET);
  const bench = new Workbench(spacePackets({ validator }), 100);
  const good = Uint8Array.of(0x18, 0x42, 0xc0, 0, 0, 0, 0xff);
  bench.refusals = (packet) => (packet === 0 ? 2 : 0);
  bench.feed(concat(Uint8Array.of(0xff), good, Uint8Array.of(0xff), good));
  t.is(bench.counts()["unsupportedVersion"], 2);
  // The one refused at the end is not counted as truncated, and what it leaves is no loss of the next stream.
  bench.refusals = () => 1000;
  t.false(bench.offer(concat(Uint8Array.of(0xff), good)));
  bench.reset();
  bench.reset();
  bench.refusals = () => 0;
  bench.feed(Uint8Array.of(0xff));
  t.deepEqual(bench.decoder.counters.byReason(), { unsupportedVersion: 4, undelivered: 1 });
});
