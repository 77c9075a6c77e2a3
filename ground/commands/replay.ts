/** `flatlink replay`: a recording, served as a board. */
import { type FileHandle, open } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Pace } from "../recording/pace.js";
import { MAX_PACKET_LENGTH, PacketServer } from "../recording/packet-server.js";
import {
  type RecordingEntry,
  RecordingError,
  type RecordingHeader,
  readRecording,
} from "../recording/recording-format.js";
import { EXIT_DONE, EXIT_FAILED, FailedError, type Program, runProgram } from "./program.js";
import { parseReplayOptions, type ReplayOptions } from "./replay-options.js";

/** The longest that a timer of Node waits. */
const LONGEST_PAUSE_MS = 0x7fff_ffff;

/** @throws (rejects) FailedError, which names the file */
async function* entriesOf(file: string): AsyncGenerator<RecordingHeader | RecordingEntry, void, undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (error) {
    throw new FailedError((error as Error).message);
  }
  try {
    yield* readRecording(handle.readLines());
  } catch (error) {
    throw new FailedError(`${file}: ${(error as Error).message}`);
  } finally {
    await handle.close();
  }
}

/** The first line, before anything is served. */
async function headerOf(file: string): Promise<RecordingHeader> {
  for await (const header of entriesOf(file)) {
    return header as RecordingHeader;
  }
  throw new FailedError(`${file}: ${new RecordingError("it is empty").message}`);
}

async function replay({ args, stop, write, complain }: Program): Promise<number> {
  const options = parseReplayOptions(args, write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { file, address, ports, maxClients, startsAtOnce } = options;
  const { board, dictionaryHash, started } = await headerOf(file);
  write(`${board} as of ${started}, dictionary ${dictionaryHash}\n`);
  let wake: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    wake = resolve;
  });
  let unsendable = 0;
  const server = new PacketServer({
    ports,
    address,
    maxClients,
    onConnect(info) {
      write(`client ${info.connection} from ${info.remoteAddress ?? "somewhere"}\n`);
      wake();
    },
    onDisconnect({ connection, server: framing, packetRejected }) {
      write(`client ${connection} left\n`);
      if (packetRejected > 0) {
        unsendable += packetRejected;
        complain(`client ${connection} did not get ${counted(packetRejected)}, which ${framing} cannot send`);
      }
    },
  });
  const listening = await server.listen();
  listening.forEach((port, k) => {
    write(`listening on ${address} port ${port}: ${ports[k]!.framing.name}\n`);
  });
  stop.addEventListener("abort", () => wake());
  if (!startsAtOnce) {
    await first;
  }
  const { packets, tooLong } = await serve(server, options, stop);
  await server.drained(stop);
  await server.close();
  if (tooLong > 0) {
    complain(`${counted(tooLong)} left out: longer than ${MAX_PACKET_LENGTH} octets`);
  }
  if (stop.aborted) {
    complain(`stopped after ${packets} packets`);
    return EXIT_DONE;
  }
  write(`replayed ${packets} packets\n`);
  return tooLong + unsendable === 0 ? EXIT_DONE : EXIT_FAILED;
}

function counted(packets: number): string {
  return packets === 1 ? "1 packet" : `${packets} packets`;
}

interface Served {
  readonly packets: number;
  readonly tooLong: number;
}

async function serve(server: PacketServer, { file, speed, loops }: ReplayOptions, stop: AbortSignal): Promise<Served> {
  const pace = new Pace(speed);
  let packets = 0;
  let tooLong = 0;
  do {
    const before = packets + tooLong;
    pace.restart();
    for await (const entry of entriesOf(file)) {
      if (stop.aborted) {
        return { packets, tooLong };
      }
      if (!("t" in entry)) {
        continue;
      }
      const waitMs = pace.waitMs(entry.t, performance.now());
      if (waitMs > 0) {
        await sleep(Math.min(waitMs, LONGEST_PAUSE_MS), undefined, { signal: stop }).catch(() => {});
      }
      if (entry.packet !== undefined && !stop.aborted) {
        if (await server.send(entry.packet, stop)) {
          packets++;
        } else {
          tooLong++;
        }
      }
    }
    if (packets + tooLong === before) {
      throw new FailedError(`${file}: there is no packet in it`);
    }
  } while (loops && !stop.aborted);
  return { packets, tooLong };
}

await runProgram("flatlink replay", replay);
