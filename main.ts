/**
 * The board: the flatsat application on a Moddable platform, configured by `mcconfig ... name=value`.
 *
 * The only file that knows the platform. It is not preloaded, so that what it makes lives in RAM. What it starts, and how,
 * is in modules/flatsat/board.ts.
 */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import { abortHook } from "flatlink/flatsat/abort-hook";
import { startBoard } from "flatlink/flatsat/board";
import type { AnyBoardModule } from "flatlink/flatsat/board-module";
import { type BoardPlatform, EARLIEST_TIME, type TimeSource } from "flatlink/flatsat/platform";
import type { SerialClass } from "flatlink/flatsat/serial-console";
import type { WiFiClass } from "flatlink/flatsat/station";
import type { Clock, Io, Ticker } from "flatlink/link/connection/io";
import { PreferenceStore, type Preferences } from "flatlink/security/preference-store";
import config from "mc/config";
import Modules from "modules";
import Time from "time";
import Timer from "timer";

/** In modules/flatsat/heap.c. XS puts the function of that name in the place of the call. */
declare function native(name: string): unknown;
const freeSlots = native("xs_flatlink_free_slots") as () => number;
const freeChunks = native("xs_flatlink_free_chunks") as () => number;

Object.assign(globalThis, { abort: abortHook(trace) });

/** Milliseconds that do not go round after 24 days, as `Time.ticks` does. */
let ticks = Time.ticks;
let elapsed = 0;
const clock: Clock = () => {
  const now = Time.ticks;
  elapsed += Time.delta(ticks, now);
  ticks = now;
  return elapsed;
};

function now(): number {
  const time = Date.now();
  return time < EARLIEST_TIME ? Number.NaN : time;
}

const ticker: Ticker = {
  start(intervalMs, callback) {
    const timer = Timer.repeat(callback, intervalMs);
    return { stop: () => Timer.clear(timer) };
  },
};

/** The default export of a module that not every platform has. */
function optional<Export>(name: string): Export | undefined {
  return Modules.has(name) ? (Modules.importNow(name) as Export) : undefined;
}

/** The SDK's SNTP client; its typings leave `close` out. Seconds come first, then a failure. */
type SntpClass = new (
  options: { host: string },
  callback: (message: number, value: unknown) => void,
) => { close(): void };
const SNTP_TIME = 1;
const SNTP_ERROR = -1;

const time: TimeSource = {
  ask(server, answer) {
    // Only when it is wanted: it brings sockets of its own.
    const Sntp = Modules.importNow("sntp") as SntpClass;
    return new Sntp({ host: server }, (message, value) => {
      if (message === SNTP_TIME) {
        answer(Number(value) * 1000);
      } else if (message === SNTP_ERROR) {
        answer(undefined);
      }
    });
  },
  set: (unixMs) => Time.set(Math.round(unixMs / 1000)),
};

function platform(): BoardPlatform {
  const resetReason = optional<() => { reason: number }>("resetReason")?.().reason;
  // Only when it is wanted: in the simulator, it and all that it keeps stand in the heap.
  const preferences = config["security"] ? optional<Preferences>("preference") : undefined;
  const restart = (globalThis as { System?: { restart?(): void } }).System?.restart;
  return {
    freeSlots,
    freeChunks,
    time,
    ...(resetReason === undefined ? {} : { resetReason }),
    ...(restart === undefined ? {} : { restart }),
    ...(preferences === undefined ? {} : { securityStore: new PreferenceStore(preferences) }),
  };
}

/** A board of one's own, and what its main program hands to it. */
export interface OwnBoard {
  board?: AnyBoardModule;
  given?: unknown;
}

/** Starts the board. XS calls it when this is the main program; one of one's own calls it with what is its own. */
export default function start(own: OwnBoard = {}): void {
  startBoard({
    config: config as Record<string, unknown>,
    // The SDK's sockets keep this contract; their typings are wider (a read is said to return nothing).
    io: { Listener, TCP } as unknown as Io,
    ticker,
    clock,
    now,
    log: (line) => trace(`${line}\n`),
    wifi: () => optional<WiFiClass>("embedded:network/interface/wifi"),
    serial: () => optional<SerialClass>("embedded:io/serial"),
    platform,
    ...own,
  });
}
