/** A command on a pseudo-terminal, which Python makes, where there is one. */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { constants } from "node:os";
import { PROJECT } from "../../project.js";
import { FLATLINK } from "./run.js";

const HELPER = `${PROJECT}host-tests/ground/commands/terminal.py`;

export const hasTerminal = spawnSync("python3", ["-c", "import pty, os; os.waitstatus_to_exitcode"]).status === 0;

/** What moves the cursor or colours what follows. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const ESCAPE = /\u001b\[[?\d;]*[A-Za-z]/g;

export class Terminal {
  output = "";
  readonly exitCode: Promise<number | null>;
  readonly #process: ChildProcessWithoutNullStreams;
  #isOver = false;

  /** @param program what runs there, with its first arguments; default: flatlink */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    program: readonly string[] = [process.execPath, FLATLINK],
  ) {
    const { NO_COLOR: _, ...own } = process.env;
    this.#process = spawn("python3", [HELPER, ...program, ...args], {
      cwd: PROJECT,
      env: { ...own, TERM: "xterm-256color", ...env },
    });
    this.#process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.#process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
    });
    this.#process.stdin.on("error", () => {});
    this.exitCode = new Promise((resolve) => this.#process.once("close", resolve));
    void this.exitCode.then(() => {
      this.#isOver = true;
    });
  }

  type(text: string): void {
    this.#process.stdin.write(`${JSON.stringify({ write: text })}\n`);
  }

  resize(rows: number, columns: number): void {
    this.#process.stdin.write(`${JSON.stringify({ size: [rows, columns] })}\n`);
  }

  signal(name: "SIGCONT"): void {
    this.#process.stdin.write(`${JSON.stringify({ signal: constants.signals[name] })}\n`);
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  /** The lines of the last whole drawing, without colours. */
  get screen(): string[] {
    const drawings = this.output.split("\u001b[H");
    const last = drawings.filter((drawing) => drawing.includes("\u001b[J")).at(-1) ?? "";
    return last.slice(0, last.indexOf("\u001b[J")).replace(ESCAPE, "").split("\r\n");
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!holds()) {
      if (this.#isOver || Date.now() > deadline) {
        throw new Error(`never came: ${what}:\n${JSON.stringify(this.output.slice(-3000))}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
