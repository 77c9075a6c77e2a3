/**
 * A Wi-Fi class where the platform has none, for the test on the Moddable SDK: it refuses the first attempt, fails the
 * second, and joins on the third and all that follow. Each connection to the port `wifi_control` is an access point that
 * drops this station.
 */
import Listener from "embedded:io/socket/listener";
import config from "mc/config";
import Timer from "timer";

const DISCONNECTED = 200;
const CONNECTING = 300;
const READY = 500;
const DELAY_MS = 50;

export default class FakeWiFi {
  connection = DISCONNECTED;
  readonly address = "192.0.2.7";
  #attempts = 0;
  #onChanged: (property: string) => void;

  constructor(options: { onChanged(property: string): void }) {
    this.#onChanged = options.onChanged;
    const become = (connection: number): void => this.#become(connection);
    new Listener({
      port: Number(config["wifi_control"]),
      onReadable(count: number) {
        for (let i = 0; i < count; i++) {
          this.read()?.close();
        }
        become(DISCONNECTED);
      },
    });
  }

  connect(options: { SSID: string; password?: string }): void {
    trace(`asked for ${options.SSID} with ${options.password}\n`);
    this.#attempts++;
    if (this.#attempts === 1) {
      throw new Error("not now");
    }
    const fails = this.#attempts === 2;
    this.connection = CONNECTING;
    Timer.set(() => this.#become(fails ? DISCONNECTED : READY), DELAY_MS);
  }

  disconnect(): void {
    this.connection = DISCONNECTED;
  }

  #become(connection: number): void {
    this.connection = connection;
    this.#onChanged("connection");
  }
}
