/** SLIP against an implementation by others: the npm package `@serialport/parser-slip-encoder`. */
import assert from "node:assert/strict";
import { SlipDecoder, SlipEncoder } from "@serialport/parser-slip-encoder";
import test from "ava";
import fc from "fast-check";
import { slip } from "../../modules/framing/formats/slip.js";
import { checkProperty } from "../seeded-properties.js";
import { frame, Workbench } from "./workbench.js";

/** Packets with plenty of what has to be escaped. */
const packets = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc0, 0xdb, 0xdc, 0xdd)), {
    minLength: 1,
    maxLength: 600,
  })
  .map((bytes) => Uint8Array.from(bytes));

/** @param quirk as its option `bluetoothQuirk`: an END in front, too */
function encodeTheirs(packet: Uint8Array, quirk: boolean): Uint8Array {
  const encoder = new SlipEncoder({ bluetoothQuirk: quirk });
  encoder.write(Buffer.from(packet));
  return Uint8Array.from(encoder.read() as Buffer);
}

/** Its packets, without the empty ones that it makes of idle ENDs. */
function decodeTheirs(stream: Uint8Array, size: number): Uint8Array[] {
  const decoder = new SlipDecoder({ readableObjectMode: true });
  const packets: Uint8Array[] = [];
  for (let at = 0; at < stream.length; at += size) {
    decoder.write(Buffer.from(stream.slice(at, at + size)));
    for (let packet = decoder.read() as Buffer | null; packet !== null; packet = decoder.read() as Buffer | null) {
      if (packet.length > 0) {
        packets.push(Uint8Array.from(packet));
      }
    }
  }
  return packets;
}

test("The frames are those of npm SlipEncoder, with an END in front or without.", (t) => {
  const property = fc.property(packets, (packet) => {
    assert.deepEqual(frame(slip(), packet), encodeTheirs(packet, false));
    assert.deepEqual(frame(slip({ delimiter: "both" }), packet), encodeTheirs(packet, true));
  });
  checkProperty(t, property, 500);
});

test("We decode the frames of npm SlipEncoder.", (t) => {
  const property = fc.property(
    fc.array(packets, { maxLength: 4 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 600 }),
    (packets, quirk, size) => {
      const stream = Uint8Array.from(packets.flatMap((packet) => [...encodeTheirs(packet, quirk)]));
      const bench = new Workbench(slip(), 600);
      for (let at = 0; at < stream.length; at += size) {
        bench.feed(stream.slice(at, at + size));
      }
      assert.deepEqual(bench.packets, packets);
      assert.equal(bench.decoder.counters.rejections, 0);
    },
  );
  checkProperty(t, property, 300);
});

test("npm SlipDecoder decodes our frames, and finds the same packets in any stream whose escapes are in order.", (t) => {
  const parts = fc.constantFrom([0xc0], [0xc0, 0xc0], [0xdb, 0xdc], [0xdb, 0xdd], [0x00], [0xdc, 0xdd, 0x41]);
  const property = fc.property(fc.array(parts, { maxLength: 200 }), fc.integer({ min: 1, max: 100 }), (parts, size) => {
    const stream = Uint8Array.from(parts.flat());
    const bench = new Workbench(slip(), 100);
    for (let at = 0; at < stream.length; at += size) {
      bench.feed(stream.slice(at, at + size));
    }
    assert.deepEqual(bench.packets, decodeTheirs(stream, size));
    const frames = Uint8Array.from(bench.packets.flatMap((packet) => [...frame(slip(), packet)]));
    assert.deepEqual(decodeTheirs(frames, size), bench.packets);
  });
  checkProperty(t, property, 500);
});
