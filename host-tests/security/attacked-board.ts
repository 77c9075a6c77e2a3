/** A whole board with the key of one commander, as a process, and that commander: for tests that attack it. */
import { readdirSync, readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionContext } from "ava";
import { createKeyFile, readKeyFile } from "../../ground/keys/key-file.js";
import { provisionStore } from "../../ground/keys/provision.js";
import { openSenderKey, type SenderKey } from "../../ground/keys/sender-key.js";
import { FolderStore } from "../../host/folder-store.js";
import { CdsShort } from "../../modules/ccsds/cds-short.js";
import { encodeFrame } from "../../modules/framing/encode-decode.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { buildTelecommand, parseTelemetry } from "../../modules/pus/build-parse.js";
import { Program } from "../project.js";

const SPACECRAFT = 0xab;
/** However busy the machine is. */
const MOST_PATIENT_PING_MS = 60_000;
/** Of a telemetry packet. */
const HEADER_LENGTH = 6;

export interface AttackedBoard {
  readonly program: Program;
  readonly key: SenderKey;
  /** Takes sealed telecommands, bare on the stream, and sends nothing. */
  readonly bare: number;
  /** Sends telemetry in the clear, and takes nothing. */
  readonly down: number;
  /** Takes sealed telecommands, carried by COBS, and sends telemetry in the clear in frames of the same kind. */
  readonly carried: number;
}

/** Starts it; the end of the test is its end. */
export async function attackedBoard(
  t: ExecutionContext,
  { root, engine, beaconIntervalMs }: { root: string; engine: string; beaconIntervalMs: number },
): Promise<AttackedBoard> {
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
    ...["--beacon-interval-ms", String(beaconIntervalMs), "--max-clients", "8", "--memory", "49152"],
    ...["--listen", `tc-frames:0,scid=${SPACECRAFT},sdls=tc,role=tc`, "--listen", "space-packets:0,role=tm"],
    ...["--listen", `tc-frames:0,scid=${SPACECRAFT},over=cobs,sdls=tc`],
  ]);
  t.teardown(() => program.stop("SIGKILL"));
  await program.prints(/(?:"event":"listening"[\s\S]*?\n[\s\S]*?){3}/);
  const [bare, down, carried] = [...program.output.matchAll(/"event":"listening".*?"port":(\d+)/g)].map(([, port]) =>
    Number(port),
  );
  return { program, key, bare: bare!, down: down!, carried: carried! };
}

export interface Telemetry {
  /** "service,subtype". */
  readonly type: string;
  /** Source data, as hexadecimal digits. */
  readonly data: string;
}

export function telemetryOf(packet: Uint8Array): Telemetry {
  const { serviceType, messageSubtype, sourceDataStart, sourceDataEnd } = parseTelemetry(packet, new CdsShort());
  const data = Buffer.from(packet.subarray(sourceDataStart, sourceDataEnd)).toString("hex");
  return { type: `${serviceType},${messageSubtype}`, data };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true }, () => resolve(socket)).on("error", reject);
  });
}

/** Has the key: sends telecommands to one port, and hears what comes of them on another. */
export class Commander {
  /** Frames that were sent: everybody on the network has heard them. */
  readonly heard: Uint8Array[] = [];
  readonly requests = new Set<string>();
  readonly telemetry: Telemetry[] = [];
  /** Pings that were answered, and how long the slowest took. */
  pings = 0;
  slowest = 0;
  /** Octets that came on its connections for telecommands. */
  answered = 0;
  /** Which of the connections that it works with is over. */
  ended = "";
  readonly #framing;
  readonly #completed = new Set<string>();
  readonly #sockets = new Set<Socket>();
  #up: Socket | undefined;
  /** What has not been a whole packet yet. */
  #rest = Buffer.alloc(0);
  #sequence = 0;

  constructor({ sealer }: SenderKey) {
    const security = { end: "ground", opener: undefined, sealer } as const;
    this.#framing = tcFrames({ spacecraftId: SPACECRAFT, sdls: "tc", security });
  }

  /** Connects to the port for telemetry. */
  async listen(port: number): Promise<void> {
    const down = await open(port);
    this.#sockets.add(down);
    this.#endsWith(down, "telemetry");
    down.on("data", (octets) => this.#receive(octets));
  }

  /** Connects to a port for telecommands that has a place. */
  async connect(port: number): Promise<void> {
    this.#take(await this.#dial(port));
  }

  /**
   * Tries until a telecommand is answered: again every so often, as long as it takes. A connection that was turned away is
   * told by nothing but its end, which comes late.
   * @returns how often it tried
   * @throws (rejects) when `limitMs` are over, or it hears nothing any more
   */
  async insist(port: number, everyMs: number, limitMs: number): Promise<number> {
    const tries = new Map<string, Socket>();
    const deadline = performance.now() + limitMs;
    let answered: string | undefined;
    while (answered === undefined) {
      if (this.ended !== "") {
        throw new Error(this.ended);
      }
      if (performance.now() > deadline) {
        throw new Error(`no place in ${limitMs} ms, for ${tries.size} connections`);
      }
      const socket = await this.#dial(port);
      tries.set(this.#send(socket), socket);
      const next = performance.now() + everyMs;
      while (answered === undefined && performance.now() < next) {
        await sleep(5);
        answered = [...tries.keys()].find((id) => this.#completed.has(id));
      }
    }
    this.#take(tries.get(answered)!);
    tries.delete(answered);
    for (const socket of tries.values()) {
      socket.destroy();
    }
    return tries.size + 1;
  }

  /** Waits for the end of its execution. */
  async ping(): Promise<void> {
    const before = performance.now();
    const id = this.#send(this.#up!);
    while (!this.#completed.has(id)) {
      if (this.ended !== "" || performance.now() - before > MOST_PATIENT_PING_MS) {
        throw new Error(`a ping without an answer: ${this.ended || "too late"}`);
      }
      await sleep(2);
    }
    this.pings++;
    this.slowest = Math.max(this.slowest, performance.now() - before);
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  async #dial(port: number): Promise<Socket> {
    const socket = await open(port);
    this.#sockets.add(socket);
    socket
      .on("error", () => {})
      .on("data", (octets) => {
        this.answered += octets.length;
      })
      .on("close", () => this.#sockets.delete(socket));
    return socket;
  }

  #take(socket: Socket): void {
    this.#up = socket;
    this.#endsWith(socket, "telecommands");
  }

  #endsWith(socket: Socket, what: string): void {
    const end = (): void => {
      this.ended ||= `the connection for ${what} ended`;
    };
    if (socket.destroyed) {
      end();
    }
    socket.on("close", end);
  }

  /** Sends a ping. @returns its request ID */
  #send(socket: Socket): string {
    const packet = buildTelecommand({
      apid: 2,
      packetSequenceCount: this.#sequence++ & 0x3fff,
      serviceType: 17,
      messageSubtype: 1,
    });
    const id = Buffer.from(packet.subarray(0, 4)).toString("hex");
    this.requests.add(id);
    // One of 16,384 telecommands before may have had it.
    this.#completed.delete(id);
    const frame = encodeFrame(this.#framing, packet);
    if (this.heard.length < 500) {
      this.heard.push(frame);
    }
    socket.write(frame);
    return id;
  }

  #receive(octets: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, octets]);
    for (;;) {
      const end =
        this.#rest.length < HEADER_LENGTH ? Number.POSITIVE_INFINITY : HEADER_LENGTH + 1 + this.#rest.readUInt16BE(4);
      if (end > this.#rest.length) {
        return;
      }
      const telemetry = telemetryOf(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
      if (/^(?:1|17),/.test(telemetry.type)) {
        this.telemetry.push(telemetry);
      }
      if (telemetry.type === "1,7") {
        this.#completed.add(telemetry.data);
      }
    }
  }
}

/** The simulator and what it started. */
function processes(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((child) => processes(Number(child))))];
}

export interface Use {
  /** Open files of all its processes. */
  readonly files: number;
  /** Memory of all of them, and of those that the first one started, in KiB. */
  readonly memory: number;
  readonly engine: number;
}

export function use(pid: number): Use {
  let [files, memory, engine] = [0, 0, 0];
  for (const each of processes(pid)) {
    files += readdirSync(`/proc/${each}/fd`).length;
    const resident = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, "utf8"))?.[1]);
    memory += resident;
    engine += each === pid ? 0 : resident;
  }
  return { files, memory, engine };
}
