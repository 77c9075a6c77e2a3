/** The client for people: promises and events over the link's own client, on Node. */
import { EventEmitter } from "node:events";
import { copyFast } from "../host/engine/copy.js";
import { createIo } from "../host/engine/io.js";
import { nodeClock, nodeTicker } from "../host/node-io.js";
import { NodeNetwork } from "../host/node-network.js";
import type { Framing } from "../modules/framing/contract/framing.js";
import { checkFraming } from "../modules/framing/encode-decode.js";
import type {
  AttemptFailure,
  ClientInfo,
  ClientReport,
  ClientTotals,
  TmtcClientOptions,
} from "../modules/link/client/client-options.js";
import type { ReconnectOptions } from "../modules/link/client/reconnect.js";
import { TmtcClient } from "../modules/link/client/tmtc-client.js";
import { ConnectError } from "./connect-error.js";
import { type Limits, Waiter, whyNotWait } from "./limits.js";
import { ClosedError, DisconnectedError, NotConnectedError, type NotSentError } from "./link-errors.js";
import { linkSizes, SOCKET_BUFFER, STAGING_LENGTH } from "./link-sizes.js";
import { checkHeartbeat, checkHost, checkNames, checkReconnect, type OptionNames } from "./options.js";
import { PacketQueue, type PacketQueueOptions, type ReceivedPacket } from "./packet-queue.js";
import { SendQueue } from "./send-queue.js";

const TICK_MS = 20;
/** How long `close` waits for the other side to close, too. */
const CLOSE_WAIT_MS = 1000;

type Shared =
  | "name"
  | "unsent"
  | "connectTimeoutMs"
  | "random"
  | "heartbeat"
  | "heartbeatMs"
  | "idleTimeoutMs"
  | "partialFrameTimeoutMs"
  | "badFrames"
  | "maxPacketLength";

/**
 * What they share with `TmtcClientOptions` means the same; `maxPacketLength` is that of the framing by default, and
 * `badFrames` is `search`.
 */
export interface ClientOptions extends Pick<TmtcClientOptions, Shared>, PacketQueueOptions {
  /** Name or address of the server. */
  host: string;
  port: number;
  framing: Framing;
  /** How to connect again when an attempt failed or the connection ended; `true`: with the defaults. Default: not at all. */
  reconnect?: ReconnectOptions | boolean;
  /** Packets that may wait to be sent: 1 to 1,000,000. Default 1000. */
  sendLimit?: number;
}

const OPTION_NAMES: OptionNames<ClientOptions> = {
  host: true,
  port: true,
  framing: true,
  name: true,
  unsent: true,
  connectTimeoutMs: true,
  reconnect: true,
  random: true,
  heartbeat: true,
  heartbeatMs: true,
  idleTimeoutMs: true,
  partialFrameTimeoutMs: true,
  badFrames: true,
  maxPacketLength: true,
  sendLimit: true,
  receiveLimit: true,
  overflow: true,
};

export interface ClientEvents {
  connect: [info: ClientInfo];
  disconnect: [report: ClientReport];
  attemptFailed: [failure: AttemptFailure];
  /**
   * A packet was given up, whether or not anybody waits for its `send`: one that nobody waits for ends no program. What is
   * wrong with the call itself, as a packet that is too long, only rejects.
   */
  notSent: [error: NotSentError];
  /** A listener of the other events has thrown. */
  error: [error: unknown];
}

export class Client extends EventEmitter<ClientEvents> {
  readonly host: string;
  readonly port: number;
  readonly #network: NodeNetwork;
  readonly #client: TmtcClient;
  readonly #received: PacketQueue;
  readonly #unsent: SendQueue;
  readonly #dropsUnsent: boolean;
  #connecting: Waiter<void>[] = [];
  /** From `connect` to `disconnect`. */
  #isLinked = false;
  /** The connection is lost, whatever of it is still to be read. */
  #isLost = false;
  /** Why the link is being closed by this side. */
  #closing: { readonly why: unknown } | undefined;
  #resolveDone!: () => void;
  /** Resolves when `close()` is called, and stays so: it tells nothing of what `connect()` begins after that. */
  readonly done: Promise<void>;

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(options: ClientOptions) {
    super();
    checkNames("Client", options, OPTION_NAMES);
    const { host, port, framing, sendLimit = 1000, receiveLimit, overflow, heartbeat, reconnect, ...link } = options;
    const { memory, maxPacketLength, logLength } = linkSizes(checkFraming(framing), link.maxPacketLength);
    const again = checkReconnect(reconnect);
    this.host = checkHost(host);
    this.port = port;
    this.#dropsUnsent = link.unsent === "drop";
    this.#received = new PacketQueue(
      options,
      () => this.#client.resume(),
      () => !this.connected,
    );
    this.#network = new NodeNetwork({
      sendBuffer: SOCKET_BUFFER,
      onOver: () => {
        // What came before may stand in a full queue's way: from now on that takes it, when it is offered again.
        this.#isLost = true;
      },
    });
    this.#client = new TmtcClient({
      badFrames: "search",
      ...link,
      ...(again === undefined ? {} : { reconnect: again }),
      ...(heartbeat === undefined ? {} : { heartbeat: checkHeartbeat(heartbeat, maxPacketLength) }),
      io: createIo(this.#network, { copy: copyFast, receiveWindow: SOCKET_BUFFER, sendBuffer: SOCKET_BUFFER }),
      ticker: nodeTicker,
      clock: nodeClock,
      memory,
      framing,
      host,
      port,
      sink: this.#received,
      queueLength: logLength,
      maxPacketLength,
      stagingLength: STAGING_LENGTH,
      tickMs: TICK_MS,
      onConnect: (info) => this.#connected(info),
      onDisconnect: (report) => this.#disconnected(report),
      onAttemptFailed: (failure) => this.#attemptFailed(failure),
      // Not from inside the link: without a listener it ends the program, as any error event does.
      onError: (error) => queueMicrotask(() => this.emit("error", error)),
    });
    const client = this;
    this.#unsent = new SendQueue(
      this.#client.queue,
      framing,
      sendLimit,
      {
        get isOpen() {
          return client.connected;
        },
        get mayBeSending() {
          return client.#isLinked;
        },
      },
      (error) => queueMicrotask(() => this.#notSent(error)),
    );
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  get connected(): boolean {
    return this.#client.connected && !this.#isLost;
  }

  /** There was a connection, and nobody has closed it: where `connected` is false, it was lost. */
  get shouldBeConnected(): boolean {
    return this.#client.shouldBeConnected;
  }

  get totals(): ClientTotals {
    return this.#client.totals.snapshot();
  }

  /** Packets that wait to be sent, and packets that wait to be received. */
  get queued(): { unsent: number; received: number } {
    return { unsent: this.#unsent.length, received: this.#received.length };
  }

  /**
   * The connection is lost, and the next one waits until `receive` takes some of what came: so many packets wait, under
   * `pause`, that no more are kept. It takes megabytes from several lost connections to come to this.
   */
  get isHeldUp(): boolean {
    return this.#received.isStuck;
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.#received.dropped;
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
    const waiter = new Waiter<void>("no connection came about", limits, (why) => {
      this.#connecting = this.#connecting.filter((other) => other !== waiter);
      waiter.reject(why);
      if (this.#connecting.length === 0) {
        this.#shutDown(why);
      }
    });
    this.#connecting.push(waiter);
    this.#received.reopen();
    this.#unsent.reopen();
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
    if (this.#dropsUnsent && !this.connected && !this.#unsent.isEnded) {
      return this.#unsent.refuse(new NotConnectedError());
    }
    return this.#unsent.send(packet, limits);
  }

  /**
   * The server has answered: it has the packet of this number, and all before it on this connection. They will not be
   * reported as uncertain when it ends.
   * @returns false when no socket has taken a packet of this number
   */
  acknowledge(number: number): boolean {
    return this.#client.acknowledge(number);
  }

  /**
   * The next packet. Those that came are given out even when the connection is over.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or why no packets follow: DisconnectedError, ConnectError,
   *   ClosedError, or what `connect` gave up for
   */
  receive(limits?: Limits): Promise<Uint8Array> {
    return this.#received.receivePacket(limits);
  }

  /** As `receive`, with the kind of frame that the packet came in. */
  receiveWithKind(limits?: Limits): Promise<ReceivedPacket> {
    return this.#received.receive(limits);
  }

  /** Each packet, until `close()` is called or the server closes in order; throws DisconnectedError when it did not. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#received.iterate((why) => why instanceof DisconnectedError && why.report.reason === "peerClosed");
  }

  /**
   * Ends the connection and connects no more; what waits to be sent is given up. Idempotent.
   * @returns (resolves) when the server has closed its side too, or after a second: what was sent goes out all the same
   */
  close(): Promise<void> {
    // Of the connection that there is now: who is told of its end may connect again.
    const closed = this.#network.closed(CLOSE_WAIT_MS);
    this.#shutDown(new ClosedError());
    this.#resolveDone();
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connected(info: ClientInfo): void {
    this.#isLinked = true;
    this.#isLost = false;
    for (const waiter of this.#connecting.splice(0)) {
      waiter.resolve();
    }
    // The link is not in the middle of anything; what is fed waits for the first room.
    this.#unsent.feed();
    this.emit("connect", info);
  }

  #disconnected(report: ClientReport): void {
    const why = this.#closing === undefined ? new DisconnectedError(report) : this.#closing.why;
    const isLast = this.#closing !== undefined || report.retryInMs === undefined;
    // Somebody wants a connection already, who saw that this one was lost while the rest of it was being taken.
    const connects = this.#closing === undefined && isLast && this.#connecting.length > 0;
    this.#isLinked = false;
    this.#closing = undefined;
    if (isLast && !connects) {
      this.#giveUp(why);
    } else if (this.#dropsUnsent) {
      this.#unsent.dropAll(why);
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

  #notSent(error: NotSentError): void {
    try {
      this.emit("notSent", error);
    } catch (thrown) {
      this.emit("error", thrown);
    }
  }

  /** By this side. Who listens for the end may connect again at once, and is not to be told of the end before. */
  #shutDown(why: unknown): void {
    const closing = { why };
    this.#closing = closing;
    this.#client.close();
    if (this.#closing === closing) {
      // There was no connection whose end could be told.
      this.#closing = undefined;
      this.#giveUp(why);
    }
  }

  /** No connection follows by itself: everybody who waits is told why. */
  #giveUp(why: unknown): void {
    this.#unsent.end(why);
    this.#received.end(why);
    for (const waiter of this.#connecting.splice(0)) {
      waiter.reject(why);
    }
  }
}

function connectError({ host, port, outcome, code, error }: AttemptFailure): ConnectError {
  return new ConnectError(
    host,
    port,
    outcome === "timeout" ? "ETIMEDOUT" : code,
    error instanceof Error ? error : undefined,
  );
}
