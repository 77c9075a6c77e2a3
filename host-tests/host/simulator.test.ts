import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { RESET_SOFTWARE } from "../../modules/flatsat/platform.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { decodeFrames, encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { FRAMINGS } from "../../modules/framing/registry.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { PROJECT, portToKeep } from "../project.js";
import { connectPeer, until } from "./node-rig.js";
import { modulePath, xs } from "./xs-support.js";

const SIMULATOR = modulePath("../../host/simulator.js", import.meta.url);
const PING = buildTelecommand({ apid: 2, serviceType: 17, messageSubtype: 1 });
const RESTART = buildTelecommand({ apid: 2, serviceType: 8, messageSubtype: 1, applicationData: Uint8Array.of(3) });
const UPTIME_AND_ACCEPTED = buildTelecommand({
  apid: 2,
  serviceType: 20,
  messageSubtype: 1,
  applicationData: Uint8Array.of(2, 0, 1, 0, 2),
});
/** What the first client gets who pings: the events that the board has started and that he is there, then the answer. */
const TELEMETRY = ["5,1", "5,1", "1,1", "1,3", "17,2", "1,7"];
const hasPython = spawnSync("python3", ["--version"]).status === 0;

interface Simulator {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** Service types and message subtypes of the telemetry in a received stream. */
function messages(framing: Framing, bytes: Uint8Array): string[] {
  return decodeFrames(framing, bytes).map((packet) => {
    const { serviceType, messageSubtype } = parseTelemetry(packet, new CdsShort());
    return `${serviceType},${messageSubtype}`;
  });
}

/** The link alone: whatever the simulator sends is known. */
function simulate(...args: string[]): Simulator {
  return simulateAt(SIMULATOR, "--board", "none", ...args);
}

/** A process group of its own, so that a test can do what Ctrl-C does: signal all of it. */
function simulateAt(path: string, ...args: string[]): Simulator {
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"], detached: true });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | string);
  return { process: child, out: () => out, err: () => err, ended };
}

async function listening(simulator: Simulator, count: number): Promise<number[]> {
  let ports: number[] = [];
  await until(
    `${count} lines that start with listening: ${simulator.out()}${simulator.err()}`,
    () => {
      ports = [...simulator.out().matchAll(/^listening on 127\.0\.0\.1 port (\d+): /gm)].map((match) =>
        Number(match[1]),
      );
      return ports.length === count;
    },
    20_000,
  );
  return ports;
}

const engines: [string, boolean][] = [
  ["node", true],
  ["xs", xs.available],
];

/** The line that is written last, and the exit code, of a program whose output nobody reads any more. */
async function withoutReader(...args: string[]): Promise<{ err: string; ended: number | string }> {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  // Both ends of the pipe are ours; the program gets EPIPE with its first word.
  child.stdout.destroy();
  const [code, signal] = await once(child, "close");
  return { err, ended: code ?? signal };
}

test.serial("A simulator whose output nobody reads any more ends, and not with 0.", async (t) => {
  const { err, ended } = await withoutReader(SIMULATOR, "--engine", "node", "--listen", "cobs:0");
  t.is(ended, 1);
  t.regex(err, /^flatlink-simulator: standard output is gone: .*EPIPE.*\n$/);
});

for (const [engine, available] of engines) {
  const on = (title: string, body: (t: ExecutionContext) => Promise<void>, possible = true): void =>
    (available && possible ? test.serial : test.serial.skip)(`${engine}: ${title}`, body);

  on("says what runs and what listens, serves a telecommand, logs the connection; Ctrl-C ends it with 0", async (t) => {
    const simulator = simulate(
      "--engine",
      engine,
      "--listen",
      "space-packets:0",
      "--listen",
      "cobs:0",
      "--beacon-interval-ms",
      "0",
    );
    const [port = 0] = await listening(simulator, 2);
    const peer = await connectPeer(port);
    peer.send(PING);
    await until("the answer", () => messages(spacePackets(), peer.received()).length === TELEMETRY.length);
    t.deepEqual(messages(spacePackets(), peer.received()), TELEMETRY);
    peer.end();
    await until("the report", () => simulator.out().includes("disconnected"));
    process.kill(-(simulator.process.pid as number), "SIGINT");
    t.is(await simulator.ended, 0);
    const out = simulator.out();
    t.regex(out, engine === "xs" ? /^engine xs: xsnap .* \(XS [\d.]+\)$/m : /^engine node: Node\.js v/m);
    t.regex(out, /^memory 24576 bytes, \d+ in use, \d+ free:\n {2}telemetry log +8192$/m);
    t.regex(out, /^listening on 127\.0\.0\.1 port \d+: space-packets, up to 4 clients$/m);
    t.regex(out, /^listening on 127\.0\.0\.1 port \d+: cobs, up to 4 clients$/m);
    t.regex(out, /connected space-packets #1 from 127\.0\.0\.1 port \d+$/m);
    t.regex(
      out,
      /disconnected space-packets #1 after [\d.]+ s, peerClosed: 1 TC received, 6 TM sent, 13 bytes in, 155 bytes out$/m,
    );
    t.regex(out, /^stopped: 1 TC received, 6 TM sent, 0 TM dropped$/m);
    t.is(simulator.err(), "");
  });

  on(
    "restart by telecommand: connections end, and a board with all counts at 0 says that it was restarted",
    async (t) => {
      const port = await portToKeep();
      const simulator = simulate("--engine", engine, "--listen", `space-packets:${port}`, "--beacon-interval-ms", "0");
      await listening(simulator, 1);
      const first = await connectPeer(port);
      first.send(RESTART);
      await until("the end", () => first.ended);
      t.deepEqual(messages(spacePackets(), first.received()), ["5,1", "5,1", "1,1", "1,3", "1,7"]);
      await listening(simulator, 2);
      const second = await connectPeer(port);
      second.send(UPTIME_AND_ACCEPTED);
      await until("the answer", () => messages(spacePackets(), second.received()).includes("1,7"));
      const packets = decodeFrames(spacePackets(), second.received()).map((packet) => ({
        count: ((packet[2] as number) & 0x3f) * 256 + (packet[3] as number),
        data: Array.from(packet.subarray(parseTelemetry(packet, new CdsShort()).sourceDataStart, -2)),
      }));
      t.deepEqual(packets[0], { count: 0, data: [0, 1, RESET_SOFTWARE] }, "event 1");
      const values = (packets[4] as { data: number[] }).data;
      const uptimeMs = Buffer.from(values).readUInt32BE(3);
      t.true(uptimeMs < 10_000, `uptime ${uptimeMs}`);
      t.deepEqual(values.slice(7), [0, 2, 0, 0, 0, 1], "telecommands accepted: this one");
      t.is(simulator.out().match(/^stopped: 1 TC received/gm)?.length, 1);
      simulator.process.kill("SIGTERM");
      t.is(await simulator.ended, 0);
      t.is(simulator.err(), "");
    },
  );

  on("SIGTERM while it restarts: ends with 0", async (t) => {
    const port = await portToKeep();
    const simulator = simulate("--engine", engine, "--listen", `space-packets:${port}`);
    await listening(simulator, 1);
    const peer = await connectPeer(port);
    peer.send(RESTART);
    await until("the end", () => peer.ended);
    simulator.process.kill("SIGTERM");
    t.is(await simulator.ended, 0);
    t.is(simulator.err(), "");
  });

  on("SIGTERM ends it with 0, connections included", async (t) => {
    const simulator = simulate("--engine", engine, "--listen", "cobs:0");
    const [port = 0] = await listening(simulator, 1);
    const peer = await connectPeer(port);
    await until("connected", () => simulator.out().includes("connected"));
    simulator.process.kill("SIGTERM");
    t.is(await simulator.ended, 0);
    await until("FIN", () => peer.ended);
    t.regex(simulator.out(), /disconnected cobs #1 after .* stopped: 0 TC received/);
    t.is(simulator.err(), "");
  });

  on(
    "the command to paste prints the answer",
    async (t) => {
      for (const framing of ["space-packets:0", "cobs:0,delimiter=both"]) {
        const simulator = simulate("--engine", engine, "--listen", framing, "--beacon-interval-ms", "0");
        await listening(simulator, 1);
        await until("the command", () => /^try it:\n.+\n/m.test(simulator.out()));
        const command = /^try it:\n(.+)\n/m.exec(simulator.out())?.[1] as string;
        const shell = spawn("sh", ["-c", command]);
        let printed = "";
        shell.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
        const [code] = (await once(shell, "close")) as [number];
        t.is(code, 0);
        t.regex(printed, /^([0-9a-f]{2} )+[0-9a-f]{2}\n/);
        const bytes = Buffer.from(printed.replace(/\s/g, ""), "hex");
        t.deepEqual(messages(framing.startsWith("cobs") ? cobs() : spacePackets(), bytes), TELEMETRY);
        simulator.process.kill("SIGTERM");
        t.is(await simulator.ended, 0);
      }
    },
    hasPython,
  );

  on("--json prints one object a line, port 0 included", async (t) => {
    const simulator = simulate("--engine", engine, "--json", "--listen", "space-packets:0,role=tm,max-clients=2");
    await until("listening", () => simulator.out().includes('"listening"'), 20_000);
    const peer = await connectPeer(
      (
        JSON.parse(
          simulator
            .out()
            .split("\n")
            .find((line) => line.includes('"listening"')) as string,
        ) as { port: number }
      ).port,
    );
    await until("a beacon", () => peer.received().length > 0);
    simulator.process.kill("SIGINT");
    t.is(await simulator.ended, 0);
    const events = simulator
      .out()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    t.deepEqual(
      events.map(({ event }) => event),
      ["engine", "memory", "listening", "connected", "disconnected", "stopped"],
    );
    t.true(events.every(({ time }) => !Number.isNaN(Date.parse(time as string))));
    t.like(events[0], { engine });
    t.like(events[2], { framing: "space-packets", address: "127.0.0.1", role: "tm", maxClients: 2 });
    t.like(events[4], { reason: "stopped", server: "space-packets" });
    peer.socket.destroy();
  });

  on("an occupied port ends in one line and exit code 2", async (t) => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const simulator = simulate("--engine", engine, "--listen", `cobs:${port}`);
    t.is(await simulator.ended, 2);
    t.is(simulator.out(), "");
    t.is(
      simulator.err(),
      `flatlink-simulator: cannot listen on 127.0.0.1 port ${port}: the port is in use (EADDRINUSE); stop the program that has it, ` +
        "another simulator perhaps, or name other ports: --listen cobs:0 takes any free one\n",
    );
    server.close();
  });

  on("memory that does not suffice ends in one line and exit code 2", async (t) => {
    const simulator = simulate("--engine", engine, "--listen", "cobs:0", "--memory", "10000");
    t.is(await simulator.ended, 2);
    t.regex(
      simulator.err(),
      /^flatlink-simulator: --memory must be at least 20\d\d\d bytes, not 10000: --log-length 8192, \d+ for parameters and, for each of --max-clients 4, .*\n$/,
    );
  });

  on("--quiet prints only what listens", async (t) => {
    const simulator = simulate("--engine", engine, "--quiet", "--listen", "cobs:0");
    const [port = 0] = await listening(simulator, 1);
    const peer = await connectPeer(port);
    await until("a beacon", () => peer.received().length > 0);
    peer.reset();
    simulator.process.kill("SIGTERM");
    t.is(await simulator.ended, 0);
    t.regex(simulator.out(), /^listening on .*\n$/);
  });
}

const wrong: [string[], RegExp][] = [
  [["--nonsense"], /unknown option '--nonsense'/],
  [["--quite"], /unknown option '--quite' \(Did you mean --quiet\?\)/],
  [["extra"], /too many arguments/],
  [["--engine", "v8"], /'v8' is invalid\. Allowed choices are xs, node\./],
  [["--max-clients", "99"], /--max-clients must be .*99/],
  [["--max-clients"], /argument missing/],
  [["--max_clients", "4"], /unknown option '--max_clients' \(Did you mean --max-clients\?\)/],
  [
    ["--log-length", "500"],
    /: --log-length must be at least 1002 bytes, not 500: a packet of --max-telemetry, 1000 bytes/,
  ],
  [["--staging", "1000"], /: --staging must be a power of two from 8 to 65536 bytes, not 1000/],
  [
    ["--idle-timeout-ms", "1e3"],
    /: --idle-timeout-ms must be a whole number from 5000 to 86400000 ms, or 0, not "1e3"/,
  ],
  [
    ["--listen", "cobs:0,max-clients=9"],
    /--listen: "cobs:0,max-clients=9": max-clients must be .* 4 \(--max-clients\), not 9/,
  ],
  [["--listen", "cobs:0,max-packet=9,max-packet=10"], /: max-packet is given twice: 9 and 10/],
  [
    ["--listen", "fixed:0,length=2000"],
    /: length .* not 2000; max-packet is --max-telecommand, 1024, unless it is given/,
  ],
  [["--listen", "lines:0,keep=on,crc=crc16"], /: crc: crc16 cannot stand behind a packet: keep makes/],
  [["--listen", "morse:1"], /"morse"/],
  [["--listen", "cobs"], /FRAMING:PORT/],
  [["--listen", "cobs:0,delimiter=none"], /delimiter.*none/],
  [["--listen", "cobs:70000"], /70000/],
  [["--send-buffer", "0"], /must be 1 to 16777216 bytes/],
  [["--host", "192.0.2.1", "--listen", "cobs:0"], /cannot listen on 192\.0\.2\.1 port 0.*EADDRNOTAVAIL/],
];

for (const [args, message] of wrong) {
  test.serial(`${args.join(" ")} ends in one line and exit code 2`, async (t) => {
    const simulator = simulate(...args);
    t.is(await simulator.ended, 2);
    t.regex(simulator.err(), /^flatlink-simulator: .+\n$/);
    t.regex(simulator.err(), message);
    t.is(simulator.out(), "");
  });
}

test.serial("a framing of one's own is chosen by its name in --listen", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "flatlink-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const modules = modulePath("../../modules", import.meta.url);
  const module = join(folder, "own.mjs");
  await writeFile(
    module,
    `import { cobs } from "${modules}/framing/formats/cobs.js";
    import { MAX_PACKET, optionTable } from "${modules}/framing/options/option-table.js";
    import { registerFraming } from "${modules}/framing/registry.js";
    export const framings = registerFraming({
      name: "own",
      summary: "COBS by another name",
      options: optionTable([MAX_PACKET]),
      make: ({ maxPacketLength }, context) => ({ ...cobs({ maxPacketLength: context.maxPacketLength(maxPacketLength) }), name: "own" }),
    });`,
  );
  const simulator = simulate("--framings", module, "--listen", "own:0,max-packet=100");
  t.teardown(() => simulator.process.kill());
  const [port] = await listening(simulator, 1);
  const peer = await connectPeer(port as number);
  t.teardown(() => peer.socket.destroy());
  peer.send(encodeFrame(cobs(), PING));
  await until("the answer", () => messages(cobs(), peer.received()).includes("17,2"));
  const wrong = simulate("--framings", module, "--listen", "own:0,max-packet=0");
  t.is(await wrong.ended, 2);
  t.regex(wrong.err(), /"own:0,max-packet=0": max-packet \(bytes\) must be from 1 to 65542, not 0/);
  await writeFile(module, "export const framing = 1;");
  const without = simulate("--framings", module);
  t.is(await without.ended, 2);
  t.regex(without.err(), /must export framings/);
});

test.serial("--help names every option and ends with 0", async (t) => {
  const simulator = simulate("--help");
  t.is(await simulator.ended, 0);
  for (const option of ["--engine", "--host", "--listen", "--max-clients", "--log-length", "--json", "--quiet"]) {
    t.true(simulator.out().includes(option), option);
  }
  for (const { name, options } of FRAMINGS) {
    t.true(simulator.out().includes(`\n  ${name}: `), name);
    for (const { key } of options.rows) {
      t.true(simulator.out().includes(`\n    ${key} `), `${name}: ${key}`);
    }
  }
});

(xs.available ? test.serial : test.serial.skip)("a worker that dies is one loud end, with exit code 1", async (t) => {
  const simulator = simulate("--engine", "xs", "--listen", "cobs:0");
  await listening(simulator, 1);
  const children = spawnSync("ps", ["-o", "pid=", "--ppid", String(simulator.process.pid)], { encoding: "utf8" });
  process.kill(Number(children.stdout.trim()), "SIGKILL");
  t.is(await simulator.ended, 1);
  t.regex(simulator.err(), /the application failed: .*the XS worker ended \(SIGKILL\)/);
});

test.serial(
  "without the XS package: one line says so and why, and Node runs; --engine xs ends with exit code 2",
  async (t) => {
    // A copy of the program, where nothing but the command line library is installed.
    const folder = await mkdtemp(join(tmpdir(), "flatlink-no-xs-"));
    await cp(modulePath("../../host", import.meta.url), join(folder, "dist/host"), { recursive: true });
    await cp(modulePath("../../modules", import.meta.url), join(folder, "dist/modules"), { recursive: true });
    await cp(modulePath("../../examples/flatsat", import.meta.url), join(folder, "dist/examples/flatsat"), {
      recursive: true,
    });
    await cp(modulePath("../../../node_modules/commander", import.meta.url), join(folder, "node_modules/commander"), {
      recursive: true,
    });
    await cp(join(PROJECT, "package.json"), join(folder, "package.json"));
    const { optionalDependencies } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const reason = `the optional package @agoric/xsnap is not installed; "npm install @agoric/xsnap@${optionalDependencies["@agoric/xsnap"]}" installs it, with Node 20 or 22, make and a C compiler`;
    const path = join(folder, "dist/host/simulator.js");

    const simulator = simulateAt(path, "--listen", "cobs:0");
    await listening(simulator, 1);
    simulator.process.kill("SIGINT");
    t.is(await simulator.ended, 0);
    t.true(simulator.out().startsWith(`running on node, not on XS: ${reason}\nengine node`), simulator.out());

    const refused = simulateAt(path, "--engine", "xs", "--listen", "cobs:0");
    t.is(await refused.ended, 2);
    t.is(refused.err(), `flatlink-simulator: no XS engine: ${reason}\n`);

    // As after an install without a C compiler: the package is there, its binary is not.
    const xsnap = join(folder, "node_modules/@agoric/xsnap");
    await mkdir(xsnap, { recursive: true });
    await writeFile(join(xsnap, "package.json"), "{}");
    const notBuilt = simulateAt(path, "--engine", "xs", "--listen", "cobs:0");
    t.is(await notBuilt.ended, 2);
    t.regex(
      notBuilt.err(),
      /was not built; "npm rebuild @agoric\/xsnap" builds it, with Node 20 or 22, make and a C compiler|has no XS for/,
    );
    await rm(folder, { recursive: true });
  },
);
