/** Promises that wait, but not for ever. */
import { checkRange } from "../../modules/checks/options.js";
import { type GroundClock, groundClock } from "./ground-clock.js";
import { ClosedError, LinkTimeoutError } from "./link-errors.js";
import { listenForAbort, stopListening } from "./shared-signal.js";

/** How long to wait. */
export interface Limits {
  /** Whole milliseconds, 0 to 2,147,483,647. Default, and Infinity: for ever. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** The longest that a timer of Node waits. */
const MAX_TIMEOUT_MS = 0x7fff_ffff;

/** @returns TypeError or RangeError for limits out of their range; undefined: they are as they should be */
export function wrongLimits({ timeoutMs }: Limits): unknown {
  if (timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY) {
    return undefined;
  }
  try {
    checkRange("timeoutMs (ms; Infinity: for ever)", timeoutMs, 0, MAX_TIMEOUT_MS);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** @returns why not to begin to wait: the signal's reason, or what is wrong with the limits; undefined: there is no reason */
export function whyNotWait(limits: Limits): unknown {
  return wrongLimits(limits) ?? (limits.signal?.aborted ? limits.signal.reason : undefined);
}

/** A promise that others settle, or its limits. */
export class Waiter<Value> {
  readonly promise: Promise<Value>;
  #resolve!: (value: Value) => void;
  #reject!: (error: unknown) => void;
  #forget: (() => void) | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  /**
   * @param what did not happen, when the time is up
   * @param limits that `whyNotWait` has nothing against
   * @param giveUp told why, when a limit is reached; it settles the waiter, in words of its own
   */
  constructor(what: string, limits: Limits, giveUp: (why: unknown) => void, clock: GroundClock = groundClock) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { timeoutMs, signal } = limits;
    if (timeoutMs !== undefined && timeoutMs !== Number.POSITIVE_INFINITY) {
      this.#forget = clock.after(timeoutMs, () => giveUp(new LinkTimeoutError(what, timeoutMs)));
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => giveUp(signal.reason);
      listenForAbort(signal, this.#onAbort);
    }
  }

  resolve(value: Value): void {
    this.#settle();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#settle();
    this.#reject(error);
    if (error instanceof ClosedError) {
      // By whoever asked for it: where nobody waits, that is nothing to end a program for.
      observe(this.promise);
    }
  }

  #settle(): void {
    this.#forget?.();
    if (this.#signal !== undefined && this.#onAbort !== undefined) {
      stopListening(this.#signal, this.#onAbort);
    }
  }
}

/** Should it be rejected, and nobody wait for it, that is no unhandled rejection. @returns the same promise */
export function observe<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
