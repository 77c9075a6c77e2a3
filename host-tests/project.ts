/** The project's own files, for tests of what it says and ships. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { threadId } from "node:worker_threads";

/** The project's root, seen from dist/host-tests/. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

export function projectFile(path: string): string {
  return readFileSync(PROJECT + path, "utf8");
}

/**
 * What `portToKeep` picks from: outside the range (from 32,768 on, on Linux) that the system takes the near ends of
 * connections from.
 */
const FIRST_PORT = 20_000;
const PORTS = 10_000;
/** Each test file runs in a thread or a process of its own, and begins elsewhere. */
let nextPort = (process.pid * 97 + threadId * 499) % PORTS;

/** A free port that stays so while its server starts or restarts. No two calls give the same. */
export function portToKeep(): Promise<number> {
  const port = FIRST_PORT + (nextPort++ % PORTS);
  return new Promise((resolve) => {
    const server = createServer().on("error", () => resolve(portToKeep()));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(port)));
  });
}

/**
 * Listens on a port that was in use a moment ago. It may still be: where another thread starts a program, the new process
 * has copies of all sockets until it runs.
 */
export async function patiently<Result>(listen: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await listen();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE" || Date.now() > deadline) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** Whatever does not end in so long at a signal to stop does not end at all. */
const STOP_LIMIT_MS = 60_000;

/** A program started in the project's folder, and what it prints. */
export class Program {
  output = "";
  readonly exitCode: Promise<number | null>;
  #process: ChildProcess;
  #ended = false;

  constructor(command: string, args: readonly string[], env: Record<string, string> = {}) {
    // A process group of its own: npm passes no signals on, so the whole group is signalled.
    this.#process = spawn(command, args, { cwd: PROJECT, env: { ...process.env, ...env }, detached: true });
    this.exitCode = new Promise((resolve) => this.#process.once("close", resolve));
    this.exitCode.then(() => {
      this.#ended = true;
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  /** @throws when it did not start */
  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) {
      throw new Error(`it did not start: ${this.output}`);
    }
    return pid;
  }

  /** Waits for the pattern in the output. The limit is long: a machine may be busy with other things. */
  async prints(pattern: RegExp, limitMs = 60_000): Promise<RegExpMatchArray> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      const match = this.output.match(pattern);
      if (match !== null) {
        return match;
      }
      if (Date.now() > deadline || this.#ended) {
        throw new Error(`nothing like ${pattern} was printed:\n${this.output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** @returns (resolves) its exit code; null: it had to be killed. No program is waited for for ever, or left behind */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.#signal(signal);
    const limit = setTimeout(() => this.#signal("SIGKILL"), STOP_LIMIT_MS);
    const code = await this.exitCode;
    clearTimeout(limit);
    return code;
  }

  #signal(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (this.#ended || pid === undefined) {
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // It has ended by itself, and is not told as closed yet.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
}
