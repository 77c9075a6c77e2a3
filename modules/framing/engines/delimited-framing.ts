/**
 * A framing of one's own whose frames end with a delimiter, made of two functions: one that wraps a packet, one that
 * unwraps it. For frames whose length follows from the packet's; others make a `FrameEncoder` of their own, as `slip.ts` does.
 */

import { checkChoice } from "../../checks/options.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import { checkMaxPacketLength } from "../contract/packet-limit.js";
import { DelimitedDecoder, type DelimitedFormat } from "./delimited-decoder.js";
import { type FindByte, findByte } from "./find-byte.js";
import { checkOctets, writeOctets } from "./octets.js";

const MAX_DELIMITER_LENGTH = 8;
const NO_REASONS: readonly string[] = Object.freeze([]);

export interface DelimitedFramingOptions {
  readonly name: string;
  /** What ends a frame, and stands in none: 1 to 8 bytes. */
  readonly delimiter: ArrayLike<number>;
  /** Causes why a frame is damaged, by the number that `unwrap` gives. Default none. */
  readonly reasons?: readonly string[];
  /** Longest packet accepted, in bytes: 1 to 65,542. */
  readonly maxPacketLength: number;
  /** Frames of no byte: `idle` passes over them, and none is sent; `packet` delivers them. Default `idle`. */
  readonly emptyFrames?: "packet" | "idle";
  /** Search to use; the board may have a native one. */
  readonly findByte?: FindByte;
  /** Length of the frame of a packet, in bytes, the delimiter not included: never less than `packetLength`. */
  frameLength(packetLength: number): number;
  /**
   * Writes the frame of the packet in `bytes[start, end)` from `at` on, where there is room for it. The packet may stand
   * at the very end of that room, its last byte where the delimiter's will be. Must not allocate.
   * @returns the frame's end, or `NOT_A_PACKET`
   */
  wrap(bytes: Uint8Array, start: number, end: number, at: number): number;
  /**
   * Turns the frame in `bytes[start, end)` into its packet, in place. Must not allocate, nor read behind `end`.
   * @returns the packet's end; or `-1 - reason`: damaged, the bytes are then spoilt
   */
  unwrap(bytes: Uint8Array, start: number, end: number): number;
}

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function delimitedFraming(options: DelimitedFramingOptions): Framing {
  const { name, reasons = NO_REASONS, emptyFrames = "idle", findByte: find = findByte } = options;
  const maxPacketLength = checkMaxPacketLength(name, options.maxPacketLength);
  const delimiter = checkOctets(`${name}: delimiter`, options.delimiter, 1, MAX_DELIMITER_LENGTH);
  const format: DelimitedFormat = {
    reasons,
    delimiter,
    emptyFrames: checkChoice(`${name}: emptyFrames`, emptyFrames, ["idle", "packet"]) === "packet",
    maxFrameLength: options.frameLength(maxPacketLength),
    maxPacketLength,
    leading: 0,
    unwrap: (bytes, start, end) => options.unwrap(bytes, start, end),
  };
  return {
    name,
    maxPacketLength,
    decoderMemory: format.maxFrameLength + delimiter.length - 1,
    decoder: (memory, area, check) => new DelimitedDecoder(memory, area, format, find, check),
    encoder: (memory) => new WrappingEncoder(memory, options, format),
  };
}

class WrappingEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #options: DelimitedFramingOptions;
  #delimiter: readonly number[];
  #emptyFrames: boolean;

  constructor(memory: FixedMemory, options: DelimitedFramingOptions, format: DelimitedFormat) {
    this.#bytes = memory.bytes;
    this.#options = options;
    this.#delimiter = format.delimiter;
    this.#emptyFrames = format.emptyFrames;
  }

  maxFrameLength(packetLength: number): number {
    return this.#options.frameLength(packetLength) + this.#delimiter.length;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (at + this.maxFrameLength(end - start) > limit) {
      return DOES_NOT_FIT;
    }
    const frameEnd = this.#options.wrap(this.#bytes, start, end, at);
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
