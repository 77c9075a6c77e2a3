/**
 * Packets that wait to be sent, each with a promise that tells what becomes of it.
 *
 * At most one at a time is in the link's own queue: of all others it is certain that no byte of them was sent, so that
 * they can be withdrawn.
 */

import { isBytes } from "../../modules/checks/bytes.js";
import { checkRange } from "../../modules/checks/options.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { notBytes, PacketFramer } from "../../modules/framing/encode-decode.js";
import type { LogListener } from "../../modules/tmtc/log-contracts.js";
import { LogCursor } from "../../modules/tmtc/log-cursor.js";
import type { PacketLog } from "../../modules/tmtc/packet-log.js";
import { Fifo } from "./fifo.js";
import type { GroundClock } from "./ground-clock.js";
import { type Limits, observe, Waiter, wrongLimits } from "./limits.js";
import { NotSentError, QueueFullError, type SendOutcome, UnsendableError } from "./link-errors.js";

interface Unsent {
  readonly packet: Uint8Array;
  readonly waiter: Waiter<number>;
}

/** What the queue needs to know of the link. */
export interface LinkState {
  /** There is a connection, and the other side reads from it. */
  readonly isOpen: boolean;
  /** There is a connection, or what is left of one: the packet in the link's queue may be on its way. */
  readonly mayBeSending: boolean;
}

export class SendQueue implements LogListener {
  readonly #log: PacketLog;
  readonly #cursor: LogCursor;
  readonly #framing: Framing;
  readonly #limit: number;
  readonly #link: LinkState;
  readonly #waiting = new Fifo<Unsent>();
  /** In the log. */
  #underway: Unsent | undefined;
  #number = 0;
  #feeding = false;
  readonly #clock: GroundClock;
  readonly #onNotSent: (error: NotSentError) => void;
  /** No connection follows by itself: why. */
  #ended: { readonly why: unknown } | undefined;

  /**
   * @param log whose packets the link sends; nobody else writes into it
   * @param limit packets that may wait: 1 to 1,000,000
   * @param onNotSent told of each packet that is given up, whether or not anybody waits for it; not of what is wrong with a
   *   call of `send` itself
   * @throws TypeError or RangeError for a limit out of its range
   */
  constructor(
    log: PacketLog,
    framing: Framing,
    limit: number,
    link: LinkState,
    onNotSent: (error: NotSentError) => void,
    clock: GroundClock,
  ) {
    this.#clock = clock;
    this.#onNotSent = onNotSent;
    this.#log = log;
    this.#cursor = new LogCursor(log);
    this.#framing = framing;
    this.#limit = checkRange("sendLimit", limit, 1, 1_000_000);
    this.#link = link;
    log.subscribe(this);
  }

  /** Packets that no socket has taken. */
  get length(): number {
    return this.#waiting.length + (this.#underway === undefined ? 0 : 1);
  }

  /**
   * @param packet copied at once
   * @returns (resolves) the packet's number, counted from 0, when a socket took it whole
   * @throws (rejects) NotSentError, whose `cause` says why
   */
  send(packet: Uint8Array, limits: Limits = {}): Promise<number> {
    const misuse = this.#misuse(packet, limits);
    if (misuse !== undefined) {
      return Promise.reject(new NotSentError("unsent", misuse));
    }
    const refusal = this.#refusal(limits);
    if (refusal !== undefined) {
      return this.refuse(refusal);
    }
    const giveUp = (why: unknown) => this.#giveUp(unsent, why);
    const waiter = new Waiter<number>("the socket did not take the packet", limits, giveUp, this.#clock);
    const unsent: Unsent = { packet: packet.slice(), waiter };
    observe(waiter.promise);
    this.#waiting.push(unsent);
    this.feed();
    return waiter.promise;
  }

  /** Takes no packet. @returns (rejects) NotSentError with this cause */
  refuse(why: unknown): Promise<number> {
    const error = new NotSentError("unsent", why);
    this.#onNotSent(error);
    return observe(Promise.reject(error));
  }

  /** Gives the log what waits, as long as the socket takes it. */
  feed(): void {
    if (this.#feeding) {
      return;
    }
    this.#feeding = true;
    while (this.#underway === undefined && this.#waiting.length > 0 && this.#link.isOpen) {
      const next = this.#waiting.shift() as Unsent;
      this.#underway = next;
      this.#number = this.#log.next;
      // The log is empty, and the packet not too long: there is room. It may be taken before this returns.
      this.#log.append(next.packet, 0, next.packet.length);
    }
    this.#feeding = false;
  }

  packetsReady(): void {
    // We wrote it ourselves.
  }

  packetsGiven(number: number): void {
    const underway = this.#underway;
    if (underway !== undefined && number > this.#number) {
      this.#underway = undefined;
      underway.waiter.resolve(this.#number);
      if (!this.#feeding) {
        // Not from inside the link's own sending.
        queueMicrotask(() => this.feed());
      }
    }
  }

  packetRejected(number: number): void {
    const underway = this.#underway;
    if (underway !== undefined && number === this.#number) {
      this.#underway = undefined;
      const cause = new UnsendableError(this.#framing.name, underway.packet.length, this.#log.maxPacketLength);
      this.#reject(underway, "unsent", cause);
    }
  }

  /** Nothing is taken any more, until `reopen`. */
  get isEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** No connection follows by itself: neither what waits nor what is given to `send` from now on will be sent. */
  end(why: unknown): void {
    this.#ended = { why };
    this.dropAll(why);
  }

  /** A connection may come about again. */
  reopen(): void {
    this.#ended = undefined;
  }

  /** There is no connection, and what waits will not be sent any more. */
  dropAll(why: unknown): void {
    const all = this.#waiting.takeAll();
    if (this.#underway !== undefined) {
      all.unshift(this.#underway);
      this.#underway = undefined;
    }
    this.#cursor.discard();
    for (const each of all) {
      this.#reject(each, "unsent", why);
    }
  }

  #reject({ waiter }: Unsent, outcome: SendOutcome, why: unknown): void {
    const error = new NotSentError(outcome, why);
    waiter.reject(error);
    this.#onNotSent(error);
  }

  /** What is wrong with the call, whatever becomes of the connection. */
  #misuse(packet: Uint8Array, limits: Limits): unknown {
    if (!isBytes(packet)) {
      return notBytes("a packet", packet);
    }
    const { maxPacketLength } = this.#log;
    if (packet.length > maxPacketLength || !canEncode(this.#framing, packet)) {
      return new UnsendableError(this.#framing.name, packet.length, maxPacketLength);
    }
    return wrongLimits(limits);
  }

  #refusal(limits: Limits): unknown {
    if (limits.signal?.aborted) {
      return limits.signal.reason;
    }
    if (this.#ended !== undefined) {
      return this.#ended.why;
    }
    return this.length >= this.#limit ? new QueueFullError(this.#limit) : undefined;
  }

  #giveUp(unsent: Unsent, why: unknown): void {
    if (unsent !== this.#underway) {
      this.#waiting.remove(unsent);
      this.#reject(unsent, "unsent", why);
    } else if (this.#link.mayBeSending) {
      // The socket may have a part of it: it goes on its way, and only nobody waits for it.
      this.#reject(unsent, "uncertain", why);
    } else {
      this.#underway = undefined;
      this.#cursor.discard();
      this.#reject(unsent, "unsent", why);
    }
  }
}

/** Empty packets stand in no log. */
function canEncode(framing: Framing, packet: Uint8Array): boolean {
  return packet.length > 0 && new PacketFramer(framing, packet.length).frame(packet) !== undefined;
}
