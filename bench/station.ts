/** `npm run bench:station`: what a station's archive takes, and what it costs to ask it. A file of some hundred megabytes, in a temporary folder. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Archive, type PacketRow } from "../ground/station/archive/archive.js";
import { history, latest } from "../ground/station/archive/history.js";
import { latestPackets } from "../ground/station/archive/packet-list.js";
import { numberOption } from "../host/command.js";

const BATCH = 1000;
/** As long as the packets of the first board's housekeeping are. */
const PACKET_LENGTH = 107;
const DAY = 86_400;
const DAY_MS = 1000 * DAY;
const PARAMETERS = 6;
/** How often the growing archive is looked at. */
const STEPS = 10;
const ROUNDS = 5;

function rowsOf(board: number, first: number, count: number): PacketRow[] {
  const bytes = new Uint8Array(PACKET_LENGTH).fill(0xa5);
  return Array.from({ length: count }, (_, k) => ({
    board,
    session: 1,
    dictionary: 1,
    received: 1000 * (first + k),
    stamp: 1000 * (first + k),
    synchronized: 1,
    service: 3,
    subtype: 25,
    count: (first + k) & 0x3fff,
    bytes,
  }));
}

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Of several rounds, the one in the middle. */
function median(work: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => seconds(work)).sort((a, b) => a - b);
  return times[Math.floor(ROUNDS / 2)]!;
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

function grow(archive: Archive, board: number, packets: number): void {
  const step = Math.max(BATCH, Math.floor(packets / STEPS / BATCH) * BATCH);
  for (let first = 0; first < packets; first += step) {
    const batches = Array.from({ length: step / BATCH }, (_, k) => rowsOf(board, first + k * BATCH, BATCH));
    const took = seconds(() => {
      for (const batch of batches) {
        archive.addPackets(batch);
      }
    });
    const perSecond = Math.round(step / took).toLocaleString("en");
    const perPacket = ((1e6 * took) / step).toFixed(2);
    line(`${(first + step).toLocaleString("en").padStart(12)} packets: ${perSecond} packets/s, ${perPacket} us each`);
  }
}

function addDay(archive: Archive, board: number): number {
  return seconds(() => {
    for (let first = 0; first < DAY; first += BATCH) {
      archive.addDerived({
        from: first + 1,
        upTo: first + BATCH,
        samples: Array.from({ length: BATCH * PARAMETERS }, (_, k) => {
          const time = first + Math.floor(k / PARAMETERS);
          return { board, parameter: k % PARAMETERS, time: 1000 * time, packet: time + 1, raw: (time * 7) % 4096 };
        }),
        events: [],
      });
    }
  });
}

function main(): void {
  const program = new Command("bench:station").addOption(
    numberOption("--packets <count>", "how large the archive gets", 10_000, 100_000_000).default(1_000_000),
  );
  program.parse();
  const { packets } = program.opts<{ packets: number }>();
  const folder = mkdtempSync(join(tmpdir(), "flatlink-bench-"));
  try {
    const archive = new Archive(join(folder, "bench.sqlite"));
    const board = archive.board("b1");
    line(`Node.js ${process.version}, batches of ${BATCH} packets of ${PACKET_LENGTH} bytes`);
    grow(archive, board, packets);
    const samples = Math.round((DAY * PARAMETERS) / addDay(archive, board));
    line(`${samples.toLocaleString("en")} samples/s, ${PARAMETERS} parameters at 1 Hz for a day`);
    const day = { board, parameter: 3, from: 0, to: DAY_MS };
    const ms = (work: () => void) => `${(1000 * median(work)).toFixed(1)} ms`;
    line(
      `a day of one parameter, thinned to 1000 points: ${ms(() => void history(archive, { ...day, points: 1000 }))}`,
    );
    line(`a day of one parameter, every sample: ${ms(() => void history(archive, { ...day, points: 100_000 }))}`);
    line(`the latest of ${PARAMETERS} parameters: ${ms(() => void latest(archive, board, [0, 1, 2, 3, 4, 5]))}`);
    const last = { board, before: Number.MAX_SAFE_INTEGER, limit: 100 };
    line(`the latest 100 packets: ${ms(() => void latestPackets(archive, last))}`);
    const single = rowsOf(board, packets, 1);
    line(`a packet by itself: ${ms(() => void archive.addPackets(single))}`);
    archive.close();
    const { size } = statSync(archive.file);
    line(`${Math.round(size / 1e6)} MB in all, samples included`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
