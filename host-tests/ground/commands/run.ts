/** Runs `flatlink` as people do, and the boards that it talks to. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import type { ExecutionContext } from "ava";
import { PROJECT, Program } from "../../project.js";

export const FLATLINK = `${PROJECT}dist/ground/flatlink.js`;
/** The framings of a board that nobody told otherwise, on ports that the system picks. */
export const USUAL_PORTS = ["space-packets:0,crc=check16,packet-ids=0x1800,id-mask=0x1800", "cobs:0"] as const;

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where it is run; default: the project. */
  readonly cwd?: string;
}

/** A command that runs, and what it has printed. */
export class Running {
  stdout = "";
  stderr = "";
  readonly ended: Promise<Run>;
  readonly process: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[], { input, env = {}, cwd = PROJECT }: RunOptions = {}) {
    this.process = spawn(process.execPath, [FLATLINK, ...args], { cwd, env: { ...process.env, ...env } });
    this.process.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
    });
    this.process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.process.stdin.on("error", () => {});
    if (input !== undefined) {
      this.process.stdin.end(input);
    }
    this.ended = new Promise((resolve) => {
      this.process.once("close", (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  /** Waits for the pattern in what it printed. The limit is long: a machine may be busy with other things. */
  async prints(pattern: RegExp, where: "stdout" | "stderr" = "stdout"): Promise<RegExpMatchArray> {
    let isOver = false;
    void this.ended.then(() => {
      isOver = true;
    });
    const deadline = Date.now() + 60_000;
    for (;;) {
      const match = this[where].match(pattern);
      if (match !== null) {
        return match;
      }
      if (isOver || Date.now() > deadline) {
        throw new Error(`nothing like ${pattern} on ${where}:\n${this.stdout}\n--- stderr:\n${this.stderr}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(signal: NodeJS.Signals = "SIGINT"): Promise<Run> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** Starts it; the end of the test is its end. */
export function start(t: ExecutionContext, args: readonly string[], options: RunOptions = {}): Running {
  const running = new Running(args, options);
  t.teardown(() => void running.stop("SIGKILL"));
  return running;
}

/** Runs it to its end. */
export function flatlink(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return new Running(args, { input: "", ...options }).ended;
}

/** The simulated flatsat, whose dictionary is the one that the commands take where nobody says otherwise. */
export async function flatsat(engine: string, ...options: string[]): Promise<{ program: Program; ports: number[] }> {
  const listen = options.includes("--listen") ? [] : USUAL_PORTS.flatMap((port) => ["--listen", port]);
  const program = new Program(process.execPath, [FLATLINK, "simulate", "--engine", engine, ...listen, ...options]);
  // For a port that wants a key there is nothing to try.
  const isSealed = options.some((option) => option.includes("sdls="));
  try {
    await program.prints(isSealed ? /^listening.*\n/m : /^try it:|^listening[\s\S]*^listening/m);
  } catch (error) {
    // Nobody else could: who asked for it has got nothing to stop.
    await program.stop("SIGKILL");
    throw error;
  }
  const ports = [...program.output.matchAll(/^listening on 127\.0\.0\.1 port (\d+): /gm)].map((match) =>
    Number(match[1]),
  );
  return { program, ports };
}

/** The objects, one a line. */
export function objectsIn(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
