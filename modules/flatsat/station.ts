/**
 * Keeps a board on its Wi-Fi access point: joins, tries again with back-off when the access point is absent at boot or
 * drops later, and tells when the network comes and goes. The WiFi class is the platform's (ECMA-419 shape).
 */
import type { Clock, Ticker } from "../link/io.js";

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

const WAITING = 0;
const JOINING = 1;
const UP = 2;

export class Station {
  #options: StationOptions;
  #wifi: WiFi;
  #state: typeof WAITING | typeof JOINING | typeof UP = WAITING;
  #since: number;
  #waitMs = 0;
  #retryMs = FIRST_RETRY_MS;
  #timer: { stop(): void };

  /** @throws TypeError when the network has no name, or the password a length that WPA does not have */
  constructor(options: StationOptions) {
    const { WiFi, ticker, clock, ssid, password } = options;
    if (ssid.length < 1 || ssid.length > 32) {
      throw new TypeError(`wifi_ssid must have 1 to 32 characters, not ${ssid.length}`);
    }
    if (password !== undefined && (password.length < 8 || password.length > 63)) {
      throw new TypeError(`wifi_password must have 8 to 63 characters, not ${password.length}`);
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

  stop(): void {
    this.#timer.stop();
  }

  #tick(): void {
    const elapsed = this.#options.clock() - this.#since;
    if (this.#state === WAITING && elapsed >= this.#waitMs) {
      this.#join();
    } else if (this.#state === JOINING && elapsed >= ATTEMPT_MS) {
      this.#retryLater(`no answer from "${this.#options.ssid}" for ${ATTEMPT_MS / 1000} s`);
      this.#disconnect();
    }
  }

  #join(): void {
    const { ssid, password, log } = this.#options;
    this.#enter(JOINING);
    log(`Wi-Fi: joining "${ssid}"`);
    try {
      this.#wifi.connect(password === undefined ? { SSID: ssid } : { SSID: ssid, password });
    } catch (error) {
      // The platform refuses while an earlier attempt is under way.
      this.#retryLater(String(error));
      this.#disconnect();
    }
  }

  /** The platform's callback: nothing may be thrown past it. */
  #changed(): void {
    try {
      this.#follow(this.#wifi.connection);
    } catch (error) {
      // The application could not follow; a port it wants is taken, say. It gets another chance.
      this.#retryLater(String(error));
      this.#disconnect();
    }
  }

  #follow(connection: number): void {
    if (connection >= READY) {
      if (this.#state !== UP) {
        this.#enter(UP);
        this.#options.log(`Wi-Fi: ${this.#wifi.address ?? "no address"} on "${this.#options.ssid}"`);
        this.#options.onUp(this.#wifi.address);
        this.#retryMs = FIRST_RETRY_MS;
      }
    } else if (this.#state === UP) {
      this.#options.onDown();
      if (connection <= DISCONNECTED) {
        this.#retryLater("the connection dropped");
      } else {
        this.#enter(JOINING);
      }
    } else if (this.#state === JOINING && connection <= DISCONNECTED) {
      this.#retryLater(`cannot join "${this.#options.ssid}"`);
    }
  }

  #retryLater(why: string): void {
    this.#enter(WAITING);
    this.#waitMs = this.#retryMs;
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    this.#options.log(`Wi-Fi: ${why}; trying again in ${this.#waitMs / 1000} s`);
  }

  #enter(state: typeof WAITING | typeof JOINING | typeof UP): void {
    this.#state = state;
    this.#since = this.#options.clock();
  }

  #disconnect(): void {
    try {
      this.#wifi.disconnect();
    } catch {
      // Nothing was under way.
    }
  }
}
