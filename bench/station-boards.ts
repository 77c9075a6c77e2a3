/** `npm run bench:boards`: many boards in one process, a station for all of them in another, with its archive and a client that listens. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { linkChoice } from "../ground/link/link-options.js";
import { Web } from "../ground/station/http/server.js";
import { Station } from "../ground/station/station.js";
import { numberOption } from "../host/command.js";
import { DICTIONARY, report } from "./station-packets.js";

const PROGRAM = fileURLToPath(import.meta.url);
const ADDRESS = "127.0.0.1";
const INTERVAL_MS = 100;
const WARM_UP_MS = 3000;
const LAST_MS = 1000;

/** Each on a port of its own, for one client; told to stop, they say how much they have sent. */
async function runBoards(count: number): Promise<void> {
  const clients: (Socket | undefined)[] = [];
  const ports: number[] = [];
  for (let k = 0; k < count; k++) {
    const server = createServer((socket) => {
      clients[k] = socket.on("error", () => {});
    }).listen(0, ADDRESS);
    await once(server, "listening");
    ports.push((server.address() as AddressInfo).port);
  }
  const sent = new Array<number>(count).fill(0);
  const timer = setInterval(() => {
    clients.forEach((client, k) => {
      client?.write(report(sent[k]!++));
    });
  }, INTERVAL_MS);
  process.send!(ports);
  await once(process, "message");
  clearInterval(timer);
  process.send!(sent.reduce((a, b) => a + b, 0));
}

async function listen(url: string, stop: AbortSignal): Promise<void> {
  const { body } = await fetch(url, { signal: stop });
  for await (const _ of body!) {
    // Taken, as a page takes it.
  }
}

async function measure(station: Station, boards: ChildProcess, seconds: number): Promise<void> {
  const received = (): number => station.boards.reduce((sum, board) => sum + board.received, 0);
  await sleep(WARM_UP_MS);
  const before = { cpu: process.cpuUsage(), time: performance.now(), packets: received() };
  await sleep(1000 * seconds);
  const { user, system } = process.cpuUsage(before.cpu);
  const took = (performance.now() - before.time) / 1000;
  const packets = received() - before.packets;
  boards.send("stop");
  const [sent] = (await once(boards, "message")) as [number];
  await sleep(LAST_MS);
  const { n } = station.archive.statement("SELECT count(DISTINCT board * 100000 + count) AS n FROM packet").get() as {
    n: number;
  };
  process.stdout.write(
    `${station.boards.length} boards, ${Math.round(packets / took)} packets/s: ${((user + system) / 1e6 / took).toFixed(2)} of a CPU, ` +
      `${Math.round((user + system) / packets)} us each, ${Math.round(process.memoryUsage().rss / 1e6)} MB; ${sent} sent, ${n} in the archive\n`,
  );
}

async function main(): Promise<void> {
  const program = new Command("bench:boards")
    .addOption(numberOption("--boards <count>", "boards, 10 packets/s each", 1, 1000).default(100))
    .addOption(numberOption("--seconds <count>", "how long", 1, 1000).default(10));
  program.parse();
  const { boards: count, seconds } = program.opts<{ boards: number; seconds: number }>();
  const folder = mkdtempSync(join(tmpdir(), "flatlink-bench-"));
  const boards = fork(PROGRAM, ["boards", String(count)]);
  const stop = new AbortController();
  try {
    const [ports] = (await once(boards, "message")) as [number[]];
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const station = new Station({
      file: join(folder, "bench.sqlite"),
      boards: ports.map((port, k) => ({
        name: `b${k}`,
        link: linkChoice({ host: ADDRESS, port, framing: "space-packets,crc=check16" }),
        dictionary: DICTIONARY,
      })),
      report: say,
    });
    const options = { station, host: ADDRESS, port: 0, token: "bench", users: undefined, hostNames: [], version: "0" };
    const web = new Web({ ...options, report: say });
    await web.listen();
    station.start();
    listen(`http://${ADDRESS}:${web.port}/api/v1/live`, stop.signal).catch(() => {});
    await measure(station, boards, seconds);
    stop.abort();
    await web.close();
    await station.close();
  } finally {
    boards.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , role, count] = process.argv;
await (role === "boards" ? runBoards(Number(count)) : main());
process.exit();
