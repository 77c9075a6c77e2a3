/**
 * Keeps a board on its Wi-Fi access point: joins, tries again with back-off when the access point is absent at boot or
 * drops later, and tells when the network comes and goes. The WiFi class is the platform's (ECMA-419 shape).
 */
import type { Clock, Ticker } from "../link/connection/io.js";
import { checkPassword, checkSsid } from "./wifi-credentials.js";

/** Connection states of the platform's WiFi class, in the order of progress. */
const READY = 500;
const DISCONNECTED = 200;

const TICK_MS = 500;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** An attempt that gave nothing by then is given up. */
const ATTEMPT_MS = 30_000;

export interface WiFi {
  readonly connection: number;
  readonly address: string | undefined;
  /** dBm; undefined while there is no access point. */
  readonly RSSI?: number | undefined;
  connect(options: { SSID: string; password?: string }): void;
  disconnect(): void;
}
export type WiFiClass = new (options: { onChanged(property: string): void }) => WiFi;

export interface StationOptions {
  WiFi: WiFiClass;
  ticker: Ticker;
  clock: Clock;
  ssid: string;
  password?: string;
  /** The board has an address. */
  onUp(address: string | undefined): void;
  /** The board had one, and lost it. */
  onDown(): void;
  /** One line for people. */
  log(line: string): void;
}

/** Between two attempts. */
const WAITING = 0;
/** An attempt is under way, or there is an access point and no address yet. */
const JOINING = 1;
/** The board has an address, and the application was told. */
const UP = 2;
type State = typeof WAITING | typeof JOINING | typeof UP;

export class Station {
  #options: StationOptions;
  #wifi: WiFi | undefined;
  #state: State = WAITING;
  #since: number;
  #waitMs = 0;
  #retryMs = FIRST_RETRY_MS;
  /** What the application was told last. */
  #address: string | undefined;
  #timer: { stop(): void };

  /**
   * @throws TypeError when the network has no name, or the password a length that WPA does not have; what the platform
   *   throws when it has no Wi-Fi to give
   */
  constructor(options: StationOptions) {
    const { WiFi, ticker, clock, ssid, password } = options;
    checkSsid(ssid);
    if (password !== undefined) {
      checkPassword(password);
    }
    this.#options = options;
    this.#since = clock();
    this.#wifi = new WiFi({ onChanged: () => this.#changed() });
    this.#timer = ticker.start(TICK_MS, () => this.#tick());
    this.#tick();
  }

  get isUp(): boolean {
    return this.#state === UP;
  }

  /** Strength of the signal in dBm; 0 while the board is not up, or where the platform does not know. */
  get rssi(): number {
    try {
      return this.#state === UP ? (this.#wifi?.RSSI ?? 0) : 0;
    } catch {
      return 0;
    }
  }

  stop(): void {
    this.#timer.stop();
  }

  #tick(): void {
    const elapsed = this.#options.clock() - this.#since;
    switch (this.#state) {
      case WAITING:
        if (elapsed >= this.#waitMs) {
          this.#join();
        }
        break;
      case JOINING:
        if (elapsed >= ATTEMPT_MS) {
          this.#retryLater(`no answer from "${this.#options.ssid}" for ${ATTEMPT_MS / 1000} s`);
          this.#disconnect();
          break;
        }
        this.#look();
        break;
      default:
        this.#look();
    }
  }

  #join(): void {
    const { ssid, password, log } = this.#options;
    this.#enter(JOINING);
    log(`Wi-Fi: joining "${ssid}"`);
    try {
      this.#wifi?.connect(password === undefined ? { SSID: ssid } : { SSID: ssid, password });
    } catch (error) {
      // The platform refuses while an earlier attempt is under way.
      this.#retryLater(String(error));
      this.#disconnect();
    }
  }

  /** Callbacks get lost where a platform has no room for them. An attempt just begun may not show yet: no refusal here. */
  #look(): void {
    try {
      const connection = this.#wifi?.connection ?? DISCONNECTED;
      if (this.#state === UP ? connection < READY : connection >= READY) {
        this.#follow(connection);
      }
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** The platform's callback: nothing may be thrown past it. */
  #changed(): void {
    try {
      // While the platform makes its object there is nothing to look at.
      if (this.#wifi !== undefined) {
        this.#follow(this.#wifi.connection);
      }
    } catch (error) {
      this.#giveUp(error);
    }
  }

  #follow(connection: number): void {
    if (connection >= READY) {
      const address = this.#wifi?.address;
      if (this.#state !== UP) {
        this.#up(address);
      } else if (address !== undefined && address !== this.#address) {
        // Peers still speak to the address that was.
        this.#enter(JOINING);
        this.#options.onDown();
        this.#up(address);
      }
    } else if (this.#state === UP) {
      if (connection <= DISCONNECTED) {
        this.#retryLater("the connection dropped");
      } else {
        this.#enter(JOINING);
        this.#options.onDown();
      }
    } else if (this.#state === JOINING && connection <= DISCONNECTED) {
      this.#retryLater(`cannot join "${this.#options.ssid}"`);
    }
  }

  #up(address: string | undefined): void {
    const { ssid, log, onUp } = this.#options;
    this.#enter(UP);
    this.#address = address;
    log(`Wi-Fi: ${address ?? "no address"} on "${ssid}"`);
    try {
      onUp(address);
    } catch (error) {
      // It is not up, then: nobody is to be told that it is down.
      this.#enter(JOINING);
      throw error;
    }
    this.#retryMs = FIRST_RETRY_MS;
  }

  /** The application could not follow (a port it wants is taken, say), or the platform failed. Both get another chance. */
  #giveUp(error: unknown): void {
    this.#retryLater(String(error));
    this.#disconnect();
  }

  #retryLater(why: string): void {
    const wasUp = this.#state === UP;
    this.#enter(WAITING);
    this.#waitMs = this.#retryMs;
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    this.#options.log(`Wi-Fi: ${why}; trying again in ${this.#waitMs / 1000} s`);
    if (wasUp) {
      try {
        this.#options.onDown();
      } catch (error) {
        this.#options.log(`Wi-Fi: ${String(error)}`);
      }
    }
  }

  #enter(state: State): void {
    this.#state = state;
    this.#since = this.#options.clock();
  }

  #disconnect(): void {
    try {
      this.#wifi?.disconnect();
    } catch {
      // Nothing was under way.
    }
  }
}
