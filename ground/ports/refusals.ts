/** Counts what a client sends and is not passed on, and tells it in few lines: one a second after the first, then one a minute. */
import { type GroundClock, groundClock } from "../link/ground-clock.js";

const FIRST_MS = 1000;
const NEXT_MS = 60_000;

export class Refusals {
  /** In all. */
  count = 0;
  readonly #tell: (text: string) => void;
  #causes = new Map<string, number>();
  readonly #clock: GroundClock;
  /** Takes the next line back. */
  #forget: (() => void) | undefined;
  #delayMs = FIRST_MS;

  /** @param tell gets causes and how often each: `crcMismatch 3, otherApid 1` */
  constructor(tell: (text: string) => void, clock: GroundClock = groundClock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  add(cause: string, times = 1): void {
    this.count += times;
    this.#causes.set(cause, (this.#causes.get(cause) ?? 0) + times);
    this.#forget ??= this.#clock.after(this.#delayMs, () => {
      this.#forget = undefined;
      this.#delayMs = NEXT_MS;
      this.#flush();
    });
  }

  /** The client is gone: tells what is left. */
  end(): void {
    this.#forget?.();
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
