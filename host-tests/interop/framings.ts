/** Runs a table of framings: a board that echoes, on either engine, and a Python client that goes through its ports. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { ConnectionReport } from "../../modules/link/connection/reports.js";
import { EchoBoard, type EngineName } from "../ground/link/echo-board.js";
import type { Case } from "./cases.js";
import { SCRIPTS, versions } from "./environment.js";

const CLIENT_MS = 300_000;

export interface Table {
  readonly script: string;
  readonly requirements: string;
  readonly cases: readonly Case[];
}

export interface Tally {
  passed: number;
  failed: number;
}

/** What the client says of one case. */
interface Result {
  readonly place: number;
  readonly packets?: number;
  readonly error?: string;
  readonly trace?: string;
}

/** Whether the board counted what the case had it count, and nothing else. */
function judgeReport({ damage, overlong }: Case, report: ConnectionReport | undefined): string | undefined {
  const { rejections = {}, packetRejected = 0 } = report ?? {};
  const causes = Object.keys(rejections);
  if (packetRejected > 0) {
    return `the board could not send ${packetRejected} answers`;
  }
  if (overlong !== undefined && !causes.some((cause) => cause.endsWith("TooLong"))) {
    return `the board counted nothing too long: ${JSON.stringify(rejections)}`;
  }
  if (damage === true && causes.length === 0) {
    return "the board counted no damage";
  }
  return damage === true || overlong !== undefined || causes.length === 0
    ? undefined
    : `the board counted ${JSON.stringify(rejections)}`;
}

async function line(each: Case, board: EchoBoard, result: Result | undefined): Promise<[boolean, string]> {
  const name = `${each.framing} = ${each.theirs.join(" + ")}`;
  const { packets, error = "the client ended before it", trace = "" } = result ?? {};
  if (each.limit !== undefined) {
    const reached = packets === undefined && error.includes(each.limit.error);
    const { why } = each.limit;
    return reached
      ? [true, `limit  ${name}: ${why}`]
      : [false, `FAILED ${name}: "${why}" is not so any more: ${packets === undefined ? error : "all packets came"}`];
  }
  if (packets === undefined) {
    return [false, `FAILED ${name}: ${error}\n${trace}`];
  }
  const [report] = await board.reports((result as Result).place);
  const wrong = judgeReport(each, report);
  return wrong === undefined ? [true, `ok     ${name}, ${packets} packets`] : [false, `FAILED ${name}: ${wrong}`];
}

export async function runTable(
  engine: EngineName,
  python: string,
  { script, requirements, cases }: Table,
  seed: number,
  say: (line: string) => void,
): Promise<Tally> {
  say(`${engine}, ${script}: ${versions(requirements)}`);
  const board = await EchoBoard.start(engine, cases);
  try {
    const client = spawn(python, [`${SCRIPTS}${script}`], {
      stdio: ["pipe", "pipe", "inherit"],
      timeout: CLIENT_MS,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
    });
    // One that ends early is seen by what it did not say.
    client.stdin.on("error", () => {});
    client.stdin.end(
      JSON.stringify({ seed, cases: cases.map((each, place) => ({ ...each, place, port: board.ports[place] })) }),
    );
    const [output] = await Promise.all([text(client.stdout), once(client, "close")]);
    const results = output
      .split("\n")
      .filter((each) => each !== "")
      .map((each) => JSON.parse(each) as Result);
    const tally: Tally = { passed: 0, failed: 0 };
    for (const [place, each] of cases.entries()) {
      const [passed, said] = await line(
        each,
        board,
        results.find((result) => result.place === place),
      );
      say(`  ${said}`);
      tally[passed ? "passed" : "failed"]++;
    }
    for (const failure of board.failures) {
      say(`  FAILED the board: ${failure}`);
      tally.failed++;
    }
    return tally;
  } finally {
    await board.stop();
  }
}
