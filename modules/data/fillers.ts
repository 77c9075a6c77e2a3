/** Bytes of a structure that are always the same: markers, constants, padding, also those in arrays of structures. */
import type { Field } from "./field.js";

/** Compares them, and keeps where the first difference is. */
export class FillerCheck {
  /** Of the first byte that differs, in the bytes given. */
  at = 0;
  /** What it should be. */
  expected = 0;

  /**
   * @param field a constant, padding, or an array of structures
   * @param at where it starts
   * @param count of elements
   */
  matches(bytes: Uint8Array, field: Field, at: number, count: number): boolean {
    const { nested } = field;
    if (nested !== undefined) {
      const { fillers } = nested;
      for (let k = 0; k < count; k++) {
        for (let i = 0; i < fillers.length; i++) {
          const inner = fillers[i]!;
          if (!this.matches(bytes, inner, at + k * field.stride + inner.offset, inner.count)) {
            return false;
          }
        }
      }
      return true;
    }
    if (!field.isChecked) {
      return true;
    }
    const { constant, padding, width } = field;
    for (let i = 0; i < width; i++) {
      const expected = constant === undefined ? padding : constant[i]!;
      if (bytes[at + i] !== expected) {
        this.at = at + i;
        this.expected = expected;
        return false;
      }
    }
    return true;
  }
}

/** Writes them; the parameters are those of `matches`. */
export function writeFiller(bytes: Uint8Array, field: Field, at: number, count: number): void {
  const { nested, constant } = field;
  if (nested !== undefined) {
    const { fillers } = nested;
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < fillers.length; i++) {
        const inner = fillers[i]!;
        writeFiller(bytes, inner, at + k * field.stride + inner.offset, inner.count);
      }
    }
  } else if (constant === undefined) {
    bytes.fill(field.padding, at, at + field.width);
  } else {
    for (let i = 0; i < constant.length; i++) {
      bytes[at + i] = constant[i]!;
    }
  }
}
