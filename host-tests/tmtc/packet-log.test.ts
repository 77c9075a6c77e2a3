import test from "ava";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog, type PacketLogOptions } from "../../modules/tmtc/packet-log.js";

function logOf(options: Omit<PacketLogOptions, "memory"> = {}): PacketLog {
  return new PacketLog({ memory: new FixedMemory(10_000), ...options });
}

function add(log: PacketLog, ...bytes: number[]): boolean {
  return log.append(Uint8Array.from(bytes), 0, bytes.length);
}

function readAll(log: PacketLog, cursor: LogCursor): number[][] {
  const packets: number[][] = [];
  while (cursor.peek()) {
    packets.push([...log.bytes.slice(cursor.start, cursor.end)]);
    cursor.advance();
  }
  return packets;
}

test("A packet built in place and a copied one are read in order, contiguous.", (t) => {
  const log = logOf();
  const cursor = new LogCursor(log);
  cursor.open();
  t.false(cursor.peek());
  const at = log.reserve(10);
  log.bytes.set([1, 2, 3], at);
  log.commit(3);
  t.true(add(log, 4, 5));
  t.deepEqual(readAll(log, cursor), [
    [1, 2, 3],
    [4, 5],
  ]);
});

test("A packet within the log's own memory can be appended, even from inside the log.", (t) => {
  const log = logOf({ length: 40, maxPacketLength: 20 });
  const cursor = new LogCursor(log);
  cursor.open();
  add(log, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
  for (let i = 0; i < 20; i++) {
    t.true(cursor.peek());
    t.true(log.append(log.bytes, cursor.start, cursor.end));
    cursor.advance();
  }
  t.deepEqual(readAll(log, cursor), [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
});

test("A packet that goes over the place where the last one ended stays whole.", (t) => {
  // The first packet ends at 3 of 7 bytes; the second one has room only from the beginning, and over that place.
  const log = logOf({ length: 7, maxPacketLength: 5 });
  const cursor = new LogCursor(log);
  cursor.open();
  add(log, 1);
  t.deepEqual(readAll(log, cursor), [[1]]);
  add(log, 2, 3, 4, 5, 6);
  t.deepEqual(readAll(log, cursor), [[2, 3, 4, 5, 6]]);
});

test("Telemetry that no client was given goes to the next one; what was given does not come again.", (t) => {
  const log = logOf();
  const [first, second] = [new LogCursor(log), new LogCursor(log)];
  add(log, 1);
  add(log, 2);
  first.open();
  t.deepEqual(readAll(log, first), [[1], [2]]);
  first.confirm();
  add(log, 3);
  first.close();
  second.open();
  t.deepEqual(readAll(log, second), [[3]]);
});

test("What a client's socket had not taken when it left goes to the next client.", (t) => {
  const log = logOf();
  const [first, second] = [new LogCursor(log), new LogCursor(log)];
  add(log, 1);
  add(log, 2);
  first.open();
  first.peek();
  first.advance();
  first.confirm();
  first.peek();
  first.advance();
  first.close();
  second.open();
  t.deepEqual(readAll(log, second), [[2]]);
});

test("Clients that are connected at the same time each get every packet.", (t) => {
  const log = logOf();
  const cursors = [new LogCursor(log), new LogCursor(log), new LogCursor(log)];
  for (const cursor of cursors) {
    cursor.open();
  }
  add(log, 1);
  add(log, 2);
  for (const cursor of cursors) {
    t.deepEqual(readAll(log, cursor), [[1], [2]]);
    cursor.confirm();
  }
});

test("dropOldest: a reader that falls behind goes on at the oldest packet kept, and knows how many it missed.", (t) => {
  const log = logOf({ length: 12, maxPacketLength: 4 });
  const [slow, fast] = [new LogCursor(log), new LogCursor(log)];
  slow.open();
  fast.open();
  for (let i = 0; i < 10; i++) {
    add(log, i);
    readAll(log, fast);
    fast.confirm();
  }
  t.deepEqual(readAll(log, slow), [[6], [7], [8], [9]]);
  t.is(slow.skipped, 6);
  t.is(fast.skipped, 0);
  t.is(log.dropped, 0, "every packet was given to a client");
  slow.open();
  t.is(slow.skipped, 0);
});

test("dropOldest: packets that no client ever got are counted.", (t) => {
  const log = logOf({ length: 12, maxPacketLength: 4 });
  for (let i = 0; i < 10; i++) {
    t.true(add(log, i));
  }
  t.deepEqual([log.dropped, log.refused, log.count, log.waiting], [6, 0, 4, 4]);
});

test("refuseNew: a full log refuses and counts, and takes packets again when the oldest was given.", (t) => {
  const log = logOf({ length: 12, maxPacketLength: 4, policy: "refuseNew" });
  for (let i = 0; i < 6; i++) {
    t.is(add(log, i), i < 4);
  }
  t.deepEqual([log.refused, log.dropped, log.count], [2, 0, 4]);
  const cursor = new LogCursor(log);
  cursor.open();
  cursor.peek();
  cursor.advance();
  t.false(add(log, 6), "passed, but not confirmed");
  cursor.confirm();
  t.true(add(log, 7));
  t.deepEqual(readAll(log, cursor), [[1], [2], [3], [7]]);
});

test("refuseNew: a packet that one open reader still needs is kept, though another was given it.", (t) => {
  const log = logOf({ length: 12, maxPacketLength: 4, policy: "refuseNew" });
  const [slow, fast] = [new LogCursor(log), new LogCursor(log)];
  slow.open();
  fast.open();
  for (let i = 0; i < 4; i++) {
    add(log, i);
  }
  readAll(log, fast);
  fast.confirm();
  t.false(log.hasRoom(1));
  slow.close();
  t.true(log.hasRoom(1), "a closed reader needs nothing");
});

test("A packet longer than the maximum, or of no bytes, is refused.", (t) => {
  const log = logOf({ length: 100, maxPacketLength: 10 });
  t.is(log.reserve(11), -1);
  t.is(log.reserve(0), -1);
  t.false(add(log));
  t.is(log.refused, 3);
  t.false(log.hasRoom(11));
  t.false(log.hasRoom(0));
  t.is(log.count, 0);
});

test("A commit without a reservation, twice, of nothing or of more than was reserved throws.", (t) => {
  const log = logOf();
  t.throws(() => log.commit(1), { instanceOf: RangeError });
  log.reserve(5);
  for (const length of [0, 6, -1, Number.NaN]) {
    t.throws(() => log.commit(length), { instanceOf: RangeError }, String(length));
  }
  log.commit(5);
  t.throws(() => log.commit(5), { instanceOf: RangeError });
  t.is(log.count, 1);
});

test("Listeners hear of each packet, and of what came during a hold once, when the last hold ends.", (t) => {
  const log = logOf();
  let heard = 0;
  log.subscribe({ packetsReady: () => heard++ });
  add(log, 1);
  add(log, 2);
  t.is(heard, 2);
  log.hold();
  log.hold();
  add(log, 3);
  log.release();
  add(log, 4);
  t.is(heard, 2);
  log.release();
  t.is(heard, 3);
  log.hold();
  log.release();
  t.is(heard, 3, "nothing came");
  log.hold();
  log.reserve(2000);
  log.release();
  t.is(heard, 3, "nothing was added");
});

test("A listener may read, and add to the log, while it is told.", (t) => {
  const log = logOf();
  const cursor = new LogCursor(log);
  cursor.open();
  const seen: number[] = [];
  log.subscribe({
    packetsReady() {
      while (cursor.peek()) {
        const value = log.bytes[cursor.start]!;
        cursor.advance();
        seen.push(value);
        if (value < 5) {
          add(log, value + 1);
        }
      }
    },
  });
  add(log, 1);
  t.deepEqual(seen, [1, 2, 3, 4, 5]);
});

test("Each of several listeners is told.", (t) => {
  const log = logOf();
  const told: string[] = [];
  log.subscribe({ packetsReady: () => told.push("first") });
  log.subscribe({ packetsReady: () => told.push("second") });
  add(log, 1);
  t.deepEqual(told, ["first", "second"]);
});

test("Options out of range are refused by name, with the range.", (t) => {
  t.throws(() => logOf({ maxPacketLength: 0 }), {
    instanceOf: RangeError,
    message: /maxPacketLength.*1 to 65535, not 0/,
  });
  t.throws(() => logOf({ maxPacketLength: 65_536 }), { instanceOf: RangeError });
  t.throws(() => logOf({ length: 1001 }), { instanceOf: RangeError, message: /length.*at least 1002, not 1001/ });
  t.throws(() => logOf({ length: 2000.5 }), { instanceOf: RangeError });
  t.throws(() => logOf({ policy: "dropNewest" as never }), { instanceOf: TypeError, message: /"dropNewest"/ });
  t.throws(() => logOf({ length: 10_001 }), { instanceOf: RangeError, message: /packet log.*10001 bytes/ });
});

test("The defaults are 8 KiB of packets up to 1000 bytes, the oldest dropped first.", (t) => {
  const log = logOf();
  t.deepEqual([log.length, log.maxPacketLength, log.policy], [8192, 1000, "dropOldest"]);
  const exact = logOf({ length: 1002 });
  t.true(exact.append(new Uint8Array(1000), 0, 1000));
});

test("admits: true while nothing is lost by it; under dropOldest a reader that is slow is waited for, for a second", (t) => {
  const log = logOf({ length: 100, maxPacketLength: 10 });
  log.tick(5000);
  for (let i = 0; i < 20; i++) {
    t.true(log.admits(10, 1), "nobody reads");
    add(log, ...new Array(8).fill(i));
  }
  t.true(log.dropped > 0);
  const reader = new LogCursor(log);
  reader.open();
  t.false(log.admits(10, 1), "it has not been given what would be dropped");
  for (const now of [5400, 5800, 5999]) {
    log.tick(now);
    t.false(log.admits(10, 1));
  }
  log.tick(6000);
  t.true(log.admits(10, 1), "overdue");
  t.true(log.admits(10, 1), "and so is the next one");
  readAll(log, reader);
  reader.confirm();
  t.true(log.admits(10, 1));
  for (let i = 0; i < 5; i++) {
    add(log, ...new Array(8).fill(i));
  }
  t.false(log.admits(40, 4), "a new wait begins");
  reader.close();
  t.true(log.admits(40, 4), "nobody reads any more");
});

test("admits, refuseNew: never while a packet would be refused; more than the ring holds once it is empty", (t) => {
  const log = logOf({ length: 100, maxPacketLength: 10, policy: "refuseNew" });
  const reader = new LogCursor(log);
  reader.open();
  t.true(log.admits(500, 50));
  add(log, 1);
  t.false(log.admits(500, 50));
  log.tick(1e6);
  t.false(log.admits(500, 50));
  t.true(log.admits(50, 5));
  readAll(log, reader);
  reader.confirm();
  t.true(log.admits(500, 50));
  t.is(log.refused, 0);
});

test("admits: what one event leads to is offered before it is overwritten, also when nobody reads", (t) => {
  const log = logOf({ length: 100, maxPacketLength: 10 });
  log.hold();
  for (let i = 0; i < 7; i++) {
    add(log, ...new Array(8).fill(i));
  }
  t.false(log.admits(40, 4));
  log.release();
  t.true(log.admits(40, 4));
});

test("admits: each telecommand waits for itself, whoever is served meanwhile", (t) => {
  const log = logOf({ length: 200, maxPacketLength: 10 });
  const reader = new LogCursor(log);
  reader.open();
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  for (let now = 500; now < 1500; now += 100) {
    log.tick(now);
    log.offer(500);
    t.false(log.admits(150, 5), `after ${now - 500} ms`);
    log.offer(-1);
    t.true(log.admits(20, 1), "there is room for little");
    log.offer(now);
    t.false(log.admits(150, 5), "refused for the first time a moment ago");
  }
  log.tick(1500);
  log.offer(600);
  t.false(log.admits(150, 5), "another one, that came later");
  log.offer(500);
  t.true(log.admits(150, 5), "overdue");
});

test("admits, refuseNew: nobody who came later has the room that another waits for, as long as it waits", (t) => {
  const log = logOf({ length: 200, maxPacketLength: 10, policy: "refuseNew" });
  const reader = new LogCursor(log);
  reader.open();
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  const asks = (since: number, bytes: number) => {
    log.offer(since);
    return log.admits(bytes, 1);
  };
  log.tick(1000);
  t.false(asks(-1, 150), "there is no room");
  log.tick(1100);
  t.false(asks(1000, 150));
  t.false(asks(-1, 20), "a new one");
  t.false(asks(1050, 20), "one that came later");
  t.true(asks(900, 20), "one that came before");
  t.false(asks(900, 150), "the one that came first");
  t.false(asks(1000, 20));
  readAll(log, reader);
  reader.confirm();
  t.false(asks(1000, 20), "there is room, and the first has not had it");
  t.true(asks(900, 150));
  t.true(asks(-1, 20), "the first has had it");
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  t.false(asks(1000, 150));
  log.tick(1700);
  t.true(asks(-1, 20), "the first has not come again: it has left");
});

test("admits: a new telecommand waits for itself, however long ago another had to", (t) => {
  const log = logOf({ length: 100, maxPacketLength: 10 });
  const reader = new LogCursor(log);
  reader.open();
  for (let i = 0; i < 9; i++) {
    add(log, ...new Array(8).fill(i));
  }
  log.tick(0);
  log.offer(-1);
  t.false(log.admits(10, 1));
  log.tick(3_600_000);
  log.offer(-1);
  t.false(log.admits(10, 1));
  log.tick(3_600_900);
  t.false(log.admits(10, 1), "who does not say how long it has waited is told by its own last question");
  log.tick(3_601_000);
  t.true(log.admits(10, 1));
});

/** Ten packets of eight bytes: no room is left for more than one of ten. */
function fullLog(readers: number): { log: PacketLog; cursors: LogCursor[] } {
  const log = logOf({ length: 110, maxPacketLength: 10 });
  const cursors = Array.from({ length: readers }, () => new LogCursor(log));
  log.tick(5000);
  for (const cursor of cursors) {
    cursor.open();
  }
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  return { log, cursors };
}

test("dropOldest: what one reader was given is kept for another that took something within a second", (t) => {
  const { log, cursors } = fullLog(2);
  const [quick, slow] = cursors as [LogCursor, LogCursor];
  readAll(log, quick);
  quick.confirm();
  log.tick(5900);
  slow.peek();
  slow.advance();
  slow.confirm();
  log.tick(6800);
  t.false(log.admits(10, 1), "it moved 900 ms ago");
  log.tick(6900);
  t.true(log.admits(10, 1), "it stands still: not waited for");
  t.is(log.dropped, 0);
});

test("dropOldest: a reader of which the socket took a part of a packet has moved", (t) => {
  const { log, cursors } = fullLog(2);
  const [quick, slow] = cursors as [LogCursor, LogCursor];
  readAll(log, quick);
  quick.confirm();
  log.tick(5900);
  slow.move();
  log.tick(6800);
  t.false(log.admits(10, 1));
  log.tick(6900);
  t.true(log.admits(10, 1));
});

test("dropOldest: a reader that has nothing to take is one that moves, from the moment on that there is something", (t) => {
  const log = logOf({ length: 110, maxPacketLength: 10 });
  const [quick, slow] = [new LogCursor(log), new LogCursor(log)];
  log.tick(0);
  quick.open();
  slow.open();
  for (let now = 1000; now <= 60_000; now += 1000) {
    log.tick(now);
  }
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  readAll(log, quick);
  quick.confirm();
  t.false(log.admits(10, 1), "it has had no time yet");
  log.tick(60_900);
  t.false(log.admits(10, 1));
  log.tick(61_000);
  t.true(log.admits(10, 1));
});

test("dropOldest: a reader that begins moves, whatever the one before it in its place did", (t) => {
  const { log, cursors } = fullLog(2);
  const [quick, slow] = cursors as [LogCursor, LogCursor];
  readAll(log, quick);
  quick.confirm();
  log.tick(9000);
  slow.close();
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array(8).fill(i));
  }
  slow.open();
  readAll(log, quick);
  quick.confirm();
  log.tick(9900);
  t.false(log.admits(10, 1), "it came 900 ms ago");
  log.tick(10_000);
  t.true(log.admits(10, 1));
});

test("discard: all that nobody was given, behind what a reader took, and only that", (t) => {
  const log = logOf({ length: 60, maxPacketLength: 10 });
  const [reader, other] = [new LogCursor(log), new LogCursor(log)];
  reader.open();
  for (let i = 0; i < 4; i++) {
    add(log, i, i, i, i, i, i);
  }
  for (let i = 0; i < 2; i++) {
    reader.peek();
    reader.advance();
  }
  reader.confirm();
  // Passed, and not confirmed: it counts as not given.
  reader.peek();
  reader.advance();
  reader.close();
  t.is(log.waiting, 2);
  t.is(other.discard(), 2);
  t.deepEqual([log.waiting, log.given], [0, 4]);
  t.is(other.discard(), 0, "nothing is left");
  // The ring goes round: the cursor has to stand where the next packet comes.
  for (let i = 4; i < 20; i++) {
    add(log, i, i, i, i, i, i);
    t.is(other.discard(), 1, `packet ${i}`);
  }
  reader.open();
  t.false(reader.peek(), "what was discarded reaches nobody");
  add(log, 99);
  t.deepEqual(readAll(log, reader), [[99]]);
});

test("discard: what was overwritten before is not counted again", (t) => {
  const log = logOf({ length: 12, maxPacketLength: 4 });
  const reader = new LogCursor(log);
  for (let i = 0; i < 10; i++) {
    add(log, i);
  }
  t.is(reader.discard(), 4);
  t.is(log.dropped, 6);
  add(log, 42);
  reader.open();
  t.deepEqual(readAll(log, reader), [[42]]);
});
