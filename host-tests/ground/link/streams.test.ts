import { once } from "node:events";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import test from "ava";
import { decodeStream, encodeStream, UnsendableError } from "../../../ground/index.js";
import { decodeFrames, encodeFrame } from "../../../modules/framing/encode-decode.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { lengthPrefixed } from "../../../modules/framing/formats/length-prefixed.js";
import { slip } from "../../../modules/framing/formats/slip.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { uslp } from "../../../modules/framing/formats/uslp.js";
import { withCrc } from "../../../modules/framing/layers/crc.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { until } from "../../host/node-rig.js";
import { join, numberOf, numbers, packet, packets } from "../../link/packets.js";
import { ManualClock, turns } from "./manual-clock.js";

async function collect<Item>(stream: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of stream) {
    items.push(item);
  }
  return items;
}

const FRAMINGS = ["space-packets", "cobs", "slip", "netstring", "length-prefixed", "cobs,crc=crc32"];

for (const text of FRAMINGS) {
  test(`${text}: packets to bytes and back, however the bytes are cut`, async (t) => {
    const framing = parseFraming("framing", text, { maxPacketLength: 1024 });
    const sent = packets(1, 40, 100);
    const bytes = Buffer.concat(await collect(Readable.from(sent).pipe(encodeStream(framing))));
    for (const size of [1, 7, 64, bytes.length]) {
      const cut: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        cut.push(bytes.subarray(at, at + size));
      }
      const received = await collect<Buffer>(Readable.from(cut).pipe(decodeStream(framing)));
      t.deepEqual(
        received.map((each) => Uint8Array.from(each)),
        sent,
        `pieces of ${size} bytes`,
      );
    }
  });
}

test("each packet is a Buffer of its own", async (t) => {
  const [first] = await collect<Buffer>(Readable.from([encodeFrame(cobs(), packet(1))]).pipe(decodeStream(cobs())));
  t.true(Buffer.isBuffer(first));
  t.is(first?.buffer.byteLength, 20);
});

test("through a file", async (t) => {
  const folder = mkdtempSync(joinPath(tmpdir(), "flatlink-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = joinPath(folder, "telemetry.bin");
  const count = 3000;
  await pipeline(Readable.from(packets(0, count, 300)), encodeStream(spacePackets()), createWriteStream(file));
  const received = await collect<Buffer>(createReadStream(file).pipe(decodeStream(spacePackets())));
  t.deepEqual(received.map(numberOf), numbers(0, count));
});

test("damage is counted, and what is good around it is delivered", async (t) => {
  const stream = decodeStream(cobs());
  const bytes = join([encodeFrame(cobs(), packet(1)), Uint8Array.of(9, 1, 0), encodeFrame(cobs(), packet(2))]);
  const received = await collect<Buffer>(Readable.from([bytes]).pipe(stream));
  t.deepEqual(received.map(numberOf), [1, 2]);
  t.is(stream.counters.rejections, 1);
});

test("a tail that is no whole frame is not delivered, and what it hides is", async (t) => {
  const framing = spacePackets();
  const long = packet(1, 500).slice(0, 6);
  const stream = decodeStream(framing);
  const received = await collect<Buffer>(Readable.from([join([packet(0), long, packet(2)])]).pipe(stream));
  t.deepEqual(received.map(numberOf), [0, 2]);
  t.true(stream.counters.rejections > 0);
});

test("a live stream: the rest of a frame that does not come is given up after its time", async (t) => {
  const source = new PassThrough();
  const stream = source.pipe(decodeStream(spacePackets(), { partialFrameTimeoutMs: 50 }));
  const received: number[] = [];
  stream.on("data", (each: Buffer) => received.push(numberOf(each)));
  source.write(packet(1, 100).slice(0, 30));
  await until("the rest to be given up", () => stream.counters.rejections > 0);
  source.write(packet(2));
  await until("the packet", () => received.length > 0);
  t.deepEqual(received, [2]);
  source.destroy();
  stream.destroy();
});

test("kinds: which of its framing's frames a packet came in", async (t) => {
  const stream = decodeStream(cobs(), { kinds: true });
  const received = await collect(Readable.from([encodeFrame(cobs(), packet(1))]).pipe(stream));
  t.like(received[0], { kind: 0 });
  t.is(numberOf((received[0] as { packet: Buffer }).packet), 1);
});

test("kinds: what it emits, an encoding stream takes", async (t) => {
  const source = Readable.from(packets(1, 5).map((each) => encodeFrame(cobs(), each)));
  const bytes = await collect<Buffer>(source.pipe(decodeStream(cobs(), { kinds: true })).pipe(encodeStream(slip())));
  t.deepEqual(decodeFrames(slip(), Buffer.concat(bytes)), packets(1, 5));
});

test("what is no packet of the framing ends the encoding stream with a typed error", async (t) => {
  const error = await t.throwsAsync(collect(Readable.from([Buffer.of(1, 2, 3)]).pipe(encodeStream(spacePackets()))), {
    instanceOf: UnsendableError,
  });
  t.is(error?.length, 3);
});

for (const [wrong, message] of [
  ["abc", "a packet must be a Uint8Array, not a string"],
  [{ length: 3 }, "a packet must be a Uint8Array, not another object"],
  [{ packet: "abc", kind: 0 }, "a packet must be a Uint8Array, not a string"],
] as const) {
  test(`${JSON.stringify(wrong)} is no packet, and ends the encoding stream`, async (t) => {
    await t.throwsAsync(collect(Readable.from([wrong]).pipe(encodeStream(cobs()))), { instanceOf: TypeError, message });
  });
}

test("a packet longer than the framing's longest ends the encoding stream", async (t) => {
  const framing = cobs({ maxPacketLength: 100 });
  t.is((await collect(Readable.from([new Uint8Array(100)]).pipe(encodeStream(framing)))).length, 1);
  await t.throwsAsync(collect(Readable.from([new Uint8Array(101)]).pipe(encodeStream(framing))), {
    instanceOf: UnsendableError,
    message: "101 bytes are too long: a packet has up to 100",
  });
});

test("frames that are numbered are numbered on", async (t) => {
  const framing = uslp({ spacecraftId: 1, vcFrameCountLength: 1 });
  const bytes = Buffer.concat(await collect<Buffer>(Readable.from(packets(1, 3)).pipe(encodeStream(framing))));
  const length = bytes.length / 3;
  t.deepEqual([bytes[7], bytes[length + 7], bytes[2 * length + 7]], [0, 1, 2]);
});

test("a tail that is cut off counts as such, and not as late", async (t) => {
  const stream = decodeStream(spacePackets());
  await collect(Readable.from([join([packet(0), packet(1).slice(0, 10)])]).pipe(stream));
  t.deepEqual(stream.counters.byReason(), { truncated: 1 });
});

test("a live stream: a plausible wrong length is given up after its time, whatever goes on coming", async (t) => {
  const clock = new ManualClock();
  const stream = decodeStream(spacePackets({ packetIds: [0x0042] }), { partialFrameTimeoutMs: 100, clock });
  t.teardown(() => stream.destroy());
  const received: number[] = [];
  stream.on("data", (each: Buffer) => received.push(numberOf(each)));
  stream.write(packet(1, 1000).slice(0, 6));
  let number = 1;
  for (; number < 40 && received.length === 0; number++) {
    // Each comes before the timeout since the last one is over.
    stream.write(packet(number));
    await turns(1);
    clock.advance(20);
    await turns(1);
  }
  // It is looked at four times while it runs.
  t.true(clock.now() >= 100 && clock.now() <= 140, `${clock.now()} ms`);
  await until("all that came", () => received.length === number - 1);
  t.deepEqual(received, numbers(1, number - 1));
});

test("a live stream: time in which nobody reads does not count", async (t) => {
  const clock = new ManualClock();
  const stream = decodeStream(spacePackets(), { partialFrameTimeoutMs: 50, clock });
  t.teardown(() => stream.destroy());
  const last = packet(30, 100);
  // More than the readable side holds: the rest of the last one has to wait.
  stream.write(join([...packets(0, 30), last.slice(0, 50)]));
  stream.write(last.slice(50));
  await turns(5);
  clock.advance(200);
  const received: number[] = [];
  stream.on("data", (each: Buffer) => received.push(numberOf(each)));
  await until("the last one", () => received.length === 31);
  t.deepEqual(stream.counters.byReason(), {});
});

test("a live stream: after it was read again, the timeout runs again", async (t) => {
  const clock = new ManualClock();
  const stream = decodeStream(spacePackets(), { partialFrameTimeoutMs: 50, clock });
  t.teardown(() => stream.destroy());
  stream.write(join([...packets(0, 30), packet(30, 100).slice(0, 50)]));
  await turns(5);
  clock.advance(150);
  t.is(stream.counters.rejections, 0);
  stream.resume();
  await clock.passUntil("the rest to be given up", () => stream.counters.rejections === 1);
  t.true(clock.now() >= 200, `${clock.now()} ms`);
  t.deepEqual(stream.counters.byReason(), { timedOut: 1 });
});

test("destroyed: nothing is given up any more", async (t) => {
  const clock = new ManualClock();
  const stream = decodeStream(spacePackets(), { partialFrameTimeoutMs: 40, clock });
  stream.write(packet(1, 100).slice(0, 30));
  clock.advance(5);
  t.is(clock.timers, 1);
  stream.destroy();
  await turns(5);
  t.is(clock.timers, 0);
  clock.advance(100);
  t.is(stream.counters.rejections, 0);
});

for (const how of ["end", "destroy"] as const) {
  test.serial(`${how}: the timeout keeps no program running`, async (t) => {
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const before = timers();
    const stream = decodeStream(spacePackets(), { partialFrameTimeoutMs: 600_000 });
    stream.write(packet(1, 100).slice(0, 30));
    t.is(timers(), before + 1);
    stream.resume();
    stream[how]();
    await new Promise((resolve) => stream.once("close", resolve));
    t.is(timers(), before);
  });
}

test("a frame with a delimiter is waited for, and keeps no program running meanwhile", async (t) => {
  const clock = new ManualClock();
  const stream = decodeStream(cobs(), { partialFrameTimeoutMs: 20, clock });
  const received: number[] = [];
  stream.on("data", (each: Buffer) => received.push(numberOf(each)));
  const frame = encodeFrame(cobs(), packet(5));
  stream.write(frame.slice(0, 10));
  await turns(5);
  clock.advance(100);
  t.is(clock.timers, 0);
  stream.write(frame.slice(10));
  await until("the packet", () => received.length === 1);
  t.is(stream.counters.rejections, 0);
});

test("options out of range throw", (t) => {
  t.throws(() => decodeStream(cobs(), { partialFrameTimeoutMs: -1 }), {
    message: "partialFrameTimeoutMs must be from 0 to 600000, not -1",
  });
});

test("bytes that only a checksum rules out are searched in turns: the program goes on meanwhile", async (t) => {
  // Each byte begins a frame of 1289 bytes whose checksum is to be calculated: more than 80 MB in all.
  const stream = decodeStream(withCrc(lengthPrefixed({ maxPacketLength: 2000 }), "crc32"));
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  stream.resume();
  stream.end(Buffer.alloc(65_536, 5));
  await once(stream, "end");
  clearImmediate(timer);
  t.true(turns > 3, `${turns} turns`);
  t.is(stream.counters.droppedBytes, 65_536);
});

test("a stream that is destroyed in the middle of a search is left alone", async (t) => {
  const stream = decodeStream(withCrc(lengthPrefixed({ maxPacketLength: 2000 }), "crc32"));
  stream.write(Buffer.alloc(65_536, 5));
  stream.destroy();
  await once(stream, "close");
  const { droppedBytes } = stream.counters;
  await new Promise(setImmediate);
  t.is(stream.counters.droppedBytes, droppedBytes);
});
