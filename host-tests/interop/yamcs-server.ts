/** A Yamcs server with an instance for each board, the data link of docs/ground-tools.md in each, and its HTTP API. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXAMPLES } from "../examples.js";
import { Program, portToKeep, projectFile } from "../project.js";

const FILES = "host-tests/interop/yamcs/";
const PAGE = "docs/ground-tools.md";
/** It takes 10 s where nothing else runs. */
const START_MS = 300_000;
const REQUEST_MS = 30_000;

/** What the page has people write where the board's time stamps are CDS, and in the place of what. */
const TIME_ENCODING = /timeEncoding: .*/;
/** Where it begins in a telemetry packet. */
const TIME_STAMP_BIT = 104;
const LOCAL_TIME = "useLocalGenerationTime: true";

export interface Instance {
  readonly name: string;
  /** The board's. */
  readonly port: number;
  readonly timeCode: "cds" | "cuc";
}

/** The page's link, for a board on this machine. */
function dataLink({ port, timeCode }: Instance): string {
  const link = EXAMPLES.find(({ page, language }) => page === PAGE && language === "yaml")?.code ?? "";
  const prose = projectFile(PAGE).replace(/\s+/g, " ");
  if (!TIME_ENCODING.test(link) || !prose.includes(`\`${LOCAL_TIME}\` in the place of \`timeEncoding\``)) {
    throw new Error(`the link for Yamcs in ${PAGE} is not what is tested here`);
  }
  const local = link.replace(/host: .*/, "host: 127.0.0.1").replace(/port: .*/, `port: ${port}`);
  return timeCode === "cds" ? local.replace(TIME_ENCODING, LOCAL_TIME) : local;
}

function configure(folder: string, port: number, instances: readonly Instance[]): void {
  mkdirSync(join(folder, "etc"));
  const etc = (file: string, text: string): void => writeFileSync(join(folder, "etc", file), text);
  const names = instances.map(({ name }) => name).join(", ");
  etc("yamcs.yaml", projectFile(`${FILES}yamcs.yaml`).replace("@PORT@", `${port}`).replace("@INSTANCES@", names));
  etc("processor.yaml", projectFile(`${FILES}processor.yaml`));
  for (const instance of instances) {
    const database = join(folder, `${instance.name}.xml`);
    const bits = instance.timeCode === "cuc" ? 64 : 56;
    const xml = projectFile(`${FILES}flatsat.xml`)
      .replace("@TIME_STAMP_BITS@", `${bits}`)
      .replaceAll("@REQUEST_APID_BIT@", `${TIME_STAMP_BIT + bits + 5}`);
    writeFileSync(database, xml);
    const services = projectFile(`${FILES}instance.yaml`).replace("@DATABASE@", JSON.stringify(database));
    etc(`yamcs.${instance.name}.yaml`, `${services}${dataLink(instance)}\n`);
  }
}

export class Yamcs {
  readonly #folder = mkdtempSync(join(tmpdir(), "flatlink-yamcs-"));
  readonly #program: Program;
  readonly #api: string;

  private constructor(jars: string, port: number, instances: readonly Instance[]) {
    this.#api = `http://127.0.0.1:${port}/api/`;
    configure(this.#folder, port, instances);
    this.#program = new Program("java", [
      // Small, and quick to start; what it unpacks goes where the rest is.
      ...["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", `-Djava.io.tmpdir=${this.#folder}`],
      ...["-cp", join(jars, "*"), "org.yamcs.YamcsServer", "--no-color", "--etc-dir", join(this.#folder, "etc")],
      ...["--data-dir", join(this.#folder, "data"), "--cache-dir", join(this.#folder, "cache")],
    ]);
  }

  /** @param jars the folder they are in */
  static async start(jars: string, instances: readonly Instance[]): Promise<Yamcs> {
    const yamcs = new Yamcs(jars, await portToKeep(), instances);
    try {
      await yamcs.#program.prints(/Yamcs started in /, START_MS);
    } catch (error) {
      await yamcs.stop();
      throw error;
    }
    return yamcs;
  }

  get version(): string {
    return this.#program.output.match(/INFO Yamcs ([\d.]+)/)?.[1] ?? "unknown";
  }

  /** How often its link to this port has connected. */
  connections(port: number): number {
    return this.#program.output.split(`Link established to 127.0.0.1:${port}\n`).length - 1;
  }

  /** @param body if there is one, it is a POST */
  async ask<Answer>(path: string, body?: object): Promise<Answer> {
    const options: RequestInit = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const response = await fetch(this.#api + path, { ...options, signal: AbortSignal.timeout(REQUEST_MS) });
    const answer = await response.json();
    if (!response.ok) {
      throw new Error(`Yamcs answers ${path} with ${response.status}: ${JSON.stringify(answer)}`);
    }
    return answer as Answer;
  }

  /** At once: nothing of it is kept. */
  async stop(): Promise<void> {
    const ended = this.#program.stop("SIGKILL");
    // Right here, for a process that exits; what is being written still meets the retries.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    await ended;
  }
}
