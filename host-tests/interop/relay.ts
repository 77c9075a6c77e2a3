/**
 * Yamcs and openc3 at once through relay ports of one station, each in its framing, both counting their telecommands from 0: each sees the
 * verification of its own, and nothing of the other's.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COSMOS_GENERATOR } from "../../ground/generate/cosmos/cosmos.js";
import { targetName } from "../../ground/generate/cosmos/text.js";
import { writeFiles } from "../../ground/generate/write-files.js";
import type { Command } from "../../ground/station/contracts.js";
import { CucAgency } from "../../modules/ccsds/cuc.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { parseTelemetry } from "../../modules/pus/build-parse.js";
import { requestId } from "../../modules/pus/telecommand.js";
import type { EngineName } from "../ground/link/echo-board.js";
import { Program, portToKeep } from "../project.js";
import { askMeanwhile } from "./cosmos-reader.js";
import { environment, findPython, Unavailable } from "./environment.js";
import { Board } from "./yamcs-board.js";
import { archived, INSTANCE, received, STAGES, telemetry } from "./yamcs-cases.js";
import { demand, until, Yamcs } from "./yamcs-server.js";

/** Of COSMOS; Yamcs sends as long as COSMOS does, and as many at least. */
const COMMANDS = 100;
const TOKEN = "interop";
const DATA = 21;
const SETTINGS = ["time_code=cuc", "beacon_interval_ms=500"];

class Ground {
  readonly yamcsPort: number;
  readonly cosmosPort: number;
  readonly #program: Program;
  readonly #url: string;

  private constructor(program: Program, url: string, yamcsPort: number, cosmosPort: number) {
    this.#program = program;
    this.#url = url;
    this.yamcsPort = yamcsPort;
    this.cosmosPort = cosmosPort;
  }

  static async start(board: Board): Promise<Ground> {
    const [yamcsPort, cosmosPort] = [await portToKeep(), await portToKeep()];
    const relays = [`board=${yamcsPort},space-packets`, `board=${cosmosPort},cobs`].flatMap((one) => ["--relay", one]);
    const where = ["--board", `board=127.0.0.1:${board.port}`, "--port", "0", "--archive", ":memory:"];
    const program = new Program(
      process.execPath,
      ["dist/ground/flatlink.js", "ground", ...where, ...relays, ...SETTINGS, `listen=space-packets:${board.port}`],
      { FLATLINK_TOKEN: TOKEN },
    );
    const [url] = await program.prints(/http:\/\/[^\s/]+/);
    return new Ground(program, url, yamcsPort, cosmosPort);
  }

  /** Telecommands that came through a relay port, the first one first. */
  async history(port: number): Promise<Command[]> {
    const found: Command[] = [];
    for (let before = ""; ; before = `&before=${found.at(-1)!.id}`) {
      const path = `/api/v1/boards/board/history/commands?limit=1000${before}`;
      const page = (await (await fetch(this.#url + path)).json()) as Command[];
      if (page.length === 0) {
        return found.filter(({ user }) => user === `relay ${port}`).reverse();
      }
      found.push(...page);
    }
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}

/** `1,7 5`: reports among these packets, with the sequence counts that they name. */
function verificationIn(packets: readonly Uint8Array[]): string[] {
  return packets.flatMap((packet) => (packet[7] === 1 ? [`1,${packet[8]} ${requestId(packet, DATA) & 0x3fff}`] : []));
}

function checkReports(who: string, packets: readonly Uint8Array[], count: number): void {
  const found = verificationIn(packets).sort();
  const wanted = Array.from({ length: count }, (_, k) => [`1,1 ${k}`, `1,3 ${k}`, `1,7 ${k}`])
    .flat()
    .sort();
  demand(
    found.join() === wanted.join(),
    `${who} sent ${count}, and has the reports ${found.filter((one, k) => one !== wanted[k]).slice(0, 9)}`,
  );
  const counts = packets.map((packet) => parseTelemetry(packet, new CucAgency()).packetSequenceCount);
  const gap = counts.findIndex((each, k) => k > 0 && each !== ((counts[k - 1]! + 1) & 0x3fff));
  demand(gap < 0, `the counts that ${who} sees: ${counts[gap]} behind ${counts[gap - 1]}`);
}

function checkHistory(who: string, commands: readonly Command[], count: number): void {
  demand(commands.length === count, `${count} of ${who}, and ${commands.length} in the history`);
  for (const { id, name, state, stages } of commands) {
    const reached = stages.map(({ stage }) => stage).sort();
    demand(
      name === "areYouAlive" && state === "completed" && reached.join() === "accepted,completed,sent,started",
      `${id} of ${who}: ${name} ${state} ${reached}`,
    );
  }
}

/** Pings until COSMOS has ended. @returns how many */
async function pings(yamcs: Yamcs, isOver: () => boolean): Promise<number> {
  let sent = 0;
  while (sent < COMMANDS || !isOver()) {
    const history = await yamcs.command(INSTANCE, "areYouAlive");
    sent++;
    const statuses = STAGES.map((stage) => history[`${stage}_Status`]).join(" ");
    demand(statuses === "OK OK OK OK", `the verifiers of Yamcs's ping ${sent} say ${statuses}`);
  }
  return sent;
}

/** @returns what COSMOS got, in order */
async function cosmosPings(python: string, dictionary: BoardDictionary, port: number): Promise<Uint8Array[]> {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-relay-"));
  try {
    const ports = [{ framing: "cobs", port, role: "tmtc" }] as const;
    const board = { ...dictionary, conventions: { ...dictionary.conventions, ports } };
    await writeFiles(folder, COSMOS_GENERATOR.generate(board));
    const build = Array.from({ length: COMMANDS }, () => ({ name: "ARE_YOU_ALIVE", params: {} }));
    const job = { folder, target: targetName(board.name), decode: [], build: [], live: { build, seconds: 2 } };
    const [result] = await askMeanwhile(python, [job]);
    demand(result?.live !== undefined, `COSMOS: ${result?.error}`);
    return result.live.map(({ hex }) => Uint8Array.from(Buffer.from(hex!, "hex")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function both(ground: Ground, yamcs: Yamcs, dictionary: BoardDictionary, python: string): Promise<string> {
  await telemetry(yamcs);
  let isOver = false;
  const cosmos = cosmosPings(python, dictionary, ground.cosmosPort).finally(() => {
    isOver = true;
  });
  const [came, sent] = await Promise.all([cosmos, pings(yamcs, () => isOver)]);
  checkReports("COSMOS", came, COMMANDS);
  checkHistory("COSMOS", await ground.history(ground.cosmosPort), COMMANDS);
  checkHistory("Yamcs", await ground.history(ground.yamcsPort), sent);
  await ground.stop();
  const arrived = await received(yamcs);
  const packets = await until("Yamcs's archive", async () => {
    const found = await archived(yamcs);
    return found.length >= arrived ? found : undefined;
  });
  checkReports(
    "Yamcs",
    packets.map(({ packet }) => new Uint8Array(Buffer.from(packet, "base64"))),
    sent,
  );
  const { event = [] } = await yamcs.ask<{ event?: { type?: string }[] }>(`archive/${INSTANCE}/events?limit=1000`);
  const jumps = event.filter(({ type }) => type === "SEQ_COUNT_JUMP");
  demand(jumps.length === 0, `Yamcs saw ${jumps.length} jumps of the sequence count`);
  return `${sent} of Yamcs, ${COMMANDS} of COSMOS, ${came.length} and ${arrived} packets`;
}

/**
 * @returns whether all went well
 * @throws Unavailable where a tool is not to be had
 */
export async function runRelay(engines: readonly EngineName[], say: (line: string) => void): Promise<boolean> {
  const python = environment(findPython(), "requirements-cosmos.txt");
  let passed = true;
  for (const engine of engines) {
    const board = await Board.start(engine);
    const ending: { stop(): Promise<void> }[] = [board];
    const end = () => Promise.all(ending.map((each) => each.stop()));
    try {
      const ground = await Ground.start(board);
      ending.push(ground);
      const yamcs = await Yamcs.start([board.dictionary], ground.yamcsPort);
      ending.push(yamcs);
      say(
        `  ok     ${engine}, Yamcs and COSMOS through one station: ${await both(ground, yamcs, board.dictionary, python)}`,
      );
    } catch (error) {
      if (error instanceof Unavailable) {
        throw error;
      }
      say(`  FAILED ${engine}, Yamcs and COSMOS through one station: ${(error as Error).message}`);
      passed = false;
    } finally {
      await end();
    }
  }
  return passed;
}
