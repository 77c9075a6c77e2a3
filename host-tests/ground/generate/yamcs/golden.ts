/** What is generated for the small board, as it was looked at: `npm run golden` writes it anew, and `git diff` shows what changed. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { yamcsFiles } from "../../../../ground/generate/yamcs.js";
import { PROJECT } from "../../../project.js";
import { SMALL } from "./boards.js";

const FOLDER = "host-tests/ground/generate/yamcs/golden/";

/** Paths in the project, and what is in the files. */
export function goldenFiles(): readonly (readonly [path: string, text: string])[] {
  return yamcsFiles(SMALL).map(({ path, text }) => [`${FOLDER}${path}`, text]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(`${PROJECT}${FOLDER}`, { recursive: true, force: true });
  for (const [path, text] of goldenFiles()) {
    mkdirSync(dirname(`${PROJECT}${path}`), { recursive: true });
    writeFileSync(`${PROJECT}${path}`, text);
  }
}
