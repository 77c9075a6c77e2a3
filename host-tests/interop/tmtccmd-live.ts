/** The generated package of the flatsat, on tmtccmd's own TCP client, against the simulator. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardDictionary } from "../../ground/commands/board-choice.js";
import { commandsOf, packetsOf } from "../../ground/dictionary/messages.js";
import { packageName, TMTCCMD_GENERATOR } from "../../ground/generate/tmtccmd/tmtccmd.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Random } from "../framing/random.js";
import { explained, fill } from "../ground/generate/random-messages.js";
import { simulator } from "../ground/link/board.js";
import { Program } from "../project.js";
import { Differences } from "./differences.js";
import { SCRIPTS } from "./environment.js";
import { buildOf, checkReport, namesOf, type Read } from "./tmtccmd-reader.js";

const BOARD = "examples/flatsat/board.ts";
const LIMIT_MS = 120_000;
/** Ends every connection. */
const NOT_SENT = ["restart"];

interface Result {
  readonly ends: readonly string[];
  readonly verified: number;
  readonly came: readonly (Read & { readonly hex: string })[];
  readonly backend: readonly string[];
}

/** One call of the command line: what is printed, and how it ends. */
interface Line {
  readonly words: readonly string[];
  readonly status: number;
  readonly prints: RegExp;
}

const LINES: readonly Line[] = [
  { words: ["tree"], status: 0, prints: /├── housekeeping\n/ },
  { words: ["commands", "setHeaterOn*"], status: 0, prints: /heaterOnBelow: int8 -20 to 20 degC/ },
  {
    words: ["ping"],
    status: 0,
    prints: /^areYouAlive: acceptanceSuccess, startSuccess, completionSuccess\nareYouAliveReport \[17,2\]/,
  },
  { words: ["set", "heaterOffAbove", "21"], status: 0, prints: /^setHeaterOffAbove: .*completionSuccess/ },
  {
    words: ["get", "heaterOffAbove", "mode"],
    status: 0,
    prints: /heaterOffAbove = 21 degC\n.* {2}mode = (safe|nominal|payload)\n/s,
  },
  { words: ["set", "heaterOffAbove", "99"], status: 2, prints: /^heaterOffAbove must be -15 to 30 degC, not 99\n$/ },
  { words: ["set", "uptime", "1"], status: 2, prints: /^uptime is no parameter that can be set\n$/ },
  { words: ["send", "restart"], status: 2, prints: /^restart is dangerous: .* --yes to send it.\n$/ },
  {
    words: ["send", "deleteStructures", "structureId=16"],
    status: 1,
    prints: /^deleteStructures: startFailure, definedStructure/,
  },
  {
    words: ["monitor", "housekeepingReportPower", "--seconds", "5"],
    status: 0,
    prints: /batteryVoltage = [78]\.\d+ V/,
  },
];

function check(board: BoardDictionary, result: Result, sent: number): readonly string[] {
  const differences = new Differences();
  const messages = packetsOf(board);
  const names = namesOf(board);
  for (const read of result.came) {
    const octets = Uint8Array.from(Buffer.from(read.hex, "hex"));
    const filled = explained(board, messages, octets);
    if (filled === undefined) {
      differences.same(read.name, null, `what nobody knows: ${read.hex}`);
    } else {
      checkReport(differences, read, names[messages.indexOf(filled.message)]!, filled);
    }
  }
  differences.same(result.ends.length, sent, "telecommands that came to an end");
  const completed = result.ends.filter((end) => end === "completionSuccess").length;
  differences.same(result.verified, completed, "telecommands that spacepackets' verificator has as completed");
  differences.expect(completed > sent / 2, () => `${completed} of ${sent} were completed: ${result.ends.join("; ")}`);
  for (const name of ["housekeepingReportBoard", "housekeepingReportPower", "areYouAliveReport"]) {
    differences.expect(
      result.came.some((read) => read.name === name),
      () => `no ${name} came`,
    );
  }
  for (const name of ["acceptanceSuccess", "startSuccess", "areYouAliveReport", "completionSuccess"]) {
    differences.expect(result.backend.includes(name), () => `no ${name} came through tmtccmd's backend`);
  }
  return differences.found;
}

export async function runTmtccmdLive(
  engine: string,
  python: string,
  seed: number,
  say: (line: string) => void,
): Promise<boolean> {
  const listen = (port: number) => `space-packets:${port},crc=check16`;
  const folder = mkdtempSync(join(tmpdir(), "flatlink-tmtccmd-"));
  const { program, ports } = await simulator(engine, [listen(0)], "--board", BOARD, "--memory", "40000");
  try {
    const port = ports[0]!;
    const board = await boardDictionary({ board: BOARD, framings: undefined, settings: { listen: listen(port) } });
    await writeFiles(folder, TMTCCMD_GENERATOR.generate(board));
    const name = packageName(board);
    const run = (args: readonly string[], input = "") =>
      spawnSync(python, args, {
        input,
        cwd: folder,
        encoding: "utf8",
        timeout: LIMIT_MS,
        maxBuffer: 1 << 28,
        env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
      });
    const wrong: string[] = [];
    for (const { words, status, prints } of LINES) {
      const { stdout, stderr, status: ended } = run(["-m", name, ...words]);
      if (ended !== status || !prints.test(stdout + stderr)) {
        wrong.push(`${words.join(" ")} ended with ${ended}: ${stdout}${stderr}`);
      }
    }
    const random = new Random(seed);
    const sent = commandsOf(board)
      .filter((message) => !NOT_SENT.includes(message.name))
      .map((message) => buildOf(fill(random, message)));
    const all = [...sent.map(({ message, arguments: args }) => ({ name: message.name, arguments: args })), ...AT_LAST];
    const { stdout, stderr, status } = run(
      [`${SCRIPTS}tmtccmd_live.py`, folder, name, String(port)],
      JSON.stringify(all),
    );
    wrong.push(...(await withoutBoard(program, python, folder, name)));
    if (status === 0) {
      const result = JSON.parse(stdout) as Result;
      wrong.push(...check(board, result, all.length));
      say(
        `  ${wrong.length === 0 ? "ok    " : "FAILED"} ${engine}: ${all.length} telecommands, ${result.came.length} reports, ${LINES.length} lines`,
      );
    } else {
      wrong.push(stderr);
      say(`  FAILED ${engine}`);
    }
    wrong.slice(0, 6).forEach((line) => {
      say(`    ${line}`);
    });
    return wrong.length === 0;
  } finally {
    await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The board goes while somebody watches: that is told in one line, and the client ends. @returns what is wrong */
async function withoutBoard(board: Program, python: string, folder: string, name: string): Promise<string[]> {
  const watching = new Program(python, ["-m", name, "monitor"], { PYTHONPATH: folder, PYTHONWARNINGS: "ignore" });
  await watching.prints(/^housekeepingReport/m);
  await board.stop();
  const ended = await watching.exitCode;
  const isTold = /\n127\.0\.0\.1:\d+: the board has closed the connection\n$/.test(watching.output);
  return ended === 1 && isTold && !watching.output.includes("Traceback")
    ? []
    : [`a board that goes: exit code ${ended}, ${watching.output.slice(-400)}`];
}

/** Whatever was done to housekeeping before. */
const AT_LAST: readonly { readonly name: string; readonly arguments: object }[] = [
  { name: "modifyCollectionInterval", arguments: { structureId: ["board"], collectionInterval: [500] } },
  { name: "enableHousekeeping", arguments: { structureId: ["board"] } },
  { name: "oneShotHousekeeping", arguments: { structureId: ["board", "power"] } },
];
