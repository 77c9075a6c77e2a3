/**
 * Starts a board: from the build's configuration to an application that serves its network. Whatever is wrong is one line;
 * a board is never idle without a word.
 */
import type { Clock, Io, Ticker } from "../link/connection/io.js";
import { Flatsat, type FlatsatOptions } from "./application.js";
import { describeEvent } from "./board-log.js";
import type { AnyBoardModule } from "./board-module.js";
import { parseConfiguration } from "./configuration.js";
import { imageKeys, storeImageKeys } from "./image-keys.js";
import type { BoardPlatform } from "./platform.js";
import { openConsole, type SerialClass } from "./serial-console.js";
import { SETTINGS } from "./settings.js";
import { Station, type WiFiClass } from "./station.js";

export interface BoardOptions {
  /** The build's configuration, by name. Moddable's own keys are there, too. */
  config: Readonly<Record<string, unknown>>;
  io: Io;
  ticker: Ticker;
  clock: Clock;
  now(): number;
  /** Takes one line for people. */
  log(line: string): void;
  /** The platform's WiFi class, or undefined where it has none. May throw, as the next. */
  wifi(): WiFiClass | undefined;
  /** The platform's class of serial ports, or undefined where it has none. May throw. Default: it has none. */
  serial?(): SerialClass | undefined;
  /** What else the platform has; the signal is added. */
  platform?(): BoardPlatform;
  /** A board of your own: its dictionary, and what it does. */
  board?: AnyBoardModule;
  /** What is handed to it: sensors, pins. */
  given?: unknown;
  /** Services of your own, beside those of the standard. */
  services?: Exclude<FlatsatOptions["services"], undefined>;
}

/** The network to join. */
interface Network {
  readonly ssid: string;
  readonly password: string | undefined;
}

/** Starts the application, at once or when the board has joined its network. Throws nothing. */
export function startBoard(options: BoardOptions): void {
  const { config, io, ticker, clock, now, services, board, given } = options;
  // A console that fails is no reason not to start.
  const log = (line: string): void => {
    try {
      options.log(line);
    } catch {
      // There is nobody to tell.
    }
  };
  try {
    const network = networkOf(config);
    const keys = imageKeys(config);
    const heapSlots = config["heap_slots"];
    let station: Station | undefined;
    const flatsat = new Flatsat({
      ...parseConfiguration(settingsOf(config)),
      io,
      ticker,
      clock,
      now,
      heapSlots: heapSlots === undefined ? undefined : Number(heapSlots),
      platform: { rssi: () => station?.rssi ?? 0, ...options.platform?.() },
      board,
      given,
      ...(services === undefined ? {} : { services }),
      report: (event) => log(describeEvent(event)),
    });
    for (const { name, length } of flatsat.memory.regions) {
      log(`memory: ${name} ${length} bytes`);
    }
    log(`memory: ${flatsat.memory.used} of ${flatsat.memory.capacity} bytes used`);
    storeImageKeys(keys, flatsat.security, log);
    const serial = (): SerialClass | undefined => options.serial?.();
    openConsole({ where: text(config["console"]), keys: flatsat.security, serial, clock, log });
    if (network === undefined) {
      // The platform is on its network already.
      flatsat.start();
    } else {
      station = join(flatsat, network, { ...options, log });
    }
  } catch (error) {
    log(`cannot start: ${String(error)}`);
  }
}

/** @throws when there is no Wi-Fi, or the network cannot be one */
function join(flatsat: Flatsat, network: Network, options: BoardOptions): Station {
  const WiFi = options.wifi();
  if (WiFi === undefined) {
    throw new Error("wifi_ssid is set, but this platform has no Wi-Fi");
  }
  const { ticker, clock, log } = options;
  const { ssid, password } = network;
  return new Station({
    WiFi,
    ticker,
    clock,
    ssid,
    ...(password === undefined ? {} : { password }),
    onUp: () => flatsat.start(),
    onDown: () => flatsat.suspend(),
    log,
  });
}

/** The settings among the configuration. */
function settingsOf(config: BoardOptions["config"]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name } of SETTINGS) {
    const value = config[name];
    if (value !== undefined) {
      found[name] = String(value);
    }
  }
  return found;
}

/**
 * @returns undefined when no network is named
 * @throws TypeError when the keys contradict each other
 */
function networkOf(config: BoardOptions["config"]): Network | undefined {
  const ssid = oneKey(config, "wifi_ssid", "ssid");
  const password = oneKey(config, "wifi_password", "password");
  if (ssid === undefined && password !== undefined) {
    throw new TypeError("wifi_password is set, but no wifi_ssid");
  }
  return ssid === undefined ? undefined : { ssid, password };
}

/**
 * A key of ours, or Moddable's usual one for the same, which would otherwise do nothing here.
 * @returns undefined when neither is there, or what is there is empty
 */
function oneKey(config: BoardOptions["config"], own: string, usual: string): string | undefined {
  const [ours, theirs] = [text(config[own]), text(config[usual])];
  if (ours !== undefined && theirs !== undefined && ours !== theirs) {
    throw new TypeError(`${own} and ${usual} are both set, to different values: leave ${usual} out`);
  }
  return ours ?? theirs;
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null || value === "" ? undefined : String(value);
}
