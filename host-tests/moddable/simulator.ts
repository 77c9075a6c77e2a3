/** The firmware in the SDK's simulator: built with `mcconfig`, run by `mcsim`, watched through what it traces. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  /** Where the application is. */
  directory: string;
  remove(): void;
}

/**
 * All builds share what the tools make, so that XS and the modules are compiled once. What is compiled depends on every
 * module's name: therefore all programs are in each build, and the manifest says which one runs.
 */
const SHARED = join(PROJECT, "dist", "moddable");
const NAME = "flatlink-tests";

/** A name with a folder is that of a module. */
function mainOf(program: string | undefined, programs: string): string {
  return program === undefined ? "flatlink/main" : program.includes("/") ? program : `${programs}/${program}`;
}

/** @param program in host-tests/moddable/programs/, without extension, or a module; undefined: the project's own main program */
/** @param directory where the simulator keeps what it keeps as a file */
function manifestFor(directory: string, program: string | undefined, creation: object): object {
  const programs = "host-tests/moddable/programs";
  return {
    // The example's includes the project's.
    include: [join(PROJECT, "examples", "thermometer", "manifest.json")],
    creation: { main: mainOf(program, programs), ...creation },
    config: { file: { root: `${directory}/` } },
    // By their path: then their relative imports lead to where they lead in the project.
    preload: [`${programs}/large-dictionary`],
    modules: {
      [`${programs}/*`]: join(PROJECT, programs, "*"),
      "*": join(SHARED, "examples"),
      // Asked for by whoever is told the name of a network. Of a file that has two names, the tools take one.
      "embedded:network/interface/wifi": join(PROJECT, "host-tests", "moddable", "fake-wifi"),
    },
  };
}

/**
 * Writes a module that the next builds have, in the folder that they share.
 * @param name `examples` for the one that the program of that name runs
 * @returns its path
 */
export function writeExamples(name: string, source: string): string {
  const path = join(SHARED, `${name}.js`);
  mkdirSync(SHARED, { recursive: true });
  // At once: another test file may be building.
  writeFileSync(`${path}.new`, source);
  renameSync(`${path}.new`, path);
  return path;
}

/** Makes the next build compile everything again. */
export function forgetBuilds(): void {
  rmSync(join(SHARED, "tmp"), { recursive: true, force: true });
}

/** Arguments: the place of all builds, the target, what to make, where to put it, settings. */
const SCRIPT = `
mkdir -p "$1/${NAME}" && cp "$4/manifest.json" "$1/${NAME}" && cd "$1/${NAME}" || exit
out=$1 target=$2 goal=$3 place=$4
shift 4
mcconfig -i -m -p "$target" -o "$out" -t "$goal" "$@" || exit
if [ "$target" = lin ]; then cp "$out/bin/lin/mc/instrument/${NAME}/mc.so" "$place"; fi
`;

/**
 * @param target `lin` builds the simulator app; `esp32` compiles and links all that XS runs, without ESP-IDF's compiler
 * @param settings as for `mcconfig`
 * @param program what runs in place of the project's main program, one of host-tests/moddable/programs/, or a module
 * @param creation what the program's heap has otherwise
 */
export function build(
  target: "lin" | "esp32",
  settings: readonly string[],
  program?: string,
  creation: object = {},
): Build {
  if (!existsSync(join(SHARED, "examples.js"))) {
    writeExamples("examples", "export const examples = {};\n");
  }
  const directory = mkdtempSync(join(tmpdir(), "flatlink-moddable-"));
  writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifestFor(directory, program, creation)));
  const goal = target === "lin" ? "build" : `${SHARED}/tmp/esp32/instrument/${NAME}/mc.xs.c`;
  // One at a time, also when several test files are run at once.
  const command = [join(SHARED, "lock"), "sh", "-c", SCRIPT, "sh", SHARED, target, goal, directory, ...settings];
  const compiler = join(PROJECT, "node_modules", ".bin");
  const run = spawnSync("flock", command, {
    encoding: "utf8",
    env: { ...process.env, PATH: `${TOOLS}:${compiler}:${process.env["PATH"]}` },
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
  #ended: Promise<unknown>;
  #keys: string[] = [];

  constructor({ directory }: Build) {
    // mcsim copies what it runs into its configuration's folder, where another one would run it too. And stdbuf, because
    // its output is buffered by the block when it is piped.
    const own = mkdtempSync(join(directory, "configuration-"));
    const command = [`XDG_CONFIG_HOME=${own}`, "stdbuf", "-oL", join(TOOLS, "mcsim"), join(directory, "mc.so")];
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
