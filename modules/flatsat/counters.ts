/** Counters that the ground may set to 0. What they count goes on: only what is reported begins anew. */

/** Reports what was counted since it was reset last. */
export interface Resettable {
  reset(): void;
}

export class ResettableCounters {
  readonly #reads: (() => number)[] = [];
  /** What each stood at when it was reset. */
  readonly #zeros: number[] = [];
  readonly #others: Resettable[] = [];

  /** @returns the getter of a parameter: what was counted since the last reset */
  from(read: () => number): () => number {
    const k = this.#reads.length;
    this.#reads.push(read);
    this.#zeros.push(0);
    return () => read() - this.#zeros[k]!;
  }

  /** Resets it with the others. @returns the same */
  add<Counter extends Resettable>(counter: Counter): Counter {
    this.#others.push(counter);
    return counter;
  }

  reset(): void {
    for (let k = 0; k < this.#reads.length; k++) {
      this.#zeros[k] = (this.#reads[k] as () => number)();
    }
    for (let k = 0; k < this.#others.length; k++) {
      this.#others[k]!.reset();
    }
  }
}
