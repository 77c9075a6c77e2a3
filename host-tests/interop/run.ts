/**
 * `npm run test:interop`: the clients of real ground tools, and Yamcs, against the simulated board, and framings as other
 * programs have them against boards that echo, on every engine there is. FLATLINK_SEED=<seed printed> repeats the same
 * packets.
 */
import { spawnSync } from "node:child_process";
import { simulator } from "../ground/link/board.js";
import type { EngineName } from "../ground/link/echo-board.js";
import { xs } from "../host/xs-support.js";
import { runCosmos } from "./cosmos.js";
import { COSMOS_CASES } from "./cosmos-cases.js";
import { environment, findPython, type Python, SCRIPTS, Unavailable } from "./environment.js";
import { runTable, type Table, type Tally } from "./framings.js";
import { runPages } from "./icd-pages.js";
import { PYTHON_CASES } from "./python-cases.js";
import { runServers } from "./python-servers.js";
import { runRelay } from "./relay.js";
import { runSdls } from "./sdls.js";
import { runTmtccmd } from "./tmtccmd.js";
import { runXtce } from "./xtce.js";
import { runYamcs } from "./yamcs.js";

const CLIENT_MS = 90_000;

interface Client {
  readonly script: string;
  readonly requirements: string;
  /** Those of the board's ports that it can talk to, and arguments for each. */
  readonly framings: Readonly<Record<string, readonly string[]>>;
}

const CLIENTS: readonly Client[] = [
  { script: "tmtccmd_client.py", requirements: "requirements-tmtccmd.txt", framings: { "space-packets": [] } },
];

const TABLES: readonly Table[] = [
  { script: "cosmos_framings.py", requirements: "requirements-cosmos.txt", cases: COSMOS_CASES },
  { script: "python_framings.py", requirements: "requirements-framings.txt", cases: PYTHON_CASES },
];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs one client against a board that nobody has talked to. @returns whether all went well */
async function check(
  engine: string,
  python: string,
  script: string,
  framing: string,
  args: readonly string[],
): Promise<boolean> {
  say(`${engine}, ${framing}, ${script}`);
  const { program, ports } = await simulator(
    engine,
    [`${framing}:0`],
    ...["--beacon-interval-ms", "200", "--memory", "40000"],
  );
  try {
    const { status, error } = spawnSync(python, [`${SCRIPTS}${script}`, String(ports[0]), ...args], {
      stdio: ["ignore", "inherit", "inherit"],
      timeout: CLIENT_MS,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", PYTHONWARNINGS: "ignore" },
    });
    if (status !== 0) {
      say(`  failed: ${error?.message ?? `exit code ${status}`}; the board:\n${program.output}`);
    }
    return status === 0;
  } finally {
    await program.stop();
  }
}

async function pythonTools(engines: readonly EngineName[], seed: number): Promise<boolean> {
  const python: Python = findPython();
  // All of them before anything runs: what is skipped is skipped whole.
  const environments = [...CLIENTS, ...TABLES].map(({ requirements }) => environment(python, requirements));
  let runs = 0;
  let failures = 0;
  for (const [k, { script, framings }] of CLIENTS.entries()) {
    const interpreter = environments[k] as string;
    for (const engine of engines) {
      for (const [framing, args] of Object.entries(framings)) {
        runs++;
        failures += (await check(engine, interpreter, script, framing, args)) ? 0 : 1;
      }
    }
  }
  const cases = { passed: 0, failed: 0 };
  const count = ({ passed, failed }: Tally): void => {
    cases.passed += passed;
    cases.failed += failed;
  };
  for (const [k, table] of TABLES.entries()) {
    for (const engine of engines) {
      count(await runTable(engine, environments[CLIENTS.length + k] as string, table, seed, say));
    }
  }
  // The environment of the packages that frame: the last table's.
  count(await runServers(environments.at(-1) as string, seed, say));
  say(`${runs - failures} of ${runs} clients got on with the board (Python ${python.version})`);
  say(
    `${cases.passed} of ${cases.passed + cases.failed} cases of framings are as they should be (FLATLINK_SEED=${seed})`,
  );
  return failures + cases.failed === 0;
}

/** By what they are asked for: `npm run test:interop -- yamcs`. */
const TOOLS: Readonly<Record<string, (engines: readonly EngineName[], seed: number) => boolean | Promise<boolean>>> = {
  python: pythonTools,
  cosmos: (engines, seed) => runCosmos(engines, seed, say),
  tmtccmd: (engines, seed) => runTmtccmd(engines, seed, say),
  xtce: (_engines, seed) => runXtce(seed, say),
  yamcs: (engines, seed) => runYamcs(engines, seed, say),
  relay: (engines) => runRelay(engines, say),
  sdls: (engines) => runSdls(engines, say),
  browser: (engines) => runPages(engines, say),
};

const engines = xs.available ? (["node", "xs"] as const) : (["node"] as const);
if (!xs.available) {
  say(`not on XS: ${xs.reason}`);
}
const seed = Number(process.env["FLATLINK_SEED"] ?? Date.now() & 0x7fffffff);
const asked = process.argv.slice(2);
for (const [tools, run] of Object.entries(TOOLS)) {
  if (asked.length > 0 && !asked.includes(tools)) {
    continue;
  }
  try {
    if (!(await run(engines, seed))) {
      process.exitCode = 1;
    }
  } catch (error) {
    if (!(error instanceof Unavailable)) {
      throw error;
    }
    say(`${tools} skipped: ${error.message}`);
  }
}
