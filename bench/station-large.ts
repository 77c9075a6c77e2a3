/** An archive that grows: does a packet cost as much at the end as at the beginning, and what does it cost to ask for something then? */
import { statSync } from "node:fs";
import { linkChoice } from "../ground/link/link-options.js";
import { Archive, type PacketRow, type SampleRow } from "../ground/station/archive/archive.js";
import { commandHistory } from "../ground/station/archive/command-history.js";
import { events, history, latest } from "../ground/station/archive/history.js";
import { latestPackets } from "../ground/station/archive/packet-list.js";
import { dataSize, forget, shrink } from "../ground/station/archive/retention.js";
import { Station } from "../ground/station/station.js";
import { dictionaryOf } from "../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../modules/flatsat/configuration.js";
import { line, measure, median } from "./station-measure.js";

const BOARDS = 10;
const BATCH = 1000;
const PACKET_LENGTH = 107;
const STEPS = 10;
const DAY_MS = 86_400_000;
/** Of each packet: one that every packet has, and one of the others in turn. */
const SAMPLES_EACH = 2;
/** Batches that retention forgets. */
const FORGOTTEN = 200;
const DICTIONARY = dictionaryOf(parseConfiguration({}), undefined);
const PARAMETERS = Object.values(DICTIONARY.parameters ?? {}).map(({ id }) => id);

/** A packet of each board in turn, each board once a second. */
function packetsFrom(first: number, boards: readonly number[], dictionary: number): PacketRow[] {
  return Array.from({ length: BATCH }, (_, k) => {
    const number = first + k;
    const time = 1000 * Math.floor(number / BOARDS);
    return {
      ...{ board: boards[number % BOARDS]!, session: 1, dictionary, received: time, stamp: time, synchronized: 1 },
      ...{ service: 3, subtype: 25, count: Math.floor(number / BOARDS) & 0x3fff },
      bytes: new Uint8Array(PACKET_LENGTH).fill(number),
    };
  });
}

function samplesFrom(first: number, boards: readonly number[]): SampleRow[] {
  return Array.from({ length: BATCH * SAMPLES_EACH }, (_, k) => {
    const number = first + Math.floor(k / SAMPLES_EACH);
    const second = Math.floor(number / BOARDS);
    const parameter = PARAMETERS[k % SAMPLES_EACH === 0 ? 0 : 1 + (second % (PARAMETERS.length - 1))]!;
    const of = { board: boards[number % BOARDS]!, parameter, time: 1000 * second };
    return { ...of, packet: number + 1, raw: (second * 7) % 4096 };
  });
}

interface Cost {
  packet: number;
  sample: number;
  wall: number;
}

/** In microseconds each, of this process; wall: of a packet with its samples. */
function costOf(archive: Archive, boards: readonly number[], dictionary: number, first: number, packets: number): Cost {
  const cost: Cost = { packet: 0, sample: 0, wall: 0 };
  for (let at = first; at < first + packets; at += BATCH) {
    const rows = packetsFrom(at, boards, dictionary);
    const samples = samplesFrom(at, boards);
    const stored = measure(() => void archive.addPackets(rows));
    const derived = measure(() => archive.addDerived({ from: at + 1, upTo: at + BATCH, samples, events: [] }));
    cost.packet += (1e6 * stored.cpu) / packets;
    cost.sample += (1e6 * derived.cpu) / packets / SAMPLES_EACH;
    cost.wall += (1e6 * (stored.wall + derived.wall)) / packets;
  }
  return cost;
}

function grow(archive: Archive, boards: readonly number[], dictionary: number, packets: number): void {
  const step = Math.ceil(packets / STEPS / BATCH) * BATCH;
  let first: Cost | undefined;
  for (let at = 0; at < packets; at += step) {
    const cost = costOf(archive, boards, dictionary, at, step);
    first ??= cost;
    const text = (name: keyof Cost): string =>
      `${cost[name].toFixed(2)} us (${(cost[name] / first![name]).toFixed(2)})`;
    line(
      `${(at + step).toLocaleString("en").padStart(12)} packets: ${text("packet")} CPU a packet, ${text("sample")} CPU a sample, ${text("wall")} for a packet with its ${SAMPLES_EACH} samples`,
    );
  }
}

function ask(archive: Archive, boards: readonly number[], packets: number): void {
  const board = boards[0]!;
  const end = (1000 * packets) / BOARDS;
  const day = { board, parameter: PARAMETERS[0]!, from: end / 2, to: end / 2 + DAY_MS };
  line(
    `a day of one parameter at 1 Hz, thinned to 1000 points: ${median(() => void history(archive, { ...day, points: 1000 }))}`,
  );
  line(`a day of it, every sample: ${median(() => void history(archive, { ...day, points: 100_000 }))}`);
  line(
    `the latest of ${PARAMETERS.length} parameters of ${BOARDS} boards: ${median(() => void boards.map((each) => latest(archive, each, PARAMETERS)))}`,
  );
  const last = { board, before: Number.MAX_SAFE_INTEGER, limit: 100 };
  line(`the latest 100 packets of a board: ${median(() => void latestPackets(archive, last))}`);
  line(`its events and commands: ${median(() => void [events(archive, last), commandHistory(archive, last)])}`);
}

async function start(file: string): Promise<void> {
  const boards = Array.from({ length: BOARDS }, (_, k) => ({
    name: `b${k}`,
    link: linkChoice({ host: "127.0.0.1", port: 1, framing: "space-packets,crc=check16" }),
    dictionary: DICTIONARY,
  }));
  let station: Station | undefined;
  const { wall } = measure(() => {
    station = new Station({ file, boards, report: line });
  });
  line(`a station starts on it in ${(1000 * wall).toFixed(0)} ms`);
  await station!.close();
}

function retain(file: string): void {
  const archive = new Archive(file);
  const maxBytes = dataSize(archive) / 2;
  let longest = 0;
  let forgotten = 0;
  const { wall } = measure(() => {
    for (let k = 0; k < FORGOTTEN; k++) {
      const batch = measure(() => {
        forgotten += forget(archive, { maxBytes }, 0);
        shrink(archive);
      });
      longest = Math.max(longest, batch.wall);
    }
  });
  line(
    `retention forgets ${forgotten.toLocaleString("en")} packets, ${((1e6 * wall) / forgotten).toFixed(1)} us each, the longest batch in ${(1000 * longest).toFixed(0)} ms`,
  );
  archive.close();
}

export async function runLarge(file: string, packets: number): Promise<void> {
  const archive = new Archive(file);
  const boards = Array.from({ length: BOARDS }, (_, k) => archive.board(`b${k}`));
  const dictionary = archive.keepDictionary(DICTIONARY);
  line(
    `Node.js ${process.version}, batches of ${BATCH} packets of ${PACKET_LENGTH} bytes of ${BOARDS} boards; in brackets: compared with the first step`,
  );
  grow(archive, boards, dictionary, packets);
  ask(archive, boards, packets);
  const closing = measure(() => archive.close());
  line(`${Math.round(statSync(file).size / 1e6)} MB in all, closed in ${(1000 * closing.wall).toFixed(0)} ms`);
  await start(file);
  retain(file);
}
