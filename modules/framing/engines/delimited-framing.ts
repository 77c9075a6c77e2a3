/**
 * A framing of one's own whose frames end with a delimiter, made of two functions: one that wraps a packet, one that
 * unwraps it. For frames whose length follows from the packet's; others make a `FrameEncoder` of their own, as `slip.ts` does.
 */

import { checkChoice } from "../../checks/options.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { FrameEncoder, Framing } from "../contract/framing.js";
import { checkMaxPacketLength } from "../contract/packet-limit.js";
import { DelimitedDecoder, type DelimitedFormat } from "./delimited-decoder.js";
import { type FindByte, findByte } from "./find-byte.js";
import { checkOctets } from "./octets.js";
import { type Wrapping, WrappingEncoder } from "./wrapping-encoder.js";

const MAX_DELIMITER_LENGTH = 8;
const NO_REASONS: readonly string[] = Object.freeze([]);

export interface DelimitedFramingOptions extends Wrapping {
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
  return delimitedBy({
    name,
    maxPacketLength,
    decoderMemory: format.maxFrameLength + delimiter.length - 1,
    findByte: find,
    format: () => format,
    encoder: (memory) => new WrappingEncoder(memory, options, delimiter, format.emptyFrames),
  });
}

/** What the framings of the engine differ in. */
export interface DelimitedParts {
  readonly name: string;
  readonly maxPacketLength: number;
  /** See `Framing`. */
  readonly noTrailer?: string | undefined;
  /** Bytes of the longest frame, of its delimiter but for the last, and of what `unwrap` writes behind it. */
  readonly decoderMemory: number;
  readonly findByte: FindByte;
  /** How frames look to one decoder. */
  readonly format: (memory: FixedMemory, trailerLength: number) => DelimitedFormat;
  readonly encoder: (memory: FixedMemory, trailerLength?: number) => FrameEncoder;
}

/** For formats with an encoder, or an `unwrap`, that is more than a function of the bytes. The parts are checked. */
export function delimitedBy(parts: DelimitedParts): Framing {
  const { name, maxPacketLength, noTrailer, decoderMemory, findByte: find } = parts;
  // What is left of the parts is garbage: slots are scarce on a board.
  const { format, encoder } = parts;
  return {
    name,
    maxPacketLength,
    ...(noTrailer === undefined ? {} : { noTrailer }),
    decoderMemory,
    decoder: (memory, area, check) =>
      new DelimitedDecoder(memory, area, format(memory, check?.trailerLength ?? 0), find, check),
    encoder,
  };
}
