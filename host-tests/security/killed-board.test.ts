/**
 * The whole board as a process, commanded over connections that are cut at random, and killed at random: no telecommand runs twice,
 * and none is lost that was reported.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test, { type ExecutionContext } from "ava";
import { SealingClient } from "../../ground/index.js";
import { createKeyFile, readKeyFile } from "../../ground/keys/key-file.js";
import { provisionStore } from "../../ground/keys/provision.js";
import { openSenderKey } from "../../ground/keys/sender-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { Random } from "../framing/random.js";
import { type Cut, CuttingProxy } from "../ground/link/sealed-board.js";
import { Program, portToKeep } from "../project.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
/** 1,000 when asked for. */
const CUTS = Number(process.env["FLATLINK_CUTS"] ?? 200);
/** So many cuts of connections to one kill. */
const CUTS_PER_KILL = 25;
/** Far more than it takes, however busy the machine is. */
const PATIENCE_MS = 120_000 + 1000 * CUTS;
/** Telecommands on their way. */
const MOST_OUTSTANDING = 20;
/** Then another one follows, whatever is on its way. */
const QUIET_MS = 100;
const RECONNECT = { firstMs: 10, maxMs: 30 };
/** Octets of a sealed telecommand, and of some reports on it. */
const UP = 64;
const DOWN = 90;
const FUNCTION = 16;

/** Says on its output what it carries out: the output of a process that is killed is not lost. */
const BOARD = `
import { defineDictionary } from "flatlink/dictionary/define-dictionary";
export const dictionary = defineDictionary({
  name: "counting",
  functions: { run: { id: ${FUNCTION}, arguments: { number: { type: "uint32" } } } },
});
export function bind() {
  return { functions: { run(number) { globalThis.console.log("ran " + number + " "); return 0; } } };
}
`;

const root = mkdtempSync(join(tmpdir(), "flatlink-killed-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

/** A board's process, over all its lives. */
class Lives {
  readonly port: number;
  readonly #folder: string;
  readonly #board: string;
  readonly #programs: Program[] = [];

  constructor(port: number, folder: string, board: string) {
    this.port = port;
    this.#folder = folder;
    this.#board = board;
  }

  async begin(): Promise<void> {
    const program = new Program(process.execPath, [
      "dist/host/simulator.js",
      ...["--engine", "node", "--board", this.#board, "--listen", `tc-frames:${this.port},scid=171,sdls=tc`],
      ...["--beacon-interval-ms", "0", "--security", "1=commander", "--keys", this.#folder],
    ]);
    this.#programs.push(program);
    await program.prints(/^listening on 127\.0\.0\.1 port \d+/m);
  }

  async kill(): Promise<void> {
    await this.#programs.at(-1)?.stop("SIGKILL");
  }

  /** What was carried out, in order. */
  get ran(): number[] {
    return this.#programs.flatMap(({ output }) =>
      [...output.matchAll(/^ran (\d+) $/gm)].map(([, number]) => Number(number)),
    );
  }

  get lives(): number {
    return this.#programs.length;
  }
}

function randomCut(random: Random): Cut {
  return random.below(2) === 0 ? { up: random.below(10 * UP) } : { down: random.below(12 * DOWN) };
}

async function setUp(
  t: ExecutionContext,
): Promise<{ lives: Lives; sealer: ReturnType<typeof openSenderKey>["sealer"] }> {
  const file = join(root, "commander.key");
  createKeyFile(file);
  const store = new FolderStore(`${file}.board`);
  provisionStore(store, { spi: 1, key: readKeyFile(file), isReady: false, isTelemetry: false });
  store.close();
  const board = join(root, "board.ts");
  writeFileSync(board, BOARD);
  const lives = new Lives(await portToKeep(), `${file}.board`, board);
  t.teardown(() => lives.kill());
  await lives.begin();
  const key = openSenderKey({ file, spi: 1 });
  t.teardown(() => key.close());
  return { lives, sealer: key.sealer };
}

test(`${CUTS} random cuts, and a board that is killed meanwhile: nothing runs twice, and nothing that was reported is lost`, async (t) => {
  t.timeout(PATIENCE_MS);
  t.log(`FLATLINK_SEED=${seed}, FLATLINK_CUTS=${CUTS}`);
  const random = new Random(seed);
  const { lives, sealer } = await setUp(t);
  const proxy = await CuttingProxy.before(t, lives, []);
  let cuts = 0;
  // Every connection has one, also those that end before it, as no board is there.
  proxy.cuts.shift = () => (cuts < CUTS ? randomCut(random) : undefined);
  // Those while none is there do not count: starting it takes a busy machine any time.
  let isThere = true;
  proxy.onCut = () => {
    cuts += isThere ? 1 : 0;
  };
  const framing = tcFrames({ spacecraftId: 0xab, sdls: "tc", security: { end: "ground", opener: undefined, sealer } });
  const client = new SealingClient({ host: "127.0.0.1", port: proxy.port, framing, sealer, reconnect: RECONNECT });
  client.on("notSent", () => {});
  t.teardown(() => void client.close());
  const counters: number[] = [];
  const completed = new Set<number>();
  // Reports on a telecommand begin with what it began with: its sequence count is its number.
  void (async () => {
    for await (const packet of client) {
      const { serviceType, messageSubtype, sourceDataStart } = parseTelemetry(packet, new CdsShort());
      if (serviceType === 1) {
        const number = new DataView(packet.buffer, packet.byteOffset).getUint16(sourceDataStart + 2) & 0x3fff;
        client.settle(counters[number]!);
        if (messageSubtype === 7) {
          completed.add(number);
        }
      }
    }
  })().catch(() => {});
  const send = (number: number): void => {
    const applicationData = new Uint8Array(5);
    new DataView(applicationData.buffer).setUint8(0, FUNCTION);
    new DataView(applicationData.buffer).setUint32(1, number);
    const packet = buildTelecommand({
      apid: 2,
      packetSequenceCount: number,
      serviceType: 8,
      messageSubtype: 1,
      applicationData,
    });
    client.send(packet).catch(() => {});
    counters.push(client.lastCounter);
  };
  await client.connect({ timeoutMs: PATIENCE_MS });
  let sent = 0;
  let kills = 0;
  let lastSent = 0;
  // Whose report was lost is not reported again: the next one says that it was taken.
  const sendNext = (): void => {
    if (client.outstanding.length < MOST_OUTSTANDING || Date.now() - lastSent > QUIET_MS) {
      lastSent = Date.now();
      send(sent++);
    }
  };
  while (cuts < CUTS) {
    if (cuts / CUTS_PER_KILL >= kills + 1) {
      kills++;
      await sleep(random.below(8));
      isThere = false;
      await lives.kill();
      await lives.begin();
      isThere = true;
    }
    sendNext();
    await sleep(random.below(3));
  }
  // Without any more cuts, all comes through.
  const deadline = Date.now() + PATIENCE_MS;
  while (sent === 0 || client.outstanding.length > 0 || !completed.has(sent - 1)) {
    t.true(Date.now() < deadline, "all to be settled, and the last one reported");
    if (Date.now() - lastSent > QUIET_MS) {
      sendNext();
    }
    await sleep(10);
  }
  await client.close();
  await lives.kill();
  const { ran } = lives;
  t.log(
    `${sent} telecommands, ${ran.length} carried out, ${completed.size} reported, ${kills} kills, ${proxy.connections} connections`,
  );
  t.is(new Set(ran).size, ran.length, "nothing runs twice");
  t.deepEqual(
    ran,
    ran.toSorted((one, other) => one - other),
    "in order",
  );
  t.deepEqual(
    [...completed].filter((number) => !ran.includes(number)),
    [],
    "what was reported ran",
  );
  // A kill between the store and the telecommand costs that one, which was not reported.
  t.true(sent - ran.length <= kills, `${sent - ran.length} lost`);
  t.true(kills >= CUTS / CUTS_PER_KILL / 2 && completed.size > 0, `${kills} kills, ${completed.size} reported`);
});
