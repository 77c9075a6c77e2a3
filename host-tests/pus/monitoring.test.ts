/** ST[12]: what is reported of values that leave their limits, come back, or cannot be known. */
import test from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { BELOW_LOW_LIMIT, INVALID, UNCHECKED, WITHIN_LIMITS } from "../../modules/pus/messages/checking-status.js";
import { MonitoredBoard } from "./monitored-board.js";
import { TestLog } from "./support.js";

const DONE = ["1,1", "1,3", "1,7"];

/** A board on which only one value is monitored. */
function only(id: number): MonitoredBoard {
  const board = new MonitoredBoard();
  for (const other of [1, 2, 3, 4, 5, 7].filter((each) => each !== id)) {
    board.send(12, 2, [1, 0, other]);
  }
  board.send(12, 1, [1, 0, id]);
  board.log.take();
  return board;
}

/** Transitions and events only, without the stamp at the end of each transition. */
function told(board: MonitoredBoard): string[] {
  return board.reportsAs().map((report) => (report.startsWith("12,12") ? report.slice(0, -14) : report));
}

test("all is well: nothing is reported, and the status is known after as many checks as it is to be seen", (t) => {
  const board = new MonitoredBoard();
  t.is(board.monitoring.checkingStatus(1), UNCHECKED);
  board.advance(0);
  t.is(board.monitoring.checkingStatus(1), UNCHECKED);
  t.is(board.monitoring.checkingStatus(2), WITHIN_LIMITS);
  board.advance(999);
  t.is(board.monitoring.checkingStatus(1), UNCHECKED, "the interval is not over");
  board.advance(1);
  t.is(board.monitoring.checkingStatus(1), WITHIN_LIMITS);
  t.is(board.monitoring.checkingStatus(4), UNCHECKED, "not enabled");
  t.is(board.monitoring.checkingStatus(6), UNCHECKED, "not monitored");
  t.deepEqual(board.reportsAs(), []);
});

test("a value beyond its limit is reported with the limit, both statuses and the time, and its event is raised with the value", (t) => {
  const board = only(1);
  board.advance(0);
  board.advance(1000);
  board.celsius = 501;
  board.advance(1000);
  t.deepEqual(board.reportsAs(), [], "once is not enough");
  board.advance(1000);
  // N, both IDs, limit check, 50.1 and the limit: 50.04, of which 50.0 is the last that a tenth can say.
  t.deepEqual(board.reportsAs(), ["12,12 010001000101" + "01f501f4" + "0004" + "40600001020ebc", "5,3 000201f5"]);
  board.celsius = 500;
  board.advance(1000);
  board.advance(1000);
  t.deepEqual(
    told(board),
    ["12,12 010001000101" + "01f4" + "01f4" + "04" + "00"],
    "the limit that it was beyond; no event",
  );
});

test("levels: an event when it gets worse, none on the way back; the other side is worse, too", (t) => {
  const board = only(1);
  const at = (celsius: number): string[] => {
    board.celsius = celsius;
    board.advance(1000);
    board.advance(1000);
    return told(board);
  };
  const head = "12,12 010001000101";
  t.deepEqual(at(200), []);
  t.deepEqual(at(-101), [`${head}ff9bff9c0003`, "5,2 0001ff9bff9c"], "low: the event has value and limit");
  t.deepEqual(at(-201), [`${head}ff37ff380305`, "5,2 0001ff37ff38"], "critical: its event is that of low");
  t.deepEqual(at(-200), [`${head}ff38ff9c0503`], "on the way back");
  t.deepEqual(at(601), [`${head}025902580306`, "5,4 0003"], "the other side");
  t.deepEqual(at(501), [`${head}01f501f40604`]);
  t.deepEqual(at(-150), [`${head}ff6aff9c0403`, "5,2 0001ff6aff9c"]);
  t.deepEqual(at(-100), [`${head}ff9cff9c0300`], "the limit itself is good");
  t.deepEqual(at(500), []);
  t.deepEqual(at(600), [`${head}025801f40004`, "5,3 00020258"]);
});

test("repetitions: a result in between begins them anew", (t) => {
  const board = only(1);
  board.advance(0);
  board.advance(1000);
  for (const celsius of [700, 200, 700, 550, 200]) {
    board.celsius = celsius;
    board.advance(1000);
  }
  t.deepEqual(board.reportsAs(), []);
  t.is(board.monitoring.checkingStatus(1), WITHIN_LIMITS);
});

test("an expected value: reported with its mask, and the event raised, once; and when it is back", (t) => {
  const board = only(2);
  board.advance(0);
  board.set("mode", 3);
  board.advance(499);
  t.deepEqual(board.reportsAs(), []);
  board.advance(1);
  t.deepEqual(told(board), ["12,12 010002000200ff03010003", "5,2 000403"]);
  board.advance(500);
  t.deepEqual(told(board), []);
  board.set("mode", 1);
  board.advance(500);
  t.deepEqual(told(board), ["12,12 010002000200ff01010300"]);
});

test("an expected value under a mask: the other bits do not count", (t) => {
  const board = only(3);
  board.set("flags", 0xf1ff);
  board.advance(0);
  t.deepEqual(board.reportsAs(), []);
  board.set("flags", 0x0300);
  board.advance(1000);
  t.deepEqual(told(board), ["12,12 0100030003000f00030001000003"]);
});

test("an expected boolean", (t) => {
  const board = only(7);
  board.set("heater", false);
  board.advance(0);
  t.deepEqual(told(board), ["12,12 010007000700ff00010103"]);
});

test("where the calibration falls, low is low in the unit, and its raw number the greater one; a limit itself is good", (t) => {
  const board = only(4);
  const at = (fuel: number): string[] => {
    board.set("fuel", fuel);
    board.advance(1000);
    return told(board);
  };
  const head = "12,12 010004000401";
  t.deepEqual(at(500), []);
  t.deepEqual(at(800), []);
  t.deepEqual(at(801), [`${head}032103200003`, "5,4 000503210320"]);
  t.deepEqual(at(900), []);
  t.deepEqual(at(901), [`${head}038503840305`, "5,4 000503850384"]);
  t.deepEqual(at(199), [`${head}00c700c80504`], "nobody named an event");
  t.deepEqual(at(50), []);
  t.deepEqual(at(49), [`${head}003100320406`]);
  t.deepEqual(at(200), [`${head}00c800320600`]);
});

test("an expected value of 32 bits, the highest among them", (t) => {
  const expected = { value: 0x80000001, mask: 0xf000000f };
  const board = new MonitoredBoard(new TestLog(), new CdsShort(), true, {
    name: "wide",
    parameters: { p: { id: 1, type: "uint32", monitoring: { expected } } },
  });
  board.celsius = 0x81234561;
  board.advance(0);
  t.is(board.monitoring.checkingStatus(1), WITHIN_LIMITS);
  board.celsius = 0x01234561;
  board.advance(1000);
  t.deepEqual(told(board), ["12,12 0100010001" + "00" + "f000000f" + "01234561" + "80000001" + "0003"]);
});

test("a float at its limit is good, as the limit goes over the link", (t) => {
  const board = only(5);
  board.set("volts", 5.1);
  board.advance(0);
  t.is(board.monitoring.checkingStatus(5), WITHIN_LIMITS);
  board.set("volts", 5.2);
  board.advance(1000);
  t.deepEqual(told(board), ["12,12 01000500050140a6666640a333330006"]);
});

test("no value: it is compared with nothing, and that is reported, and that it is back", (t) => {
  const board = only(5);
  board.advance(0);
  board.set("volts", Number.NaN);
  board.advance(1000);
  t.is(board.monitoring.checkingStatus(5), INVALID);
  t.deepEqual(told(board), ["12,12 0100050005017fc000007fc000000002"], "no limit belongs to it");
  board.set("volts", 6);
  board.advance(1000);
  t.deepEqual(told(board), ["12,12 01000500050140c0000040a333330206"]);
  board.set("volts", Number.NaN);
  board.advance(1000);
  t.deepEqual(told(board), ["12,12 0100050005017fc0000040a333330602"]);
});

test("no value where one is expected: no limit belongs to it, and the expected value is said", (t) => {
  const board = only(2);
  board.set("mode", 255);
  board.advance(0);
  t.deepEqual(told(board), ["12,12 010002000200ffff010102"], "and no event");
});

test("a sensor that throws or reads nothing: invalid, the other values are checked all the same, and the fault is the pool's to count", (t) => {
  const board = new MonitoredBoard();
  board.advance(0);
  board.celsius = Number.NaN;
  board.set("mode", 9);
  board.advance(1000);
  board.advance(1000);
  t.is(board.monitoring.checkingStatus(1), INVALID);
  t.is(board.monitoring.checkingStatus(2), BELOW_LOW_LIMIT, "unexpected");
  t.is(board.pool.faults, 2);
});

test("12,2 and 12,1: unchecked while it is disabled, without a word; enabled, it is checked at once and from the start", (t) => {
  const board = only(2);
  board.set("mode", 9);
  board.advance(0);
  t.is(told(board).length, 2);
  board.send(12, 2, [1, 0, 2]);
  t.deepEqual(board.reportsAs(), DONE);
  t.is(board.monitoring.checkingStatus(2), UNCHECKED);
  board.advance(1000);
  t.deepEqual(board.reportsAs(), []);
  board.send(12, 1, [1, 0, 2]);
  board.advance(1);
  t.deepEqual(told(board), [...DONE, "12,12 010002000200ff09010103", "5,2 000409"]);
  board.send(12, 1, [1, 0, 2]);
  board.advance(1000);
  t.deepEqual(told(board), DONE, "enabled already");
});

test("12,1 of what is enabled begins its repetitions anew", (t) => {
  const board = only(1);
  board.advance(0);
  board.advance(1000);
  board.celsius = 550;
  board.advance(1000);
  board.send(12, 1, [1, 0, 1]);
  board.log.take();
  board.advance(1000);
  t.deepEqual(board.reportsAs(), []);
  board.advance(1000);
  t.is(told(board).length, 2);
});

test("disabled in between, a value has to be seen as often as at first", (t) => {
  const board = only(1);
  board.celsius = 550;
  board.advance(0);
  board.send(12, 2, [1, 0, 1]);
  board.send(12, 1, [1, 0, 1]);
  board.log.take();
  board.advance(0);
  t.deepEqual(board.reportsAs(), [], "checked at once, but once only");
  board.advance(1000);
  t.is(told(board).length, 2);
  board.send(12, 2, [1, 0, 1]);
  board.send(12, 1, [1, 0, 1]);
  board.log.take();
  board.advance(1000);
  t.is(board.monitoring.checkingStatus(1), UNCHECKED);
});

test("off and on within an interval: unchecked, and checked at once", (t) => {
  const board = new MonitoredBoard();
  board.set("mode", 9);
  board.advance(0);
  board.advance(1000);
  board.send(12, 16);
  t.is(board.monitoring.checkingStatus(1), UNCHECKED, "the first");
  t.is(board.monitoring.checkingStatus(7), UNCHECKED, "the last");
  board.send(12, 15);
  board.log.take();
  board.advance(0);
  t.is(told(board).length, 2);
});

test("12,16 and 12,15: nothing is checked; then all that is beyond its limits is reported anew", (t) => {
  const board = new MonitoredBoard();
  board.set("mode", 9);
  board.set("volts", 9);
  board.advance(0);
  const first = told(board);
  t.is(first.length, 3);
  board.send(12, 16);
  t.deepEqual(board.reportsAs(), DONE);
  board.set("mode", 1);
  board.set("flags", 0);
  board.advance(5000);
  t.deepEqual(board.reportsAs(), []);
  t.is(board.monitoring.checkingStatus(2), UNCHECKED);
  board.set("mode", 9);
  board.set("flags", 0x0100);
  board.send(12, 13);
  t.is(board.reportsAs()[2], "12,14 06000101000201000301000400000501000701", "the definitions stay as they are");
  board.send(12, 15);
  board.send(12, 15);
  board.log.take();
  board.advance(0);
  t.deepEqual(told(board), first);
  board.send(12, 15);
  board.advance(1000);
  t.deepEqual(told(board), DONE, "on already");
});

test("12,8 is answered by one 12,9 for each definition; a limit that there is not is the end of the type", (t) => {
  const board = new MonitoredBoard();
  board.send(12, 8, [4, 0, 1, 0, 3, 0, 4, 0, 5]);
  t.deepEqual(board.reportsAs(), [
    "1,1",
    "1,3",
    // Interval 1000, enabled, 2 repetitions, limits with events: warning, critical.
    "12,9 0100010001" + "000003e8" + "010201" + "ff9c0001" + "01f40002" + "ff380001" + "02580003",
    "12,9 0100030003" + "000003e8" + "010100" + "0f00" + "0100" + "0000",
    "12,9 0100040004" + "000003e8" + "000101" + "03200005" + "00c80000" + "03840005" + "00320000",
    "12,9 0100050005" + "000003e8" + "010101" + "ff8000000000" + "7f8000000000" + "ff8000000000" + "40a333330000",
    "1,7",
  ]);
});

test("a parameter that is not monitored: refused whole, with its ID", (t) => {
  const board = new MonitoredBoard();
  for (const subtype of [1, 2, 8]) {
    board.send(12, subtype, [2, 0, 2, 0, 6]);
    t.deepEqual(board.reportsAs(), ["1,1", "1,4 001c00000006"]);
  }
  board.send(12, 13);
  t.is(board.reportsAs()[2], "12,14 06000101000201000301000400000501000701");
  board.send(12, 1, [0]);
  t.deepEqual(board.reportsAs(), ["1,2 000600000000"]);
});

test("a telecommand waits for as much room as its reports may take, and no more", (t) => {
  const board = new MonitoredBoard();
  const asked = (subtype: number, data: number[]): number[] => {
    board.send(12, subtype, data);
    const lengths = board.log
      .take()
      .filter((packet) => packet[7] === 12)
      .map(({ length }) => length);
    return [board.log.askedBytes, lengths.reduce((sum, length) => sum + length, 0)];
  };
  const [without, none] = asked(15, []) as [number, number];
  t.is(none, 0);
  // The definition that takes most, as often as one request may name one.
  for (const [subtype, data] of [
    [8, [6, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5]],
    [13, []],
  ] as const) {
    const [room, taken] = asked(subtype, [...data]) as [number, number];
    t.is(room - without, taken, `12,${subtype}`);
  }
  board.send(12, 8, [7, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5]);
  t.deepEqual(board.reportsAs(), ["1,2 000600000007"]);
});

test("more than 32 definitions: their status comes in several reports", (t) => {
  const parameters = Object.fromEntries(
    Array.from({ length: 70 }, (_, k) => [
      `p${k}`,
      { id: k + 1, type: "uint8", monitoring: { expected: { value: 0 } } },
    ]),
  ) as Dictionary["parameters"];
  const log = new TestLog();
  const board = new MonitoredBoard(log, new CdsShort(), true, { name: "many", ...(parameters && { parameters }) });
  board.send(12, 15);
  const without = log.askedBytes;
  log.take();
  board.send(12, 2, [2, 0, 1, 0, 70]);
  log.take();
  board.send(12, 13);
  const taken = log.packets.filter((packet) => packet[7] === 12).reduce((sum, { length }) => sum + length, 0);
  t.is(log.askedBytes - without, taken);
  const ids = (from: number, to: number): string => {
    let text = "";
    for (let id = from; id <= to; id++) {
      text += `00${id.toString(16).padStart(2, "0")}${id === 1 || id === 70 ? "00" : "01"}`;
    }
    return text;
  };
  t.deepEqual(board.reportsAs().slice(2, -1), [
    `12,14 20${ids(1, 32)}`,
    `12,14 20${ids(33, 64)}`,
    `12,14 06${ids(65, 70)}`,
  ]);
});

test("intervals that were missed are not made up for, and those of one definition are not another's", (t) => {
  const board = only(2);
  board.advance(0);
  board.set("mode", 9);
  board.advance(10_000);
  t.is(told(board).length, 2);
  board.set("mode", 1);
  board.advance(499);
  t.deepEqual(board.reportsAs(), []);
  board.advance(1);
  t.is(told(board).length, 1);
});

test("a full log: the transition is lost and counted, and the status goes on", (t) => {
  const board = only(2);
  board.set("mode", 9);
  board.log.reserve = () => -1;
  board.advance(500);
  t.is(board.reports.lost, 2);
  board.send(12, 8, [2, 0, 1, 0, 2]);
  board.send(12, 13);
  t.is(board.reports.lost, 2 + 3 + 2 + 3 + 1);
  t.is(board.dispatcher.failed, 0);
  t.is(board.monitoring.checkingStatus(2), BELOW_LOW_LIMIT);
});
