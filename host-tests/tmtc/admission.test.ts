/** Who may send telecommands while the log is nearly full: the edges of room and of time. */
import test from "ava";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { LogPolicy } from "../../modules/tmtc/log-contracts.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";

/** A log of 200 bytes with ten packets in it, ten bytes each with its header; its reader has taken none. */
function halfFull(policy: LogPolicy): { log: PacketLog; reader: LogCursor } {
  const log = new PacketLog({ memory: new FixedMemory(200), length: 200, maxPacketLength: 10, policy });
  const reader = new LogCursor(log);
  reader.open();
  for (let i = 0; i < 10; i++) {
    log.append(new Uint8Array(8).fill(i), 0, 8);
  }
  return { log, reader };
}

/** Asks for as many bytes, headers included, as a telecommand that has waited since then. */
function asks(log: PacketLog, since: number, bytes: number): boolean {
  log.offer(since);
  return log.admits(bytes - 2, 1);
}

function takeAll(reader: LogCursor): void {
  while (reader.peek()) {
    reader.advance();
  }
  reader.confirm();
}

for (const policy of ["dropOldest", "refuseNew"] as const) {
  test(`${policy}: reports that fit to the last byte are admitted, with a header for each and room for the longest behind them`, (t) => {
    t.true(halfFull(policy).log.admits(60, 15), "90 bytes, and 10, where 100 are free");
    t.false(halfFull(policy).log.admits(60, 16), "92 bytes, and 10");
  });
}

test("dropOldest: a wait that began at the time 0 goes on, and ends after a second", (t) => {
  const { log } = halfFull("dropOldest");
  t.false(asks(log, -1, 150));
  t.is(log.waitingSince, 0);
  log.tick(500);
  t.false(asks(log, 0, 150));
  t.is(log.waitingSince, 0);
  log.tick(999);
  t.false(asks(log, 0, 150));
  log.tick(1000);
  t.true(asks(log, 0, 150));
});

test("dropOldest: while nobody reads, reports that no ring could hold are admitted; behind others of the same event, they are not", (t) => {
  const { log, reader } = halfFull("dropOldest");
  reader.close();
  t.true(asks(log, -1, 1000));
  log.hold();
  log.append(new Uint8Array(8), 0, 8);
  t.false(asks(log, -1, 1000));
  log.release();
  t.is(log.heldBytes, 0);
  t.true(asks(log, -1, 1000));
});

test("dropOldest: what one event leads to may fill the ring to the last byte", (t) => {
  const { log, reader } = halfFull("dropOldest");
  reader.close();
  log.hold();
  for (let i = 0; i < 10; i++) {
    log.append(new Uint8Array(8), 0, 8);
  }
  t.false(asks(log, -1, 91), "100 bytes held, 91, and 10");
  t.true(asks(log, -1, 90));
});

test("refuseNew: who waits at the time 0 is not overtaken either", (t) => {
  const { log } = halfFull("refuseNew");
  t.false(asks(log, -1, 150));
  t.false(asks(log, -1, 20));
});

test("refuseNew: who is told to wait behind another has waited from then on", (t) => {
  const { log } = halfFull("refuseNew");
  log.tick(1000);
  t.false(asks(log, -1, 150));
  log.tick(1200);
  t.false(asks(log, -1, 20));
  t.is(log.waitingSince, 1200);
});

test("refuseNew: who asks for more than another, and came later, does not take its turn", (t) => {
  const { log, reader } = halfFull("refuseNew");
  log.tick(1000);
  t.false(asks(log, 900, 150));
  t.false(asks(log, 1000, 160));
  takeAll(reader);
  t.false(asks(log, 1000, 160), "there is room, and the first has not had it");
  t.true(asks(log, 900, 150));
});

test("refuseNew: a turn is kept as long as its owner asks again within half a second, however long that takes", (t) => {
  const { log } = halfFull("refuseNew");
  for (let now = 1000; now <= 5000; now += 500) {
    log.tick(now);
    t.false(asks(log, -1, 20) && now > 1000, `a new one, at ${now}`);
    t.false(asks(log, 900, 150));
  }
  log.tick(5501);
  t.true(asks(log, -1, 20), "the first has left");
});
