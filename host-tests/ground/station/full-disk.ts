/** An archive on a file system that really is full. Run with a small, empty file system's folder; exit code 1 where anything is wrong. */
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Archive } from "../../../ground/station/archive/archive.js";
import { FLATSAT } from "../dictionary/boards.js";
import { checkSound } from "./archive-support.js";
import { uptimeRow } from "./packets.js";

export const FULL_DISK_PROGRAM = fileURLToPath(import.meta.url);
const BALLAST_LENGTH = 1 << 20;
const BATCH = 100;
const MANY = 1_000_000;

function fillUp(folder: string): void {
  const ballast = join(folder, "ballast");
  writeFileSync(ballast, new Uint8Array(BALLAST_LENGTH));
  const file = join(folder, "a.sqlite");
  const archive = new Archive(file);
  const board = archive.board("b1");
  const hash = archive.keepDictionary(FLATSAT);
  let stored = 0;
  const add = (): void => {
    const rows = Array.from({ length: BATCH }, (_, k) => uptimeRow(board, hash, stored + k, stored + k));
    archive.addPackets(rows);
    stored += BATCH;
  };
  assert.throws(
    () => {
      while (stored < MANY) {
        add();
      }
    },
    (error: Error) => /full|disk|i\/o/i.test(error.message),
  );
  assert.ok(stored > 0 && stored < MANY);
  const full = stored;
  rmSync(ballast);
  add();
  assert.equal(stored, full + BATCH);
  checkSound(archive);
  archive.close();
  const again = new Archive(file);
  const uptimes = again
    .packetsBehind(0, MANY)
    .map(({ bytes }) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 6));
  assert.deepEqual(
    uptimes,
    Array.from({ length: stored }, (_, k) => k),
    "each committed packet once",
  );
  checkSound(again);
  again.close();
}

const [, program, folder] = process.argv;
if (program === FULL_DISK_PROGRAM && folder !== undefined) {
  fillUp(folder);
  process.stdout.write("ok\n");
}
