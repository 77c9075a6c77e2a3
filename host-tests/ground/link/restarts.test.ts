/**
 * A server that restarts again and again under traffic. What a client can know: a packet that no socket took whole was
 * not received; one that was answered was received; of the rest, which are reported as uncertain, it knows nothing.
 *
 * Between two lives of the server the client may have a connection that no server knows of. Where another thread starts
 * a program, the new process has copies of all sockets until it runs, and the system goes on taking connections for a
 * listening socket that is closed everywhere else; it resets them when the last copy is closed. Now and then `haunt`
 * does the same, so that it happens in each run.
 */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { Client, type ClientOptions, type NotSentError } from "../../../ground/index.js";
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "../../../host/index.js";
import { cobs } from "../../../modules/framing/formats/cobs.js";
import type { ClientReport } from "../../../modules/link/client/client-options.js";
import { TmtcServer } from "../../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../../modules/tmtc/packet-log.js";
import { until } from "../../host/node-rig.js";
import { numbers } from "../../link/packets.js";
import { patiently, portToKeep } from "../../project.js";
import { turns } from "./manual-clock.js";

const RESTARTS = 200;
/** Every so many restarts, the client connects to nobody first. */
const HAUNTED = 10;
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

/** Takes one connection, of which no server knows, and resets it. */
async function haunt(port: number, client: Client): Promise<void> {
  const { connections } = client.totals;
  const ghost = createServer({ pauseOnConnect: true });
  await patiently(() => once(ghost.listen(port, "127.0.0.1"), "listening"));
  const [socket] = (await once(ghost, "connection")) as [Socket];
  await until("the client to know of it", () => client.totals.connections > connections);
  // It may send now.
  await turns(3);
  ghost.close();
  socket.on("error", () => {}).resetAndDestroy();
}

/** A server that answers every packet, and what it received in all its lives. */
class Mortal {
  readonly received: number[] = [];
  connections = 0;
  readonly #port: number;
  #io: NodeIo | undefined;
  #server: TmtcServer | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async start(): Promise<void> {
    const memory = new FixedMemory(65536);
    const log = new PacketLog({ memory });
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
      onConnect: () => {
        this.connections++;
      },
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
  /** With each report, the number behind the last packet that was acknowledged by then. */
  readonly acknowledged: number[];
  /** That the client had. */
  readonly connections: number;
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
  const acknowledged: number[] = [];
  client.on("disconnect", (report) => {
    reports.push(report);
    acknowledged.push(acknowledgedNow);
  });
  await client.connect();
  const sent: number[] = [];
  const unsent: number[] = [];
  /** The link's number of each packet sent, by ours. */
  const numberOf = new Map<number, number>();
  let next = 0;
  let underway = 0;
  let answered = -1;
  let acknowledgedNow = 0;
  let paused = false;
  let stopped = false;
  const reading = (async () => {
    for await (const answer of client) {
      answered = numberIn(answer);
      const number = numberOf.get(answered) as number;
      client.acknowledge(number);
      acknowledgedNow = number + 1;
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
    if (restarted % HAUNTED === 0) {
      await haunt(port, client);
    }
    await server.start();
    if (rests) {
      await until("the client to be back", () => server.connections === restarted + 2, 10_000);
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
  return { sent, unsent, reports, acknowledged, connections: client.totals.connections, server };
}

/** Each connection is reported once, the one that the server knows of each of its lives, and those that nobody knows. */
function checkReports(t: ExecutionContext, outcome: Outcome, restarts: number): void {
  const { reports, acknowledged, connections, server } = outcome;
  t.is(server.connections, restarts + 1);
  t.is(reports.length, connections);
  t.true(connections >= server.connections + restarts / HAUNTED, `${connections} connections`);
  t.true(reports.filter(({ packetsReceived }) => packetsReceived > 0).length <= server.connections);
  t.deepEqual(
    reports.filter(({ firstUncertain }, index) => firstUncertain < (acknowledged[index] as number)),
    [],
    "what was acknowledged is not uncertain",
  );
}

function uncertainOf(reports: ClientReport[]): Set<number> {
  return new Set(reports.flatMap(({ firstUncertain, uncertain }) => numbers(firstUncertain, uncertain)));
}

test.serial("keep: what is certainly sent is what the server received, in order, once", async (t) => {
  const outcome = await traffic({}, RESTARTS);
  const { sent, unsent, reports, server } = outcome;
  const uncertain = uncertainOf(reports);
  const isCertain = (number: number) => !uncertain.has(number);
  checkReports(t, outcome, RESTARTS);
  t.deepEqual(unsent, []);
  t.deepEqual(sent, numbers(0, sent.length), "every packet was taken in the end, in order");
  t.deepEqual(server.received.filter(isCertain), sent.filter(isCertain));
  t.deepEqual(
    [...new Set(server.received)].sort((a, b) => a - b),
    server.received,
    "in order, and none twice",
  );
  const lost = sent.length - server.received.length;
  t.log(`${sent.length} sent, ${server.received.length} received, ${uncertain.size} uncertain, ${lost} of them lost`);
});

test.serial("drop: what is reported as unsent was not received, and the rest is as before", async (t) => {
  const outcome = await traffic({ unsent: "drop" }, RESTARTS);
  const { sent, unsent, reports, server } = outcome;
  const received = new Set(server.received);
  checkReports(t, outcome, RESTARTS);
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
  const outcome = await traffic({}, 30, true);
  const { sent, reports, server } = outcome;
  checkReports(t, outcome, 30);
  t.is(uncertainOf(reports).size, 0);
  t.deepEqual(server.received, sent);
});
