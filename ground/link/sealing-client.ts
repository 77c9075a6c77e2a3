/**
 * A client whose telecommands go out in sealed frames, and are sent again until the board says that it took them.
 *
 * What is guaranteed, towards a board that keeps its counter:
 * - No telecommand is carried out twice. A packet is sealed once, when it is given to `send`. What is sent again is the very
 *   same frame, which the board refuses as a replay if it took it before.
 * - Order is kept. Frames are sealed in the order of the calls of `send`, and each connection carries all that are outstanding in
 *   that order, before anything new: a frame never arrives behind a later one that would make it a replay.
 * - What is not settled is sent again, on every connection that comes about.
 *
 * | state | | leads on |
 * | --- | --- | --- |
 * | OPEN | there is a connection, one follows by itself, or `connect` was not called yet | no other one follows: ENDED |
 * | ENDED | no connection follows by itself: `send` takes nothing, and says why | `connect`, or a connection: OPEN |
 * | OVERTAKEN | the board took somebody else's frame, above all that were sealed here: `send` takes nothing any more | |
 *
 * OPEN and ENDED lead to OVERTAKEN, by `settle`.
 */
import { EventEmitter } from "node:events";
import type { ClientTotals } from "../../modules/link/client/client-options.js";
import { Client, type ClientEvents, type ClientOptions } from "./client.js";
import { groundClock } from "./ground-clock.js";
import { type Limits, observe, whyNotWait } from "./limits.js";
import type { LinkEndSockets } from "./link-end.js";
import { ClosedError, DisconnectedError, NotSentError, OvertakenError } from "./link-errors.js";
import { type OutstandingFrame, OutstandingFrames } from "./outstanding-frames.js";
import type { ReceivedPacket } from "./packet-queue.js";
import { type CountingSealer, PacketSealer, type SealedFrame } from "./packet-sealer.js";

/** Of the client beneath: each frame is in its queue once at most. Frames that are settled may still be queued. */
const SEND_LIMIT = 1_000_000;
const OUTSTANDING_LIMIT = 256;

/** As of `Client`, but nothing is sent that is not sealed, and all frames that are outstanding are kept. */
export interface SealingClientOptions
  extends Omit<ClientOptions, "unsent" | "sendLimit" | "maxPacketLength" | "heartbeat" | "heartbeatMs"> {
  /** The one that the framing, which has `sdls`, was made with; nobody else seals with it. */
  sealer: CountingSealer;
  /** Telecommands that may be outstanding: 1 to 65,536. Default 256. */
  outstandingLimit?: number;
}

export interface SealingClientEvents extends ClientEvents {
  /** The board took the telecommands with these counters. */
  settled: [counters: readonly number[]];
}

export class SealingClient extends EventEmitter<SealingClientEvents> {
  readonly host: string;
  readonly port: number;
  readonly #client: Client;
  readonly #sealer: PacketSealer;
  readonly #frames: OutstandingFrames;
  /** The board took all up to this counter, as far as it has said. */
  #settled = -1;
  #state: "OPEN" | "ENDED" | "OVERTAKEN" = "OPEN";
  /** Of ENDED and OVERTAKEN: why. */
  #why: unknown;
  /** Calls of `connect` that wait. */
  #connecting = 0;

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(options: SealingClientOptions, sockets: LinkEndSockets = {}) {
    super();
    const { sealer, outstandingLimit = OUTSTANDING_LIMIT, ...rest } = options;
    this.#sealer = new PacketSealer(options.framing, sealer);
    this.#frames = new OutstandingFrames(outstandingLimit, options.clock ?? groundClock, (error) =>
      queueMicrotask(() => this.emit("notSent", error)),
    );
    const { sealedFraming: framing, maxFrameLength: maxPacketLength } = this.#sealer;
    const sealed = { framing, maxPacketLength, unsent: "drop", sendLimit: SEND_LIMIT } as const;
    this.#client = new Client({ ...rest, ...sealed }, sockets);
    this.host = this.#client.host;
    this.port = this.#client.port;
    this.#client.on("connect", (info) => {
      this.#sendAgain();
      this.emit("connect", info);
    });
    this.#client.on("disconnect", (report) => {
      if (report.retryInMs === undefined && this.#connecting === 0) {
        this.#end(report.reason === "closed" ? new ClosedError() : new DisconnectedError(report));
      }
      this.emit("disconnect", report);
    });
    this.#client.on("attemptFailed", (failure) => this.emit("attemptFailed", failure));
    this.#client.on("error", (error) => this.emit("error", error));
  }

  get connected(): boolean {
    return this.#client.connected;
  }

  /** As of `Client`. */
  get shouldBeConnected(): boolean {
    return this.#client.shouldBeConnected;
  }

  /** As of `Client`. */
  get isHeldUp(): boolean {
    return this.#client.isHeldUp;
  }

  /** As of `Client`; `packetsSent` counts frames, those that were sent again, too. */
  get totals(): ClientTotals {
    return this.#client.totals;
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.#client.dropped;
  }

  /** Resolves when `close()` is called, and stays so. */
  get done(): Promise<void> {
    return this.#client.done;
  }

  /** The counter that was used last. A board that tells a higher one has taken a frame of somebody else's. */
  get lastCounter(): number {
    return this.#sealer.last;
  }

  /** Telecommands that the board has not said to have taken, in the order in which they are sent. */
  get outstanding(): readonly OutstandingFrame[] {
    return this.#frames.all.map(({ counter, outcome }) => ({ counter, outcome }));
  }

  /** As of `Client`. With the connection, all that is outstanding is sent again. */
  async connect(limits: Limits = {}): Promise<void> {
    const against = whyNotWait(limits);
    if (against !== undefined) {
      throw against;
    }
    this.#reopen();
    this.#connecting++;
    try {
      await this.#client.connect(limits);
    } catch (error) {
      if (this.#connecting === 1 && !this.connected) {
        this.#end(error);
      }
      throw error;
    } finally {
      this.#connecting--;
    }
  }

  /**
   * Seals a packet, at once, and sends it, in the order of the calls. From then on it is outstanding: it is sent again on each
   * connection that comes about, until `settle` says that the board took it. Without a connection it waits for one, as `Client` does.
   * @param packet copied at once
   * @returns (resolves) its counter, when a socket took it
   * @throws (rejects) NotSentError. With the outcome `unsent` the board did not get it, and will not; with `uncertain` it stays
   *   outstanding, and only nobody waits for the socket any more
   */
  send(packet: Uint8Array, limits: Limits = {}): Promise<number> {
    const refusal = whyNotWait(limits) ?? (this.#state === "OPEN" ? this.#frames.refusal : this.#why);
    if (refusal !== undefined) {
      return this.#refuse(refusal);
    }
    let sealed: SealedFrame;
    try {
      sealed = this.#sealer.seal(packet);
    } catch (error) {
      return this.#refuse(error);
    }
    const frame = this.#frames.add(sealed, limits);
    if (this.connected) {
      this.#offer(frame);
    }
    return frame.taken;
  }

  /**
   * The board has said which counter it took last, as in `spiNCounter` of its housekeeping: it took all up to that one, and they
   * are not sent again. A counter above all that this end has sealed is somebody else's: then nothing is known of what is
   * outstanding but that the board will not take it any more.
   * @param counter whole number from 0 on; one that was said before, or is lower, changes nothing
   * @returns how many are not outstanding any more
   */
  settle(counter: number): number {
    if (counter > this.#sealer.last) {
      const why = new OvertakenError(this.#sealer.last, counter);
      this.#state = "OVERTAKEN";
      this.#why = why;
      return this.#frames.abandon(why);
    }
    if (counter > this.#settled) {
      this.#settled = counter;
    }
    const settled = this.#frames.settle(counter);
    if (settled.length > 0) {
      this.emit("settled", settled);
    }
    return settled.length;
  }

  /**
   * Resolves when the board has said that it took the telecommand with this counter: at once where it has.
   * @throws (rejects) RangeError for a counter of none that is outstanding or settled; OvertakenError; ClosedError;
   *   LinkTimeoutError or the signal's reason, and it stays outstanding
   */
  settled(counter: number, limits: Limits = {}): Promise<void> {
    const against = whyNotWait(limits);
    if (against !== undefined) {
      return Promise.reject(against as Error);
    }
    if (counter <= this.#settled) {
      return Promise.resolve();
    }
    const frame = this.#frames.find(counter);
    return (
      frame?.settled(limits) ??
      Promise.reject(new RangeError(`counter ${counter} is of no telecommand that is outstanding`))
    );
  }

  /** As of `Client`. */
  receive(limits?: Limits): Promise<Uint8Array> {
    return this.#client.receive(limits);
  }

  /** As of `Client`. */
  receiveWithKind(limits?: Limits): Promise<ReceivedPacket> {
    return this.#client.receiveWithKind(limits);
  }

  /** As of `Client`. */
  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#client[Symbol.asyncIterator]();
  }

  /**
   * Ends the connection and begins no other. It settles nothing: what no socket was given is given up, and what is uncertain stays
   * outstanding; whoever connects again sends it again.
   * @returns (resolves) what is uncertain, when the other side has closed, too, or after a second
   */
  async close(): Promise<readonly OutstandingFrame[]> {
    const closed = this.#client.close();
    const why = new ClosedError();
    this.#end(why);
    const uncertain = this.outstanding;
    this.#frames.forget(why);
    await closed;
    return uncertain;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** A connection came about. Each frame goes out in its order, whether or not an earlier connection carried it. */
  #sendAgain(): void {
    this.#reopen();
    for (const frame of this.#frames.all) {
      this.#offer(frame);
    }
  }

  #offer(frame: OutstandingFrames["all"][number]): void {
    frame.offered();
    this.#client.send(frame.octets).then(
      () => frame.sent(),
      // The connection is over: the next one carries it.
      () => {},
    );
  }

  /** No connection follows by itself. */
  #end(why: unknown): void {
    if (this.#state !== "OVERTAKEN") {
      this.#state = "ENDED";
      this.#why = why;
    }
    this.#frames.end(why);
  }

  #reopen(): void {
    if (this.#state === "ENDED") {
      this.#state = "OPEN";
    }
  }

  #refuse(why: unknown): Promise<number> {
    return observe(Promise.reject(new NotSentError("unsent", why)));
  }
}
