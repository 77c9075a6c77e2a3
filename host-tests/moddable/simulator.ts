/** The firmware in the SDK's simulator: built with `mcconfig`, run by `mcsim`, watched through what it traces. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root, seen from dist/host-tests/moddable/. */
export const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

const MODDABLE = process.env["MODDABLE"] ?? "";
const TOOLS = join(MODDABLE, "build", "bin", "lin", "release");

/** Why there is nothing to test here; undefined when there is. */
export function whyNot(): string | undefined {
  if (process.platform !== "linux") {
    return "the test drives the SDK's Linux simulator";
  }
  if (MODDABLE === "") {
    return "MODDABLE is not set: no Moddable SDK at hand";
  }
  for (const tool of ["mcconfig", "mcsim"]) {
    if (!existsSync(join(TOOLS, tool))) {
      return `MODDABLE is set, but the SDK's ${tool} is not built`;
    }
  }
  if (!process.env["DISPLAY"]) {
    return "the simulator needs a display: set DISPLAY (Xvfb will do)";
  }
  return undefined;
}

export interface Build {
  /** What the tools printed. */
  log: string;
  status: number | null;
  directory: string;
  remove(): void;
}

/** @param target `lin` builds the simulator app; `esp32` compiles and links all that XS runs, without ESP-IDF's compiler */
export function build(target: "lin" | "esp32", settings: readonly string[]): Build {
  const directory = mkdtempSync(join(tmpdir(), "flatlink-moddable-"));
  const name = basename(PROJECT.replace(/\/$/, ""));
  const goal = target === "lin" ? "build" : `${directory}/tmp/esp32/instrument/${name}/mc.xs.c`;
  const run = spawnSync("mcconfig", ["-i", "-m", "-p", target, "-o", directory, "-t", goal, ...settings], {
    cwd: PROJECT,
    encoding: "utf8",
    env: { ...process.env, PATH: `${TOOLS}:${process.env["PATH"]}` },
  });
  return {
    log: run.stdout + run.stderr,
    status: run.status,
    directory,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** One line of the SDK's instrumentation: bytes. */
export interface Sample {
  slots: number;
  chunks: number;
}

export class Simulator {
  /** Lines traced by the application. */
  readonly lines: string[] = [];
  readonly samples: Sample[] = [];
  #process: ChildProcess;
  #keys: string[] = [];

  constructor(directory: string) {
    const name = basename(PROJECT.replace(/\/$/, ""));
    // stdbuf: mcsim's output is buffered by the block when it is piped.
    this.#process = spawn("stdbuf", ["-oL", join(TOOLS, "mcsim"), `${directory}/bin/lin/mc/instrument/${name}/mc.so`]);
    let partial = "";
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (partial + text).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) {
        this.#line(line);
      }
    });
  }

  /** Waits until `found` gives something, for at most 15 s. */
  async until<Found>(what: string, found: () => Found | undefined): Promise<Found> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const value = found();
      if (value !== undefined) {
        return value;
      }
      if (Date.now() > deadline) {
        throw new Error(`the simulator did not come to this: ${what}\n${this.lines.join("\n")}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The next full second's sample. */
  async sample(): Promise<Sample> {
    const have = this.samples.length;
    return this.until("an instrumentation sample", () => this.samples[have + 1]);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill();
    await ended;
  }

  #line(line: string): void {
    if (line.startsWith("instruments key:")) {
      this.#keys = line.slice("instruments key:".length).trim().split(",");
    } else if (line.startsWith("instruments:")) {
      const values = line.slice("instruments:".length).split(",").map(Number);
      this.samples.push({
        slots: values[this.#keys.indexOf("Slot used")] ?? Number.NaN,
        chunks: values[this.#keys.indexOf("Chunk used")] ?? Number.NaN,
      });
    } else {
      this.lines.push(line);
    }
  }
}
