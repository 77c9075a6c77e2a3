/**
 * What is generated of a small board for COSMOS and tmtccmd, file by file. FLATLINK_GOLDEN=write, and the files are written anew: look at
 * what changed before you keep it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import test from "ava";
import { COSMOS_GENERATOR } from "../../../ground/generate/cosmos/cosmos.js";
import { TMTCCMD_GENERATOR } from "../../../ground/generate/tmtccmd/tmtccmd.js";
import { PROJECT } from "../../project.js";
import { boardOf } from "./cosmos-support.js";

const GOLDEN = `${PROJECT}host-tests/ground/generate/golden/`;
const BOARD = boardOf({
  name: "thermometer",
  description: "One of everything that people see",
  parameters: {
    celsius: {
      id: 300,
      type: "int16",
      unit: "degC",
      description: "of the board",
      calibration: { polynomial: [0, 0.1] },
      limits: { warning: { low: 0, high: 40 }, critical: { high: 60 } },
      group: "thermal",
    },
    mode: { id: 301, type: "uint8", words: { off: 0, "stand by": 1 }, settable: true, dangerous: "it goes out" },
    status: { id: 302, type: "uint8", bits: { warm: { width: 1, words: { cold: 0, warm: 1 } }, level: { width: 3 } } },
  },
  structures: { thermal: { id: 16, description: "heat", parameters: ["celsius", "mode", "status"], intervalMs: 1000 } },
  events: {
    hot: {
      id: 300,
      severity: "high",
      text: "{celsius} is too hot",
      values: { celsius: { type: "int16", unit: "degC" } },
    },
  },
  functions: {
    heat: {
      id: 16,
      description: "heats",
      arguments: { watts: { type: "uint8", maximum: 50, default: 10, unit: "W" } },
    },
  },
  failureCodes: { tooHot: { code: 300, description: "no more heat" } },
});

for (const { name, generate } of [COSMOS_GENERATOR, TMTCCMD_GENERATOR]) {
  test(`${name}: the same files as before`, (t) => {
    const files = generate(BOARD);
    if (process.env["FLATLINK_GOLDEN"] === "write") {
      rmSync(`${GOLDEN}${name}`, { recursive: true, force: true });
      for (const { path, text } of files) {
        mkdirSync(dirname(`${GOLDEN}${name}/${path}`), { recursive: true });
        writeFileSync(`${GOLDEN}${name}/${path}`, text);
      }
    }
    for (const { path, text } of files) {
      t.is(text, readFileSync(`${GOLDEN}${name}/${path}`, "utf8"), path);
    }
    const kept = readdirSync(`${GOLDEN}${name}`, { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    );
    t.is(kept.length, files.length, "nothing else is kept");
  });
}
