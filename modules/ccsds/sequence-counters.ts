/**
 * Packet sequence counts, one per APID, modulo 16,384 (CCSDS 133.0-B-2, 4.1.3.4.3).
 *
 * The APIDs are few and known at boot or soon after: a board that sends telemetry has one or two. So the counters are
 * a short list searched in order, and its memory is taken once.
 */
import { MAX_APID, PACKET_SEQUENCE_COUNT_MODULUS } from "./primary-header.js";

/** `next`, `peek`: every place is taken by another APID. */
export const NO_COUNTER = -1;

export class SequenceCounters {
  readonly #apids: Uint16Array;
  readonly #counts: Uint16Array;
  #used = 0;

  /**
   * @param capacity most APIDs to count for, 1 to 2048; 4 bytes each
   * @throws RangeError when the capacity is out of range
   */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_APID + 1) {
      throw new RangeError(`sequence counters must be for 1 to ${MAX_APID + 1} APIDs, not ${capacity}`);
    }
    this.#apids = new Uint16Array(capacity);
    this.#counts = new Uint16Array(capacity);
  }

  /** APIDs that have a counter. */
  get used(): number {
    return this.#used;
  }

  /** True: this APID has a counter already. */
  has(apid: number): boolean {
    return this.#find(apid) !== NO_COUNTER;
  }

  /** The count that `next` would give, or `NO_COUNTER`. */
  peek(apid: number): number {
    const index = this.#find(apid);
    if (index !== NO_COUNTER) {
      return this.#counts[index] as number;
    }
    return this.#used < this.#apids.length ? 0 : NO_COUNTER;
  }

  /**
   * Gives the count for the next packet of this APID, from 0, and moves on.
   * @returns 0 to 16,383, or `NO_COUNTER` when there is no place for one APID more
   */
  next(apid: number): number {
    const index = this.#place(apid);
    if (index === NO_COUNTER) {
      return NO_COUNTER;
    }
    const count = this.#counts[index] as number;
    this.#counts[index] = (count + 1) & (PACKET_SEQUENCE_COUNT_MODULUS - 1);
    return count;
  }

  /**
   * Sets the count that comes next, to go on where an earlier run stopped.
   * @param count a whole number, taken modulo 16,384
   * @returns false when there is no place for one APID more
   */
  set(apid: number, count: number): boolean {
    const index = this.#place(apid);
    if (index === NO_COUNTER) {
      return false;
    }
    this.#counts[index] = count & (PACKET_SEQUENCE_COUNT_MODULUS - 1);
    return true;
  }

  /** Starts every APID at 0 again, and gives the places back. */
  reset(): void {
    this.#used = 0;
  }

  /** The place of an APID, which gets one if there is one left. */
  #place(apid: number): number {
    const apids = this.#apids;
    const used = this.#used;
    for (let i = 0; i < used; i++) {
      if (apids[i] === apid) {
        return i;
      }
    }
    if (used === apids.length) {
      return NO_COUNTER;
    }
    this.#used = used + 1;
    apids[used] = apid;
    this.#counts[used] = 0;
    return used;
  }

  #find(apid: number): number {
    for (let i = 0; i < this.#used; i++) {
      if (this.#apids[i] === apid) {
        return i;
      }
    }
    return NO_COUNTER;
  }
}
