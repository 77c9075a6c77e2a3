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
  const words = memory.words;
  // Every byte sought becomes a zero, and no other does.
  const pattern = (value * LOW_BITS) | 0;
  let next = from >> 2;
  let word = (words[next]! ^ pattern) | ((1 << ((from & 3) << 3)) - 1);
  while (((word - LOW_BITS) & ~word & HIGH_BITS) === 0) {
    word = words[++next]! ^ pattern;
    if (((word - LOW_BITS) & ~word & HIGH_BITS) === 0) {
      word = words[++next]! ^ pattern;
    }
  }
  const at = next << 2;
  if ((word & 0xff) === 0) {
    return at;
  }
  if ((word & 0xff00) === 0) {
    return at + 1;
  }
  return (word & 0xff0000) === 0 ? at + 2 : at + 3;
}
