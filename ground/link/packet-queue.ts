/** Packets that came and nobody has fetched yet: a sink on one side, promises on the other. */
import { checkChoice, checkRange } from "../../modules/checks/options.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { Fifo } from "./fifo.js";
import { type GroundClock, groundClock } from "./ground-clock.js";
import { type Limits, Waiter, whyNotWait } from "./limits.js";
import { ClosedError } from "./link-errors.js";

/**
 * What happens when the queue is full. `pause`: nothing more is read, and the sender has to wait; what a connection that is
 * lost has left is kept all the same, up to some megabytes. `dropOldest` and `dropNewest` lose a packet, and count it in
 * `dropped`.
 */
export type OverflowPolicy = "pause" | "dropOldest" | "dropNewest";

export interface ReceivedPacket {
  readonly packet: Uint8Array;
  /** Which of its framing's kinds of frame it came in; 0 where there is only one. */
  readonly kind: number;
}

export interface PacketQueueOptions {
  /** Packets kept: 1 to 1,000,000. Default 1000. */
  receiveLimit?: number;
  /** Default `pause`. */
  overflow?: OverflowPolicy;
}

/**
 * What connections that were lost may leave beyond the limit, in bytes. One of them leaves what the link and Node have read
 * ahead, at most some 150 KB, which always fits.
 */
const MAX_LEFT = 16 * 1024 * 1024;
/** What a packet takes beside its bytes: it may be of one byte. */
const OBJECT_LENGTH = 64;

/** Who waits for a packet. */
interface Receiver {
  resolve(received: ReceivedPacket): void;
  reject(why: unknown): void;
}

export class PacketQueue implements PacketSink {
  /** Packets lost to a full queue. */
  dropped = 0;
  readonly #limit: number;
  readonly #overflow: OverflowPolicy;
  readonly #onRoom: () => void;
  readonly #isLost: () => boolean;
  readonly #clock: GroundClock;
  readonly #packets = new Fifo<ReceivedPacket>();
  #waiters: Receiver[] = [];
  #refused = false;
  #stuck = false;
  /** Bytes taken beyond the limit. */
  #left = 0;
  /** No more packets come: why. */
  #ended: { readonly why: unknown } | undefined;

  /**
   * @param onRoom a packet was refused, and would be taken now
   * @param isLost the connection that packets come from is over: refused, they would hold up the next one
   */
  constructor(
    options: PacketQueueOptions,
    onRoom: () => void,
    isLost: () => boolean = () => false,
    clock: GroundClock = groundClock,
  ) {
    this.#clock = clock;
    this.#limit = checkRange("receiveLimit", options.receiveLimit ?? 1000, 1, 1_000_000);
    this.#overflow = checkChoice("overflow", options.overflow ?? "pause", ["pause", "dropOldest", "dropNewest"]);
    this.#onRoom = onRoom;
    this.#isLost = isLost;
  }

  /** Packets that can be had at once. */
  get length(): number {
    return this.#packets.length;
  }

  get isFull(): boolean {
    return this.#packets.length >= this.#limit;
  }

  /** A packet of a lost connection was refused: it waits, and the next connection with it. */
  get isStuck(): boolean {
    return this.#stuck;
  }

  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind = 0): boolean {
    const receiver = this.#waiters.shift();
    if (receiver !== undefined) {
      receiver.resolve({ packet: bytes.slice(start, end), kind });
      return true;
    }
    if (this.isFull) {
      if (this.#overflow === "pause") {
        this.#refused = !this.#takesBeyond(end - start);
        this.#stuck = this.#refused && this.#isLost();
        if (this.#refused) {
          return false;
        }
      } else {
        this.dropped++;
        if (this.#overflow === "dropNewest") {
          return true;
        }
        this.#packets.shift();
      }
    }
    this.#packets.push({ packet: bytes.slice(start, end), kind });
    return true;
  }

  /**
   * The next packet, when there is one.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or why no more packets come
   */
  receive(limits?: Limits): Promise<ReceivedPacket> {
    return this.#next(limits, (received) => received);
  }

  /** As `receive`, without the kind. */
  receivePacket(limits?: Limits): Promise<Uint8Array> {
    return this.#next(limits, ({ packet }) => packet);
  }

  /** Each packet, until no more come. Ends in silence when that was in order, and throws when it was not. */
  async *iterate(inOrder: (why: unknown) => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      let received: ReceivedPacket;
      try {
        received = await this.receive();
      } catch (error) {
        if (error instanceof ClosedError || inOrder(error)) {
          return;
        }
        throw error;
      }
      yield received.packet;
    }
  }

  /** No more packets come. Those that are here can still be fetched. */
  end(why: unknown): void {
    this.#ended = { why };
    for (const receiver of this.#waiters.splice(0)) {
      receiver.reject(why);
    }
  }

  /** Packets may come again. */
  reopen(): void {
    this.#ended = undefined;
  }

  #next<Value>(limits: Limits = {}, part: (received: ReceivedPacket) => Value): Promise<Value> {
    const against = whyNotWait(limits);
    if (against !== undefined) {
      return Promise.reject(against as Error);
    }
    const next = this.#packets.shift();
    if (next !== undefined) {
      this.#makeRoom();
      return Promise.resolve(part(next));
    }
    if (this.#ended !== undefined) {
      return Promise.reject(this.#ended.why as Error);
    }
    const giveUp = (why: unknown) => {
      this.#waiters = this.#waiters.filter((other) => other !== receiver);
      waiter.reject(why);
    };
    const waiter = new Waiter<Value>("nothing came", limits, giveUp, this.#clock);
    const receiver: Receiver = {
      resolve: (received) => waiter.resolve(part(received)),
      reject: (why) => waiter.reject(why),
    };
    this.#waiters.push(receiver);
    return waiter.promise;
  }

  #takesBeyond(length: number): boolean {
    const left = this.#left + length + OBJECT_LENGTH;
    if (!this.#isLost() || left > MAX_LEFT) {
      return false;
    }
    this.#left = left;
    return true;
  }

  /** A packet was fetched. */
  #makeRoom(): void {
    if (!this.isFull) {
      this.#left = 0;
    }
    if (this.#refused && !this.isFull) {
      this.#refused = false;
      this.#stuck = false;
      this.#onRoom();
    }
  }
}
