/**
 * Starts a board again and again, with one configuration after the other, for the test on the Moddable SDK: `boots` has
 * them, as an array in JSON, each character that a command line may not like as in a URI. Whatever becomes of one, the next
 * follows; it shall be the last that serves.
 */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import { abortHook } from "flatlink/flatsat/abort-hook";
import { startBoard } from "flatlink/flatsat/board";
import type { Io, Ticker } from "flatlink/link/connection/io";
import config from "mc/config";
import Time from "time";
import Timer from "timer";

Object.assign(globalThis, { abort: abortHook(trace) });

const ticker: Ticker = {
  start(intervalMs, callback) {
    const timer = Timer.repeat(callback, intervalMs);
    return { stop: () => Timer.clear(timer) };
  },
};

const boots = JSON.parse(decodeURIComponent(String(config["boots"]))) as Record<string, unknown>[];

/** A turn for each: what one leaves behind may be collected. */
function boot(number: number): void {
  const settings = boots[number];
  if (settings === undefined) {
    trace("all have started\n");
    return;
  }
  trace(`boot ${number}\n`);
  startBoard({
    config: settings,
    io: { Listener, TCP } as unknown as Io,
    ticker,
    clock: () => Time.ticks,
    now: () => Number.NaN,
    log: (line) => trace(`${line}\n`),
    wifi: () => undefined,
  });
  Timer.set(() => boot(number + 1));
}
boot(0);
