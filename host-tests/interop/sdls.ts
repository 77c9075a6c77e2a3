/** Yamcs's own SDLS link, through the gateway, to a simulated board that takes sealed telecommands only. */
import type { EngineName } from "../ground/link/echo-board.js";
import { type Running, whileRunning } from "./running.js";
import { Secured, YAMCS_SPI } from "./sdls-setting.js";
import { INSTANCE, STAGES } from "./yamcs-cases.js";
import { demand, until, type Yamcs } from "./yamcs-server.js";

type Step = readonly [title: string, step: (yamcs: Yamcs, secured: Secured) => Promise<unknown>];

const SA = `sdls/${INSTANCE}/telecommands/${YAMCS_SPI}`;
const BURST = 8;
const FAILURES = ["Verifier_Accepted_Message", "Verifier_Accepted_Status"] as const;

/** @returns the counter of the frame that Yamcs seals next, as it says itself */
async function counterOf(yamcs: Yamcs): Promise<number> {
  const { seq } = await yamcs.ask<{ seq: string }>(`${SA}/seq`);
  return Number(BigInt(`0x${Buffer.from(seq, "base64").toString("hex")}`));
}

/** The counter of the frame that the board took last, as it tells in housekeeping. */
async function takenBy(yamcs: Yamcs): Promise<number> {
  const path = `processors/${INSTANCE}/realtime/parameters/${INSTANCE}/spi${YAMCS_SPI}Counter`;
  const { rawValue } = await yamcs.ask<{ rawValue?: { uint64Value?: string; uint32Value?: number } }>(path);
  return Number(rawValue?.uint64Value ?? rawValue?.uint32Value ?? Number.NaN);
}

/** Asks for it, and waits until it is so. */
async function takes(yamcs: Yamcs, counter: number): Promise<void> {
  const told = (): string => `spi${YAMCS_SPI}Counter of ${counter}`;
  await until(told, async () => ((await takenBy(yamcs)) === counter ? true : undefined), 200);
}

async function ping(yamcs: Yamcs): Promise<void> {
  const history = await yamcs.command(INSTANCE, "areYouAlive");
  const statuses = STAGES.map((stage) => history[`${stage}_Status`]).join(" ");
  demand(statuses === "OK OK OK OK", `the verifiers of the ping say ${statuses}`);
}

async function started(yamcs: Yamcs): Promise<void> {
  demand(yamcs.complaints.length === 0, `it complained: ${yamcs.complaints.join("\n")}`);
}

async function association(yamcs: Yamcs): Promise<string> {
  const found = await yamcs.ask<{ algorithm: string; keyLen: number; sdlsHeaderSize: number; sdlsTrailerSize: number }>(
    SA,
  );
  const { algorithm, keyLen, sdlsHeaderSize, sdlsTrailerSize } = found;
  demand(keyLen === 256 && sdlsHeaderSize === 14 && sdlsTrailerSize === 16, JSON.stringify(found));
  return algorithm;
}

async function counted(yamcs: Yamcs): Promise<void> {
  const before = await counterOf(yamcs);
  await ping(yamcs);
  demand((await counterOf(yamcs)) === before + 1, "one frame, one counter");
  await takes(yamcs, before);
}

/** Yamcs puts several telecommands into one frame when they come quickly. */
async function bursts(yamcs: Yamcs, { wire }: Secured): Promise<string> {
  const [telecommands, frames] = [20 * BURST, wire.datagrams.length];
  for (let k = 0; k < telecommands; k += BURST) {
    const histories = Array.from({ length: BURST }, () => yamcs.command(INSTANCE, "areYouAlive"));
    for (const { CommandComplete_Status: status, Verifier_Accepted_Status: accepted } of await Promise.all(histories)) {
      // Of commands that run at once, Yamcs may call off the last verifier when it has noted that the command is over.
      demand(status === "OK" && accepted === "OK", `a command ends with ${accepted}, ${status}`);
    }
  }
  return `${telecommands} telecommands in ${wire.datagrams.length - frames} frames`;
}

async function notAllowed(yamcs: Yamcs): Promise<string> {
  const history = await yamcs.command(INSTANCE, "resetCounters");
  const said = FAILURES.map((name) => history[name]).join(", ");
  demand(/notAuthorized.*NOK/.test(said), `an operator's telecommand beyond the role: ${said}`);
  return said;
}

interface Found {
  readonly event?: readonly { readonly message: string }[];
}

interface History {
  readonly attr?: readonly { readonly name: string; readonly value: { readonly stringValue?: string } }[];
}

async function refusals(yamcs: Yamcs): Promise<number> {
  const { event = [] } = await yamcs.ask<Found>(`archive/${INSTANCE}/events?q=replayed&limit=1000`);
  return event.reduce((sum, { message }) => sum + Number(/(\d+) replayed/.exec(message)?.[1] ?? 0), 0);
}

async function replayed(yamcs: Yamcs, { wire }: Secured): Promise<void> {
  const before = await refusals(yamcs);
  const taken = (await counterOf(yamcs)) - 1;
  await takes(yamcs, taken);
  for (const datagram of wire.datagrams.slice(-3)) {
    wire.send(datagram);
  }
  const told = async (): Promise<true | undefined> => ((await refusals(yamcs)) === before + 3 ? true : undefined);
  await until("event about three frames that were replayed", told, 200);
  demand((await takenBy(yamcs)) === taken, "a replay was taken");
  await ping(yamcs);
}

async function restarted(yamcs: Yamcs): Promise<string> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const before = await counterOf(yamcs);
    await yamcs.restart(signal);
    const after = await counterOf(yamcs);
    demand(after === before, `Yamcs goes on at ${after}, after ${before}`);
    await ping(yamcs);
  }
  return `it goes on at ${await counterOf(yamcs)}`;
}

/** Yamcs has lost its archive, and its counter with it: what it seals is refused, until the counter is set above the board's. */
async function forgotten(yamcs: Yamcs): Promise<string> {
  const taken = (await counterOf(yamcs)) - 1;
  await yamcs.restart("SIGTERM", true);
  demand((await counterOf(yamcs)) === 1, "it begins anew");
  await takes(yamcs, taken);
  const before = await refusals(yamcs);
  const { id } = await yamcs.ask<{ id: string }>(
    `processors/${INSTANCE}/realtime/commands/${INSTANCE}/areYouAlive`,
    {},
  );
  await until(
    "event about a frame that was replayed",
    async () => ((await refusals(yamcs)) > before ? true : undefined),
    200,
  );
  const { attr = [] } = await yamcs.ask<History>(`archive/${INSTANCE}/commands/${id}`);
  const isAccepted = attr.some(({ name, value }) => name === "Verifier_Accepted_Status" && value.stringValue === "OK");
  demand(!isAccepted, "it was accepted");
  await takes(yamcs, taken);
  const seq = Buffer.from((taken + 1).toString(16).padStart(24, "0"), "hex").toString("base64");
  await yamcs.put(`${SA}/seq`, { seq });
  await ping(yamcs);
  await takes(yamcs, taken + 1);
  return `the board took ${taken} before`;
}

const STEPS: readonly Step[] = [
  ["starts without a complaint, configured as the page tells", started],
  ["the security association, as Yamcs has it", association],
  ["a command is carried out, and its reports arrive", ping],
  ["one counter for each frame; the board tells the one that it took last", counted],
  ["several telecommands at once", bursts],
  ["what its role does not allow is refused, with the word for it", notAllowed],
  ["a replayed datagram is refused, and the board tells of it", replayed],
  ["Yamcs ends and is killed: its counter goes on", restarted],
  ["Yamcs loses its data: refused, until its counter is set", forgotten],
];

/**
 * @returns whether all went well
 * @throws Unavailable where Yamcs is not to be had
 */
export async function runSdls(engines: readonly EngineName[], say: (line: string) => void): Promise<boolean> {
  let passed = true;
  for (const engine of engines) {
    passed = (await whileRunning((running) => sealedByYamcs(engine, running, say))) && passed;
  }
  return passed;
}

async function sealedByYamcs(engine: EngineName, running: Running[], say: (line: string) => void): Promise<boolean> {
  const secured = await Secured.start(engine);
  running.push(secured);
  const yamcs = await secured.yamcs();
  running.push(yamcs);
  say(`${engine}, sealed by Yamcs ${yamcs.version}`);
  for (const [title, step] of STEPS) {
    try {
      const figures = await step(yamcs, secured);
      say(`  ok ${title}${typeof figures === "string" ? ` (${figures})` : ""}`);
    } catch (error) {
      say(`  FAILED ${title}: ${String(error)}\nthe gateway:\n${secured.gatewayOutput}`);
      return false;
    }
  }
  return true;
}
