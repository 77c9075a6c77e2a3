/** The client for people: promises and events over the link's own client, on Node. */
import type {
  AttemptFailure,
  ClientInfo,
  ClientReport,
  ClientTotals,
  TmtcClientOptions,
} from "../../modules/link/client/client-options.js";
import type { ReconnectOptions } from "../../modules/link/client/reconnect.js";
import { TmtcClient } from "../../modules/link/client/tmtc-client.js";
import { connectError } from "./connect-error.js";
import { type Limits, Waiter, whyNotWait } from "./limits.js";
import {
  LINK_END_NAMES,
  LinkEnd,
  type LinkEndEvents,
  type LinkEndOptions,
  type LinkEndSockets,
  ownOptions,
} from "./link-end.js";
import { DisconnectedError } from "./link-errors.js";
import { checkHeartbeat, checkHost, checkReconnect, type OptionNames } from "./options.js";

const TICK_MS = 20;

type Shared =
  | "name"
  | "connectTimeoutMs"
  | "random"
  | "heartbeat"
  | "heartbeatMs"
  | "idleTimeoutMs"
  | "partialFrameTimeoutMs"
  | "badFrames";

/** What they share with `TmtcClientOptions` means the same, and `badFrames` is `search`. */
export interface ClientOptions extends Pick<TmtcClientOptions, Shared>, LinkEndOptions {
  /** Name or address of the server. */
  host: string;
  port: number;
  /** How to connect again when an attempt failed or the connection ended; `true`: with the defaults. Default: not at all. */
  reconnect?: ReconnectOptions | boolean;
}

const OPTION_NAMES: OptionNames<ClientOptions> = {
  host: true,
  port: true,
  name: true,
  connectTimeoutMs: true,
  reconnect: true,
  random: true,
  heartbeat: true,
  heartbeatMs: true,
  idleTimeoutMs: true,
  partialFrameTimeoutMs: true,
  badFrames: true,
  ...LINK_END_NAMES,
};

export interface ClientEvents extends LinkEndEvents {
  connect: [info: ClientInfo];
  disconnect: [report: ClientReport];
  attemptFailed: [failure: AttemptFailure];
}

export class Client extends LinkEnd<ClientEvents> {
  readonly host: string;
  readonly port: number;
  readonly #client: TmtcClient;
  #connecting: Waiter<void>[] = [];
  /** Why the link is being closed by this side. */
  #closing: { readonly why: unknown } | undefined;

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(options: ClientOptions, sockets: LinkEndSockets = {}) {
    super("Client", options, OPTION_NAMES, sockets);
    const { host, port, heartbeat, reconnect, ...link } = ownOptions(options);
    const again = checkReconnect(reconnect);
    this.host = checkHost(host);
    this.port = port;
    this.#client = new TmtcClient({
      badFrames: "search",
      ...link,
      unsent: this.dropsUnsent ? "drop" : "keep",
      ...(again && { reconnect: again }),
      ...(heartbeat === undefined ? {} : { heartbeat: checkHeartbeat(heartbeat, this.log.maxPacketLength) }),
      ...this.link,
      host,
      port,
      sink: this.received,
      queue: this.log,
      tickMs: TICK_MS,
      onConnect: (info) => this.#connected(info),
      onDisconnect: (report) => this.#disconnected(report),
      onAttemptFailed: (failure) => this.#attemptFailed(failure),
      onError: (error) => this.caught(error),
    });
  }

  get connected(): boolean {
    return this.isOpen;
  }

  /** There was a connection, and nobody has closed it: where `connected` is false, it was lost. */
  get shouldBeConnected(): boolean {
    return this.#client.shouldBeConnected;
  }

  get totals(): ClientTotals {
    return this.#client.totals.snapshot();
  }

  /**
   * The connection is lost, and the next one waits until `receive` takes some of what came: so many packets wait, under
   * `pause`, that no more are kept. It takes megabytes from several lost connections to come to this.
   */
  get isHeldUp(): boolean {
    return this.received.isStuck;
  }

  /**
   * Resolves when there is a connection. With `reconnect`, it is tried until then; when a limit is reached, or without
   * `reconnect` at the first failure, no more is tried: who waits to send or to receive is told so, too. May be called
   * again, also after `close`.
   * @throws (rejects) ConnectError, LinkTimeoutError, ClosedError, the signal's reason, or TypeError or RangeError for limits
   *   out of their range
   */
  connect(limits: Limits = {}): Promise<void> {
    const against = whyNotWait(limits);
    if (against !== undefined) {
      return Promise.reject(against as Error);
    }
    if (this.connected) {
      return Promise.resolve();
    }
    const giveUp = (why: unknown) => {
      this.#connecting = this.#connecting.filter((other) => other !== waiter);
      waiter.reject(why);
      if (this.#connecting.length === 0) {
        this.shutDown(why);
      }
    };
    const waiter = new Waiter<void>("no connection came about", limits, giveUp, this.clock);
    this.#connecting.push(waiter);
    this.reopenQueues();
    this.#client.connect();
    return waiter.promise;
  }

  /**
   * Sends a packet, in the order of the calls. Without a connection it waits for one: for that of the first `connect()`, or
   * the next one under `reconnect`. It does not wait under `unsent: "drop"`, nor where none follows until `connect()` is
   * called again: after `close()`, after the loss of the only one, after a failed attempt that was the last.
   * @param packet copied at once
   * @returns (resolves) its number, counted from 0 without gaps, when the socket took it. That is not to say that the
   *   server got it: see `acknowledge`
   * @throws (rejects) NotSentError, whose `outcome` says whether the server may have got it, and whose `cause` says why: also
   *   for what is no Uint8Array, and for limits out of their range
   */
  send(packet: Uint8Array, limits?: Limits): Promise<number> {
    return this.refusal() ?? this.unsent.send(packet, limits);
  }

  /**
   * The server has answered: it has the packet of this number, and all before it on this connection. They will not be
   * reported as uncertain when it ends.
   * @returns false when no socket has taken a packet of this number
   */
  acknowledge(number: number): boolean {
    return this.#client.acknowledge(number);
  }

  /** Each packet, until `close()` is called or the server closes in order; throws DisconnectedError when it did not. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.received.iterate((why) => why instanceof DisconnectedError && why.report.reason === "peerClosed");
  }

  protected override get isOpen(): boolean {
    return this.#client.connected && super.isOpen;
  }

  protected networkOver(): void {
    this.wasLost();
  }

  protected resumeLink(): void {
    this.#client.resume();
  }

  /** Who listens for the end may connect again at once, and is not to be told of the end before. */
  protected shutDown(why: unknown): void {
    const closing = { why };
    this.#closing = closing;
    this.#client.close();
    if (this.#closing === closing) {
      // There was no connection whose end could be told.
      this.#closing = undefined;
      this.#giveUp(why);
    }
  }

  #connected(info: ClientInfo): void {
    for (const waiter of this.#connecting.splice(0)) {
      waiter.resolve();
    }
    this.came();
    this.emit("connect", info);
  }

  #disconnected(report: ClientReport): void {
    const why = this.#closing === undefined ? new DisconnectedError(report) : this.#closing.why;
    const isLast = this.#closing !== undefined || report.retryInMs === undefined;
    // Somebody wants a connection already, who saw that this one was lost while the rest of it was being taken.
    const connects = this.#closing === undefined && isLast && this.#connecting.length > 0;
    this.left();
    this.#closing = undefined;
    if (isLast && !connects) {
      this.#giveUp(why);
    } else if (this.dropsUnsent) {
      this.unsent.dropAll(why);
    }
    try {
      this.emit("disconnect", report);
    } finally {
      if (connects && this.#connecting.length > 0) {
        this.#client.connect();
      }
    }
  }

  #attemptFailed(failure: AttemptFailure): void {
    if (failure.retryInMs === undefined) {
      this.#giveUp(connectError(failure));
    }
    this.emit("attemptFailed", failure);
  }

  /** No connection follows by itself: everybody who waits is told why. */
  #giveUp(why: unknown): void {
    this.endQueues(why);
    for (const waiter of this.#connecting.splice(0)) {
      waiter.reject(why);
    }
  }
}
