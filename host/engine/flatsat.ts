/** The flatsat application for a desktop: what `main.ts` is on a board. Runs on Node and in the XS worker. */
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { type BoardPlatform, RESET_POWER_ON, RESET_SOFTWARE } from "../../modules/flatsat/platform.js";
import type { Platform, RunningApplication } from "./application.js";

/** Tells what the fixed memory is used for, before anything listens. */
export interface MemoryEvent {
  readonly event: "memory";
  /** Bytes. */
  readonly capacity: number;
  readonly used: number;
  readonly regions: readonly { readonly name: string; readonly length: number }[];
}

/** A desktop has no radio, and no heap of a board's size: values as a board has them, always the same. */
const RSSI_DBM = -55;
const FREE_SLOTS = 512;
const FREE_CHUNKS = 16_384;

/** The board's clock: this machine's, which is not ours to set, and by how much it was set otherwise. */
class ImitatedClock {
  #aheadMs = 0;

  now(): number {
    return Date.now() + this.#aheadMs;
  }

  set(unixMs: number): void {
    this.#aheadMs = unixMs - Date.now();
  }
}

function imitate(platform: Platform, clock: ImitatedClock): BoardPlatform {
  return {
    resetReason: platform.restarted ? RESET_SOFTWARE : RESET_POWER_ON,
    rssi: () => RSSI_DBM,
    freeSlots: () => FREE_SLOTS,
    freeChunks: () => FREE_CHUNKS,
    // Any server has the time of this machine.
    time: {
      ask(_server, answer) {
        answer(Date.now());
        return { close() {} };
      },
      set: (unixMs) => clock.set(unixMs),
    },
    restart: () => platform.restart(),
    ...(platform.securityStore === undefined ? {} : { securityStore: platform.securityStore }),
  };
}

/** @param settings text by name, as `parseConfiguration` takes them */
export function start(settings: unknown, platform: Platform): RunningApplication {
  const configuration = parseConfiguration(settings as Record<string, string>, undefined, platform.framings);
  const clock = new ImitatedClock();
  const flatsat = new Flatsat({
    ...configuration,
    io: platform.io,
    ticker: platform.ticker,
    clock: platform.clock,
    now: () => clock.now(),
    platform: imitate(platform, clock),
    board: platform.board,
    report: (event) => platform.report(event),
  });
  const { capacity, used, regions } = flatsat.memory;
  const memory: MemoryEvent = {
    event: "memory",
    capacity,
    used,
    regions: regions.map(({ name, length }) => ({ name, length })),
  };
  platform.report(memory);
  flatsat.start();
  return flatsat;
}
