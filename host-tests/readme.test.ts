/** Every example of the README is run, with free ports in place of the fixed ones. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import test from "ava";
import { cobs } from "../modules/framing/cobs.js";
import { decodeFrames, encodeFrame } from "../modules/framing/convenience.js";
import { freePort, PROJECT, Program, projectFile } from "./project.js";

const NOT_RUN = "<!-- not run: needs a board -->\n";

interface Example {
  language: string;
  code: string;
}

const readme = projectFile("README.md");
const examples: Example[] = [];
for (const match of readme.matchAll(/(<!-- not run: needs a board -->\n)?```(\w+)\n([\s\S]*?)```/g)) {
  if (match[1] !== NOT_RUN) {
    examples.push({ language: match[2] as string, code: match[3] as string });
  }
}

/** Takes an example out of the list, so that the last test sees what nobody ran. */
function take(pattern: RegExp): string {
  const index = examples.findIndex((example) => pattern.test(example.code));
  const [example] = examples.splice(index, index < 0 ? 0 : 1);
  if (example === undefined) {
    throw new Error(`the README has no example like ${pattern} any more`);
  }
  return example.code.trim();
}

function writeExample(name: string, code: string): string {
  mkdirSync(`${PROJECT}dist/readme`, { recursive: true });
  const path = `${PROJECT}dist/readme/${name}.mjs`;
  writeFileSync(path, code);
  return path;
}

function hasPython(): boolean {
  return spawnSync("python3", ["--version"]).status === 0;
}

test.serial("the command that starts the simulator, and the one that talks to it, work as printed", async (t) => {
  const start = take(/^npm ci && npm start\n$/).replace("npm ci && ", "");
  const talk = take(/^python3 /);
  const [first, second] = [await freePort(), await freePort()];
  const simulator = new Program("sh", ["-c", `${start} -- --listen space-packets:${first} --listen cobs:${second}`]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`listening on 127.0.0.1 port ${second}: cobs`));
  if (hasPython()) {
    const run = spawnSync("sh", ["-c", talk.replace("7301", String(first))], { encoding: "utf8", timeout: 10_000 });
    t.is(run.status, 0, run.stderr);
    t.regex(run.stdout, /00 02 c0 00 00 04 68 65 6c 6c 6f/);
    await simulator.prints(/1 TC received/);
  }
  await simulator.stop("SIGINT");
  t.regex(simulator.output, /stopped/);
});

test.serial("the simulator takes the options that are shown", async (t) => {
  const [first, second] = [await freePort(), await freePort()];
  const command = take(/--listen cobs:7302,delimiter=both/)
    .replace("7302", `${first}`)
    .replace("7301", `${second}`);
  const simulator = new Program("sh", ["-c", command]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`port ${first}: cobs, up to 8 clients[^]*port ${second}: space-packets`));
  await simulator.stop("SIGTERM");
  t.regex(simulator.output, /stopped/);
});

test.serial("the application of one's own answers every packet with its bytes in reverse order", async (t) => {
  const path = writeExample("application", take(/new TmtcServer/));
  const application = new Program(process.execPath, [path], { PORT: "0" });
  t.teardown(() => application.stop());
  const [, port] = await application.prints(/listening on port (\d+)/);
  const socket = connect(Number(port), "127.0.0.1");
  socket.end(encodeFrame(cobs(), Uint8Array.of(1, 2, 0, 4)));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  t.deepEqual(decodeFrames(cobs(), Buffer.concat(chunks)), [Uint8Array.of(4, 0, 2, 1)]);
  await application.prints(/telecommands: 1/);
});

test.serial("the plain functions give what the comments say", async (t) => {
  const program = new Program(process.execPath, [writeExample("functions", take(/decodeFrames\(/))]);
  t.is(await program.exitCode, 0, program.output);
  t.regex(program.output, /Uint8Array\(5\) \[ 5, 4, 0, 4, 1 \]/);
  t.deepEqual([...encodeFrame(cobs(), Uint8Array.of(5, 4, 0, 4, 1))], [3, 5, 4, 3, 4, 1, 0]);
});

test.serial("no example is left that nothing has run", (t) => {
  t.is(take(/^npm ci && npm test\n$/), "npm ci && npm test");
  t.deepEqual(examples, []);
});

test("every file that the README links to is there", (t) => {
  for (const [, target] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
    t.true(projectFile(target as string).length > 0);
  }
});
