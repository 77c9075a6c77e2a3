/**
 * What lies under our sockets: the narrow interface between the ECMA-419 classes and something that moves bytes.
 *
 * Three networks implement it: `node:net` (host/node-network.ts), the one inside an XS worker whose packets travel
 * through Node (proxy-network.ts), and one with no operating system at all, for tests (loopback.ts). Listeners and
 * endpoints (one end of a connection) are plain numbers, never used twice, so that they can cross to another process.
 *
 * Flow control is by credit, as a TCP window is: a network hands over at most the bytes it has credit for, and keeps
 * (and so makes the peer keep) the rest.
 */

/** What a network tells; `createIo` sets itself as the receiver. None of these is called from inside a network's method. */
export interface NetworkEvents {
  /** A peer connected. The endpoint has no credit yet. */
  connected(listener: number, endpoint: number, remoteAddress: string, remotePort: number): void;
  /** A connection that `dial` asked for has come about. */
  opened(endpoint: number): void;
  /** `bytes[start, end)` came; valid only during the call. Never more than the endpoint's credit. */
  data(endpoint: number, bytes: Uint8Array, start: number, end: number): void;
  /**
   * The network took `count` more bytes of what was sent: they no longer occupy the send buffer. 0: none, but the peer has
   * taken some of what the network held.
   */
  acknowledged(endpoint: number, count: number): void;
  /** FIN: the peer sends nothing more, after all its data has been handed over. It may still read. */
  ended(endpoint: number): void;
  /**
   * RST or any other failure, also of a connection that was to come about: nothing comes or goes any more.
   * @param code the system's name of it, as `ECONNRESET`; undefined when it is not known
   */
  failed(endpoint: number, code: string | undefined): void;
  /** The turn asked for with `later`. */
  turn(endpoint: number): void;
}

export interface Network {
  /** Whether `dial` takes names. A board does not. */
  readonly resolvesNames: boolean;
  /** Who is told. Set before the first `listen` or `dial`. */
  events: NetworkEvents | undefined;
  /**
   * Opens a listener.
   * @param port 0: the network picks one
   * @param address undefined: the network's default
   * @returns the listener's number
   * @throws when the port cannot be had, saying which and why
   */
  listen(port: number, address: string | undefined): number;
  /** The port that a listener got. */
  port(listener: number): number;
  unlisten(listener: number): void;
  /**
   * Begins to connect out; `opened` or `failed` follows.
   * @param host a numeric address, or a name where those are resolved
   * @returns the endpoint's number; it has no credit yet
   */
  dial(host: string, port: number): number;
  /** `count` more bytes may be handed over. */
  credit(endpoint: number, count: number): void;
  /** Takes the whole view; its bytes may be overwritten as soon as this returns. The caller keeps to its send buffer. */
  send(endpoint: number, bytes: Uint8Array): void;
  /** Nagle's algorithm off (true) or on. */
  noDelay(endpoint: number, enabled: boolean): void;
  /** Sends what is left, then FIN; what the peer still sends is dropped. The number is done with: no event follows. */
  close(endpoint: number): void;
  /** Sends RST and drops what is left. The number is done with: no event follows. */
  reset(endpoint: number): void;
  /** Asks for `turn(endpoint)`, in a later turn of the event loop. */
  later(endpoint: number): void;
}
