/** Where each bit of a message is: pieces one behind the other, and the rows of a figure that they fill. */
import { NUMBER_KINDS, numberKind } from "../../../modules/data/field-kinds.js";
import type { BitField, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { valueLength } from "../../../modules/dictionary/value-check.js";
import type { HeaderField } from "../../dictionary/headers.js";
import type { Field } from "../../dictionary/messages.js";

/** Bits in a row of a figure. */
export const ROW_BITS = 16;
/** Longer pieces are drawn torn, in a row of their own. */
const LONGEST_DRAWN = 64;

/** A field, or a part of one. */
export interface Piece {
  /** Of its row in the table; undefined: reserved. */
  readonly number: number | undefined;
  readonly name: string;
  /** What else fits in: the type, or what it always is. */
  readonly note: string;
  readonly bits: number;
  readonly isFixed: boolean;
}

export interface Segment {
  readonly piece: Piece;
  /** Bits of the row, from the left: [from, to). */
  readonly from: number;
  readonly to: number;
}

export interface Row {
  /** Octets in front of it. */
  readonly offset: number;
  readonly segments: readonly Segment[];
  /** One piece that is longer than it is drawn. */
  readonly isTorn: boolean;
}

/** @param first number of the first piece */
export function piecesOf(fields: readonly Field[], first: number): Piece[] {
  const pieces: Piece[] = [];
  let number = first;
  for (const { name, value, constant } of fields) {
    if (value.bits === undefined) {
      const note = constant === undefined ? shortType(value) : `= ${constant}`;
      const bits = valueLength(value) * 8;
      pieces.push({ number: number++, name, note, bits, isFixed: constant !== undefined });
      continue;
    }
    let left = NUMBER_KINDS[numberKind(value.type)]!.width * 8;
    for (const [part, { width }] of Object.entries<BitField>(value.bits)) {
      pieces.push({ number: number++, name: part, note: "", bits: width, isFixed: false });
      left -= width;
    }
    if (left > 0) {
      pieces.push({ number: undefined, name: "reserved", note: "", bits: left, isFixed: false });
    }
  }
  return pieces;
}

export function headerPieces(fields: readonly HeaderField[]): Piece[] {
  return fields.map(({ name, bits, constant }, k) => ({
    number: k + 1,
    name,
    note: constant === undefined ? "" : `= ${constant}`,
    bits,
    isFixed: constant !== undefined,
  }));
}

/** @param offset octets in front of the first piece */
export function rowsOf(pieces: readonly Piece[], offset: number): Row[] {
  const rows: Row[] = [];
  let segments: Segment[] = [];
  /** Bits in front of the row, and in it. */
  let start = offset * 8;
  let used = 0;
  const endRow = (): void => {
    if (segments.length > 0) {
      rows.push({ offset: Math.floor(start / 8), segments, isTorn: false });
    }
    segments = [];
    start += used;
    used = 0;
  };
  for (const piece of pieces) {
    if (piece.bits > LONGEST_DRAWN) {
      endRow();
      rows.push({ offset: start / 8, segments: [{ piece, from: 0, to: ROW_BITS }], isTorn: true });
      start += piece.bits;
      continue;
    }
    for (let left = piece.bits; left > 0; ) {
      const taken = Math.min(left, ROW_BITS - used);
      segments.push({ piece, from: used, to: used + taken });
      used += taken;
      left -= taken;
      if (used === ROW_BITS) {
        endRow();
      }
    }
  }
  endRow();
  return rows;
}

/** As in `3 × int16`. */
export function shortType({ type, length, count }: ValueDefinition): string {
  const sized = length === undefined ? type : `${type}, ${length} octets`;
  return count === undefined ? sized : `${count} × ${sized}`;
}
