/** When each packet of a recording is due: as far apart as they came, by a factor. */

/** Where the recorder's clock was set back, there is no pause. */
export class Pace {
  readonly #speed: number;
  #startedAt: number | undefined;
  #first = 0;

  /** @param speed so many times as quick as they came; Infinity: at once */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /**
   * @param t when it came
   * @param now any clock, in milliseconds
   * @returns how long to wait, in milliseconds
   */
  waitMs(t: number, now: number): number {
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      this.#first = t;
    }
    return Math.max(0, this.#startedAt + (t - this.#first) / this.#speed - now);
  }

  /** The next one is the first again. */
  restart(): void {
    this.#startedAt = undefined;
  }
}
