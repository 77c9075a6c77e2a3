/** Promises that wait, but not for ever. */
import { LinkTimeoutError } from "./link-errors.js";

/** How long to wait. */
export interface Limits {
  /** Milliseconds. Default: for ever. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** A promise that others settle, or its limits. */
export class Waiter<Value> {
  readonly promise: Promise<Value>;
  #resolve!: (value: Value) => void;
  #reject!: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  #onAbort: (() => void) | undefined;

  /**
   * @param what did not happen, when the time is up
   * @param giveUp told why, when a limit is reached; it settles the waiter, in words of its own
   */
  constructor(what: string, limits: Limits, giveUp: (why: unknown) => void) {
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { timeoutMs, signal } = limits;
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => giveUp(new LinkTimeoutError(what, timeoutMs)), timeoutMs);
    }
    if (signal !== undefined) {
      this.#signal = signal;
      this.#onAbort = () => giveUp(signal.reason);
      signal.addEventListener("abort", this.#onAbort);
    }
  }

  resolve(value: Value): void {
    this.#settle();
    this.#resolve(value);
  }

  reject(error: unknown): void {
    this.#settle();
    this.#reject(error);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) {
      this.#signal?.removeEventListener("abort", this.#onAbort);
    }
  }
}
