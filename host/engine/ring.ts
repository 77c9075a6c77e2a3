/** A byte queue of fixed size. Allocates once. */
import type { CopyBytes } from "./copy.js";

export class Ring {
  readonly #bytes: Uint8Array;
  readonly #copy: CopyBytes;
  #head = 0;
  #length = 0;

  /** @param capacity bytes */
  constructor(capacity: number, copy: CopyBytes) {
    this.#bytes = new Uint8Array(capacity);
    this.#copy = copy;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** Bytes queued. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that still fit. */
  get free(): number {
    return this.#bytes.length - this.#length;
  }

  /** The storage. What is queued first is `bytes[head, head + contiguous)`. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  get head(): number {
    return this.#head;
  }

  /** How many of the queued bytes lie in one piece from `head`. */
  get contiguous(): number {
    const toEnd = this.#bytes.length - this.#head;
    return this.#length < toEnd ? this.#length : toEnd;
  }

  /** Queues `source[start, end)`, which must fit. */
  push(source: Uint8Array, start: number, end: number): void {
    const capacity = this.#bytes.length;
    const count = end - start;
    if (count > capacity - this.#length) {
      throw new RangeError("more bytes than the ring has room for");
    }
    let tail = this.#head + this.#length;
    if (tail >= capacity) {
      tail -= capacity;
    }
    const toEnd = capacity - tail;
    if (count <= toEnd) {
      this.#copy(source, start, end, this.#bytes, tail);
    } else {
      this.#copy(source, start, start + toEnd, this.#bytes, tail);
      this.#copy(source, start + toEnd, end, this.#bytes, 0);
    }
    this.#length += count;
  }

  /** Fills the whole target from the front of the queue, which must hold as much. */
  shift(target: Uint8Array): void {
    const count = target.length;
    if (count > this.#length) {
      throw new RangeError("more bytes than the ring holds");
    }
    const contiguous = this.contiguous;
    if (count <= contiguous) {
      this.#copy(this.#bytes, this.#head, this.#head + count, target, 0);
    } else {
      this.#copy(this.#bytes, this.#head, this.#head + contiguous, target, 0);
      this.#copy(this.#bytes, 0, count - contiguous, target, contiguous);
    }
    this.drop(count);
  }

  /** Forgets `count` bytes at the front. */
  drop(count: number): void {
    this.#length -= count;
    this.#head += count;
    if (this.#head >= this.#bytes.length) {
      this.#head -= this.#bytes.length;
    }
  }

  /** Forgets `count` bytes at the back. */
  dropLast(count: number): void {
    this.#length -= count;
  }

  clear(): void {
    this.#head = 0;
    this.#length = 0;
  }
}
