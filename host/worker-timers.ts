/** The timers of the XS worker, which has none of its own. */
export class WorkerTimers {
  readonly #tick: (timer: number) => void;
  readonly #timers = new Map<number, NodeJS.Timeout>();
  /** Timers whose tick is on its way: a worker that is late gets one, not all that it missed. */
  readonly #ticking = new Set<number>();

  /** @param tick called when a timer has run out */
  constructor(tick: (timer: number) => void) {
    this.#tick = tick;
  }

  /** @param number that the worker gave it */
  start(number: number, intervalMs: number): void {
    const tick = (): void => {
      if (!this.#ticking.has(number)) {
        this.#ticking.add(number);
        this.#tick(number);
      }
    };
    this.#timers.set(number, setInterval(tick, intervalMs));
  }

  stop(number: number): void {
    clearInterval(this.#timers.get(number));
    this.#timers.delete(number);
  }

  stopAll(): void {
    for (const timer of this.#timers.values()) {
      clearInterval(timer);
    }
    this.#timers.clear();
  }

  /** What had ticked is with the worker. */
  ticksLeft(): void {
    this.#ticking.clear();
  }
}
