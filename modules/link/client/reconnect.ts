/** The pauses between attempts to connect: each longer than the one before, and none quite what it was for others. */
import { checkRange } from "../../checks/options.js";

export interface ReconnectOptions {
  /** The first pause, in milliseconds: 10 to 600,000. Default 1000. */
  firstMs?: number;
  /** The longest, in milliseconds: `firstMs` to 3,600,000. Default 30,000. */
  maxMs?: number;
  /** Each pause is so many times the one before: 1 to 10. Default 2. */
  factor?: number;
  /**
   * How much of a pause is left to chance, 0 to 1. Default 0.5: from half of it to all. Many clients that lost one server
   * would otherwise all come back in the same moment, again and again.
   */
  jitter?: number;
}

export class Backoff {
  readonly maxMs: number;
  #firstMs: number;
  #factor: number;
  #jitter: number;
  #random: () => number;
  #nextMs: number;

  /**
   * @param random from 0 to less than 1; a test's own makes the pauses repeatable
   * @throws TypeError or RangeError for an option out of its range
   */
  constructor(options: ReconnectOptions, random: () => number) {
    const { firstMs = 1000, maxMs = Math.max(30_000, firstMs), factor = 2, jitter = 0.5 } = options;
    this.#firstMs = checkRange("reconnect.firstMs", firstMs, 10, 600_000);
    this.maxMs = checkRange("reconnect.maxMs", maxMs, firstMs, 3_600_000);
    this.#factor = checkNumber("reconnect.factor", factor, 1, 10);
    this.#jitter = checkNumber("reconnect.jitter", jitter, 0, 1);
    this.#random = random;
    this.#nextMs = firstMs;
  }

  /** The pause before the next attempt, in whole milliseconds. */
  next(): number {
    const pauseMs = this.#nextMs;
    this.#nextMs = Math.min(this.maxMs, pauseMs * this.#factor);
    return Math.round(pauseMs * (1 - this.#jitter * this.#random()));
  }

  /** Begins with the first pause again. */
  reset(): void {
    this.#nextMs = this.#firstMs;
  }
}

/** @throws RangeError when it is not a number from `min` to `max` */
function checkNumber(label: string, value: number, min: number, max: number): number {
  if (!(value >= min && value <= max)) {
    throw new RangeError(`${label} must be from ${min} to ${max}, not ${String(value)}`);
  }
  return value;
}
