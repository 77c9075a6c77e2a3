import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import type { Duplex, Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import test from "ava";
import { NOT_STARTED, spawnOnLifeline } from "../../host/lifeline.js";
import { XsMachine } from "../../host/xs-machine.js";
import { until } from "./node-rig.js";
import { modulePath, xs } from "./xs-support.js";

const PARENT = modulePath("./lifeline-parent.js", import.meta.url);
const xsTest = xs.available ? test.serial : test.serial.skip;

/** Processes of the group that the process of this id leads, those left out that have ended and nobody has asked about. */
function members(group: number): string[] {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pgid=,stat=,comm="], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([pgid, state]) => Number(pgid) === group && !state?.startsWith("Z"))
    .map(([, , command]) => command as string);
}

function gone(what: string, group: number): Promise<void> {
  return until(what, () => members(group).length === 0, 2000);
}

async function textOf(stream: Readable): Promise<string> {
  return (await stream.setEncoding("utf8").toArray()).join("");
}

/** A shell program on a lifeline. @returns how it ended, and what it wrote to its file descriptors 1, 2 and 4 */
async function ending(program: string) {
  const child = spawnOnLifeline("/bin/sh", ["-c", program]);
  const output = [1, 2, 4].map((fd) => textOf(child.stdio[fd as 1 | 2 | 4] as Readable));
  const [code, signal] = await once(child, "close");
  return { code, signal, output: await Promise.all(output), pid: child.pid as number };
}

test.serial("the program's exit code, signal, output and process id are its own", async (t) => {
  const ordinary = await ending("echo out; echo err >&2; echo four >&4; echo $$; exit 7");
  t.like(ordinary, { code: 7, signal: null });
  t.deepEqual(ordinary.output, [`out\n${ordinary.pid}\n`, "err\n", "four\n"]);
  t.like(await ending("kill -TERM $$"), { code: null, signal: "SIGTERM" });
  t.like(await ending("kill -KILL $$"), { code: null, signal: "SIGKILL" });
});

test.serial("the program has the pipes, and not the lifeline; arguments come as they are", async (t) => {
  const program = 'if (: <&5) 2>/dev/null; then echo five; fi; read -r line <&3; echo "$line" >&4; printf "<%s>" "$@"';
  const child = spawnOnLifeline("/bin/sh", ["-c", program, "sh", "a b", "$x", ""]);
  const [, printed, , input, answer] = child.stdio;
  (input as Duplex).write("to three\n");
  // Both at once: Node throws away what nobody reads when the program has ended.
  const texts = await Promise.all([textOf(answer as Readable), textOf(printed as Readable)]);
  t.deepEqual(texts, ["to three\n", "<a b><$x><>"]);
});

test.serial("the watchdog ends with the program", async (t) => {
  const child = spawnOnLifeline("/bin/sh", ["-c", "read -r line <&3"]);
  await until("the watchdog", () => members(child.pid as number).length === 2);
  (child.stdio[3] as Duplex).end();
  await once(child, "close");
  await gone("the watchdog", child.pid as number);
  t.pass();
});

test.serial("a program that is not there has an exit code of its own", async (t) => {
  const child = spawnOnLifeline("/nonexistent/program");
  const [code] = await once(child, "close");
  t.true(NOT_STARTED.includes(code as number));
});

xsTest("a worker in an endless loop is gone when its parent is killed", async (t) => {
  const parent = spawn(process.execPath, [PARENT], { stdio: ["ignore", "pipe", "inherit"] });
  const worker = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
  t.true(members(worker).some((command) => command.includes("xsnap")));
  parent.kill("SIGKILL");
  await gone("the worker", worker);
});

xsTest("a worker in an endless loop is gone when the thread that started it is terminated", async (t) => {
  const thread = new Worker(PARENT);
  const [worker] = (await once(thread, "message")) as [number];
  t.true(members(worker).some((command) => command.includes("xsnap")));
  await thread.terminate();
  await gone("the worker", worker);
});

xsTest("nothing is left of a machine that was stopped", async (t) => {
  const machine = new XsMachine();
  await machine.evaluate("1");
  t.is(members(machine.pid as number).length, 2);
  await machine.stop();
  await gone("the watchdog", machine.pid as number);
});
