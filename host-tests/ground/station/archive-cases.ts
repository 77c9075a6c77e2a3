/** What an archive does, on any driver: plain assertions, so that another Node can run them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openAlarms } from "../../../ground/station/archive/alarms.js";
import { Archive } from "../../../ground/station/archive/archive.js";
import { openDatabase } from "../../../ground/station/archive/database.js";
import { acknowledge, history } from "../../../ground/station/archive/history.js";
import { findParameter } from "../../../ground/station/archive/in-unit.js";
import { latestPackets } from "../../../ground/station/archive/packet-list.js";
import { dataSize, forget, shrink } from "../../../ground/station/archive/retention.js";
import { SCHEMA_VERSION } from "../../../ground/station/archive/schema.js";
import { Deriver } from "../../../ground/station/derive.js";
import { csvLines } from "../../../ground/station/export/csv.js";
import { FLATSAT } from "../dictionary/boards.js";
import { ARCHIVE_BOUND_CASES } from "./archive-bound-cases.js";
import { type ArchiveCase, checkSound, countOf, deriveAll, fill, fresh } from "./archive-support.js";
import { killedWriter } from "./killed-writer.js";
import { UPTIME_ID, uptimeRow } from "./packets.js";

export const ARCHIVE_CASES: Readonly<Record<string, ArchiveCase>> = {
  ...ARCHIVE_BOUND_CASES,

  "a batch is stored whole or not at all, and numbers rise"(folder) {
    const filled = fresh(join(folder, "a.sqlite"));
    const { archive, board, hash } = filled;
    assert.deepEqual(
      fill(filled, 0, 1000).map(({ id }) => id),
      Array.from({ length: 1000 }, (_, k) => k + 1),
    );
    const bad = { ...uptimeRow(board, hash, 2, 2), bytes: null as unknown as Uint8Array };
    assert.throws(() => archive.addPackets([uptimeRow(board, hash, 1, 1), bad]));
    assert.equal(countOf(archive, "packet"), 1000);
    assert.equal(fill(filled, 1000, 1001)[0]!.id, 1001);
    const [packet] = archive.packetsBehind(1000, 10);
    assert.deepEqual(packet, { ...uptimeRow(board, hash, 1000, 1_000_000), id: 1001 });
    archive.close();
  },

  "one writes, others are refused in one line, readers are not"(folder) {
    const file = join(folder, "a.sqlite");
    const filled = fresh(file);
    fill(filled, 0, 10);
    assert.throws(() => new Archive(file), { message: `archive ${file}: another station writes it` });
    const reader = new Archive(file, { readOnly: true });
    assert.equal(countOf(reader, "packet"), 10);
    assert.throws(() => reader.board("b2"), /read.?only/i);
    reader.close();
    filled.archive.close();
    const again = new Archive(file);
    assert.equal(countOf(again, "packet"), 10);
    again.close();
  },

  "what is no archive is told, and left as it is"(folder) {
    const text = join(folder, "text");
    writeFileSync(text, "no database at all, but long enough to be taken for one".repeat(100));
    assert.throws(() => new Archive(text), /^Error: archive .*text: .*not a database/);
    const other = join(folder, "other.sqlite");
    const database = openDatabase(other);
    database.exec("CREATE TABLE theirs (x)");
    database.close();
    for (const options of [{}, { readOnly: true }]) {
      assert.throws(() => new Archive(other, options), /none of flatlink's/);
    }
    const later = join(folder, "later.sqlite");
    fresh(later).archive.close();
    const raised = openDatabase(later);
    raised.exec("PRAGMA user_version = 99");
    raised.close();
    assert.throws(() => new Archive(later), /version 99.*later flatlink/);
    assert.throws(() => new Archive(join(folder, "none.sqlite"), { readOnly: true }), /there is no such file/);
    // Whoever was refused holds no lock.
    const back = openDatabase(later);
    back.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    back.close();
    new Archive(later).close();
  },

  "an archive of version 1 is read as it is, and gets alarms for what nobody has acknowledged when it is written"(
    folder,
  ) {
    const file = join(folder, "a.sqlite");
    const filled = fresh(file);
    const { archive, board } = filled;
    fill(filled, 0, 20);
    const { batteryLow, telemetryDropped } = FLATSAT.events!;
    const of = (packet: number, event: number, severity: string) => ({
      ...{ packet, board, time: 1000 * packet, event, severity, text: `text ${packet}` },
    });
    const events = [
      of(3, batteryLow!.id, "high"),
      of(5, batteryLow!.id, "high"),
      of(7, batteryLow!.id, "high"),
      of(9, telemetryDropped!.id, "medium"),
      of(11, 6, "informative"),
    ];
    archive.addDerived({ from: 1, upTo: 20, samples: [], events });
    acknowledge(archive, { board, packet: 3, user: "ada" });
    archive.database.exec("DROP TABLE alarm; PRAGMA user_version = 1");
    archive.close();
    const reader = new Archive(file, { readOnly: true });
    assert.equal(countOf(reader, "event"), 5);
    reader.close();
    for (let k = 0; k < 2; k++) {
      const raised = new Archive(file);
      assert.deepEqual(
        openAlarms(raised, board).map((alarm) => [alarm.name, alarm.state, alarm.level, alarm.count, alarm.first]),
        [
          ["telemetryDropped", "returned", "warning", 1, 9000],
          ["batteryLow", "returned", "critical", 2, 5000],
        ],
      );
      const low = openAlarms(raised, board)[1]!;
      assert.deepEqual([low.worst.value, low.latest.value, low.lastPacket], ["text 5", "text 7", 7]);
      checkSound(raised);
      raised.close();
    }
  },

  async "after SIGKILL at any moment no committed packet is lost and none is there twice"(folder) {
    const file = join(folder, "a.sqlite");
    let committed = 0;
    for (const afterMs of [5, 23, 61, 140]) {
      committed = await killedWriter(file, committed, afterMs);
      const archive = new Archive(file);
      checkSound(archive);
      const uptimes = archive
        .packetsBehind(0, Number.MAX_SAFE_INTEGER)
        .map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6));
      assert.deepEqual(
        uptimes,
        Array.from({ length: uptimes.length }, (_, k) => k),
      );
      assert.ok(uptimes.length >= committed, `${uptimes.length} of ${committed}`);
      committed = uptimes.length;
      deriveAll(archive);
      assert.equal(countOf(archive, "sample"), committed);
      assert.equal(archive.derivedUpTo, committed);
      archive.close();
    }
    assert.ok(committed > 0);
  },

  "what was not read is read again, behind a gap too"(folder) {
    const filled = fresh(join(folder, "a.sqlite"));
    const { archive } = filled;
    fill(filled, 0, 50);
    const later = fill(filled, 50, 60);
    const deriver = new Deriver("b1", FLATSAT);
    const samples = later.flatMap((packet) => deriver.derive(packet).samples);
    archive.addDerived({ from: 51, upTo: 60, samples, events: [] });
    assert.equal(archive.derivedUpTo, 0, "there is a gap in front");
    assert.equal(countOf(archive, "sample"), 10);
    assert.equal(deriveAll(archive), 60);
    assert.equal(countOf(archive, "sample"), 60);
    assert.equal(archive.derivedUpTo, 60);
    archive.close();
  },

  "what is too old is forgotten, and numbers go on"(folder) {
    const filled = fresh(join(folder, "a.sqlite"));
    const { archive } = filled;
    fill(filled, 0, 3000);
    deriveAll(archive);
    const now = 3_000_000;
    let gone = 0;
    for (let n = forget(archive, { maxAgeMs: 500_000 }, now); n > 0; n = forget(archive, { maxAgeMs: 500_000 }, now)) {
      gone += n;
    }
    assert.equal(gone, 2500);
    const { least } = archive.database.prepare("SELECT min(time) AS least FROM sample").get() as { least: number };
    assert.equal(least, 2_500_000);
    assert.equal(countOf(archive, "sample"), 500);
    while (forget(archive, { maxAgeMs: 1 }, 1e12) > 0) {
      // Until nothing is too old.
    }
    assert.equal(countOf(archive, "packet"), 1, "the last one stays, so that no number comes again");
    assert.equal(fill(filled, 3000, 3001)[0]!.id, 3001);
    archive.close();
  },

  "what is too much is forgotten, and the file gets smaller"(folder) {
    const filled = fresh(join(folder, "a.sqlite"));
    const { archive } = filled;
    fill(filled, 0, 20_000);
    deriveAll(archive);
    const before = dataSize(archive);
    const maxBytes = before / 2;
    while (forget(archive, { maxBytes }, 0) > 0) {
      shrink(archive);
    }
    assert.ok(dataSize(archive) <= maxBytes);
    assert.ok(dataSize(archive) > 0.7 * maxBytes, "and not more than that");
    for (let k = 0; k < 20; k++) {
      shrink(archive);
    }
    const { page_count: pages } = archive.database.prepare("PRAGMA page_count").get() as { page_count: number };
    const { page_size: size } = archive.database.prepare("PRAGMA page_size").get() as { page_size: number };
    assert.ok(pages * size <= 1.1 * maxBytes, `${pages * size} octets of file`);
    const [latest] = latestPackets(archive, { board: filled.board, before: Number.MAX_SAFE_INTEGER, limit: 1 });
    assert.equal(latest!.id, 20_000);
    checkSound(archive);
    archive.close();
  },

  "history is thinned, and peaks of one sample stay"(folder) {
    const { archive, board } = fresh(join(folder, "a.sqlite"));
    const raws: (number | string)[] = Array.from({ length: 10_000 }, (_, k) => k % 10);
    raws[4321] = 777;
    raws[6789] = -55;
    raws[100] = "NaN";
    const samples = raws.map((raw, k) => ({ board, parameter: UPTIME_ID, time: k, packet: k + 1, raw }));
    archive.addDerived({ from: 1, upTo: 10_000, samples, events: [] });
    const query = { board, parameter: UPTIME_ID, from: 0, to: 9999 };
    const thin = history(archive, { ...query, points: 200 });
    assert.ok(thin.length <= 202, String(thin.length));
    const numbers = thin.map(({ raw }) => raw as number);
    assert.equal(Math.max(...numbers), 777);
    assert.equal(Math.min(...numbers), -55);
    assert.ok(thin.every(({ time }, k) => k === 0 || time >= thin[k - 1]!.time));
    assert.deepEqual(
      history(archive, { ...query, from: -1e12, to: 1e12, points: 200 }),
      thin,
      "of the time that there is",
    );
    assert.equal(history(archive, { ...query, points: 10_000 }).length, 10_000);
    const few = history(archive, { ...query, from: 100, to: 101, points: 10 });
    assert.deepEqual(
      few.map(({ time, raw }) => [time, raw]),
      [
        [100, "NaN"],
        [101, 1],
      ],
    );
    archive.close();
  },

  "a full disk refuses, damages nothing, and takes again when there is room"(folder) {
    const filled = fresh(join(folder, "a.sqlite"));
    const { archive } = filled;
    fill(filled, 0, 100);
    const { page_count: pages } = archive.database.prepare("PRAGMA page_count").get() as { page_count: number };
    archive.database.exec(`PRAGMA max_page_count = ${pages}`);
    assert.throws(() => fill(filled, 100, 5000), /full/i);
    assert.equal(countOf(archive, "packet"), 100);
    archive.database.exec("PRAGMA max_page_count = 1000000");
    assert.equal(fill(filled, 100, 5000).at(-1)!.id, 5000);
    checkSound(archive);
    archive.close();
  },

  "a table has a row for each time, whatever is read at once"(folder) {
    const { archive, board } = fresh(join(folder, "a.sqlite"));
    const parameters = ["uptime", "batteryVoltage"].map((name) => findParameter(FLATSAT, name));
    const [uptime, voltage] = parameters.map(({ definition }) => definition.id) as [number, number];
    const times = Array.from({ length: 12_000 }, (_, k) => k);
    archive.addDerived({
      from: 1,
      upTo: 12_000,
      samples: [
        ...times.map((time) => ({ board, parameter: uptime, time, packet: time + 1, raw: time })),
        // Twice at the same time, across the end of what is read at once.
        { board, parameter: uptime, time: 4999, packet: 20_000, raw: 1 },
        ...times
          .filter((time) => time % 3 === 0)
          .map((time) => ({ board, parameter: voltage, time, packet: time + 1, raw: 3200 })),
      ],
      events: [],
    });
    const lines = [...csvLines({ archive, board, parameters, from: 0, to: 20_000 })];
    assert.equal(lines.length, 1 + 12_001);
    assert.deepEqual(lines.slice(0, 4), [
      "time,uptime [ms],batteryVoltage [V]\r\n",
      "1970-01-01T00:00:00.000Z,0,8\r\n",
      "1970-01-01T00:00:00.001Z,1,\r\n",
      "1970-01-01T00:00:00.002Z,2,\r\n",
    ]);
    assert.deepEqual(
      lines.slice(5000, 5002).map((line) => line.split(",")[1]),
      ["4999", "1"],
    );
    assert.equal([...csvLines({ archive, board, parameters, from: 10, to: 19 })].length, 1 + 10);
    archive.close();
  },
};
