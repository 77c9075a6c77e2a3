/** Packets that came and nobody has fetched yet: a sink on one side, promises on the other. */
import { checkChoice, checkRange } from "../modules/framing/options.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { type Limits, Waiter } from "./limits.js";
import { ClosedError } from "./link-errors.js";

/**
 * What happens when the queue is full. `pause`: nothing more is read, and the sender has to wait. `dropOldest` and
 * `dropNewest` lose a packet, and count it in `dropped`.
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

export class PacketQueue implements PacketSink {
  /** Packets lost to a full queue. */
  dropped = 0;
  readonly #limit: number;
  readonly #overflow: OverflowPolicy;
  readonly #onRoom: () => void;
  #packets: ReceivedPacket[] = [];
  #waiters: Waiter<ReceivedPacket>[] = [];
  #refused = false;
  /** No more packets come: why. */
  #ended: Error | undefined;

  /** @param onRoom a packet was refused, and would be taken now */
  constructor(options: PacketQueueOptions, onRoom: () => void) {
    this.#limit = checkRange("receiveLimit", options.receiveLimit ?? 1000, 1, 1_000_000);
    this.#overflow = checkChoice("overflow", options.overflow ?? "pause", ["pause", "dropOldest", "dropNewest"]);
    this.#onRoom = onRoom;
  }

  /** Packets that can be had at once. */
  get length(): number {
    return this.#packets.length;
  }

  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind = 0): boolean {
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) {
      waiter.resolve({ packet: bytes.slice(start, end), kind });
      return true;
    }
    if (this.#packets.length >= this.#limit) {
      if (this.#overflow === "pause") {
        this.#refused = true;
        return false;
      }
      this.dropped++;
      if (this.#overflow === "dropNewest") {
        return true;
      }
      this.#packets.shift();
    }
    this.#packets.push({ packet: bytes.slice(start, end), kind });
    return true;
  }

  /**
   * The next packet, when there is one.
   * @throws (rejects) LinkTimeoutError, the signal's reason, or why no more packets come
   */
  receive(limits: Limits = {}): Promise<ReceivedPacket> {
    if (limits.signal?.aborted) {
      return Promise.reject(limits.signal.reason as Error);
    }
    const next = this.#packets.shift();
    if (next !== undefined) {
      if (this.#refused) {
        this.#refused = false;
        this.#onRoom();
      }
      return Promise.resolve(next);
    }
    if (this.#ended !== undefined) {
      return Promise.reject(this.#ended);
    }
    const waiter = new Waiter<ReceivedPacket>("nothing came", limits, (why) => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      waiter.reject(why);
    });
    this.#waiters.push(waiter);
    return waiter.promise;
  }

  /** Each packet, until no more come. Ends in silence when that was in order, and throws when it was not. */
  async *iterate(inOrder: (why: Error) => boolean): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      let received: ReceivedPacket;
      try {
        received = await this.receive();
      } catch (error) {
        if (error instanceof ClosedError || inOrder(error as Error)) {
          return;
        }
        throw error;
      }
      yield received.packet;
    }
  }

  /** No more packets come. Those that are here can still be fetched. */
  end(why: Error): void {
    this.#ended = why;
    for (const waiter of this.#waiters.splice(0)) {
      waiter.reject(why);
    }
  }

  /** Packets may come again. */
  reopen(): void {
    this.#ended = undefined;
  }
}
