/** Every example of the README is run, with free ports in place of the fixed ones. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import test from "ava";
import { Client, OneClientServer } from "../ground/index.js";
import { createNodeIo, nodeClock, nodeTicker } from "../host/node-io.js";
import { CdsShort } from "../modules/ccsds/cds-short.js";
import { Flatsat } from "../modules/flatsat/application.js";
import { parseConfiguration, TIME_CODES } from "../modules/flatsat/configuration.js";
import { boardFunctions, EVENTS } from "../modules/flatsat/definitions.js";
import { cobs } from "../modules/framing/cobs.js";
import { decodeFrames, encodeFrame } from "../modules/framing/convenience.js";
import { lines } from "../modules/framing/lines.js";
import { spacePackets } from "../modules/framing/space-packets.js";
import { decodeJson, encodeJson } from "../modules/payload/json.js";
import { FAILURE_CODES } from "../modules/pus/failure-codes.js";
import { buildTelecommand, parseTelemetry } from "../modules/pus/people.js";
import { freePort, PROJECT, Program, projectFile } from "./project.js";

interface Example {
  language: string;
  code: string;
}

const readme = projectFile("README.md");
const examples: Example[] = [];
for (const match of readme.matchAll(/(<!-- not run: needs [\w ]+ -->\n)?```(\w+)\n([\s\S]*?)```/g)) {
  if (match[1] === undefined) {
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
    for (const type of ["01 01", "01 03", "11 02", "01 07"]) {
      t.regex(run.stdout, new RegExp(`08 02 c0 .. 00 (?:13|0f) 21 ${type} `), type);
    }
    await simulator.prints(/1 TC received/);
  }
  const printed = take(/^TC\[17,1\]/);
  const ping = new Program("sh", ["-c", `${take(/^npm run ping -- --count 1\n$/)} --port ${first}`]);
  t.is(await ping.exitCode, 0, ping.output);
  t.is(shape(ping.output.slice(ping.output.indexOf("TC[17,1]")).trim()), shape(printed));
  const other = take(/^npm run ping -- --host/).replace("7302", String(second));
  const pings = new Program("sh", ["-c", other]);
  await pings.prints(/^ping 2,/m);
  await pings.stop("SIGINT");
  t.regex(pings.output, /\d+ sent, (\d+) answered, 0 lost/);
  await simulator.stop("SIGINT");
  t.regex(simulator.output, /stopped/);
});

/** What is printed, but for its numbers. */
function shape(text: string): string {
  return text
    .replace(/\b\d+\.\d\d\b/g, "DURATION")
    .replace(/20\d\d-\S+Z/g, "TIME")
    .replace(/(port|count) \d+/g, "$1 N")
    .replace(/\d+ other/g, "N other");
}

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

test.serial("the service of one's own answers with what it was sent, verified as every telecommand is", async (t) => {
  const path = writeExample("service", take(/services: \(\{ reports \}\)/));
  const application = new Program(process.execPath, [path], { PORT: "0" });
  t.teardown(() => application.stop());
  const [, port] = await application.prints(/listening on port (\d+)/);
  const socket = connect(Number(port), "127.0.0.1");
  const applicationData = Uint8Array.of(5, 4, 3);
  socket.end(buildTelecommand({ apid: 2, serviceType: 128, messageSubtype: 1, applicationData }));
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  const reports = decodeFrames(spacePackets(), Buffer.concat(chunks))
    .map((packet) => parseTelemetry(packet, new CdsShort()))
    .filter(({ serviceType }) => serviceType !== 3 && serviceType !== 5);
  t.deepEqual(
    reports.map(({ serviceType, messageSubtype }) => `${serviceType},${messageSubtype}`),
    ["1,1", "1,3", "128,2", "1,7"],
  );
  const [, , echo] = reports as [unknown, unknown, (typeof reports)[0]];
  t.deepEqual(echo.bytes.slice(echo.sourceDataStart, echo.sourceDataEnd), applicationData);
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

test.serial("the payloads come out as the comments say", async (t) => {
  const patterns = [/ bits: \[/, /name: "message"/, /command\.view\(/, /decodeJson\(/];
  for (const [index, pattern] of patterns.entries()) {
    const code = take(pattern);
    const program = new Program(process.execPath, [writeExample(`payload-${index}`, code)]);
    t.is(await program.exitCode, 0, program.output);
    // Each line printed, as the comment behind it has it; a comment may go on behind a comma.
    const comments = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment as string);
    t.deepEqual(
      program.output.trim().split("\n"),
      comments.map((comment) => comment.replace(/, VALUE_OUT_OF_RANGE.*/, "")),
    );
  }
});

test.serial("the client sends, receives, acknowledges, and closes", async (t) => {
  const server = new OneClientServer({ framing: cobs() });
  t.teardown(() => void server.close());
  const path = writeExample("client", take(/new Client\(/));
  const program = new Program(process.execPath, [path], { PORT: String(await server.listen()) });
  t.deepEqual(await server.receive({ timeoutMs: 20_000 }), Uint8Array.of(1, 2, 3));
  await server.send(Uint8Array.of(7, 7));
  await server.send(Uint8Array.of(8));
  await server.send(Uint8Array.of(9));
  t.is(await program.exitCode, 0, program.output);
  t.is(program.output, "Uint8Array(2) [ 7, 7 ]\nclosed, 0 uncertain\n");
});

test.serial("the server for one client answers lines of JSON", async (t) => {
  const path = writeExample("one-client-server", take(/new OneClientServer\(/));
  const program = new Program(process.execPath, [path]);
  t.teardown(() => program.stop());
  const [, port] = await program.prints(/listening on port (\d+)/);
  const client = new Client({ host: "127.0.0.1", port: Number(port), framing: lines() });
  t.teardown(() => void client.close());
  await client.connect({ timeoutMs: 20_000 });
  for (const id of ["status", "exit"]) {
    await client.send(encodeJson({ id }));
    t.deepEqual(decodeJson(await client.receive({ timeoutMs: 20_000 })), { id, ack: "success" });
  }
  t.is(await program.exitCode, 0, program.output);
  t.regex(program.output, /client from 127\.0\.0\.1/);
});

test.serial("the stream gives the packet, and counts the damage", async (t) => {
  const code = take(/decodeStream\(cobs/);
  const program = new Program(process.execPath, [writeExample("stream", code)]);
  t.is(await program.exitCode, 0, program.output);
  const comments = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment]) => comment);
  t.deepEqual(program.output.trim().split("\n"), comments);
});

test.serial("the board's client connects, sends, receives and closes", async (t) => {
  const server = new OneClientServer({ framing: cobs() });
  t.teardown(() => void server.close());
  const path = writeExample("tmtc-client", take(/new TmtcClient\(/));
  const program = new Program(process.execPath, [path], { PORT: String(await server.listen()) });
  await server.send(await server.receive({ timeoutMs: 20_000 }));
  t.is(await program.exitCode, 0, program.output);
  t.is(program.output, "connected to 127.0.0.1\n3 bytes\nclosed after 1 packets\n");
});

test.serial("no example is left that nothing has run", (t) => {
  t.is(take(/^npm ci && npm test\n$/), "npm ci && npm test");
  t.deepEqual(examples, []);
});

test("the tables name every message, failure code, parameter, event, function and time code, and no others", async (t) => {
  const io = await createNodeIo();
  t.teardown(() => io.network.shutDown());
  const { process: board } = new Flatsat({ ...parseConfiguration({}), io, ticker: nodeTicker, clock: nodeClock });
  const [, section = ""] = readme.match(/\n## Telecommands and telemetry\n([\s\S]*?)\n## /) ?? [];
  const messages = board.services.flatMap(({ serviceType, requests, reports = [] }) =>
    [...requests, ...reports].map(({ messageSubtype }) => `${serviceType},${messageSubtype}`),
  );
  const rows = section.split("\n").filter((line) => line.startsWith("| ST["));
  t.deepEqual(new Set(rows.join().match(/\b\d+,\d+\b/g)), new Set(messages));
  const names = [
    ...FAILURE_CODES.map(({ name }) => name),
    ...board.parameters.filter(({ id }) => id < 256).map(({ name }) => name),
    ...EVENTS.flatMap(({ name, auxiliaryData = [] }) => [name, ...auxiliaryData.map((field) => field.name)]),
    ...boardFunctions(board).map(({ name }) => name),
    ...TIME_CODES,
  ];
  for (const name of names) {
    t.regex(section, new RegExp(`\\b${name}\\b`), name);
  }
  const known = [...names, "time_code", "acknowledge", "failure_code_bytes"];
  for (const [, word] of section.matchAll(/`(\w+)(?:=\w+)?`/g)) {
    t.true(known.includes(word as string), word);
  }
  for (const { code, name } of FAILURE_CODES) {
    t.regex(section, new RegExp(`\\| (?:\\d+, )*${code}(?:, \\d+)* \\| [^|]*\`${name}\``), name);
  }
  for (const { id, name } of EVENTS) {
    t.true(section.includes(`| ${id} \`${name}\` |`), name);
  }
});

test("every file that the README links to is there", (t) => {
  for (const [, target] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
    t.true(projectFile(target as string).length > 0);
  }
});
