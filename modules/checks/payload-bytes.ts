/** What bytes, and what part of them, a payload is said to be. */
import { className, isBytes } from "./bytes.js";
import { show } from "./show.js";

/**
 * A list of wider numbers, or an ArrayBuffer, has a length too, or none, and would be read as something else.
 * @returns the bytes
 * @throws TypeError for what is no Uint8Array; a Node Buffer is one
 */
export function checkBytes(bytes: unknown): Uint8Array {
  if (!isBytes(bytes)) {
    throw new TypeError(`a payload must be a Uint8Array, not ${nameOf(bytes)}`);
  }
  return bytes;
}

function nameOf(value: unknown): string {
  const name = typeof value === "object" && value !== null ? className(value) : "";
  return name === "" || name === "Object" ? show(value) : `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
}

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
