/**
 * A whole board, commanded by one who has the key, and attacked by one who has not: nothing of his is carried out or answered, the
 * commander is served meanwhile, and nothing grows.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { createKeyFile, readKeyFile } from "../../ground/keys/key-file.js";
import { provisionStore } from "../../ground/keys/provision.js";
import { openSenderKey, type SenderKey } from "../../ground/keys/sender-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { xs } from "../host/xs-support.js";
import { Program } from "../project.js";
import { Attacker, type Target } from "./attacker.js";

const given = process.env["FLATLINK_SEED"];
const seed = given === undefined ? Date.now() & 0x3fffffff : Number(given);
/** 1,000,000 when asked for. */
const FRAMES = Number(process.env["FLATLINK_ATTACK_FRAMES"] ?? 10_000);
/** Far more than it takes, however busy the machine is. */
const PATIENCE_MS = 300_000 + 5 * FRAMES;
const PING_EVERY_MS = 100;
/** More than clients that are turned away, and those that do not say anything, are kept. */
const LET_GO_MS = 60_000;
/** As long as most of them are. */
const SETTLE_MS = 2500;
/** What SECURITY.md promises is a second, on a machine that has nothing else to do. */
const SLOWEST_PING_MS = 10_000;
const MOST_PATIENT_PING_MS = 60_000;
/** Of the board's processes: what garbage makes of it, and what a leak of a slot for each frame would be far above. */
const GROWTH_KIB = 100_000;
/** The same of XS's worker, whose heap grows by itself only. */
const ENGINE_GROWTH_KIB = 4000;

const root = mkdtempSync(join(tmpdir(), "flatlink-attacked-"));
test.after.always(() => rmSync(root, { recursive: true, force: true }));

interface Telemetry {
  readonly type: string;
  readonly data: string;
}

/** Has the key: telecommands on one port, telemetry on another. */
class Commander {
  /** Frames that were sent: everybody on the network has heard them. */
  readonly heard: Uint8Array[] = [];
  readonly requests = new Set<string>();
  pings = 0;
  /** Which of its connections is over. */
  ended = "";
  slowest = 0;
  readonly #framing;
  #up: Socket | undefined;
  #down: Socket | undefined;
  /** What has not been a whole packet yet. */
  #rest = Buffer.alloc(0);
  readonly telemetry: Telemetry[] = [];
  #sequence = 0;
  answered = 0;

  constructor({ sealer }: SenderKey) {
    const security = { end: "ground", opener: undefined, sealer } as const;
    this.#framing = tcFrames({ spacecraftId: 0xab, sdls: "tc", security });
  }

  async connect(up: number, down: number): Promise<void> {
    const open = (port: number): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => resolve(socket)).on("error", reject);
      });
    this.#up = await open(up);
    this.#up.on("data", (octets) => {
      this.answered += octets.length;
    });
    this.#down = await open(down);
    for (const [socket, name] of [
      [this.#up, "telecommands"],
      [this.#down, "telemetry"],
    ] as const) {
      socket.on("close", () => {
        this.ended = `the connection for ${name} ended`;
      });
    }
    this.#down.on("data", (octets) => this.#receive(octets));
  }

  #receive(octets: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, octets]);
    for (;;) {
      const end = this.#rest.length < 6 ? Number.POSITIVE_INFINITY : 7 + this.#rest.readUInt16BE(4);
      if (end > this.#rest.length) {
        return;
      }
      const packet = this.#rest.subarray(0, end);
      this.#rest = this.#rest.subarray(end);
      const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, new CdsShort());
      if (serviceType === 1 || serviceType === 17) {
        const data = packet.subarray(sourceDataStart, sourceDataEnd).toString("hex");
        this.telemetry.push({ type: `${serviceType},${messageSubtype}`, data });
      }
    }
  }

  /** Waits for the end of its execution. */
  async ping(): Promise<void> {
    const packet = buildTelecommand({
      apid: 2,
      packetSequenceCount: this.#sequence++ & 0x3fff,
      serviceType: 17,
      messageSubtype: 1,
    });
    const id = Buffer.from(packet.subarray(0, 4)).toString("hex");
    this.requests.add(id);
    this.pings++;
    const frame = encodeFrame(this.#framing, packet);
    const before = performance.now();
    this.#up!.write(frame);
    while (this.telemetry.findLast(({ type }) => type === "1,7")?.data !== id) {
      if (this.ended !== "" || performance.now() - before > MOST_PATIENT_PING_MS) {
        throw new Error(`a ping without an answer: ${this.ended || "too late"}`);
      }
      await sleep(2);
    }
    this.slowest = Math.max(this.slowest, performance.now() - before);
    if (this.heard.length < 500) {
      this.heard.push(frame);
    }
  }

  close(): void {
    this.#up?.destroy();
    this.#down?.destroy();
  }
}

/** The simulator and what it started. */
function processes(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => processes(Number(child))))];
}

/** Of all its processes: open files, and KiB of memory. */
function use(pid: number): { files: number; memory: number; engine: number } {
  let [files, memory, engine] = [0, 0, 0];
  for (const each of processes(pid)) {
    files += readdirSync(`/proc/${each}/fd`).length;
    const resident = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1]);
    memory += resident;
    engine += each === pid ? 0 : resident;
  }
  return { files, memory, engine };
}

for (const engine of ["node", "xs"]) {
  const check = engine === "node" || xs.available ? test.serial : test.serial.skip;

  check(
    `${engine}: ${FRAMES} frames without the key: nothing is carried out, nothing is answered, a ping comes through`,
    async (t) => {
      t.timeout(PATIENCE_MS);
      t.log(`FLATLINK_SEED=${seed}, FLATLINK_ATTACK_FRAMES=${FRAMES}`);
      const file = join(root, `${engine}.key`);
      createKeyFile(file);
      const store = new FolderStore(`${file}.board`);
      provisionStore(store, { spi: 1, key: readKeyFile(file), isReady: false, isTelemetry: false });
      store.close();
      const key = openSenderKey({ file, spi: 1 });
      t.teardown(() => key.close());
      const program = new Program(process.execPath, [
        "dist/host/simulator.js",
        ...["--engine", engine, "--json", "--security", "1=commander", "--keys", `${file}.board`],
        ...["--beacon-interval-ms", "0", "--max-clients", "8", "--memory", "49152"],
        ...["--listen", "tc-frames:0,scid=171,sdls=tc,role=tc", "--listen", "space-packets:0,role=tm"],
        ...["--listen", "tc-frames:0,scid=171,over=cobs,sdls=tc,role=tc"],
      ]);
      t.teardown(() => program.stop("SIGKILL"));
      await program.prints(/(?:"event":"listening"[\s\S]*?\n[\s\S]*?){3}/);
      const [bare, down, carried] = [...program.output.matchAll(/"event":"listening".*?"port":(\d+)/g)].map(
        ([, port]) => Number(port),
      );
      const targets: Target[] = [
        { port: bare!, carrier: "bare" },
        { port: carried!, carrier: "cobs" },
      ];
      const commander = new Commander(key);
      t.teardown(() => commander.close());
      await commander.connect(bare!, down!);
      for (let each = 0; each < 5; each++) {
        await commander.ping();
      }
      const attacker = new Attacker(seed, targets, commander.heard);
      // What is taken once, is taken before it is measured.
      await attacker.attack(Math.min(2000, FRAMES / 5));
      await sleep(SETTLE_MS);
      const before = use(program.pid);
      let isOver = false;
      const attack = attacker.attack(FRAMES - attacker.spoils.frames).finally(() => {
        isOver = true;
      });
      while (!isOver) {
        await commander.ping().catch((error: unknown) => {
          const own = program.output
            .split("\n")
            .filter(
              (line) =>
                line.includes('"remoteAddress":"127.0.0.1"') ||
                /"disconnected".*"telecommands":[1-9]|"error"/.test(line),
            );
          throw new Error(`${error}; the board says:\n${own.join("\n")}\n${program.output.slice(-1500)}`);
        });
        await sleep(PING_EVERY_MS);
      }
      await attack;
      await commander.ping();
      // Those who were turned away are let go.
      let after = use(program.pid);
      for (const deadline = Date.now() + LET_GO_MS; after.files > before.files && Date.now() < deadline; ) {
        await sleep(100);
        after = use(program.pid);
      }
      const { frames, connections, answered } = attacker.spoils;
      t.log(
        `${frames} frames, ${connections} connections, ${commander.pings} pings, the slowest in ${Math.round(commander.slowest)} ms`,
      );
      t.log(`from ${JSON.stringify(before)} to ${JSON.stringify(after)}`);
      t.is(answered, 0, "octets answered to the attacker");
      t.is(commander.answered, 0, "octets answered on the port for telecommands");
      const reports = commander.telemetry;
      t.is(reports.filter(({ type }) => type === "17,2").length, commander.pings, "pings that were carried out");
      t.is(reports.filter(({ type }) => type === "1,1").length, commander.pings, "telecommands that were accepted");
      t.deepEqual(
        reports.filter(({ type, data }) => type.startsWith("1,") && !commander.requests.has(data)),
        [],
        "reports on what others sent",
      );
      t.true(commander.slowest < SLOWEST_PING_MS, `a ping took ${commander.slowest} ms`);
      t.true(after.files <= before.files + 2, `open files: ${before.files}, then ${after.files}`);
      t.true(after.memory - before.memory < GROWTH_KIB, `KiB: ${before.memory}, then ${after.memory}`);
      t.true(after.engine - before.engine < ENGINE_GROWTH_KIB, `engine, KiB: ${before.engine}, then ${after.engine}`);
      t.is(await program.stop(), 0, "the board ends as it is told");
      const causes: Record<string, number> = {};
      for (const [, rejections] of program.output.matchAll(/"rejections":(\{[^}]*\})/g)) {
        for (const [cause, count] of Object.entries(JSON.parse(rejections!) as Record<string, number>)) {
          causes[cause] = (causes[cause] ?? 0) + count;
        }
      }
      t.log(`refused: ${JSON.stringify(causes)}`);
      for (const cause of ["badMac", "replayed", "unknownSpi", "noSecurityHeader", "invalidPacket"]) {
        t.true(causes[cause]! > FRAMES / 1000, `frames were looked at: ${cause}`);
      }
    },
  );
}
