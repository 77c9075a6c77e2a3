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

  /** The decoder holds so many bytes. */
  hold(pending: number): void {
    this.#decoder.pendingBytes = pending;
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

test("a late frame with fresh bytes behind it is looked at once; when nothing more comes, it is given up, once", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  bench.come(5, 600, 15);
  t.is(bench.clock.judge(TIMEOUT_MS, 999), NOTHING_LATE);
  t.is(bench.clock.judge(TIMEOUT_MS, 1000), 5, "looked at: five bytes are fresh");
  t.true(bench.clock.isAwaiting);
  for (const now of [1100, 1599]) {
    t.is(bench.clock.judge(TIMEOUT_MS, now), NOTHING_LATE, "looked at before");
  }
  t.is(bench.clock.judge(TIMEOUT_MS, 1600), 0, "nothing is fresh any more");
  t.false(bench.clock.isAwaiting);
  t.is(bench.clock.judge(TIMEOUT_MS, 9000), NOTHING_LATE, "given up before");
});

test("more bytes behind a frame that was looked at: it is looked at again", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  bench.come(5, 600, 15);
  t.is(bench.clock.judge(TIMEOUT_MS, 1000), 5);
  bench.come(2, 1100, 17);
  t.is(bench.clock.judge(TIMEOUT_MS, 1200), 7);
  t.is(bench.clock.judge(TIMEOUT_MS, 1300), NOTHING_LATE);
});

test("bytes that come behind what was given up have their time, and are given up in their turn", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  t.is(bench.clock.judge(TIMEOUT_MS, 1000), 0);
  bench.come(3, 5000, 3);
  t.true(bench.clock.isAwaiting);
  t.is(bench.clock.judge(TIMEOUT_MS, 5999), NOTHING_LATE);
  t.is(bench.clock.judge(TIMEOUT_MS, 6000), 0);
});

test("a stream begins anew, whatever the one before it left", (t) => {
  const bench = new Bench();
  for (let now = 0; now < 1000; now += 100) {
    bench.come(100, now, 100 + now);
  }
  t.is(bench.clock.judge(TIMEOUT_MS, 9000), 0);
  bench.clock.start(10_000);
  bench.come(0, 10_000, 0);
  t.false(bench.clock.isAwaiting);
  bench.come(4, 10_100, 4);
  t.is(bench.clock.judge(TIMEOUT_MS, 11_099), NOTHING_LATE);
  t.is(bench.clock.judge(TIMEOUT_MS, 11_100), 0);
  bench.clock.start(20_000);
  // The decoder holds a byte of another stream no more than it says.
  bench.come(4, 20_000, 4);
  bench.come(4, 20_500, 8);
  t.is(bench.clock.judge(TIMEOUT_MS, 21_000), 4);
});

test("where the decoder gives up the first frame, the one behind it has the time since it came", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  bench.come(10, 300, 20);
  bench.come(10, 600, 30);
  // All but the last ten bytes are done with.
  bench.come(0, 900, 10);
  t.is(bench.clock.judge(TIMEOUT_MS, 1599), NOTHING_LATE);
  t.not(bench.clock.judge(TIMEOUT_MS, 1900), NOTHING_LATE, "or not much later");
});

test("the end of the stream gives up what is pending, once", (t) => {
  const bench = new Bench();
  t.false(bench.clock.giveUp(), "nothing is");
  bench.come(1, 0, 1);
  t.true(bench.clock.giveUp());
  t.false(bench.clock.giveUp());
  t.is(bench.clock.judge(TIMEOUT_MS, 9000), NOTHING_LATE);
});

test("of many moments, the one is taken at which the frame in front had begun to come, to a quarter of the timeout", (t) => {
  for (const held of [45, 65, 85]) {
    const bench = new Bench();
    for (let now = 0; now < 900; now += 100) {
      bench.come(10, now, now / 10 + 10);
    }
    bench.come(10, 900, held);
    // Ten bytes every 100 ms, 100 in all: the first of those held came then.
    const began = Math.floor((100 - held) / 10) * 100;
    t.false(bench.dueAt(began + TIMEOUT_MS - 1), `${held} held`);
    t.true(bench.dueAt(began + TIMEOUT_MS + TIMEOUT_MS / 4 + 100), `${held} held, and not much later`);
  }
});

test("what could not come until now is no silence: bytes that came before are as fresh as they were", (t) => {
  const bench = new Bench();
  bench.come(5, 0, 5);
  bench.clock.resume(800);
  t.true(bench.clock.recent(TIMEOUT_MS, 1799) > 0);
  t.is(bench.clock.recent(TIMEOUT_MS, 1800), 0);
});

test("the frame in front began with the first mark behind what is settled, or not long after", (t) => {
  for (const [pending, since] of [
    [45, 500],
    [41, 500],
    [40, 750],
    [31, 750],
    [30, 1000],
    [10, 1250],
  ] as const) {
    const bench = new Bench();
    bench.come(10, 250, 10);
    bench.come(10, 500, 20);
    bench.come(10, 750, 30);
    bench.come(10, 1000, 40);
    bench.come(10, 1250, pending);
    t.false(bench.dueAt(since + 999), `${pending}`);
    t.true(bench.dueAt(since + 1000), `${pending}`);
  }
});

test("a frame is looked at once while bytes still come, however few of them are recent", (t) => {
  const bench = new Bench();
  bench.come(10, 0, 10);
  bench.come(10, 240, 20);
  t.is(bench.clock.judge(TIMEOUT_MS, 1100), 1);
  t.is(bench.clock.judge(TIMEOUT_MS, 1150), NOTHING_LATE);
  t.true(bench.clock.isAwaiting);
  t.is(bench.clock.judge(TIMEOUT_MS, 1240), 0);
  t.false(bench.clock.isAwaiting);
  t.true(NOTHING_LATE < 0, "no number of bytes is taken for it");
});

test("what came a quarter of the timeout after the last mark is known apart from what came before", (t) => {
  const marked = new Bench();
  marked.come(10, 0, 10);
  marked.come(10, 250, 20);
  t.is(marked.clock.recent(TIMEOUT_MS, 1249), 10);
  const unmarked = new Bench();
  unmarked.come(10, 0, 10);
  unmarked.come(10, 249, 20);
  t.is(unmarked.clock.recent(TIMEOUT_MS, 1248), 1);
});

/** What the clock says over two seconds of a stream that begins then. */
function course(bench: Bench, start: number): number[] {
  const said: number[] = [];
  bench.hold(6);
  for (const now of [0, 400, 999, 1000, 1001]) {
    said.push(bench.clock.recent(TIMEOUT_MS, start + now), bench.clock.judge(TIMEOUT_MS, start + now));
  }
  for (const [now, pending] of [
    [1010, 16],
    [1100, 20],
    [1400, 9],
    [1700, 19],
  ] as const) {
    bench.come(10, start + now, pending);
    for (const later of [0, 500, 900, 1200]) {
      said.push(bench.clock.recent(TIMEOUT_MS, start + now + later));
    }
  }
  for (let now = 1700; now < 3000; now += 50) {
    said.push(bench.clock.judge(TIMEOUT_MS, start + now));
  }
  return said;
}

test("a stream that begins is judged as if there had been none before", (t) => {
  const fresh = course(new Bench(), 0);
  t.true(new Set(fresh).size > 4, `${fresh}`);
  for (const [before, moments] of [
    ["one that was given up", [0, 300, 600, 5000]],
    ["one that still came", [9000, 9400, 9800, 9990, 9999]],
    ["one of a moment", [1]],
  ] as const) {
    const bench = new Bench();
    for (const now of moments) {
      bench.come(1000, now, 700);
    }
    bench.dueAt(9999);
    bench.clock.start(10_000);
    t.deepEqual(course(bench, 10_000), fresh, before);
  }
});
