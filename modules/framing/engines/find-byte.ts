/**
 * The search of the framings with a delimiter, for any byte, so that a board can put a native one in its place.
 *
 * Four bytes at a time, as `findZero` does, which COBS uses: one operation less a word.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";

/**
 * @param value the byte looked for, 0 to 255
 * @returns offset of the first such byte at or behind `from`
 *   The caller has put one somewhere behind `from` (a sentinel), so there always is one. Must not allocate.
 */
export type FindByte = (memory: FixedMemory, from: number, value: number) => number;

const LOW_BITS = 0x01010101;
/** 0x80808080, as the 32-bit integer that XS calculates with fastest. */
const HIGH_BITS = -0x7f7f7f80;

export function findByte(memory: FixedMemory, from: number, value: number): number {
  const bytes = memory.bytes;
  let at = from;
  while ((at & 3) !== 0) {
    if (bytes[at] === value) {
      return at;
    }
    at++;
  }
  const words = memory.words;
  // Every byte sought becomes a zero, and no other does.
  const pattern = (value * LOW_BITS) | 0;
  let next = at >> 2;
  let word = words[next]! ^ pattern;
  while (((word - LOW_BITS) & ~word & HIGH_BITS) === 0) {
    word = words[++next]! ^ pattern;
  }
  at = next << 2;
  while (bytes[at] !== value) {
    at++;
  }
  return at;
}
