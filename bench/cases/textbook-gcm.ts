/** The baseline: AES-256-GCM as its definition says it, octet by octet and bit by bit. */
import { substituteWord } from "../../modules/crypto/aes-tables.js";

const ROUNDS = 14;

function twice(octet: number): number {
  return ((octet << 1) ^ (octet & 0x80 ? 0x11b : 0)) & 0xff;
}

const substitute = Array.from({ length: 256 }, (_, octet) => substituteWord(octet) & 0xff);

export class TextbookGcm {
  #keys: number[];
  #hashKey: number[];

  constructor(key: ArrayLike<number>) {
    const keys = Array.from(key);
    for (let k = 8, constant = 1; k < 4 * (ROUNDS + 1); k++) {
      let last = keys.slice(-4);
      if (k % 8 === 0) {
        last = [1, 2, 3, 0].map((i) => substitute[last[i]!]!);
        last[0]! ^= constant;
        constant = twice(constant);
      } else if (k % 8 === 4) {
        last = last.map((octet) => substitute[octet]!);
      }
      keys.push(...last.map((octet, i) => octet ^ keys[4 * (k - 8) + i]!));
    }
    this.#keys = keys;
    this.#hashKey = this.#encrypt(new Array<number>(16).fill(0));
  }

  /** @returns the tag of the text `bytes[start, end)` */
  seal(bytes: Uint8Array, start: number, end: number, nonce: readonly number[], aad: readonly number[]): number[] {
    const counted = (n: number) => this.#encrypt([...nonce, n >>> 24, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff]);
    for (let at = start, n = 2; at < end; at += 16, n++) {
      const stream = counted(n);
      for (let i = 0; i < 16 && at + i < end; i++) {
        bytes[at + i] = bytes[at + i]! ^ stream[i]!;
      }
    }
    let state = new Array<number>(16).fill(0);
    for (const part of [aad, Array.from(bytes.slice(start, end))]) {
      for (let at = 0; at < part.length; at += 16) {
        state = this.#multiply(state.map((octet, i) => octet ^ (part[at + i] ?? 0)));
      }
    }
    const bits = [8 * aad.length, 8 * (end - start)];
    const lengths = bits.flatMap((n) => [0, 0, 0, 0, n >>> 24, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff]);
    state = this.#multiply(state.map((octet, i) => octet ^ lengths[i]!));
    return counted(1).map((octet, i) => octet ^ state[i]!);
  }

  #encrypt(block: readonly number[]): number[] {
    let state = block.map((octet, i) => octet ^ this.#keys[i]!);
    for (let round = 1; round <= ROUNDS; round++) {
      const shifted = state.map((_, i) => substitute[state[(i + 4 * (i % 4)) % 16]!]!);
      state = shifted.map((octet, i) => {
        const at = (k: number) => shifted[(i & 12) | ((i + k) & 3)]!;
        const mixed = round === ROUNDS ? octet : twice(octet) ^ twice(at(1)) ^ at(1) ^ at(2) ^ at(3);
        return mixed ^ this.#keys[16 * round + i]!;
      });
    }
    return state;
  }

  #multiply(x: readonly number[]): number[] {
    const product = new Array<number>(16).fill(0);
    const v = [...this.#hashKey];
    for (let bit = 0; bit < 128; bit++) {
      if ((x[bit >> 3]! >> (7 - (bit & 7))) & 1) {
        for (let i = 0; i < 16; i++) {
          product[i]! ^= v[i]!;
        }
      }
      const carry = v[15]! & 1;
      for (let i = 15; i > 0; i--) {
        v[i] = (v[i]! >> 1) | ((v[i - 1]! & 1) << 7);
      }
      v[0] = (v[0]! >> 1) ^ (carry ? 0xe1 : 0);
    }
    return product;
  }
}
