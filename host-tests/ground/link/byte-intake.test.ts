import test from "ava";
import { ByteIntake } from "../../../ground/link/byte-intake.js";
import type { GroundClock } from "../../../ground/link/ground-clock.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { join, numberOf, packet, packets } from "../../link/packets.js";
import { ManualClock } from "./manual-clock.js";

function intake(timeoutMs: number, clock?: GroundClock): { intake: ByteIntake; received: number[] } {
  const received: number[] = [];
  const sink = {
    accept(bytes: Uint8Array, start: number, end: number): boolean {
      received.push(numberOf(bytes.slice(start, end)));
      return true;
    },
  };
  return { intake: new ByteIntake(spacePackets(), timeoutMs, sink, clock), received };
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

for (const how of ["end", "stop", "pause"] as const) {
  test.serial(`${how}: no timer is left`, (t) => {
    const { intake: bytes } = intake(600_000);
    const before = timers();
    bytes.take(packet(1).slice(0, 10));
    t.is(timers(), before + 1);
    bytes[how]();
    t.is(timers(), before);
  });
}

test("resume: the frame's time begins anew", (t) => {
  const clock = new ManualClock();
  const { intake: bytes, received } = intake(4000, clock);
  bytes.take(packet(1).slice(0, 10));
  bytes.pause();
  clock.advance(4100);
  bytes.resume();
  clock.advance(3900);
  bytes.take(packet(1).slice(10));
  t.deepEqual([received, bytes.decoder.counters.rejections], [[1], 0]);
});

test("more bytes at once than are decoded at once", (t) => {
  const { intake: bytes, received } = intake(0);
  bytes.take(join(packets(0, 2000, 50)));
  t.is(received.length, 2000);
});
