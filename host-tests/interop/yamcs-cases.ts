/** Yamcs against the simulated board: telemetry, telecommands, a restart of the board, a board without a free place. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { CucAgency } from "../../modules/ccsds/cuc.js";
import { parseTelemetry } from "../../modules/pus/build-parse.js";
import { simulator } from "../ground/board.js";
import { type Program, portToKeep } from "../project.js";
import type { Instance, Yamcs } from "./yamcs-server.js";

/** Answers come within milliseconds; but Yamcs lets 10 s pass between two attempts to connect, and the machine may be busy. */
const LIMIT_MS = 60_000;
/** Verification must not depend on which of Yamcs's threads is the first: one ping would show it seldom. */
const PINGS = 20;
/** So long the board holds a client that has no place. */
const HOLD_MS = 2000;
/** Of a client without a place, that are waited for. */
const CONNECTIONS = 4;

/** TC[17,1] with sequence count 0, as spacepackets makes it. */
const GOLDEN_PING = "1802c00000062f11010000a7d2";

function demand(condition: boolean, what: string): void {
  if (!condition) {
    throw new Error(what);
  }
}

/** @param probe gives undefined as long as it is not so */
async function until<Found>(what: string, probe: () => Promise<Found | undefined>): Promise<Found> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    demand(Date.now() < deadline, `no ${what} within ${LIMIT_MS} ms`);
    await pause(50);
  }
}

/** A simulated board that restarts on the same port. */
export class Board implements Instance {
  readonly name: string;
  readonly port: number;
  readonly timeCode: "cds" | "cuc";
  /** Has its only place. */
  occupant: Socket | undefined;
  /** Telemetry packets, as it says when it stops. */
  sent = 0;
  /** That it answered. */
  pings = 0;
  readonly #engine: string;
  #program: Program | undefined;

  private constructor(engine: string, timeCode: "cds" | "cuc", full: boolean, port: number) {
    this.name = `${engine}-${timeCode}${full ? "-full" : ""}`;
    this.port = port;
    this.timeCode = timeCode;
    this.#engine = engine;
  }

  static async start(engine: string, timeCode: "cds" | "cuc", full = false): Promise<Board> {
    const board = new Board(engine, timeCode, full, await portToKeep());
    await board.start(...(full ? ["--max-clients", "1"] : []));
    if (full) {
      board.occupant = connect(board.port, "127.0.0.1").resume();
      await once(board.occupant, "connect");
    }
    return board;
  }

  async start(...options: string[]): Promise<void> {
    const { program } = await simulator(
      this.#engine,
      [`space-packets:${this.port},crc=check16,packet-ids=0x1800,id-mask=0x1800`],
      ...["--time-code", this.timeCode, "--failure-code-bytes", "4", "--beacon-interval-ms", "200"],
      // Room for all telemetry of the time that Yamcs takes to start and to connect, minutes on a busy machine.
      ...["--log-length", "90000", "--memory", "110000"],
      ...options,
    );
    this.#program = program;
  }

  async stop(): Promise<void> {
    this.occupant?.destroy();
    await this.#program?.stop();
    this.sent += Number(this.#program?.output.match(/(\d+) TM sent/)?.[1] ?? 0);
    this.#program = undefined;
  }
}

async function received(yamcs: Yamcs, { name }: Board): Promise<number> {
  return Number((await yamcs.ask<{ dataInCount: string }>(`links/${name}/flatsat`)).dataInCount);
}

async function telemetry(yamcs: Yamcs, board: Board): Promise<void> {
  const before = await received(yamcs, board);
  await until("telemetry", async () => ((await received(yamcs, board)) > before + 2 ? true : undefined));
}

interface Command {
  readonly id: string;
  readonly attr: readonly { readonly name: string; readonly value: { stringValue?: string; binaryValue?: string } }[];
}

/** Sends a telecommand, and waits until Yamcs is done with it. @returns Yamcs's history of it */
async function command(yamcs: Yamcs, { name }: Board, which: string): Promise<Record<string, string>> {
  const { id } = await yamcs.ask<Command>(`processors/${name}/realtime/commands/flatsat/${which}`, {});
  return until(`end of ${which}`, async () => {
    const { attr } = await yamcs.ask<Command>(`archive/${name}/commands/${id}`);
    const pairs = attr.map((each) => [each.name, each.value.stringValue ?? each.value.binaryValue ?? ""]);
    const history: Record<string, string> = Object.fromEntries(pairs);
    const ended = history["CommandComplete_Status"] !== undefined || Object.values(history).includes("TIMEOUT");
    return ended ? history : undefined;
  });
}

/** @returns the packet sent, in hexadecimal */
async function ping(yamcs: Yamcs, board: Board): Promise<string> {
  const history = await command(yamcs, board, "ping");
  const stages = ["Verifier_Accepted", "Verifier_Started", "Verifier_Completed", "CommandComplete"];
  const statuses = stages.map((stage) => history[`${stage}_Status`]).join(" ");
  demand(statuses === "OK OK OK OK", `the verifiers of the ping say ${statuses}`);
  board.pings++;
  return Buffer.from(history["binary"] as string, "base64").toString("hex");
}

async function firstPing(yamcs: Yamcs, board: Board): Promise<void> {
  const hex = await ping(yamcs, board);
  demand(hex === GOLDEN_PING, `TC[17,1] is ${hex}`);
}

async function pings(yamcs: Yamcs, board: Board): Promise<void> {
  for (let n = 0; n < PINGS; n++) {
    await ping(yamcs, board);
  }
}

async function unknownService(yamcs: Yamcs, board: Board): Promise<void> {
  const history = await command(yamcs, board, "unknown_service");
  const answer = `${history["Verifier_Accepted_Status"]} ${history["Verifier_Accepted_Message"]}`;
  demand(answer === "NOK failure code 3", `the verifier says ${answer}`);
}

async function restart(yamcs: Yamcs, board: Board): Promise<void> {
  await board.stop();
  await board.start();
  await telemetry(yamcs, board);
  await ping(yamcs, board);
}

interface Archived {
  /** In Base64. */
  readonly packet: string;
  readonly generationTime: string;
  readonly receptionTime: string;
}

/** All that is in the archive, sorted by generation time. */
async function archived(yamcs: Yamcs, name: string): Promise<Archived[]> {
  const found: Archived[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const page: { packet?: Archived[]; continuationToken?: string } = await yamcs.ask(
      `archive/${name}/packets?order=asc&limit=1000${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`,
    );
    found.push(...(page.packet ?? []));
    next = page.continuationToken;
  }
  return found;
}

function timeline(packets: readonly Archived[]): string {
  return packets
    .map(({ packet, generationTime }) => `${Buffer.from(packet, "base64").readUInt16BE(2) & 0x3fff} ${generationTime}`)
    .join(", ");
}

/** Compares what the board has sent, in two lives, with the archive, which is sorted by generation time. */
async function archive(yamcs: Yamcs, board: Board): Promise<void> {
  await board.stop();
  const { name, sent } = board;
  const cuc = board.timeCode === "cuc";
  const packets = await until("end of the archive", async () => {
    const found = await archived(yamcs, name);
    return found.length >= sent ? found : undefined;
  });
  const came = await received(yamcs, board);
  demand(came === sent && packets.length === sent, `${sent} packets sent, ${came} came, ${packets.length} archived`);
  const types: string[] = [];
  let last = -1;
  for (const { packet, generationTime, receptionTime } of packets) {
    const view = parseTelemetry(Buffer.from(packet, "base64"), cuc ? new CucAgency() : new CdsShort());
    const count = view.packetSequenceCount;
    demand(count === last + 1 || count === 0, `the sequence count ${count} follows on ${last}: ${timeline(packets)}`);
    last = count;
    types.push(`${view.serviceType},${view.messageSubtype}`);
    const error = Date.parse(generationTime) - (cuc ? view.time : Date.parse(receptionTime));
    // Yamcs rounds a stamp up to the next millisecond; between two looks at its own clock, anything may have held it up.
    const [least, most] = cuc ? [0, 1] : [-LIMIT_MS, LIMIT_MS];
    demand(error >= least && error <= most, `the generation time ${generationTime} is ${error} ms too late`);
  }
  const line = types.filter((type) => type !== "3,25").join(" ");
  const answers = line.split("1,1 1,3 17,2 1,7").length - 1;
  demand(answers === board.pings, `the answers to ${board.pings} pings are among ${line}`);
  const { event = [] } = await yamcs.ask<{ event?: { type?: string }[] }>(`archive/${name}/events`);
  // Yamcs looks at the sequence counts, too: they jump when the board restarts, and only then.
  const warnings = event.map(({ type }) => type).join();
  demand(warnings === "SEQ_COUNT_JUMP", `there are the events ${JSON.stringify(event)}`);
}

async function withoutPlace(yamcs: Yamcs, board: Board): Promise<void> {
  const before = yamcs.connections(board.port);
  const start = Date.now();
  const connections = await until("further connections", async () => {
    const count = yamcs.connections(board.port) - before;
    return count >= CONNECTIONS ? count : undefined;
  });
  // What is seen late may be seen together; a tool that hammers connects hundreds of times in this time.
  const least = ((CONNECTIONS - 1) * HOLD_MS) / 2;
  const taken = Date.now() - start;
  demand(connections === CONNECTIONS && taken >= least, `${connections} connections in ${taken} ms`);
  demand((await received(yamcs, board)) === 0, "telemetry came");
}

async function place(yamcs: Yamcs, board: Board): Promise<void> {
  board.occupant?.destroy();
  await telemetry(yamcs, board);
  await firstPing(yamcs, board);
}

type Step = readonly [title: string, step: (yamcs: Yamcs, board: Board) => Promise<void>];

const STEPS: readonly Step[] = [
  ["telemetry", telemetry],
  ["ping: 1,1 1,3 17,2 1,7", firstPing],
  [`${PINGS} pings, each verified`, pings],
  ["unknown service: 1,2 with its failure code", unknownService],
  ["the board restarts: telemetry and ping again", restart],
  ["archived: every packet sent, in order, with its time", archive],
];
const STEPS_WITHOUT_PLACE: readonly Step[] = [
  ["no place free: held, not hammered", withoutPlace],
  ["a place free: telemetry and ping", place],
];

/** @returns what to say, and whether all went well */
export async function runSteps(yamcs: Yamcs, board: Board): Promise<{ lines: string[]; passed: boolean }> {
  const lines: string[] = [];
  for (const [title, step] of board.occupant === undefined ? STEPS : STEPS_WITHOUT_PLACE) {
    try {
      await step(yamcs, board);
      lines.push(`  ok ${title}`);
    } catch (error) {
      lines.push(`  FAILED ${title}: ${String(error)}`);
      return { lines, passed: false };
    }
  }
  return { lines, passed: true };
}
