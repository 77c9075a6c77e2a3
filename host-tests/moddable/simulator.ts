/** The firmware in the SDK's simulator: built with `mcconfig`, run by `mcsim`, watched through what it traces. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnOnLifeline } from "../../host/lifeline.js";

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
  /** Of the application, as the SDK names it: after the manifest's folder. */
  name: string;
  remove(): void;
}

/** A manifest like the project's, with another main program. */
function manifestWith(main: string): object {
  return {
    include: [join(PROJECT, "manifest.json")],
    creation: { main },
    // By its path: then its relative imports lead to where they lead in the project.
    modules: { [`${dirname(main)}/*`]: join(PROJECT, main) },
  };
}

/**
 * @param target `lin` builds the simulator app; `esp32` compiles and links all that XS runs, without ESP-IDF's compiler
 * @param main the path of another main program, in the project, without extension
 */
export function build(target: "lin" | "esp32", settings: readonly string[], main?: string): Build {
  const directory = mkdtempSync(join(tmpdir(), "flatlink-moddable-"));
  const folder = main === undefined ? PROJECT : directory;
  if (main !== undefined) {
    writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifestWith(main)));
  }
  const name = basename(folder);
  const goal = target === "lin" ? "build" : `${directory}/tmp/esp32/instrument/${name}/mc.xs.c`;
  const run = spawnSync("mcconfig", ["-i", "-m", "-p", target, "-o", directory, "-t", goal, ...settings], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${TOOLS}:${process.env["PATH"]}` },
  });
  return {
    log: run.stdout + run.stderr,
    status: run.status,
    directory,
    name,
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
  #ended: Promise<unknown>;
  #keys: string[] = [];

  constructor({ directory, name }: Build) {
    // mcsim copies what it runs into its configuration's folder, where another one would run it too. And stdbuf, because
    // its output is buffered by the block when it is piped.
    const own = mkdtempSync(join(directory, "configuration-"));
    const app = `${directory}/bin/lin/mc/instrument/${name}/mc.so`;
    const command = [`XDG_CONFIG_HOME=${own}`, "stdbuf", "-oL", join(TOOLS, "mcsim"), app];
    this.#process = spawnOnLifeline("env", command);
    this.#ended = once(this.#process, "exit");
    this.#process.stderr?.setEncoding("utf8").on("data", (text: string) => this.lines.push(...text.split("\n")));
    let partial = "";
    this.#process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (partial + text).split("\n");
      partial = lines.pop() ?? "";
      for (const line of lines) {
        this.#line(line);
      }
    });
  }

  /** Waits until `found` gives something, for at most 30 s. */
  async until<Found>(what: string, found: () => Found | undefined): Promise<Found> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const value = found();
      if (value !== undefined) {
        return value;
      }
      const { exitCode, signalCode } = this.#process;
      const ending = exitCode ?? signalCode;
      if (Date.now() > deadline || ending !== null) {
        const end = ending === null ? "" : `, and ended (${ending})`;
        throw new Error(`the simulator did not come to this: ${what}${end}\n${this.lines.join("\n")}`);
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
    this.#process.kill();
    await this.#ended;
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
