/**
 * Consistent Overhead Byte Stuffing (Cheshire & Baker, IEEE/ACM ToN 7(2), 1999): frames without a zero byte,
 * ended by one zero.
 *
 * A COBS frame is its packet, one byte further on, with each zero replaced by the distance to the next one. So both
 * directions work in place: the decoder puts the zeros back where the code bytes stand, and moves bytes only behind
 * a full block (254 bytes without a zero), whose code byte stands for no zero.
 *
 * COBS detects damage only by its block structure; put a checksum into the packet to detect the rest.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing } from "../contract/framing.js";
import type { DelimitedFormat } from "../engines/delimited-decoder.js";
import { delimitedBy } from "../engines/delimited-framing.js";
import type { FindByte } from "../engines/find-byte.js";
import { findZero } from "../engines/find-zero.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { word } from "../options/text-options.js";

/** A block runs past the delimiter that ends its frame. */
export const BLOCK_OVERRUN = 0;
const REASONS = Object.freeze(["blockOverrun"]);

const DELIMITER = 0;
const DELIMITERS = Object.freeze([DELIMITER]);
/** Code of a block of 254 data bytes that no zero follows. */
const FULL_BLOCK = 0xff;
const FULL_BLOCK_DATA = 254;
/** Within so many bytes a loop on the spot finds a zero faster than a search can be called. */
const NEAR = 6;

export interface CobsOptions {
  /** Longest packet accepted, in bytes: 1 to 65,542 (the longest space packet). Default 1024. */
  maxPacketLength?: number;
  /**
   * Zeros around the frames sent: `trailing` ends each with one, `both` puts one in front as well, as sat-rs and
   * com-interface expect. On input any run of zeros separates frames. Default `trailing`.
   */
  delimiter?: "trailing" | "both";
  /** Search to use, of which only zeros are wanted; the board may have a native one. */
  findZero?: FindByte;
}

const DELIMITER_CHOICES: readonly NonNullable<CobsOptions["delimiter"]>[] = Object.freeze([
  "trailing",
  "both",
] as const);

const OPTIONS = optionTable<CobsOptions>(
  [MAX_PACKET, { key: "delimiter", property: "delimiter", read: word, help: "zeros sent: trailing (default) or both" }],
  ["findZero"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function cobs(options: CobsOptions = {}): Framing {
  return make(options, FramingContext.inCode("cobs", OPTIONS, options));
}

function make(options: CobsOptions, context: FramingContext): Framing {
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  const leading = context.choice("delimiter", options.delimiter ?? "trailing", DELIMITER_CHOICES) === "both" ? 1 : 0;
  const find = options.findZero ?? context.findByte ?? findZero;
  const format: DelimitedFormat = {
    reasons: REASONS,
    delimiter: DELIMITERS,
    emptyFrames: false,
    maxFrameLength: maxStuffedLength(maxPacketLength),
    maxPacketLength,
    leading: 1,
    unwrap: unstuff,
  };
  return delimitedBy({
    name: "cobs",
    maxPacketLength,
    decoderMemory: format.maxFrameLength,
    findByte: find,
    format: () => format,
    encoder: (memory) => new CobsEncoder(memory, leading, find),
  });
}

/** Longest frame of a packet, delimiters not included: one code byte, and one more behind each full block. */
export function maxStuffedLength(packetLength: number): number {
  return packetLength + Math.floor(packetLength / FULL_BLOCK_DATA) + 1;
}

/**
 * Turns the frame in [start, end), which has no zero, into its packet: [start + 1, returned offset).
 * @returns `-1 - BLOCK_OVERRUN` when a block runs past `end`; the bytes are then spoilt
 */
export function unstuff(bytes: Uint8Array, start: number, end: number): number {
  let code = bytes[start]!;
  let next = start + code;
  while (next < end && code !== FULL_BLOCK) {
    code = bytes[next]!;
    bytes[next] = 0;
    next += code;
  }
  if (next >= end) {
    return next === end ? end : -1 - BLOCK_OVERRUN;
  }
  // Behind a full block no zero stands in the code byte's place: the rest moves down over it.
  let out = next;
  while (next < end) {
    code = bytes[next]!;
    const blockEnd = next + code;
    if (blockEnd > end) {
      return -1 - BLOCK_OVERRUN;
    }
    bytes.copyWithin(out, next + 1, blockEnd);
    out += code - 1;
    next = blockEnd;
    if (code !== FULL_BLOCK && next < end) {
      bytes[out++] = 0;
    }
  }
  return out;
}

class CobsEncoder implements FrameEncoder {
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #leading: number;
  #find: FindByte;

  /** @param leading delimiters in front of each frame: 0 or 1 */
  constructor(memory: FixedMemory, leading: number, find: FindByte) {
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#leading = leading;
    this.#find = find;
  }

  maxFrameLength(packetLength: number): number {
    return this.#leading + maxStuffedLength(packetLength) + 1;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    let code = at + this.#leading;
    let from = code + 1;
    let last = from + end - start;
    if (last >= limit) {
      return DOES_NOT_FIT;
    }
    bytes[at] = DELIMITER;
    bytes.copyWithin(from, start, end);
    bytes[last] = DELIMITER;
    for (;;) {
      let zero = from;
      const near = from + NEAR;
      while (zero < near && bytes[zero] !== 0) {
        zero++;
      }
      if (zero === near) {
        zero = this.#find(this.#memory, near, DELIMITER);
      }
      while (zero - code > FULL_BLOCK_DATA) {
        bytes[code] = FULL_BLOCK;
        code += FULL_BLOCK;
        if (code === last) {
          return last + 1;
        }
        if (last + 1 >= limit) {
          return DOES_NOT_FIT;
        }
        bytes.copyWithin(code + 1, code, last + 1);
        last++;
        zero++;
      }
      bytes[code] = zero - code;
      if (zero === last) {
        return last + 1;
      }
      code = zero;
      from = zero + 1;
    }
  }
}

export const cobsEntry: FramingEntry = Object.freeze({
  name: "cobs",
  summary: "COBS, frames ended by a zero",
  options: OPTIONS,
  make,
});
