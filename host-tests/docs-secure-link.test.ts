/**
 * Every command of docs/secure-link.md, and what the README shows of it, is run in the order of the page, in a folder of its own:
 * keys, board, gateway, rotation.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { EXAMPLES, isSecureLink } from "./examples.js";
import { FLATLINK } from "./ground/commands/run.js";
import { Program, portToKeep } from "./project.js";

/** In a clone, commands are npm's scripts. */
const SCRIPTS: readonly (readonly [pattern: RegExp, command: string])[] = [
  [/^npm run flatlink --/, "npx flatlink"],
  [/^npm start --/, "npx flatlink simulate"],
];

function linesOf(isPage: (page: string) => boolean): string[] {
  return EXAMPLES.filter((example) => isPage(example.page) && isSecureLink(example) && !example.notRun)
    .filter(({ language }) => language === "sh")
    .flatMap(({ code }) => code.split("\n"))
    .map((line) => SCRIPTS.reduce((text, [pattern, command]) => text.replace(pattern, command), line));
}

/** What the page says is printed, line by line. */
function printedOf(isPage: (page: string) => boolean): string[] {
  return EXAMPLES.filter((example) => isPage(example.page) && isSecureLink(example) && example.language === "text")
    .flatMap(({ code }) => code.split("\n"))
    .map(withoutNumbers);
}

/** Identifiers, times, counts and ports are others each time. */
function withoutNumbers(line: string): string {
  return line
    .replace(/\b[0-9a-f]{16}\b/g, "ID")
    .replace(/ +[\d.]+ ms/g, " MS")
    .replace(/sequence count \d+/g, "COUNT")
    .replace(/port \d+/g, "PORT")
    .trim();
}

/** Answers to the ping: 1,1, 1,3, 17,2 and 1,7. */
const REPORTS = [/ 21 01 01 /, / 21 01 03 /, / 21 11 02 /, / 21 01 07 /];

function has(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}

/** What the reader has running. */
class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), "flatlink-secure-link-"));
  readonly #programs: Program[] = [];
  /** By the ports of the page. */
  readonly #ports: ReadonlyMap<string, number>;
  #board: Program | undefined;
  #boardLine = "";
  #gateway: Program | undefined;

  static async make(t: ExecutionContext): Promise<Desk> {
    const ports = new Map<string, number>();
    for (const port of ["7303", "7310", "7311", "7380", "10018"]) {
      ports.set(port, await portToKeep());
    }
    const desk = new Desk(ports);
    t.teardown(async () => {
      await Promise.all([desk.#board?.stop("SIGKILL"), desk.#gateway?.stop("SIGKILL")]);
      rmSync(desk.folder, { recursive: true, force: true });
    });
    return desk;
  }

  private constructor(ports: ReadonlyMap<string, number>) {
    this.#ports = ports;
  }

  /** What all programs have printed, line by line. */
  get printed(): string[] {
    return this.#programs.flatMap(({ output }) => output.split("\n")).map(withoutNumbers);
  }

  /** In place of the one before. */
  async startBoard(line: string): Promise<void> {
    await this.stopBoard();
    this.#boardLine = line;
    this.#board = this.#start(line);
    await this.#board.prints(/listening on 127\.0\.0\.1 port \d+: tc-frames/);
  }

  async stopBoard(): Promise<void> {
    await this.#board?.stop("SIGINT");
    this.#board = undefined;
  }

  /** In place of the one before. */
  async startGateway(line: string): Promise<void> {
    await this.#gateway?.stop("SIGINT");
    this.#gateway = this.#start(line);
    await this.#gateway.prints(/connected to 127\.0\.0\.1 port \d+/);
  }

  /** It has the key for itself, so the gateway is ended. */
  async runStation(line: string): Promise<void> {
    await this.#gateway?.stop("SIGINT");
    this.#gateway = undefined;
    const station = this.#start(line);
    try {
      await station.prints(/http:\/\/127\.0\.0\.1:\d+\//);
    } finally {
      await station.stop("SIGINT");
    }
  }

  /** A simulated board must not run while it gets a key. */
  async provision(line: string): Promise<string> {
    const isRunning = this.#board !== undefined;
    await this.stopBoard();
    const output = await this.run(line);
    if (isRunning) {
      await this.startBoard(this.#boardLine);
    }
    return output;
  }

  /** @throws Error when it does not end well */
  async run(line: string): Promise<string> {
    const program = this.#start(line);
    const code = await program.exitCode;
    if (code !== 0) {
      throw new Error(`${line}\nended with ${code}:\n${program.output}`);
    }
    return program.output;
  }

  #start(line: string): Program {
    const own = line
      .replace(/^npx flatlink/, `exec ${process.execPath} ${FLATLINK}`)
      .replace(/\b(7303|7310|7311|7380|10018)\b/g, (port) => String(this.#ports.get(port)));
    const program = new Program("bash", ["-c", `cd ${this.folder} && ${own}`]);
    this.#programs.push(program);
    return program;
  }
}

async function runAll(t: ExecutionContext, desk: Desk, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const [, action = "shell"] = /^npx flatlink (keys provision|keys|\w+)/.exec(line) ?? [];
    switch (action) {
      case "simulate":
        await desk.startBoard(line);
        break;
      case "secure":
        await desk.startGateway(line);
        break;
      case "ground":
        await desk.runStation(line);
        break;
      case "keys provision": {
        const state = line.includes("--ready") ? "ready" : line.includes("--telemetry") ? "seals telemetry" : "active";
        t.regex(await desk.provision(line), new RegExp(`SPI \\d in \\S+-keys: ${state}`));
        break;
      }
      case "send":
        t.regex(await desk.run(line), /completed/, line);
        break;
      case "shell": {
        const tool = line.startsWith("python3") ? "python3" : "nc";
        if (!has(tool)) {
          t.log(`there is no ${tool}: not run`);
          break;
        }
        const output = (await desk.run(line)).replace(/^\d{7} /gm, " ").replace(/\n/g, "");
        for (const report of REPORTS) {
          t.regex(output, report, line);
        }
        break;
      }
      default:
        await desk.run(line);
    }
  }
}

test("what the README shows of keys does what it says", async (t) => {
  t.timeout(300_000);
  const lines = linesOf((page) => page === "README.md");
  t.is(lines.length, 4);
  await runAll(t, await Desk.make(t), lines);
});

test("the page's commands do what it says, one after the other", async (t) => {
  t.timeout(900_000);
  const desk = await Desk.make(t);
  const lines = linesOf((page) => page !== "README.md");
  t.true(lines.length >= 27, `${lines.length} commands`);
  await runAll(t, desk, lines);
  const { printed } = desk;
  for (const line of printedOf((page) => page !== "README.md")) {
    t.true(printed.includes(line), `${line}\n${printed.join("\n")}`);
  }
  t.is(
    readFileSync(join(desk.folder, "commander.key.counter"), "utf8"),
    `${(100_000).toString(16).padStart(24, "0")}\n`,
  );
  // The gateway's port, which the board does not have.
  for (const file of ["tools/README.md", "plugin/plugin.txt", "yamcs/etc/yamcs.flatsat.yaml"]) {
    t.regex(readFileSync(join(desk.folder, file), "utf8"), /\b7311\b/, file);
  }
});
