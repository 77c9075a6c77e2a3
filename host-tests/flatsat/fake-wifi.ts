/** A platform's WiFi whose access point is in the test's hand, faults of real ones included. Also runs inside XS. */
import { Station, type StationOptions, type WiFi, type WiFiClass } from "../../modules/flatsat/station.js";
import { ManualTime } from "../link/rig.js";

export const DISCONNECTED = 200;
export const CONNECTING = 300;
export const ASSOCIATED = 400;
export const READY = 500;

export const ADDRESS = "192.0.2.7";

export class FakeWiFi implements WiFi {
  address: string | undefined;
  RSSI: number | undefined;
  readonly calls: string[] = [];
  /** Attempts that throw. */
  connectThrows = 0;
  /** Calls of `disconnect` that throw. */
  disconnectThrows = 0;
  /** Looks at `connection` that throw. */
  looksThrow = 0;
  /** What happens while `connect` is under way. */
  duringConnect: (() => void) | undefined;
  #connection = DISCONNECTED;
  readonly #onChanged: (property: string) => void;

  constructor(options: { onChanged(property: string): void }) {
    this.#onChanged = options.onChanged;
  }

  get connection(): number {
    if (this.looksThrow > 0) {
      this.looksThrow--;
      throw new Error("no connection to look at");
    }
    return this.#connection;
  }

  connect(options: { SSID: string; password?: string }): void {
    this.calls.push(`connect ${JSON.stringify(options)}`);
    const begun = this.#connection === DISCONNECTED;
    if (begun) {
      this.#connection = CONNECTING;
    }
    this.duringConnect?.();
    if (this.connectThrows > 0) {
      this.connectThrows--;
      if (begun) {
        this.#connection = DISCONNECTED;
      }
      throw new Error("already connecting");
    }
  }

  disconnect(): void {
    this.calls.push("disconnect");
    if (this.disconnectThrows > 0) {
      this.disconnectThrows--;
      throw new Error("nothing to disconnect");
    }
    this.quietly(DISCONNECTED);
  }

  /** The connection changes, and nobody is told. */
  quietly(connection: number): void {
    this.#connection = connection;
    this.address = connection === READY ? ADDRESS : undefined;
    this.RSSI = connection >= ASSOCIATED ? -61 : undefined;
  }

  become(connection: number): void {
    this.quietly(connection);
    this.#onChanged("connection");
  }

  changeAddress(address: string | undefined): void {
    this.address = address;
    this.#onChanged("address");
  }

  get attempts(): number {
    return this.calls.filter((call) => call.startsWith("connect")).length;
  }
}

/** A class whose instances are handed to `made` when they are made. */
export function fakeWiFi(made: (wifi: FakeWiFi) => void): WiFiClass {
  return class extends FakeWiFi {
    constructor(options: { onChanged(property: string): void }) {
      super(options);
      made(this);
    }
  };
}

type Overrides = { [Name in keyof StationOptions]?: StationOptions[Name] | undefined };

export interface StationRig {
  readonly station: Station;
  readonly wifi: FakeWiFi;
  readonly time: ManualTime;
  /** "up" with the address, and "down". */
  readonly events: string[];
  /** What was logged. */
  readonly lines: string[];
}

/** @param prepare sets the WiFi up before the station has it */
export function station(options: Overrides = {}, prepare: (wifi: FakeWiFi) => void = () => {}): StationRig {
  const time = new ManualTime();
  const events: string[] = [];
  const lines: string[] = [];
  let wifi: FakeWiFi | undefined;
  const made = new Station({
    WiFi: fakeWiFi((each) => {
      wifi = each;
      prepare(each);
    }),
    ticker: time.ticker,
    clock: time.clock,
    ssid: "lab",
    password: "long enough",
    onUp: (address) => events.push(`up ${address}`),
    onDown: () => events.push("down"),
    log: (line) => lines.push(line),
    ...options,
  } as StationOptions);
  return { station: made, wifi: wifi as unknown as FakeWiFi, time, events, lines };
}
