/**
 * Tells when the frame that a decoder holds has waited too long for its rest.
 *
 * Its time runs from its first byte, whatever comes after: where a length is wrong, good packets go on coming, and would
 * be taken for the rest of the frame.
 */
import type { FrameDecoder } from "../../framing/contract/framing.js";

/** So many moments are remembered, a timeout's quarter apart, and how many bytes had come before each. */
const MARKS = 4;

export class PartialFrameClock {
  readonly #decoder: FrameDecoder;
  /** Bytes that came. */
  #bytes = 0;
  /** When the frame that is pending began to come, or not long after, and how many bytes came before it. */
  #pendingSince = 0;
  #settled = 0;
  #lastReceived = 0;
  /** The moments, in milliseconds, the one that the next will take the place of, and their bytes. */
  readonly #times: number[] = [];
  readonly #before: number[] = [];
  #oldest = 0;

  constructor(decoder: FrameDecoder) {
    this.#decoder = decoder;
    for (let k = 0; k < MARKS; k++) {
      this.#times.push(0);
      this.#before.push(0);
    }
  }

  /** A stream begins; all times are in milliseconds. */
  start(now: number): void {
    this.#bytes = 0;
    this.#settled = 0;
    this.#lastReceived = now;
    this.#pendingSince = now;
    for (let k = 0; k < MARKS; k++) {
      this.#times[k] = now;
      this.#before[k] = 0;
    }
  }

  /** So many bytes came, and are about to be pushed. */
  received(count: number, timeoutMs: number, now: number): void {
    if (this.#decoder.pendingBytes === 0) {
      this.#pendingSince = now;
    }
    if (now - this.#times[(this.#oldest + MARKS - 1) % MARKS]! >= timeoutMs / MARKS) {
      this.#times[this.#oldest] = now;
      this.#before[this.#oldest] = this.#bytes;
      this.#oldest = (this.#oldest + 1) % MARKS;
    }
    this.#lastReceived = now;
    this.#bytes += count;
  }

  /** They were pushed, all of them; or something was given up. */
  pushed(): void {
    const settled = this.#bytes - this.#decoder.pendingBytes;
    if (settled === this.#settled) {
      return;
    }
    // Another frame is pending: since its first byte came.
    this.#settled = settled;
    this.#pendingSince = this.#lastReceived;
    for (let k = 0; k < MARKS; k++) {
      const mark = (this.#oldest + k) % MARKS;
      if (this.#before[mark]! > settled) {
        this.#pendingSince = this.#times[mark]!;
        return;
      }
    }
  }

  /** Nothing could come until now, because nothing was read. */
  resume(now: number): void {
    this.#pendingSince = now;
    this.#lastReceived = now;
  }

  isDue(timeoutMs: number, now: number): boolean {
    return this.#decoder.pendingBytes > 0 && now - this.#pendingSince >= timeoutMs;
  }

  /**
   * For `FrameDecoder.expire`: how many bytes came within the timeout; of those that came in its first quarter, some may be
   * left out. 0: none.
   */
  recent(timeoutMs: number, now: number): number {
    if (now - this.#lastReceived >= timeoutMs) {
      return 0;
    }
    for (let k = 0; k < MARKS; k++) {
      const mark = (this.#oldest + k) % MARKS;
      if (now - this.#times[mark]! < timeoutMs) {
        return this.#bytes - this.#before[mark]!;
      }
    }
    return 1;
  }
}
