/** A station with its page, a simulated board behind it, and a browser in front of it. */
import { existsSync, mkdirSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { boardDictionary } from "../../../../ground/commands/board-choice.js";
import { linkChoice } from "../../../../ground/link/link-options.js";
import { keepRejected, type NewRejected } from "../../../../ground/station/archive/rejected.js";
import { bundlePage } from "../../../../ground/station/bundle-page.js";
import type { News } from "../../../../ground/station/contracts.js";
import { Web } from "../../../../ground/station/http/server.js";
import { Station } from "../../../../ground/station/station.js";
import { PROJECT, Program, patiently, portToKeep } from "../../../project.js";

/** Undefined: there is none on this machine. */
export const CHROMIUM = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
  (path) => path !== undefined && existsSync(path),
);
const TOKEN = "a-token-for-tests";
/** To look at. */
const PICTURES = process.env["FLATLINK_SCREENSHOTS"] || `${PROJECT}dist/screenshots`;

/** The flatsat that comes with the package, on a port that stays free for it while it restarts. */
export class SimulatedBoard {
  readonly port: number;
  #program: Program | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<SimulatedBoard> {
    const board = new SimulatedBoard(await portToKeep());
    await board.start();
    return board;
  }

  async start(): Promise<void> {
    this.#program = new Program(process.execPath, [
      "dist/host/simulator.js",
      "--engine",
      "node",
      "--listen",
      `space-packets:${this.port},crc=check16`,
    ]);
    await this.#program.prints(/^try it:/m);
  }

  async stop(): Promise<void> {
    await this.#program?.stop("SIGKILL");
    this.#program = undefined;
  }
}

/** A station with its HTTP server. */
export class Rig {
  readonly station: Station;
  #web: Web;

  readonly #openMct: URL | undefined;

  private constructor(station: Station, openMct: URL | undefined) {
    this.station = station;
    this.#openMct = openMct;
    this.#web = webOf(station, 0, openMct);
  }

  static async open(station: Station, openMct?: URL): Promise<Rig> {
    const rig = new Rig(station, openMct);
    await rig.#web.listen();
    station.start();
    return rig;
  }

  get web(): Web {
    return this.#web;
  }

  /** To browsers, the station is gone; it goes on with its boards. */
  async hangUp(): Promise<void> {
    const { port } = this.#web;
    await this.#web.close();
    this.#web = webOf(this.station, port, this.#openMct);
  }

  async reopen(): Promise<void> {
    await patiently(() => this.#web.listen());
  }

  async close(): Promise<void> {
    await this.#web.close();
    await this.station.close();
  }
}

function webOf(station: Station, port: number, openMct: URL | undefined): Web {
  return new Web({
    station,
    host: "127.0.0.1",
    port,
    token: TOKEN,
    users: undefined,
    hostNames: [],
    openMct,
    version: "0.0.0",
    report: () => {},
  });
}

/**
 * @param ports of boards by name, with the flatsat's dictionary
 * @param openMct where it is; undefined: it is not served
 */
export async function stationFor(
  ports: Readonly<Record<string, number>>,
  settings: Record<string, string> = {},
  openMct?: URL,
): Promise<Rig> {
  await bundlePage();
  const first = Object.values(ports)[0];
  const dictionary = await boardDictionary({
    board: undefined,
    framings: undefined,
    settings: { listen: `space-packets:${first},crc=check16`, ...settings },
  });
  const station = new Station({
    file: ":memory:",
    boards: Object.entries(ports).map(([name, port]) => ({
      name,
      link: linkChoice({ host: "127.0.0.1", port, framing: "space-packets,crc=check16" }),
      dictionary,
    })),
    report: () => {},
  });
  return Rig.open(station, openMct);
}

/** A packet comes, as if the board had sent it. */
export function bring(station: Station, name: string, bytes: Uint8Array): void {
  const { archive, bus } = station;
  const { id: board, hash: dictionary, alarms } = station.board(name)!;
  const headers = { stamp: null, synchronized: null, service: bytes[7]!, subtype: bytes[8]!, count: null };
  const row = { board, session: 0, dictionary, received: Date.now(), ...headers, bytes };
  for (const packet of archive.addPackets([row])) {
    const { samples, events, news } = station.deriverOf(packet)!.derive(packet);
    const raised = alarms.look(news).map((alarm): News => ({ kind: "alarm", board: name, alarm }));
    archive.addDerived({ from: packet.id, upTo: packet.id, samples, events }, () => alarms.store());
    alarms.stored();
    for (const one of [...news, ...raised]) {
      bus.tell(one);
    }
  }
}

/** Octets come that are no packet. */
export function bringRejected(station: Station, name: string, piece: Omit<NewRejected, "received">): void {
  const { archive, bus } = station;
  for (const rejected of keepRejected(archive, station.board(name)!.id, [{ received: Date.now(), ...piece }])) {
    bus.tell({ kind: "rejected", board: name, rejected });
  }
}

/** @throws (rejects) when there is no Chromium */
export function openBrowser(): Promise<Browser> {
  // The second: in containers the shared memory is small.
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--js-flags=--expose-gc"];
  return chromium.launch({ executablePath: CHROMIUM!, args });
}

export interface Opened {
  readonly page: Page;
  /** What the console, or an exception that nobody caught, said was wrong. */
  readonly errors: string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  { width = 1280, height = 800, dark = false }: { width?: number; height?: number; dark?: boolean } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      errors.push(message.text());
    }
  });
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

/** Keeps what the page looks like. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

/** How far the page is wider than the window, or a table than its place, in pixels. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(
      document.documentElement.scrollWidth - innerWidth,
      ...[...document.querySelectorAll(".scroll")].map((table) => table.scrollWidth - table.clientWidth),
    ),
  );
}
