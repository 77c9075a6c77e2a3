/**
 * Looks how much the system still holds of what was sent, for all connections at once, and not more often than is worth it.
 * To look takes some milliseconds of the system's time, however few connections there are.
 */
import type { Connection, HeldBySystem } from "./linux-queues.js";

/** Who is looked at. */
export interface Watched {
  readonly connection: Connection;
  /** A look begins: what the system takes from now on it may show, or not. */
  lookBegins(): void;
  /**
   * @param held bytes that the peer has not taken; undefined: the system does not tell, and never will
   * @returns whether the peer has taken something since the last look
   */
  looked(held: number | undefined): boolean;
}

/** From the end of one look to the next. */
const MIN_PAUSE_MS = 20;
/** Nobody waits longer, so this is also how late it is told that a peer moves. */
const MAX_PAUSE_MS = 200;
/** A look is so much shorter than the pause behind it. */
const PAUSE_PER_LOOK = 10;

export class SendWatch {
  readonly #held: HeldBySystem;
  readonly #clock: () => number;
  readonly #waiting = new Set<Watched>();
  #pauseMs = MIN_PAUSE_MS;
  /** A look is under way, or its time is set. */
  #isDue = false;

  /** @param clock milliseconds */
  constructor(held: HeldBySystem, clock: () => number = () => performance.now()) {
    this.#held = held;
    this.#clock = clock;
  }

  /** `looked` will be called, once. */
  add(watched: Watched): void {
    this.#waiting.add(watched);
    this.#schedule();
  }

  #schedule(): void {
    if (!this.#isDue && this.#waiting.size > 0) {
      this.#isDue = true;
      // The sockets keep the program alive, or nothing does.
      setTimeout(() => void this.#look(), this.#pauseMs).unref();
    }
  }

  async #look(): Promise<void> {
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const watched of all) {
      watched.lookBegins();
    }
    const since = this.#clock();
    const held = await this.#held(all.map(({ connection }) => connection));
    const took = this.#clock() - since;
    let moved = false;
    all.forEach((watched, index) => {
      moved = watched.looked(held?.[index]) || moved;
    });
    this.#pauseMs = moved ? Math.max(MIN_PAUSE_MS, took * PAUSE_PER_LOOK) : this.#pauseMs * 2;
    this.#pauseMs = Math.min(this.#pauseMs, MAX_PAUSE_MS);
    this.#isDue = false;
    this.#schedule();
  }
}
