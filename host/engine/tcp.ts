/** The ECMA-419 `TCP` class: a thin handle on a channel. */
import type { TcpOptions, TcpSocket } from "../../modules/link/io.js";
import type { Channel } from "./channel.js";

export class TcpHandle implements TcpSocket {
  readonly target: unknown;
  /** Undefined once closed, or once another socket took the connection over. */
  #channel: Channel | undefined;

  /**
   * @param options where the connection comes from, and who hears of it; undefined for a connection that was only
   *   accepted
   * @param accepted the channel of such a connection
   */
  constructor(options: TcpOptions<unknown> | undefined, accepted?: Channel) {
    if (options === undefined) {
      this.#channel = accepted;
      return;
    }
    const from = options.from;
    if (!(from instanceof TcpHandle)) {
      throw new TypeError("option from must be a socket that a listener of the same io accepted");
    }
    const channel = from.#open();
    from.#channel = undefined;
    this.#channel = channel;
    this.target = options.target;
    channel.attach(this, options);
  }

  get remoteAddress(): string {
    return this.#open().remoteAddress;
  }

  get remotePort(): number {
    return this.#open().remotePort;
  }

  read(view: Uint8Array): number | undefined {
    return this.#open().read(view);
  }

  write(view: Uint8Array): number {
    return this.#open().write(view);
  }

  close(): void {
    const channel = this.#channel;
    this.#channel = undefined;
    channel?.close();
  }

  #open(): Channel {
    const channel = this.#channel;
    if (channel === undefined) {
      throw new Error("the socket is closed");
    }
    return channel;
  }
}
