/** Time that passes when a test says so. */
import type { GroundClock } from "../../../ground/index.js";

interface Timer {
  due: number;
  /** Undefined: it is due once. */
  readonly intervalMs: number | undefined;
  readonly callback: () => void;
}

export class ManualClock implements GroundClock {
  #now = 0;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): () => void {
    return this.#add(delayMs, undefined, callback);
  }

  every(intervalMs: number, callback: () => void): () => void {
    return this.#add(intervalMs, intervalMs, callback);
  }

  /** How many there are still to be called. */
  get timers(): number {
    return this.#timers.length;
  }

  /** Lets so many milliseconds pass, and calls what is due meanwhile, in order. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      this.#now = timer.due;
      if (timer.intervalMs === undefined) {
        this.#remove(timer);
      } else {
        timer.due += timer.intervalMs;
      }
      timer.callback();
    }
    this.#now = end;
  }

  /** Lets time pass, with turns of the event loop for sockets and promises in between, until the condition holds. */
  async passUntil(what: string, condition: () => boolean, limitMs = 3_600_000): Promise<void> {
    const limit = this.#now + limitMs;
    while (!condition()) {
      if (this.#now >= limit) {
        throw new Error(`did not come in ${limitMs} ms: ${what}`);
      }
      await turns(5);
      this.advance(5);
    }
  }

  #add(delayMs: number, intervalMs: number | undefined, callback: () => void): () => void {
    const timer = { due: this.#now + delayMs, intervalMs, callback };
    this.#timers.push(timer);
    return () => this.#remove(timer);
  }

  #remove(timer: Timer): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }

  /** The first that is due until then. */
  #next(end: number): Timer | undefined {
    return this.#timers
      .filter(({ due }) => due <= end)
      .reduce<Timer | undefined>(
        (first, timer) => (first === undefined || timer.due < first.due ? timer : first),
        undefined,
      );
  }
}

/** So many turns of the event loop: in each, sockets tell what has come. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
