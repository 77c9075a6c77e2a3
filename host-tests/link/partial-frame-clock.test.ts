import test from "ava";
import type { FrameDecoder } from "../../modules/framing/contract/framing.js";
import { NOTHING_LATE, PartialFrameClock } from "../../modules/link/connection/partial-frame-clock.js";

const TIMEOUT_MS = 1000;

/** A clock and the decoder that it watches, which holds as many bytes as a test says. */
class Bench {
  #decoder = { pendingBytes: 0 };
  readonly clock = new PartialFrameClock(this.#decoder as FrameDecoder);

  constructor() {
    this.clock.start(0);
  }

  /** Bytes come; the decoder then holds the last `pending` of all that came. */
  come(count: number, now: number, pending: number): void {
    this.clock.received(count, TIMEOUT_MS, now);
    this.#decoder.pendingBytes = pending;
    this.clock.settle();
  }

  dueAt(now: number): boolean {
    return this.clock.judge(TIMEOUT_MS, now) !== NOTHING_LATE;
  }
}

test("the time of a frame runs from its first byte, whatever comes behind it", (t) => {
  const bench = new Bench();
  bench.come(10, 500, 0);
  bench.come(10, 700, 4);
  for (let now = 800; now < 1700; now += 100) {
    bench.come(5, now, 4 + (now - 700) / 20);
    t.false(bench.dueAt(now), `${now}`);
  }
  t.false(bench.dueAt(1699));
  t.true(bench.dueAt(1700));
});

test("nothing pending, nothing due; and what was pending before does not count", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  bench.come(10, 900, 0);
  t.false(bench.dueAt(5000));
  bench.come(3, 5000, 3);
  t.false(bench.dueAt(5999));
  t.true(bench.dueAt(6000));
});

test("another frame comes to be the one in front: its time runs from when it came, never from before", (t) => {
  const bench = new Bench();
  for (let now = 0; now < 900; now += 100) {
    bench.come(10, now, now / 10 + 10);
  }
  // The first 55 bytes are given up: the frame in front now came with those of 500 ms.
  bench.come(10, 900, 45);
  t.false(bench.dueAt(1500));
  t.true(bench.dueAt(1900), "and not much later");
});

test("recent: bytes of the last three quarters of the timeout at least, of the last whole one at most; 0 in silence", (t) => {
  const bench = new Bench();
  const came: number[] = [];
  for (let now = 0; now <= 3000; now += 30) {
    came.push(now);
    bench.come(1, now, came.length);
    const within = (ms: number): number => came.filter((time) => now - time < ms).length;
    const recent = bench.clock.recent(TIMEOUT_MS, now);
    t.true(recent >= Math.min(within((TIMEOUT_MS * 3) / 4 - 30), came.length), `${now}: ${recent}`);
    t.true(recent <= Math.max(1, within(TIMEOUT_MS)), `${now}: ${recent}`);
  }
  t.true(bench.clock.recent(TIMEOUT_MS, 3990) > 0);
  t.is(bench.clock.recent(TIMEOUT_MS, 4000), 0);
});

test("while nothing was read, nothing is late", (t) => {
  const bench = new Bench();
  bench.come(5, 0, 5);
  bench.clock.resume(5000);
  t.false(bench.dueAt(5999));
  t.true(bench.dueAt(6000));
});
