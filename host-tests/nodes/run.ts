/**
 * `npm run test:nodes`: the station on Node 22 and 24, whose own SQLite it uses: its archive, its tests, and `flatlink ground` as people
 * start it. The binaries are npm packages; what is not to be had is skipped, with the reason.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeOf, Unavailable } from "../interop/environment.js";
import { PROJECT } from "../project.js";

const VERSIONS = ["22.23.2", "24.22.3"] as const;
const TESTS = ["station", "rejected"].map((name) => `dist/host-tests/ground/station/${name}.test.js`);
/** Long: a machine may be busy with other things. */
const PATIENCE_MS = 300_000;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** @returns whether it ended well; else what it printed is shown */
function succeeds(what: string, node: string, args: readonly string[]): boolean {
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: PROJECT, encoding: "utf8", timeout: PATIENCE_MS });
  say(`${status === 0 ? "ok" : "FAILED"}: ${what}`);
  if (status !== 0) {
    say(`${stdout}${stderr}`);
  }
  return status === 0;
}

/** Starts the station with its simulated board, asks for values, and ends it. It must complain of nothing. */
async function boots(node: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-nodes-"));
  const args = ["dist/ground/flatlink.js", "ground", "--port", "0", "--archive", join(folder, "a.sqlite")];
  const ground = spawn(node, args, { cwd: PROJECT });
  const timer = setTimeout(() => ground.kill("SIGKILL"), PATIENCE_MS);
  let stdout = "";
  let stderr = "";
  let hasValues = false;
  ground.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  ground.stdout.setEncoding("utf8").on("data", (text: string) => {
    const known = stdout.includes("Ctrl-C");
    stdout += text;
    if (!known && stdout.includes("Ctrl-C")) {
      void valuesCome(stdout).then((came) => {
        hasValues = came;
        ground.kill("SIGINT");
      });
    }
  });
  const code = await new Promise<number | null>((resolve) => ground.once("close", resolve));
  clearTimeout(timer);
  rmSync(folder, { recursive: true, force: true });
  const isGood = code === 0 && stderr === "" && hasValues;
  say(`${isGood ? "ok" : "FAILED"}: flatlink ground starts, has values, complains of nothing, ends`);
  if (!isGood) {
    say(`exit code ${code}, ${hasValues ? "with" : "without"} values\n${stdout}${stderr}`);
  }
  return isGood;
}

async function valuesCome(stdout: string): Promise<boolean> {
  const base = new URL(/http:\S+/.exec(stdout)![0]).origin;
  const deadline = Date.now() + PATIENCE_MS / 2;
  while (Date.now() < deadline) {
    try {
      const values = (await (await fetch(`${base}/api/v1/boards/flatsat/values`)).json()) as unknown[];
      if (values.length > 0) {
        return true;
      }
    } catch {
      return false;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

async function runOn(version: string): Promise<boolean> {
  let node: string;
  try {
    node = nodeOf(version);
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    say(`skipped: Node ${version} is not to be had: ${error.message}`);
    return true;
  }
  say(`Node ${version}`);
  const results = [
    succeeds("its archive", node, ["dist/host-tests/ground/station/archive-program.js"]),
    succeeds("its tests", node, ["node_modules/ava/entrypoints/cli.mjs", ...TESTS]),
    await boots(node),
  ];
  return results.every((isGood) => isGood);
}

for (const version of VERSIONS) {
  if (!(await runOn(version))) {
    process.exitCode = 1;
  }
}
