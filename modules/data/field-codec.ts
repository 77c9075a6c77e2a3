/**
 * Big-endian numbers anywhere in any bytes, as the fields of telecommands and reports are (ECSS-E-ST-70-41C, 7.3). Without a view
 * of the bytes, which differ from packet to packet; a structure over a memory of its own is `structure-view.ts`'s.
 */
import { FLOAT32, FLOAT64, INT8, INT16, INT24, INT32, INT64, UINT8, UINT16, UINT24, UINT32 } from "./field-kinds.js";

const HIGH_WORD = 0x100000000;
const MAX_EXACT = Number.MAX_SAFE_INTEGER;

/** Reads and writes fields. Holds a scratch area for floats, so each user makes one, at boot. Allocates nothing. */
export class FieldCodec {
  readonly #scratch = new DataView(new ArrayBuffer(8));

  /**
   * @param kind a number's, of `field-kinds.ts`
   * @returns NaN for a 64-bit integer beyond `Number.MAX_SAFE_INTEGER` either way
   */
  read(kind: number, bytes: Uint8Array, at: number): number {
    switch (kind) {
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
      case UINT24:
        return (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      case INT24:
        return ((bytes[at]! << 24) >> 8) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
      case FLOAT32:
        this.#scratch.setInt32(0, this.#int32(bytes, at));
        return this.#scratch.getFloat32(0);
      case FLOAT64:
        this.#scratch.setInt32(0, this.#int32(bytes, at));
        this.#scratch.setInt32(4, this.#int32(bytes, at + 4));
        return this.#scratch.getFloat64(0);
      default: {
        const high = kind === INT64 ? this.#int32(bytes, at) : this.#int32(bytes, at) >>> 0;
        const value = high * HIGH_WORD + (this.#int32(bytes, at + 4) >>> 0);
        return value >= -MAX_EXACT && value <= MAX_EXACT ? value : Number.NaN;
      }
    }
  }

  /**
   * Writes a field. Of a value beyond its kind, the nearest that the kind has: a counter stops at its maximum, rather than
   * begin anew. Of 64-bit integers that is the nearest that a number says exactly.
   */
  write(kind: number, bytes: Uint8Array, at: number, value: number): void {
    switch (kind) {
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
      case UINT24:
        this.#write24(bytes, at, value > 0xffffff ? 0xffffff : value < 0 ? 0 : value);
        break;
      case INT24:
        this.#write24(bytes, at, value > 0x7fffff ? 0x7fffff : value < -0x800000 ? -0x800000 : value);
        break;
      case FLOAT32:
        this.#scratch.setFloat32(0, value);
        this.#write32(bytes, at, this.#scratch.getInt32(0));
        break;
      case FLOAT64:
        this.#scratch.setFloat64(0, value);
        this.#write32(bytes, at, this.#scratch.getInt32(0));
        this.#write32(bytes, at + 4, this.#scratch.getInt32(4));
        break;
      default: {
        const least = kind === INT64 ? -MAX_EXACT : 0;
        const near = value > MAX_EXACT ? MAX_EXACT : value < least ? least : Math.trunc(value);
        const high = Math.floor(near / HIGH_WORD);
        this.#write32(bytes, at, high);
        this.#write32(bytes, at + 4, near - high * HIGH_WORD);
      }
    }
  }

  #int32(bytes: Uint8Array, at: number): number {
    return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }

  #write16(bytes: Uint8Array, at: number, value: number): void {
    bytes[at] = value >> 8;
    bytes[at + 1] = value;
  }

  #write24(bytes: Uint8Array, at: number, value: number): void {
    bytes[at] = value >> 16;
    bytes[at + 1] = value >> 8;
    bytes[at + 2] = value;
  }

  #write32(bytes: Uint8Array, at: number, value: number): void {
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }
}
