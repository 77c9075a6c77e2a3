/** Services at the edges of their ranges. */
import test from "ava";
import { PacketExtractor } from "../../modules/ccsds/packet-functions.js";
import { SequenceCounters } from "../../modules/ccsds/sequence-counters.js";
import { Board } from "./support.js";

test("progress is reported for every telecommand, or for those whose flags ask for it", (t) => {
  for (const [acknowledge, flags, reports] of [
    ["always", 0, ["1,5 07"]],
    ["asRequested", 0b0010, ["1,5 07"]],
    ["asRequested", 0b1111, ["1,5 07"]],
    ["asRequested", 0b1101, []],
    ["asRequested", 0, []],
  ] as const) {
    const board = new Board({ settings: { acknowledge } });
    board.verification.progressSuccess(0x1802c000, flags, 7);
    t.deepEqual(board.reportsAs(), [...reports], `${acknowledge}, ${flags}`);
  }
});

test("housekeeping: the least interval is taken, one less is not; what is enabled twice keeps its time", (t) => {
  const board = new Board();
  board.send(3, 31, "010100000064");
  t.deepEqual(board.reportsAs(), ["1,1", "1,3", "1,7"]);
  board.send(3, 31, "010100000063");
  t.deepEqual(board.reportsAs(), ["1,1", "1,4 001600000001"]);
  t.is(board.housekeeping.intervalMs(1), 100);
  board.clock.bootMs = 60;
  board.send(3, 5, "0101");
  board.log.take();
  board.clock.bootMs = 99;
  t.is(board.housekeeping.tick(), 1);
  t.deepEqual(board.reportsAs(), []);
  board.clock.bootMs = 100;
  board.housekeeping.tick();
  t.is(board.reportsAs().length, 1);
});

test("what is unknown is not enabled, has no interval, and is not sent", (t) => {
  const board = new Board();
  t.false(board.housekeeping.isEnabled(77));
  t.is(board.housekeeping.intervalMs(77), 0);
  t.false(board.housekeeping.send(77));
  t.false(board.events.isEnabled(77));
  t.false(board.events.raise(77));
  t.deepEqual(board.reportsAs(), []);
});

test("the values of an event that are left out are zeros", (t) => {
  const board = new Board();
  t.true(board.events.raise(2));
  t.deepEqual(board.reportsAs(), [`5,2 0002${"00".repeat(11)}`]);
});

test("the first APID and the greatest number of them will do", (t) => {
  t.notThrows(() => new PacketExtractor([0, 2046]));
  t.notThrows(() => new PacketExtractor([]));
  t.notThrows(() => new SequenceCounters(2048));
});
