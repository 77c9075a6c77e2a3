/** Constant octets and unsigned numbers in a frame: checked once, when a framing is configured, then read in place. */
import { checkRange } from "../../checks/options.js";

/** Longest marker, sync pattern or other run of constant octets. */
export const MAX_OCTETS = 64;

/**
 * @param label names the option in the error
 * @returns a copy that nobody else changes
 * @throws TypeError or RangeError when there are fewer or more than allowed, or one is no octet
 */
export function checkOctets(
  label: string,
  octets: ArrayLike<number>,
  min: number,
  max: number = MAX_OCTETS,
): readonly number[] {
  checkRange(`${label} (number of octets)`, octets.length, min, max);
  return Object.freeze(Array.from(octets, (octet) => checkRange(`${label} (octet)`, octet, 0, 255)));
}

/** False: the bytes from `at` on differ from the octets, as far as there are any. */
export function agrees(bytes: Uint8Array, at: number, available: number, octets: readonly number[]): boolean {
  const length = available < octets.length ? available : octets.length;
  for (let i = 0; i < length; i++) {
    if (bytes[at + i] !== octets[i]) {
      return false;
    }
  }
  return true;
}

export function writeOctets(bytes: Uint8Array, at: number, octets: readonly number[]): void {
  for (let i = 0; i < octets.length; i++) {
    bytes[at + i] = octets[i]!;
  }
}

/** @param size octets: 1 to 4 */
export function readUnsigned(bytes: Uint8Array, at: number, size: number, littleEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < size; i++) {
    value = value * 256 + bytes[littleEndian ? at + size - 1 - i : at + i]!;
  }
  return value;
}

/** The octet number `index` of a number on the wire. */
export function octetOf(value: number, index: number, size: number, littleEndian: boolean): number {
  return (value >>> (8 * (littleEndian ? index : size - 1 - index))) & 0xff;
}
