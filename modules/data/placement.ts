/**
 * Where a view lies: over which bytes, where each segment of its structure starts, and how many elements each field of variable
 * length has. Allocates nothing but a DataView for another memory.
 */
import { checkBounds } from "../checks/payload-bytes.js";
import type { Field, Layout } from "./field.js";
import { readField } from "./field-access.js";
import { writeFiller } from "./fillers.js";

export class Placement {
  /** The layout while there is a payload: what a handle's owner must be. */
  owner: Layout | undefined = undefined;
  /** Where each segment starts, in bytes of `bytes`; the last entry is the end. */
  readonly starts: Float64Array;
  data: DataView;
  /** Elements of each field of variable length. */
  readonly counts: Float64Array;
  bytes: Uint8Array;
  readonly layout: Layout;
  /** Behind the last byte that may be read or written. */
  limit = 0;

  constructor(layout: Layout, memory: Uint8Array) {
    const count = layout.variables.length;
    this.layout = layout;
    this.starts = new Float64Array(count + 2);
    this.counts = new Float64Array(count);
    this.bytes = memory;
    this.data = new DataView(memory.buffer, memory.byteOffset, memory.length);
  }

  /** Offset of an element. @throws TypeError or RangeError: misuse */
  at(field: Field, index: number): number {
    if (field.owner !== this.owner) {
      throw this.#misuse(field);
    }
    const count = field.variable < 0 ? field.count : this.counts[field.variable]!;
    // Negative numbers, fractions and NaN are not what they become as 32 bits without a sign.
    if (index >>> 0 !== index || index >= count) {
      throw new RangeError(`${this.layout.name}: ${field.name} has elements 0 to ${count - 1}, not ${index}`);
    }
    return this.starts[field.segment]! + field.offset + index * field.stride;
  }

  /** Offset of a field that may be empty. @throws TypeError: misuse */
  startOf(field: Field): number {
    if (field.owner !== this.owner) {
      throw this.#misuse(field);
    }
    return this.starts[field.segment]! + field.offset;
  }

  /** Offset behind a nested structure of variable size. */
  endOfNested(field: Field, nested: Layout): number {
    return this.starts[field.segment + nested.variables.length]! + nested.tail;
  }

  countOf(field: Field): number {
    return field.variable < 0 ? field.count : this.counts[field.variable]!;
  }

  /** To other bytes; nothing is there yet. @returns how many they are. @throws RangeError for a range outside them */
  move(bytes: Uint8Array, start: number, end: number): number {
    const length = checkBounds(bytes, start, end);
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.owner = undefined;
    this.starts[0] = start;
    this.limit = start + length;
    return length;
  }

  /** Reads the counts, and places the segments. Where a count is not here, it is taken for zero. @returns bytes needed */
  measure(): number {
    const { variables, minimumSize, tail } = this.layout;
    const starts = this.starts;
    let size = minimumSize;
    // Segments up to this one are where they seem to be.
    let known = variables.length;
    for (let i = 0; i < variables.length; i++) {
      const field = variables[i]!;
      const by = field.countField as Field;
      const at = starts[by.segment]! + by.offset;
      let count = 0;
      if (by.segment <= known && at + by.width <= this.limit) {
        count = readField(this.data, by, at);
      } else if (i < known) {
        known = i;
      }
      size += count * field.stride;
      this.counts[i] = count;
      starts[i + 1] = starts[i]! + field.offset + count * field.stride;
    }
    starts[variables.length + 1] = starts[variables.length]! + tail;
    return size;
  }

  /** Places the segments behind a field of variable length, by the counts. */
  place(first: number): void {
    const { variables, tail } = this.layout;
    const starts = this.starts;
    for (let i = first; i < variables.length; i++) {
      const field = variables[i]!;
      starts[i + 1] = starts[i]! + field.offset + this.counts[i]! * field.stride;
    }
    starts[variables.length + 1] = starts[variables.length]! + tail;
  }

  /** From `at` to the end: zeros and constants. Constants before are written again, being the same. */
  clear(at: number): void {
    const { variables, fillers } = this.layout;
    this.bytes.fill(0, at, this.starts[variables.length + 1]);
    for (let i = 0; i < fillers.length; i++) {
      const field = fillers[i]!;
      writeFiller(this.bytes, field, this.starts[field.segment]! + field.offset, this.countOf(field));
    }
  }

  /**
   * The count of a field when that of another is set: the same, or zero where the field that says it is cleared.
   * @param first of the fields with the other's count
   */
  nextCount(index: number, first: number, countField: Field, count: number): number {
    const own = this.layout.variables[index]!.countField as Field;
    return own === countField ? count : own.segment > first ? 0 : this.counts[index]!;
  }

  #misuse(field: Field): TypeError {
    return field.owner === this.layout
      ? new TypeError(`${this.layout.name}: the view lies over no payload; attach or begin comes first`)
      : new TypeError(`${field.name} is a field of ${field.owner.name}, and this is a view of ${this.layout.name}`);
  }
}
