/** The initialization vector as a counter of 96 bits, high octet first: its order, and its next value. */
import { IV_LENGTH } from "../ccsds/sdls.js";

/** An octet of the highest counter, which no frame has. Key identifiers are made with it. */
export const LAST_IV_OCTET = 0xff;

/** True: the IV in `bytes` is above the one in `last`. Both are public: no constant time. */
export function isIvAbove(bytes: Uint8Array, at: number, last: Uint8Array): boolean {
  for (let i = 0; i < IV_LENGTH; i++) {
    const difference = bytes[at + i]! - last[i]!;
    if (difference !== 0) {
      return difference > 0;
    }
  }
  return false;
}

/** True: all its bits are set. */
export function isLastIv(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < IV_LENGTH; i++) {
    if (bytes[at + i] !== LAST_IV_OCTET) {
      return false;
    }
  }
  return true;
}

export function copyIv(from: Uint8Array, at: number, to: Uint8Array, toAt: number): void {
  for (let i = 0; i < IV_LENGTH; i++) {
    to[toAt + i] = from[at + i]!;
  }
}

/**
 * Adds to a counter, up to its highest value.
 * @param amount 0 to 2^31
 */
export function advanceIv(counter: Uint8Array, amount: number): void {
  let carry = amount;
  for (let i = IV_LENGTH - 1; i >= 0 && carry > 0; i--) {
    const sum = counter[i]! + carry;
    counter[i] = sum % 256;
    carry = Math.floor(sum / 256);
  }
  if (carry > 0) {
    counter.fill(LAST_IV_OCTET);
  }
}

/** Its value, exact below 2^53. */
export function ivNumber(counter: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < IV_LENGTH; i++) {
    value = value * 256 + counter[i]!;
  }
  return value;
}
