/**
 * CPU time that a server takes for a telecommand, flatlink's on Node and sat-rs's, each a process of its own: the same client
 * sends the same bursts to both, in turn, and waits for what comes back. Linux only: /proc tells the time.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { spacePackets } from "../../modules/framing/formats/space-packets.js";
import { median } from "../cases/measure.js";

const OURS = fileURLToPath(new URL("./echo-server.js", import.meta.url));
const LENGTHS = [13, 256];
/** Telecommands in a burst: as many as fit into what either server has to send from. */
const BURST = 16;
const BURSTS = 60;
const ROUNDS = 5;

interface Server {
  readonly process: ChildProcess;
  readonly client: Socket;
}

/** @param satrs the program that runs sat-rs's servers @param say gets framing and length, and the ratio */
export async function compareSatrs(
  satrs: string,
  say: (what: string, ours: number, theirs: number) => void,
): Promise<void> {
  for (const framing of [cobs({ delimiter: "both" }), spacePackets()]) {
    const servers = [await start(process.execPath, [OURS, framing.name]), await start(satrs, [framing.name])] as const;
    try {
      for (const length of LENGTHS) {
        const burst = burstOf(framing, length);
        const spent: [number[], number[]] = [[], []];
        for (let round = -1; round < ROUNDS; round++) {
          for (const side of [0, 1] as const) {
            const taken = await microseconds(servers[side], burst);
            if (round >= 0) {
              spent[side].push(taken);
            }
          }
        }
        say(`${framing.name}, ${length} bytes`, median(spent[0]), median(spent[1]));
      }
    } finally {
      for (const server of servers) {
        server.client.destroy();
        server.process.kill();
      }
    }
  }
}

async function start(command: string, args: readonly string[]): Promise<Server> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [text] = (await once(child.stdout, "data")) as [Buffer];
  const client = connect({ port: Number(text.toString()), host: "127.0.0.1", noDelay: true });
  await once(client, "connect");
  return { process: child, client };
}

/** Telecommands of one length, with zeros among their bytes. */
function burstOf(framing: Framing, length: number): Uint8Array {
  const field = length - 7;
  const header = [0x18, 0x02, 0xc0, 0x00, field >> 8, field & 0xff];
  const packet = Uint8Array.from({ length }, (_, i) => header[i] ?? i * 37 + (i >> 3));
  const frame = encodeFrame(framing, packet);
  const burst = new Uint8Array(BURST * frame.length);
  for (let i = 0; i < BURST; i++) {
    burst.set(frame, i * frame.length);
  }
  return burst;
}

/** @returns microseconds of CPU time a telecommand */
async function microseconds({ process: child, client }: Server, burst: Uint8Array): Promise<number> {
  const before = cpuNanoseconds(child.pid!);
  for (let i = 0; i < BURSTS; i++) {
    await answered(client, burst);
  }
  return (cpuNanoseconds(child.pid!) - before) / 1000 / (BURST * BURSTS);
}

function answered(client: Socket, burst: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = burst.length;
    function received(chunk: Buffer): void {
      missing -= chunk.length;
      if (missing <= 0) {
        client.off("data", received).off("close", closed);
        resolve();
      }
    }
    function closed(): void {
      reject(new Error("the server closed the connection"));
    }
    client.on("data", received).on("close", closed);
    client.write(burst);
  });
}

/** CPU time of all threads of a process, in nanoseconds. */
function cpuNanoseconds(pid: number): number {
  const tasks = `/proc/${pid}/task/`;
  return readdirSync(tasks).reduce((sum, task) => {
    return sum + Number(readFileSync(`${tasks}${task}/schedstat`, "latin1").split(" ")[0]);
  }, 0);
}
