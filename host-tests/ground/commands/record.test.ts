import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { Client } from "../../../ground/index.js";
import { entryLine, headerLine } from "../../../ground/recording/recording-format.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../../modules/framing/formats/space-packets.js";
import { parseFraming } from "../../../modules/framing/registry.js";
import { xs } from "../../host/xs-support.js";
import { Program, portToKeep } from "../../project.js";
import { report, simulator } from "../link/board.js";
import { FLATLINK, flatlink, flatsat, objectsIn, start } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "flatlink-record-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function newFile(): string {
  return join(folder, `${files++}.jsonl`);
}

const HEADER = { board: "fake", dictionaryHash: "0x00000000", settings: {}, started: "2026-08-21T12:00:00.000Z" };

/** A recording of ST[17] reports, whose counts tell them apart. */
function recordingOf(count: number, everyMs: number): { file: string; packets: Uint8Array[] } {
  const packets = Array.from({ length: count }, (_, k) => report(17, 4, Uint8Array.of(k >> 8, k)));
  const file = newFile();
  writeFileSync(
    file,
    headerLine(HEADER) + packets.map((packet, k) => entryLine({ t: 5000 + k * everyMs, packet })).join(""),
  );
  return { file, packets };
}

for (const engine of ["node", "xs"]) {
  const on = engine === "node" || xs.available ? test.serial : test.serial.skip;

  on(`${engine}: what was recorded is replayed on other framings, packet by packet`, async (t) => {
    const { program, ports } = await flatsat(engine, "--beacon-interval-ms", "100");
    t.teardown(() => program.stop());
    const file = newFile();
    const recorded = await flatlink([
      "record",
      file,
      "--port",
      String(ports[0]),
      "--beacon-interval-ms",
      "100",
      "--count",
      "12",
    ]);
    t.is(recorded.code, 0, recorded.stderr);
    t.regex(recorded.stdout, /^12 packets, \d+ octets, in /);
    const [header, ...entries] = objectsIn(readFileSync(file, "utf8"));
    t.like(header, { flatlink: "recording", version: 1, board: "flatsat", settings: { beacon_interval_ms: "100" } });
    const told = entries.find((entry) => entry["dictionaryHash"] !== undefined);
    t.is(told?.["dictionaryHash"], header!["dictionaryHash"]);
    const packets = entries.flatMap(({ packet }) => (packet === undefined ? [] : [packet as string]));
    t.is(packets.length, 12);
    t.deepEqual(
      entries.map((entry) => entry["t"]),
      entries.map((entry) => entry["t"]).sort(),
    );

    const replay = start(t, ["replay", file, "--listen", "cobs:0", "--listen", "slip:0", "--speed", "max"]);
    const [, port] = await replay.prints(/port (\d+): cobs[\s\S]*: slip/);
    const client = new Client({ host: "127.0.0.1", port: Number(port), framing: cobs() });
    t.teardown(() => void client.close());
    await client.connect();
    for (const packet of packets) {
      t.is(Buffer.from(await client.receive({ timeoutMs: 20_000 })).toString("hex"), packet);
    }
    const { code, stdout } = await replay.ended;
    t.is(code, 0);
    t.regex(stdout, /replayed 12 packets\n$/);
  });
}

test("Ctrl-C ends a recording; a kill leaves one that can be replayed", async (t) => {
  const { program, ports } = await flatsat("node", "--beacon-interval-ms", "100");
  t.teardown(() => program.stop());
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    const file = newFile();
    const recording = start(t, ["record", file, "--port", String(ports[0]), "--beacon-interval-ms", "100"]);
    // It has come to the file: that is what is waited for.
    while (!/"packet"[\s\S]*"packet"/.test(contents(file))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { code, stdout } = await recording.stop(signal);
    t.is(code, signal === "SIGINT" ? 0 : null);
    t.is(stdout === "", signal === "SIGKILL");
    const packets = contents(file).match(/"packet"/g)!.length;
    const replay = start(t, ["replay", file, "--port", "0", "--speed", "max"]);
    const [, port] = await replay.prints(/port (\d+):/);
    await flatlink(["tail", "--no-reconnect", "--port", port!]);
    t.regex((await replay.ended).stdout, new RegExp(`replayed ${packets} packets\n$`));
  }
});

function contents(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

test("a file that is there is not written over, unless it is asked for", async (t) => {
  const file = newFile();
  writeFileSync(file, "precious");
  const port = String(await portToKeep());
  const refused = await flatlink(["record", file, "--port", port]);
  t.is(refused.code, 2);
  t.regex(refused.stderr, /is there already: give another name, or --force\n$/);
  t.is(contents(file), "precious");
  const forced = await flatlink(["record", file, "--force", "--no-reconnect", "--port", port]);
  t.is(forced.code, 1, "nobody to record");
  t.regex(contents(file), /^\{"flatlink":"recording"/);
  const nowhere = await flatlink(["record", join(folder, "no", "such"), "--port", port]);
  t.is(nowhere.code, 1);
  t.regex(nowhere.stderr, /ENOENT/);
});

test("a first try that finds nobody leaves no file in the way of the second; a file's name may have a =", async (t) => {
  const port = await portToKeep();
  const file = join(folder, "run=3.jsonl");
  const failed = await flatlink(["record", file, "--no-reconnect", "--port", String(port)]);
  t.is(failed.code, 1, failed.stderr);
  t.is(failed.stdout, "");
  t.false(existsSync(file));
  const { program, ports } = await simulator("node", ["space-packets:0"]);
  t.teardown(() => program.stop());
  const again = await flatlink(["record", file, "--no-reconnect", "--count", "1", "--port", String(ports[0])]);
  t.is(again.code, 0, again.stderr);
  t.regex(contents(file), /"packet"/);
});

test("packets that are too long, or that the framing cannot send, are counted and told; the others come", async (t) => {
  const short = report(17, 2);
  const packets = [new Uint8Array(65_536), report(17, 2, new Uint8Array(300)), new Uint8Array(65_542), short];
  const file = newFile();
  writeFileSync(file, headerLine(HEADER) + packets.map((packet, k) => entryLine({ t: k, packet })).join(""));
  const replay = start(t, ["replay", file, "--speed", "max", "--port", "0", "--framing", "length-prefixed,size=1"]);
  const [, port] = await replay.prints(/port (\d+):/);
  const framing = parseFraming("framing", "length-prefixed,size=1", { maxPacketLength: 255 });
  const client = new Client({ host: "127.0.0.1", port: Number(port), framing });
  t.teardown(() => void client.close());
  await client.connect();
  t.deepEqual(await client.receive({ timeoutMs: 20_000 }), short);
  const { code, stdout, stderr } = await replay.ended;
  t.is(code, 1);
  t.regex(stdout, /replayed 2 packets\n$/);
  t.is(
    stderr,
    "flatlink replay: client 1 did not get 1 packet, which length-prefixed cannot send\n" +
      "flatlink replay: 2 packets left out: longer than 65535 octets\n",
  );
});

test("several clients get everything, on several framings; what they send is dropped; the pace is the recording's", async (t) => {
  const { file, packets } = recordingOf(21, 100);
  const replay = start(t, [
    "replay",
    file,
    "--listen",
    "space-packets:0,crc=check16",
    "--listen",
    "cobs:0",
    "--speed",
    "10",
  ]);
  const [, first, second] = await replay.prints(
    /port (\d+): space-packets\nlistening on 127\.0\.0\.1 port (\d+): cobs\n/,
  );
  const clients = [
    new Client({ host: "127.0.0.1", port: Number(first), framing: spacePackets() }),
    new Client({ host: "127.0.0.1", port: Number(second), framing: cobs() }),
  ];
  t.teardown(() => clients.forEach((client) => void client.close()));
  const startedAt = performance.now();
  // The first one's coming begins it.
  await Promise.all(clients.map((client) => client.connect()));
  await clients[0]!.send(report(1, 1));
  const received = await Promise.all(
    clients.map(async (client) => {
      const all: Uint8Array[] = [];
      while (Buffer.compare(all.at(-1) ?? Buffer.alloc(0), packets.at(-1)!) !== 0) {
        all.push(await client.receive({ timeoutMs: 20_000 }));
      }
      return all;
    }),
  );
  // Two seconds at ten times the pace; how much longer a busy machine takes is not said.
  t.true(performance.now() - startedAt >= 199);
  // One of them may have come later: it has missed what was before.
  t.deepEqual(Math.max(...received.map(({ length }) => length)), packets.length);
  for (const all of received) {
    t.deepEqual(all, packets.slice(-all.length));
  }
  t.is((await replay.ended).code, 0);
});

test("ten thousand packets at once, to a client that reads slowly: none is lost", async (t) => {
  const { file, packets } = recordingOf(10_000, 1);
  const replay = start(t, ["replay", file, "--port", "0", "--framing", "cobs", "--speed", "max"]);
  const [, port] = await replay.prints(/port (\d+): cobs/);
  const client = new Client({ host: "127.0.0.1", port: Number(port), framing: cobs(), receiveLimit: 10 });
  t.teardown(() => void client.close());
  await client.connect();
  let count = 0;
  for await (const packet of client) {
    if (Buffer.compare(packet, packets[count]!) !== 0) {
      t.fail(`packet ${count} is another one`);
      return;
    }
    count++;
    if (count % 1000 === 0) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  t.is(count, packets.length);
  t.is((await replay.ended).code, 0);
});

test("--loop begins again; Ctrl-C ends it", async (t) => {
  const { file } = recordingOf(2, 1);
  const replay = start(t, ["replay", file, "--port", "0", "--loop", "--speed", "max"]);
  const [, port] = await replay.prints(/port (\d+):/);
  const tail = await flatlink(["tail", "--count", "7", "--port", port!]);
  t.is(tail.code, 0, tail.stderr);
  t.is(tail.stdout.match(/onBoardConnectionTestReport: applicationProcessId [01]$/gm)?.length, 7);
  const { code, stderr } = await replay.stop();
  t.is(code, 0);
  t.regex(stderr, /stopped after \d+ packets/);
});

test("what is no recording, or a port that is taken, is one line", async (t) => {
  const wrong = newFile();
  writeFileSync(wrong, "{}\n");
  const empty = newFile();
  writeFileSync(empty, headerLine(HEADER));
  const { file } = recordingOf(1, 1);
  const { program, ports } = await simulator("node", ["space-packets:0"]);
  t.teardown(() => program.stop());
  for (const [args, code, message] of [
    [[wrong], 1, /it is no recording/],
    [[join(folder, "absent")], 1, /ENOENT/],
    [[empty, "--now", "--port", "0"], 1, /there is no packet in it/],
    [[file, "--port", String(ports[0])], 2, /cannot listen on 127\.0\.0\.1 port \d+: the port is in use/],
    [[file, "--speed", "0"], 2, /It must be a number above 0, or max/],
    [[file, "--framing", "smoke"], 2, /smoke/],
  ] as const) {
    const run = await flatlink(["replay", ...args]);
    t.is(run.code, code, run.stderr);
    t.regex(run.stderr, message);
    t.is(run.stderr.split("\n").length, 2, run.stderr);
  }
});

(existsSync("/dev/full") ? test : test.skip)("no room for what it writes: one line, and exit code 1", async (t) => {
  const { program, ports } = await simulator("node", ["space-packets:0"]);
  t.teardown(() => program.stop());
  const { code, stderr } = await flatlink(["record", "/dev/full", "--force", "--port", String(ports[0])]);
  t.is(code, 1);
  t.regex(stderr, /^flatlink record: \/dev\/full: ENOSPC.*\n$/);
  const tail = new Program("bash", [
    "-c",
    `exec ${process.execPath} ${FLATLINK} tail --port ${ports[0]} --board none > /dev/full`,
  ]);
  t.is(await tail.exitCode, 1);
  t.regex(tail.output, /flatlink tail: standard output is gone: ENOSPC/);
});
