/** Reads and writes one field where it lies: numbers, and bit fields in them. Allocates nothing. */
import type { Field } from "./field.js";
import { readNumber, writeNumber } from "./field-kinds.js";

/** @param at where the number starts, or the number that the bit field is in */
export function readField(data: DataView, field: Field, at: number): number {
  const value = readNumber(data, field.kind, at, field.littleEndian);
  // Shifts and masks make 32-bit integers with a sign.
  return field.mask === 0 ? value : ((value >>> field.shift) & field.mask) >>> 0;
}

/** @param value within the field's range */
export function writeField(data: DataView, field: Field, at: number, value: number): void {
  let whole = value;
  if (field.mask !== 0) {
    const others = readNumber(data, field.kind, at, field.littleEndian) & ~(field.mask << field.shift);
    whole = (others | (value << field.shift)) >>> 0;
  }
  writeNumber(data, field.kind, at, whole, field.littleEndian);
}
