/** The log's ring to its last byte, what its listeners hear, and a reader whose packet is overwritten under its eyes. */
import test from "ava";
import fc from "fast-check";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { checkProperty } from "../seeded-properties.js";

function add(log: PacketLog, ...bytes: number[]): boolean {
  return log.append(Uint8Array.from(bytes), 0, bytes.length);
}

function next(log: PacketLog, cursor: LogCursor): number[] | undefined {
  return cursor.peek() ? [...log.bytes.subarray(cursor.start, cursor.end)] : undefined;
}

const GUARD = 8;

for (const policy of ["dropOldest", "refuseNew"] as const) {
  test(`${policy}: whatever its neighbours' memory holds, the log neither reads nor writes it`, (t) => {
    const step = fc.record({ length: fc.integer({ min: 1, max: 12 }), reads: fc.boolean() });
    const property = fc.property(
      fc.integer({ min: 14, max: 60 }),
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 0, max: 255 }),
      (length, steps, guard) => {
        const memory = new FixedMemory(GUARD + length + GUARD);
        const before = memory.reserve("before", GUARD);
        const log = new PacketLog({ memory, length, maxPacketLength: 12, policy });
        const behind = memory.reserve("behind", GUARD);
        memory.bytes.fill(guard);
        const cursor = new LogCursor(log);
        cursor.open();
        const kept: number[][] = [];
        let number = 0;
        for (const { length, reads } of steps) {
          const packet = new Array<number>(length).fill(number++ & 0xff);
          if (add(log, ...packet)) {
            kept.push(packet);
          }
          kept.splice(0, kept.length - log.count);
          if (reads) {
            for (const packet of kept.splice(0)) {
              if (String(next(log, cursor)) !== String(packet)) {
                return false;
              }
              cursor.advance();
            }
            cursor.confirm();
            kept.length = 0;
            if (cursor.peek()) {
              return false;
            }
          }
        }
        const isUntouched = (start: number): boolean =>
          memory.bytes.subarray(start, start + GUARD).every((byte) => byte === guard);
        return isUntouched(before) && isUntouched(behind);
      },
    );
    checkProperty(t, property, 300);
  });
}

test("a part of an array is appended, and not a byte more", (t) => {
  const memory = new FixedMemory(12);
  const log = new PacketLog({ memory, length: 6, maxPacketLength: 4 });
  const cursor = new LogCursor(log);
  cursor.open();
  memory.bytes[6] = 0x77;
  t.true(log.append(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, 6));
  t.deepEqual(next(log, cursor), [3, 4, 5, 6]);
  t.is(memory.bytes[6], 0x77);
});

test("used: nothing in an empty log, also where there were packets before", (t) => {
  const log = new PacketLog({ memory: new FixedMemory(20), length: 20, maxPacketLength: 4 });
  t.is(log.used, 0);
  add(log, 1, 2, 3);
  t.is(log.used, 5);
  const cursor = new LogCursor(log);
  cursor.open();
  cursor.peek();
  cursor.advance();
  cursor.confirm();
  cursor.close();
  log.tick(5000);
  t.true(log.forgetGiven());
  t.is(log.used, 0);
});

test("every listener hears once what was given, and what could not be sent", (t) => {
  const log = new PacketLog({ memory: new FixedMemory(100), length: 100, maxPacketLength: 10 });
  const heard: string[] = [];
  for (const name of ["first", "second"]) {
    log.subscribe({
      packetsReady: () => heard.push(`${name}: ready`),
      packetsGiven: (number) => heard.push(`${name}: below ${number} given`),
      packetRejected: (number) => heard.push(`${name}: ${number} rejected`),
    });
  }
  log.subscribe({ packetsReady: () => {} });
  const [quick, slow] = [new LogCursor(log), new LogCursor(log)];
  quick.open();
  slow.open();
  add(log, 1);
  t.deepEqual(heard.splice(0), ["first: ready", "second: ready"]);
  quick.peek();
  quick.reject();
  t.deepEqual(heard.splice(0), ["first: 0 rejected", "second: 0 rejected"]);
  t.false(quick.peek(), "a packet that cannot be sent is passed");
  quick.confirm();
  t.deepEqual(heard.splice(0), ["first: below 1 given", "second: below 1 given"]);
  slow.peek();
  slow.advance();
  slow.confirm();
  t.deepEqual(heard, [], "it was given before");
});

test("a packet that is overwritten between its sight and its end: the reader goes on with the oldest, and counts what it missed", (t) => {
  const log = new PacketLog({ memory: new FixedMemory(12), length: 12, maxPacketLength: 4 });
  const cursor = new LogCursor(log);
  cursor.open();
  add(log, 1, 1);
  add(log, 2);
  add(log, 3);
  cursor.peek();
  add(log, 4);
  t.is(log.oldest, 1, "the ring has no room for all four");
  cursor.advance();
  t.deepEqual(next(log, cursor), [2], "the next one is there");
  t.is(cursor.skipped, 0);
  for (let i = 5; i <= 7; i++) {
    add(log, i);
  }
  cursor.advance();
  t.deepEqual(next(log, cursor), [4], "the next one is lost, too");
  t.is(cursor.skipped, 1);
});

test("holdsUp: only a reader that a full log waits for; a log that drops waits for nobody", (t) => {
  for (const policy of ["dropOldest", "refuseNew"] as const) {
    const log = new PacketLog({ memory: new FixedMemory(40), length: 40, maxPacketLength: 4, policy });
    const [reader, done] = [new LogCursor(log), new LogCursor(log)];
    reader.open();
    done.open();
    log.tick(1000);
    for (let i = 0; i < 8; i++) {
      add(log, i, i, i);
    }
    t.false(reader.holdsUp, "nobody has asked for room");
    log.offer(-1);
    t.false(log.admits(30, 1));
    while (done.peek()) {
      done.advance();
    }
    t.deepEqual([reader.holdsUp, done.holdsUp], [policy === "refuseNew", false], policy);
    log.tick(1499);
    t.is(reader.holdsUp, policy === "refuseNew");
    log.tick(1500);
    t.false(reader.holdsUp, "half a second later");
  }
});

test("dropOldest: the first of two readers that had nothing to take is waited for as the second would be", (t) => {
  const log = new PacketLog({ memory: new FixedMemory(110), length: 110, maxPacketLength: 10 });
  const [slow, quick] = [new LogCursor(log), new LogCursor(log)];
  slow.open();
  quick.open();
  log.tick(60_000);
  for (let i = 0; i < 10; i++) {
    add(log, ...new Array<number>(8).fill(i));
  }
  while (quick.peek()) {
    quick.advance();
  }
  quick.confirm();
  log.tick(60_900);
  t.false(log.admits(10, 1));
  log.tick(61_000);
  t.true(log.admits(10, 1));
});
