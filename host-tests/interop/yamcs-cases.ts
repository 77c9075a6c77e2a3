/** Yamcs with what is generated for it against the simulated flatsat: telemetry, pings, a restart of the board, a board without a free place. */
import { CucAgency } from "../../modules/ccsds/cuc.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { parseTelemetry } from "../../modules/pus/build-parse.js";
import type { Board } from "./yamcs-board.js";
import { demand, until, type Yamcs } from "./yamcs-server.js";

/** Name of the flatsat's instance. */
export const INSTANCE = "flatsat";
/** Verification must not depend on which of Yamcs's threads is the first: one ping would show it seldom. */
const PINGS = 1000;
/** So long the board holds a client that has no place. */
const HOLD_MS = 2000;
/** Of a client without a place, that are waited for. */
const CONNECTIONS = 4;

/** Type of a service that nobody has. */
const GHOST = 222;

/** TC[17,1] with sequence count 0, as spacepackets makes it. */
const GOLDEN_PING = "1802c00000062f11010000a7d2";

export const STAGES = ["Verifier_Accepted", "Verifier_Started", "Verifier_Completed", "CommandComplete"] as const;

/** What it resolves to is told, if it is text. */
export type Step = readonly [title: string, step: (yamcs: Yamcs, board: Board) => Promise<unknown>];

export async function received(yamcs: Yamcs): Promise<number> {
  return Number((await yamcs.ask<{ dataInCount: string }>(`links/${INSTANCE}/${INSTANCE}`)).dataInCount);
}

export async function started(yamcs: Yamcs): Promise<void> {
  demand(yamcs.complaints.length === 0, `it complained: ${yamcs.complaints.join("\n")}`);
}

export async function telemetry(yamcs: Yamcs): Promise<void> {
  const before = await received(yamcs);
  await until("telemetry", async () => ((await received(yamcs)) > before + 2 ? true : undefined));
}

/** @returns the packet sent, in hexadecimal */
async function ping(yamcs: Yamcs): Promise<string> {
  const history = await yamcs.command(INSTANCE, "areYouAlive");
  const statuses = STAGES.map((stage) => history[`${stage}_Status`]).join(" ");
  demand(statuses === "OK OK OK OK", `the verifiers of the ping say ${statuses}`);
  return Buffer.from(history["binary"] as string, "base64").toString("hex");
}

async function firstPing(yamcs: Yamcs): Promise<void> {
  const hex = await ping(yamcs);
  demand(hex === GOLDEN_PING, `TC[17,1] is ${hex}`);
}

async function pings(yamcs: Yamcs): Promise<string> {
  const start = Date.now();
  for (let n = 0; n < PINGS; n++) {
    await ping(yamcs);
  }
  return `${((Date.now() - start) / PINGS).toFixed(1)} ms each`;
}

async function restart(yamcs: Yamcs, board: Board): Promise<void> {
  await board.stop();
  await board.start();
  await telemetry(yamcs);
  await ping(yamcs);
}

export interface Archived {
  /** In Base64. */
  readonly packet: string;
  readonly generationTime: string;
}

/** All that is in the archive, sorted by generation time. */
export async function archived(yamcs: Yamcs): Promise<Archived[]> {
  const found: Archived[] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const page: { packet?: Archived[]; continuationToken?: string } = await yamcs.ask(
      `archive/${INSTANCE}/packets?order=asc&limit=1000${next === "" ? "" : `&next=${encodeURIComponent(next)}`}`,
    );
    found.push(...(page.packet ?? []));
    next = page.continuationToken;
  }
  return found;
}

/** Compares what the board has sent, in two lives, with the archive, which is sorted by generation time. */
async function archive(yamcs: Yamcs, board: Board): Promise<string> {
  await board.stop();
  const { sent } = board;
  const packets = await until("end of the archive", async () => {
    const found = await archived(yamcs);
    return found.length >= sent ? found : undefined;
  });
  const came = await received(yamcs);
  demand(came === sent && packets.length === sent, `${sent} packets sent, ${came} came, ${packets.length} archived`);
  const types: string[] = [];
  let last = -1;
  for (const { packet, generationTime } of packets) {
    const view = parseTelemetry(Buffer.from(packet, "base64"), new CucAgency());
    const count = view.packetSequenceCount;
    demand(count === last + 1 || count === 0, `the sequence count ${count} follows on ${last}`);
    last = count;
    types.push(`${view.serviceType},${view.messageSubtype}`);
    const error = Date.parse(generationTime) - view.time;
    // Yamcs rounds a stamp up to the next millisecond.
    demand(error >= 0 && error <= 1, `the generation time ${generationTime} is ${error} ms too late`);
  }
  const line = types.filter((type) => type !== "3,25").join(" ");
  const answers = line.split("1,1 1,3 17,2 1,7").length - 1;
  demand(answers === PINGS + 2, `the answers to ${PINGS + 2} pings are ${answers}`);
  const { event = [] } = await yamcs.ask<{ event?: { type?: string }[] }>(`archive/${INSTANCE}/events?limit=1000`);
  // Yamcs looks at the sequence counts, too: they jump when the board restarts, and only then.
  const warnings = event.filter(({ type = "" }) => !Object.hasOwn(board.dictionary.events ?? {}, type));
  demand(
    warnings.map(({ type }) => type).join() === "SEQ_COUNT_JUMP",
    `there are the events ${JSON.stringify(warnings)}`,
  );
  return `${sent} packets`;
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
  demand((await received(yamcs)) === 0, "telemetry came");
}

async function place(yamcs: Yamcs, board: Board): Promise<void> {
  board.occupant?.destroy();
  await telemetry(yamcs);
  await firstPing(yamcs);
}

/** Generated for another dictionary: that is an alarm. */
async function wrongDictionary(yamcs: Yamcs): Promise<void> {
  const result = await until("alarm of the hash", async () => {
    const { monitoringResult } = await yamcs.ask<{ monitoringResult?: string }>(
      `processors/${INSTANCE}/realtime/parameters/${INSTANCE}/dictionaryHash`,
    );
    return monitoringResult;
  });
  demand(result.startsWith("CRITICAL"), `dictionaryHash is ${result}`);
  const { alarms = [] } = await yamcs.ask<{ alarms?: { id: { name: string } }[] }>(
    `processors/${INSTANCE}/realtime/alarms`,
  );
  demand(
    alarms.some(({ id }) => id.name === "dictionaryHash"),
    `the alarms are ${JSON.stringify(alarms)}`,
  );
}

/** A dictionary with a service that the board does not have. */
export function withGhost(dictionary: BoardDictionary): BoardDictionary {
  const ghost = { type: GHOST, requests: { appear: { subtype: 1 } } };
  return { ...dictionary, services: { ...dictionary.services, ghost } };
}

async function unknownService(yamcs: Yamcs): Promise<void> {
  const history = await yamcs.command(INSTANCE, "appear");
  const answer = `${history["Verifier_Accepted_Status"]}: ${history["Verifier_Accepted_Message"]}`;
  demand(answer === `NOK: unknownServiceType, data ${GHOST}`, `the first verifier says ${answer}`);
  demand(history["CommandComplete_Status"] === "NOK", `it ends with ${history["CommandComplete_Status"]}`);
}

export const LINK_STEPS: readonly Step[] = [
  ["starts without a complaint", started],
  ["telemetry", telemetry],
  ["ping: 1,1 1,3 17,2 1,7", firstPing],
  [`${PINGS} pings, each verified`, pings],
  ["the board restarts: telemetry and ping again", restart],
  ["archived: every packet sent, in order, with its time", archive],
];
export const PLACE_STEPS: readonly Step[] = [
  ["no place free: held, not hammered", withoutPlace],
  ["a place free: telemetry and ping", place],
  ["another dictionary: a critical alarm", wrongDictionary],
  ["a service that the board does not have: 1,2 with its failure code", unknownService],
];
