/**
 * The board: the flatsat application on a Moddable platform, configured by `mcconfig ... name=value`.
 *
 * The only file that knows the platform; it is not preloaded, so that what it makes lives in RAM.
 */
import Listener from "embedded:io/socket/listener";
import TCP from "embedded:io/socket/tcp";
import config from "mc/config";
import Time from "time";
import Timer from "timer";
import { Flatsat, type FlatsatEvent } from "./modules/flatsat/application.js";
import { parseConfiguration } from "./modules/flatsat/configuration.js";
import { SETTINGS } from "./modules/flatsat/settings.js";
import { Station, type WiFiClass } from "./modules/flatsat/station.js";
import type { Clock, Io, Ticker } from "./modules/link/io.js";

function log(line: string): void {
  trace(`${line}\n`);
}

// The last resort (manifest: abortHook). What the link lets through came from elsewhere: one callback is lost, and the
// link goes on. Everything else, memory full first of all, restarts the board.
function abort(reason: string, exception: unknown): boolean | undefined {
  log(`abort: ${reason}: ${String(exception)}`);
  return reason === "unhandled exception" || reason === "unhandled rejection" ? false : undefined;
}
Object.assign(globalThis, { abort });

/** Milliseconds that do not go round after 24 days, as `Time.ticks` does. */
let ticks = Time.ticks;
let elapsed = 0;
const clock: Clock = () => {
  const now = Time.ticks;
  elapsed += Time.delta(ticks, now);
  ticks = now;
  return elapsed;
};

/** Before this instant (January 2023) the platform's clock has not been set. */
const CLOCK_SET = 1_672_531_200_000;

function now(): number {
  const time = Date.now();
  return time < CLOCK_SET ? Number.NaN : time;
}

const ticker: Ticker = {
  start(intervalMs, callback) {
    const timer = Timer.repeat(callback, intervalMs);
    return { stop: () => Timer.clear(timer) };
  },
};

/** The settings among the build's configuration; Moddable's own keys are there too. */
function settings(): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of SETTINGS) {
    if (config[name] !== undefined) {
      found[name] = String(config[name]);
    }
  }
  return found;
}

function report(event: FlatsatEvent): void {
  switch (event.event) {
    case "listening":
      log(`listening on port ${event.port}, ${event.framing}, up to ${event.maxClients} clients`);
      break;
    case "connected":
      log(`${event.server}: connection ${event.connection} from ${event.remoteAddress}:${event.remotePort}`);
      break;
    case "disconnected":
      log(
        `${event.server}: connection ${event.connection} ended (${event.reason}): ${event.telecommands} TC, ${event.telemetry} TM, ${event.bytesDropped} bytes dropped${event.hint === undefined ? "" : `, ${event.hint}`}`,
      );
      break;
    case "hint":
      log(`${event.server}: connection ${event.connection} ${event.hint}`);
      break;
    case "error":
      log(`error: ${event.message}`);
      break;
    default:
      log("stopped");
  }
}

/** Joins the network that the configuration names; without one the platform is on the network already. */
function join(flatsat: Flatsat): void {
  if (!config["wifi_ssid"]) {
    flatsat.start();
    return;
  }
  // By name, because platforms without Wi-Fi have no such module to link.
  const name = "embedded:network/interface/wifi";
  import(name).then(
    (module: { default: WiFiClass }) => {
      const password = config["wifi_password"];
      new Station({
        WiFi: module.default,
        ticker,
        clock,
        ssid: String(config["wifi_ssid"]),
        ...(password ? { password: String(password) } : {}),
        onUp: () => flatsat.start(),
        onDown: () => flatsat.suspend(),
        log,
      });
    },
    (error: unknown) => log(`wifi_ssid is set, but this platform has no Wi-Fi: ${String(error)}`),
  );
}

try {
  // The SDK's sockets keep this contract; their typings are wider (a read is said to return nothing).
  const io = { Listener, TCP } as unknown as Io;
  const flatsat = new Flatsat({ ...parseConfiguration(settings()), io, ticker, clock, now, report });
  for (const region of flatsat.memory.regions) {
    log(`memory: ${region.name} ${region.length} bytes`);
  }
  log(`memory: ${flatsat.memory.used} of ${flatsat.memory.capacity} bytes used`);
  join(flatsat);
} catch (error) {
  log(`cannot start: ${String(error)}`);
}
