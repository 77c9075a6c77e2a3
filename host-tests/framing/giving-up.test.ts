/** A scanning decoder that searches what is late, and one that has searched for nothing too long. */
import test from "ava";
import { type PacketCheck, type PacketVerdict, REJECT_PACKET } from "../../modules/framing/contract/packet-check.js";
import { ScanningDecoder } from "../../modules/framing/engines/scanning-decoder.js";
import type { StreamFormat } from "../../modules/framing/engines/stream-format.js";
import { BAD, frame, GOOD, IDLE, MARK, OPEN, ScannerBench } from "./scanner-bench.js";
import { Workbench } from "./workbench.js";

const INNER = frame([7]);
/** A frame begun with a good one inside, and another one begun right behind that. */
const TWO_BEGUN = [11, MARK, ...INNER, 12, MARK];
/** The same with a byte between them that begins none. */
const APART = [11, MARK, ...INNER, 0, 12, MARK];

const searching = () => new ScannerBench({ badFrames: "search" });

test("In silence all that is begun is given up: once where synchronization is lost, and again behind each packet.", (t) => {
  t.deepEqual(searching().give(TWO_BEGUN).pause().told(), [[7], { timedOut: 2 }, 4, 0]);
  t.deepEqual(searching().give(TWO_BEGUN).pause(true).told(), [[7], { truncated: 2 }, 4, 0]);
  t.deepEqual(searching().give(APART).pause().told(), [[7], { timedOut: 1, noFrame: 1 }, 5, 0]);
  t.deepEqual(searching().give([11, MARK, 9]).pause().told(), [[], { timedOut: 1 }, 3, 0]);
  t.deepEqual(searching().pause().told(), [[], {}, 0, 0]);
  t.deepEqual(searching().pause(false, 3).told(), [[], {}, 0, 0]);
});

test("While bytes still come, a frame begun is given up for a packet behind it; what is begun behind that has its time.", (t) => {
  for (const recent of [1, 2, 6, 8]) {
    const bench = searching().give(TWO_BEGUN).pause(false, recent);
    t.deepEqual(bench.told(), [[7], { timedOut: 1 }, 2, 2], `${recent} recent`);
    t.deepEqual(bench.give([1, 2, 3, 4, 5, 6, 7, 8, 9, GOOD]).told(), [[7, 1], { timedOut: 1 }, 2, 0]);
  }
});

test("What came not long ago is not given up where synchronization is lost either; what is older is.", (t) => {
  t.deepEqual(searching().give(APART).pause(false, 2).told(), [[7], { timedOut: 1, noFrame: 1 }, 3, 2]);
  t.deepEqual(searching().give(APART).pause(false, 3).told(), [[7], { timedOut: 1, noFrame: 1 }, 3, 2]);
  t.deepEqual(searching().give(APART).pause(false, 1).told(), [[7], { timedOut: 1, noFrame: 1 }, 4, 1]);
});

test("While bytes still come, and no packet stands behind the beginning, nothing is given up.", (t) => {
  const bench = searching().give([11, MARK, 9, 0, 9]).pause(false, 2);
  t.deepEqual(bench.told(), [[], {}, 0, 5]);
  t.deepEqual(bench.give([0, 0, 0, 0, 0, GOOD]).told(), [[9], {}, 0, 0]);
  const untold = new ScannerBench({ badFrames: "search", isTelling: true });
  t.deepEqual(
    untold
      .give([11, MARK, ...frame([7], BAD)])
      .pause(false, 2)
      .told(),
    [[], {}, 0, 6],
  );
});

test("The next look begins where the last one ended, and anew in another frame or stream.", (t) => {
  const looks = (bench: ScannerBench) => {
    bench.format.asked = [];
    bench.pause(false, 1);
    return bench.format.asked.map((each) => each.split("/")[1]);
  };
  const bench = searching().give([11, MARK, 9, 0, 8]);
  t.deepEqual(looks(bench), ["4", "3", "2", "1"]);
  bench.give([6]);
  t.deepEqual(looks(bench), ["1", "5", "4", "3", "2"]);
  bench.reset();
  bench.give([11, MARK, 9]);
  t.deepEqual(looks(bench), ["2", "1"]);
  // A frame is found, and what is kept behind it is another one.
  const found = searching().give(TWO_BEGUN).pause(false, 2);
  t.deepEqual(looks(found), ["1"]);
});

test("A frame that is settled by silence is one, and the one begun behind it is given up with it.", (t) => {
  const open = frame([1], GOOD, OPEN);
  t.deepEqual(
    searching()
      .give([...open, 11, MARK, 9])
      .pause()
      .told(),
    [[1], { timedOut: 1 }, 3, 0],
  );
  t.deepEqual(
    searching()
      .give([...open, 11, MARK, 9])
      .pause(true)
      .told(),
    [[1], { truncated: 1 }, 3, 0],
  );
  // Behind a pause, bytes that are not as late may still settle it.
  t.deepEqual(
    searching()
      .give([11, MARK, ...INNER, ...open])
      .pause(false, 4)
      .told(),
    [[7], { timedOut: 1 }, 2, 4],
  );
});

test("A packet that is skipped or rejected in what is late: the search goes on behind it, or inside it.", (t) => {
  const skipped = searching()
    .give([12, MARK, ...frame([7], IDLE), ...frame([8])])
    .pause();
  t.deepEqual(skipped.told(), [[8], { timedOut: 1, skipped: 1 }, 6, 0]);
  const rejected = searching()
    .give([12, MARK, 8, MARK, ...INNER, 0, BAD])
    .pause();
  t.deepEqual(rejected.told(), [[7], { timedOut: 1, noFrame: 1 }, 6, 0]);
});

test("A loss is counted once until the next packet, whatever its bytes look like.", (t) => {
  const bench = searching().give([0, 200, MARK, 3, MARK, 9, ...frame([4], BAD), 0, ...frame([1]), 200, MARK, 0, 0]);
  t.deepEqual(bench.told(), [[1], { noFrame: 1, tooLong: 1 }, 15, 0]);
});

/** Each byte begins a frame of the same length, which the check refuses. */
class Refused implements StreamFormat, PacketCheck {
  readonly reasons = [];
  readonly maxWanted: number;
  readonly leading = 0;
  readonly trailing = 0;
  readonly kind = 0;
  readonly trailerLength = 0;
  judged = 0;
  readonly judge = (): PacketVerdict => {
    this.judged++;
    return REJECT_PACKET;
  };
  #length: number;

  constructor(length: number, maxWanted = length) {
    this.#length = length;
    this.maxWanted = maxWanted;
  }

  wanted(): number {
    return this.#length;
  }
}

function benchOf(format: Refused, longest: number): Workbench {
  const bench = new Workbench(
    {
      name: "refused",
      maxPacketLength: format.maxWanted,
      decoderMemory: format.maxWanted,
      decoder: (memory, area) => new ScanningDecoder(memory, area, format, format),
      encoder: () => {
        throw new Error("not asked");
      },
    },
    longest,
  );
  bench.mayPause = 1e6;
  return bench;
}

test("A decoder is busy when it has judged 16,384 bytes for nothing, or two of the longest packets.", (t) => {
  for (const [length, maxWanted, calls] of [
    [1024, 1024, 16],
    // Three of them are one byte less.
    [5461, 5461, 4],
    [1024, 8192, 16],
    [1024, 8193, 17],
    [9000, 9000, 2],
    [1024, 20_000, 40],
  ] as const) {
    const format = new Refused(length, maxWanted);
    const bench = benchOf(format, 30_000);
    bench.offer(new Uint8Array(30_000));
    t.is(format.judged, calls, `${length} of ${maxWanted}`);
    t.is(bench.decoder.pendingBytes, 30_000 - calls);
    bench.resume();
    t.is(format.judged, 2 * calls, `${length} of ${maxWanted}, again`);
    bench.reset();
    format.judged = 0;
    bench.offer(new Uint8Array(30_000));
    t.is(format.judged, calls, `${length} of ${maxWanted}, another stream`);
  }
});

test("A decoder that is through with its bytes is not busy, however many it judged.", (t) => {
  const format = new Refused(1);
  const bench = benchOf(format, 20_000);
  t.true(bench.offer(new Uint8Array(16_384)));
  t.is(format.judged, 16_384);
  t.false(benchOf(new Refused(1), 20_000).offer(new Uint8Array(16_385)));
  // What one byte cost is made up for, too.
  const again = benchOf(new Refused(1), 20_000);
  t.true(again.offer(new Uint8Array(1)));
  t.true(again.offer(new Uint8Array(16_384)));
});

test("Each byte that comes makes up for sixteen that were judged for nothing.", (t) => {
  const format = new Refused(2);
  const bench = benchOf(format, 20_000);
  // 8,191 judgements of two bytes: two bytes short.
  t.true(bench.offer(new Uint8Array(8_192)));
  t.is(format.judged, 8_191);
  for (const [given, judgements] of [
    // The byte gathered and the first one make 16,382 + 2 - 16: seven more are short of the limit.
    [8, 8],
    [9, 9],
  ] as const) {
    format.judged = 0;
    t.true(bench.offer(new Uint8Array(given)));
    t.is(format.judged, judgements);
  }
  t.is(bench.pauses, 0);
});

test("What comes makes up for nothing in advance.", (t) => {
  const format = new Refused(5461);
  const bench = benchOf(format, 20_000);
  // Two judgements; the bytes that come next make up for both, and for a hundred more.
  t.true(bench.offer(new Uint8Array(5462)));
  format.judged = 0;
  t.false(bench.offer(new Uint8Array(20_000)));
  t.is(format.judged, 4);
});
