/** A scanning decoder that passes over bad frames, state by state: what is taken, what is counted, where it goes on. */
import test from "ava";
import { BAD, frame, GOOD, IDLE, MARK, OPEN, ScannerBench, type ScannerOptions } from "./scanner-bench.js";

const passing = (options: ScannerOptions = {}) => new ScannerBench({ ...options, badFrames: "passOver" });

/** A good packet that begins with 7, and frames with it inside: two bytes in front of it, and behind it two that begin no frame. */
const INNER = frame([7]);
const SPOILT = frame([...INNER, 0], BAD);
const WHOLE = frame([...INNER, 0]);
/** Longer than is taken: 20 bytes. */
const LONG = [20, MARK, ...INNER, ...INNER, ...INNER, 0, 0, 0, 0, 0, 0];
const next = (number: number) => frame([number]);

test("A bad frame is passed over whole; behind it the next one is due where headers tell, and only likely where they do not.", (t) => {
  t.deepEqual(
    passing()
      .give([...SPOILT, ...SPOILT, ...next(1)])
      .told(),
    [[1], { invalidPacket: 2 }, 16, 0],
  );
  const searching = passing({ isTelling: false }).give([...SPOILT, ...SPOILT, ...next(1)]);
  t.deepEqual(searching.told(), [[7, 1], { invalidPacket: 2, noFrame: 1 }, 12, 0]);
  const single = passing({ isTelling: false }).give([...SPOILT, ...next(1), ...SPOILT, ...next(2)]);
  t.deepEqual(single.told(), [[1, 2], { invalidPacket: 2 }, 16, 0]);
});

test("A frame to be skipped is no damage: the next one is due.", (t) => {
  const bench = passing({ isTelling: false }).give([...SPOILT, ...frame([5], IDLE), ...SPOILT, ...next(1)]);
  t.deepEqual(bench.told(), [[1], { invalidPacket: 2, skipped: 1 }, 20, 0]);
});

test("A frame that is too long is passed over to its announced end, in however many pieces.", (t) => {
  for (const cut of [2, 3, 10, 19, 20]) {
    for (const isTelling of [true, false]) {
      const bench = passing({ isTelling }).give(LONG.slice(0, cut));
      t.deepEqual(bench.told(), [[], { tooLong: 1 }, cut < 20 ? cut - 1 : 20, cut < 20 ? 1 : 0], `cut at ${cut}`);
      bench.give([...LONG.slice(cut), ...SPOILT, ...next(1)]);
      // Behind it the same holds as behind any bad frame.
      const told = isTelling
        ? [[1], { tooLong: 1, invalidPacket: 1 }, 28, 0]
        : [[7, 1], { tooLong: 1, invalidPacket: 1, noFrame: 1 }, 24, 0];
      t.deepEqual(bench.told(), told, `cut at ${cut}, ${isTelling}`);
    }
  }
});

test("Where the next frame is only likely, no length that is too long is believed.", (t) => {
  const bench = passing({ isTelling: false }).give([...SPOILT, ...LONG, ...next(1)]);
  t.deepEqual(bench.told(), [[7, 7, 7, 1], { invalidPacket: 1, tooLong: 1, noFrame: 1 }, 16, 0]);
});

test("A frame that is too short costs itself, and changes nothing.", (t) => {
  for (const badFrames of ["search", "passOver"] as const) {
    const due = new ScannerBench({ badFrames, isTelling: false });
    due.give([3, MARK, 9, 2, MARK, 1, 1, ...next(1), 3, MARK], [9, ...next(2)]);
    t.deepEqual(due.told(), [[1, 2], { tooShort: 5 }, 10, 0], badFrames);
  }
  const due = passing({ isTelling: false }).give([3, MARK, 9, ...SPOILT, ...next(1)]);
  t.deepEqual(due.told(), [[1], { tooShort: 1, invalidPacket: 1 }, 11, 0]);
  const likely = passing({ isTelling: false }).give([...SPOILT, 3, MARK, 9, ...SPOILT]);
  t.deepEqual(likely.told(), [[7], { tooShort: 1, invalidPacket: 2, noFrame: 1 }, 14, 1]);
});

test("What a format has noted of another place is not taken for the length of a frame refused.", (t) => {
  // The length of 200 is refused in a search; the zeros behind the good packet announce nothing.
  const bench = passing().give([0, 200, MARK, ...next(1), 0, 0, 0, ...next(2)]);
  t.deepEqual(bench.told(), [[1, 2], { noFrame: 2 }, 6, 0]);
  t.is(bench.format.announced, 0);
});

test("A refused frame is asked for its length as it was asked before.", (t) => {
  const given = passing().give([...LONG.slice(0, 5)]);
  t.deepEqual(given.format.asked, ["20/5/false", "20/5/false"]);
  // A frame that is late, and behind it one that is too long.
  const late = new ScannerBench({});
  late.give([9, MARK, 3, MARK, 0]);
  late.format.asked = [];
  late.pause(false, 2);
  t.deepEqual(late.format.asked, ["85/4/false", "3/3/false", "85/2/false", "0/1/false"]);
});

test("Silence in a frame: with a checksum its rest proves it right or wrong, without one it is passed over with its rest.", (t) => {
  for (const [isProof, content, told] of [
    [true, WHOLE, [[4, 1], {}, 0, 0]],
    [true, SPOILT, [[1], { timedOut: 1 }, 8, 0]],
    [false, WHOLE, [[1], { timedOut: 1 }, 8, 0]],
    [false, SPOILT, [[1], { timedOut: 1 }, 8, 0]],
  ] as const) {
    for (let cut = 1; cut < 8; cut++) {
      const bench = passing({ isProof }).give(content.slice(0, cut)).pause();
      t.deepEqual(bench.told(), [[], {}, 0, cut], `${isProof}, cut at ${cut}`);
      bench.give([...content.slice(cut), ...next(1)]);
      t.deepEqual(bench.told(), told as never, `${isProof}, cut at ${cut}`);
    }
  }
});

test("Silence in a frame that is only likely is silence all the same; where nothing is begun, it is none.", (t) => {
  const likely = passing({ isTelling: false })
    .give([...SPOILT, ...WHOLE.slice(0, 4)])
    .pause();
  t.deepEqual(likely.told(), [[], { invalidPacket: 1 }, 8, 4]);
  t.deepEqual(likely.give([...WHOLE.slice(4), ...next(1)]).told(), [[1], { invalidPacket: 1, timedOut: 1 }, 16, 0]);
  const idle = passing().pause().give(WHOLE.slice(0, 3), WHOLE.slice(3));
  t.deepEqual(idle.told(), [[4], {}, 0, 0]);
});

test("A frame that stalled is not settled by more silence: what came since may be something else.", (t) => {
  const bench = passing().give([8, OPEN, 1, 2]).pause().give([3, 4, 5, GOOD]).pause();
  t.deepEqual(bench.told(), [[], {}, 0, 8]);
  bench.give([9, 9, 9, 9, ...next(1)]);
  t.deepEqual(bench.told(), [[1], { timedOut: 1 }, 12, 0]);
});

test("Behind a frame that came too late, the next one is due where headers tell, and likely where they do not.", (t) => {
  for (const isProof of [true, false]) {
    for (const [isTelling, told] of [
      [true, [[1], { timedOut: 1, invalidPacket: 1 }, 16, 0]],
      [false, [[7, 1], { timedOut: 1, invalidPacket: 1, noFrame: 1 }, 12, 0]],
    ] as const) {
      const bench = passing({ isProof, isTelling }).give(SPOILT.slice(0, 3)).pause();
      bench.give(SPOILT.slice(3)).give([...SPOILT, ...next(1)]);
      t.deepEqual(bench.told(), told as never, `${isProof}, ${isTelling}`);
    }
  }
});

test("What comes between two pauses, and is whole packets, was sent by itself; anything else is more of the frame.", (t) => {
  const alone = passing().give([11, MARK, 0]).pause().give(next(1)).pause();
  t.deepEqual(alone.told(), [[1], { timedOut: 1 }, 3, 0]);
  t.deepEqual(alone.give(next(2)).told(), [[1, 2], { timedOut: 1 }, 3, 0]);
  // Not whole; then whole, behind a pause of its own.
  const later = passing().give([12, MARK, 0]).pause().give([9]).pause().give(next(1)).pause();
  t.deepEqual(later.told(), [[1], { timedOut: 1 }, 4, 0]);
  // Nothing came: nothing is whole.
  const silent = passing().give([12, MARK, 0]).pause().pause().pause();
  t.deepEqual(silent.told(), [[], {}, 0, 3]);
  const pieces = passing().give([12, MARK, 0]).pause().give(next(1).slice(0, 2)).pause().give(next(1).slice(2)).pause();
  t.deepEqual(pieces.told(), [[], {}, 0, 7], "two halves are two things");
});

test("A frame stalls while bytes still come now and then: nothing is given up.", (t) => {
  const bench = passing()
    .give([11, MARK, ...INNER])
    .pause(false, 2)
    .pause(false, 1);
  t.deepEqual(bench.told(), [[], {}, 0, 6]);
  t.deepEqual(bench.give([0, 0, 0, 0, GOOD]).told(), [[4], {}, 0, 0]);
});

test("A frame that is complete where nothing follows is taken in silence, and one begun behind it waits.", (t) => {
  const open = frame([1], GOOD, OPEN);
  t.deepEqual(passing().give(open).told(), [[], {}, 0, 4]);
  t.deepEqual(passing().give(open).pause().told(), [[1], {}, 0, 0]);
  t.deepEqual(passing().give(open).pause(true).told(), [[1], {}, 0, 0]);
  for (const isProof of [true, false]) {
    const behind = passing({ isProof })
      .give([...open, 8, MARK, ...INNER])
      .pause();
    t.deepEqual(behind.told(), [[1], {}, 0, 6]);
    // Silence was in the one behind as well.
    const rest = behind.give([0, GOOD, ...next(2)]);
    t.deepEqual(rest.told(), isProof ? [[1, 4, 2], {}, 0, 0] : [[1, 2], { timedOut: 1 }, 8, 0]);
    t.deepEqual(
      passing({ isProof })
        .give([...open, 8, MARK, ...INNER])
        .pause(true)
        .told(),
      [[1], { truncated: 1 }, 6, 0],
    );
  }
});

test("Silence in a frame too long: what is whole between two pauses was sent by itself, also in a row.", (t) => {
  const bench = passing().give(LONG.slice(0, 5)).pause();
  t.deepEqual(bench.told(), [[], { tooLong: 1 }, 4, 1]);
  bench.give([...next(1), ...next(2)]);
  t.deepEqual(bench.told(), [[], { tooLong: 1 }, 4, 9]);
  bench.pause();
  t.deepEqual(bench.told(), [[1, 2], { tooLong: 1 }, 5, 0]);
  t.deepEqual(bench.give([...SPOILT, ...next(3)]).told(), [[1, 2, 3], { tooLong: 1, invalidPacket: 1 }, 13, 0]);
});

test("Silence in a frame too long: what is not whole is its rest, and the next run is looked at again.", (t) => {
  const bench = passing().give(LONG.slice(0, 5)).pause().give([4, MARK]).pause();
  t.deepEqual(bench.told(), [[], { tooLong: 1 }, 6, 1]);
  t.deepEqual(bench.give(next(1)).pause().told(), [[1], { tooLong: 1 }, 7, 0]);
  const silent = passing().give(LONG.slice(0, 5)).pause().pause().pause();
  t.deepEqual(silent.told(), [[], { tooLong: 1 }, 4, 1]);
  t.deepEqual(silent.give(LONG.slice(5)).told(), [[], { tooLong: 1 }, 20, 0]);
});

test("Silence in a frame too long: a run longer than any packet is its rest, one as long is not.", (t) => {
  const run = [...next(1), ...next(2), ...next(3)];
  t.deepEqual(passing().give(LONG.slice(0, 5)).pause().give(run).pause().told(), [[1, 2, 3], { tooLong: 1 }, 5, 0]);
  const pieces = passing().give(LONG.slice(0, 5)).pause().give(run.slice(0, 6), run.slice(6)).pause();
  t.deepEqual(pieces.told(), [[1, 2, 3], { tooLong: 1 }, 5, 0]);
  const more = passing()
    .give(LONG.slice(0, 5))
    .pause()
    .give(run.slice(0, 6), [...run.slice(6), 0]);
  t.deepEqual(more.told(), [[], { tooLong: 1 }, 17, 1]);
  // No pause came since, so nothing is looked at.
  t.deepEqual(more.give([0]).pause().told(), [[], { tooLong: 1 }, 18, 1]);
  t.deepEqual(more.give([0, ...next(4)]).told(), [[4], { tooLong: 1 }, 20, 0]);
});

test("Silence in a frame too long: once a run was its rest, what comes before the next pause is, too.", (t) => {
  const bench = passing()
    .give([40, MARK, 0])
    .pause()
    .give(Array.from({ length: 13 }, () => 0));
  t.deepEqual(bench.give(next(9)).pause().told(), [[], { tooLong: 1 }, 19, 1]);
  t.deepEqual(bench.give(next(1)).pause().told(), [[1], { tooLong: 1 }, 20, 0]);
});

test("A frame too long ends as announced, whatever came behind the pause.", (t) => {
  const bench = passing().give(LONG.slice(0, 12)).pause().give(LONG.slice(12, 16));
  t.deepEqual(bench.told(), [[], { tooLong: 1 }, 11, 5]);
  t.deepEqual(bench.give([...LONG.slice(16), ...next(1)]).told(), [[1], { tooLong: 1 }, 20, 0]);
});

test("The stream ends: in a frame, that is cut off, and counted; in one passed over, it was counted when it began.", (t) => {
  for (const pauses of [0, 1, 2]) {
    const begun = passing().give([11, MARK, ...INNER]);
    const long = passing().give(LONG.slice(0, 6));
    for (let k = 0; k < pauses; k++) {
      begun.pause();
      long.pause();
    }
    t.deepEqual(begun.pause(true).told(), [[], { truncated: 1 }, 6, 0], `${pauses} pauses`);
    t.deepEqual(long.pause(true).told(), [[], { tooLong: 1 }, 6, 0], `${pauses} pauses`);
    // Another stream: the next frame is due.
    begun.reset();
    t.deepEqual(begun.give([...SPOILT, ...next(1)]).told(), [[1], { truncated: 1, invalidPacket: 1 }, 14, 0]);
    t.deepEqual(long.give([...SPOILT, ...next(1)]).told(), [[1], { tooLong: 1, invalidPacket: 1 }, 14, 0]);
  }
  t.deepEqual(passing().pause(true).told(), [[], {}, 0, 0]);
  t.deepEqual(passing().give([11]).pause(true).told(), [[], { truncated: 1 }, 1, 0]);
  const run = passing().give(LONG.slice(0, 6)).pause().give(next(1)).pause(true);
  t.deepEqual(run.told(), [[], { tooLong: 1 }, 10, 0], "between a pause and the end");
});

test("A decoder is reset: what is pending is dropped, and counted unless it was when it began.", (t) => {
  const begun = passing().give([11, MARK, 9]);
  begun.reset();
  t.deepEqual(begun.told(), [[], { truncated: 1 }, 3, 0]);
  const overdue = passing().give([11, MARK, 9]).pause();
  overdue.reset();
  t.deepEqual(overdue.told(), [[], { truncated: 1 }, 3, 0]);
  const long = passing().give(LONG.slice(0, 6));
  long.reset();
  t.deepEqual(long.told(), [[], { tooLong: 1 }, 6, 0]);
  const doubtful = passing().give(LONG.slice(0, 6)).pause().give([4, MARK]);
  doubtful.reset();
  t.deepEqual(doubtful.told(), [[], { tooLong: 1 }, 8, 0]);
  for (const bench of [begun, overdue, long, doubtful]) {
    const [, reasons, dropped] = bench.told();
    const more = bench.give([...SPOILT, ...next(1)]);
    t.deepEqual(more.told(), [[1], { ...reasons, invalidPacket: 1 }, dropped + 8, 0]);
  }
  const fresh = passing();
  fresh.reset();
  t.deepEqual(fresh.told(), [[], {}, 0, 0]);
});

test("A decoder is reset while a packet is refused: that counts as undelivered, whatever is behind it.", (t) => {
  const bench = passing();
  bench.refusals = () => 1000;
  bench.offer(Uint8Array.from([...next(1), ...next(2), 11, MARK]));
  bench.reset();
  t.deepEqual(bench.told(), [[], { undelivered: 1 }, 10, 0]);
});

test("Bytes that begin no frame are searched: what is found puts an end to it, and the next bad frame is passed over again.", (t) => {
  const bench = passing().give([0, 0, ...SPOILT, ...next(1), ...SPOILT, ...next(2)]);
  t.deepEqual(bench.told(), [[7, 1, 2], { noFrame: 2, invalidPacket: 1 }, 14, 0]);
  // In a search, silence gives up what is begun, as without passing over.
  const late = passing()
    .give([0, 11, MARK, ...INNER])
    .pause();
  t.deepEqual(late.told(), [[7], { noFrame: 1 }, 3, 0]);
});
