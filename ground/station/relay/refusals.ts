/** Counts what a client sends and is not passed on, and tells it in few lines: one a second after the first, then one a minute. */
const FIRST_MS = 1000;
const NEXT_MS = 60_000;

export class Refusals {
  /** In all. */
  count = 0;
  readonly #tell: (text: string) => void;
  #causes = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #delayMs = FIRST_MS;

  /** @param tell gets causes and how often each: `crcMismatch 3, otherApid 1` */
  constructor(tell: (text: string) => void) {
    this.#tell = tell;
  }

  add(cause: string, times = 1): void {
    this.count += times;
    this.#causes.set(cause, (this.#causes.get(cause) ?? 0) + times);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#delayMs = NEXT_MS;
      this.#flush();
    }, this.#delayMs).unref();
  }

  /** The client is gone: tells what is left. */
  end(): void {
    clearTimeout(this.#timer);
    this.#flush();
  }

  #flush(): void {
    if (this.#causes.size > 0) {
      const text = [...this.#causes].map(([cause, times]) => `${cause} ${times}`).join(", ");
      this.#causes = new Map();
      this.#tell(text);
    }
  }
}
