/**
 * Tells when the frame that a decoder holds has waited too long for its rest.
 *
 * Its time runs from its first byte, whatever comes after: where a length is wrong, good packets go on coming, and would
 * be taken for the rest of the frame.
 */
import type { FrameDecoder } from "../../framing/contract/framing.js";

/** `judge`: nothing is to be given up now. */
export const NOTHING_LATE = -1;

/*
 * AWAITED    what is pending has its time
 *   -> LOOKED_AT  it is late, and bytes behind it are not
 *   -> GIVEN_UP   it is late, and nothing came since; or the stream is over
 * LOOKED_AT  the decoder has been told, and had no reason to give it up
 *   -> AWAITED    more came
 *   -> GIVEN_UP   nothing came since
 * GIVEN_UP   the decoder has been told; what is still pending has a delimiter, and waits for that
 *   -> AWAITED    more came
 */
const AWAITED = 0;
const LOOKED_AT = 1;
const GIVEN_UP = 2;

/** So many moments are remembered, a timeout's quarter apart, and how many bytes had come before each. */
const MARKS = 4;

export class PartialFrameClock {
  readonly #decoder: FrameDecoder;
  #frame: typeof AWAITED | typeof LOOKED_AT | typeof GIVEN_UP = AWAITED;
  /** Bytes that came. */
  #bytes = 0;
  /** When the frame that is pending began to come, or not long after, and how many bytes came before it. */
  #pendingSince = 0;
  #settled = 0;
  #lastReceived = 0;
  /** A ring of moments: when bytes came, in milliseconds, how many had come before, and which entry is overwritten next. */
  readonly #times: number[] = [];
  readonly #before: number[] = [];
  #oldest = 0;
  /** The newest of the moments. */
  #marked = 0;

  constructor(decoder: FrameDecoder) {
    this.#decoder = decoder;
    for (let k = 0; k < MARKS; k++) {
      this.#times.push(0);
      this.#before.push(0);
    }
  }

  /** A stream begins; all times are in milliseconds. */
  start(now: number): void {
    this.#frame = AWAITED;
    this.#bytes = 0;
    this.#settled = 0;
    this.#lastReceived = now;
    this.#pendingSince = now;
    this.#marked = now;
    for (let k = 0; k < MARKS; k++) {
      this.#times[k] = now;
      this.#before[k] = 0;
    }
  }

  /** So many bytes came, and are about to be given to the decoder, which `settle` has looked at. */
  received(count: number, timeoutMs: number, now: number): void {
    const bytes = this.#bytes;
    this.#frame = AWAITED;
    if (this.#settled === bytes) {
      this.#pendingSince = now;
    }
    if (now - this.#marked >= timeoutMs / MARKS) {
      const oldest = this.#oldest;
      this.#marked = now;
      this.#times[oldest] = now;
      this.#before[oldest] = bytes;
      this.#oldest = (oldest + 1) % MARKS;
    }
    this.#lastReceived = now;
    this.#bytes = bytes + count;
  }

  /** The decoder has nothing to be asked for: it took in all of them, or has given something up. */
  settle(): void {
    const pending = this.#decoder.pendingBytes;
    const settled = this.#bytes - pending;
    if (settled === this.#settled) {
      return;
    }
    this.#settled = settled;
    if (pending === 0) {
      // The next frame begins with the next byte: `received` notes when.
      return;
    }
    // Another frame is pending: since its first byte came.
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

  /** A frame is pending, and its time is not over, as far as has been judged. */
  get isAwaiting(): boolean {
    return this.#frame !== GIVEN_UP && this.#decoder.pendingBytes > 0;
  }

  /**
   * Asked from time to time, while the decoder waits for more.
   * @returns `recent` for `FrameDecoder.late`, which is to be called now; or `NOTHING_LATE`
   */
  judge(timeoutMs: number, now: number): number {
    if (!this.isAwaiting || now - this.#pendingSince < timeoutMs) {
      return NOTHING_LATE;
    }
    const recent = this.recent(timeoutMs, now);
    if (recent > 0 && this.#frame === LOOKED_AT) {
      return NOTHING_LATE;
    }
    this.#frame = recent === 0 ? GIVEN_UP : LOOKED_AT;
    return recent;
  }

  /** The stream is over. @returns true: the decoder is to be told */
  giveUp(): boolean {
    if (this.#frame === GIVEN_UP) {
      return false;
    }
    this.#frame = GIVEN_UP;
    return this.#decoder.pendingBytes > 0;
  }

  /** How many bytes came within the timeout; of those that came in its first quarter, some may be left out. 0: none. */
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
