/**
 * The restart that a telecommand asks for. Its own reports leave first, then connections end as they always do, so that
 * no client is left with half of one; then the board starts anew.
 */
import type { Clock } from "../link/connection/io.js";

/** For reports on their way. */
const REPORTS_MS = 500;
/** For the ends of connections on their way; also between attempts, where the platform fails to restart. */
const ENDINGS_MS = 500;

const RUNNING = 0;
/** Asked for; telecommands are still answered. */
const ASKED = 1;
/** Connections have been ended. */
const ENDED = 2;

export interface RestartOptions {
  clock: Clock;
  endConnections(): void;
  /** The platform's. */
  restart(): void;
}

export class Restart {
  readonly #options: RestartOptions;
  #state: typeof RUNNING | typeof ASKED | typeof ENDED = RUNNING;
  #since = 0;

  constructor(options: RestartOptions) {
    this.#options = options;
  }

  /** Asking again changes nothing. */
  ask(): void {
    if (this.#state === RUNNING) {
      this.#enter(ASKED);
    }
  }

  /** To be called now and then. @throws what the platform throws; the next call tries again */
  tick(): void {
    const elapsed = this.#options.clock() - this.#since;
    if (this.#state === ASKED && elapsed >= REPORTS_MS) {
      this.#enter(ENDED);
      this.#options.endConnections();
    } else if (this.#state === ENDED && elapsed >= ENDINGS_MS) {
      this.#enter(ENDED);
      this.#options.restart();
    }
  }

  #enter(state: typeof ASKED | typeof ENDED): void {
    this.#state = state;
    this.#since = this.#options.clock();
  }
}
