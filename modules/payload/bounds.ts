/** What part of some bytes a payload is said to be. */

/**
 * Ranges come from the program, not from the wire: one outside the bytes is a mistake. None at all, `end` before `start`,
 * passes for an empty one: where a header or a checksum is taken off what turns out too short for it.
 * @returns how many bytes they are
 * @throws RangeError unless both are whole numbers, `start` at least 0 and `end` at most the number of bytes
 */
export function checkBounds(bytes: Uint8Array, start: number, end: number): number {
  // A remainder is NaN for what is no number at all.
  if (start % 1 !== 0 || start < 0 || end % 1 !== 0 || end > bytes.length) {
    throw new RangeError(`a payload must lie in bytes 0 to ${bytes.length}, not ${start} to ${end}`);
  }
  return end > start ? end - start : 0;
}
