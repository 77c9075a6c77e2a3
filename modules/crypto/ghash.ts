/**
 * GHASH, the hash of GCM (NIST SP 800-38D, 6.4). A block is four words of 32 bits. Each key has a table of 16 products: tables for
 * whole octets would need 4 KiB of a board's memory for each.
 */
import { word, wordUpTo } from "./words.js";

const BLOCK = 16;
/** x^128 = x^7 + x^2 + x + 1, as GCM writes it. */
const POLYNOMIAL = 0xe1 << 24;

export class Ghash {
  /** The state: a block. Whoever makes the tag of it does so in place. */
  y0 = 0;
  y1 = 0;
  y2 = 0;
  y3 = 0;
  /** Products of the hash key with 0 to 15, four words each. */
  #products = new Int32Array(4 * 16);

  /** Takes a hash key: its products with all of four bits; the highest of these is the coefficient of 1. */
  tabulate(h0: number, h1: number, h2: number, h3: number): void {
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

  /** The state becomes that of no text. */
  reset(): void {
    this.y0 = this.y1 = this.y2 = this.y3 = 0;
  }

  /** Overwrites the hash key. */
  erase(): void {
    this.#products.fill(0);
  }

  /** Takes octets into the state, the last ones filled up with zeros. */
  absorb(bytes: Uint8Array, start: number, end: number): void {
    let at = start;
    for (; at + BLOCK <= end; at += BLOCK) {
      this.multiply(
        this.y0 ^ word(bytes, at),
        this.y1 ^ word(bytes, at + 4),
        this.y2 ^ word(bytes, at + 8),
        this.y3 ^ word(bytes, at + 12),
      );
    }
    if (at < end) {
      this.multiply(
        this.y0 ^ wordUpTo(bytes, at, end),
        this.y1 ^ wordUpTo(bytes, at + 4, end),
        this.y2 ^ wordUpTo(bytes, at + 8, end),
        this.y3 ^ wordUpTo(bytes, at + 12, end),
      );
    }
  }

  /**
   * The state becomes the product of this block and the hash key. Of each word of the block the same four bits are taken at a
   * time, so that the 256 bits of the product are shifted 7 times and not 31 times; they are reduced at the end.
   */
  multiply(x0: number, x1: number, x2: number, x3: number): void {
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
    this.y3 = z3 ^ (z6 << 31) ^ (z6 << 30) ^ (z6 << 25);
    this.y2 = z2 ^ z6 ^ (z6 >>> 1) ^ (z6 >>> 2) ^ (z6 >>> 7) ^ (z5 << 31) ^ (z5 << 30) ^ (z5 << 25);
    this.y1 = z1 ^ z5 ^ (z5 >>> 1) ^ (z5 >>> 2) ^ (z5 >>> 7) ^ (z4 << 31) ^ (z4 << 30) ^ (z4 << 25);
    this.y0 = z0 ^ z4 ^ (z4 >>> 1) ^ (z4 >>> 2) ^ (z4 >>> 7);
  }
}
