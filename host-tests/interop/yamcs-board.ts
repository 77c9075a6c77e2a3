/** The simulated flatsat for Yamcs: it restarts on the same port, and may have no free place. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { boardChoice, boardDictionary } from "../../ground/commands/board-choice.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Program, portToKeep } from "../project.js";

/** Room for all telemetry of the time that Yamcs takes to start and to connect, minutes on a busy machine. */
const SETTINGS = ["time_code=cuc", "beacon_interval_ms=500", "log_length=150000", "memory=180000"];

export class Board {
  readonly port: number;
  readonly dictionary: BoardDictionary;
  /** Has its only place. */
  occupant: Socket | undefined;
  /** Telemetry packets, as it says when it stops. */
  sent = 0;
  readonly #engine: string;
  #program: Program | undefined;

  private constructor(engine: string, port: number, dictionary: BoardDictionary) {
    this.#engine = engine;
    this.port = port;
    this.dictionary = dictionary;
  }

  /** @param isFull its only place is taken */
  static async start(engine: string, isFull = false): Promise<Board> {
    const port = await portToKeep();
    const board = new Board(engine, port, await flatsatDictionary(port));
    await board.start(...(isFull ? ["--max-clients", "1"] : []));
    if (isFull) {
      board.occupant = connect(port, "127.0.0.1").resume();
      await once(board.occupant, "connect");
    }
    return board;
  }

  async start(...options: string[]): Promise<void> {
    const settings = SETTINGS.flatMap((setting) => {
      const [key = "", value = ""] = setting.split("=");
      return [`--${key.replaceAll("_", "-")}`, value];
    });
    const args = ["--engine", this.#engine, "--listen", `space-packets:${this.port}`, ...settings, ...options];
    this.#program = new Program(process.execPath, ["dist/host/simulator.js", ...args]);
    await this.#program.prints(/^try it:/m);
  }

  async stop(): Promise<void> {
    this.occupant?.destroy();
    await this.#program?.stop();
    this.sent += Number(this.#program?.output.match(/(\d+) TM sent/)?.[1] ?? 0);
    this.#program = undefined;
  }
}

/** As a ground tool has it, without a running board. @param more settings */
export function flatsatDictionary(port: number, ...more: string[]): Promise<BoardDictionary> {
  return boardDictionary(boardChoice({}, [`listen=space-packets:${port}`, ...SETTINGS, ...more]));
}
