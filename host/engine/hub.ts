/** Where the events of a network find the listener or the connection they are for. */

import type { Acceptor } from "./acceptor.js";
import { Channel, type SocketSettings } from "./channel.js";
import type { Network, NetworkEvents } from "./network.js";

export class Hub implements NetworkEvents {
  readonly network: Network;
  readonly settings: SocketSettings;
  readonly #listeners = new Map<number, Acceptor>();
  readonly #channels = new Map<number, Channel>();
  readonly #forget: (endpoint: number) => void;

  constructor(network: Network, settings: SocketSettings) {
    this.network = network;
    this.settings = settings;
    this.#forget = (endpoint) => {
      this.#channels.delete(endpoint);
    };
    network.events = this;
  }

  addListener(number: number, listener: Acceptor): void {
    this.#listeners.set(number, listener);
  }

  removeListener(number: number): void {
    this.#listeners.delete(number);
  }

  connected(listener: number, endpoint: number, remoteAddress: string, remotePort: number): void {
    const acceptor = this.#listeners.get(listener);
    if (acceptor === undefined) {
      this.network.reset(endpoint);
      return;
    }
    const channel = new Channel(this.network, endpoint, remoteAddress, remotePort, this.settings, this.#forget);
    this.#channels.set(endpoint, channel);
    acceptor.accepted(channel);
  }

  /** Begins to connect out. The channel calls nobody before its socket has attached to it. */
  dial(host: string, port: number): Channel {
    const endpoint = this.network.dial(host, port);
    const channel = new Channel(this.network, endpoint, host, port, this.settings, this.#forget, true);
    this.#channels.set(endpoint, channel);
    return channel;
  }

  opened(endpoint: number): void {
    this.#channels.get(endpoint)?.opened();
  }

  // The channel of an endpoint is gone once it was closed: what was under way to it is dropped here.

  data(endpoint: number, bytes: Uint8Array, start: number, end: number): void {
    this.#channels.get(endpoint)?.data(bytes, start, end);
  }

  acknowledged(endpoint: number, count: number): void {
    this.#channels.get(endpoint)?.acknowledged(count);
  }

  ended(endpoint: number): void {
    this.#channels.get(endpoint)?.ended();
  }

  failed(endpoint: number, code: string | undefined): void {
    this.#channels.get(endpoint)?.failed(code);
  }

  turn(endpoint: number): void {
    this.#channels.get(endpoint)?.turn();
  }
}
