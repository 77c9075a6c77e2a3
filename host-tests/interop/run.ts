/** `npm run test:interop`: the clients of real ground tools against the simulated board, on every engine there is. */
import { spawnSync } from "node:child_process";
import { simulator } from "../ground/board.js";
import { xs } from "../host/xs-support.js";
import { environment, findPython, type Python, SCRIPTS, Unavailable } from "./environment.js";

const CLIENT_MS = 90_000;
const PORTS = ["space-packets", "cobs"];

interface Client {
  readonly script: string;
  readonly requirements: string;
  /** Those of the board's ports that it can talk to. */
  readonly framings: readonly string[];
}

const CLIENTS: readonly Client[] = [
  { script: "tmtccmd_client.py", requirements: "requirements-tmtccmd.txt", framings: ["space-packets"] },
  { script: "cosmos_client.py", requirements: "requirements-cosmos.txt", framings: PORTS },
];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs one client against a board that nobody has talked to. @returns whether all went well */
async function check(engine: string, python: string, script: string, framing: string): Promise<boolean> {
  say(`${engine}, ${framing}, ${script}`);
  const { program, ports } = await simulator(
    engine,
    PORTS.map((port) => `${port}:0`),
    ...["--beacon-interval-ms", "200"],
  );
  try {
    const port = String(ports[PORTS.indexOf(framing)]);
    const { status, error } = spawnSync(python, [`${SCRIPTS}${script}`, port, framing], {
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

async function main(): Promise<void> {
  const python: Python = findPython();
  const engines = xs.available ? ["node", "xs"] : ["node"];
  if (!xs.available) {
    say(`not on XS: ${xs.reason}`);
  }
  // All of them before anything runs: what is skipped is skipped whole.
  const environments = CLIENTS.map(({ requirements }) => environment(python, requirements));
  let runs = 0;
  let failures = 0;
  for (const [k, { script, framings }] of CLIENTS.entries()) {
    const interpreter = environments[k] as string;
    for (const engine of engines) {
      for (const framing of framings) {
        runs++;
        failures += (await check(engine, interpreter, script, framing)) ? 0 : 1;
      }
    }
  }
  say(`${runs - failures} of ${runs} clients got on with the board (Python ${python.version})`);
  process.exitCode = failures === 0 ? 0 : 1;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Unavailable)) {
    throw error;
  }
  say(`interop skipped: ${error.message}`);
}
