/** Gaps in sequence counts, of each source by itself. */
import test from "ava";
import { buildTelecommand } from "../../modules/pus/build-parse.js";
import { SourceWatch } from "../../modules/pus/source-watch.js";

/** Packets of these sources, given to a watch one after the other. @returns what it said of each */
function gaps(watch: SourceWatch, packets: readonly [from: number, sourceId: number, count: number][]): number[] {
  return packets.map(([from, sourceId, packetSequenceCount]) => {
    const packet = buildTelecommand({ apid: 2, serviceType: 17, messageSubtype: 1, sourceId, packetSequenceCount });
    return watch.extract(packet, 0, from);
  });
}

test("two that take turns, each without a gap, make none", (t) => {
  for (const [one, other] of [
    [
      [1, 0],
      [2, 0],
    ],
    [
      [1, 0],
      [1, 7],
    ],
    [
      [1, 0xffff],
      [2, 0],
    ],
    [
      [0, 0],
      [0xffff_ffff, 0],
    ],
  ] as const) {
    const watch = new SourceWatch(4);
    for (let k = 0; k < 20; k++) {
      gaps(watch, [
        [...one, k],
        [...other, 5000 + k],
      ]);
    }
    t.is(watch.missing, 0);
  }
});

test("the first packet of a source makes no gap, whatever its count and its numbers", (t) => {
  const watch = new SourceWatch(8);
  const first = [0, 1, 2, 3].map((source) => [0, source, 500] as [number, number, number]);
  t.deepEqual(gaps(watch, first), [0, 0, 0, 0]);
});

test("a gap is its source's, whoever sent between", (t) => {
  const watch = new SourceWatch(4);
  t.deepEqual(
    gaps(watch, [
      [1, 0, 10],
      [2, 0, 16_382],
      [1, 0, 13],
      [2, 0, 1],
      [1, 0, 12],
      [1, 0, 13],
    ]),
    [0, 0, 2, 2, 16_382, 0],
  );
  t.is(watch.missing, 16_386);
});

test("one source more than there are places takes that of the one that was silent longest", (t) => {
  const watch = new SourceWatch(2);
  t.deepEqual(
    gaps(watch, [
      [1, 0, 0],
      [2, 0, 0],
      [1, 0, 1],
      [3, 0, 50],
      [1, 0, 4],
      [2, 0, 9],
      [3, 0, 51],
      [2, 0, 10],
    ]),
    // The second is forgotten, begins anew and takes the third's place, which takes the first's.
    [0, 0, 0, 0, 2, 0, 0, 0],
  );
});

test("as many places as are asked for", (t) => {
  const watch = new SourceWatch(255);
  const all = Array.from({ length: 255 }, (_, k) => [k, 3, k] as [number, number, number]);
  gaps(watch, all);
  gaps(
    watch,
    all.map(([from, source, count]) => [from, source, count + 2]),
  );
  t.is(watch.missing, 255);
  t.throws(() => new SourceWatch(0), { message: "places for sources of telecommands must be from 1 to 255, not 0" });
  t.throws(() => new SourceWatch(256), { instanceOf: RangeError });
});
