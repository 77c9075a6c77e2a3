/** Yamcs, as Maven Central has it, with generated configuration: against boards, and for boards that do not run. */
import { plainName } from "../../ground/generate/yamcs/names.js";
import { Random } from "../framing/random.js";
import { nastyBoard } from "../ground/generate/boards.js";
import { CONVENTIONS, NASTY, randomBoard, SMALL } from "../ground/generate/yamcs/boards.js";
import type { EngineName } from "../ground/link/echo-board.js";
import { type Running, whileRunning } from "./running.js";
import { Board } from "./yamcs-board.js";
import { LINK_STEPS, PLACE_STEPS, type Step, started, telemetry, withGhost } from "./yamcs-cases.js";
import { dryRun, everyCommand, failure, limit, refusals } from "./yamcs-commands.js";
import { created, events, monitoring, reported } from "./yamcs-reports.js";
import { Yamcs } from "./yamcs-server.js";
import { values } from "./yamcs-values.js";

/** Boards that do not run, beside the two whose names mean trouble. */
const RANDOM_BOARDS = 8;

const dictionarySteps = (seed: number): readonly Step[] => [
  ["starts without a complaint", started],
  ["telemetry", telemetry],
  ["a limit raises its alarm", limit],
  ["every housekeeping value: the board's, calibrated, with its word", values],
  ["events with their text", events],
  ["parameters that ST[20] reports, three in one packet", reported],
  ["a structure that the ground makes: sent, told, deleted", created],
  ["what the board monitors, with its limits in the unit", monitoring],
  ["a failure: its stage, its word, its data", failure],
  ["out of range: refused, nothing sent", refusals],
  ["every command: its octets, and done or a known failure", (yamcs, board) => everyCommand(yamcs, board, seed)],
];

/**
 * Per engine three boards, each with a Yamcs of its own, at once: most of the time, they wait.
 * @returns whether all went well
 * @throws Unavailable where Yamcs is not to be had
 */
export async function runYamcs(
  engines: readonly EngineName[],
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  return whileRunning(async (running) => {
    let passed = await databases(running, seed, say);
    for (const engine of engines) {
      const tried = [
        againstBoard(engine, "link", LINK_STEPS, running),
        againstBoard(engine, "dictionary", dictionarySteps(seed), running),
        againstBoard(engine, "full", PLACE_STEPS, running),
      ];
      for (const { lines, passed: well } of await Promise.all(tried)) {
        say(lines.join("\n"));
        passed = well && passed;
      }
    }
    return passed;
  });
}

/** Boards with any names and definitions, all in one Yamcs: it starts without a complaint, and makes each command as we do. */
async function databases(running: Running[], seed: number, say: (line: string) => void): Promise<boolean> {
  const random = new Random(seed);
  const boards = [SMALL, NASTY, { ...nastyBoard(), conventions: CONVENTIONS }];
  for (let k = 0; k < RANDOM_BOARDS; k++) {
    boards.push({ ...randomBoard(random), name: `random-${k} é` });
  }
  // Nobody listens there.
  const yamcs = await Yamcs.start(boards, 1);
  running.push(yamcs);
  const wrong = [...yamcs.complaints];
  for (const board of boards) {
    wrong.push(...(await dryRun(yamcs, plainName(board.name), board, random)));
  }
  await yamcs.stop();
  say(
    `${boards.length} databases in Yamcs ${yamcs.version}, the octets of every command: ${wrong.length === 0 ? "ok" : "FAILED"} (FLATLINK_SEED=${seed})`,
  );
  for (const line of wrong) {
    say(`  ${line}`);
  }
  return wrong.length === 0;
}

async function againstBoard(
  engine: EngineName,
  kind: "link" | "dictionary" | "full",
  steps: readonly Step[],
  running: Running[],
): Promise<{ lines: string[]; passed: boolean }> {
  const board = await Board.start(engine, kind === "full");
  running.push(board);
  // A board without a place is also one whose dictionary Yamcs does not have: it says so when there is a place.
  const dictionary = kind === "full" ? withGhost(board.dictionary) : board.dictionary;
  const yamcs = await Yamcs.start([dictionary], board.port);
  running.push(yamcs);
  const lines = [`${engine}, ${kind}, Yamcs ${yamcs.version}`];
  let passed = true;
  for (const [title, step] of steps) {
    try {
      const figures = await step(yamcs, board);
      lines.push(`  ok ${title}${typeof figures === "string" ? ` (${figures})` : ""}`);
    } catch (error) {
      lines.push(`  FAILED ${title}: ${String(error)}`);
      passed = false;
      break;
    }
  }
  await Promise.all([yamcs.stop(), board.stop()]);
  return { lines, passed };
}
