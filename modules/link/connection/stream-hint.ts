/**
 * Suspects that the peer of a connection speaks another framing than the port: the stream's first bytes are kept, and
 * when nothing of it was accepted, they are looked at.
 *
 * Keeping them takes no allocation. The text is made once, for a connection that is in trouble anyway.
 */
import type { FrameDecoder, Framing } from "../../framing/contract/framing.js";
import { END } from "../../framing/formats/slip.js";
import {
  CERTAIN_BITS,
  framingTitle,
  GUESS_LENGTH,
  guessableName,
  guessFraming,
  SURE_BITS,
} from "../../framing/guess/guess.js";

/** Fewer bytes than are kept are looked at when no more came for so long, in milliseconds. */
const SETTLED_MS = 1000;
/** No packet that is worth a frame is shorter: the shortest space packet. */
const SHORTEST_PACKET = 7;

/** Framings in which almost any bytes hold something that passes for a packet, when there is no checksum. */
const STRICT = 0;
const SLIP = 1;
const SPACE_PACKETS = 2;

export class StreamHint {
  /** Bytes kept; no more than `GUESS_LENGTH`. */
  kept = 0;
  /** What people are told: "looks like COBS; this port is space packets". Undefined: nothing is suspected. */
  text: string | undefined;
  #bytes: Uint8Array;
  #start: number;
  #framing: Framing;
  /** One of the above. */
  #looseness: number;
  /** When the last of them came. */
  #keptAt = 0;
  /** So many bytes were kept when they were looked at last. */
  #judged = 0;

  /** @param start offset of `GUESS_LENGTH` bytes that are this connection's alone */
  constructor(bytes: Uint8Array, start: number, framing: Framing) {
    this.#bytes = bytes;
    this.#start = start;
    this.#framing = framing;
    this.#looseness = framing.name === "slip" ? SLIP : framing.name === "space-packets" ? SPACE_PACKETS : STRICT;
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

  /**
   * Looks at the bytes kept, when something new is among them and the decoder accepted nothing. There is a reason to look when
   *
   * - something was rejected,
   * - more came than a packet may need,
   * - or nothing more came for a while.
   *
   * Not to be called while the sink refuses a packet.
   * @returns the text, when it was found now
   */
  lookAt(decoder: FrameDecoder, now: number): string | undefined {
    const isQuiet = now - this.#keptAt >= SETTLED_MS;
    return isQuiet || this.kept === GUESS_LENGTH ? this.#look(decoder, isQuiet) : undefined;
  }

  /**
   * The same, for nothing more will come. Before the decoder is told so: in what it gives up then, it searches on, and may
   * find what passes for a packet.
   */
  lookLast(decoder: FrameDecoder): void {
    this.#look(decoder, true);
  }

  /** @param isQuiet nothing more came for some time */
  #look(decoder: FrameDecoder, isQuiet: boolean): string | undefined {
    const { counters } = decoder;
    if (this.text !== undefined || this.kept === this.#judged) {
      return undefined;
    }
    const wasAccepted = counters.frames > 0;
    if (wasAccepted) {
      if (this.#framing.crc !== undefined || !this.#isDoubtful(counters.droppedBytes)) {
        return undefined;
      }
    } else if (!isQuiet && counters.rejections === 0 && counters.droppedBytes + decoder.pendingBytes < GUESS_LENGTH) {
      return undefined;
    }
    this.#judged = this.kept;
    const { crc } = this.#framing;
    const name = guessableName(this.#framing);
    const enough = wasAccepted ? CERTAIN_BITS : counters.rejections === 0 ? SURE_BITS : undefined;
    const guess = guessFraming(this.#bytes, this.#start, this.#start + this.kept, enough);
    if (guess !== undefined && (guess !== name || crc !== undefined)) {
      const own = crc === undefined ? framingTitle(name) : `${framingTitle(name)} with ${crc}`;
      this.text = `looks like ${framingTitle(guess)}; this port is ${own}`;
    }
    return this.text;
  }

  /** What was accepted may be what other bytes happen to hold: every unsegmented space packet has a SLIP END in its header. */
  #isDoubtful(droppedBytes: number): boolean {
    if (this.#looseness !== SLIP) {
      return this.#looseness === SPACE_PACKETS && droppedBytes > 0;
    }
    const bytes = this.#bytes;
    let length = 0;
    for (let at = this.#start; at < this.#start + this.kept; at++) {
      if (bytes[at] !== END) {
        length++;
      } else if (length > 0) {
        return length < SHORTEST_PACKET;
      }
    }
    return false;
  }
}
