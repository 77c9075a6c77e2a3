import test from "ava";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { SourceFeed } from "../../modules/tmtc/source-feed.js";

/** A source of numbered packets of 4 bytes, and a log that holds few. */
function rig(packets: number) {
  const log = new PacketLog({ memory: new FixedMemory(100), length: 28, maxPacketLength: 8, policy: "refuseNew" });
  let next = 0;
  const source = {
    asked: 0,
    next(bytes: Uint8Array, start: number, limit: number) {
      source.asked++;
      if (limit - start !== log.maxPacketLength) {
        throw new Error(`the source got room for ${limit - start} bytes`);
      }
      if (next === packets) {
        return 0;
      }
      bytes.fill(next++, start, start + 4);
      return 4;
    },
  };
  const cursor = new LogCursor(log);
  cursor.open();
  return { log, source, cursor, feed: new SourceFeed(log, source) };
}

function read(log: PacketLog, cursor: LogCursor): number[] {
  const numbers: number[] = [];
  while (cursor.peek()) {
    numbers.push(log.bytes[cursor.start]!);
    cursor.advance();
  }
  cursor.confirm();
  return numbers;
}

test("A feed pulls until the source has nothing.", (t) => {
  const { log, source, cursor, feed } = rig(2);
  feed.fill();
  t.is(source.asked, 3);
  t.true(feed.exhausted);
  t.deepEqual(read(log, cursor), [0, 1]);
  feed.fill();
  t.is(source.asked, 4);
  t.is(log.count, 2);
});

test("A feed pulls only while the log has room, and loses nothing.", (t) => {
  const { log, cursor, feed } = rig(20);
  const received: number[] = [];
  for (let round = 0; round < 20; round++) {
    feed.fill();
    t.true(log.count <= 4);
    received.push(...read(log, cursor));
  }
  t.deepEqual(
    received,
    Array.from({ length: 20 }, (_, i) => i),
  );
  t.deepEqual([log.refused, log.dropped], [0, 0]);
});

test("While nobody reads, a source is asked no more than the log holds.", (t) => {
  const { log, source, feed } = rig(20);
  feed.fill();
  t.false(feed.exhausted);
  feed.fill();
  t.is(source.asked, log.count);
});

test("A source that writes more than its room, or less than nothing, is found out.", (t) => {
  for (const length of [9, -1, Number.NaN]) {
    const log = new PacketLog({ memory: new FixedMemory(100), length: 28, maxPacketLength: 8, policy: "refuseNew" });
    const feed = new SourceFeed(log, { next: () => length });
    t.throws(() => feed.fill(), { instanceOf: RangeError }, String(length));
    t.is(log.count, 0);
  }
});

test("A source that has more again, and more than there is room for, is not taken for exhausted.", (t) => {
  const log = new PacketLog({ memory: new FixedMemory(100), length: 28, maxPacketLength: 8, policy: "refuseNew" });
  let left = 0;
  const feed = new SourceFeed(log, { next: () => (left-- > 0 ? 4 : 0) });
  t.false(feed.exhausted, "nobody has asked it yet");
  feed.fill();
  t.true(feed.exhausted);
  left = 20;
  feed.fill();
  t.false(feed.exhausted);
});
