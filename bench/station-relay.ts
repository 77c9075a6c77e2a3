/**
 * `npm run bench:relay`: what the way through a relay port costs. A ping to its 1,7 from the board itself and through the station, in
 * turns; then the station's CPU time for each packet, with so many clients on a relay port.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { simulatedBoard } from "../ground/commands/ground-boards.js";
import { relayArgument, withRelays } from "../ground/commands/relay-argument.js";
import { linkChoice } from "../ground/link/link-options.js";
import { decodeStream } from "../ground/link/streams.js";
import { Station } from "../ground/station/station.js";
import { numberOption } from "../host/command.js";
import { encodeFrame } from "../modules/framing/encode-decode.js";
import { cobs } from "../modules/framing/formats/cobs.js";
import { median } from "./cases/measure.js";
import { PING } from "./cases/packets.js";
import { DICTIONARY, report } from "./station-packets.js";

const PROGRAM = fileURLToPath(import.meta.url);
const ADDRESS = "127.0.0.1";
const CLIENTS = [0, 1, 8];
const PER_TICK = 10;
const TICK_MS = 5;
const VERIFICATION = 1;
const COMPLETED = 7;

/** A simulated board for pings, and a socket that only speaks. */
async function runBoards(): Promise<void> {
  const { entry } = await simulatedBoard(["beacon_interval_ms=0"], () => process.exit(1));
  let client: Socket | undefined;
  const speaker = createServer((socket) => {
    client = socket.on("error", () => {});
  }).listen(0, ADDRESS);
  await once(speaker, "listening");
  let count = 0;
  setInterval(() => {
    for (let k = 0; k < PER_TICK; k++) {
      client?.write(report(count++));
    }
  }, TICK_MS);
  process.send!([entry.link.port, (speaker.address() as AddressInfo).port]);
}

/** One of the two boards at a time, so that each figure is of one thing. */
async function runStation(port: number, framing: string, relay: string, file: string): Promise<void> {
  const link = linkChoice({ host: ADDRESS, port, framing });
  const boards = withRelays([{ name: "b1", link, dictionary: DICTIONARY }], [relayArgument("b1", relay)]);
  const station = new Station({ file, boards, report: (line) => process.stderr.write(`${line}\n`) });
  await station.listen();
  station.start();
  process.send!(station.relays.ports[0]!.port);
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send!([user + system, station.boards[0]!.received]);
  });
}

async function stationOf(folder: string, port: number, framing: string, relay: string) {
  const name = `${port}-${Math.random()}.sqlite`;
  const station = fork(PROGRAM, ["station", String(port), framing, relay, join(folder, name)]);
  const [relayPort] = (await once(station, "message")) as [number];
  return { station, relayPort };
}

class Pinger {
  readonly #socket: Socket;
  readonly #frame = encodeFrame(cobs(), Uint8Array.from(PING));
  #done: () => void = () => {};

  constructor(port: number) {
    this.#socket = connect(port, ADDRESS).setNoDelay(true);
    const decoder = decodeStream(cobs());
    this.#socket.on("data", (bytes) => decoder.write(bytes));
    decoder.on("data", (packet: Buffer) => {
      if (packet[7] === VERIFICATION && packet[8] === COMPLETED) {
        this.#done();
      }
    });
  }

  /** @returns how long it took, in ms */
  async ping(): Promise<number> {
    const before = performance.now();
    const done = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    this.#socket.write(this.#frame);
    await done;
    return performance.now() - before;
  }

  end(): void {
    this.#socket.destroy();
  }
}

async function measurePings(folder: string, boardPort: number, pings: number): Promise<void> {
  const { station, relayPort } = await stationOf(folder, boardPort, "cobs", "0");
  await sleep(1000);
  const direct = new Pinger(boardPort);
  const relayed = new Pinger(relayPort);
  const took = { direct: [] as number[], relayed: [] as number[] };
  let before = await usage(station);
  for (let k = -100; k < pings; k++) {
    const each = [await direct.ping(), await relayed.ping()] as const;
    if (k < 0) {
      before = await usage(station);
    } else {
      took.direct.push(each[0]);
      took.relayed.push(each[1]);
    }
  }
  const after = await usage(station);
  const [alone, through] = [median(took.direct), median(took.relayed)];
  process.stdout.write(
    `ping to its 1,7, median of ${pings}: ${alone.toFixed(2)} ms direct, ${through.toFixed(2)} ms through a relay port (${(through / alone).toFixed(1)} times); ` +
      `${Math.round((after.cpu - before.cpu) / pings)} us CPU of the station for both\n`,
  );
  direct.end();
  relayed.end();
  station.kill();
}

async function usage(station: ChildProcess): Promise<{ readonly cpu: number; readonly packets: number }> {
  station.send("usage");
  const [[cpu, packets]] = (await once(station, "message")) as [[number, number]];
  return { cpu, packets };
}

async function measurePackets(folder: string, speakerPort: number, seconds: number): Promise<void> {
  let alone = 0;
  for (const count of CLIENTS) {
    const { station, relayPort } = await stationOf(folder, speakerPort, "space-packets,crc=check16", "0,cobs");
    const clients = Array.from({ length: count }, () => connect(relayPort, ADDRESS).resume());
    await sleep(1000);
    const before = await usage(station);
    await sleep(1000 * seconds);
    const after = await usage(station);
    const each = (after.cpu - before.cpu) / (after.packets - before.packets);
    alone = count === 0 ? each : alone;
    process.stdout.write(
      `${count} clients, ${Math.round((after.packets - before.packets) / seconds)} packets/s: ${each.toFixed(0)} us CPU a packet (${(each / alone).toFixed(2)} times as without)\n`,
    );
    for (const client of clients) {
      client.destroy();
    }
    station.kill();
    await once(station, "exit");
  }
}

async function main(): Promise<void> {
  const program = new Command("bench:relay")
    .addOption(numberOption("--pings <count>", "pings each way", 1, 1_000_000).default(2000))
    .addOption(numberOption("--seconds <count>", "how long, for each number of clients", 1, 1000).default(5));
  program.parse();
  const { pings, seconds } = program.opts<{ pings: number; seconds: number }>();
  const folder = mkdtempSync(join(tmpdir(), "flatlink-bench-"));
  const boards = fork(PROGRAM, ["boards"]);
  try {
    const [[board, speaker]] = (await once(boards, "message")) as [[number, number]];
    await measurePings(folder, board, pings);
    await measurePackets(folder, speaker, seconds);
  } finally {
    boards.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, , role, port, framing, relay, file] = process.argv;
switch (role) {
  case "boards":
    await runBoards();
    break;
  case "station":
    await runStation(Number(port), framing!, relay!, file!);
    break;
  default:
    await main();
    process.exit();
}
