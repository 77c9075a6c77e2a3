/**
 * The one ArrayBuffer that holds every byte of every packet, cut into named regions at boot.
 *
 * One buffer rather than many, because a move inside it is one native `copyWithin`, with no view made.
 * Nothing is ever given back: what a board needs, it needs from boot to reset.
 */

/** A named range of the memory; `start` inclusive, both in bytes. */
export interface Region {
  readonly name: string;
  readonly start: number;
  readonly length: number;
}

export class FixedMemory {
  readonly buffer: ArrayBuffer;
  /** The whole memory. Everybody shares this one view: offsets are offsets into it. */
  readonly bytes: Uint8Array;
  /** The same, four bytes at a time, for searches. The last word may have bytes behind the memory, always zero. */
  readonly words: Int32Array;
  readonly regions: Region[] = [];
  #used = 0;

  /**
   * @param capacity bytes to take from the heap, once
   * @throws RangeError when the capacity is not a positive whole number
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`memory capacity must be a positive whole number of bytes, not ${capacity}`);
    }
    this.buffer = new ArrayBuffer((capacity + 3) & ~3);
    this.bytes = new Uint8Array(this.buffer, 0, capacity);
    this.words = new Int32Array(this.buffer);
  }

  /** Bytes taken by regions. */
  get used(): number {
    return this.#used;
  }

  /** Bytes in all. */
  get capacity(): number {
    return this.bytes.length;
  }

  /**
   * Sets a region aside, for good.
   * @param name for the report and for the error
   * @param length bytes
   * @returns the region's offset in `bytes`
   * @throws RangeError when it does not fit, naming what the memory already holds
   */
  reserve(name: string, length: number): number {
    if (!Number.isInteger(length) || length < 0) {
      throw new RangeError(`region "${name}" must be a whole number of bytes, not ${length}`);
    }
    const start = this.#used;
    if (length > this.capacity - start) {
      throw new RangeError(
        `region "${name}" needs ${length} bytes, but only ${this.capacity - start} of ${this.capacity} are free (${this.describe()})`,
      );
    }
    this.#used = start + length;
    this.regions.push({ name, start, length });
    return start;
  }

  /** The regions in one line, for people: `name 1024, name 512, ...` */
  describe(): string {
    return this.regions.map((region) => `${region.name} ${region.length}`).join(", ") || "nothing reserved yet";
  }
}
