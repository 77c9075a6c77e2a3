/**
 * The key console: lines of text by which whoever has the board in hand gives it keys. No platform here: octets in, lines out.
 *
 * ```
 * key 1 000102...1f            SPI 1 gets this key of 64 hexadecimal digits; `ready` or `active` may follow
 * activate 2                   its key opens frames from now on
 * retire 1                     its key is erased, also that of the last commander
 * keys                         what is there: SPI, role, state, identifier, counter
 * ```
 *
 * A key is never written anywhere: it is read out of the line's octets, no text is made of it, and both are wiped. Its
 * identifier says nothing of it.
 *
 * A line too many in too short a time is passed over: each may cost flash, and a pin that nobody has connected makes noise.
 */
import { MAX_SPI, MIN_SPI } from "../ccsds/sdls.js";
import { AES_256_KEY_LENGTH } from "../crypto/aes-gcm.js";
import { ACTIVE, ASSOCIATION_STATES, READY } from "../security/association-states.js";
import { type BoardSecurity, DONE, SECURITY_ANSWERS, type SecurityAnswer } from "../security/board-security.js";

/*
 * READING  octets of a line come
 *   -> READING   the line is over: it is carried out and answered, or passed over
 *   -> SKIPPING  it is longer than any that means something
 * SKIPPING the rest of the line is passed over
 *   -> READING   it is over: that is answered
 */
const READING = 0;
const SKIPPING = 1;
type State = typeof READING | typeof SKIPPING;

/** Octets of the longest line, its end not counted. All of it has room in the 128 octets that a UART of an ESP32 keeps. */
export const MAX_LINE = 100;
/** Between two lines that are carried out, in milliseconds. */
export const LINE_PAUSE_MS = 250;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
/** Words of a line, at most; and octets of the longest that is made a text. The key is longer. */
const MAX_WORDS = 4;
const MAX_WORD = 10;

const HELP = "not understood; there are: key SPI HEX [ready|active], activate SPI, retire SPI, keys";
const TOO_LONG = `not understood: a line has at most ${MAX_LINE} characters`;
const TOO_FAST = `passed over: one line every ${LINE_PAUSE_MS} ms`;
const WRONG_SPI = `refused: the SPI must be from ${MIN_SPI} to ${MAX_SPI}`;
const WRONG_KEY = `refused: the key must be ${2 * AES_256_KEY_LENGTH} hexadecimal digits`;
const WRONG_STATE = "refused: only ready or active may follow the key";

/** What a console needs of a board's keys. */
export type ConsoleKeys = Pick<
  BoardSecurity,
  "settings" | "ring" | "stateOf" | "idOf" | "provision" | "activate" | "retire"
>;

export class KeyConsole {
  readonly #keys: ConsoleKeys;
  readonly #clock: () => number;
  readonly #line = new Uint8Array(MAX_LINE);
  readonly #key = new Uint8Array(AES_256_KEY_LENGTH);
  #state: State = READING;
  #length = 0;
  /** When a line was last carried out. */
  #lineAt = Number.NEGATIVE_INFINITY;
  /** A line that was passed over is told of once. */
  #saysTooFast = true;
  #answer: string | undefined;
  /** Of the setting's associations, the next to be listed; behind the last: none is. */
  #listed = Number.POSITIVE_INFINITY;

  /** @param clock milliseconds, never going back */
  constructor(keys: ConsoleKeys, clock: () => number) {
    this.#keys = keys;
    this.#clock = clock;
  }

  /** An octet came. Throws nothing. */
  take(octet: number): void {
    if (octet === LINE_FEED || octet === CARRIAGE_RETURN) {
      this.#end();
    } else if (this.#state === READING) {
      if (this.#length === MAX_LINE) {
        this.#state = SKIPPING;
        this.#wipe();
      } else {
        this.#line[this.#length++] = octet;
      }
    }
  }

  /** @returns the next line to be written, without its end; undefined: there is none */
  next(): string | undefined {
    const answer = this.#answer;
    if (answer !== undefined) {
      this.#answer = undefined;
      return answer;
    }
    const { associations } = this.#keys.settings;
    const association = associations[this.#listed];
    if (association === undefined) {
      return undefined;
    }
    this.#listed++;
    return this.#describe(association.spi, association.role.text);
  }

  #end(): void {
    const wasSkipping = this.#state === SKIPPING;
    this.#state = READING;
    if (this.#length === 0 && !wasSkipping) {
      // Also what stands between the two octets of a line's end.
      return;
    }
    const now = this.#clock();
    const isSaying = this.#answer !== undefined || this.#listed < this.#keys.settings.associations.length;
    if (now - this.#lineAt < LINE_PAUSE_MS || isSaying) {
      if (this.#saysTooFast && !isSaying) {
        this.#saysTooFast = false;
        this.#answer = TOO_FAST;
      }
    } else {
      this.#lineAt = now;
      this.#saysTooFast = true;
      this.#answer = wasSkipping ? TOO_LONG : this.#carryOut();
    }
    this.#wipe();
  }

  /** @returns the answer; undefined: it is a list */
  #carryOut(): string | undefined {
    const starts: number[] = [];
    const ends: number[] = [];
    for (let at = 0; at < this.#length; at++) {
      if (this.#line[at] !== SPACE) {
        starts.push(at);
        while (at < this.#length && this.#line[at] !== SPACE) {
          at++;
        }
        ends.push(at);
      }
    }
    const count = starts.length;
    if (count > MAX_WORDS) {
      return HELP;
    }
    const word = (n: number): string => this.#text(starts[n] ?? 0, ends[n] ?? 0);
    const command = word(0);
    if (command === "keys" && count === 1) {
      this.#listed = 0;
      return undefined;
    }
    const isKey = command === "key" && count > 2;
    if (!isKey && !((command === "activate" || command === "retire") && count === 2)) {
      return HELP;
    }
    const spi = this.#number(starts[1]!, ends[1]!);
    if (!(spi >= MIN_SPI && spi <= MAX_SPI)) {
      return `${command}: ${WRONG_SPI}`;
    }
    try {
      if (isKey) {
        return `key ${spi}: ${this.#provision(spi, starts[2]!, ends[2]!, count === MAX_WORDS ? word(3) : undefined)}`;
      }
      const answer = command === "activate" ? this.#keys.activate(spi) : this.#keys.retire(spi, true);
      return `${command} ${spi}: ${this.#outcome(spi, answer)}`;
    } catch (error) {
      return `${command} ${spi}: not stored: ${String(error)}`;
    }
  }

  #provision(spi: number, start: number, end: number, stateWord: string | undefined): string {
    if (stateWord !== undefined && stateWord !== "ready" && stateWord !== "active") {
      return WRONG_STATE;
    }
    if (!this.#readKey(start, end)) {
      return WRONG_KEY;
    }
    const state = stateWord === undefined ? undefined : stateWord === "ready" ? READY : ACTIVE;
    const answer = this.#keys.provision(spi, this.#key, state);
    return answer === DONE ? `stored, ${this.#idText(spi)}, ${this.#stateText(spi)}` : this.#outcome(spi, answer);
  }

  /** @returns false: it is no key */
  #readKey(start: number, end: number): boolean {
    if (end - start !== 2 * AES_256_KEY_LENGTH) {
      return false;
    }
    for (let at = start; at < end; at++) {
      const digit = digitOf(this.#line[at]!);
      if (digit < 0) {
        return false;
      }
      const to = (at - start) >> 1;
      this.#key[to] = (this.#key[to]! << 4) | digit;
    }
    return true;
  }

  #outcome(spi: number, answer: SecurityAnswer): string {
    return answer === DONE ? this.#stateText(spi) : `refused: ${SECURITY_ANSWERS[answer]}`;
  }

  #describe(spi: number, role: string): string {
    const state = `SPI ${spi}: ${role}, ${this.#stateText(spi)}`;
    if (this.#keys.idOf(spi) === undefined) {
      return state;
    }
    const receiving = this.#keys.ring.find(spi);
    const counter = receiving === undefined ? "" : `, counter ${receiving.last}`;
    return `${state}, ${this.#idText(spi)}${counter}`;
  }

  #stateText(spi: number): string {
    return ASSOCIATION_STATES[this.#keys.stateOf(spi) ?? 0];
  }

  #idText(spi: number): string {
    let text = "id ";
    for (const octet of this.#keys.idOf(spi) ?? []) {
      text += octet.toString(16).padStart(2, "0");
    }
    return text;
  }

  /** @returns the word as text; empty for one as long as none that means something: it may be a key */
  #text(start: number, end: number): string {
    let text = "";
    if (end - start <= MAX_WORD) {
      for (let at = start; at < end; at++) {
        text += String.fromCharCode(this.#line[at]!);
      }
    }
    return text;
  }

  /** @returns the number that the word says; NaN: it says none */
  #number(start: number, end: number): number {
    const text = this.#text(start, end);
    return /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN;
  }

  #wipe(): void {
    this.#line.fill(0);
    this.#key.fill(0);
    this.#length = 0;
  }
}

/** @returns 0 to 15; -1: it is no hexadecimal digit */
function digitOf(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) {
    return octet - 0x30;
  }
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
