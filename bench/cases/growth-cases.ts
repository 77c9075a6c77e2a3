/**
 * What a lone ping costs, from socket to socket, by how much else there is: a ratio of 1 says that the rest costs nothing.
 * Reports go to every client that reads, so clients are looked at in two ways: those that take nothing now, and by the answer.
 */

import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { TimeStamper } from "../../modules/ccsds/time-code.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { PusDispatcher } from "../../modules/pus/dispatcher.js";
import { ParameterPool, poolLength } from "../../modules/pus/parameter-pool.js";
import { ReportWriter } from "../../modules/pus/report-writer.js";
import type { PusService } from "../../modules/pus/service.js";
import { VerificationService } from "../../modules/pus/st01-verification.js";
import { TestService } from "../../modules/pus/st17-test.js";
import { ParameterService } from "../../modules/pus/st20-parameters.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import type { BenchCase } from "./bench-case.js";
import { BenchClient, BenchIo } from "./link-io.js";
import { PING } from "./packets.js";

const COUNT = 16;
const MANY = 32;
const PAUSE_MS = 100;
/** 2026-08-21T12:00:00Z. */
const NOW = 1_787_313_600_000;

interface Amounts {
  /** Clients that take their telemetry. */
  clients: number;
  /** Clients that are there, and take nothing now. */
  stalled: number;
  /** Clients that could come and are not there. */
  places: number;
  ports: number;
  logLength: number;
  parameters: number;
  /** Services beside those that a ping needs. */
  services: number;
}

const LEAST: Amounts = { clients: 1, stalled: 0, places: 0, ports: 1, logLength: 2048, parameters: 1, services: 0 };

const FRAMING = cobs({ maxPacketLength: 64 });
const FRAME = encodeFrame(FRAMING, Uint8Array.from(PING));

class PingedBoard {
  /** The first one pings. */
  readonly clients: BenchClient[] = [];
  readonly #log: PacketLog;
  #now = 0;

  constructor({ clients, stalled, places, ports, logLength, parameters, services }: Amounts) {
    const memory = new FixedMemory(logLength + 32_768);
    const log = new PacketLog({ memory, length: logLength, maxPacketLength: 64 });
    this.#log = log;
    const time = new TimeStamper(new CdsShort(), { uptime: () => 0, now: () => NOW });
    const reports = new ReportWriter({ log, apid: 2, time });
    const verification = new VerificationService(reports);
    const dictionary: Dictionary = {
      name: "growth",
      parameters: Object.fromEntries(
        Array.from({ length: parameters }, (_, i) => [`parameter${i}`, { id: i + 1, type: "uint16" }]),
      ),
    };
    const values = new ParameterPool(dictionary, log.bytes, memory.reserve("parameters", poolLength(dictionary)));
    const others = Array.from(
      { length: services },
      (_, i): PusService => ({ name: `other ${i}`, definition: { type: 128 + i }, requests: {} }),
    );
    const dispatcher = new PusDispatcher({
      reports,
      verification,
      services: [
        verification.asService(),
        new TestService(reports).asService(),
        new ParameterService({ reports, dictionary, pool: values, settings: DEFAULT_PUS_SETTINGS }).asService(),
        ...others,
      ],
    });
    const all = clients + stalled;
    const pool = new ConnectionPool({
      memory,
      maxClients: all + places,
      framings: [FRAMING],
      maxTelemetryLength: 64,
      stagingLength: 64,
    });
    const io = new BenchIo();
    for (let port = 0; port < ports; port++) {
      const server = new TmtcServer({
        io,
        ticker: { start: () => ({ stop() {} }) },
        clock: () => this.#now,
        memory,
        framing: FRAMING,
        port: 7000 + port,
        pool,
        telecommands: dispatcher,
        telemetry: log,
      });
      server.start();
    }
    for (let i = 0; i < all; i++) {
      const client = new BenchClient(FRAME);
      this.clients.push(client);
      io.connect(client, 0, i < clients);
    }
  }

  /** Pings once, and lets the network take what was sent. Some time later than the ping before. */
  ping(): void {
    this.#now += PAUSE_MS;
    this.#log.tick(this.#now);
    this.clients[0]!.send();
    for (let i = 0; i < this.clients.length; i++) {
      this.clients[i]!.acknowledge();
    }
  }

  pingOften(times: number): void {
    for (let i = 0; i < times; i++) {
      this.ping();
    }
  }
}

/** @param answers so many of the baseline's pings are worth one of ours */
function growthCase(name: string, baselineName: string, amounts: Partial<Amounts>, answers = 1): BenchCase {
  const many = new PingedBoard({ ...LEAST, ...amounts });
  const few = new PingedBoard(LEAST);
  return {
    name,
    packetLength: PING.length,
    packets: COUNT,
    baselineName,
    ours: (passes) => many.pingOften(passes * COUNT),
    baseline: (passes) => few.pingOften(passes * COUNT * answers),
    check() {
      for (const board of [many, few]) {
        const [mine, last] = [board.clients[0]!, board.clients.at(-1)!];
        const before = [mine.received, last.received];
        board.ping();
        const came = [mine.received - before[0]!, last.received - before[1]!];
        if (came[0]! === 0 || (came[1] !== came[0] && last.reads)) {
          throw new Error(`${name}: ${came} bytes came`);
        }
      }
    },
  };
}

export function growthCases(): BenchCase[] {
  const one = "1 client";
  return [
    growthCase("lone ping, 31 clients more that take nothing", one, { stalled: MANY - 1 }),
    growthCase("ping with 32 clients, by the answer sent", one, { clients: MANY }, MANY),
    growthCase("lone ping, 31 places more", "1 place", { places: MANY - 1 }),
    growthCase("lone ping, 4 ports", "1 port", { ports: 4 }),
    growthCase("lone ping, log of 64 KiB", "log of 2 KiB", { logLength: 65_536 }),
    growthCase("lone ping, 200 parameters", "1 parameter", { parameters: 200 }),
    growthCase("lone ping, 16 services more", "3 services", { services: 16 }),
  ];
}
