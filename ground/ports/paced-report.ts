/** Tells what strangers can cause as often as they like: each cause at once, then in one line a minute, with a count. */
import { type GroundClock, groundClock } from "../link/ground-clock.js";

const MINUTE_MS = 60_000;

interface Told {
  /** Times since the last line. */
  count: number;
  /** The latest. */
  line: string;
  /** Takes the next line back. */
  forget(): void;
}

export class PacedReport<Cause extends string> {
  readonly #tell: (line: string) => void;
  readonly #clock: GroundClock;
  readonly #told = new Map<Cause, Told>();

  constructor(tell: (line: string) => void, clock: GroundClock = groundClock) {
    this.#tell = tell;
    this.#clock = clock;
  }

  add(cause: Cause, line: string): void {
    const told = this.#told.get(cause);
    if (told !== undefined) {
      told.count++;
      told.line = line;
      return;
    }
    this.#tell(line);
    this.#told.set(cause, { count: 0, line, forget: this.#inAMinute(cause) });
  }

  /** Tells what is left. */
  end(): void {
    for (const told of this.#told.values()) {
      told.forget();
      this.#flush(told);
    }
    this.#told.clear();
  }

  #inAMinute(cause: Cause): () => void {
    return this.#clock.after(MINUTE_MS, () => {
      const told = this.#told.get(cause)!;
      if (told.count === 0) {
        this.#told.delete(cause);
        return;
      }
      this.#flush(told);
      told.forget = this.#inAMinute(cause);
    });
  }

  #flush(told: Told): void {
    if (told.count > 0) {
      this.#tell(told.count === 1 ? told.line : `${told.line}; ${told.count} times since the last line of this kind`);
      told.count = 0;
    }
  }
}
