/**
 * Sealed frames of which the board has not said that it took them, in the order of their counters, each with the promises that
 * tell what becomes of it.
 *
 * | state of a frame | | leads on |
 * | --- | --- | --- |
 * | WAITING | no socket was given any of it | `offered` to OFFERED; given up: it is gone |
 * | OFFERED | a socket may have a part of it | `sent` to SENT; the board took it: it is gone |
 * | SENT | some socket took it whole | the board took it: it is gone |
 */
import { checkRange } from "../../modules/checks/options.js";
import type { GroundClock } from "./ground-clock.js";
import { type Limits, observe, Waiter } from "./limits.js";
import { NotSentError, OutstandingError, type SendOutcome } from "./link-errors.js";
import type { SealedFrame } from "./packet-sealer.js";

const MAX_LIMIT = 65_536;

/** A telecommand that the board has not said to have taken. */
export interface OutstandingFrame {
  readonly counter: number;
  /** Whether the board may have taken it: `uncertain` where a socket was given a part of it, or all. */
  readonly outcome: SendOutcome;
}

export class OutstandingFrames {
  readonly #limit: number;
  readonly #clock: GroundClock;
  readonly #onNotSent: (error: NotSentError) => void;
  #frames: Frame[] = [];

  /**
   * @param limit frames: 1 to 65,536
   * @param onNotSent told of each frame that is given up, whether or not anybody waits for it
   * @throws TypeError or RangeError
   */
  constructor(limit: number, clock: GroundClock, onNotSent: (error: NotSentError) => void) {
    this.#limit = checkRange("outstandingLimit", limit, 1, MAX_LIMIT);
    this.#clock = clock;
    this.#onNotSent = onNotSent;
  }

  get all(): readonly Frame[] {
    return this.#frames;
  }

  /** @returns why there is no room for another one; undefined: there is */
  get refusal(): OutstandingError | undefined {
    return this.#frames.length >= this.#limit ? new OutstandingError(this.#limit) : undefined;
  }

  /** @param sealed behind all others @param limits for the socket to take it */
  add(sealed: SealedFrame, limits: Limits): Frame {
    const giveUp = (why: unknown): void => {
      if (frame.state === "WAITING") {
        this.#withdraw((other) => other === frame, why);
      } else {
        this.#reject(frame, why);
      }
    };
    const frame = new Frame(
      sealed,
      new Waiter("the socket did not take the frame", limits, giveUp, this.#clock),
      this.#clock,
    );
    observe(frame.taken);
    this.#frames.push(frame);
    return frame;
  }

  find(counter: number): Frame | undefined {
    return this.#frames.find((frame) => frame.counter === counter);
  }

  /** The board took all up to this counter. @returns theirs */
  settle(counter: number): readonly number[] {
    const settled = this.#take((frame) => frame.counter <= counter);
    for (const frame of settled) {
      frame.settle();
    }
    return settled.map((frame) => frame.counter);
  }

  /** The board takes none of them any more. @returns how many */
  abandon(why: Error): number {
    const all = this.#take(() => true);
    for (const frame of all) {
      this.#reject(frame, why);
      frame.end(why);
    }
    return all.length;
  }

  /** No connection follows by itself: what no socket was given will not be sent, and nobody waits for the socket. */
  end(why: unknown): void {
    this.#withdraw(({ state }) => state === "WAITING", why);
    for (const frame of this.#frames) {
      if (frame.state === "OFFERED") {
        this.#reject(frame, why);
      }
    }
  }

  /** Nobody waits for the board's word any more. */
  forget(why: unknown): void {
    for (const frame of this.#frames) {
      frame.end(why);
    }
  }

  #withdraw(isOver: (frame: Frame) => boolean, why: unknown): void {
    for (const frame of this.#take(isOver)) {
      frame.end(this.#reject(frame, why));
    }
  }

  #take(isOver: (frame: Frame) => boolean): readonly Frame[] {
    const taken = this.#frames.filter(isOver);
    this.#frames = this.#frames.filter((frame) => !isOver(frame));
    return taken;
  }

  #reject(frame: Frame, why: unknown): NotSentError {
    const error = new NotSentError(frame.outcome, why);
    frame.reject(error);
    this.#onNotSent(error);
    return error;
  }
}

class Frame implements OutstandingFrame {
  readonly counter: number;
  readonly octets: Uint8Array;
  state: "WAITING" | "OFFERED" | "SENT" = "WAITING";
  readonly #sent: Waiter<number>;
  readonly #clock: GroundClock;
  readonly #waiters = new Set<Waiter<void>>();

  constructor({ counter, octets }: SealedFrame, sent: Waiter<number>, clock: GroundClock) {
    this.counter = counter;
    this.octets = octets;
    this.#sent = sent;
    this.#clock = clock;
  }

  get outcome(): SendOutcome {
    return this.state === "WAITING" ? "unsent" : "uncertain";
  }

  /** Resolves with its counter when a socket took it. */
  get taken(): Promise<number> {
    return this.#sent.promise;
  }

  /** A socket is given it. */
  offered(): void {
    if (this.state === "WAITING") {
      this.state = "OFFERED";
    }
  }

  /** A socket took it whole. */
  sent(): void {
    this.state = "SENT";
    this.#sent.resolve(this.counter);
  }

  /** It is given up, as far as `send` is concerned. */
  reject(error: NotSentError): void {
    this.#sent.reject(error);
  }

  /** The board took it. */
  settle(): void {
    this.#sent.resolve(this.counter);
    for (const waiter of this.#waiters) {
      waiter.resolve();
    }
    this.#waiters.clear();
  }

  /** Nobody will tell whether the board takes it. */
  end(why: unknown): void {
    for (const waiter of this.#waiters) {
      waiter.reject(why);
    }
    this.#waiters.clear();
  }

  /** Resolves when the board took it. */
  settled(limits: Limits): Promise<void> {
    const giveUp = (why: unknown): void => {
      this.#waiters.delete(waiter);
      waiter.reject(why);
    };
    const waiter = new Waiter<void>("the board did not say that it took the telecommand", limits, giveUp, this.#clock);
    this.#waiters.add(waiter);
    return waiter.promise;
  }
}
