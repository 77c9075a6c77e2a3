/** A Yamcs server with what is generated, started as its README says, and its HTTP API. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeFiles } from "../../ground/generate/write-files.js";
import { yamcsFiles } from "../../ground/generate/yamcs.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Program, portToKeep } from "../project.js";
import { jars } from "./environment.js";

/** It takes 4 s where nothing else runs. */
const START_MS = 300_000;
const REQUEST_MS = 30_000;
/** Answers come within milliseconds; but Yamcs lets 10 s pass between two attempts to connect, and the machine may be busy. */
const LIMIT_MS = 60_000;

export function demand(condition: boolean, what: string): asserts condition {
  if (!condition) {
    throw new Error(what);
  }
}

/** @param what in words, when it is not there; @param probe gives undefined as long as it is not so */
export async function until<Found>(
  what: string | (() => string),
  probe: () => Promise<Found | undefined>,
  betweenMs = 50,
): Promise<Found> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`no ${typeof what === "string" ? what : what()} within ${LIMIT_MS} ms`);
    }
    await pause(betweenMs);
  }
}

interface History {
  readonly attr?: readonly { readonly name: string; readonly value: { stringValue?: string; binaryValue?: string } }[];
}

export interface Answer {
  readonly status: number;
  /** Of the error. */
  readonly message: string;
}

export class Yamcs {
  readonly #folder: string;
  readonly #begin: () => Program;
  #program: Program;
  readonly #api: string;

  private constructor(folder: string, library: string, port: number, boardPort: number) {
    this.#folder = folder;
    this.#api = `http://127.0.0.1:${port}/api/`;
    this.#begin = () =>
      new Program("sh", [join(folder, "start.sh"), "127.0.0.1", String(boardPort)], {
        YAMCS_LIB: library,
        YAMCS_PORT: String(port),
        // Quick to start; what it unpacks goes where the rest is.
        JAVA_OPTS: `-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=${folder}`,
      });
    this.#program = this.#begin();
  }

  /**
   * @param boards an instance for each
   * @param boardPort of all of them
   * @param change of what was generated, in this folder
   * @throws Unavailable where Yamcs is not to be had
   */
  static async start(
    boards: readonly BoardDictionary[],
    boardPort: number,
    change: (folder: string) => void = () => {},
  ): Promise<Yamcs> {
    const folder = mkdtempSync(join(tmpdir(), "flatlink-yamcs-"));
    let yamcs: Yamcs | undefined;
    try {
      const instances: string[] = [];
      for (const board of boards) {
        await writeFiles(folder, yamcsFiles(board));
        instances.push(/instances: \[(.*)\]/.exec(readFileSync(join(folder, "etc/yamcs.yaml"), "utf8"))![1]!);
      }
      // Files of an instance have its name: only the list of instances is the server's.
      const server = join(folder, "etc/yamcs.yaml");
      writeFileSync(
        server,
        readFileSync(server, "utf8").replace(/instances: .*/, `instances: [${instances.join(", ")}]`),
      );
      change(folder);
      yamcs = new Yamcs(folder, jars(join(folder, "pom.xml")), await portToKeep(), boardPort);
      await yamcs.#program.prints(/Yamcs started in /, START_MS);
      return yamcs;
    } catch (error) {
      await yamcs?.stop();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Ends it, and starts it again. @param forgets its archive is lost, with all that it has kept */
  async restart(signal: NodeJS.Signals, forgets = false): Promise<void> {
    await this.#program.stop(signal);
    if (forgets) {
      rmSync(join(this.#folder, "data"), { recursive: true });
    }
    this.#program = this.#begin();
    await this.#program.prints(/Yamcs started in /, START_MS);
  }

  get version(): string {
    return this.#program.output.match(/INFO Yamcs ([\d.]+)/)?.[1] ?? "unknown";
  }

  /** What it complained about until it had started. */
  get complaints(): string[] {
    const [start = ""] = this.#program.output.split("Yamcs started in ");
    return start.split("\n").filter((line) => /WARNING|SEVERE|Exception|ERROR/.test(line));
  }

  /** How often its link to this port has connected. */
  connections(port: number): number {
    return this.#program.output.split(`Link established to 127.0.0.1:${port}\n`).length - 1;
  }

  /** @param body if there is one, it is a POST */
  async ask<Found>(path: string, body?: object): Promise<Found> {
    const response = await this.#fetch(path, body);
    const answer = await response.json();
    demand(response.ok, `Yamcs answers ${path} with ${response.status}: ${JSON.stringify(answer)}`);
    return answer as Found;
  }

  /** Changes something. */
  async put(path: string, body: object): Promise<void> {
    const options: RequestInit = { method: "PUT", body: JSON.stringify(body) };
    const response = await fetch(this.#api + path, { ...options, signal: AbortSignal.timeout(REQUEST_MS) });
    demand(response.ok, `Yamcs answers ${path} with ${response.status}: ${await response.text()}`);
  }

  /** The same for what may be refused. */
  async attempt(path: string, body: object): Promise<Answer> {
    const response = await this.#fetch(path, body);
    const { msg = "" } = (await response.json()) as { msg?: string };
    return { status: response.status, message: msg };
  }

  /** Sends a telecommand, and waits until Yamcs is done with it. @returns Yamcs's history of it */
  async command(instance: string, name: string, args: object = {}): Promise<Record<string, string>> {
    const { id } = await this.ask<{ id: string }>(`processors/${instance}/realtime/commands/${instance}/${name}`, {
      args,
    });
    const probe = async (): Promise<Record<string, string> | undefined> => {
      const { attr = [] } = await this.ask<History>(`archive/${instance}/commands/${id}`);
      const pairs = attr.map((each) => [each.name, each.value.stringValue ?? each.value.binaryValue ?? ""]);
      const history: Record<string, string> = Object.fromEntries(pairs);
      const ended = history["CommandComplete_Status"] !== undefined || Object.values(history).includes("TIMEOUT");
      return ended ? history : undefined;
    };
    return until(`end of ${name}`, probe, 4);
  }

  /** At once: nothing of it is kept. */
  async stop(): Promise<void> {
    const ended = this.#program.stop("SIGKILL");
    // Right here, for a process that exits; what is being written still meets the retries.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    await ended;
  }

  #fetch(path: string, body: object | undefined): Promise<Response> {
    const options: RequestInit = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    return fetch(this.#api + path, { ...options, signal: AbortSignal.timeout(REQUEST_MS) });
  }
}
