/** `flatlink` as a command: its subcommands are the programs of the package, with their own options. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import test from "ava";
import { PROJECT, portToKeep } from "../../project.js";

const PROGRAM = `${PROJECT}dist/ground/flatlink.js`;

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { encoding: "utf8", cwd: PROJECT, timeout: 60_000 });
}

test("without a subcommand it lists them", (t) => {
  for (const args of [[], ["--help"]]) {
    const { status, stdout } = run(...args);
    t.is(status, 0);
    t.regex(stdout, /^ {2}simulate \[board\.ts\] .*\n[\s\S]*^ {2}ping /m);
  }
});

test("an unknown subcommand is one line, with the one that is meant, and exit code 2", (t) => {
  const { status, stdout, stderr } = run("simulat");
  t.is(status, 2);
  t.is(stdout, "");
  t.is(stderr, "flatlink: unknown command 'simulat' (Did you mean simulate?)\n");
});

test("options and their faults are those of the subcommand", (t) => {
  t.regex(run("ping", "--help").stdout, /--interval/);
  t.regex(run("simulate", "--help").stdout, /--listen/);
  const wrong = run("ping", "--bad");
  t.is(wrong.status, 2);
  t.is(wrong.stderr, "flatlink-ping: unknown option '--bad'\n");
  const absent = run("simulate", "absent.ts");
  t.is(absent.status, 2);
  t.is(absent.stderr, "flatlink-simulator: there is no file absent.ts\n");
});

test("a board of one's own is simulated, and answers a ping", async (t) => {
  const port = await portToKeep();
  const board = ["examples/thermometer/board.ts", "--engine", "node", "--listen", `cobs:${port}`];
  const simulator = spawn(process.execPath, [PROGRAM, "simulate", ...board], {
    cwd: PROJECT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.teardown(() => simulator.kill());
  let printed = "";
  simulator.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  while (!printed.includes("listening")) {
    await once(simulator.stdout, "data");
  }
  const ping = run("ping", "--port", String(port), "--framing", "cobs", "--count", "1");
  t.is(ping.status, 0, ping.stderr);
  t.regex(ping.stdout, /1 sent, 1 answered, 0 lost/);
});
