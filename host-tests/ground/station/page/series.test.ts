/** What a plot draws. */
import test from "ava";
import { SampleRing } from "../../../../ground/station/page/ring.js";
import { joined, rangeOf, sparkPath, withGaps } from "../../../../ground/station/page/series.js";

function ringOf(...samples: [number, number][]): SampleRing {
  const ring = new SampleRing(100);
  for (const [time, value] of samples) {
    ring.push(time, value);
  }
  return ring;
}

test("history and live samples are one line: what is in both is there once", (t) => {
  const history = [
    [10, 1],
    [20, 2],
    [30, 3],
  ] as const;
  const { times, values } = joined(history, ringOf([20, 2], [30, 3], [40, 4], [50, 5]), 0, 100);
  t.deepEqual(times, [10, 20, 30, 40, 50]);
  t.deepEqual(values, [1, 2, 3, 4, 5]);
  t.deepEqual(joined([], ringOf([1, 1]), 0, 100).times, [1]);
  t.deepEqual(joined(history, undefined, 0, 100).times, [10, 20, 30]);
});

test("one sample before the range is kept, so that the line enters; nothing behind it is", (t) => {
  const { times } = joined([], ringOf([1, 1], [2, 2], [3, 3], [10, 4], [20, 5], [30, 6]), 5, 20);
  t.deepEqual(times, [3, 10, 20]);
});

test("what is no number ends the line, and time never goes back", (t) => {
  const { times, values } = joined(
    [
      [1, "NaN"],
      [2, true],
      [3, "7"],
    ],
    ringOf([5, 5], [4, 4], [6, 6]),
    0,
    100,
  );
  t.deepEqual(times, [1, 2, 3, 5, 6]);
  t.deepEqual(values, [null, 1, 7, 5, 6]);
});

test("a gap is much longer than the usual step", (t) => {
  const times = [0, 1, 2, 3, 4, 5, 6, 7, 12, 13].map((second) => second * 1000);
  const { times: gapped, values } = withGaps({ times, values: times.map(() => 1) }, []);
  t.is(values.filter((value) => value === null).length, 1);
  t.is(gapped[values.indexOf(null)], 7001);
  const even = times.slice(0, 8);
  t.false(withGaps({ times: even, values: even.map(() => 1) }, []).values.includes(null));
});

test("few samples, and fast ones that stumble, have no gap", (t) => {
  const few = [0, 1000, 60_000];
  t.false(withGaps({ times: few, values: few.map(() => 1) }, []).values.includes(null));
  const fast = [0, 100, 200, 300, 400, 500, 600, 700, 800, 1500, 1600];
  t.false(withGaps({ times: fast, values: fast.map(() => 1) }, []).values.includes(null));
});

test("where there was no connection, there is a gap, however short", (t) => {
  const times = [0, 1000, 2000, 3000];
  const { values } = withGaps({ times, values: times.map(() => 1) }, [{ from: 1200, to: 1900 }]);
  t.deepEqual(values, [1, 1, null, 1, 1]);
  const open = withGaps({ times, values: times.map(() => 1) }, [{ from: 3500, to: undefined }]);
  t.deepEqual(open.values, [1, 1, 1, 1]);
});

test("the range of values leaves gaps out", (t) => {
  t.deepEqual(rangeOf([null, 3, -1, null]), { least: -1, greatest: 3 });
  t.is(rangeOf([null]), undefined);
  t.is(rangeOf([]), undefined);
});

test("a small line fills its field, and stops where there is no number", (t) => {
  const path = sparkPath(ringOf([0, 0], [10_000, 10], [20_000, Number.NaN], [30_000, 5]), 60, 18, 300_000);
  t.is(path, "M0.0 17.0L20.0 1.0M60.0 9.0");
  t.is(sparkPath(ringOf([0, 4], [30_000, 4]), 60, 18, 300_000), "M0.0 9.0L60.0 9.0");
  t.is(sparkPath(new SampleRing(1), 60, 18, 300_000), "");
  // Only the last stretch.
  t.is(sparkPath(ringOf([0, 100], [70_000, 0], [100_000, 1]), 60, 18, 30_000), "M0.0 17.0L60.0 1.0");
});
