/** What is kept of things without end. */
import test from "ava";
import { Recent, SampleRing } from "../../../../ground/station/page/ring.js";

function read(ring: SampleRing): [number, number][] {
  const samples: [number, number][] = [];
  ring.read((time, value) => {
    samples.push([time, value]);
  });
  return samples;
}

test("samples: the oldest make room for the newest", (t) => {
  const ring = new SampleRing(3);
  t.is(ring.first, undefined);
  t.is(ring.last, undefined);
  t.deepEqual(read(ring), []);
  for (let k = 1; k <= 7; k++) {
    ring.push(k, 10 * k);
    t.is(ring.size, Math.min(k, 3));
    t.is(ring.first, Math.max(1, k - 2));
    t.is(ring.last, k);
    t.is(ring.version, k);
  }
  t.deepEqual(read(ring), [
    [5, 50],
    [6, 60],
    [7, 70],
  ]);
  ring.clear();
  t.deepEqual(read(ring), []);
  ring.push(8, 80);
  t.deepEqual(read(ring), [[8, 80]]);
});

interface Entry {
  readonly id: number;
  readonly text: string;
}

const entry = (id: number, text = ""): Entry => ({ id, text });
const ids = (recent: Recent<Entry>): number[] => recent.items.map(({ id }) => id);

test("entries: the latest first, in whatever order they come, each once", (t) => {
  const recent = new Recent<Entry>(4, ({ id }) => id);
  for (const id of [2, 4, 1, 3, 3]) {
    recent.add(entry(id));
  }
  t.deepEqual(ids(recent), [4, 3, 2, 1]);
  t.is(recent.oldest, 1);
  recent.add(entry(5));
  t.deepEqual(ids(recent), [5, 4, 3, 2]);
  // Older than all that are kept: there is no room.
  recent.add(entry(0));
  t.deepEqual(ids(recent), [5, 4, 3, 2]);
});

test("an entry that is there is replaced, and its neighbours stay", (t) => {
  const recent = new Recent<Entry>(4, ({ id }) => id);
  for (const id of [1, 2, 3]) {
    recent.add(entry(id, "old"));
  }
  recent.add(entry(2, "new"));
  t.deepEqual(recent.items, [entry(3, "old"), entry(2, "new"), entry(1, "old")]);
  recent.change(1, (one) => ({ ...one, text: "changed" }));
  recent.change(9, () => t.fail());
  t.is(recent.items[2]!.text, "changed");
});

test("what could not be stored has numbers below 0: it is the newest when it comes, and is replaced, too", (t) => {
  const recent = new Recent<Entry>(10, ({ id }) => id);
  for (const id of [1, 2, -1, 3, -2]) {
    recent.add(entry(id));
  }
  t.deepEqual(ids(recent), [-2, -1, 3, 2, 1]);
  recent.add(entry(-1, "again"));
  t.is(recent.items.filter(({ id }) => id === -1).length, 1);
  t.is(recent.items.find(({ id }) => id === -1)?.text, "again");
  t.is(recent.oldest, 1);
});

test("more are kept when somebody asks for older ones", (t) => {
  const recent = new Recent<Entry>(2, ({ id }) => id);
  for (const id of [8, 9]) {
    recent.add(entry(id));
  }
  recent.grow(2);
  recent.add(entry(7));
  recent.add(entry(6));
  recent.add(entry(5));
  t.deepEqual(ids(recent), [9, 8, 7, 6]);
});

test("a million entries, and no more than the capacity are there", (t) => {
  const recent = new Recent<Entry>(100, ({ id }) => id);
  const ring = new SampleRing(100);
  for (let k = 0; k < 1_000_000; k++) {
    recent.add(entry(k));
    ring.push(k, k);
  }
  t.is(recent.items.length, 100);
  t.is(ring.size, 100);
  t.is(recent.items[0]!.id, 999_999);
  t.is(ring.first, 999_900);
});

test("an answer that comes behind the news does not undo them", (t) => {
  const recent = new Recent<{ id: number; stages: number }>(
    4,
    ({ id }) => id,
    (entry, known) => entry.stages < known.stages,
  );
  recent.add({ id: 1, stages: 3 });
  recent.add({ id: 1, stages: 0 });
  t.deepEqual(recent.items, [{ id: 1, stages: 3 }]);
  recent.add({ id: 1, stages: 4 });
  t.deepEqual(recent.items, [{ id: 1, stages: 4 }]);
});

test("what may not be forgotten stays, and makes no other go", (t) => {
  const recent = new Recent<Entry>(
    3,
    ({ id }) => id,
    undefined,
    ({ text }) => text === "gone",
  );
  recent.add(entry(1, "active"));
  for (let id = 2; id < 20; id++) {
    recent.add(entry(id, "gone"));
  }
  t.deepEqual(ids(recent), [19, 18, 1]);
  recent.add(entry(1, "gone"));
  recent.add(entry(20, "gone"));
  t.deepEqual(ids(recent), [20, 19, 18]);
});
