/** `npm run bench:fan-out`: packets out of an archive into NATS JetStream, each acknowledged, beside what it takes to archive them. Needs nats-server. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import type { PacketRow } from "../ground/station/archive/archive.js";
import { FanOut } from "../ground/station/fan-out/fan-out.js";
import { Feed } from "../ground/station/fan-out/feed.js";
import { loadNats } from "../ground/station/fan-out/load-nats.js";
import { natsAddress } from "../ground/station/fan-out/nats-address.js";
import { Station } from "../ground/station/station.js";
import { numberOption } from "../host/command.js";
import { dictionaryOf } from "../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../modules/flatsat/configuration.js";

const ADDRESS = "127.0.0.1";
/** As the notes on archives have it: a usual report. */
const PACKET_LENGTH = 107;
const BATCH = 1000;

interface Cost {
  readonly perSecond: number;
  /** Microseconds of this process's CPU for each. */
  readonly cpu: number;
}

async function measured(count: number, work: () => Promise<void> | void): Promise<Cost> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (1000 * count) / (performance.now() - start), cpu: (user + system) / count };
}

function fill({ archive }: Station, count: number): void {
  const board = archive.board("b1");
  const dictionary = archive.keepDictionary(dictionaryOf(parseConfiguration({}), undefined));
  const bytes = new Uint8Array(PACKET_LENGTH);
  const of = { board, session: 0, dictionary, stamp: null, synchronized: 0, service: 3, subtype: 25, count: 0, bytes };
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, k): PacketRow => ({ ...of, received: from + k }));
    const stored = archive.addPackets(rows);
    archive.addDerived({ from: stored[0]!.id, upTo: stored.at(-1)!.id, samples: [], events: [] });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, ADDRESS, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function main(): Promise<void> {
  const program = new Command("bench:fan-out").addOption(
    numberOption("--packets <count>", "how many", BATCH, 10_000_000).default(100_000),
  );
  program.parse();
  const count = program.opts<{ packets: number }>().packets;
  const folder = mkdtempSync(join(tmpdir(), "flatlink-bench-"));
  const port = await freePort();
  const broker = spawn("nats-server", ["-a", ADDRESS, "-p", String(port), "-js", "-sd", folder], { stdio: "ignore" });
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  broker.on("error", () => {
    report("there is no nats-server here");
    process.exit(1);
  });
  try {
    const station = new Station({ file: join(folder, "bench.sqlite"), boards: [], report });
    const archived = await measured(count, () => fill(station, count));
    const address = natsAddress("--nats", `nats://${ADDRESS}:${port}`, {});
    const nats = await loadNats();
    const fanOut = new FanOut({ station, nats, address, takesCommands: false, report });
    fanOut.start();
    while (fanOut.published === 0) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const left = fanOut.lag;
    const published = await measured(left, async () => {
      while (fanOut.lag > 0) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    process.stdout.write(
      `archived ${Math.round(archived.perSecond)} packets/s, ${archived.cpu.toFixed(1)} us of CPU each; ` +
        `published and acknowledged ${Math.round(published.perSecond)} packets/s, ${published.cpu.toFixed(1)} us of CPU each: ` +
        `1 to ${(archived.perSecond / published.perSecond).toFixed(1)}\n`,
    );
    await fanOut.close();
    await station.close();
    const second = new Station({ file: join(folder, "second.sqlite"), boards: [], report });
    const feed = new Feed({ station: second, nats, address, report });
    const served = await measured(count, async () => {
      feed.start();
      while (second.archive.derivedUpTo < count) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    process.stdout.write(
      `a second station took them from there: ${Math.round(served.perSecond)} packets/s, ${served.cpu.toFixed(1)} us of CPU each\n`,
    );
    await feed.close();
    await second.close();
  } finally {
    const ended = new Promise((resolve) => broker.once("close", resolve));
    broker.kill();
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
