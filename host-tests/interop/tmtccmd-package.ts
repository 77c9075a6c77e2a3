/** Generated packages for tmtccmd, on random dictionaries: values and the bytes of telecommands are those of this project. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandsOf, packetsOf } from "../../ground/dictionary/messages.js";
import { packageName, TMTCCMD_GENERATOR } from "../../ground/generate/tmtccmd/tmtccmd.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { valueBeyond } from "../dictionary/random-dictionaries.js";
import { Random } from "../framing/random.js";
import { decoratedBoard } from "../ground/generate/decorated-dictionaries.js";
import { type Filled, fill, hex, STAMPED, telecommand, telemetry } from "../ground/generate/random-messages.js";
import { Differences } from "./differences.js";
import { SCRIPTS } from "./environment.js";
import type { Tally } from "./framings.js";
import { type Build, buildOf, checkReport, namesOf, type Read } from "./tmtccmd-reader.js";

const LIMIT_MS = 300_000;
const RANDOM_BOARDS = 60;
const PACKETS_EACH = 2;

interface Result {
  readonly error?: string;
  readonly leaves: number;
  readonly decoded: readonly Read[];
  readonly built: readonly { readonly hex?: string; readonly error?: string }[];
}

/** Each argument out of its range, missing, or one too many. */
function refusals({ message, arguments: args }: Build): Build[] {
  const beyond = message.fields.flatMap(({ name, value, constant }) => {
    const raw = constant === undefined && value.bits === undefined ? valueBeyond(value) : undefined;
    return raw === undefined
      ? []
      : [{ message, arguments: { ...args, [name]: calibrate(value.calibration, Number(raw)) } }];
  });
  const needed = message.fields.filter(({ constant, value }) => constant === undefined && value.default === undefined);
  const missing = needed.map(({ name }) => ({
    message,
    arguments: Object.fromEntries(Object.entries(args).filter(([other]) => other !== name)),
  }));
  return [...beyond, ...missing, { message, arguments: { ...args, noSuchArgument: 1 } }];
}

interface Trial {
  readonly job: object;
  check(result: Result): readonly string[];
}

async function trial(board: BoardDictionary, random: Random, folder: string, isBuilt: boolean): Promise<Trial> {
  await writeFiles(folder, TMTCCMD_GENERATOR.generate(board));
  const named = namesOf(board);
  const packets = packetsOf(board).flatMap((message, k) =>
    Array.from({ length: PACKETS_EACH }, () => ({ named: named[k]!, filled: fill(random, message) })),
  );
  const builds = isBuilt ? commandsOf(board).map((message) => buildOf(fill(random, message))) : [];
  const all = [...builds, ...builds.flatMap(refusals)];
  return {
    job: {
      folder,
      package: packageName(board),
      decode: packets.map(({ filled }) => hex(telemetry(board, filled))),
      build: all.map(({ message, arguments: args }, count) => ({ name: message.name, arguments: args, count })),
    },
    check(result) {
      const differences = new Differences();
      if (result.error !== undefined) {
        return [result.error];
      }
      differences.same(result.leaves, commandsOf(board).length, "leaves of the command tree");
      packets.forEach(({ named: names, filled }, k) => {
        checkReport(differences, result.decoded[k]!, names, filled);
        differences.same(result.decoded[k]!.time, STAMPED, `${filled.message.name}: time`);
      });
      all.forEach(({ message, arguments: args, octets }, k) => {
        const { hex: found, error } = result.built[k]!;
        const what = `${message.name} ${JSON.stringify(args)}`;
        if (octets === undefined) {
          differences.expect(error !== undefined && !error.includes("\n"), () => `${what} was not refused: ${found}`);
        } else {
          const filled = { message, octets } as Filled;
          differences.same(error ?? found, hex(telecommand(board, filled, k)), what);
        }
      });
      return differences.found;
    },
  };
}

export async function runTmtccmdPackages(python: string, seed: number, say: (line: string) => void): Promise<Tally> {
  const parent = mkdtempSync(join(tmpdir(), "flatlink-tmtccmd-"));
  try {
    const trials: Trial[] = [];
    for (let k = 0; k < RANDOM_BOARDS; k++) {
      const random = new Random(seed + k);
      const taste = k % 2 === 0 ? "plain" : "nasty";
      trials.push(await trial(decoratedBoard(random, taste), random, join(parent, `${taste}${k}`), taste === "plain"));
    }
    const run = spawnSync(python, [`${SCRIPTS}tmtccmd_package.py`], {
      input: JSON.stringify({ boards: trials.map(({ job }) => job) }),
      encoding: "utf8",
      timeout: LIMIT_MS,
      maxBuffer: 1 << 28,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
    });
    if (run.status !== 0) {
      throw new Error(`tmtccmd_package.py: ${run.stderr || run.error?.message}`);
    }
    const results = run.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Result);
    const tally = { passed: 0, failed: 0 };
    trials.forEach((each, k) => {
      const wrong = each.check(results[k]!);
      tally[wrong.length === 0 ? "passed" : "failed"]++;
      if (wrong.length > 0) {
        say(`  FAILED package ${k}: ${wrong.length} differences\n    ${wrong.slice(0, 5).join("\n    ")}`);
      }
    });
    const packets = results.reduce((sum, { decoded = [] }) => sum + decoded.length, 0);
    const commands = results.reduce((sum, { built = [] }) => sum + built.length, 0);
    say(
      `  ${tally.passed} of ${trials.length} random packages: ${packets} packets, ${commands} telecommands (FLATLINK_SEED=${seed})`,
    );
    return tally;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
