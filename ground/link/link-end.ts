/**
 * What the two ends of a link have in common on Node: packets that wait to be sent and to be received, each with promises
 * and events, over one connection at a time.
 *
 * | state | the connection | leads on |
 * | --- | --- | --- |
 * | NONE | there is none | `came` to UP |
 * | UP | it is there, and the other side reads from it | `wasLost` to OVER, `left` to NONE |
 * | OVER | it is over, and what came before is still being read | `left` to NONE |
 */
import { EventEmitter } from "node:events";
import { copyFast } from "../../host/engine/copy.js";
import { createIo } from "../../host/engine/io.js";
import { NodeNetwork } from "../../host/node-network.js";
import { type NodeSystem, nodeSystem } from "../../host/node-system.js";
import { checkChoice } from "../../modules/checks/options.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { checkFraming } from "../../modules/framing/encode-decode.js";
import type { UnsentPolicy } from "../../modules/link/client/client-options.js";
import type { Clock, Io, Ticker } from "../../modules/link/connection/io.js";
import type { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { type GroundClock, groundClock, linkTime } from "./ground-clock.js";
import type { Limits } from "./limits.js";
import { ClosedError, NotConnectedError, type NotSentError } from "./link-errors.js";
import { linkSizes, SOCKET_BUFFER, STAGING_LENGTH } from "./link-sizes.js";
import { checkNames, type OptionNames } from "./options.js";
import { PacketQueue, type PacketQueueOptions, type ReceivedPacket } from "./packet-queue.js";
import { SendQueue } from "./send-queue.js";

/** How long `close` waits for the other side to close, too. */
const CLOSE_WAIT_MS = 1000;

export interface LinkEndOptions extends PacketQueueOptions {
  framing: Framing;
  /** Longest packet sent, in bytes. Default: the framing's longest. */
  maxPacketLength?: number;
  /** Packets that may wait to be sent: 1 to 1,000,000. Default 1000. */
  sendLimit?: number;
  /** What becomes of packets that wait when the connection ends. Default `keep`: they are for the next one. */
  unsent?: UnsentPolicy;
  /** For tests and simulations: time that is not the computer's. */
  clock?: GroundClock;
}

export const LINK_END_NAMES: OptionNames<LinkEndOptions> = {
  framing: true,
  maxPacketLength: true,
  sendLimit: true,
  unsent: true,
  receiveLimit: true,
  overflow: true,
  clock: true,
};

/** @returns those that are not common to both ends */
export function ownOptions<Options extends LinkEndOptions>(options: Options): Omit<Options, keyof LinkEndOptions> {
  const own = Object.entries(options).filter(([name]) => !Object.hasOwn(LINK_END_NAMES, name));
  return Object.fromEntries(own) as Omit<Options, keyof LinkEndOptions>;
}

export interface LinkEndEvents {
  /**
   * A packet was given up, whether or not anybody waits for its `send`: one that nobody waits for ends no program. What is
   * wrong with the call itself, as a packet that is too long, only rejects.
   */
  notSent: [error: NotSentError];
  /** A listener of the other events has thrown. */
  error: [error: unknown];
}

/** The sockets beneath, for tests and for who wants to see the bytes. */
export interface LinkEndSockets {
  system?: NodeSystem;
  /** Told of all bytes that come, `bytes[start, end)`, before they are decoded. Valid only during the call. */
  onData?: (bytes: Uint8Array, start: number, end: number) => void;
}

/** What the link under an end is made with, at either end. */
interface LinkParts {
  readonly io: Io;
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly memory: FixedMemory;
  readonly framing: Framing;
  readonly stagingLength: number;
}

export abstract class LinkEnd<
  Events extends LinkEndEvents & Record<keyof Events, unknown[]>,
> extends EventEmitter<Events> {
  /** Resolves when `close()` is called, and stays so. */
  readonly done: Promise<void>;
  protected readonly clock: GroundClock;
  protected readonly network: NodeNetwork;
  protected readonly link: LinkParts;
  /** The packet on its way. */
  protected readonly log: PacketLog;
  protected readonly received: PacketQueue;
  protected readonly unsent: SendQueue;
  protected readonly dropsUnsent: boolean;
  #state: "NONE" | "UP" | "OVER" = "NONE";
  #resolveDone!: () => void;

  /** @throws TypeError or RangeError for an option that is missing, out of its range or of an unknown name */
  constructor(
    owner: string,
    options: LinkEndOptions,
    names: OptionNames<LinkEndOptions>,
    { system = nodeSystem, onData }: LinkEndSockets,
  ) {
    super();
    checkNames(owner, options, names);
    const { framing, sendLimit = 1000, unsent = "keep", clock = groundClock } = options;
    this.clock = clock;
    const { memory, maxPacketLength, logLength } = linkSizes(checkFraming(framing), options.maxPacketLength);
    this.dropsUnsent = checkChoice("unsent", unsent, ["keep", "drop"]) === "drop";
    this.network = new NodeNetwork(
      {
        sendBuffer: SOCKET_BUFFER,
        onOver: (remoteAddress, remotePort) => this.networkOver(remoteAddress, remotePort),
        ...(onData && { onData }),
      },
      { ...system, after: (delayMs, callback) => clock.after(delayMs, callback) },
    );
    this.link = {
      io: createIo(this.network, { copy: copyFast, receiveWindow: SOCKET_BUFFER, sendBuffer: SOCKET_BUFFER }),
      ...linkTime(clock),
      memory,
      framing,
      stagingLength: STAGING_LENGTH,
    };
    this.log = new PacketLog({ memory, length: logLength, maxPacketLength, policy: "refuseNew" });
    this.received = new PacketQueue(
      options,
      () => this.resumeLink(),
      // What came before may stand in a full queue's way: from now on that takes it, when it is offered again.
      () => !this.isOpen,
      clock,
    );
    const end = this;
    this.unsent = new SendQueue(
      this.log,
      framing,
      sendLimit,
      {
        get isOpen() {
          return end.isOpen;
        },
        get mayBeSending() {
          return end.hasConnection;
        },
      },
      (error) => queueMicrotask(() => this.#notSent(error)),
      clock,
    );
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  /** Packets that wait to be sent, and packets that wait to be received. */
  get queued(): { unsent: number; received: number } {
    return { unsent: this.unsent.length, received: this.received.length };
  }

  /** Received packets lost because the queue was full. */
  get dropped(): number {
    return this.received.dropped;
  }

  /**
   * The next packet. Those that came are given out even when the connection is over.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or why no packets follow: ClosedError, and of a client
   *   DisconnectedError, ConnectError, or what `connect` gave up for
   */
  receive(limits?: Limits): Promise<Uint8Array> {
    return this.received.receivePacket(limits);
  }

  /** As `receive`, with the kind of frame that the packet came in. */
  receiveWithKind(limits?: Limits): Promise<ReceivedPacket> {
    return this.received.receive(limits);
  }

  /**
   * Ends the connection and begins no other; what waits to be sent is given up. Idempotent.
   * @returns (resolves) when the other side has closed, too, or after a second: what was sent goes out all the same
   */
  close(): Promise<void> {
    // Of the connection that there is now: who is told of its end may connect again.
    const closed = this.network.closed(CLOSE_WAIT_MS);
    this.shutDown(new ClosedError());
    this.#resolveDone();
    return closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** There is a connection, and the other side reads from it. */
  protected get isOpen(): boolean {
    return this.#state === "UP";
  }

  /** There is one, or what is left of one. */
  protected get hasConnection(): boolean {
    return this.#state !== "NONE";
  }

  /** The link takes packets from now on. */
  protected came(): void {
    this.#state = "UP";
    // The link is not in the middle of anything; what is fed waits for the first room.
    this.unsent.feed();
  }

  protected wasLost(): void {
    if (this.#state === "UP") {
      this.#state = "OVER";
    }
  }

  /** The link has told of the end. */
  protected left(): void {
    this.#state = "NONE";
  }

  /** @returns (rejects) where packets are not kept for a connection that is still to come; undefined where they are */
  protected refusal(): Promise<number> | undefined {
    return this.dropsUnsent && !this.isOpen && !this.unsent.isEnded
      ? this.unsent.refuse(new NotConnectedError())
      : undefined;
  }

  /** Nothing is sent or received any more, until `reopen`: everybody who waits is told why. */
  protected endQueues(why: unknown): void {
    this.unsent.end(why);
    this.received.end(why);
  }

  protected reopenQueues(): void {
    this.received.reopen();
    this.unsent.reopen();
  }

  /** Not from inside the link: without a listener it ends the program, as any error event does. */
  protected caught(error: unknown): void {
    queueMicrotask(() => this.#emitter.emit("error", error));
  }

  /** A connection has failed, or the other side closed it. @param remoteAddress of whoever connected here */
  protected abstract networkOver(remoteAddress: string | undefined, remotePort: number | undefined): void;

  /** Packets are taken again. */
  protected abstract resumeLink(): void;

  /** By this side. */
  protected abstract shutDown(why: ClosedError): void;

  get #emitter(): EventEmitter<LinkEndEvents> {
    return this as unknown as EventEmitter<LinkEndEvents>;
  }

  #notSent(error: NotSentError): void {
    try {
      this.#emitter.emit("notSent", error);
    } catch (thrown) {
      this.#emitter.emit("error", thrown);
    }
  }
}
