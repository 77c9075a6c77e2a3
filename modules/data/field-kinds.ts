/**
 * The kinds of fields in a payload: the words that descriptions use, the numbers that run-time code uses, and reading and
 * writing one number at one place. Nothing here allocates, but for what says so.
 */

/** Integers and floats, as descriptions write them. */
export type NumberType =
  | "uint8"
  | "uint16"
  | "uint24"
  | "uint32"
  | "int8"
  | "int16"
  | "int24"
  | "int32"
  | "float32"
  | "float64"
  | BigType;
/** The types whose values may be beyond 2^53. */
export type BigType = "uint64" | "int64";
/** The types that bit fields are cut out of, and that count elements. */
export type UnsignedType = "uint8" | "uint16" | "uint24" | "uint32";

export const UINT8 = 0;
export const UINT16 = 1;
export const UINT24 = 2;
export const UINT32 = 3;
export const INT8 = 4;
export const INT16 = 5;
export const INT24 = 6;
export const INT32 = 7;
export const FLOAT32 = 8;
export const FLOAT64 = 9;
export const UINT64 = 10;
export const INT64 = 11;
/** Kinds from here on are no numbers. */
export const BYTES = 12;
export const ASCII = 13;
export const STRUCTURE = 14;
/** Bytes that are always the same: constants without a name, and padding. */
export const FILLER = 15;

export interface KindFacts {
  readonly type: NumberType;
  readonly width: number;
  /** Least number that can be set; for 64 bits, that a number can say exactly. */
  readonly minimum: number;
  readonly maximum: number;
}

function facts(type: NumberType, width: number, minimum: number, maximum: number): KindFacts {
  return Object.freeze({ type, width, minimum, maximum });
}

const MAX_FLOAT32 = 3.4028234663852886e38;
/** Half a unit in the last place above the greatest float32: from here on, rounding gives infinity. */
const FLOAT32_OVERFLOW = 3.4028235677973366e38;

/** By the number of the kind. */
export const NUMBER_KINDS: readonly KindFacts[] = Object.freeze([
  facts("uint8", 1, 0, 0xff),
  facts("uint16", 2, 0, 0xffff),
  facts("uint24", 3, 0, 0xffffff),
  facts("uint32", 4, 0, 0xffffffff),
  facts("int8", 1, -0x80, 0x7f),
  facts("int16", 2, -0x8000, 0x7fff),
  facts("int24", 3, -0x800000, 0x7fffff),
  facts("int32", 4, -0x80000000, 0x7fffffff),
  facts("float32", 4, -MAX_FLOAT32, MAX_FLOAT32),
  facts("float64", 8, -Number.MAX_VALUE, Number.MAX_VALUE),
  facts("uint64", 8, 0, Number.MAX_SAFE_INTEGER),
  facts("int64", 8, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
]);

/** The number of a number's kind, or -1 where the word names none. */
export function numberKind(type: unknown): number {
  return NUMBER_KINDS.findIndex((entry) => entry.type === type);
}

/** Octets by the number of the kind: asked for with every field that is put. */
const WIDTHS: readonly number[] = Object.freeze(NUMBER_KINDS.map((entry) => entry.width));

/** Octets of a number, by its kind. */
export function widthOf(kind: number): number {
  return WIDTHS[kind]!;
}

/** Octets of a number, by its type. */
export function typeWidth(type: NumberType): number {
  return widthOf(kindOf(type));
}

/**
 * The kind of a number.
 * @throws TypeError when there is no such type
 */
export function kindOf(type: NumberType): number {
  const kind = numberKind(type);
  if (kind < 0) {
    const types = NUMBER_KINDS.map((entry) => entry.type).join(", ");
    throw new TypeError(`there is no field type "${type}"; the types are ${types}`);
  }
  return kind;
}

/**
 * Reads one number.
 * @returns NaN for a 64-bit integer beyond `Number.MAX_SAFE_INTEGER` either way
 * @throws TypeError when the kind is no number's
 */
export function readNumber(data: DataView, kind: number, at: number, littleEndian: boolean): number {
  switch (kind) {
    case UINT8:
      return data.getUint8(at);
    case UINT16:
      return data.getUint16(at, littleEndian);
    case UINT32:
      return data.getUint32(at, littleEndian);
    case INT16:
      return data.getInt16(at, littleEndian);
    case INT32:
      return data.getInt32(at, littleEndian);
    case FLOAT32:
      return data.getFloat32(at, littleEndian);
    case FLOAT64:
      return data.getFloat64(at, littleEndian);
    case INT8:
      return data.getInt8(at);
    case UINT24:
      return littleEndian
        ? data.getUint16(at, true) | (data.getUint8(at + 2) << 16)
        : (data.getUint8(at) << 16) | data.getUint16(at + 1);
    case INT24:
      return littleEndian
        ? data.getUint16(at, true) | (data.getInt8(at + 2) << 16)
        : (data.getInt8(at) << 16) | data.getUint16(at + 1);
    case UINT64:
    case INT64: {
      const highAt = littleEndian ? at + 4 : at;
      const high = kind === UINT64 ? data.getUint32(highAt, littleEndian) : data.getInt32(highAt, littleEndian);
      const value = high * 0x100000000 + data.getUint32(littleEndian ? at : at + 4, littleEndian);
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? value : Number.NaN;
    }
    default:
      throw new TypeError("bytes, text and structures are no numbers");
  }
}

/** Writes one number that `isWritable` allows. */
export function writeNumber(data: DataView, kind: number, at: number, value: number, littleEndian: boolean): void {
  switch (kind) {
    case UINT8:
    case INT8:
      data.setUint8(at, value);
      break;
    case UINT16:
    case INT16:
      data.setUint16(at, value, littleEndian);
      break;
    case UINT32:
    case INT32:
      data.setUint32(at, value, littleEndian);
      break;
    case FLOAT32:
      data.setFloat32(at, value, littleEndian);
      break;
    case FLOAT64:
      data.setFloat64(at, value, littleEndian);
      break;
    case UINT24:
    case INT24:
      data.setUint8(littleEndian ? at + 2 : at, value >> 16);
      data.setUint16(littleEndian ? at : at + 1, value, littleEndian);
      break;
    case UINT64:
    case INT64: {
      const high = Math.floor(value / 0x100000000);
      data.setInt32(littleEndian ? at + 4 : at, high, littleEndian);
      data.setUint32(littleEndian ? at : at + 4, value - high * 0x100000000, littleEndian);
      break;
    }
    default:
      throw new TypeError("bytes, text and structures are no numbers");
  }
}

/** Whether a value can be written without loss but for a float's rounding, within limits that may be narrower. */
export function isWritable(kind: number, value: number, minimum: number, maximum: number): boolean {
  if (kind === FLOAT64) {
    return true;
  }
  if (kind === FLOAT32) {
    // Infinity and NaN are values; what only rounding would make infinite is out of range.
    return !(value >= FLOAT32_OVERFLOW || value <= -FLOAT32_OVERFLOW) || value - value !== 0;
  }
  return value >= minimum && value <= maximum && value % 1 === 0;
}

/** Whether a value is written as this one, which was read. */
export function isSame(kind: number, value: number, read: number): boolean {
  if (Number.isNaN(read)) {
    // Of 64 bits this says that a number cannot be exact.
    return kind < UINT64 && Number.isNaN(value);
  }
  return read === (kind === FLOAT32 ? Math.fround(value) : value);
}

/** Reads 64 bits whole. Allocates: on XS a BigInt takes chunk memory each time. */
export function readBig(data: DataView, kind: number, at: number, littleEndian: boolean): bigint {
  return kind === UINT64 ? data.getBigUint64(at, littleEndian) : data.getBigInt64(at, littleEndian);
}

/** False when the value does not fit, then nothing is written. Allocates. */
export function writeBig(data: DataView, kind: number, at: number, value: bigint, littleEndian: boolean): boolean {
  if ((kind === UINT64 ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value)) !== value) {
    return false;
  }
  data.setBigInt64(at, value, littleEndian);
  return true;
}
