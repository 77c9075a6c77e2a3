/** A server for one client, with promises and events, on Node: a stand-in for a board, or a ground station's end. */
import { EventEmitter } from "node:events";
import { createNodeIo, type NodeIo, nodeClock, nodeTicker } from "../host/node-io.js";
import type { Framing } from "../modules/framing/framing.js";
import { checkChoice } from "../modules/framing/options.js";
import type { UnsentPolicy } from "../modules/link/client-options.js";
import type { ConnectionInfo, ConnectionReport } from "../modules/link/reports.js";
import type { TmtcServerOptions } from "../modules/link/server-options.js";
import { TmtcServer } from "../modules/link/tmtc-server.js";
import type { ServerTotals } from "../modules/link/totals.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import { TelemetryLog } from "../modules/tmtc/telemetry-log.js";
import type { Limits } from "./limits.js";
import { ClosedError, DisconnectedError, NotConnectedError, NotSentError } from "./link-errors.js";
import { PacketQueue, type PacketQueueOptions, type ReceivedPacket } from "./packet-queue.js";
import { SendQueue } from "./send-queue.js";

const SOCKET_BUFFER = 65_536;
const STAGING_LENGTH = 16_384;
/** The longest packet that the link's log can hold. */
const MAX_PACKET_LENGTH = 65_535;
/** For what else the link reserves; here nobody counts bytes. */
const SPARE = 4096;

/** What they share with `TmtcServerOptions` means the same, except that one client too many is closed at once. */
export interface OneClientServerOptions
  extends Pick<
      TmtcServerOptions,
      "name" | "excessClients" | "rejectHoldMs" | "idleTimeoutMs" | "partialFrameTimeoutMs" | "framing"
    >,
    PacketQueueOptions {
  /** 0, the default: the system picks one. */
  port?: number;
  /** Default 127.0.0.1; `::` is every address. */
  address?: string;
  /** Packets that may wait to be sent: 1 to 1,000,000. Default 1000. */
  sendLimit?: number;
  /** What becomes of packets that wait when the client leaves. Default `keep`: they are for the next one. */
  unsent?: UnsentPolicy;
  /** Longest packet sent. Default: the framing's longest. */
  maxPacketLength?: number;
}

export interface OneClientServerEvents {
  connect: [info: ConnectionInfo];
  disconnect: [report: ConnectionReport];
  /** A listener of the other events has thrown. */
  error: [error: unknown];
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
    this.promise.catch(() => {});
  }
}

export class OneClientServer extends EventEmitter<OneClientServerEvents> {
  /** Resolves when `close()` is called. */
  readonly done: Promise<void>;
  readonly #options: OneClientServerOptions;
  readonly #framing: Framing;
  readonly #received: PacketQueue;
  readonly #maxPacketLength: number;
  readonly #dropsUnsent: boolean;
  #server: TmtcServer | undefined;
  #port: number;
  #listening: Promise<number> | undefined;
  #unsent: SendQueue | undefined;
  #connected = new Promised<ConnectionInfo>();
  #isConnected = false;
  #shouldBeConnected = false;
  #closed = false;
  #resolveDone!: () => void;

  /** @throws TypeError or RangeError for an option out of its range */
  constructor(options: OneClientServerOptions) {
    super();
    this.#options = options;
    this.#framing = options.framing;
    this.#port = options.port ?? 0;
    this.#dropsUnsent = checkChoice("unsent", options.unsent ?? "keep", ["keep", "drop"]) === "drop";
    this.#maxPacketLength = options.maxPacketLength ?? Math.min(this.#framing.maxPacketLength, MAX_PACKET_LENGTH);
    this.#received = new PacketQueue(options, () => this.#server?.resume());
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  /**
   * Listens. Called again, it says the same again; when it failed, it tries again.
   * @returns (resolves) the port
   * @throws (rejects) ListenError when the port is not to be had, ClosedError
   */
  listen(): Promise<number> {
    this.#listening ??= this.#listen().catch((error: unknown) => {
      this.#listening = undefined;
      throw error;
    });
    return this.#listening;
  }

  /** The port listened on, now or last; what was asked for, before that. */
  get port(): number {
    return this.#port;
  }

  get isListening(): boolean {
    return this.#server?.isListening ?? false;
  }

  /** Resolves when a client is there, and is made anew when it leaves. Rejects with ClosedError when none will come. */
  get connected(): Promise<ConnectionInfo> {
    return this.#connected.promise;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** A client came, and this side has not closed its connection: where `isConnected` is false, the client left. */
  get shouldBeConnected(): boolean {
    return this.#shouldBeConnected;
  }

  /** Undefined before it listens. */
  get totals(): ServerTotals | undefined {
    return this.#server?.totals.snapshot();
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.#received.dropped;
  }

  /**
   * Sends a packet, in the order of the calls. Without a client it waits for one, except under `unsent: "drop"`.
   * @param packet copied at once
   * @returns (resolves) its number, counted from 0, when the socket took it
   * @throws (rejects) NotSentError, whose `cause` says why
   */
  async send(packet: Uint8Array, limits?: Limits): Promise<number> {
    if (this.#closed) {
      throw new NotSentError("unsent", new ClosedError());
    }
    if (this.#dropsUnsent && !this.#isConnected) {
      throw new NotSentError("unsent", new NotConnectedError());
    }
    if (this.#unsent !== undefined) {
      return this.#unsent.send(packet, limits);
    }
    const copy = packet.slice();
    try {
      await this.listen();
    } catch (error) {
      throw new NotSentError("unsent", error);
    }
    return (this.#unsent as unknown as SendQueue).send(copy, limits);
  }

  /**
   * The next packet, of whichever client.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or ClosedError
   */
  async receive(limits?: Limits): Promise<Uint8Array> {
    return (await this.#received.receive(limits)).packet;
  }

  /** As `receive`, with the kind of frame that the packet came in. */
  receiveWithKind(limits?: Limits): Promise<ReceivedPacket> {
    return this.#received.receive(limits);
  }

  /** Each packet, of one client after the other, until `close()` is called. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#received.iterate(() => false);
  }

  /** Ends the client's connection, if there is one, and goes on listening. */
  closeClient(): void {
    this.#shouldBeConnected = false;
    this.#server?.disconnectAll();
  }

  /** Ends the client's connection and listens no more; what waits to be sent is given up. Idempotent. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#shouldBeConnected = false;
      const why = new ClosedError();
      this.#server?.stop();
      this.#unsent?.dropAll(why);
      this.#received.end(why);
      // Who waits, and who asks from now on.
      this.#connected.reject(why);
      this.#connected = new Promised();
      this.#connected.reject(why);
      this.#resolveDone();
    }
    return this.done;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<number> {
    const { port = 0, address = "127.0.0.1", sendLimit = 1000 } = this.#options;
    const io = await createNodeIo({
      listen: [{ port, address }],
      receiveWindow: SOCKET_BUFFER,
      sendBuffer: SOCKET_BUFFER,
    });
    if (this.#closed) {
      io.network.shutDown();
      throw new ClosedError();
    }
    const log = this.#start(io, port, address);
    this.#unsent = new SendQueue(log, this.#framing, sendLimit, () => this.#isConnected);
    return this.port;
  }

  #start(io: NodeIo, port: number, address: string): TelemetryLog {
    const framing = this.#framing;
    const {
      receiveLimit: _,
      overflow: __,
      unsent: ___,
      sendLimit: ____,
      maxPacketLength: _____,
      ...link
    } = this.#options;
    const maxPacketLength = this.#maxPacketLength;
    const frameLength = framing.encoder(new FixedMemory(1)).maxFrameLength(maxPacketLength);
    const memory = new FixedMemory(STAGING_LENGTH + framing.decoderMemory + frameLength + maxPacketLength + SPARE);
    const log = new TelemetryLog({ memory, length: maxPacketLength + 2, maxPacketLength, policy: "refuseNew" });
    const server = new TmtcServer({
      rejectHoldMs: 0,
      ...link,
      io,
      ticker: nodeTicker,
      clock: nodeClock,
      memory,
      port,
      address,
      telemetry: log,
      telecommands: this.#received,
      maxClients: 1,
      stagingLength: STAGING_LENGTH,
      onConnect: (info) => this.#clientCame(info),
      onDisconnect: (report) => this.#clientLeft(report),
      onError: (error) => queueMicrotask(() => this.emit("error", error)),
    });
    server.start();
    this.#port = server.port;
    this.#server = server;
    return log;
  }

  #clientCame(info: ConnectionInfo): void {
    this.#isConnected = true;
    this.#shouldBeConnected = true;
    this.#connected.resolve(info);
    this.#unsent?.feed();
    this.emit("connect", info);
  }

  #clientLeft(report: ConnectionReport): void {
    this.#isConnected = false;
    if (!this.#closed) {
      this.#connected = new Promised();
      if (this.#dropsUnsent) {
        this.#unsent?.dropAll(new DisconnectedError(report));
      }
    }
    this.emit("disconnect", report);
  }
}
