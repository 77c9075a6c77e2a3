/** The archive on this Node's driver; `npm run test:nodes` has it on the others. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { ARCHIVE_CASES } from "./archive-cases.js";
import { FULL_DISK_PROGRAM } from "./full-disk.js";

for (const [name, run] of Object.entries(ARCHIVE_CASES)) {
  test.serial(name, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-archive-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    await run(folder);
    t.pass();
  });
}

/** A file system of its own, which nobody else sees, for one command. */
const SMALL_DISK = 'mount -t tmpfs -o size=3m none "$0" && exec "$@"';
const unshared = (folder: string, ...command: string[]) =>
  spawnSync("unshare", ["--map-root-user", "--mount", "sh", "-c", SMALL_DISK, folder, ...command], {
    encoding: "utf8",
  });
// Not every machine allows that.
const onSmallDisk = unshared(tmpdir(), "true").status === 0 ? test.serial : test.serial.skip;

onSmallDisk("a disk that really is full refuses, damages nothing, and takes again when there is room", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-archive-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const { status, stdout, stderr } = unshared(folder, process.execPath, FULL_DISK_PROGRAM, folder);
  t.is(status, 0, stdout + stderr);
  t.is(stdout, "ok\n");
});
