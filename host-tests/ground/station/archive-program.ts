/** Runs the cases of an archive, for another Node: a line for each, and exit code 1 where one fails. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ARCHIVE_CASES } from "./archive-cases.js";

for (const [name, run] of Object.entries(ARCHIVE_CASES)) {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-archive-"));
  try {
    await run(folder);
    process.stdout.write(`ok ${name}\n`);
  } catch (error) {
    process.stdout.write(`not ok ${name}\n${(error as Error).stack}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
