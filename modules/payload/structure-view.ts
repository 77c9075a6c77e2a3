/**
 * A structure over bytes that lie elsewhere: one object, made at boot, to be laid over payload after payload.
 *
 * Nothing here allocates but `getBig` and `setBig`, and the first `attach` or `begin` in another memory, which makes one
 * DataView. What comes in is judged by a status; only misuse throws: a handle of another structure, an index out of range, a
 * view that lies over nothing.
 */
import type { Field, Layout } from "./field.js";
import { readField, writeField } from "./field-access.js";
import { INT64, isWritable, readBig, UINT64, writeBig } from "./field-kinds.js";
import { FillerCheck, writeFiller } from "./fillers.js";
import {
  CONSTANT_MISMATCH,
  PARTIAL_PAYLOAD,
  type PayloadStatus,
  SURPLUS_PAYLOAD,
  VALID,
  VALUE_OUT_OF_RANGE,
} from "./payload-status.js";

export class StructureView {
  readonly layout: Layout;
  #bytes: Uint8Array;
  #data: DataView;
  /** The layout while the view lies over a payload: what a handle's owner must be. */
  #owner: Layout | undefined;
  /** Where each segment starts, in bytes of `#bytes`; the last entry is the end. */
  readonly #starts: Float64Array;
  /** Elements of each field of variable length. */
  readonly #counts: Float64Array;
  readonly #fillerCheck = new FillerCheck();
  /** Behind the last byte that may be read or written. */
  #limit = 0;
  #found = 0;
  #required = 0;
  #offset = 0;

  /**
   * @param structure what is to be looked at
   * @param memory where payloads will lie: `attach` allocates nothing as long as it is given this very object
   */
  constructor(structure: { readonly layout: Layout }, memory: Uint8Array = new Uint8Array(0)) {
    this.layout = structure.layout;
    const count = this.layout.variables.length;
    this.#starts = new Float64Array(count + 2);
    this.#counts = new Float64Array(count);
    this.#bytes = memory;
    this.#data = new DataView(memory.buffer, memory.byteOffset, memory.length);
  }

  /**
   * Lays the view over `bytes[start, end)`, which stay as they are. What is written there by other means voids the check.
   * @param allowSurplus whether bytes may follow the structure; `end` says where
   * @returns `VALID` (0), or why this is no such payload: then `found`, `required` and `offset` say more, and the view lies
   *   over nothing
   */
  attach(bytes: Uint8Array, start: number, end: number, allowSurplus = false): PayloadStatus {
    this.#move(bytes, start, end);
    this.#measure();
    if (this.#found < this.#required) {
      return PARTIAL_PAYLOAD;
    }
    if (this.#found > this.#required && !allowSurplus) {
      return SURPLUS_PAYLOAD;
    }
    const { fillers } = this.layout;
    for (let i = 0; i < fillers.length; i++) {
      const field = fillers[i] as Field;
      const at = (this.#starts[field.segment] as number) + field.offset;
      if (!this.#fillerCheck.matches(bytes, field, at, this.#countOf(field))) {
        this.#offset = this.#fillerCheck.at - start;
        this.#found = bytes[this.#fillerCheck.at] as number;
        this.#required = this.#fillerCheck.expected;
        return CONSTANT_MISMATCH;
      }
    }
    this.#owner = this.layout;
    return VALID;
  }

  /**
   * Lays the view over bytes to be written: constants get their values, and all else zeros, counts included.
   * @param limit behind the last byte that may be written
   * @returns `VALID` (0), or `PARTIAL_PAYLOAD` when there is less room than `required`; then nothing is written
   */
  begin(bytes: Uint8Array, start: number, limit: number): PayloadStatus {
    this.#move(bytes, start, limit);
    this.#required = this.layout.minimumSize;
    if (this.#found < this.#required) {
      return PARTIAL_PAYLOAD;
    }
    this.#counts.fill(0);
    this.#owner = this.layout;
    this.#place(0);
    this.#clear(start);
    return VALID;
  }

  /**
   * Says how many elements a field of variable length has, and each other field with the same count. All that stands behind
   * the first of them becomes zeros and constants, as by `begin`: go from front to back. Nothing happens to as many as before.
   * @returns `VALID` (0), `VALUE_OUT_OF_RANGE`, or `PARTIAL_PAYLOAD` when there is less room than `required`; then nothing
   *   is written
   */
  setCount(field: Field, count: number): PayloadStatus {
    this.#startOfSegment(field);
    const { countField } = field;
    if (countField === undefined) {
      throw new TypeError(`${this.layout.name}: the length of ${field.name} is fixed`);
    }
    if (!isWritable(countField.kind, count, 0, countField.maximum)) {
      return VALUE_OUT_OF_RANGE;
    }
    if (count === this.#countOf(field)) {
      return VALID;
    }
    const { variables } = this.layout;
    let first = 0;
    while ((variables[first] as Field).countField !== countField) {
      first++;
    }
    let needed = this.end - this.start;
    for (let i = first; i < variables.length; i++) {
      const other = variables[i] as Field;
      needed += (this.#nextCount(i, first, countField, count) - (this.#counts[i] as number)) * other.stride;
    }
    if (needed > this.#limit - this.start) {
      this.#found = this.#limit - this.start;
      this.#required = needed;
      return PARTIAL_PAYLOAD;
    }
    for (let i = first; i < variables.length; i++) {
      this.#counts[i] = this.#nextCount(i, first, countField, count);
    }
    this.#place(first);
    this.#clear((this.#starts[first] as number) + (variables[first] as Field).offset);
    writeField(this.#data, countField, this.#at(countField, 0), count);
    return VALID;
  }

  /** The bytes that the view lies over: the whole memory. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Offset in `bytes` of the payload's first byte. */
  get start(): number {
    return this.#starts[0] as number;
  }

  /** Offset in `bytes` behind the payload's last byte. */
  get end(): number {
    return this.#starts[this.#starts.length - 1] as number;
  }

  /** When it was not `VALID`: bytes there, or the byte that is there. */
  get found(): number {
    return this.#found;
  }

  /** When it was not `VALID`: bytes needed or expected, or the byte that should be there. */
  get required(): number {
    return this.#required;
  }

  /** When it was `CONSTANT_MISMATCH`: of the byte, from the payload's first. */
  get offset(): number {
    return this.#offset;
  }

  /** Elements of an array, bytes of a field of variable length; 1 for all others. */
  count(field: Field): number {
    this.#startOfSegment(field);
    return this.#countOf(field);
  }

  /** Offset in `bytes` of a field's first byte, or of an element's. Of an empty field: where it would be. */
  startOf(field: Field, index = 0): number {
    return index === 0 ? this.#startOfSegment(field) + field.offset : this.#at(field, index);
  }

  /** Offset in `bytes` behind a field's last byte; of an array, behind one element's. */
  endOf(field: Field, index = 0): number {
    if (!field.isArray) {
      if (field.variable >= 0) {
        return this.startOf(field) + this.#countOf(field);
      }
      if (field.nested !== undefined && field.nested.variables.length > 0) {
        this.#startOfSegment(field);
        return (this.#starts[field.segment + field.nested.variables.length] as number) + field.nested.tail;
      }
    }
    return this.#at(field, index) + field.width;
  }

  /**
   * Reads a number, a bit field, or an element of an array.
   * @param index of the element, from 0
   * @returns NaN also for a 64-bit integer beyond `Number.MAX_SAFE_INTEGER` either way: `getBig` has it
   * @throws RangeError when there is no such element
   */
  get(field: Field, index = 0): number {
    return readField(this.#data, field, this.#at(field, index));
  }

  /**
   * Writes a number, a bit field, or an element of an array.
   * @returns `VALID` (0), or `VALUE_OUT_OF_RANGE`; then nothing is written. A 64-bit integer is in range up to
   *   `Number.MAX_SAFE_INTEGER` either way; all the range of a constant is its value.
   * @throws RangeError when there is no such element; TypeError for a count, which is `setCount`'s
   */
  set(field: Field, value: number, index = 0): PayloadStatus {
    const at = this.#at(field, index);
    if (field.isCount) {
      throw new TypeError(`${this.layout.name}: ${field.name} says how long a field is; setCount writes it`);
    }
    if (field.constant !== undefined) {
      return value === field.minimum ? VALID : VALUE_OUT_OF_RANGE;
    }
    if (!isWritable(field.kind, value, field.minimum, field.maximum)) {
      return VALUE_OUT_OF_RANGE;
    }
    writeField(this.#data, field, at, value);
    return VALID;
  }

  /** Reads a 64-bit integer whole. Allocates: on XS, chunk memory each time. */
  getBig(field: Field, index = 0): bigint {
    return readBig(this.#data, this.#bigKind(field), this.#at(field, index), field.littleEndian);
  }

  /** Writes a 64-bit integer. Allocates. @returns `VALID` (0), or `VALUE_OUT_OF_RANGE`; then nothing is written */
  setBig(field: Field, value: bigint, index = 0): PayloadStatus {
    const kind = this.#bigKind(field);
    const at = this.#at(field, index);
    if (field.constant !== undefined) {
      return value === this.getBig(field, index) ? VALID : VALUE_OUT_OF_RANGE;
    }
    return writeBig(this.#data, kind, at, value, field.littleEndian) ? VALID : VALUE_OUT_OF_RANGE;
  }

  /**
   * Lays another view over a nested structure, or over an element of an array of them.
   * @param view one of the nested structure, made with the same memory
   */
  nest(field: Field, index: number, view: StructureView): PayloadStatus {
    if (field.nested !== view.layout) {
      throw new TypeError(`${this.layout.name}: ${field.name} is no ${view.layout.name}`);
    }
    return view.attach(this.#bytes, this.#at(field, index), this.end, true);
  }

  #startOfSegment(field: Field): number {
    if (field.owner !== this.#owner) {
      throw this.#misuse(field);
    }
    return this.#starts[field.segment] as number;
  }

  #at(field: Field, index: number): number {
    if (field.owner !== this.#owner) {
      throw this.#misuse(field);
    }
    const count = field.variable < 0 ? field.count : (this.#counts[field.variable] as number);
    // False for a fraction and for NaN as well.
    if (!(index >= 0 && index < count && Math.floor(index) === index)) {
      throw new RangeError(`${this.layout.name}: ${field.name} has elements 0 to ${count - 1}, not ${index}`);
    }
    return (this.#starts[field.segment] as number) + field.offset + index * field.stride;
  }

  #misuse(field: Field): TypeError {
    return field.owner === this.layout
      ? new TypeError(`${this.layout.name}: the view lies over no payload; attach or begin comes first`)
      : new TypeError(`${field.name} is a field of ${field.owner.name}, and this is a view of ${this.layout.name}`);
  }

  #bigKind(field: Field): number {
    if (field.kind !== UINT64 && field.kind !== INT64) {
      throw new TypeError(`${this.layout.name}: ${field.name} is no 64-bit integer`);
    }
    return field.kind;
  }

  #countOf(field: Field): number {
    return field.variable < 0 ? field.count : (this.#counts[field.variable] as number);
  }

  /** The count of a field when another is set: the same, or zero where the field that says it is cleared. */
  #nextCount(index: number, first: number, countField: Field, count: number): number {
    const own = (this.layout.variables[index] as Field).countField as Field;
    return own === countField ? count : own.segment > first ? 0 : (this.#counts[index] as number);
  }

  #move(bytes: Uint8Array, start: number, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#owner = undefined;
    this.#starts[0] = start;
    this.#limit = end > start ? end : start;
    this.#found = this.#limit - start;
    this.#offset = 0;
  }

  /** Reads the counts, and places the segments. Where a count is not here, it is taken for zero. */
  #measure(): void {
    const { variables, minimumSize, tail } = this.layout;
    const starts = this.#starts;
    let size = minimumSize;
    // Segments up to this one are where they seem to be.
    let known = variables.length;
    for (let i = 0; i < variables.length; i++) {
      const field = variables[i] as Field;
      const by = field.countField as Field;
      const at = (starts[by.segment] as number) + by.offset;
      let count = 0;
      if (by.segment <= known && at + by.width <= this.#limit) {
        count = readField(this.#data, by, at);
      } else if (i < known) {
        known = i;
      }
      size += count * field.stride;
      this.#counts[i] = count;
      starts[i + 1] = (starts[i] as number) + field.offset + count * field.stride;
    }
    starts[variables.length + 1] = (starts[variables.length] as number) + tail;
    this.#required = size;
  }

  /** Places the segments behind a field of variable length, by the counts. */
  #place(first: number): void {
    const { variables, tail } = this.layout;
    const starts = this.#starts;
    for (let i = first; i < variables.length; i++) {
      const field = variables[i] as Field;
      starts[i + 1] = (starts[i] as number) + field.offset + (this.#counts[i] as number) * field.stride;
    }
    starts[variables.length + 1] = (starts[variables.length] as number) + tail;
  }

  /** From `at` on: zeros and constants. Those before are written again, being the same. */
  #clear(at: number): void {
    this.#bytes.fill(0, at, this.end);
    const { fillers } = this.layout;
    for (let i = 0; i < fillers.length; i++) {
      const field = fillers[i] as Field;
      writeFiller(this.#bytes, field, (this.#starts[field.segment] as number) + field.offset, this.#countOf(field));
    }
  }
}
