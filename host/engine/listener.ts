/** The ECMA-419 `Listener` class: accepted connections queue here until they are read. */
import type { ListenerOptions, ListenerSocket, TcpSocket } from "../../modules/link/connection/io.js";
import type { Acceptor } from "./acceptor.js";
import type { Channel } from "./channel.js";
import type { Hub } from "./hub.js";
import { TcpHandle } from "./tcp.js";

export class ListenerHandle implements ListenerSocket, Acceptor {
  readonly target: unknown;
  readonly #hub: Hub;
  readonly #number: number;
  readonly #port: number;
  readonly #onReadable: ListenerOptions<unknown>["onReadable"];
  readonly #pending: Channel[] = [];
  #closed = false;

  /** @throws when the port cannot be had */
  constructor(hub: Hub, options: ListenerOptions<unknown>) {
    this.#hub = hub;
    this.target = options.target;
    this.#onReadable = options.onReadable;
    this.#number = hub.network.listen(options.port, options.address);
    this.#port = hub.network.port(this.#number);
    hub.addListener(this.#number, this);
  }

  get port(): number {
    this.#check();
    return this.#port;
  }

  read(): TcpSocket {
    this.#check();
    const channel = this.#pending.shift();
    if (channel === undefined) {
      throw new Error("no connection waits: the listener was read more often than onReadable announced");
    }
    return new TcpHandle(this.#hub, undefined, channel);
  }

  close(): void {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    this.#hub.removeListener(this.#number);
    this.#hub.network.unlisten(this.#number);
    for (const channel of this.#pending.splice(0)) {
      channel.abandon();
    }
  }

  /** A connection came; `count` is all that wait. */
  accepted(channel: Channel): void {
    this.#pending.push(channel);
    try {
      this.#onReadable.call(this as ListenerSocket & { readonly target: unknown }, this.#pending.length);
    } catch (error) {
      this.#hub.settings.abort(error);
    }
  }

  #check(): void {
    if (this.#closed) {
      throw new Error("the listener is closed");
    }
  }
}
