/** What alarms know behind a full disk, behind retention, and behind a restart. */
import test from "ava";
import { AlarmBook, AlarmNumbers } from "../../../ground/station/alarms/alarm-book.js";
import { openAlarms } from "../../../ground/station/archive/alarms.js";
import type { Archive, EventRow, SampleRow } from "../../../ground/station/archive/archive.js";
import { eventOf, events } from "../../../ground/station/archive/history.js";
import { forget } from "../../../ground/station/archive/retention.js";
import type { EventNews, ValuesNews } from "../../../ground/station/contracts.js";
import { FLATSAT } from "../dictionary/boards.js";
import { countOf, type Filled, fill, fresh } from "./archive-support.js";

const MEMORY = ":memory:";
const EVENT = FLATSAT.events!["batteryLow"]!.id;
const CHARGE = FLATSAT.parameters!["batteryCharge"]!.id;

function bookOf({ archive, board }: Filled): AlarmBook {
  return new AlarmBook({ archive, board, dictionary: FLATSAT, numbers: new AlarmNumbers(archive) });
}

const newsOf = (packet: number): EventNews => ({
  ...{ kind: "event", board: "b1", packet, time: 1000 * Math.abs(packet), event: EVENT, name: "batteryLow" },
  ...{ severity: "high", text: `text ${packet}` },
});

/** As a station does it. */
function happened({ archive, board }: Filled, book: AlarmBook, packet: number): void {
  const { time, event, severity, text } = newsOf(packet);
  book.look([newsOf(packet)]);
  const row: EventRow = { packet, board, time, event, severity, text };
  archive.addDerived({ from: packet, upTo: packet, samples: [], events: [row] }, () => book.store());
  book.stored();
}

function unacknowledged(archive: Archive, board: number): number {
  return events(archive, { board, before: 1e9, limit: 1e6 }).filter(({ acknowledged }) => acknowledged === null).length;
}

test("numbers of packets that could not be stored are no alarm's first nor last", (t) => {
  const filled = fresh(MEMORY);
  const { archive, board } = filled;
  const book = bookOf(filled);
  book.look([newsOf(-1)]);
  t.like(book.open[0], { firstPacket: 0, lastPacket: 0, count: 1 });
  fill(filled, 0, 3);
  happened(filled, book, 2);
  happened(filled, book, 3);
  book.look([newsOf(-2)]);
  const [alarm] = book.open;
  t.like(alarm, { firstPacket: 2, lastPacket: 3, count: 4 });
  book.acknowledge(alarm!.id, "ada", 9000);
  t.is(unacknowledged(archive, board), 0);
  archive.close();
});

test("how often an event came is known behind retention and a restart", (t) => {
  const filled = fresh(MEMORY);
  const { archive, board } = filled;
  fill(filled, 0, 520);
  const book = bookOf(filled);
  for (let packet = 1; packet <= 520; packet++) {
    happened(filled, book, packet);
  }
  t.is(openAlarms(archive, board)[0]!.count, 1, "only a change of state is written");
  while (forget(archive, { maxAgeMs: 119_500 }, 519_000) > 0) {
    // Until nothing is too old.
  }
  t.is(countOf(archive, "event"), 120);
  t.is(eventOf(archive, board, 400), undefined);
  const again = bookOf(filled);
  t.like(again.open[0], { count: 520, firstPacket: 1, lastPacket: 520, latest: { value: "text 520" } });
  while (forget(archive, { maxAgeMs: 0 }, 1e9) > 0) {
    // All but the last.
  }
  t.like(bookOf(filled).open[0], { count: 520, lastPacket: 520, latest: { value: "text 520" } });
  archive.close();
});

test("alarms that are gone are forgotten, however many wait in front of them", (t) => {
  const { archive, board } = fresh(MEMORY);
  const insert = archive.statement(
    `INSERT INTO alarm (version, board, source, subject, name, state, level, first, changed, count, worst, worst_time, worst_limit,
     latest, latest_time, latest_limit, first_packet, last_packet)
     VALUES (1, ?, 'event', ?, 'n', ?, 'warning', 1, 1, 1, 1, 1, 'ok', 1, 1, 'ok', 1, 1)`,
  );
  archive.transaction(() => {
    for (let k = 0; k < 6000; k++) {
      insert.run(board, k, k < 1000 ? "returned" : "gone");
    }
  });
  while (forget(archive, { maxAgeMs: 1000 }, 1e6) > 0) {
    // Until nothing is too old.
  }
  t.is(countOf(archive, "alarm"), 1001, "those that wait, and the last of the board");
  archive.close();
});

test("a restart looks only at what came behind what its alarm was stored with", (t) => {
  const filled = fresh(MEMORY);
  const { archive, board } = filled;
  const book = bookOf(filled);
  const values = (packet: number, value: number): ValuesNews => ({
    ...{ kind: "values", board: "b1", packet, time: 1000 * packet },
    values: [{ name: "batteryCharge", raw: value, value, unit: "%", limit: value < 25 ? "criticalLow" : "warningLow" }],
  });
  const sample = (packet: number, raw: number): SampleRow => ({
    ...{ board, parameter: CHARGE, time: 1000 * packet, packet, raw },
  });
  book.look([values(1, 40)]);
  book.look([values(3, 30)]);
  book.storeOpen();
  // No station stores the first like this: it shows whether it is read.
  archive.addDerived({ from: 1, upTo: 4, samples: [sample(2, 1), sample(3, 30), sample(4, 28)], events: [] });
  t.like(bookOf(filled).open[0], { worst: { value: 28 }, latest: { value: 28 }, lastPacket: 4 });
  archive.close();
});
