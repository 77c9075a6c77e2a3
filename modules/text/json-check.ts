/**
 * Whether bytes are JSON (RFC 8259), and where not. An engine's own parser says neither in the same words everywhere, and
 * goes as deep as it is told to: on a board, deeper than its stack.
 */
import { hex } from "../checks/payload-error.js";
import { JsonPayloadError } from "./errors.js";

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const LOWER_E = 0x65;
const LOWER_U = 0x75;
/** Makes a letter of ASCII lower case. */
const LOWER = 0x20;

/** What may stand behind a backslash, but u: " \ / b f n r t */
const ESCAPES: readonly number[] = Object.freeze([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);
/** Characters that a number without an exponent has at least when it is beyond all that can be held. */
const LONG_NUMBER = 309;
/** Characters that a whole number has at least when it is beyond `Number.MAX_SAFE_INTEGER`. */
const LONG_INTEGER = 16;
const LITERALS: readonly string[] = Object.freeze(["true", "false", "null"]);
/** What `#peek` returns behind the end. */
const END = -1;

/**
 * Makes sure that `bytes[start, end)` are one JSON value and white space.
 * @param maxDepth how deep arrays and objects may be in each other
 * @throws JsonPayloadError
 */
export function checkJson(bytes: Uint8Array, start: number, end: number, maxDepth: number): void {
  new JsonCheck(bytes, start, end, maxDepth).check();
}

class JsonCheck {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #maxDepth: number;
  /** What closes each array and object that is open. */
  readonly #closers: number[] = [];
  #at: number;

  constructor(bytes: Uint8Array, start: number, end: number, maxDepth: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#maxDepth = maxDepth;
    this.#at = start;
  }

  /** By a list of what is open and not by recursion: the depth is the sender's choice, the stack is ours. */
  check(): void {
    this.#skipSpace();
    if (this.#at === this.#end) {
      throw new JsonPayloadError("empty", this.#at - this.#start, "there is no value");
    }
    do {
      this.#value();
    } while (this.#nextValue());
    if (this.#at < this.#end) {
      const reason = `the value is followed by ${hex(this.#peek())}`;
      throw new JsonPayloadError("trailing bytes", this.#at - this.#start, reason);
    }
  }

  /** A value, or the beginning of one, up to its first inner value. */
  #value(): void {
    for (;;) {
      const byte = this.#peek();
      if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        const closer = byte === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET;
        this.#open(closer);
        this.#skipSpace();
        if (this.#peek() === closer) {
          this.#close();
          return;
        }
        if (closer === CLOSE_BRACE) {
          this.#key();
        }
      } else {
        this.#scalar(byte);
        return;
      }
    }
  }

  /** Goes behind what ends here, and to the next value. False when there is none to come. */
  #nextValue(): boolean {
    for (;;) {
      this.#skipSpace();
      const closer = this.#closers[this.#closers.length - 1];
      if (closer === undefined) {
        return false;
      }
      if (this.#peek() === closer) {
        this.#close();
      } else if (this.#peek() === COMMA) {
        this.#at++;
        this.#skipSpace();
        if (closer === CLOSE_BRACE) {
          this.#key();
        }
        return true;
      } else {
        this.#fail(closer === CLOSE_BRACE ? "a comma or }" : "a comma or ]");
      }
    }
  }

  #open(closer: number): void {
    if (this.#closers.length === this.#maxDepth) {
      const reason = `arrays and objects may be ${this.#maxDepth} deep`;
      throw new JsonPayloadError("too deep", this.#at - this.#start, reason);
    }
    this.#closers.push(closer);
    this.#at++;
  }

  #close(): void {
    this.#closers.pop();
    this.#at++;
  }

  #key(): void {
    if (this.#peek() !== QUOTE) {
      this.#fail("a name in quotes");
    }
    this.#string();
    this.#skipSpace();
    if (this.#peek() !== COLON) {
      this.#fail("a colon");
    }
    this.#at++;
    this.#skipSpace();
  }

  #scalar(byte: number): void {
    if (byte === QUOTE) {
      this.#string();
    } else if (byte === MINUS || isDigit(byte)) {
      this.#number();
    } else {
      for (const literal of LITERALS) {
        if (literal.charCodeAt(0) === byte) {
          this.#literal(literal);
          return;
        }
      }
      this.#fail("a value");
    }
  }

  #literal(literal: string): void {
    for (let i = 0; i < literal.length; i++) {
      if (this.#peek() !== literal.charCodeAt(i)) {
        this.#fail(literal);
      }
      this.#at++;
    }
  }

  /**
   * One that JavaScript can hold: RFC 8259, section 6, lets a parser set limits; `JSON.parse` would make it infinite, or a
   * whole number another one. Fractions are rounded, as measured values are.
   */
  #number(): void {
    const start = this.#at;
    if (this.#peek() === MINUS) {
      this.#at++;
    }
    if (this.#peek() === ZERO) {
      this.#at++;
    } else {
      this.#digits();
    }
    let isWhole = true;
    if (this.#peek() === POINT) {
      isWhole = false;
      this.#at++;
      this.#digits();
    }
    if ((this.#peek() | LOWER) === LOWER_E) {
      isWhole = false;
      this.#at++;
      if (this.#peek() === PLUS || this.#peek() === MINUS) {
        this.#at++;
      }
      this.#digits();
    } else if (this.#at - start < (isWhole ? LONG_INTEGER : LONG_NUMBER)) {
      return;
    }
    let text = "";
    for (let at = start; at < this.#at; at++) {
      text += String.fromCharCode(this.#bytes[at]!);
    }
    const value = Number(text);
    if (value - value !== 0) {
      const reason = `the number is beyond ${Number.MAX_VALUE} either way`;
      throw new JsonPayloadError("number too large", start - this.#start, reason);
    }
    // Up to 2^53 - 1 any digits are kept, and beyond them those that a number is written with: two texts never become one.
    if (isWhole && String(value) !== text) {
      const reason = `the whole number is beyond ${Number.MAX_SAFE_INTEGER} either way, and would lose digits`;
      throw new JsonPayloadError("number too precise", start - this.#start, reason);
    }
  }

  #digits(): void {
    if (!isDigit(this.#peek())) {
      this.#fail("a digit");
    }
    while (isDigit(this.#peek())) {
      this.#at++;
    }
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const byte = this.#peek();
      if (byte === QUOTE) {
        this.#at++;
        return;
      }
      if (byte < SPACE) {
        this.#fail("a character or a quote");
      }
      this.#at++;
      if (byte === BACKSLASH) {
        this.#escape();
      }
    }
  }

  #escape(): void {
    const byte = this.#peek();
    if (byte === LOWER_U) {
      this.#at++;
      for (let i = 0; i < 4; i++) {
        const digit = this.#peek() | LOWER;
        if (!isDigit(this.#peek()) && !(digit >= 0x61 && digit <= 0x66)) {
          this.#fail("four hexadecimal digits");
        }
        this.#at++;
      }
    } else if (ESCAPES.includes(byte)) {
      this.#at++;
    } else {
      this.#fail("an escape sequence");
    }
  }

  #skipSpace(): void {
    for (;;) {
      const byte = this.#peek();
      if (byte !== SPACE && byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== TAB) {
        return;
      }
      this.#at++;
    }
  }

  #peek(): number {
    return this.#at < this.#end ? this.#bytes[this.#at]! : END;
  }

  #fail(expected: string): never {
    const offset = this.#at - this.#start;
    throw this.#at === this.#end
      ? new JsonPayloadError("incomplete", offset, `${expected} is missing`)
      : new JsonPayloadError("malformed", offset, `${expected} is needed, not ${hex(this.#peek())}`);
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
