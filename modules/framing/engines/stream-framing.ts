/**
 * A framing of one's own whose frames have no delimiter: each tells its own length. Made of a `StreamFormat`, which finds a
 * frame, and a function that wraps a packet. The twin of `delimitedFraming`; the formats of this package are made by it, too.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { FrameEncoder, Framing } from "../contract/framing.js";
import { joinChecks, type PacketValidator } from "../contract/packet-check.js";
import { checkMaxPacketLength } from "../contract/packet-limit.js";
import { ScanningDecoder } from "./scanning-decoder.js";
import type { StreamFormat } from "./stream-format.js";
import { type Wrapping, WrappingEncoder } from "./wrapping-encoder.js";

/** What the framings of the engine differ in. */
export interface StreamParts {
  readonly name: string;
  /** Longest packet accepted, in bytes. */
  readonly maxPacketLength: number;
  /** See `Framing`. */
  readonly maxPacketLengthWith?: (trailerLength: number) => number;
  readonly noTrailer?: string | undefined;
  readonly judged?: number;
  /** Judges packets before they are delivered. */
  readonly validator?: PacketValidator | undefined;
  /** The validator checks a checksum. Default false. */
  readonly isProof?: boolean;
  /**
   * How a decoder finds frames. Each has one of its own.
   * @param trailerLength bytes at each packet's end that are a layer's above: a length in the packet does not count them
   */
  readonly format: (trailerLength: number) => StreamFormat;
  readonly encoder: (memory: FixedMemory, trailerLength?: number) => FrameEncoder;
}

/** `maxPacketLength` is 1 to 65,542 bytes. */
export type StreamFramingOptions = Omit<StreamParts, "encoder"> & Wrapping;

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function streamFraming(options: StreamFramingOptions): Framing {
  checkMaxPacketLength(options.name, options.maxPacketLength);
  return streamBy({
    ...options,
    format: (trailerLength) => options.format(trailerLength),
    encoder: (memory, trailerLength) => new WrappingEncoder(memory, options, undefined, false, trailerLength),
  });
}

/** For formats with an encoder of their own. The parts are checked. */
export function streamBy(parts: StreamParts): Framing {
  const { name, maxPacketLength, maxPacketLengthWith, validator, noTrailer, judged, isProof } = parts;
  // What is left of the parts is garbage: slots are scarce on a board.
  const { format, encoder } = parts;
  return {
    name,
    maxPacketLength,
    ...(maxPacketLengthWith === undefined ? {} : { maxPacketLengthWith }),
    ...(noTrailer === undefined ? {} : { noTrailer }),
    ...(judged === undefined ? {} : { judged }),
    decoderMemory: format(0).maxWanted,
    decoder(memory, area, check, badFrames) {
      const own = format(check?.trailerLength ?? 0);
      return new ScanningDecoder(memory, area, own, joinChecks(validator, check, isProof), badFrames);
    },
    encoder,
  };
}
