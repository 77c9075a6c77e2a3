/** The examples of the README and of docs/ that are programs and commands are run, with free ports for the fixed ones. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import test from "ava";
import { Client, OneClientServer } from "../ground/index.js";
import { CdsShort } from "../modules/ccsds/cds-short.js";
import { decodeFrames, encodeFrame } from "../modules/framing/encode-decode.js";
import { cobs } from "../modules/framing/formats/cobs.js";
import { lines } from "../modules/framing/formats/lines.js";
import { spacePackets } from "../modules/framing/formats/space-packets.js";
import { tcFrames } from "../modules/framing/formats/tc-frames.js";
import { buildTelecommand, parseTelemetry } from "../modules/pus/build-parse.js";
import { decodeJson, encodeJson } from "../modules/text/json.js";
import {
  compileExamples,
  EXAMPLES,
  isBoard,
  isCommandLine,
  isCustomFraming,
  isSecureLink,
  saidOutput,
} from "./examples.js";
import { PROJECT, Program, portToKeep } from "./project.js";

/** Those that say what they print, and those of a framing or a board of one's own, have tests of their own. */
const examples = EXAMPLES.filter(
  (example) =>
    !example.notRun &&
    saidOutput(example) === undefined &&
    !isCustomFraming(example) &&
    !isBoard(example) &&
    !isSecureLink(example) &&
    !isCommandLine(example),
);

/** Takes an example out of the list, so that the last test sees what nobody ran. */
function take(pattern: RegExp): string {
  const index = examples.findIndex((example) => pattern.test(example.code));
  const [example] = examples.splice(index, index < 0 ? 0 : 1);
  if (example === undefined) {
    throw new Error(`no page has an example like ${pattern} any more`);
  }
  return example.code;
}

const folder = compileExamples("programs", {
  service: take(/services: \(\{ reports \}\)/),
  application: take(/new TmtcServer/),
  client: take(/new Client\(/),
  "one-client-server": take(/new OneClientServer\(/),
  "tmtc-client": take(/new TmtcClient\(/),
  "sealing-client": take(/new SealingClient\(/),
});

/** Starts one of them. */
function program(name: string, port?: number): Program {
  return new Program(process.execPath, [`${folder}${name}.js`], port === undefined ? {} : { PORT: String(port) });
}

function hasPython(): boolean {
  return spawnSync("python3", ["--version"]).status === 0;
}

test.serial("the command that starts the simulator, and the one that talks to it, work as printed", async (t) => {
  const start = take(/^npm ci && npm start$/).replace("npm ci && ", "");
  const talk = take(/^python3 .*7301/);
  const [first, second] = [await portToKeep(), await portToKeep()];
  const simulator = new Program("sh", ["-c", `${start} -- --listen space-packets:${first} --listen cobs:${second}`]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`listening on 127.0.0.1 port ${second}: cobs`));
  if (hasPython()) {
    const run = spawnSync("sh", ["-c", talk.replace("7301", String(first))], { encoding: "utf8", timeout: 60_000 });
    t.is(run.status, 0, run.stderr);
    for (const type of ["01 01", "01 03", "11 02", "01 07"]) {
      t.regex(run.stdout, new RegExp(`08 02 c0 .. 00 (?:13|0f) 21 ${type} `), type);
    }
    await simulator.prints(/1 TC received/);
  }
  const printed = take(/^TC\[17,1\]/);
  const ping = new Program("sh", ["-c", `${take(/^npm run ping -- --count 1$/)} --port ${first}`]);
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
  const [first, second] = [await portToKeep(), await portToKeep()];
  const command = take(/--listen cobs:7302,delimiter=both/)
    .replace("7302", `${first}`)
    .replace("7301", `${second}`);
  const simulator = new Program("sh", ["-c", command]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`port ${first}: cobs, up to 8 clients[\\s\\S]*port ${second}: space-packets`));
  await simulator.stop("SIGTERM");
  t.regex(simulator.output, /stopped/);
});

test.serial("the simulator runs the board that is named", async (t) => {
  const port = await portToKeep();
  const start = take(/^npm start -- --board/);
  t.is(take(/^npm start -- --board/), start, "two pages say it");
  const simulator = new Program("sh", ["-c", `${start} --listen space-packets:${port}`]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`port ${port}: space-packets`));
  await simulator.stop("SIGTERM");
  t.regex(simulator.output, /stopped/);
});

for (const [what, name, file] of [
  ["the board that is named", "json", "dictionary.json"],
  ["tmtccmd", "tmtccmd", "flatsat_tmtc"],
  ["COSMOS", "cosmos", "plugin.txt"],
] as const) {
  test.serial(`configuration is generated for ${what}`, (t) => {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-docs-"));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const command = take(new RegExp(`^npm run flatlink -- generate ${name} `)).replace(/out$/, folder);
    const run = spawnSync("sh", ["-c", command], { cwd: PROJECT, encoding: "utf8", timeout: 60_000 });
    t.is(run.status, 0, run.stderr);
    t.true(readdirSync(folder).includes(file));
  });
}

test.serial("the ground station starts as printed, and what it kept is exported and drawn", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-docs-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const archive = join(folder, "ground.sqlite");
  const start = take(/^npm run ground$/);
  t.is(take(/^npm run ground$/), start, "two pages say it");
  const boards = take(/^npm run flatlink -- ground --board/);
  const first = new Program("sh", ["-c", `${start} -- --port 0 --archive ${archive}`]);
  t.teardown(() => first.stop());
  const [, page] = await first.prints(/a simulated flatsat, and its station[\s\S]*(http:\/\/127\.0\.0\.1:\d+)/);
  const history = `${page}/api/v1/boards/flatsat/history?parameter=batteryVoltage`;
  while (((await (await fetch(history)).json()) as { batteryVoltage: unknown[] }).batteryVoltage.length < 2) {
    await setTimeout(50);
  }
  await first.stop("SIGINT");
  const second = new Program("sh", ["-c", `${boards} --port 0 --archive :memory:`]);
  t.teardown(() => second.stop());
  await second.prints(/the station of lab, desk[\s\S]*http:\/\/127\.0\.0\.1:\d+/);
  await second.stop("SIGINT");
  for (const command of take(/^npx flatlink export ground\.sqlite/).split("\n")) {
    const own = command.replace("npx flatlink", "npm run --silent flatlink --").replace("ground.sqlite", archive);
    const run = spawnSync("sh", ["-c", own.replace(/-o /, `-o ${folder}/`)], { encoding: "utf8", timeout: 60_000 });
    t.is(run.status, 0, `${command}\n${run.stderr}`);
    t.regex(run.stdout, /octets in|^batteryVoltage: /);
  }
});

test.serial("a framing can be tried from a terminal", async (t) => {
  const [first, second] = [await portToKeep(), await portToKeep()];
  const command = take(/--listen netstring:7303/)
    .replace("7303", `${first}`)
    .replace("7304", `${second}`);
  const talk = take(/^python3 .*7303/).replace("7303", `${first}`);
  const simulator = new Program("sh", ["-c", command]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`port ${first}: netstring[\\s\\S]*port ${second}: slip`));
  if (hasPython()) {
    const run = spawnSync("sh", ["-c", talk], { encoding: "utf8", timeout: 60_000 });
    t.is(run.status, 0, run.stderr);
    t.regex(run.stdout, /,22:\\x08\\x02\\xc0.{1,4}\\x00\\x0f!\\x11\\x02/);
    await simulator.prints(/1 TC received/);
  }
});

test.serial("telecommands come in TC transfer frames on one port, and telemetry leaves on another", async (t) => {
  const [first, second] = [await portToKeep(), await portToKeep()];
  const command = take(/--listen tc-frames:7310/)
    .replace("7310", `${first}`)
    .replace("7311", `${second}`);
  const simulator = new Program("sh", ["-c", command]);
  t.teardown(() => simulator.stop());
  await simulator.prints(new RegExp(`port ${first}: tc-frames[\\s\\S]*port ${second}: space-packets`));
  const down = new Client({ host: "127.0.0.1", port: second, framing: spacePackets() });
  await down.connect({ timeoutMs: 20_000 });
  t.teardown(() => down.close());
  const up = new Client({ host: "127.0.0.1", port: first, framing: tcFrames({ spacecraftId: 0xab }) });
  await up.connect({ timeoutMs: 20_000 });
  t.teardown(() => up.close());
  await up.send(buildTelecommand({ apid: 2, serviceType: 17, messageSubtype: 1 }), { timeoutMs: 20_000 });
  const types = new Set<string>();
  while (!types.has("17,2")) {
    const packet = await down.receive({ timeoutMs: 20_000 });
    types.add(`${packet[7]},${packet[8]}`);
  }
  t.true(types.has("1,1"));
});

test.serial("a board that has roles and no key says that it takes no telecommand", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "flatlink-docs-"));
  t.teardown(() => rmSync(cwd, { recursive: true, force: true }));
  const port = await portToKeep();
  const command = take(/--listen tc-frames:7303,scid=0xab,sdls=tc/)
    .replace("7303", `${port}`)
    .replace("board-keys", join(cwd, "keys"));
  const simulator = new Program("sh", ["-c", command]);
  t.teardown(() => simulator.stop());
  await simulator.prints(/no key is provisioned/);
  await simulator.stop("SIGTERM");
  t.regex(simulator.output, /stopped/);
});

test.serial("the service of one's own answers with what it was sent, verified as every telecommand is", async (t) => {
  const application = program("service", 0);
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
  const application = program("application", 0);
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

for (const [reader, pauseMs] of [
  ["reads at once", 0],
  ["reads slowly", 5],
] as const) {
  test.serial(`the application of one's own answers each of many packets to a client that ${reader}`, async (t) => {
    const application = program("application", 0);
    t.teardown(() => application.stop());
    const [, port] = await application.prints(/listening on port (\d+)/);
    const packets = Array.from({ length: 1500 }, (_, k) =>
      Uint8Array.from({ length: 256 }, (_, i) => (k + 7 * i) >> 3),
    );
    const socket = connect(Number(port), "127.0.0.1");
    t.teardown(() => socket.destroy());
    const chunks: Buffer[] = [];
    // The server closes when it has answered all that came.
    socket.end(Buffer.concat(packets.map((packet) => encodeFrame(cobs(), packet))));
    for await (const chunk of socket) {
      chunks.push(chunk as Buffer);
      await setTimeout(pauseMs);
    }
    const answers = decodeFrames(cobs(), Buffer.concat(chunks));
    t.is(answers.length, packets.length);
    t.true(answers.every((answer, k) => Buffer.from(answer).equals(Buffer.from(packets[k]!).reverse())));
  });
}

test.serial("the client sends, receives, acknowledges, and closes", async (t) => {
  const server = new OneClientServer({ framing: cobs() });
  t.teardown(() => void server.close());
  const client = program("client", await server.listen());
  t.deepEqual(await server.receive({ timeoutMs: 20_000 }), Uint8Array.of(1, 2, 3));
  await server.send(Uint8Array.of(7, 7));
  await server.send(Uint8Array.of(8));
  await server.send(Uint8Array.of(9));
  t.is(await client.exitCode, 0, client.output);
  t.is(client.output, "Uint8Array(2) [ 7, 7 ]\nclosed, 0 uncertain\n");
});

test.serial("the server for one client answers lines of JSON", async (t) => {
  const server = program("one-client-server");
  t.teardown(() => server.stop());
  const [, port] = await server.prints(/listening on port (\d+)/);
  const client = new Client({ host: "127.0.0.1", port: Number(port), framing: lines() });
  t.teardown(() => void client.close());
  await client.connect({ timeoutMs: 20_000 });
  for (const id of ["status", "exit"]) {
    await client.send(encodeJson({ id }));
    t.deepEqual(decodeJson(await client.receive({ timeoutMs: 20_000 })), { id, ack: "success" });
  }
  t.is(await server.exitCode, 0, server.output);
  t.regex(server.output, /client from 127\.0\.0\.1/);
});

test.serial("the board's client connects, sends, receives and closes", async (t) => {
  const server = new OneClientServer({ framing: cobs() });
  t.teardown(() => void server.close());
  const client = program("tmtc-client", await server.listen());
  await server.send(await server.receive({ timeoutMs: 20_000 }));
  t.is(await client.exitCode, 0, client.output);
  t.is(client.output, "connected to 127.0.0.1\n3 bytes\nclosed after 1 packets\n");
});

test.serial("the client that seals says that the board took its telecommand", async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), "flatlink-docs-"));
  t.teardown(() => rmSync(cwd, { recursive: true, force: true }));
  const port = await portToKeep();
  const flatlink = `${process.execPath} ${PROJECT}dist/ground/flatlink.js`;
  const keys = `${flatlink} keys new commander.key && ${flatlink} keys provision commander.key --spi 1 --keys board-keys`;
  t.is(spawnSync("sh", ["-c", keys], { cwd, timeout: 60_000 }).status, 0);
  const board = `${flatlink} simulate --keys board-keys --security 1=commander --listen tc-frames:${port},scid=1,sdls=tc`;
  const simulator = new Program("sh", ["-c", `cd ${cwd} && exec ${board}`]);
  t.teardown(() => simulator.stop());
  await simulator.prints(/port \d+: tc-frames/);
  const client = new Program("sh", ["-c", `cd ${cwd} && exec ${process.execPath} ${folder}sealing-client.js`], {
    PORT: String(port),
  });
  t.is(await client.exitCode, 0, client.output);
  t.is(client.output, "the board took it\n[]\n");
});

test.serial("no example is left that nothing has run", (t) => {
  t.is(take(/^npm ci && npm test$/), "npm ci && npm test");
  t.deepEqual(examples, []);
});
