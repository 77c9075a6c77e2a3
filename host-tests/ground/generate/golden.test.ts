/**
 * What is generated of a small board, file by file. FLATLINK_GOLDEN=write, and the files are written anew: look at what changed before you
 * keep it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import test from "ava";
import { GENERATORS } from "../../../ground/generate/registry.js";
import { PROJECT } from "../../project.js";
import { SMALL_BOARD } from "./boards.js";

const GOLDEN = `${PROJECT}host-tests/ground/generate/golden/`;
/** Those whose files are of this test. */
const NAMES = ["icd", "json", "kaitai", "openmct", "yamcs"];
/** Yamcs has no other time code, and no other framing. */
const FOR_YAMCS = {
  ...SMALL_BOARD,
  conventions: {
    ...SMALL_BOARD.conventions,
    timeCode: "cuc",
    ports: [{ framing: "space-packets", port: 7301, role: "tmtc" as const }],
  },
};

for (const name of NAMES) {
  const { generate } = GENERATORS.find((generator) => generator.name === name)!;
  const board = name === "yamcs" ? FOR_YAMCS : SMALL_BOARD;

  test(`${name}: the same files as before`, (t) => {
    const files = generate(board);
    if (process.env["FLATLINK_GOLDEN"] === "write") {
      rmSync(`${GOLDEN}${name}`, { recursive: true, force: true });
      for (const { path, text } of files) {
        mkdirSync(dirname(`${GOLDEN}${name}/${path}`), { recursive: true });
        writeFileSync(`${GOLDEN}${name}/${path}`, text);
      }
    }
    for (const { path, text } of files) {
      const golden = `${GOLDEN}${name}/${path}`;
      t.true(existsSync(golden), `${path} is new`);
      t.is(text, readFileSync(golden, "utf8"), path);
    }
    const kept = readdirSync(`${GOLDEN}${name}`, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    t.is(kept.length, files.length, "nothing else is kept");
  });

  test(`${name}: the same bytes of a dictionary that came through JSON`, (t) => {
    t.deepEqual(generate(JSON.parse(JSON.stringify(board)) as typeof board), generate(board));
  });
}
