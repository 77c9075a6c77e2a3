import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import test from "ava";
import { decodeStream, encodeStream, UnsendableError } from "../../ground/index.js";
import { cobs } from "../../modules/framing/cobs.js";
import { encodeFrame } from "../../modules/framing/convenience.js";
import { parseFraming } from "../../modules/framing/registry.js";
import { spacePackets } from "../../modules/framing/space-packets.js";
import { until } from "../host/node-rig.js";
import { join, numberOf, numbers, packet, packets } from "../link/packets.js";

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

test("what is no packet of the framing ends the encoding stream with a typed error", async (t) => {
  const error = await t.throwsAsync(collect(Readable.from([Buffer.of(1, 2, 3)]).pipe(encodeStream(spacePackets()))), {
    instanceOf: UnsendableError,
  });
  t.is(error?.length, 3);
});

test("options out of range throw", (t) => {
  t.throws(() => decodeStream(cobs(), { partialFrameTimeoutMs: -1 }), {
    message: "partialFrameTimeoutMs must be from 0 to 600000, not -1",
  });
});
