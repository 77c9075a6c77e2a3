/** ST[09]: time reports, and a board whose time is set. */
import test from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { CucAgency, CucTai } from "../../modules/ccsds/cuc.js";
import type { TimeCode } from "../../modules/ccsds/time-code.js";
import { EARLIEST, jumpsOf, MonitoredBoard } from "./monitored-board.js";
import { GOLDEN_INSTANT, TestLog } from "./support.js";

const DONE = ["1,1", "1,3", "1,7"];
/** 2026-08-21T12:00:00.250Z. */
const INSTANT = 1_787_313_600_250;

function stampOf(code: TimeCode, instant: number): number[] {
  const stamp = new Uint8Array(code.length);
  code.write(stamp, 0, instant);
  return Array.from(stamp);
}

for (const code of [new CdsShort(), new CucAgency(), new CucTai()]) {
  test(`9,128 takes the time in the board's code, and stamps follow at once: ${code.name}`, (t) => {
    const board = new MonitoredBoard(new TestLog(), code);
    board.send(9, 128, stampOf(code, INSTANT));
    t.deepEqual(
      board.log.packets.map((packet) => code.read(packet, 13)),
      [GOLDEN_INSTANT, GOLDEN_INSTANT, INSTANT, INSTANT],
    );
    const reports = board.reportsAs();
    t.deepEqual(jumpsOf(reports), [[INSTANT - GOLDEN_INSTANT, 1]]);
    t.deepEqual(
      reports.filter((report) => !report.startsWith("5,2")),
      DONE,
    );
  });

  test(`what is no time of this code, or too early, is refused with its P-field: ${code.name}`, (t) => {
    const board = new MonitoredBoard(new TestLog(), code);
    const wrong = stampOf(code, INSTANT);
    wrong[0] = 0x5f;
    board.send(9, 128, wrong);
    t.deepEqual(board.reportsAs(), ["1,1", "1,4 001d0000005f"]);
    board.send(9, 128, stampOf(code, 1000));
    t.deepEqual(board.reportsAs(), ["1,1", `1,4 001d000000${code.pField.toString(16)}`]);
    board.send(9, 128, stampOf(code, INSTANT).slice(1));
    t.deepEqual(board.reportsAs(), [`1,2 0005000000${(code.length - 1).toString(16).padStart(2, "0")}`]);
    t.is(board.clock.unixMs, GOLDEN_INSTANT);
  });
}

test("a platform whose clock cannot be set says so", (t) => {
  const code = new CdsShort();
  const board = new MonitoredBoard(new TestLog(), code, false);
  board.send(9, 128, stampOf(code, INSTANT));
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,8 002300000000"]);
});

test("a board without the time: the reference status follows at once, and the jump is from its epoch", (t) => {
  const code = new CdsShort();
  const board = new MonitoredBoard(new TestLog(), code);
  board.clock.unixMs = Number.NaN;
  board.time.tick();
  t.deepEqual(jumpsOf(board.reportsAs()), [[code.epoch - GOLDEN_INSTANT, 0]], "the clock lost its time");
  board.clock.bootMs = 5000;
  board.time.tick();
  board.send(9, 128, stampOf(code, INSTANT));
  t.deepEqual(
    board.log.packets.map((packet) => packet[6]! & 15),
    [0, 0, 1, 1],
  );
  t.deepEqual(jumpsOf(board.reportsAs()), [[INSTANT - 5000 - code.epoch, 1]]);
});

test("whoever sets the clock, a jump of more than a second is told of, once; less, and drift, are not", (t) => {
  const board = new MonitoredBoard();
  const jumpsAfter = (ms: number): number[] => {
    board.clock.unixMs += ms;
    board.advance(100);
    board.advance(100);
    return jumpsOf(board.reportsAs()).map(([difference]) => difference!);
  };
  t.deepEqual(jumpsAfter(0), []);
  t.deepEqual(jumpsAfter(1001), [1001]);
  t.deepEqual(jumpsAfter(-1001), [-1001]);
  t.deepEqual(jumpsAfter(1000), []);
  t.deepEqual(jumpsAfter(-1000), []);
  for (let k = 0; k < 100; k++) {
    t.deepEqual(jumpsAfter(50), [], "5 s in all, by and by");
  }
});

test("time reports are off, begin by 9,1 with its rate, and end", (t) => {
  const board = new MonitoredBoard();
  for (let k = 0; k < 600; k++) {
    board.advance(1000);
  }
  t.deepEqual(board.reportsAs(), []);
  board.clock.unixMs = GOLDEN_INSTANT;
  board.advance(0);
  board.log.take();
  board.send(9, 1, [2]);
  t.deepEqual(board.reportsAs(), DONE);
  const times: number[] = [];
  for (let k = 0; k < 9; k++) {
    board.advance(k === 0 ? 0 : 1000);
    const reports = board.reportsAs();
    t.true(
      reports.every((report) => /^9,3 024060000102[0-9a-f]{4}01$/.test(report)),
      reports.join(),
    );
    if (reports.length > 0) {
      times.push(k);
    }
  }
  t.deepEqual(times, [0, 4, 8], "every 4 s: rate, stamp, reference status");
  board.send(9, 1, [255]);
  board.log.take();
  board.advance(100_000);
  t.deepEqual(board.reportsAs(), []);
});

test("in CUC the time report is 9,2; intervals that were missed are not made up for", (t) => {
  const board = new MonitoredBoard(new TestLog(), new CucAgency());
  board.clock.unixMs = INSTANT;
  board.advance(0);
  board.send(9, 1, [0]);
  board.log.take();
  board.advance(0);
  t.deepEqual(board.reportsAs(), ["9,2 00" + "2f" + "6a883dc0" + "400000" + "01"]);
  board.advance(30_000);
  board.advance(999);
  t.is(board.reportsAs().length, 1);
  board.advance(1);
  t.is(board.reportsAs().length, 1);
});

test("a tick that is late makes the next report no later; a new rate holds at once", (t) => {
  const board = new MonitoredBoard();
  board.send(9, 1, [8]);
  board.advance(0);
  board.send(9, 1, [1]);
  board.log.take();
  const times: number[] = [];
  for (const ms of [0, 2300, 1600, 99, 1, 1999, 1]) {
    board.advance(ms);
    times.push(board.reportsAs().length);
  }
  t.deepEqual(times, [1, 1, 0, 0, 1, 0, 1]);
});

test("the earliest time is taken, one millisecond less is not", (t) => {
  const code = new CdsShort();
  const board = new MonitoredBoard(new TestLog(), code);
  board.send(9, 128, stampOf(code, EARLIEST - 1));
  t.is(board.clock.unixMs, GOLDEN_INSTANT);
  board.send(9, 128, stampOf(code, EARLIEST));
  t.is(board.clock.unixMs, EARLIEST);
});

test("rates from 9 on are refused, and the one before stays", (t) => {
  const board = new MonitoredBoard();
  board.send(9, 1, [8]);
  board.log.take();
  board.send(9, 1, [9]);
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001500000000"]);
  board.advance(0);
  t.regex(board.reportsAs().join(), /^9,3 08/);
});
