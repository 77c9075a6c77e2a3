/** A ping's round trip over loopback: through our server, and through a bare `node:net` echo. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { Bench } from "tinybench";
import { createNodeIo, nodeClock, nodeTicker } from "../host/node-io.js";
import type { Framing } from "../modules/framing/contract/framing.js";
import { encodeFrame } from "../modules/framing/encode-decode.js";
import { TmtcServer } from "../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { PacketLog } from "../modules/tmtc/packet-log.js";
import type { BenchResult } from "./cases/bench-case.js";
import { type Budget, median } from "./cases/measure.js";
import { PING } from "./cases/packets.js";

const ADDRESS = "127.0.0.1";
/** A round trip takes tens of microseconds, of which the system decides: more of them than of the framings' rounds. */
const ROUND_FACTOR = 5;

/** One side of the comparison: a server and the client that pings it. */
interface Pinged {
  /** Sends one ping and waits for its answer. */
  ping(): Promise<void>;
  stop(): void;
}

/** @throws (rejects) when there is no loopback to listen on */
export async function benchPing(framing: Framing, name: string, engine: string, budget: Budget): Promise<BenchResult> {
  const frame = encodeFrame(framing, Uint8Array.from(PING));
  const ours = await startOurs(framing, frame);
  const bare = await startBare(frame);
  const trips: number[] = [];
  const ratios: number[] = [];
  try {
    // One round more, to warm up.
    for (let round = -1; round < budget.rounds; round++) {
      const bench = new Bench({ time: budget.roundMs * ROUND_FACTOR, iterations: 1, warmup: false, throws: true });
      // Whichever comes first.
      const order = round % 2 === 0 ? { ours, bare } : { bare, ours };
      for (const [side, { ping }] of Object.entries(order)) {
        bench.add(side, ping);
      }
      await bench.run();
      if (round >= 0) {
        trips.push(medianMs(bench, "ours"));
        ratios.push(medianMs(bench, "bare") / medianMs(bench, "ours"));
      }
    }
  } finally {
    ours.stop();
    bare.stop();
  }
  const packetsPerSecond = 1000 / median(trips);
  return {
    name,
    engine,
    packetLength: PING.length,
    bytesPerSecond: packetsPerSecond * PING.length,
    packetsPerSecond,
    baseline: "node:net echo",
    ratio: median(ratios),
  };
}

function medianMs(bench: Bench, side: string): number {
  const result = bench.getTask(side)?.result;
  if (result === undefined || !("latency" in result)) {
    throw new Error(`the pings were not measured: ${result?.state}`);
  }
  return result.latency.p50;
}

async function startOurs(framing: Framing, frame: Uint8Array): Promise<Pinged> {
  const io = await createNodeIo({ listen: [{ port: 0, address: ADDRESS }] });
  const memory = new FixedMemory(64 * 1024);
  const log = new PacketLog({ memory });
  const echo: PacketSink = { accept: (bytes, start, end) => log.append(bytes, start, end) };
  const server = new TmtcServer({
    io,
    ticker: nodeTicker,
    clock: nodeClock,
    memory,
    framing,
    address: ADDRESS,
    port: 0,
    telecommands: echo,
    telemetry: log,
  });
  server.start();
  const client = await connected(server.port);
  return {
    ping: () => roundTrip(client, frame),
    stop() {
      client.destroy();
      server.stop();
      io.network.shutDown();
    },
  };
}

async function startBare(frame: Uint8Array): Promise<Pinged> {
  const server = createServer({ noDelay: true }, (socket) => socket.on("data", (chunk) => socket.write(chunk)));
  server.listen(0, ADDRESS);
  await once(server, "listening");
  const client = await connected((server.address() as AddressInfo).port);
  return {
    ping: () => roundTrip(client, frame),
    stop() {
      client.destroy();
      server.close();
    },
  };
}

async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host: ADDRESS, noDelay: true });
  await once(socket, "connect");
  return socket;
}

/** Resolves when as many bytes came back as were sent. */
function roundTrip(client: Socket, frame: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = frame.length;
    function received(chunk: Buffer): void {
      missing -= chunk.length;
      if (missing <= 0) {
        finish();
        resolve();
      }
    }
    function closed(): void {
      finish();
      reject(new Error("the server closed the connection"));
    }
    function finish(): void {
      client.off("data", received);
      client.off("close", closed);
    }
    client.on("data", received);
    client.on("close", closed);
    client.write(frame);
  });
}
