/**
 * AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128, in place and without allocation.
 *
 * A block is four words of 32 bits, held in local variables. AES reads four tables of 256 words, which lie in flash.
 *
 * The tag is compared in constant time. Table look-ups depend on the key: whoever can measure the cache of the processor that
 * runs this may learn of it. The key cannot be read from outside, and is in no text of the object.
 */
import { isBytes } from "../checks/bytes.js";
import { type Aead, type MakeAead, NONCE_LENGTH, TAG_LENGTH } from "./aead.js";
import { FIRST_ROW, FOURTH_ROW, ROUND_CONSTANTS, SECOND_ROW, substituteWord, THIRD_ROW } from "./aes-tables.js";
import { Ghash } from "./ghash.js";
import { word, writeWord } from "./words.js";

/** Octets of a key. */
export const AES_256_KEY_LENGTH = 32;
const BLOCK = 16;
const KEY_WORDS = 8;
/** Words of the keys of the whitening and of 14 rounds. */
const SCHEDULE_WORDS = 60;
const LAST_ROUND = 56;
/** Octets whose count of bits is a number of 32 bits. No board has more, and no frame. */
const MAX_LENGTH = 2 ** 28;

export class Aes256Gcm implements Aead {
  #schedule = new Int32Array(SCHEDULE_WORDS);
  #ghash = new Ghash();
  #isErased = false;
  /** The block that `#encrypt` made. */
  #o0 = 0;
  #o1 = 0;
  #o2 = 0;
  #o3 = 0;

  /**
   * @param key 32 octets; they are copied, in another form
   * @throws TypeError for no Uint8Array, RangeError for another length; neither says what is in the key
   */
  constructor(key: Uint8Array) {
    if (!isBytes(key)) {
      throw new TypeError("key must be a Uint8Array");
    }
    if (key.length !== AES_256_KEY_LENGTH) {
      throw new RangeError(`key must have ${AES_256_KEY_LENGTH} bytes, not ${key.length}`);
    }
    this.#expand(key);
    this.#encrypt(0, 0, 0, 0);
    this.#ghash.tabulate(this.#o0, this.#o1, this.#o2, this.#o3);
    this.#forget();
  }

  seal(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): void {
    if (this.#isErased || !areWithin(bytes, start, end, nonceAt, aadStart, aadEnd)) {
      throw new RangeError("the key is erased, or a range is not within the array");
    }
    this.#crypt(bytes, start, end, nonceAt);
    this.#authenticate(bytes, start, end, nonceAt, aadStart, aadEnd);
    const ghash = this.#ghash;
    writeWord(bytes, end, ghash.y0);
    writeWord(bytes, end + 4, ghash.y1);
    writeWord(bytes, end + 8, ghash.y2);
    writeWord(bytes, end + 12, ghash.y3);
    this.#forget();
  }

  open(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): boolean {
    if (this.#isErased || !areWithin(bytes, start, end, nonceAt, aadStart, aadEnd)) {
      return false;
    }
    this.#authenticate(bytes, start, end, nonceAt, aadStart, aadEnd);
    const ghash = this.#ghash;
    // All four, whatever the first ones are.
    const difference =
      (ghash.y0 ^ word(bytes, end)) |
      (ghash.y1 ^ word(bytes, end + 4)) |
      (ghash.y2 ^ word(bytes, end + 8)) |
      (ghash.y3 ^ word(bytes, end + 12));
    if (difference === 0) {
      this.#crypt(bytes, start, end, nonceAt);
    }
    this.#forget();
    return difference === 0;
  }

  erase(): void {
    this.#isErased = true;
    this.#schedule.fill(0);
    this.#ghash.erase();
  }

  /** Nothing of a text or of a tag stays. */
  #forget(): void {
    this.#o0 = this.#o1 = this.#o2 = this.#o3 = 0;
    this.#ghash.reset();
  }

  /** The key schedule (FIPS 197, 5.2). */
  #expand(key: Uint8Array): void {
    const schedule = this.#schedule;
    for (let k = 0; k < KEY_WORDS; k++) {
      schedule[k] = word(key, 4 * k);
    }
    for (let k = KEY_WORDS; k < SCHEDULE_WORDS; k++) {
      let last = schedule[k - 1]!;
      if (k % KEY_WORDS === 0) {
        last = substituteWord((last << 8) | (last >>> 24)) ^ ROUND_CONSTANTS[k / KEY_WORDS - 1]!;
      } else if (k % KEY_WORDS === 4) {
        last = substituteWord(last);
      }
      schedule[k] = schedule[k - KEY_WORDS]! ^ last;
    }
  }

  /** Encrypts one block. */
  #encrypt(w0: number, w1: number, w2: number, w3: number): void {
    const schedule = this.#schedule;
    let a = w0 ^ schedule[0]!;
    let b = w1 ^ schedule[1]!;
    let c = w2 ^ schedule[2]!;
    let d = w3 ^ schedule[3]!;
    for (let k = 4; k < LAST_ROUND; k += 4) {
      // Substitution, row shift and column mix, a column each. A function for it would cost XS as much again.
      const e =
        FIRST_ROW[a >>> 24]! ^
        SECOND_ROW[(b >> 16) & 0xff]! ^
        THIRD_ROW[(c >> 8) & 0xff]! ^
        FOURTH_ROW[d & 0xff]! ^
        schedule[k]!;
      const f =
        FIRST_ROW[b >>> 24]! ^
        SECOND_ROW[(c >> 16) & 0xff]! ^
        THIRD_ROW[(d >> 8) & 0xff]! ^
        FOURTH_ROW[a & 0xff]! ^
        schedule[k + 1]!;
      const g =
        FIRST_ROW[c >>> 24]! ^
        SECOND_ROW[(d >> 16) & 0xff]! ^
        THIRD_ROW[(a >> 8) & 0xff]! ^
        FOURTH_ROW[b & 0xff]! ^
        schedule[k + 2]!;
      d =
        FIRST_ROW[d >>> 24]! ^
        SECOND_ROW[(a >> 16) & 0xff]! ^
        THIRD_ROW[(b >> 8) & 0xff]! ^
        FOURTH_ROW[c & 0xff]! ^
        schedule[k + 3]!;
      a = e;
      b = f;
      c = g;
    }
    this.#o0 = substituteWord(diagonal(a, b, c, d)) ^ schedule[LAST_ROUND]!;
    this.#o1 = substituteWord(diagonal(b, c, d, a)) ^ schedule[LAST_ROUND + 1]!;
    this.#o2 = substituteWord(diagonal(c, d, a, b)) ^ schedule[LAST_ROUND + 2]!;
    this.#o3 = substituteWord(diagonal(d, a, b, c)) ^ schedule[LAST_ROUND + 3]!;
  }

  /** Counter mode: the same both ways. */
  #crypt(bytes: Uint8Array, start: number, end: number, nonceAt: number): void {
    const n0 = word(bytes, nonceAt);
    const n1 = word(bytes, nonceAt + 4);
    const n2 = word(bytes, nonceAt + 8);
    // 1 is that of the tag.
    let counter = 2;
    let at = start;
    for (; at + BLOCK <= end; at += BLOCK) {
      this.#encrypt(n0, n1, n2, counter++);
      writeWord(bytes, at, word(bytes, at) ^ this.#o0);
      writeWord(bytes, at + 4, word(bytes, at + 4) ^ this.#o1);
      writeWord(bytes, at + 8, word(bytes, at + 8) ^ this.#o2);
      writeWord(bytes, at + 12, word(bytes, at + 12) ^ this.#o3);
    }
    if (at < end) {
      this.#encrypt(n0, n1, n2, counter);
      for (let i = 0; at < end; i++) {
        const key = i < 4 ? this.#o0 : i < 8 ? this.#o1 : i < 12 ? this.#o2 : this.#o3;
        bytes[at] = bytes[at]! ^ (key >> (24 - 8 * (i & 3)));
        at++;
      }
    }
  }

  /** Leaves the tag in the state of GHASH. */
  #authenticate(
    bytes: Uint8Array,
    start: number,
    end: number,
    nonceAt: number,
    aadStart: number,
    aadEnd: number,
  ): void {
    const ghash = this.#ghash;
    ghash.reset();
    ghash.absorb(bytes, aadStart, aadEnd);
    ghash.absorb(bytes, start, end);
    // Both lengths in bits.
    ghash.multiply(ghash.y0, ghash.y1 ^ ((aadEnd - aadStart) << 3), ghash.y2, ghash.y3 ^ ((end - start) << 3));
    this.#encrypt(word(bytes, nonceAt), word(bytes, nonceAt + 4), word(bytes, nonceAt + 8), 1);
    ghash.y0 ^= this.#o0;
    ghash.y1 ^= this.#o1;
    ghash.y2 ^= this.#o2;
    ghash.y3 ^= this.#o3;
  }
}

/** For whoever makes the AEAD of any key. */
export const makeAes: MakeAead = (key) => new Aes256Gcm(key);

/** The row shift of one column. */
function diagonal(a: number, b: number, c: number, d: number): number {
  return (a & 0xff000000) | (b & 0xff0000) | (c & 0xff00) | (d & 0xff);
}

function areWithin(
  bytes: Uint8Array,
  start: number,
  end: number,
  nonceAt: number,
  aadStart: number,
  aadEnd: number,
): boolean {
  const { length } = bytes;
  return (
    isRange(start, end, length - TAG_LENGTH) &&
    isRange(nonceAt, nonceAt + NONCE_LENGTH, length) &&
    isRange(aadStart, aadEnd, length)
  );
}

function isRange(start: number, end: number, most: number): boolean {
  return (
    Number.isInteger(start) &&
    Number.isInteger(end) &&
    start >= 0 &&
    start <= end &&
    end <= most &&
    end - start < MAX_LENGTH
  );
}
