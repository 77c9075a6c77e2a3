/** What a board's own code says to people. Code that talks in a loop costs a few lines a second, and no memory. */

/** Lines in a second, and characters of a line, that are passed on. */
const MOST = 10;
const MAX_LENGTH = 200;
const SECOND_MS = 1000;

export class OwnMessages {
  readonly #pass: (text: string) => void;
  /** Since the second began. */
  #count = 0;
  #beganAt = 0;

  /** @param pass takes a line */
  constructor(pass: (text: string) => void) {
    this.#pass = pass;
  }

  /** Passes a text on as one line, its beginning if it is long; or leaves it out, if there were many. */
  log(text: string): void {
    this.#count++;
    if (this.#count <= MOST) {
      const line = String(text).slice(0, MAX_LENGTH);
      this.#pass(line.split("\n").join(" "));
    }
  }

  /** To be called now and then. @param now milliseconds */
  tick(now: number): void {
    if (this.#count === 0 || now - this.#beganAt < SECOND_MS) {
      return;
    }
    if (this.#count > MOST) {
      this.#pass(`${this.#count - MOST} more were left out: ${MOST} a second are told`);
    }
    this.#count = 0;
    this.#beganAt = now;
  }
}
