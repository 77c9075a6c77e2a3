/** What news do to what the page knows. */
import test from "ava";
import type { Alarm, Command, LinkState } from "../../../../ground/station/contracts.js";
import { alarmText, toAcknowledge, waiting } from "../../../../ground/station/page/alarms.js";
import {
  applyMessage,
  applySummary,
  applyValue,
  boardIn,
  breaksOf,
  fillRing,
  limitsOf,
  newState,
  renew,
  watch,
} from "../../../../ground/station/page/state.js";
import type { Message } from "../../../../ground/station/page/wire.js";

const BOARD = "flatsat";
const UP: LinkState = { state: "connected", since: 100, address: "127.0.0.1 port 7301" };

function valuesOf(packet: number, value: number, time = packet): Message {
  return { kind: "values", board: BOARD, packet, time, values: [{ name: "volts", value, raw: value, unit: "V" }] };
}

function eventOf(packet: number, severity: string): Message {
  return { kind: "event", board: BOARD, packet, time: packet, event: 1, name: "hot", severity, text: "too hot" };
}

function samples(state: ReturnType<typeof newState>): [number, number][] {
  const all: [number, number][] = [];
  boardIn(state, BOARD)
    .samples.get("volts")
    ?.read((time, value) => {
      all.push([time, value]);
    });
  return all;
}

test("values: the latest stays, an older one that comes later changes nothing", (t) => {
  const state = newState();
  watch(state, BOARD);
  for (const message of [valuesOf(5, 1), valuesOf(7, 2), valuesOf(6, 3), valuesOf(7, 2)]) {
    applyMessage(state, message);
  }
  const board = boardIn(state, BOARD);
  t.is(board.values.get("volts")?.value, 2);
  t.is(board.values.get("volts")?.packet, 7);
  t.deepEqual(samples(state), [
    [5, 1],
    [7, 2],
  ]);
});

test("another station behind the same address counts from 1 again: what it says is taken", (t) => {
  const state = newState();
  watch(state, BOARD);
  applyMessage(state, valuesOf(500, 1, 10));
  applyMessage(state, eventOf(500, "high"));
  renew(state);
  const board = boardIn(state, BOARD);
  t.is(board.values.get("volts")?.value, 1);
  t.is(board.events.items.length, 0);
  applyMessage(state, valuesOf(2, 7, 20));
  applyMessage(state, valuesOf(1, 6, 19));
  t.is(board.values.get("volts")?.value, 7);
});

test("packets that could not be stored are shown all the same", (t) => {
  const state = newState();
  watch(state, BOARD);
  for (const message of [valuesOf(5, 1), valuesOf(-1, 2, 6), valuesOf(-2, 3, 7)]) {
    applyMessage(state, message);
  }
  t.is(boardIn(state, BOARD).values.get("volts")?.value, 3);
  t.is(samples(state).length, 3);
});

test("samples are kept of the board that is shown, and of no other", (t) => {
  const state = newState();
  applyMessage(state, valuesOf(1, 1));
  t.deepEqual(samples(state), []);
  watch(state, BOARD);
  applyMessage(state, valuesOf(2, 2));
  t.deepEqual(samples(state), [[2, 2]]);
  watch(state, "another");
  t.deepEqual(samples(state), []);
});

test("a small line begins with what the archive has, and goes on with what came since", (t) => {
  const state = newState();
  watch(state, BOARD);
  const board = boardIn(state, BOARD);
  applyValue(state, board, { name: "volts", value: 4, raw: 4, time: 40, packet: 4 });
  applyMessage(state, valuesOf(5, 5, 50));
  fillRing(board, "volts", [
    [20, 2],
    [30, 3],
    [40, 4],
  ]);
  t.deepEqual(samples(state), [
    [20, 2],
    [30, 3],
    [40, 4],
    [50, 5],
  ]);
});

test("packets are counted, listed once, and those without meaning say why", (t) => {
  const state = newState();
  const packet = { id: 9, received: 1000, stamp: null, service: 3, subtype: 25, count: 1 };
  applyMessage(state, { kind: "packet", board: BOARD, packet: { ...packet, hex: "08b1" } });
  applyMessage(state, { kind: "packet", board: BOARD, packet: { ...packet, id: 10, hex: "ff" }, error: "octet 0: no" });
  const { received, lastPacket, packets } = boardIn(state, BOARD);
  t.is(received, 2);
  t.is(lastPacket, 1000);
  t.deepEqual(
    packets.items.map(({ id, hex, error }) => [id, hex, error]),
    [
      [10, "ff", "octet 0: no"],
      [9, "08b1", undefined],
    ],
  );
});

test("octets that are no packet are listed once, and are no packets", (t) => {
  const state = newState();
  const rejected = { id: 3, received: 7, packet: 2, offset: 0, length: 1, reason: "truncated", hex: "ff" };
  applyMessage(state, { kind: "rejected", board: BOARD, rejected });
  applyMessage(state, { kind: "rejected", board: BOARD, rejected });
  const board = boardIn(state, BOARD);
  t.deepEqual([board.rejected.items, board.received], [[rejected], 0]);
  renew(state);
  t.deepEqual(board.rejected.items, []);
});

test("a command is one entry, whatever becomes of it", (t) => {
  const state = newState();
  const command: Command = {
    id: 3,
    time: 1,
    user: "operator",
    origin: "::1",
    name: "areYouAlive",
    arguments: {},
    state: "queued",
    stages: [],
    hex: "18",
  };
  for (const reached of ["queued", "sent", "accepted", "completed"] as const) {
    applyMessage(state, { kind: "command", board: BOARD, command: { ...command, state: reached } });
  }
  t.deepEqual(
    boardIn(state, BOARD).commands.items.map(({ id, state: reached }) => [id, reached]),
    [[3, "completed"]],
  );
});

const ALARM: Alarm = {
  id: 4,
  version: 1,
  source: "event",
  subject: 1,
  name: "hot",
  state: "returned",
  level: "critical",
  first: 3,
  changed: 4,
  count: 2,
  worst: { time: 3, value: "too hot", limit: "ok" },
  latest: { time: 4, value: "too hot", limit: "ok" },
  unit: null,
  acknowledged: null,
  firstPacket: 3,
  lastPacket: 4,
};

test("an alarm waits until somebody acknowledges it; its events are acknowledged with it, and no others", (t) => {
  const state = newState();
  for (const [k, severity] of ["informative", "low", "medium", "high", "high"].entries()) {
    applyMessage(state, eventOf(k + 1, severity));
  }
  const board = boardIn(state, BOARD);
  const tell = (alarm: Alarm): void => applyMessage(state, { kind: "alarm", board: BOARD, alarm });
  t.is(waiting(board), 0);
  tell(ALARM);
  tell({ ...ALARM, id: 5, state: "active" });
  t.is(waiting(board), 2);
  tell({ ...ALARM, id: 5, version: 2, state: "acknowledged" });
  t.is(waiting(board), 1);
  t.deepEqual(board.events.items.map(toAcknowledge), [true, true, true, false, false]);
  tell({ ...ALARM, version: 3, state: "gone", acknowledged: { user: "ada", time: 6 } });
  t.is(waiting(board), 0);
  t.deepEqual(board.events.items.map(toAcknowledge), [true, false, false, false, false]);
  tell(ALARM);
  t.is(waiting(board), 0, "an answer that comes behind the news changes nothing");
});

test("an alarm in a line", (t) => {
  t.is(alarmText(ALARM, 10), "too hot; 2 times since 00:00:00");
  const volts: Alarm = {
    ...ALARM,
    source: "parameter",
    state: "active",
    count: 1,
    unit: "V",
    worst: { time: 3, value: 6.1, limit: "criticalLow" },
    latest: { time: 4, value: 6.9, limit: "warningLow" },
  };
  t.is(alarmText(volts, 10), "now 6.9 V low; at worst 6.1 V critical low");
  t.is(alarmText({ ...volts, latest: volts.worst }, 10), "now 6.1 V critical low");
  t.is(alarmText({ ...volts, state: "returned" }, 10), "over since 00:00:00; at worst 6.1 V critical low");
});

test("limits are counted by what they mean", (t) => {
  const state = newState();
  const board = boardIn(state, BOARD);
  for (const [k, limit] of (["ok", "warningLow", "warningHigh", "criticalHigh"] as const).entries()) {
    applyValue(state, board, { name: `value${k}`, value: 1, raw: 1, limit, time: 1, packet: 1 });
  }
  applyValue(state, board, { name: "free", value: 1, raw: 1, time: 1, packet: 1 });
  t.deepEqual(limitsOf(board), { warning: 2, critical: 1 });
});

test("between two connections is an outage; what was before the first is none", (t) => {
  const state = newState();
  const link = (next: LinkState): void => applyMessage(state, { kind: "link", board: BOARD, link: next });
  link({ ...UP, state: "dialling", since: 50 });
  link(UP);
  link({ ...UP, dictionary: "same" });
  link({ ...UP, state: "lost", since: 200, text: "the peer closed it" });
  link({ ...UP, state: "dialling", since: 210 });
  link({ ...UP, since: 300 });
  t.deepEqual(boardIn(state, BOARD).outages, [{ from: 200, to: 300 }]);
  for (let k = 0; k < 500; k++) {
    link({ ...UP, state: "lost", since: 1000 + 2 * k });
    link({ ...UP, since: 1001 + 2 * k });
  }
  t.is(boardIn(state, BOARD).outages.length, 100);
});

test("a line ends where there was no connection, and where the board began anew", (t) => {
  const state = newState();
  const board = boardIn(state, BOARD);
  board.outages.push({ from: 5, to: 6 });
  for (const [packet, event] of [
    [20, 1],
    [30, 2],
  ] as const) {
    board.events.add({ packet, time: packet, event, name: "", severity: "informative", text: "" });
  }
  t.deepEqual(breaksOf(board), [
    { from: 5, to: 6 },
    { from: 20, to: 20 },
  ]);
});

test("the list of boards is the station's, and what came live before it is kept", (t) => {
  const state = newState();
  applyMessage(state, valuesOf(5, 1));
  applySummary(state, { name: BOARD, link: UP, hash: "0x1", dictionaryHash: "0x2", received: 7, lastPacket: null });
  applySummary(state, { name: "another", link: UP, hash: "0x1", received: 0 });
  t.deepEqual([...state.boards.keys()], [BOARD, "another"]);
  const board = boardIn(state, BOARD);
  t.is(board.received, 7);
  t.is(board.lastPacket, undefined);
  t.is(board.values.get("volts")?.value, 1);
});

test("an alarm that is open stays, however many came and went behind it; and so does what it is of", (t) => {
  const state = newState();
  applyMessage(state, { ...eventOf(-1, "high"), time: 3 } as Message);
  applyMessage(state, { kind: "alarm", board: BOARD, alarm: { ...ALARM, state: "active" } });
  for (let id = 100; id < 700; id++) {
    applyMessage(state, { kind: "alarm", board: BOARD, alarm: { ...ALARM, id, subject: id, state: "gone" } });
  }
  const { alarms, events } = boardIn(state, BOARD);
  t.is(alarms.items.length, 500);
  t.is(alarms.items.at(-1)!.id, ALARM.id);
  t.is(events.items[0]!.acknowledged ?? null, null);
  const acknowledged = { user: "ada", time: 9 };
  applyMessage(state, { kind: "alarm", board: BOARD, alarm: { ...ALARM, version: 2, state: "gone", acknowledged } });
  t.is(events.items[0]!.acknowledged, "ada", "also of an event that could not be stored");
});
