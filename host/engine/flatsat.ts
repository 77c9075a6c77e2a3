/** The flatsat application for a desktop: what `main.ts` is on a board. Runs on Node and in the XS worker. */
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import type { Platform, RunningApplication } from "./application.js";

/** Tells what the fixed memory is used for, before anything listens. */
export interface MemoryEvent {
  readonly event: "memory";
  /** Bytes. */
  readonly capacity: number;
  readonly used: number;
  readonly regions: readonly { readonly name: string; readonly length: number }[];
}

/** @param settings text by name, as `parseConfiguration` takes them */
export function start(settings: unknown, platform: Platform): RunningApplication {
  const configuration = parseConfiguration(settings as Record<string, string>);
  const flatsat = new Flatsat({
    ...configuration,
    io: platform.io,
    ticker: platform.ticker,
    clock: platform.clock,
    now: Date.now,
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
