/** The encoder of framings of one's own: room is looked for here, and a function writes the frame. */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, NOT_A_PACKET } from "../contract/framing.js";
import { writeOctets } from "./octets.js";

/** How a packet becomes a frame. */
export interface Wrapping {
  /** Length of the frame of a packet, in bytes, a delimiter behind it not included: never less than `packetLength`. */
  frameLength(packetLength: number): number;
  /**
   * Writes the frame of the packet in `bytes[start, end)` from `at` on, where there is room for it. The packet may stand
   * at the very end of that room: so it has to be moved before anything is written behind it. Must not allocate.
   * @param trailerLength bytes at the packet's end that are a layer's above: a length in the packet does not count them
   * @returns the frame's end, or `NOT_A_PACKET`
   */
  wrap(bytes: Uint8Array, start: number, end: number, at: number, trailerLength: number): number;
}

const NO_DELIMITER: readonly number[] = Object.freeze([]);

export class WrappingEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #wrapping: Wrapping;
  #delimiter: readonly number[];
  #emptyFrames: boolean;
  #trailerLength: number;

  /**
   * @param delimiter behind each frame
   * @param emptyFrames frames of no byte are packets, too
   */
  constructor(
    memory: FixedMemory,
    wrapping: Wrapping,
    delimiter: readonly number[] = NO_DELIMITER,
    emptyFrames = false,
    trailerLength = 0,
  ) {
    this.#bytes = memory.bytes;
    this.#wrapping = wrapping;
    this.#delimiter = delimiter;
    this.#emptyFrames = emptyFrames;
    this.#trailerLength = trailerLength;
  }

  maxFrameLength(packetLength: number): number {
    return this.#wrapping.frameLength(packetLength) + this.#delimiter.length;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (at + this.maxFrameLength(end - start) > limit) {
      return DOES_NOT_FIT;
    }
    const frameEnd = this.#wrapping.wrap(this.#bytes, start, end, at, this.#trailerLength);
    if (frameEnd < 0) {
      return frameEnd;
    }
    if (frameEnd === at && !this.#emptyFrames) {
      return NOT_A_PACKET;
    }
    writeOctets(this.#bytes, frameEnd, this.#delimiter);
    return frameEnd + this.#delimiter.length;
  }
}
