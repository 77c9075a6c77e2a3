/** Many connections of somebody without the key, which take every place that a board has, and come again for each that they lose. */
import { connect, type Socket } from "node:net";
import { Random } from "../framing/random.js";

/** Between the end of a connection and the next one. */
const AGAIN_MS = 20;

export class Crowd {
  /** Connections that came about, and those that the board ended. */
  connected = 0;
  ended = 0;
  readonly #random: Random;
  readonly #ports: readonly number[];
  readonly #heard: readonly Uint8Array[];
  readonly #sockets = new Set<Socket>();
  #isOver = false;

  /**
   * @param ports each connection goes to one of them
   * @param heard frames: now and then one of them is sent again
   */
  constructor(seed: number, ports: readonly number[], heard: readonly Uint8Array[]) {
    this.#random = new Random(seed);
    this.#ports = ports;
    this.#heard = heard;
  }

  /** So many connections at a time, until `close`. */
  begin(count: number): void {
    for (let k = 0; k < count; k++) {
      this.#come();
    }
  }

  close(): void {
    this.#isOver = true;
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }

  #come(): void {
    if (this.#isOver) {
      return;
    }
    const random = this.#random;
    const port = this.#ports[random.below(this.#ports.length)]!;
    // Each time from elsewhere, as a whole network of his would.
    const localAddress = `127.${1 + random.below(250)}.${random.below(250)}.${1 + random.below(250)}`;
    const socket = connect({ host: "127.0.0.1", port, localAddress, noDelay: true });
    this.#sockets.add(socket);
    socket
      .on("error", () => {})
      .on("connect", () => {
        this.connected++;
        if (this.#heard.length > 0 && random.below(3) === 0) {
          socket.write(this.#heard[random.below(this.#heard.length)]!);
        }
      })
      // He takes all telemetry that comes: he is not to be ended as one who stands still.
      .resume()
      .on("close", () => {
        this.#sockets.delete(socket);
        this.ended += this.#isOver ? 0 : 1;
        setTimeout(() => this.#come(), AGAIN_MS);
      });
  }
}
