/** What a board's own code says to people. Code that talks in a loop costs a few lines a second, and no memory. */

/** Lines in a second, and characters of a line, that are passed on. */
const MOST = 10;
const MAX_LENGTH = 200;
const SECOND_MS = 1000;
const FIRST_PRINTABLE = 0x20;
const DELETE = 0x7f;

export class OwnMessages {
  readonly #pass: (text: string) => void;
  readonly #now: () => number;
  /** Since the second began. */
  #count = 0;
  #beganAt = 0;

  /** @param pass takes a line. @param now milliseconds */
  constructor(pass: (text: string) => void, now: () => number) {
    this.#pass = pass;
    this.#now = now;
  }

  /** Passes a text on as one line, its beginning if it is long; or leaves it out, if there were many. */
  log(text: string): void {
    this.tick();
    if (this.#count === 0) {
      this.#beganAt = this.#now();
    }
    this.#count++;
    if (this.#count <= MOST) {
      this.#pass(lineOf(String(text).slice(0, MAX_LENGTH)));
    }
  }

  /** To be called now and then: when a second is over, says how many were left out. */
  tick(): void {
    if (this.#count === 0 || this.#now() - this.#beganAt < SECOND_MS) {
      return;
    }
    if (this.#count > MOST) {
      this.#pass(`${this.#count - MOST} more were left out: ${MOST} a second are told`);
    }
    this.#count = 0;
  }
}

/** What would move a terminal's cursor is a space. */
function lineOf(text: string): string {
  let line = "";
  for (let k = 0; k < text.length; k++) {
    const unit = text.charCodeAt(k);
    line += unit < FIRST_PRINTABLE || unit === DELETE ? " " : text.charAt(k);
  }
  return line;
}
