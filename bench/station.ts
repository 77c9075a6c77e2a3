/** `npm run bench:station`: what a station's archive takes, and what it costs to ask it. A file of some hundred megabytes, in a temporary folder. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Archive, type PacketRow } from "../ground/station/archive/archive.js";
import { history, latest } from "../ground/station/archive/history.js";
import { latestPackets } from "../ground/station/archive/packet-list.js";
import { numberOption } from "../host/command.js";
import { runLarge } from "./station-large.js";
import { line, measure, median, type Took } from "./station-measure.js";

const BATCH = 1000;
/** As long as the packets of the first board's housekeeping are. */
const PACKET_LENGTH = 107;
const DAY = 86_400;
const DAY_MS = 1000 * DAY;
const PARAMETERS = 6;
/** How often the growing archive is looked at. */
const STEPS = 10;

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

function grow(archive: Archive, board: number, packets: number): void {
  const step = Math.max(BATCH, Math.floor(packets / STEPS / BATCH) * BATCH);
  for (let first = 0; first < packets; first += step) {
    const batches = Array.from({ length: step / BATCH }, (_, k) => rowsOf(board, first + k * BATCH, BATCH));
    const { wall, cpu } = measure(() => {
      for (const batch of batches) {
        archive.addPackets(batch);
      }
    });
    const perSecond = Math.round(step / wall).toLocaleString("en");
    const perPacket = ((1e6 * cpu) / step).toFixed(2);
    line(
      `${(first + step).toLocaleString("en").padStart(12)} packets: ${perSecond} packets/s, ${perPacket} us CPU each`,
    );
  }
}

function addDay(archive: Archive, board: number): Took {
  return measure(() => {
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

async function main(): Promise<void> {
  const program = new Command("bench:station")
    .addOption(numberOption("--packets <count>", "how large the archive gets", 10_000, 100_000_000).default(1_000_000))
    .option(
      "--large",
      "ten boards with samples, step by step, and what such an archive is asked: with --packets 10000000, 4 GB for some minutes",
    );
  program.parse();
  const { packets, large } = program.opts<{ packets: number; large?: boolean }>();
  const folder = mkdtempSync(join(tmpdir(), "flatlink-bench-"));
  try {
    if (large === true) {
      await runLarge(join(folder, "bench.sqlite"), packets);
      return;
    }
    const archive = new Archive(join(folder, "bench.sqlite"));
    const board = archive.board("b1");
    line(`Node.js ${process.version}, batches of ${BATCH} packets of ${PACKET_LENGTH} bytes`);
    grow(archive, board, packets);
    const { wall, cpu } = addDay(archive, board);
    const samples = DAY * PARAMETERS;
    line(
      `${Math.round(samples / wall).toLocaleString("en")} samples/s, ${((1e6 * cpu) / samples).toFixed(2)} us CPU each: ${PARAMETERS} parameters at 1 Hz for a day`,
    );
    const day = { board, parameter: 3, from: 0, to: DAY_MS };
    line(
      `a day of one parameter, thinned to 1000 points: ${median(() => void history(archive, { ...day, points: 1000 }))}`,
    );
    line(`a day of one parameter, every sample: ${median(() => void history(archive, { ...day, points: 100_000 }))}`);
    line(`the latest of ${PARAMETERS} parameters: ${median(() => void latest(archive, board, [0, 1, 2, 3, 4, 5]))}`);
    const last = { board, before: Number.MAX_SAFE_INTEGER, limit: 100 };
    line(`the latest 100 packets: ${median(() => void latestPackets(archive, last))}`);
    const single = rowsOf(board, packets, 1);
    line(`a packet by itself: ${median(() => void archive.addPackets(single))}`);
    archive.close();
    const { size } = statSync(archive.file);
    line(`${Math.round(size / 1e6)} MB in all, samples included`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
