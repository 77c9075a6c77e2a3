/** A simulated board that takes sealed telecommands only, the gateway in front of it, and a wire that datagrams are seen on. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { boardChoice, boardDictionary } from "../../ground/commands/board-choice.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { examplesOf } from "../examples.js";
import { PROJECT, Program, portToKeep } from "../project.js";
import { Yamcs } from "./yamcs-server.js";

const LOCAL = "127.0.0.1";
const PAGE = "docs/secure-link.md";
const FRAMING = "scid=0xab,sdls=tc";
const SECURITY = "1=commander 2=operator:17+3+20";
const SETTINGS = ["time_code=cuc", "beacon_interval_ms=500", "log_length=150000", "memory=180000"];
export const YAMCS_SPI = 2;

/** As Yamcs sends them; what went over is kept. */
export class Wire {
  readonly port: number;
  readonly datagrams: Buffer[] = [];
  readonly #socket: Socket;
  readonly #to: number;

  static async before(to: number): Promise<Wire> {
    const socket = createSocket("udp4").bind(0, LOCAL);
    await once(socket, "listening");
    return new Wire(socket, to);
  }

  private constructor(socket: Socket, to: number) {
    this.#socket = socket;
    this.#to = to;
    this.port = socket.address().port;
    socket.on("message", (datagram: Buffer) => {
      this.datagrams.push(datagram);
      this.send(datagram);
    });
  }

  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#to, LOCAL);
  }

  close(): void {
    this.#socket.close();
  }
}

/** Everything but Yamcs. */
export class Secured {
  readonly dictionary: BoardDictionary;
  readonly wire: Wire;
  readonly #folder: string;
  readonly #telemetryPort: number;
  #board: Program;
  #gateway: Program;

  /** @throws Error when one of them does not start */
  static async start(engine: string): Promise<Secured> {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-sdls-"));
    const keys = join(folder, "board");
    const key = join(folder, "yamcs.key");
    await flatlink("keys", "new", key);
    await flatlink("keys", "provision", key, "--keys", keys, "--spi", String(YAMCS_SPI));
    const [port, tools, udp] = [await portToKeep(), await portToKeep(), await portToKeep()];
    const listen = `tc-frames:${port},${FRAMING}`;
    const choice = boardChoice({}, [`listen=${listen}`, `security=${SECURITY}`, ...SETTINGS]);
    const options = Object.entries(choice.settings).flatMap(([name, value]) => [
      `--${name.replaceAll("_", "-")}`,
      value,
    ]);
    const board = new Program(process.execPath, [
      ...["dist/host/simulator.js", "--engine", engine, "--keys", keys],
      ...options,
    ]);
    await board.prints(new RegExp(`port ${port}: tc-frames`));
    const gateway = new Program(process.execPath, [
      ...["dist/ground/flatlink.js", "secure", "--board", `${LOCAL}:${port}`, "--framing", `tc-frames,${FRAMING}`],
      ...["--udp", `${udp},cltu=bch`, "--listen", `space-packets:${tools}`],
    ]);
    await gateway.prints(/connected to/);
    const wire = await Wire.before(udp);
    return new Secured(folder, await boardDictionary(choice), wire, tools, board, gateway);
  }

  private constructor(
    folder: string,
    dictionary: BoardDictionary,
    wire: Wire,
    telemetryPort: number,
    board: Program,
    gateway: Program,
  ) {
    this.#folder = folder;
    this.dictionary = dictionary;
    this.wire = wire;
    this.#telemetryPort = telemetryPort;
    this.#board = board;
    this.#gateway = gateway;
  }

  get gatewayOutput(): string {
    return this.#gateway.output;
  }

  /** Configured as the page tells. @throws Unavailable where Yamcs is not to be had */
  yamcs(): Promise<Yamcs> {
    return Yamcs.start([this.dictionary], this.#telemetryPort, (folder) => {
      const links = examplesOf(PAGE).find(({ language, code }) => language === "yaml" && code.includes("dataLinks:"));
      const file = join(folder, `etc/yamcs.${this.dictionary.name}.yaml`);
      const own = links!.code
        .replace("port: 10018", `port: ${this.wire.port}`)
        .replace("port: 7311", `port: ${this.#telemetryPort}`);
      const changed = readFileSync(file, "utf8").replace(/^dataLinks:\n[\s\S]*?(?=^mdb:)/m, `${own}\n`);
      writeFileSync(file, changed);
      copyFileSync(join(this.#folder, "yamcs.key"), join(folder, "etc/yamcs.key"));
    });
  }

  async stop(): Promise<void> {
    this.wire.close();
    await Promise.all([this.#gateway.stop(), this.#board.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function flatlink(...args: readonly string[]): Promise<void> {
  const program = new Program(process.execPath, [`${PROJECT}dist/ground/flatlink.js`, ...args]);
  if ((await program.exitCode) !== 0) {
    throw new Error(`flatlink ${args.join(" ")}: ${program.output}`);
  }
}
