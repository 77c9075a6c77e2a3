/**
 * Tells when the frame that a decoder holds has waited too long for its rest.
 *
 * Its time runs from its first byte, whatever comes after: where a length is wrong, good packets go on coming, and would
 * be taken for the rest of the frame.
 */
import type { FrameDecoder } from "../framing/framing.js";

export class PartialFrameClock {
  readonly #decoder: FrameDecoder;
  /** Bytes that came. */
  #bytes = 0;
  /** When the frame that is pending began to come, and how many bytes came before it. */
  #pendingSince = 0;
  #settled = 0;
  #lastReceived = 0;
  /** Two moments at least half a timeout apart, and how many bytes had come before them. */
  #earlier = 0;
  #earlierBytes = 0;
  #later = 0;
  #laterBytes = 0;

  constructor(decoder: FrameDecoder) {
    this.#decoder = decoder;
  }

  /** A stream begins; all times are in milliseconds. */
  start(now: number): void {
    this.#bytes = 0;
    this.#settled = 0;
    this.#earlierBytes = 0;
    this.#laterBytes = 0;
    this.#lastReceived = now;
    this.#earlier = now;
    this.#later = now;
    this.#pendingSince = now;
  }

  /** So many bytes came, and are about to be pushed. */
  received(count: number, timeoutMs: number, now: number): void {
    if (this.#decoder.pendingBytes === 0) {
      this.#pendingSince = now;
    }
    if (now - this.#later >= timeoutMs / 2) {
      this.#earlier = this.#later;
      this.#earlierBytes = this.#laterBytes;
      this.#later = now;
      this.#laterBytes = this.#bytes;
    }
    this.#lastReceived = now;
    this.#bytes += count;
  }

  /** They were pushed, all of them. */
  pushed(): void {
    const settled = this.#bytes - this.#decoder.pendingBytes;
    if (settled === this.#settled) {
      return;
    }
    // Another frame is pending, and has been since its first byte came.
    this.#settled = settled;
    if (settled >= this.#laterBytes) {
      this.#pendingSince = this.#lastReceived;
    } else {
      this.#pendingSince = settled >= this.#earlierBytes ? this.#later : this.#earlier;
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

  /** Bytes that came within the timeout, if not all of them, then those of its last half: for `FrameDecoder.expire`. */
  recent(timeoutMs: number, now: number): number {
    if (now - this.#lastReceived >= timeoutMs) {
      return 0;
    }
    return this.#bytes - (now - this.#earlier < timeoutMs ? this.#earlierBytes : this.#laterBytes);
  }
}
