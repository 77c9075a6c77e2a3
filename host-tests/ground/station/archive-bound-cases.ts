/** What an archive keeps has bounds, whoever sends what. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { audit, auditEntries, MAX_KINDS, MAX_REFUSED, RefusedAttempts } from "../../../ground/station/archive/audit.js";
import { commandHistory } from "../../../ground/station/archive/command-history.js";
import { keepRejected } from "../../../ground/station/archive/rejected.js";
import { dataSize, forget } from "../../../ground/station/archive/retention.js";
import { type ArchiveCase, checkSound, countOf, deriveAll, type Filled, fill, fresh } from "./archive-support.js";

/** What grows without packets, at second k: a connection, a command with its stage, octets that are no packet, an entry of the audit. */
function besidePacket({ archive, board }: Filled, k: number): void {
  const time = 1000 * k;
  archive.endSession(archive.beginSession(board, time, "somewhere"), time, "over");
  // One other board got one command, first of all.
  const { lastInsertRowid } = archive
    .statement(
      "INSERT INTO command (board, time, user, origin, name, arguments, bytes, count, state) VALUES (?, ?, 'u', 'o', 'n', '{}', x'00', 0, 'sent')",
    )
    .run(k === 0 ? board + 1 : board, time);
  archive
    .statement("INSERT INTO stage (command, number, stage, time) VALUES (?, 1, 'sent', ?)")
    .run(lastInsertRowid, time);
  const piece = { received: time, packet: 0, offset: 0, length: 1, reason: "truncated", hex: "ff" };
  keepRejected(archive, board, [piece]);
  audit(archive, { time, user: "u", origin: "o", action: `command ${k} ${"x".repeat(200)}`, outcome: "done" });
}

export const ARCHIVE_BOUND_CASES: Readonly<Record<string, ArchiveCase>> = {
  "attempts from everywhere, of every kind, fill no more than their share, and push nothing out"(folder) {
    const { archive } = fresh(join(folder, "a.sqlite"));
    const refused = new RefusedAttempts(archive);
    audit(archive, { time: 0, user: "ada", origin: "here", action: "POST", outcome: "done" });
    const MINUTES = 150;
    const EACH = 400;
    for (let minute = 0; minute < MINUTES; minute++) {
      for (let k = 0; k < EACH; k++) {
        const time = 60_000 * minute + k;
        refused.add({ time, user: "unknown", origin: `from ${k % 50}`, action: `POST ${k}`, outcome: "403" });
      }
    }
    const entries = auditEntries(archive, Number.MAX_SAFE_INTEGER, 1e6);
    const last = entries.filter(({ time }) => time >= 60_000 * (MINUTES - 1));
    assert.equal(last.length, MAX_KINDS + 1);
    assert.equal(
      last.reduce((sum, { attempts }) => sum + attempts, 0),
      EACH,
      "each is counted",
    );
    assert.deepEqual(
      last.filter(({ origin }) => origin === "any").map(({ attempts }) => attempts),
      [EACH - MAX_KINDS],
    );
    assert.ok(entries.length <= MAX_REFUSED + 101 && entries.length > MAX_REFUSED, String(entries.length));
    assert.deepEqual([entries.at(-1)!.user, entries.at(-1)!.attempts], ["ada", 1]);
    archive.close();
  },

  "what is too old, or too much, of everything that grows is forgotten; a board's counts go on"(folder) {
    for (const bound of ["age", "size", "size, without packets"] as const) {
      const filled = fresh(join(folder, `${bound}.sqlite`));
      const { archive, board } = filled;
      if (bound !== "size, without packets") {
        fill(filled, 0, 4000);
        deriveAll(archive);
      }
      for (let k = 0; k < 4000; k++) {
        besidePacket(filled, k);
      }
      const before = dataSize(archive);
      const retention = bound === "age" ? { maxAgeMs: 1_000_000 } : { maxBytes: before / 4 };
      while (forget(archive, retention, 4_000_000) > 0) {
        // Until nothing is too much.
      }
      assert.ok(dataSize(archive) < 0.35 * before, `${bound}: ${dataSize(archive)} of ${before}`);
      for (const table of ["command", "stage", "session", "rejected", "audit"]) {
        const n = countOf(archive, table);
        // Of rejected octets, no more are kept anyway.
        assert.ok(n > 0 && n <= 1100, `${bound}: ${n} of ${table}`);
      }
      const stray = archive.statement("SELECT count(*) AS n FROM stage WHERE command NOT IN (SELECT id FROM command)");
      assert.equal((stray.get() as { n: number }).n, 0);
      const quiet = commandHistory(archive, { board: board + 1, before: Number.MAX_SAFE_INTEGER, limit: 10 });
      assert.deepEqual(
        quiet.map(({ time }) => time),
        [0],
        "the last command of a board, however old",
      );
      checkSound(archive);
      archive.close();
    }
  },
};
