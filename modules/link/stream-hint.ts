/**
 * Suspects that the peer of a connection speaks another framing than the port: the stream's first bytes are kept, and
 * when nothing of it was accepted, they are looked at.
 *
 * Keeping them takes no allocation. The text is made once, for a connection that is in trouble anyway.
 */
import type { FrameDecoder, Framing } from "../framing/framing.js";
import { framingTitle, GUESS_LENGTH, guessFraming } from "../framing/guess.js";

/** Fewer bytes than are kept are looked at when no more came for so long, in milliseconds. */
const SETTLED_MS = 1000;

export class StreamHint {
  /** Bytes kept; no more than `GUESS_LENGTH`. */
  kept = 0;
  /** What people are told: "looks like COBS; this port is space packets". Undefined: nothing is suspected. */
  text: string | undefined;
  #bytes: Uint8Array;
  #start: number;
  #framing: Framing;
  /** When the last of them came. */
  #keptAt = 0;
  /** So many bytes were kept when they were looked at last. */
  #judged = 0;

  /** @param start offset of `GUESS_LENGTH` bytes that are this connection's alone */
  constructor(bytes: Uint8Array, start: number, framing: Framing) {
    this.#bytes = bytes;
    this.#start = start;
    this.#framing = framing;
  }

  /** A new stream begins. */
  clear(): void {
    this.kept = 0;
    this.text = undefined;
    this.#judged = 0;
  }

  /** More of the stream came, and has not been touched yet: `bytes[start, end)`. */
  keep(start: number, end: number, now: number): void {
    this.#keptAt = now;
    const room = GUESS_LENGTH - this.kept;
    const length = end - start < room ? end - start : room;
    this.#bytes.copyWithin(this.#start + this.kept, start, start + length);
    this.kept += length;
  }

  /** Nothing more is to be waited for. */
  isSettled(now: number): boolean {
    return this.kept === GUESS_LENGTH || now - this.#keptAt >= SETTLED_MS;
  }

  /**
   * Looks at the bytes kept, when there is reason to, and something new among them.
   * @returns the text, when it was found now
   */
  look(decoder: FrameDecoder): string | undefined {
    const { counters } = decoder;
    if (this.text !== undefined || this.kept === this.#judged || counters.frames > 0) {
      return undefined;
    }
    if (counters.rejections === 0 && counters.droppedBytes + decoder.pendingBytes < GUESS_LENGTH) {
      return undefined;
    }
    this.#judged = this.kept;
    const { name, crc } = this.#framing;
    const guess = guessFraming(this.#bytes, this.#start, this.#start + this.kept);
    if (guess !== undefined && (guess !== name || crc !== undefined)) {
      const own = crc === undefined ? framingTitle(name) : `${framingTitle(name)} with ${crc}`;
      this.text = `looks like ${framingTitle(guess)}; this port is ${own}`;
    }
    return this.text;
  }
}
