/** Imported inside XS: makes applications and keeps them, for the test that counts the slots that they take. */
import { createIo } from "../../host/engine/io.js";
import { LoopbackNetwork } from "../../host/engine/loopback.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import { Flatsat } from "../../modules/flatsat/application.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { slotsNeeded } from "../../modules/flatsat/heap-slots.js";
import type { BoardPlatform } from "../../modules/flatsat/platform.js";

const kept: unknown[] = [];

/** All that a board may have: it adds parameters and a function. */
const PLATFORM: BoardPlatform = {
  rssi: () => 0,
  freeSlots: () => 0,
  freeChunks: () => 0,
  resetReason: 1,
  restart() {},
  time: { ask: () => ({ close() {} }), set() {} },
};

const MONITORED = defineDictionary({
  name: "monitored",
  parameters: { celsius: { id: 256, type: "int8", limits: { warning: { high: 50 } }, monitoring: {} } },
});

/** @returns the slots that are said to be needed */
function boot(settings: Record<string, string>, monitors = false): string {
  const board = monitors ? { dictionary: MONITORED, bind: () => ({}) } : undefined;
  const configuration = parseConfiguration({ memory: "400000", ...settings });
  const network = new LoopbackNetwork();
  const flatsat = new Flatsat({
    ...configuration,
    io: createIo(network),
    ticker: { start: () => ({ stop() {} }) },
    clock: () => 0,
    now: () => 0,
    platform: PLATFORM,
    board,
    report() {},
  });
  flatsat.start();
  kept.push(network, flatsat);
  return String(slotsNeeded({ ...configuration, memory: flatsat.memory, dictionary: board?.dictionary }));
}

Object.assign(globalThis, { boot });
