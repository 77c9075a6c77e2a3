/**
 * The network on `node:net`.
 *
 * Node binds asynchronously, ECMA-419 listeners do not: a port is bound ahead with `bind`, and `listen` takes it.
 * What is written in one turn goes out as one segment, as on lwIP, which sends after the turn too.
 */
import { createServer, type Server, type Socket } from "node:net";
import { Dial } from "./dial.js";
import type { Network, NetworkEvents } from "./engine/network.js";
import { ListenError } from "./listen-error.js";
import { NodeEndpoint } from "./node-endpoint.js";
import { type NodeSystem, nodeSystem } from "./node-system.js";
import { SendWatch, type Watched } from "./send-watch.js";

export interface NodeNetworkOptions {
  /** Where to listen when a listener names no address. Default 127.0.0.1, unlike the board, which takes any. */
  defaultAddress?: string;
  /** Bytes that may be sent ahead of the system, per connection: the `sendBuffer` of the io. Default 8192. */
  sendBuffer?: number;
  /** How long a closed connection waits for the peer's FIN before it is destroyed. Default 20000, as lwIP. */
  lingerMs?: number;
  /**
   * A connection has failed, or its peer closed it, and data may still have to be read before the sockets tell. Read it, and
   * they do.
   * @param remoteAddress of whoever connected here, as the sockets tell it; undefined, as the port, where we connected
   */
  onOver?: (remoteAddress: string | undefined, remotePort: number | undefined) => void;
  /** Told of all bytes that come, `bytes[start, end)`, before the sockets are. Valid only during the call. */
  onData?: (bytes: Uint8Array, start: number, end: number) => void;
}

/** A port that is open. Connections are refused (RST) until a listener takes it. */
interface BoundPort {
  readonly server: Server;
  readonly wantedPort: number;
  readonly address: string;
  readonly port: number;
  listener: number | undefined;
  /** Connections that came before there was a listener. */
  readonly early: Set<Socket>;
}

/** As many as lwIP keeps for a listener that does not accept. */
const BACKLOG = 8;

export class NodeNetwork implements Network {
  readonly resolvesNames = true;
  events: NetworkEvents | undefined;
  readonly #defaultAddress: string;
  readonly #sendBuffer: number;
  readonly #lingerMs: number;
  readonly #onOver: NodeNetworkOptions["onOver"];
  readonly onData: NodeNetworkOptions["onData"];
  readonly #system: NodeSystem;
  readonly #sendWatch: SendWatch;
  readonly #bound = new Set<BoundPort>();
  readonly #listeners = new Map<number, BoundPort>();
  readonly #endpoints = new Map<number, NodeEndpoint>();
  /** Those that Node has not closed yet: also of connections that we have. */
  readonly #sockets = new Set<Socket>();
  /** Have something to send at the end of this turn. */
  #unsent: NodeEndpoint[] = [];
  /** Want a later turn. */
  #turns: NodeEndpoint[] = [];
  #nextListener = 0;
  #nextEndpoint = 0;
  /** How deep we are in calls out to the sockets. */
  #depth = 0;
  #flushScheduled = false;
  readonly #flushLater = (): void => {
    this.#flushScheduled = false;
    this.#flush();
  };
  readonly #runTurns = (): void => {
    const turns = this.#turns;
    this.#turns = [];
    this.enter();
    for (const endpoint of turns) {
      endpoint.turn();
    }
    this.leave();
  };

  constructor(options: NodeNetworkOptions = {}, system: NodeSystem = nodeSystem) {
    this.#system = system;
    this.#sendWatch = new SendWatch(system.held);
    this.#defaultAddress = options.defaultAddress ?? "127.0.0.1";
    this.#sendBuffer = options.sendBuffer ?? 8192;
    this.#lingerMs = options.lingerMs ?? 20000;
    this.#onOver = options.onOver;
    this.onData = options.onData;
  }

  /**
   * Opens a port ahead of the listener that will take it.
   * @param port 0: the system picks one
   * @returns the port
   * @throws ListenError (rejects) when it cannot be had
   */
  bind(port: number, address: string = this.#defaultAddress): Promise<number> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
      const fail = (error: Error): void => reject(new ListenError(port, address, error));
      server.once("error", fail);
      server.listen({ port, host: address }, () => {
        server.off("error", fail);
        // Too many open files, say: the connection is lost, the listener is not.
        server.on("error", (error) => process.emitWarning(error));
        const got = server.address();
        const bound: BoundPort = {
          server,
          wantedPort: port,
          address,
          port: typeof got === "object" && got !== null ? got.port : port,
          listener: undefined,
          early: new Set(),
        };
        server.on("connection", (socket) => this.#accept(bound, socket));
        this.#bound.add(bound);
        resolve(bound.port);
      });
    });
  }

  listen(port: number, address: string = this.#defaultAddress): number {
    const bound = this.#free(port, address);
    if (bound === undefined) {
      throw new Error(`port ${port} on ${address} is not bound: bind it first`);
    }
    bound.listener = this.#nextListener++;
    this.#listeners.set(bound.listener, bound);
    // Not before whoever listens knows the listener.
    setImmediate(() => this.#acceptEarly(bound));
    return bound.listener;
  }

  /** Listens where the port need not have been bound ahead. @throws ListenError (rejects) */
  async bindAndListen(port: number, address: string = this.#defaultAddress): Promise<number> {
    if (this.#free(port, address) === undefined) {
      await this.bind(port, address);
    }
    return this.listen(port, address);
  }

  port(listener: number): number {
    return this.#listeners.get(listener)?.port ?? 0;
  }

  unlisten(listener: number): void {
    const bound = this.#listeners.get(listener);
    if (bound !== undefined) {
      this.#listeners.delete(listener);
      this.#bound.delete(bound);
      bound.server.close();
    }
  }

  /** Closes every port, and resets every connection that is still open. */
  shutDown(): void {
    for (const bound of this.#bound) {
      bound.server.close();
      for (const socket of bound.early) {
        socket.resetAndDestroy();
      }
    }
    this.#bound.clear();
    this.#listeners.clear();
    for (const endpoint of this.#endpoints.values()) {
      endpoint.reset();
    }
    this.#endpoints.clear();
  }

  /** Resolves when the connections of now are closed, with all that was sent; or after `limitMs`, in milliseconds. */
  closed(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      let left = this.#sockets.size;
      if (left === 0) {
        resolve();
        return;
      }
      const forget = this.#system.after(limitMs, resolve);
      for (const socket of this.#sockets) {
        socket.once("close", () => {
          if (--left === 0) {
            forget();
            resolve();
          }
        });
      }
    });
  }

  /** @param endpoint the number to use, when whoever asks numbers the endpoints that it opens: 2^31 and up */
  dial(host: string, port: number, endpoint: number = this.#nextEndpoint++): number {
    const there = this.#endpoint(endpoint);
    there.dial = new Dial(
      host,
      port,
      {
        opened: (socket) => {
          this.#attach(there, socket);
          there.opened();
        },
        failed: (error) => there.failed(error),
      },
      this.#system,
    );
    return endpoint;
  }

  credit(endpoint: number, count: number): void {
    const there = this.#endpoints.get(endpoint);
    if (there?.credit(count)) {
      this.#askForTurn(there);
    }
  }

  send(endpoint: number, bytes: Uint8Array): void {
    const there = this.#endpoints.get(endpoint);
    if (there === undefined || !there.queue(bytes)) {
      return;
    }
    this.#unsent.push(there);
    if (this.#depth === 0 && !this.#flushScheduled) {
      this.#flushScheduled = true;
      process.nextTick(this.#flushLater);
    }
  }

  noDelay(endpoint: number, enabled: boolean): void {
    this.#endpoints.get(endpoint)?.noDelay(enabled);
  }

  close(endpoint: number): void {
    const there = this.#endpoints.get(endpoint);
    this.#endpoints.delete(endpoint);
    there?.close(this.#lingerMs);
  }

  reset(endpoint: number): void {
    const there = this.#endpoints.get(endpoint);
    this.#endpoints.delete(endpoint);
    there?.reset();
  }

  later(endpoint: number): void {
    const there = this.#endpoints.get(endpoint);
    if (there !== undefined) {
      there.turnAsked = true;
      this.#askForTurn(there);
    }
  }

  over(endpoint: NodeEndpoint): void {
    this.#onOver?.(endpoint.remoteAddress, endpoint.remotePort);
  }

  watch(watched: Watched): void {
    this.#sendWatch.add(watched);
  }

  /** Until `leave`, what is sent is only gathered. */
  enter(): void {
    this.#depth++;
  }

  /** Sends what was gathered since `enter`. */
  leave(): void {
    if (--this.#depth === 0) {
      this.#flush();
    }
  }

  /** A port that was bound for this, and not taken yet. */
  #free(port: number, address: string): BoundPort | undefined {
    for (const bound of this.#bound) {
      if (bound.listener === undefined && bound.wantedPort === port && bound.address === address) {
        return bound;
      }
    }
    return undefined;
  }

  #accept(bound: BoundPort, socket: Socket): void {
    const remoteAddress = socket.remoteAddress;
    if (bound.listener === undefined && bound.early.size < BACKLOG) {
      bound.early.add(socket);
      socket.on("error", () => bound.early.delete(socket));
      return;
    }
    if (bound.listener === undefined || remoteAddress === undefined) {
      socket.on("error", () => {});
      socket.resetAndDestroy();
      return;
    }
    const number = this.#nextEndpoint++;
    const endpoint = this.#endpoint(number);
    this.#attach(endpoint, socket);
    // An IPv4 peer of an IPv6 listener: people know the address without its prefix.
    endpoint.remoteAddress = remoteAddress.replace(/^::ffff:/, "");
    endpoint.remotePort = socket.remotePort ?? 0;
    this.enter();
    this.events?.connected(bound.listener, number, endpoint.remoteAddress, endpoint.remotePort);
    this.leave();
  }

  #acceptEarly(bound: BoundPort): void {
    for (const socket of bound.early) {
      bound.early.delete(socket);
      socket.removeAllListeners("error");
      if (this.#bound.has(bound)) {
        this.#accept(bound, socket);
      } else {
        socket.destroy();
      }
    }
  }

  #endpoint(number: number): NodeEndpoint {
    const endpoint = new NodeEndpoint(this, number, this.#sendBuffer);
    this.#endpoints.set(number, endpoint);
    return endpoint;
  }

  #attach(endpoint: NodeEndpoint, socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    endpoint.attach(socket);
  }

  #askForTurn(endpoint: NodeEndpoint): void {
    if (!this.#turns.includes(endpoint) && this.#turns.push(endpoint) === 1) {
      setImmediate(this.#runTurns);
    }
  }

  #flush(): void {
    const unsent = this.#unsent;
    if (unsent.length > 0) {
      this.#unsent = [];
      for (const endpoint of unsent) {
        endpoint.flush();
      }
    }
  }
}
