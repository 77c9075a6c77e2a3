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
import type { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import { FramingCounters } from "./counters.js";
import { type FindZero, findZero } from "./find-zero.js";
import { DOES_NOT_FIT, type FrameDecoder, type FrameEncoder, type Framing } from "./framing.js";
import { checkChoice, checkRange } from "./options.js";

/** A block runs past the delimiter that ends its frame. */
export const BLOCK_OVERRUN = 0;
/** The packet would be longer than `maxPacketLength`; dropped to the next delimiter. */
export const FRAME_TOO_LONG = 1;
/** The stream ended inside a frame. */
export const TRUNCATED = 2;
/** The stream ended while the sink refused this packet. */
export const UNDELIVERED = 3;
const REASONS = Object.freeze(["blockOverrun", "frameTooLong", "truncated", "undelivered"]);

const DELIMITER = 0;
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
  /** Search to use; the board may have a native one. */
  findZero?: FindZero;
}

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function cobs(options: CobsOptions = {}): Framing {
  const maxPacketLength = checkRange("cobs: maxPacketLength (bytes)", options.maxPacketLength ?? 1024, 1, 65542);
  const leading = checkChoice("cobs: delimiter", options.delimiter ?? "trailing", ["trailing", "both"]) === "both";
  const find = options.findZero ?? findZero;
  return {
    name: "cobs",
    maxPacketLength,
    decoderMemory: maxStuffedLength(maxPacketLength),
    decoder: (memory, area) => new CobsDecoder(memory, area, maxPacketLength, find),
    encoder: (memory) => new CobsEncoder(memory, leading ? 1 : 0, find),
  };
}

/** Longest frame of a packet, delimiters not included: one code byte, and one more behind each full block. */
export function maxStuffedLength(packetLength: number): number {
  return packetLength + Math.floor(packetLength / FULL_BLOCK_DATA) + 1;
}

/**
 * Turns the frame in [start, end), which has no zero, into its packet: [start + 1, returned offset).
 * @returns -1 when a block runs past `end`; the bytes are then spoilt
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
    return next === end ? end : -1;
  }
  // Behind a full block no zero stands in the code byte's place: the rest moves down over it.
  let out = next;
  while (next < end) {
    code = bytes[next]!;
    const blockEnd = next + code;
    if (blockEnd > end) {
      return -1;
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

class CobsDecoder implements FrameDecoder {
  readonly counters = new FramingCounters(REASONS);
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #find: FindZero;
  #maxPacketLength: number;
  /** Where a frame is gathered that came in pieces, still stuffed. */
  #area: number;
  #areaLength: number;
  #gathered = 0;
  /** A frame was too long: everything to its delimiter belongs to it. */
  #discarding = false;
  /** The packet that the sink refused, and its frame's length; 0 when there is none. */
  #refusedStart = 0;
  #refusedEnd = 0;
  #refusedFrame = 0;

  constructor(memory: FixedMemory, area: number, maxPacketLength: number, find: FindZero) {
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#areaLength = maxStuffedLength(maxPacketLength);
    this.#maxPacketLength = maxPacketLength;
    this.#find = find;
  }

  get pendingBytes(): number {
    return this.#refusedFrame || this.#gathered;
  }

  push(start: number, end: number, sink: PacketSink): number {
    const bytes = this.#bytes;
    let at = start;
    if (this.#refusedFrame !== 0) {
      if (!this.#offer(this.#refusedStart, this.#refusedEnd, this.#refusedFrame, sink)) {
        return at;
      }
      at++;
    }
    // The sentinel lets every search stop without a bound to check.
    bytes[end] = DELIMITER;
    while (at < end) {
      const zero = this.#find(this.#memory, at);
      if (zero === end) {
        this.#gather(at, end);
        break;
      }
      if (!this.#frame(at, zero, sink)) {
        return zero;
      }
      at = zero + 1;
    }
    return end;
  }

  expire(_sink: PacketSink): boolean {
    return true;
  }

  reset(): void {
    if (this.#refusedFrame !== 0) {
      this.#drop(UNDELIVERED, this.#refusedFrame);
    } else if (this.#gathered > 0) {
      this.#drop(TRUNCATED, this.#gathered);
    }
    this.#gathered = 0;
    this.#refusedFrame = 0;
    this.#discarding = false;
  }

  /** A frame ends at the delimiter at `zero`; bytes from `at` on belong to it. False when the sink refused it. */
  #frame(at: number, zero: number, sink: PacketSink): boolean {
    if (this.#discarding) {
      this.counters.droppedBytes += zero + 1 - at;
      this.#discarding = false;
      return true;
    }
    let start = at;
    let end = zero;
    if (this.#gathered > 0) {
      if (zero > at && !this.#gather(at, zero)) {
        this.counters.droppedBytes++;
        this.#discarding = false;
        return true;
      }
      start = this.#area;
      end = start + this.#gathered;
      this.#gathered = 0;
    } else if (zero === at) {
      this.counters.idleBytes++;
      return true;
    }
    const frameLength = end - start;
    if (frameLength > this.#areaLength) {
      // Before its blocks are looked at: had it come in pieces, it would not have been gathered.
      this.#drop(FRAME_TOO_LONG, frameLength + 1);
      return true;
    }
    const packetEnd = unstuff(this.#bytes, start, end);
    if (packetEnd < 0) {
      this.#drop(BLOCK_OVERRUN, frameLength + 1);
      return true;
    }
    if (packetEnd - start - 1 > this.#maxPacketLength) {
      this.#drop(FRAME_TOO_LONG, frameLength + 1);
      return true;
    }
    return this.#offer(start + 1, packetEnd, frameLength, sink);
  }

  /** Keeps [at, end) of a frame whose delimiter is still to come. False when the frame is too long by now. */
  #gather(at: number, end: number): boolean {
    const length = end - at;
    if (this.#discarding) {
      this.counters.droppedBytes += length;
      return false;
    }
    if (this.#gathered + length > this.#areaLength) {
      this.#drop(FRAME_TOO_LONG, this.#gathered + length);
      this.#gathered = 0;
      this.#discarding = true;
      return false;
    }
    this.#bytes.copyWithin(this.#area + this.#gathered, at, end);
    this.#gathered += length;
    return true;
  }

  #offer(start: number, end: number, frameLength: number, sink: PacketSink): boolean {
    // Set before the call, so that a sink that throws is not asked again with the same packet.
    this.#refusedFrame = 0;
    if (sink.accept(this.#bytes, start, end, 0, 0)) {
      this.counters.frames++;
      this.counters.frameBytes += frameLength + 1;
      return true;
    }
    this.#refusedStart = start;
    this.#refusedEnd = end;
    this.#refusedFrame = frameLength;
    return false;
  }

  #drop(reason: number, length: number): void {
    this.counters.reject(reason);
    this.counters.droppedBytes += length;
  }
}

class CobsEncoder implements FrameEncoder {
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #leading: number;
  #find: FindZero;

  /** @param leading delimiters in front of each frame: 0 or 1 */
  constructor(memory: FixedMemory, leading: number, find: FindZero) {
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
        zero = this.#find(this.#memory, near);
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
