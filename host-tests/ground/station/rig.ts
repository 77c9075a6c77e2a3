/** A station with its web server and boards, for tests of both. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExecutionContext } from "ava";
import { simulatedBoard } from "../../../ground/commands/ground-boards.js";
import { Web, type WebOptions } from "../../../ground/station/http/server.js";
import { type BoardEntry, Station, type StationOptions } from "../../../ground/station/station.js";

export const TOKEN = "a-token-of-tests";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed; undefined: it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it, and a wrong shape fails them.
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export class Rig {
  readonly station: Station;
  readonly web: Web;
  readonly reports: string[] = [];

  constructor(station: Partial<StationOptions> & { readonly boards: readonly BoardEntry[] }, web: Partial<WebOptions>) {
    const report = (line: string): void => void this.reports.push(line);
    this.station = new Station({ file: ":memory:", report, ...station });
    this.web = new Web({
      station: this.station,
      host: "127.0.0.1",
      port: 0,
      token: TOKEN,
      users: undefined,
      hostNames: [],
      version: "0.0.0",
      report,
      ...web,
    });
  }

  /** With nothing but these headers, where `fetch` has some of its own. */
  async ask(path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Answer> {
    const outgoing = request({ host: "127.0.0.1", port: this.web.port, path, method, headers, agent: false });
    outgoing.end(body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body));
    const [response] = await once(outgoing, "response");
    let text = "";
    for await (const chunk of response.setEncoding("utf8")) {
      text += chunk;
    }
    return { status: response.statusCode, headers: response.headers, text, json: jsonOf(text) };
  }

  /** As a script that has the token. */
  send(path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask(path, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body }),
    });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A flatsat that reports ten times a second. */
export async function simulated(t: ExecutionContext, ...words: string[]): Promise<BoardEntry> {
  const { entry, stop } = await simulatedBoard(["beacon_interval_ms=100", ...words], (error) => t.fail(error.message));
  t.teardown(stop);
  return entry;
}

/** Runs until the test ends. */
export async function running(
  t: ExecutionContext,
  station: Partial<StationOptions> & { readonly boards: readonly BoardEntry[] },
  web: Partial<WebOptions> = {},
): Promise<Rig> {
  const rig = new Rig(station, web);
  await rig.web.listen();
  await rig.station.listen();
  rig.station.start();
  t.teardown(async () => {
    await rig.web.close();
    await rig.station.close();
  });
  return rig;
}

/** The limit is long: a machine may be busy with other things. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`not so: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function folderOf(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), "flatlink-station-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
