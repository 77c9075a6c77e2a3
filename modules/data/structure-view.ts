/**
 * A structure over bytes that lie elsewhere: one object, made at boot, to be laid over payload after payload.
 *
 * Nothing here allocates but `getBig` and `setBig`, and the first `attach` or `begin` in another memory, which makes one
 * DataView. What comes in is judged by a status; only misuse throws: a handle of another structure, an index out of range, a
 * range that is not in the bytes, a view that lies over nothing.
 */
import type { Field, Layout } from "./field.js";
import { writeField } from "./field-access.js";
import {
  FLOAT32,
  INT64,
  isSame,
  isWritable,
  readBig,
  readNumber,
  UINT64,
  writeBig,
  writeNumber,
} from "./field-kinds.js";
import { FillerCheck } from "./fillers.js";
import {
  CONSTANT_MISMATCH,
  PARTIAL_PAYLOAD,
  type PayloadStatus,
  SURPLUS_PAYLOAD,
  UNFIT_VALUE,
  VALID_PAYLOAD,
} from "./payload-status.js";
import { Placement } from "./placement.js";

export class StructureView {
  readonly #placement: Placement;
  readonly #fillerCheck = new FillerCheck();
  #found = 0;
  #required = 0;
  #offset = 0;
  readonly layout: Layout;

  /**
   * @param structure what is to be looked at
   * @param memory where payloads will lie: `attach` allocates nothing as long as it is given this very object
   */
  constructor(structure: { readonly layout: Layout }, memory: Uint8Array = new Uint8Array(0)) {
    this.layout = structure.layout;
    this.#placement = new Placement(structure.layout, memory);
  }

  /**
   * Lays the view over `bytes[start, end)`, which stay as they are. What is written there by other means voids the check.
   * @param allowSurplus whether bytes may follow the structure; `end` says where
   * @returns `VALID_PAYLOAD` (0), or why this is no such payload: then `found`, `required` and `offset` say more, and the view lies
   *   over nothing
   * @throws RangeError when [start, end) is not in the bytes; the view lies where it lay. `end` before `start`: no bytes
   */
  attach(bytes: Uint8Array, start: number, end: number, allowSurplus = false): PayloadStatus {
    const placement = this.#placement;
    this.#found = placement.move(bytes, start, end);
    this.#required = placement.measure();
    this.#offset = 0;
    if (this.#found < this.#required) {
      return PARTIAL_PAYLOAD;
    }
    if (this.#found > this.#required && !allowSurplus) {
      return SURPLUS_PAYLOAD;
    }
    const { fillers } = this.layout;
    for (let i = 0; i < fillers.length; i++) {
      const field = fillers[i] as Field;
      const at = (placement.starts[field.segment] as number) + field.offset;
      if (!this.#fillerCheck.matches(bytes, field, at, placement.countOf(field))) {
        this.#offset = this.#fillerCheck.at - start;
        this.#found = bytes[this.#fillerCheck.at] as number;
        this.#required = this.#fillerCheck.expected;
        return CONSTANT_MISMATCH;
      }
    }
    placement.owner = this.layout;
    return VALID_PAYLOAD;
  }

  /**
   * Lays the view over bytes to be written: constants get their values, and all else zeros, counts included.
   * @param limit behind the last byte that may be written
   * @returns `VALID_PAYLOAD` (0), or `PARTIAL_PAYLOAD` when there is less room than `required`; then nothing is written
   * @throws RangeError when [start, limit) is not in the bytes; the view lies where it lay. `limit` before `start`: no room
   */
  begin(bytes: Uint8Array, start: number, limit: number): PayloadStatus {
    const placement = this.#placement;
    this.#found = placement.move(bytes, start, limit);
    this.#required = this.layout.minimumSize;
    if (this.#found < this.#required) {
      return PARTIAL_PAYLOAD;
    }
    placement.counts.fill(0);
    placement.owner = this.layout;
    placement.place(0);
    placement.clear(start);
    return VALID_PAYLOAD;
  }

  /**
   * Says how many elements a field of variable length has, and each other field with the same count. All that stands behind
   * the first of them becomes zeros and constants, as by `begin`: go from front to back. Nothing happens to as many as before.
   * @returns `VALID_PAYLOAD` (0), `UNFIT_VALUE`, or `PARTIAL_PAYLOAD` when there is less room than `required`; then nothing
   *   is written
   */
  setCount(field: Field, count: number): PayloadStatus {
    const placement = this.#placement;
    placement.startOf(field);
    const { countField } = field;
    if (countField === undefined) {
      throw new TypeError(`${this.layout.name}: the length of ${field.name} is fixed`);
    }
    if (!isWritable(countField.kind, count, 0, countField.maximum)) {
      return UNFIT_VALUE;
    }
    if (count === placement.countOf(field)) {
      return VALID_PAYLOAD;
    }
    const { variables } = this.layout;
    let first = 0;
    while ((variables[first] as Field).countField !== countField) {
      first++;
    }
    let needed = this.end - this.start;
    for (let i = first; i < variables.length; i++) {
      const other = variables[i] as Field;
      needed += (placement.nextCount(i, first, countField, count) - (placement.counts[i] as number)) * other.stride;
    }
    if (needed > placement.limit - this.start) {
      this.#found = placement.limit - this.start;
      this.#required = needed;
      return PARTIAL_PAYLOAD;
    }
    for (let i = first; i < variables.length; i++) {
      placement.counts[i] = placement.nextCount(i, first, countField, count);
    }
    placement.place(first);
    placement.clear((placement.starts[first] as number) + (variables[first] as Field).offset);
    writeField(placement.data, countField, placement.at(countField, 0), count);
    return VALID_PAYLOAD;
  }

  /** The bytes that the view lies over: the whole memory. */
  get bytes(): Uint8Array {
    return this.#placement.bytes;
  }

  /** Offset in `bytes` of the payload's first byte. */
  get start(): number {
    return this.#placement.starts[0] as number;
  }

  /** Offset in `bytes` behind the payload's last byte. */
  get end(): number {
    return this.#placement.starts[this.layout.variables.length + 1] as number;
  }

  /** When it was not `VALID_PAYLOAD`: bytes there, or the byte that is there. */
  get found(): number {
    return this.#found;
  }

  /** When it was not `VALID_PAYLOAD`: bytes needed or expected, or the byte that should be there. */
  get required(): number {
    return this.#required;
  }

  /** When it was `CONSTANT_MISMATCH`: of the byte, from the payload's first. */
  get offset(): number {
    return this.#offset;
  }

  /** Elements of an array, bytes of a field of variable length; 1 for all others. */
  count(field: Field): number {
    this.#placement.startOf(field);
    return this.#placement.countOf(field);
  }

  /** Offset in `bytes` of a field's first byte, or of an element's. Of an empty field: where it would be. */
  startOf(field: Field, index = 0): number {
    return index === 0 ? this.#placement.startOf(field) : this.#placement.at(field, index);
  }

  /** Offset in `bytes` behind a field's last byte; of an array, behind one element's. */
  endOf(field: Field, index = 0): number {
    const placement = this.#placement;
    if (!field.isArray) {
      if (field.variable >= 0) {
        return placement.startOf(field) + placement.countOf(field);
      }
      if (field.nested !== undefined && field.nested.variables.length > 0) {
        placement.startOf(field);
        return placement.endOfNested(field, field.nested);
      }
    }
    return placement.at(field, index) + field.width;
  }

  /**
   * Reads a number, a bit field, or an element of an array.
   * @param index of the element, from 0
   * @returns NaN also for a 64-bit integer beyond `Number.MAX_SAFE_INTEGER` either way: `getBig` has it
   * @throws RangeError when there is no such element
   */
  get(field: Field, index = 0): number {
    const placement = this.#placement;
    // As `Placement.at` and `readField` do it; a call is most of what a field costs.
    const at =
      field.owner === placement.owner && field.variable < 0 && index < field.count && index >>> 0 === index
        ? (placement.starts[field.segment] as number) + field.offset + index * field.stride
        : placement.at(field, index);
    const value = readNumber(placement.data, field.kind, at, field.littleEndian);
    return field.mask === 0 ? value : ((value >>> field.shift) & field.mask) >>> 0;
  }

  /**
   * Writes a number, a bit field, or an element of an array.
   * @returns `VALID_PAYLOAD` (0), or `UNFIT_VALUE`; then nothing is written. A 64-bit integer is in range up to
   *   `Number.MAX_SAFE_INTEGER` either way; all the range of a constant is its value.
   * @throws RangeError when there is no such element; TypeError for a count, which is `setCount`'s
   */
  set(field: Field, value: number, index = 0): PayloadStatus {
    const placement = this.#placement;
    const at =
      field.owner === placement.owner && field.variable < 0 && index < field.count && index >>> 0 === index
        ? (placement.starts[field.segment] as number) + field.offset + index * field.stride
        : placement.at(field, index);
    const { kind } = field;
    if (field.isCount) {
      throw new TypeError(`${this.layout.name}: ${field.name} says how long a field is; setCount writes it`);
    }
    if (field.constant !== undefined) {
      return isSame(kind, value, field.minimum) ? VALID_PAYLOAD : UNFIT_VALUE;
    }
    if (
      kind < FLOAT32
        ? !(value >= field.minimum && value <= field.maximum && value % 1 === 0)
        : !isWritable(kind, value, field.minimum, field.maximum)
    ) {
      return UNFIT_VALUE;
    }
    if (field.mask === 0) {
      writeNumber(placement.data, kind, at, value, field.littleEndian);
    } else {
      writeField(placement.data, field, at, value);
    }
    return VALID_PAYLOAD;
  }

  /** Reads a 64-bit integer whole. Allocates: on XS, chunk memory each time. */
  getBig(field: Field, index = 0): bigint {
    const placement = this.#placement;
    return readBig(placement.data, bigKind(field), placement.at(field, index), field.littleEndian);
  }

  /** Writes a 64-bit integer. Allocates. @returns `VALID_PAYLOAD` (0), or `UNFIT_VALUE`; then nothing is written */
  setBig(field: Field, value: bigint, index = 0): PayloadStatus {
    const kind = bigKind(field);
    const at = this.#placement.at(field, index);
    if (field.constant !== undefined) {
      return value === this.getBig(field, index) ? VALID_PAYLOAD : UNFIT_VALUE;
    }
    return writeBig(this.#placement.data, kind, at, value, field.littleEndian) ? VALID_PAYLOAD : UNFIT_VALUE;
  }

  /**
   * Lays another view over a nested structure, or over an element of an array of them.
   * @param view one of the nested structure, made with the same memory
   */
  nest(field: Field, index: number, view: StructureView): PayloadStatus {
    if (field.nested !== view.layout) {
      throw new TypeError(`${this.layout.name}: ${field.name} is no ${view.layout.name}`);
    }
    return view.attach(this.#placement.bytes, this.#placement.at(field, index), this.end, true);
  }
}

function bigKind(field: Field): number {
  if (field.kind !== UINT64 && field.kind !== INT64) {
    throw new TypeError(`${field.owner.name}: ${field.name} is no 64-bit integer`);
  }
  return field.kind;
}
