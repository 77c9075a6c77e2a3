/** The databases that are generated for Yamcs, read by a reader that has nothing to do with it: space_packet_parser. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dictionary } from "../../examples/flatsat/dictionary.js";
import { Random } from "../framing/random.js";
import { boardOf, randomBoard, SMALL } from "../ground/generate/yamcs/boards.js";
import { environment, findPython, SCRIPTS, versions } from "./environment.js";
import { databaseCase } from "./xtce-packets.js";

const REQUIREMENTS = "requirements-xtce.txt";
const BOARDS = 200;
const LIMIT_MS = 300_000;

/**
 * FLATLINK_BOARDS tells how many random boards there are.
 * @returns whether all went well
 * @throws Unavailable where Python or the package is not to be had
 */
export function runXtce(seed: number, say: (line: string) => void): boolean {
  const python = environment(findPython(), REQUIREMENTS);
  const random = new Random(seed);
  const count = Number(process.env["FLATLINK_BOARDS"] ?? BOARDS);
  const named = {
    small: SMALL,
    flatsat: boardOf(dictionary),
    "flatsat in TAI": boardOf(dictionary, { time_code: "cuc-tai" }),
  };
  const cases = Object.entries(named).map(([name, board]) => databaseCase(name, board, random));
  for (let k = 0; k < count; k++) {
    cases.push(databaseCase(`random ${k}`, randomBoard(random), random));
  }
  const folder = mkdtempSync(join(tmpdir(), "flatlink-xtce-"));
  try {
    const file = join(folder, "cases.json");
    writeFileSync(file, JSON.stringify(cases));
    const run = spawnSync(python, [`${SCRIPTS}xtce_packets.py`, file], {
      encoding: "utf8",
      timeout: LIMIT_MS,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    say(`${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`.trimEnd());
    say(`generated XTCE in ${versions(REQUIREMENTS)}: ${run.status === 0 ? "ok" : "FAILED"} (FLATLINK_SEED=${seed})`);
    return run.status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
