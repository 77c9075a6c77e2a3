/** The ECMA-419 `TCP` class: a thin handle on a channel. */
import type { TcpConnectOptions, TcpOptions, TcpSocket } from "../../modules/link/connection/io.js";
import { isNumericAddress } from "./address.js";
import type { Channel } from "./channel.js";
import type { Hub } from "./hub.js";

type Options = TcpOptions<unknown> | TcpConnectOptions<unknown>;

export class TcpHandle implements TcpSocket {
  readonly target: unknown;
  /** Undefined once closed, or once another socket took the connection over. */
  #channel: Channel | undefined;

  /**
   * @param options where the connection comes from or goes to, and who hears of it; undefined for a connection that
   *   was only accepted
   * @param accepted the channel of such a connection
   */
  constructor(hub: Hub, options: Options | undefined, accepted?: Channel) {
    if (options === undefined) {
      this.#channel = accepted;
      return;
    }
    this.target = options.target;
    this.#channel = options.from === undefined ? dial(hub, options) : TcpHandle.#takeOver(options.from);
    this.#channel.attach(this, options);
  }

  static #takeOver(from: TcpSocket): Channel {
    if (!(from instanceof TcpHandle)) {
      throw new TypeError("option from must be a socket that a listener of the same io accepted");
    }
    const channel = from.#open();
    from.#channel = undefined;
    return channel;
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

/** @throws TypeError or RangeError for a destination that a board would not take either */
function dial(hub: Hub, { address, host, port }: TcpConnectOptions<unknown>): Channel {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new RangeError(`option port must be from 1 to 65535, not ${port}`);
  }
  if (address !== undefined) {
    if (!isNumericAddress(address)) {
      throw new TypeError(`option address must be numeric, as in 192.0.2.1, not "${address}"`);
    }
    return hub.dial(address, port);
  }
  if (typeof host !== "string" || host === "") {
    throw new TypeError("one of the options from, address and host must be given");
  }
  if (!hub.network.resolvesNames && !isNumericAddress(host)) {
    throw new TypeError(`no names are resolved here: option address must be the numeric address of "${host}"`);
  }
  return hub.dial(host, port);
}
