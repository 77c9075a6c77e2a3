/** A server for one client, with promises and events, on Node: a stand-in for a board, or a ground station's end. */
import { EventEmitter } from "node:events";
import { copyFast } from "../host/engine/copy.js";
import { createIo } from "../host/engine/io.js";
import { nodeClock, nodeTicker } from "../host/node-io.js";
import { NodeNetwork } from "../host/node-network.js";
import { checkChoice } from "../modules/checks/options.js";
import { checkFraming } from "../modules/framing/encode-decode.js";
import type { UnsentPolicy } from "../modules/link/client/client-options.js";
import type { ConnectionInfo, ConnectionReport } from "../modules/link/connection/reports.js";
import type { TmtcServerOptions } from "../modules/link/server/server-options.js";
import type { ServerTotals } from "../modules/link/server/server-totals.js";
import { TmtcServer } from "../modules/link/server/tmtc-server.js";
import { PacketLog } from "../modules/tmtc/packet-log.js";
import { type Limits, observe } from "./limits.js";
import { ClosedError, DisconnectedError, NotConnectedError, type NotSentError } from "./link-errors.js";
import { linkSizes, SOCKET_BUFFER, STAGING_LENGTH } from "./link-sizes.js";
import { checkNames, type OptionNames } from "./options.js";
import { PacketQueue, type PacketQueueOptions, type ReceivedPacket } from "./packet-queue.js";
import { SendQueue } from "./send-queue.js";

/** How long `close` waits for the client to close, too. */
const CLOSE_WAIT_MS = 1000;

/** What they share with `TmtcServerOptions` means the same, except that one client too many is closed at once. */
export interface OneClientServerOptions
  extends Pick<
      TmtcServerOptions,
      "name" | "excessClients" | "rejectHoldMs" | "idleTimeoutMs" | "partialFrameTimeoutMs" | "badFrames" | "framing"
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

const OPTION_NAMES: OptionNames<OneClientServerOptions> = {
  framing: true,
  port: true,
  address: true,
  name: true,
  excessClients: true,
  rejectHoldMs: true,
  idleTimeoutMs: true,
  partialFrameTimeoutMs: true,
  badFrames: true,
  sendLimit: true,
  unsent: true,
  maxPacketLength: true,
  receiveLimit: true,
  overflow: true,
};

export interface OneClientServerEvents {
  connect: [info: ConnectionInfo];
  disconnect: [report: ConnectionReport];
  /**
   * A packet was given up, whether or not anybody waits for its `send`: one that nobody waits for ends no program. What is
   * wrong with the call itself, as a packet that is too long, only rejects.
   */
  notSent: [error: NotSentError];
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
    observe(this.promise);
  }
}

export class OneClientServer extends EventEmitter<OneClientServerEvents> {
  /** Resolves when `close()` is called. */
  readonly done: Promise<void>;
  readonly #network = new NodeNetwork({
    sendBuffer: SOCKET_BUFFER,
    onOver: (remoteAddress, remotePort) => this.#clientLost(remoteAddress, remotePort),
  });
  readonly #address: string;
  readonly #received: PacketQueue;
  readonly #unsent: SendQueue;
  readonly #dropsUnsent: boolean;
  readonly #server: TmtcServer;
  #port: number;
  #listening: Promise<number> | undefined;
  #connected = new Promised<ConnectionInfo>();
  /** From `connect` to `disconnect`. */
  #client: ConnectionInfo | undefined;
  /** Its connection is over, whatever of it is still to be read. */
  #isLost = false;
  #shouldBeConnected = false;
  #closed = false;
  #resolveDone!: () => void;

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(options: OneClientServerOptions) {
    super();
    checkNames("OneClientServer", options, OPTION_NAMES);
    const { framing, port = 0, address = "127.0.0.1", sendLimit = 1000, unsent = "keep", ...others } = options;
    const { receiveLimit: _, overflow: __, maxPacketLength: wanted, ...link } = others;
    this.#port = port;
    this.#address = address;
    this.#dropsUnsent = checkChoice("unsent", unsent, ["keep", "drop"]) === "drop";
    this.#received = new PacketQueue(
      options,
      () => this.#server.resume(),
      () => this.#isLost,
    );
    const { memory, maxPacketLength, logLength } = linkSizes(checkFraming(framing), wanted);
    const log = new PacketLog({ memory, length: logLength, maxPacketLength, policy: "refuseNew" });
    this.#server = new TmtcServer({
      rejectHoldMs: 0,
      // Node tells of every end: whoever is silent is there.
      yieldAfterMs: 0,
      ...link,
      framing,
      io: createIo(this.#network, { copy: copyFast, receiveWindow: SOCKET_BUFFER, sendBuffer: SOCKET_BUFFER }),
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
    const server = this;
    this.#unsent = new SendQueue(
      log,
      framing,
      sendLimit,
      {
        get isOpen() {
          return server.isConnected;
        },
        get mayBeSending() {
          return server.#client !== undefined;
        },
      },
      (error) => queueMicrotask(() => this.#notSent(error)),
    );
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
    if (this.#closed) {
      return observe(Promise.reject(new ClosedError()));
    }
    if (this.#listening === undefined) {
      const listening = this.#listen().catch((error: unknown) => {
        this.#listening = undefined;
        this.#network.shutDown();
        this.#unsent.dropAll(error);
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
    return this.#client !== undefined && !this.#isLost;
  }

  /** A client came, and this side has not closed its connection: where `isConnected` is false, the client left. */
  get shouldBeConnected(): boolean {
    return this.#shouldBeConnected;
  }

  get totals(): ServerTotals {
    return this.#server.totals.snapshot();
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.#received.dropped;
  }

  /**
   * Sends a packet, in the order of the calls. Without a client it waits for one, except under `unsent: "drop"`; where
   * nobody has called `listen` yet, this does.
   * @param packet copied at once
   * @returns (resolves) its number, counted from 0, when the socket took it
   * @throws (rejects) NotSentError, whose `cause` says why
   */
  send(packet: Uint8Array, limits?: Limits): Promise<number> {
    if (this.#closed) {
      return this.#unsent.refuse(new ClosedError());
    }
    if (this.#dropsUnsent && !this.isConnected) {
      return this.#unsent.refuse(new NotConnectedError());
    }
    const sent = this.#unsent.send(packet, limits);
    // Should it fail, what waits is told.
    observe(this.listen());
    return sent;
  }

  /**
   * The next packet, of whichever client.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or ClosedError
   */
  receive(limits?: Limits): Promise<Uint8Array> {
    return this.#received.receivePacket(limits);
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
    this.#server.disconnectAll();
  }

  /**
   * Ends the client's connection and listens no more; what waits to be sent is given up. Final, and idempotent.
   * @returns (resolves) when the client has closed its side too, or after a second: what was sent goes out all the same
   */
  close(): Promise<void> {
    const closed = this.#network.closed(CLOSE_WAIT_MS);
    if (!this.#closed) {
      this.#closed = true;
      this.#shouldBeConnected = false;
      const why = new ClosedError();
      this.#server.stop();
      this.#unsent.dropAll(why);
      this.#received.end(why);
      // Who waits, and who asks from now on.
      this.#connected.reject(why);
      this.#connected = new Promised();
      this.#connected.reject(why);
      this.#resolveDone();
    }
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #listen(): Promise<number> {
    // Node opens ports asynchronously, the link's listeners do not.
    await this.#network.bind(this.#port, this.#address);
    if (this.#closed) {
      throw new ClosedError();
    }
    this.#server.start();
    this.#port = this.#server.port;
    return this.#port;
  }

  #notSent(error: NotSentError): void {
    try {
      this.emit("notSent", error);
    } catch (thrown) {
      this.emit("error", thrown);
    }
  }

  #clientCame(info: ConnectionInfo): void {
    this.#client = info;
    this.#isLost = false;
    this.#shouldBeConnected = true;
    this.#connected.resolve(info);
    this.#unsent.feed();
    this.emit("connect", info);
  }

  /** What came before may stand in a full queue's way: from now on that takes it, when it is offered again. */
  #clientLost(remoteAddress: string | undefined, remotePort: number | undefined): void {
    const client = this.#client;
    // Others are turned away, and may be held for a moment.
    if (client === undefined || client.remotePort !== remotePort || client.remoteAddress !== remoteAddress) {
      return;
    }
    if (this.isConnected) {
      this.#connected = new Promised();
    }
    this.#isLost = true;
  }

  #clientLeft(report: ConnectionReport): void {
    const wasConnected = this.isConnected;
    this.#client = undefined;
    if (!this.#closed) {
      if (wasConnected) {
        this.#connected = new Promised();
      }
      if (this.#dropsUnsent) {
        this.#unsent.dropAll(new DisconnectedError(report));
      }
    }
    this.emit("disconnect", report);
  }
}
