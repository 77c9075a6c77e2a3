/**
 * The worker's clock: Node's, which comes with each batch of events, and goes on while the batch is run.
 *
 * XS has the time of day only, in whole milliseconds. It may be set back: then this clock stands until the next batch.
 */
export class WorkerClock {
  readonly #timeOfDay: () => number;
  /** Node's clock, and the time of day, when the batch came. */
  #base = 0;
  #since = 0;
  #last = 0;
  /** Milliseconds, never going back. */
  readonly read = (): number => {
    const now = this.#base + this.#timeOfDay() - this.#since;
    if (now > this.#last) {
      this.#last = now;
    }
    return this.#last;
  };

  /** @param timeOfDay in milliseconds */
  constructor(timeOfDay: () => number) {
    this.#timeOfDay = timeOfDay;
  }

  /** A batch came, with Node's clock as it was when that was sent. */
  set(now: number): void {
    this.#base = now;
    this.#since = this.#timeOfDay();
  }
}
