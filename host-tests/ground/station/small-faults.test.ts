/** What a station does where something small goes wrong: a client that takes nothing, an archive that takes nothing, an odd address. */
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import test from "ava";
import { events } from "../../../ground/station/archive/history.js";
import { Live } from "../../../ground/station/http/live.js";
import { StaticFiles } from "../../../ground/station/http/static-files.js";
import { RejectedLog } from "../../../ground/station/rejected-log.js";
import { Station } from "../../../ground/station/station.js";
import { fill, fresh } from "./archive-support.js";
import { FakeBoard } from "./fake-board.js";
import { batteryLow } from "./packets.js";
import { folderOf, running, until } from "./rig.js";

/** A client that never takes anything. */
class Stalled extends Writable {
  constructor() {
    super({ write: () => {} });
  }

  writeHead(): this {
    return this;
  }
}

test("a client that takes nothing is ended in a replay, too, whatever is told meanwhile", async (t) => {
  const file = join(folderOf(t), "a.sqlite");
  const filled = fresh(file);
  fill(filled, 0, 2000);
  filled.archive.close();
  const station = new Station({ file, boards: [(await FakeBoard.make()).entry("b1")], report: () => {} });
  t.teardown(() => station.close());
  const live = new Live(station);
  const response = new Stalled();
  const every = { has: () => true };
  const over = live.serve(response as unknown as ServerResponse, every, every, { packet: 0, count: 0 });
  const rejected = { id: -1, received: 1, packet: 0, offset: 0, length: 5000, reason: "x", hex: "ff".repeat(5000) };
  for (let k = 0; k < 1000; k++) {
    station.bus.tell({ kind: "rejected", board: "b1", rejected });
  }
  t.true(response.writableLength < 2 ** 21, String(response.writableLength));
  t.true(response.destroyed);
  response.destroy();
  await over;
  t.is(live.slowClients, 1);
});

test("an event is acknowledged with its alarm, or neither is and it is said why", async (t) => {
  const board = await FakeBoard.make();
  await board.listen();
  t.teardown(() => board.vanish());
  const rig = await running(t, { boards: [board.entry("b1")] });
  await until("a client", () => board.clients === 1);
  board.send(batteryLow(9));
  const { archive, boards } = rig.station;
  const { id, alarms } = boards[0]!;
  await until("its alarm", () => alarms.open.length === 1);
  const [event] = events(archive, { board: id, before: 1e9, limit: 1 });
  const acknowledge = () => rig.send(`/api/v1/boards/b1/events/${event!.packet}/acknowledge`);
  const acknowledged = () => events(archive, { board: id, before: 1e9, limit: 1 })[0]!.acknowledged;
  for (const what of ["INSERT ON main.alarm", "UPDATE ON main.event"]) {
    archive.database.exec(`CREATE TEMP TRIGGER full BEFORE ${what} BEGIN SELECT RAISE(ABORT, 'full'); END`);
    t.is((await acknowledge()).status, 503, what);
    t.is(acknowledged(), null, what);
    t.is(alarms.open.length, 1, what);
    archive.database.exec("DROP TRIGGER full");
  }
  t.is((await acknowledge()).status, 204);
  t.is(acknowledged(), "operator");
  t.is(alarms.open.length, 0);
  archive.database.exec("CREATE TEMP TRIGGER full BEFORE UPDATE ON main.event BEGIN SELECT RAISE(ABORT, 'full'); END");
  t.is((await acknowledge()).status, 503, "without an alarm");
});

test("a file that is taken for a folder is not there", async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "index.html"), "<p>");
  const files = new StaticFiles(pathToFileURL(`${folder}/`));
  t.false(await files.serve("/index.html/x.js", "", {} as ServerResponse));
});

test("octets that are no packet say that the archive takes something, and stand behind a packet that it has", (t) => {
  const { archive, board } = fresh(":memory:");
  const log = new RejectedLog(archive, board);
  let works = 0;
  const add = (behind: number, packets: readonly number[]): number[] => {
    log.add({ offset: 0, length: 1, bytes: Uint8Array.of(1), reasons: { truncated: 1 }, packets: 0 }, 1, behind);
    return log
      .flush(
        packets,
        (error) => t.fail(error.message),
        () => works++,
      )
      .map(({ packet }) => packet);
  };
  t.deepEqual(add(1, [7]), [7]);
  t.deepEqual(add(1, [-1]), [7]);
  t.deepEqual(add(0, []), [7]);
  t.is(works, 3);
  archive.close();
});
