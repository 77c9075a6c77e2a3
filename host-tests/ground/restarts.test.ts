/**
 * A server that restarts again and again under traffic. What a client can know: a packet that no socket took whole was
 * not received; one that was answered was received; of the rest, which are reported as uncertain, it knows nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { Client, type ClientOptions, type NotSentError } from "../../ground/index.js";
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "../../host/index.js";
import { cobs } from "../../modules/framing/cobs.js";
import type { ClientReport } from "../../modules/link/client-options.js";
import { TmtcServer } from "../../modules/link/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { TelemetryLog } from "../../modules/tmtc/telemetry-log.js";
import { until } from "../host/node-rig.js";
import { numbers } from "../link/packets.js";
import { patiently, portToKeep } from "../project.js";

const RESTARTS = 200;
/** Packets that the sender does not wait for. */
const AHEAD = 100;

function numbered(number: number): Uint8Array {
  const bytes = new Uint8Array(40);
  new DataView(bytes.buffer).setUint32(0, number);
  return bytes;
}

function numberIn(bytes: Uint8Array, start = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(0);
}

/** A server that answers every packet, and what it received in all its lives. */
class Mortal {
  readonly received: number[] = [];
  readonly #port: number;
  #io: NodeIo | undefined;
  #server: TmtcServer | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    const memory = new FixedMemory(65536);
    const log = new TelemetryLog({ memory });
    const { received } = this;
    const io = await patiently(() => createNodeIo({ listen: [{ port: this.#port }] }));
    this.#io = io;
    this.#server = new TmtcServer({
      io,
      ticker: nodeTicker,
      clock: nodeClock,
      memory,
      framing: cobs(),
      port: this.#port,
      maxClients: 1,
      telecommands: {
        accept(bytes, start, end) {
          received.push(numberIn(bytes, start));
          return log.append(bytes, start, end);
        },
      },
      telemetry: log,
    });
    this.#server.start();
  }

  /** Ends in order, or as a board does whose power fails. */
  stop(how: "in order" | "at once"): void {
    if (how === "at once") {
      this.#io?.network.shutDown();
    }
    this.#server?.stop();
    this.#io?.network.shutDown();
  }
}

interface Outcome {
  /** What the socket took, by its number. */
  readonly sent: number[];
  readonly unsent: number[];
  readonly reports: ClientReport[];
  readonly server: Mortal;
}

/** @param rests nothing is under way when the server restarts, and nothing is sent before the client knows that it did */
async function traffic(options: Partial<ClientOptions>, restarts: number, rests = false): Promise<Outcome> {
  const port = await portToKeep();
  const server = new Mortal(port);
  await server.start();
  const client = new Client({
    host: "127.0.0.1",
    port,
    framing: cobs(),
    reconnect: { firstMs: 10, maxMs: 20 },
    ...options,
  });
  const reports: ClientReport[] = [];
  client.on("disconnect", (report) => reports.push(report));
  await client.connect();
  const sent: number[] = [];
  const unsent: number[] = [];
  /** The link's number of each packet sent, by ours. */
  const numberOf = new Map<number, number>();
  let next = 0;
  let underway = 0;
  let answered = -1;
  let paused = false;
  let stopped = false;
  const reading = (async () => {
    for await (const answer of client) {
      answered = numberIn(answer);
      client.acknowledge(numberOf.get(answered) as number);
    }
  })();
  const sending = (async () => {
    while (!stopped) {
      if (paused || underway >= AHEAD) {
        await sleep(1);
        continue;
      }
      const number = next++;
      underway++;
      client.send(numbered(number)).then(
        (given) => {
          underway--;
          numberOf.set(number, given);
          sent.push(number);
        },
        (error: NotSentError) => {
          underway--;
          if (error.outcome !== "unsent") {
            throw error;
          }
          unsent.push(number);
        },
      );
      if (next % 10 === 0) {
        await sleep(0);
      }
    }
  })();
  /** Until the last that was sent is answered. */
  const pause = () => {
    paused = true;
    return until("an end of the traffic", () => underway === 0 && answered === next - 1, 10_000);
  };
  const someTraffic = () => {
    const before = server.received.length;
    return until("traffic", () => server.received.length > before + 20, 10_000);
  };
  for (let restarted = 0; restarted < restarts; restarted++) {
    await someTraffic();
    if (rests) {
      await pause();
    }
    server.stop(restarted % 2 === 0 ? "in order" : "at once");
    await server.start();
    if (rests) {
      await until("the client to know", () => reports.length > restarted, 10_000);
    }
    paused = false;
  }
  await someTraffic();
  await pause();
  stopped = true;
  await sending;
  await client.close();
  await reading;
  server.stop("in order");
  return { sent, unsent, reports, server };
}

function uncertainOf(reports: ClientReport[]): Set<number> {
  return new Set(reports.flatMap(({ firstUncertain, uncertain }) => numbers(firstUncertain, uncertain)));
}

test.serial("keep: what is certainly sent is what the server received, in order, once", async (t) => {
  const { sent, unsent, reports, server } = await traffic({}, RESTARTS);
  const uncertain = uncertainOf(reports);
  const isCertain = (number: number) => !uncertain.has(number);
  t.is(reports.length, RESTARTS + 1);
  t.deepEqual(unsent, []);
  t.deepEqual(sent, numbers(0, sent.length), "every packet was taken in the end, in order");
  t.deepEqual(server.received.filter(isCertain), sent.filter(isCertain));
  t.deepEqual(
    [...new Set(server.received)].sort((a, b) => a - b),
    server.received,
    "in order, and none twice",
  );
  t.true(uncertain.size < sent.length / 2, `${uncertain.size} of ${sent.length} uncertain`);
  const lost = sent.length - server.received.length;
  t.log(`${sent.length} sent, ${server.received.length} received, ${uncertain.size} uncertain, ${lost} of them lost`);
});

test.serial("drop: what is reported as unsent was not received, and the rest is as before", async (t) => {
  const { sent, unsent, reports, server } = await traffic({ unsent: "drop" }, RESTARTS);
  const received = new Set(server.received);
  t.is(reports.length, RESTARTS + 1);
  t.true(unsent.length > 0);
  t.deepEqual(
    unsent.filter((number) => received.has(number)),
    [],
  );
  t.deepEqual(
    [...sent, ...unsent].sort((a, b) => a - b),
    numbers(0, sent.length + unsent.length),
    "each is one or the other",
  );
  t.deepEqual(
    [...received].sort((a, b) => a - b),
    server.received,
    "in order, and none twice",
  );
  const known = new Set(sent);
  t.true(server.received.every((number) => known.has(number)));
  const uncertain = reports.reduce((sum, report) => sum + report.uncertain, 0);
  t.true(sent.length - received.size <= uncertain, "what was sent and not received was reported as uncertain");
});

test.serial("restarts while the traffic rests: nothing is uncertain, and all that was sent was received", async (t) => {
  const { sent, reports, server } = await traffic({}, 30, true);
  t.is(uncertainOf(reports).size, 0);
  t.deepEqual(server.received, sent);
});
