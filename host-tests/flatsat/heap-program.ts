/** Imported inside XS: makes applications and keeps them, for the test that counts the slots that they take. */
import * as flatsat from "../../examples/flatsat/board.js";
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import type { AnyBoard, AnyBoardModule } from "../../modules/flatsat/board-module.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { slotsNeeded } from "../../modules/flatsat/heap-slots.js";
import type { BoardPlatform } from "../../modules/flatsat/platform.js";
import { openConsole, type SerialPort } from "../../modules/flatsat/serial-console.js";
import { BoardSecurity } from "../../modules/security/board-security.js";
import { parseSecurity } from "../../modules/security/roles.js";
import type { SecurityStore } from "../../modules/security/security-store.js";

const kept: unknown[] = [];

/** It outlives the applications; on a board, it takes no slots for what it keeps. */
class Store implements SecurityStore {
  readonly #kept = new Map<string, Uint8Array>();

  load(name: string): Uint8Array | undefined {
    return this.#kept.get(name)?.slice();
  }

  save(name: string, octets: Uint8Array): void {
    this.#kept.set(name, octets.slice());
  }

  erase(name: string): void {
    this.#kept.delete(name);
  }
}

const store = new Store();
/** With a key for every SPI that a test names. */
for (let spi = 1; spi <= 9; spi++) {
  const setting = parseSecurity(spi === 9 ? "9=telemetry" : `${spi}=commander`);
  new BoardSecurity(setting, store, (key) => new Aes256Gcm(key)).provision(spi, new Uint8Array(32).fill(spi));
}

/** All that a board may have: it adds parameters and a function. */
const PLATFORM: BoardPlatform = {
  rssi: () => 0,
  freeSlots: () => 0,
  freeChunks: () => 0,
  resetReason: 1,
  restart() {},
  time: { ask: () => ({ close() {} }), set() {} },
  securityStore: store,
};

/** Kept, as the platform's is; what it has of native code takes no slots of XS. */
class Serial implements SerialPort {
  readonly target: unknown;

  constructor({ target }: { target: unknown }) {
    this.target = target;
    kept.push(this);
  }

  read(): undefined {}

  write(): void {}
}

/** Boards of one's own by name; on a board they stand in flash. */
const boards = new Map<string, AnyBoardModule>([["flatsat", flatsat]]);

/** A board that does nothing, with a handler for each entry, and a handle for each parameter and event, as most boards have. */
function define(name: string, dictionary: Dictionary): void {
  const { functions = {}, services = {} } = dictionary;
  const bind = (board: AnyBoard) => ({
    tick: handlesOf(board, dictionary),
    functions: Object.fromEntries(Object.keys(functions).map((key) => [key, () => 0])),
    services: Object.fromEntries(
      Object.entries(services).map(([key, { requests = {} }]) => [
        key,
        Object.fromEntries(Object.keys(requests).map((request) => [request, () => 0])),
      ]),
    ),
  });
  boards.set(name, { dictionary, bind } satisfies { dictionary: Dictionary; bind(board: AnyBoard): unknown });
}

function handlesOf(board: AnyBoard, { parameters = {}, events = {} }: Dictionary): () => void {
  const handles = {
    ...Object.fromEntries(Object.keys(parameters).map((name) => [name, board.parameter(name)])),
    ...Object.fromEntries(Object.keys(events).map((name) => [name, board.event(name)])),
  };
  return () => board.raise(handles["event"] ?? 0);
}

/** @returns the slots that are said to be needed */
function boot(settings: Record<string, string>, name = ""): string {
  const configuration = parseConfiguration({ memory: "400000", ...settings });
  const network = new LoopbackNetwork();
  const board = boards.get(name);
  const application = new Flatsat({
    ...configuration,
    io: createIo(network),
    ticker: { start: () => ({ stop() {} }) },
    clock: () => 0,
    now: () => 0,
    platform: PLATFORM,
    board,
    report() {},
  });
  application.start();
  const { security } = application;
  openConsole({ where: "0:3:1", keys: security, serial: () => Serial, clock: () => 0, log() {} });
  kept.push(network, application);
  return String(slotsNeeded({ ...configuration, memory: application.memory, dictionary: board?.dictionary }));
}

Object.assign(globalThis, { boot, define });
