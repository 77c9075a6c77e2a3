/**
 * The types of fields in application data and source data, and reading and writing them. All are big-endian
 * (ECSS-E-ST-70-41C, 7.3). A definition names a type by its word; services turn words into numbers when they are made.
 */

/** A field's type, as definitions write it. */
export type FieldType = "uint8" | "uint16" | "uint32" | "int8" | "int16" | "int32" | "float32" | "float64";
/** The types that can number things. */
export type UnsignedType = "uint8" | "uint16" | "uint32";

export const UINT8 = 0;
export const UINT16 = 1;
export const UINT32 = 2;
export const INT8 = 3;
export const INT16 = 4;
export const INT32 = 5;
export const FLOAT32 = 6;
export const FLOAT64 = 7;

interface TypeFacts {
  readonly type: FieldType;
  /** Octets. */
  readonly width: number;
  readonly minimum: number;
  readonly maximum: number;
}

function facts(type: FieldType, width: number, minimum: number, maximum: number): TypeFacts {
  return Object.freeze({ type, width, minimum, maximum });
}

/** By the number of the type. */
const FACTS: readonly TypeFacts[] = Object.freeze([
  facts("uint8", 1, 0, 0xff),
  facts("uint16", 2, 0, 0xffff),
  facts("uint32", 4, 0, 0xffffffff),
  facts("int8", 1, -0x80, 0x7f),
  facts("int16", 2, -0x8000, 0x7fff),
  facts("int32", 4, -0x80000000, 0x7fffffff),
  facts("float32", 4, -3.4028234663852886e38, 3.4028234663852886e38),
  facts("float64", 8, -Number.MAX_VALUE, Number.MAX_VALUE),
]);

/** Octets by the number of the type: asked for with every field that is put. */
const WIDTHS: readonly number[] = Object.freeze(FACTS.map((entry) => entry.width));

/**
 * The number of a type.
 * @throws TypeError when there is no such type
 */
export function typeNumber(type: FieldType): number {
  const index = FACTS.findIndex((entry) => entry.type === type);
  if (index < 0) {
    throw new TypeError(
      `there is no field type "${type}"; the types are ${FACTS.map((entry) => entry.type).join(", ")}`,
    );
  }
  return index;
}

/** Octets of a field, by the number of its type. */
export function widthOf(type: number): number {
  return WIDTHS[type]!;
}

/** The least value that a field of this type can hold, by the number of the type. */
export function minimumOf(type: number): number {
  return FACTS[type]!.minimum;
}

/** The greatest value that a field of this type can hold, by the number of the type. */
export function maximumOf(type: number): number {
  return FACTS[type]!.maximum;
}

/** Octets of a field, by the word. */
export function fieldWidth(type: FieldType): number {
  return widthOf(typeNumber(type));
}

/** Reads and writes fields anywhere in any bytes. Holds a scratch area for floats, so each user makes one, at boot. */
export class FieldCodec {
  readonly #scratch = new DataView(new ArrayBuffer(8));

  /** @param type the number of the type */
  read(type: number, bytes: Uint8Array, at: number): number {
    switch (type) {
      case UINT8:
        return bytes[at]!;
      case UINT16:
        return (bytes[at]! << 8) | bytes[at + 1]!;
      case UINT32:
        return this.#int32(bytes, at) >>> 0;
      case INT8:
        return (bytes[at]! << 24) >> 24;
      case INT16:
        return ((bytes[at]! << 24) >> 16) | bytes[at + 1]!;
      case INT32:
        return this.#int32(bytes, at);
      default: {
        const scratch = this.#scratch;
        scratch.setInt32(0, this.#int32(bytes, at));
        if (type === FLOAT32) {
          return scratch.getFloat32(0);
        }
        scratch.setInt32(4, this.#int32(bytes, at + 4));
        return scratch.getFloat64(0);
      }
    }
  }

  /**
   * Writes a field. Of a value beyond its type, the nearest that the type has: a counter stops at its maximum, rather than
   * begin anew.
   */
  write(type: number, bytes: Uint8Array, at: number, value: number): void {
    switch (type) {
      case UINT8:
        bytes[at] = value > 0xff ? 0xff : value < 0 ? 0 : value;
        break;
      case INT8:
        bytes[at] = value > 0x7f ? 0x7f : value < -0x80 ? -0x80 : value;
        break;
      case UINT16:
        this.#write16(bytes, at, value > 0xffff ? 0xffff : value < 0 ? 0 : value);
        break;
      case INT16:
        this.#write16(bytes, at, value > 0x7fff ? 0x7fff : value < -0x8000 ? -0x8000 : value);
        break;
      case UINT32:
        // Most often it is right as it is, which one comparison tells.
        this.#write32(
          bytes,
          at,
          value >>> 0 === value ? value : value > 0xffffffff ? 0xffffffff : value < 0 ? 0 : value,
        );
        break;
      case INT32:
        this.#write32(bytes, at, value > 0x7fffffff ? 0x7fffffff : value < -0x80000000 ? -0x80000000 : value);
        break;
      case FLOAT32:
        this.#scratch.setFloat32(0, value);
        this.#write32(bytes, at, this.#scratch.getInt32(0));
        break;
      default:
        this.#scratch.setFloat64(0, value);
        this.#write32(bytes, at, this.#scratch.getInt32(0));
        this.#write32(bytes, at + 4, this.#scratch.getInt32(4));
    }
  }

  #int32(bytes: Uint8Array, at: number): number {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }

  #write16(bytes: Uint8Array, at: number, value: number): void {
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
  }

  #write32(bytes: Uint8Array, at: number, value: number): void {
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }
}
