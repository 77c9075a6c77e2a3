/**
 * AES-256-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128, in place and without allocation.
 *
 * A block is four words of 32 bits, held in local variables. AES reads four tables of 256 words, which lie in flash; GHASH one of
 * 16 products for each key: tables for whole octets would need 4 KiB of a board's memory for each.
 *
 * The tag is compared in constant time. Table look-ups depend on the key: whoever can measure the cache of the processor that
 * runs this may learn of it. The key cannot be read from outside, and is in no text of the object.
 */
import { isBytes } from "../checks/bytes.js";
import { type Aead, type MakeAead, NONCE_LENGTH, TAG_LENGTH } from "./aead.js";
import { FIRST_ROW, FOURTH_ROW, ROUND_CONSTANTS, SECOND_ROW, substituteWord, THIRD_ROW } from "./aes-tables.js";

/** Octets of a key. */
export const AES_256_KEY_LENGTH = 32;
const BLOCK = 16;
const KEY_WORDS = 8;
/** Words of the keys of the whitening and of 14 rounds. */
const SCHEDULE_WORDS = 60;
const LAST_ROUND = 56;
/** x^128 = x^7 + x^2 + x + 1, as GCM writes it. */
const POLYNOMIAL = 0xe1 << 24;
/** Octets whose count of bits is a number of 32 bits. No board has more, and no frame. */
const MAX_LENGTH = 2 ** 28;

export class Aes256Gcm implements Aead {
  #schedule = new Int32Array(SCHEDULE_WORDS);
  /** Products of the hash key with 0 to 15, four words each. */
  #products = new Int32Array(4 * 16);
  #isErased = false;
  /** The block that `#encrypt` made. */
  #o0 = 0;
  #o1 = 0;
  #o2 = 0;
  #o3 = 0;
  /** The state of GHASH. */
  #y0 = 0;
  #y1 = 0;
  #y2 = 0;
  #y3 = 0;

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
    this.#tabulate(this.#o0, this.#o1, this.#o2, this.#o3);
    this.#forget();
  }

  seal(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): void {
    if (this.#isErased || !areWithin(bytes, start, end, nonceAt, aadStart, aadEnd)) {
      throw new RangeError("the key is erased, or a range is not within the array");
    }
    this.#crypt(bytes, start, end, nonceAt);
    this.#authenticate(bytes, start, end, nonceAt, aadStart, aadEnd);
    writeWord(bytes, end, this.#y0);
    writeWord(bytes, end + 4, this.#y1);
    writeWord(bytes, end + 8, this.#y2);
    writeWord(bytes, end + 12, this.#y3);
    this.#forget();
  }

  open(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): boolean {
    if (this.#isErased || !areWithin(bytes, start, end, nonceAt, aadStart, aadEnd)) {
      return false;
    }
    this.#authenticate(bytes, start, end, nonceAt, aadStart, aadEnd);
    // All four, whatever the first ones are.
    const difference =
      (this.#y0 ^ word(bytes, end)) |
      (this.#y1 ^ word(bytes, end + 4)) |
      (this.#y2 ^ word(bytes, end + 8)) |
      (this.#y3 ^ word(bytes, end + 12));
    if (difference === 0) {
      this.#crypt(bytes, start, end, nonceAt);
    }
    this.#forget();
    return difference === 0;
  }

  erase(): void {
    this.#isErased = true;
    this.#schedule.fill(0);
    this.#products.fill(0);
  }

  /** Nothing of a text or of a tag stays. */
  #forget(): void {
    this.#o0 = this.#o1 = this.#o2 = this.#o3 = 0;
    this.#y0 = this.#y1 = this.#y2 = this.#y3 = 0;
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

  /** Leaves the tag in the state. */
  #authenticate(
    bytes: Uint8Array,
    start: number,
    end: number,
    nonceAt: number,
    aadStart: number,
    aadEnd: number,
  ): void {
    this.#y0 = this.#y1 = this.#y2 = this.#y3 = 0;
    this.#absorb(bytes, aadStart, aadEnd);
    this.#absorb(bytes, start, end);
    // Both lengths in bits.
    this.#multiply(this.#y0, this.#y1 ^ ((aadEnd - aadStart) << 3), this.#y2, this.#y3 ^ ((end - start) << 3));
    this.#encrypt(word(bytes, nonceAt), word(bytes, nonceAt + 4), word(bytes, nonceAt + 8), 1);
    this.#y0 ^= this.#o0;
    this.#y1 ^= this.#o1;
    this.#y2 ^= this.#o2;
    this.#y3 ^= this.#o3;
  }

  /** Takes octets into the state, the last ones filled up with zeros. */
  #absorb(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    for (; at + BLOCK <= end; at += BLOCK) {
      this.#multiply(
        this.#y0 ^ word(bytes, at),
        this.#y1 ^ word(bytes, at + 4),
        this.#y2 ^ word(bytes, at + 8),
        this.#y3 ^ word(bytes, at + 12),
      );
    }
    if (at < end) {
      this.#multiply(
        this.#y0 ^ wordUpTo(bytes, at, end),
        this.#y1 ^ wordUpTo(bytes, at + 4, end),
        this.#y2 ^ wordUpTo(bytes, at + 8, end),
        this.#y3 ^ wordUpTo(bytes, at + 12, end),
      );
    }
  }

  /**
   * The state becomes the product of this block and the hash key. Of each word of the block the same four bits are taken at a
   * time, so that the 256 bits of the product are shifted 7 times and not 31 times; they are reduced at the end.
   */
  #multiply(x0: number, x1: number, x2: number, x3: number): void {
    const products = this.#products;
    let z0 = 0;
    let z1 = 0;
    let z2 = 0;
    let z3 = 0;
    let z4 = 0;
    let z5 = 0;
    let z6 = 0;
    let z7 = 0;
    for (let shift = 0; shift < 32; shift += 4) {
      let at = ((x0 >>> shift) & 0xf) << 2;
      const y0 = products[at]!;
      let y1 = products[at + 1]!;
      let y2 = products[at + 2]!;
      let y3 = products[at + 3]!;
      at = ((x1 >>> shift) & 0xf) << 2;
      y1 ^= products[at]!;
      y2 ^= products[at + 1]!;
      y3 ^= products[at + 2]!;
      let y4 = products[at + 3]!;
      at = ((x2 >>> shift) & 0xf) << 2;
      y2 ^= products[at]!;
      y3 ^= products[at + 1]!;
      y4 ^= products[at + 2]!;
      let y5 = products[at + 3]!;
      at = ((x3 >>> shift) & 0xf) << 2;
      y3 ^= products[at]!;
      y4 ^= products[at + 1]!;
      y5 ^= products[at + 2]!;
      z7 = (z7 >>> 4) | (z6 << 28);
      z6 = ((z6 >>> 4) | (z5 << 28)) ^ products[at + 3]!;
      z5 = ((z5 >>> 4) | (z4 << 28)) ^ y5;
      z4 = ((z4 >>> 4) | (z3 << 28)) ^ y4;
      z3 = ((z3 >>> 4) | (z2 << 28)) ^ y3;
      z2 = ((z2 >>> 4) | (z1 << 28)) ^ y2;
      z1 = ((z1 >>> 4) | (z0 << 28)) ^ y1;
      z0 = (z0 >>> 4) ^ y0;
    }
    // x^128 = x^7 + x^2 + x + 1: a word of the upper half comes back four words lower, and what leaves that on the right, three.
    z3 ^= z7 ^ (z7 >>> 1) ^ (z7 >>> 2) ^ (z7 >>> 7);
    z4 ^= (z7 << 31) ^ (z7 << 30) ^ (z7 << 25);
    this.#y3 = z3 ^ (z6 << 31) ^ (z6 << 30) ^ (z6 << 25);
    this.#y2 = z2 ^ z6 ^ (z6 >>> 1) ^ (z6 >>> 2) ^ (z6 >>> 7) ^ (z5 << 31) ^ (z5 << 30) ^ (z5 << 25);
    this.#y1 = z1 ^ z5 ^ (z5 >>> 1) ^ (z5 >>> 2) ^ (z5 >>> 7) ^ (z4 << 31) ^ (z4 << 30) ^ (z4 << 25);
    this.#y0 = z0 ^ z4 ^ (z4 >>> 1) ^ (z4 >>> 2) ^ (z4 >>> 7);
  }

  /** The products of the hash key with all of four bits; the highest of these is the coefficient of 1. */
  #tabulate(h0: number, h1: number, h2: number, h3: number): void {
    const products = this.#products;
    let z0 = h0;
    let z1 = h1;
    let z2 = h2;
    let z3 = h3;
    for (let bit = 8; bit > 0; bit >>= 1) {
      products[4 * bit] = z0;
      products[4 * bit + 1] = z1;
      products[4 * bit + 2] = z2;
      products[4 * bit + 3] = z3;
      const back = z3 & 1 ? POLYNOMIAL : 0;
      z3 = (z3 >>> 1) | (z2 << 31);
      z2 = (z2 >>> 1) | (z1 << 31);
      z1 = (z1 >>> 1) | (z0 << 31);
      z0 = (z0 >>> 1) ^ back;
    }
    for (let bits = 3; bits < 16; bits++) {
      const rest = bits & (bits - 1);
      for (let i = 0; i < 4 && rest !== 0; i++) {
        products[4 * bits + i] = products[4 * rest + i]! ^ products[4 * (bits ^ rest) + i]!;
      }
    }
  }
}

/** For whoever makes the AEAD of any key. */
export const makeAes: MakeAead = (key) => new Aes256Gcm(key);

/** The row shift of one column. */
function diagonal(a: number, b: number, c: number, d: number): number {
  return (a & 0xff000000) | (b & 0xff0000) | (c & 0xff00) | (d & 0xff);
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** The same with zeros from `end` on. */
function wordUpTo(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) {
    return word(bytes, at);
  }
  let found = 0;
  for (let i = at; i < end; i++) {
    found |= bytes[i]! << (24 - 8 * (i - at));
  }
  return found;
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
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
