/**
 * A server for one client, with promises and events, on Node: a stand-in for a board, or a ground station's end.
 *
 * | what this side wants | | leads on |
 * | --- | --- | --- |
 * | ANYBODY | a client may come | one comes: CLIENT; `close`: NOBODY |
 * | CLIENT | the client that came is to stay | `closeClient`: ANYBODY; `close`: NOBODY |
 * | NOBODY | closed, for good | |
 */
import type { ConnectionInfo, ConnectionReport } from "../../modules/link/connection/reports.js";
import type { TmtcServerOptions } from "../../modules/link/server/server-options.js";
import type { ServerTotals } from "../../modules/link/server/server-totals.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { type Limits, observe } from "./limits.js";
import {
  LINK_END_NAMES,
  LinkEnd,
  type LinkEndEvents,
  type LinkEndOptions,
  type LinkEndSockets,
  ownOptions,
} from "./link-end.js";
import { ClosedError, DisconnectedError } from "./link-errors.js";
import type { OptionNames } from "./options.js";

/** What they share with `TmtcServerOptions` means the same, except that one client too many is closed at once. */
export interface OneClientServerOptions
  extends Pick<
      TmtcServerOptions,
      "name" | "excessClients" | "rejectHoldMs" | "idleTimeoutMs" | "partialFrameTimeoutMs" | "badFrames"
    >,
    LinkEndOptions {
  /** 0, the default: the system picks one. */
  port?: number;
  /** Default 127.0.0.1; `::` is every address. */
  address?: string;
}

const OPTION_NAMES: OptionNames<OneClientServerOptions> = {
  port: true,
  address: true,
  name: true,
  excessClients: true,
  rejectHoldMs: true,
  idleTimeoutMs: true,
  partialFrameTimeoutMs: true,
  badFrames: true,
  ...LINK_END_NAMES,
};

export interface OneClientServerEvents extends LinkEndEvents {
  connect: [info: ConnectionInfo];
  disconnect: [report: ConnectionReport];
}

/** A promise that is settled from outside; nobody need wait for it. */
class Promised<Value> {
  readonly promise: Promise<Value>;
  resolve!: (value: Value) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    observe(this.promise);
  }
}

/** `close()` is final. */
export class OneClientServer extends LinkEnd<OneClientServerEvents> {
  readonly #address: string;
  readonly #server: TmtcServer;
  #port: number;
  #listening: Promise<number> | undefined;
  #connected = new Promised<ConnectionInfo>();
  /** From `connect` to `disconnect`. */
  #client: ConnectionInfo | undefined;
  #wanted: "ANYBODY" | "CLIENT" | "NOBODY" = "ANYBODY";

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(options: OneClientServerOptions, sockets: LinkEndSockets = {}) {
    super("OneClientServer", options, OPTION_NAMES, sockets);
    const { port = 0, address = "127.0.0.1", ...link } = ownOptions(options);
    this.#port = port;
    this.#address = address;
    this.#server = new TmtcServer({
      rejectHoldMs: 0,
      // Node tells of every end: whoever is silent is there.
      yieldAfterMs: 0,
      ...link,
      ...this.link,
      port,
      address,
      telemetry: this.log,
      telecommands: this.received,
      maxClients: 1,
      onConnect: (info) => this.#clientCame(info),
      onDisconnect: (report) => this.#clientLeft(report),
      onError: (error) => this.caught(error),
    });
  }

  /**
   * Listens. Called again, it says the same again; when it failed, it tries again.
   * @returns (resolves) the port
   * @throws (rejects) ListenError when the port is not to be had, ClosedError
   */
  listen(): Promise<number> {
    if (this.#wanted === "NOBODY") {
      return observe(Promise.reject(new ClosedError()));
    }
    if (this.#listening === undefined) {
      const listening = this.#listen().catch((error: unknown) => {
        this.#listening = undefined;
        this.network.shutDown();
        this.unsent.dropAll(error);
        if (error instanceof ClosedError) {
          observe(listening);
        }
        throw error;
      });
      this.#listening = listening;
    }
    return this.#listening;
  }

  /** The port listened on, now or last; what was asked for, before that. */
  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server.isListening;
  }

  /** Resolves when a client is there, and is made anew when it leaves. Rejects with ClosedError when none will come. */
  get connected(): Promise<ConnectionInfo> {
    return this.#connected.promise;
  }

  get isConnected(): boolean {
    return this.isOpen;
  }

  /** A client came, and this side has not closed its connection: where `isConnected` is false, the client left. */
  get shouldBeConnected(): boolean {
    return this.#wanted === "CLIENT";
  }

  get totals(): ServerTotals {
    return this.#server.totals.snapshot();
  }

  /**
   * Sends a packet, in the order of the calls. Without a client it waits for one, except under `unsent: "drop"`; where
   * nobody has called `listen` yet, this does.
   * @param packet copied at once
   * @returns (resolves) its number, counted from 0, when the socket took it
   * @throws (rejects) NotSentError, whose `cause` says why
   */
  send(packet: Uint8Array, limits?: Limits): Promise<number> {
    const refusal = this.#wanted === "NOBODY" ? this.unsent.refuse(new ClosedError()) : this.refusal();
    if (refusal !== undefined) {
      return refusal;
    }
    const sent = this.unsent.send(packet, limits);
    // Should it fail, what waits is told.
    observe(this.listen());
    return sent;
  }

  /** Each packet, of one client after the other, until `close()` is called. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.received.iterate(() => false);
  }

  /** Ends the client's connection, if there is one, and goes on listening. */
  closeClient(): void {
    if (this.#wanted === "CLIENT") {
      this.#wanted = "ANYBODY";
    }
    this.#server.disconnectAll();
  }

  protected networkOver(remoteAddress: string | undefined, remotePort: number | undefined): void {
    const client = this.#client;
    // Others are turned away, and may be held for a moment.
    if (client?.remotePort !== remotePort || client?.remoteAddress !== remoteAddress) {
      return;
    }
    if (this.isConnected) {
      this.#connected = new Promised();
    }
    this.wasLost();
  }

  protected resumeLink(): void {
    this.#server.resume();
  }

  protected shutDown(why: ClosedError): void {
    if (this.#wanted === "NOBODY") {
      return;
    }
    this.#wanted = "NOBODY";
    this.#server.stop();
    this.endQueues(why);
    // Who waits, and who asks from now on.
    this.#connected.reject(why);
    this.#connected = new Promised();
    this.#connected.reject(why);
  }

  async #listen(): Promise<number> {
    // Node opens ports asynchronously, the link's listeners do not.
    await this.network.bind(this.#port, this.#address);
    if (this.#wanted === "NOBODY") {
      throw new ClosedError();
    }
    this.#server.start();
    this.#port = this.#server.port;
    return this.#port;
  }

  #clientCame(info: ConnectionInfo): void {
    this.#client = info;
    this.#wanted = "CLIENT";
    this.#connected.resolve(info);
    this.came();
    this.emit("connect", info);
  }

  #clientLeft(report: ConnectionReport): void {
    const wasConnected = this.isConnected;
    this.#client = undefined;
    this.left();
    if (this.#wanted !== "NOBODY") {
      if (wasConnected) {
        this.#connected = new Promised();
      }
      if (this.dropsUnsent) {
        this.unsent.dropAll(new DisconnectedError(report));
      }
    }
    this.emit("disconnect", report);
  }
}
