/** COBS against an implementation by others: the npm package `cobs`. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import test from "ava";
import fc from "fast-check";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { checkProperty } from "../seeded-properties.js";
import { Random } from "./random.js";
import { frame, Workbench } from "./workbench.js";

interface NpmCobs {
  encode(packet: Buffer): Buffer;
  decode(frame: Buffer): Buffer;
}
const npmCobs = createRequire(import.meta.url)("cobs") as NpmCobs;

/**
 * A packet that ends with a full block (254 bytes without a zero) is complete with that block. npm `cobs` names an
 * empty block behind it, one byte 0x01 that every decoder ignores. Here that byte is taken away before comparing.
 */
function withoutEmptyBlock(frame: Uint8Array): Uint8Array {
  let code = 0;
  for (let at = 0; at < frame.length; at += code) {
    if (code === 0xff && frame[at] === 1 && at === frame.length - 1) {
      return frame.slice(0, at);
    }
    code = frame[at]!;
  }
  return frame;
}

/** Runs of bytes without a zero, around the lengths where blocks end, each followed by a zero or not. */
const packets = fc
  .tuple(
    fc.array(
      fc.record({
        run: fc.oneof(
          fc.integer({ min: 0, max: 20 }),
          fc.integer({ min: 252, max: 257 }),
          fc.integer({ min: 506, max: 511 }),
        ),
        zeros: fc.integer({ min: 0, max: 3 }),
      }),
      { maxLength: 5 },
    ),
    fc.integer(),
  )
  .map(([runs, seed]) => {
    const random = new Random(seed);
    return Uint8Array.from(runs.flatMap(({ run, zeros }) => [...random.bytes(run, 1), ...new Uint8Array(zeros)]));
  });

const framing = cobs({ maxPacketLength: 3000 });

test("The frames are those of npm cobs, but for its empty block behind a full one.", (t) => {
  const property = fc.property(packets, (packet) => {
    const theirs = withoutEmptyBlock(Uint8Array.from(npmCobs.encode(Buffer.from(packet))));
    assert.deepEqual(frame(framing, packet).slice(0, -1), theirs);
  });
  checkProperty(t, property, 500);
});

test("npm cobs decodes our frames.", (t) => {
  const property = fc.property(packets, (packet) => {
    const ours = Buffer.from(frame(framing, packet).slice(0, -1));
    assert.deepEqual(Uint8Array.from(npmCobs.decode(ours)), packet);
  });
  checkProperty(t, property, 500);
});

test("We decode the frames of npm cobs, its empty blocks included.", (t) => {
  const property = fc.property(packets, fc.integer({ min: 1, max: 600 }), (packet, size) => {
    const stream = Uint8Array.of(...npmCobs.encode(Buffer.from(packet)), 0);
    const bench = new Workbench(framing, 600);
    for (let at = 0; at < stream.length; at += size) {
      bench.feed(stream.slice(at, at + size));
    }
    assert.deepEqual(bench.packets, [packet]);
  });
  checkProperty(t, property, 500);
});
