/** The client for people: promises and events over the link's own client, on Node. */
import { EventEmitter } from "node:events";
import { copyFast } from "../host/engine/copy.js";
import { createIo } from "../host/engine/io.js";
import { nodeClock, nodeTicker } from "../host/node-io.js";
import { NodeNetwork } from "../host/node-network.js";
import type { Framing } from "../modules/framing/framing.js";
import type {
  AttemptFailure,
  ClientInfo,
  ClientReport,
  ClientTotals,
  TmtcClientOptions,
} from "../modules/link/client-options.js";
import { TmtcClient } from "../modules/link/tmtc-client.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import { ConnectError } from "./connect-error.js";
import { type Limits, Waiter } from "./limits.js";
import { ClosedError, DisconnectedError, NotConnectedError, NotSentError } from "./link-errors.js";
import { PacketQueue, type PacketQueueOptions, type ReceivedPacket } from "./packet-queue.js";
import { SendQueue } from "./send-queue.js";

/** A ground computer has more memory than a board; as much as Linux gives a socket to begin with. */
const SOCKET_BUFFER = 65_536;
const STAGING_LENGTH = 16_384;
/** The longest packet that the link's queue can hold. */
const MAX_PACKET_LENGTH = 65_535;
/** For what else the link reserves; here nobody counts bytes. */
const SPARE = 4096;
const TICK_MS = 20;

type Shared =
  | "name"
  | "unsent"
  | "connectTimeoutMs"
  | "reconnect"
  | "random"
  | "heartbeat"
  | "heartbeatMs"
  | "idleTimeoutMs"
  | "partialFrameTimeoutMs"
  | "maxPacketLength";

/** What they share with `TmtcClientOptions` means the same; `maxPacketLength` is that of the framing by default. */
export interface ClientOptions extends Pick<TmtcClientOptions, Shared>, PacketQueueOptions {
  /** Name or address of the server. */
  host: string;
  port: number;
  framing: Framing;
  /** Packets that may wait to be sent: 1 to 1,000,000. Default 1000. */
  sendLimit?: number;
}

export interface ClientEvents {
  connect: [info: ClientInfo];
  disconnect: [report: ClientReport];
  attemptFailed: [failure: AttemptFailure];
  /** A listener of the other events has thrown. */
  error: [error: unknown];
}

export class Client extends EventEmitter<ClientEvents> {
  readonly host: string;
  readonly port: number;
  readonly #client: TmtcClient;
  readonly #received: PacketQueue;
  readonly #unsent: SendQueue;
  readonly #dropsUnsent: boolean;
  #connecting: Waiter<void>[] = [];
  #resolveDone!: () => void;
  /** Resolves when `close()` is called. */
  readonly done: Promise<void>;

  /** @throws TypeError or RangeError for an option out of its range */
  constructor(options: ClientOptions) {
    super();
    const { host, port, framing, sendLimit = 1000, receiveLimit, overflow, ...link } = options;
    this.host = host;
    this.port = port;
    this.#dropsUnsent = link.unsent === "drop";
    this.#received = new PacketQueue(options, () => this.#client.resume());
    const maxPacketLength = link.maxPacketLength ?? Math.min(framing.maxPacketLength, MAX_PACKET_LENGTH);
    const frameLength = framing
      .encoder(new FixedMemory(1))
      .maxFrameLength(Math.max(maxPacketLength, link.heartbeat?.length ?? 0));
    const memory = new FixedMemory(
      STAGING_LENGTH + framing.decoderMemory + frameLength + maxPacketLength + (link.heartbeat?.length ?? 0) + SPARE,
    );
    this.#client = new TmtcClient({
      ...link,
      io: createIo(new NodeNetwork({ sendBuffer: SOCKET_BUFFER }), {
        copy: copyFast,
        receiveWindow: SOCKET_BUFFER,
        sendBuffer: SOCKET_BUFFER,
      }),
      ticker: nodeTicker,
      clock: nodeClock,
      memory,
      framing,
      host,
      port,
      sink: this.#received,
      queueLength: maxPacketLength + 2,
      maxPacketLength,
      stagingLength: STAGING_LENGTH,
      tickMs: TICK_MS,
      onConnect: (info) => this.#connected(info),
      onDisconnect: (report) => this.#disconnected(report),
      onAttemptFailed: (failure) => this.#attemptFailed(failure),
      // Not from inside the link: without a listener it ends the program, as any error event does.
      onError: (error) => queueMicrotask(() => this.emit("error", error)),
    });
    this.#unsent = new SendQueue(this.#client.queue, framing, sendLimit, () => this.#client.connected);
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** There was a connection, and nobody has closed it: where `connected` is false, it was lost. */
  get shouldBeConnected(): boolean {
    return this.#client.shouldBeConnected;
  }

  get totals(): ClientTotals {
    return this.#client.totals;
  }

  /** Packets that wait to be sent, and packets that wait to be received. */
  get queued(): { unsent: number; received: number } {
    return { unsent: this.#unsent.length, received: this.#received.length };
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.#received.dropped;
  }

  /**
   * Resolves when there is a connection. With `reconnect`, it is tried until then; when a limit is reached, or without
   * `reconnect` at the first failure, no more is tried. May be called again.
   * @throws (rejects) ConnectError, LinkTimeoutError, ClosedError, or the signal's reason
   */
  connect(limits: Limits = {}): Promise<void> {
    if (limits.signal?.aborted) {
      return Promise.reject(limits.signal.reason as Error);
    }
    if (this.connected) {
      return Promise.resolve();
    }
    const waiter = new Waiter<void>("no connection came about", limits, (why) => {
      this.#connecting = this.#connecting.filter((other) => other !== waiter);
      if (this.#connecting.length === 0) {
        this.#client.close();
        this.#unsent.dropAll(why);
      }
      waiter.reject(why);
    });
    this.#connecting.push(waiter);
    this.#received.reopen();
    this.#client.connect();
    return waiter.promise;
  }

  /**
   * Sends a packet, in the order of the calls. Without a connection it waits for one, except under `unsent: "drop"`.
   * @param packet copied at once
   * @returns (resolves) its number, counted from 0 without gaps, when the socket took it. That is not to say that the
   *   server got it: see `acknowledge`
   * @throws (rejects) NotSentError, whose `outcome` says whether the server may have got it, and whose `cause` says why
   */
  send(packet: Uint8Array, limits?: Limits): Promise<number> {
    if (this.#dropsUnsent && !this.connected) {
      return Promise.reject(new NotSentError("unsent", new NotConnectedError()));
    }
    return this.#unsent.send(packet, limits);
  }

  /**
   * The server has answered: it has the packet of this number, and all before it on this connection. They will not be
   * reported as uncertain when it ends.
   */
  acknowledge(number: number): void {
    this.#client.acknowledge(number);
  }

  /**
   * The next packet. Those that came are given out even when the connection is over.
   * @throws (rejects) LinkTimeoutError, the signal's reason, ClosedError, or DisconnectedError when no connection follows
   */
  async receive(limits?: Limits): Promise<Uint8Array> {
    return (await this.#received.receive(limits)).packet;
  }

  /** As `receive`, with the kind of frame that the packet came in. */
  receiveWithKind(limits?: Limits): Promise<ReceivedPacket> {
    return this.#received.receive(limits);
  }

  /** Each packet, until `close()` is called or the server closes in order; throws DisconnectedError when it did not. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#received.iterate((why) => why instanceof DisconnectedError && why.report.reason === "peerClosed");
  }

  /** Ends the connection and connects no more; what waits to be sent is given up. Idempotent. */
  close(): Promise<void> {
    const closed = new ClosedError();
    this.#client.close();
    this.#unsent.dropAll(closed);
    this.#received.end(closed);
    this.#failConnecting(closed);
    this.#resolveDone();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #connected(info: ClientInfo): void {
    for (const waiter of this.#connecting.splice(0)) {
      waiter.resolve();
    }
    // The link is not in the middle of anything; what is fed waits for the first room.
    this.#unsent.feed();
    this.emit("connect", info);
  }

  #disconnected(report: ClientReport): void {
    const why = report.reason === "closed" ? new ClosedError() : new DisconnectedError(report);
    if (report.retryInMs === undefined || this.#dropsUnsent) {
      this.#unsent.dropAll(why);
    }
    if (report.retryInMs === undefined) {
      this.#received.end(why);
    }
    this.emit("disconnect", report);
  }

  #attemptFailed(failure: AttemptFailure): void {
    if (failure.retryInMs === undefined) {
      const error = connectError(failure);
      this.#unsent.dropAll(error);
      this.#failConnecting(error);
    }
    this.emit("attemptFailed", failure);
  }

  #failConnecting(error: Error): void {
    for (const waiter of this.#connecting.splice(0)) {
      waiter.reject(error);
    }
  }
}

function connectError({ host, port, outcome, code, error }: AttemptFailure): ConnectError {
  if (error instanceof Error) {
    return new ConnectError(host, port, error);
  }
  const known = outcome === "timeout" ? "ETIMEDOUT" : code;
  return new ConnectError(host, port, Object.assign(new Error(outcome), known === undefined ? {} : { code: known }));
}
