/**
 * Frames of a known length: every so many bytes, or by an identifier that says which of several lengths it is.
 *
 * `pattern` holds the constant octets that a frame has at known places, like the paddings between the fields of one long
 * message. Without any, and without identifiers, nothing tells damage: one byte lost shifts every frame behind it,
 * until the stream pauses for the partial-frame timeout. Give a pattern or a checksum on a port that matters.
 */

import { checkRange } from "../../checks/options.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import { joinChecks, type PacketValidator } from "../contract/packet-check.js";
import { checkMaxPacketLength, MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { agrees, ENDIANNESSES, readUnsigned } from "../engines/octets.js";
import { ScanningDecoder } from "../engines/scanning-decoder.js";
import type { StreamFormat } from "../engines/stream-format.js";
import type { CommonOptions, FramingEntry } from "../options/framing-entry.js";
import { octets, oneOf, type TextOptions, uncheckedNumber, wholeNumber } from "../options/text-options.js";
import {
  type ConstantOctets,
  checkIdentifier,
  checkPattern,
  type FixedLayout,
  type FrameIdentifier,
} from "./fixed-layout.js";

/** A constant octet of the pattern is another one. */
export const PATTERN_MISMATCH = 0;
/** The identifier is none of those expected. */
export const UNKNOWN_IDENTIFIER = 1;
const REASONS = Object.freeze(["patternMismatch", "unknownIdentifier"]);

export type { ConstantOctets, FrameIdentifier } from "./fixed-layout.js";

export interface FixedOptions {
  /** Length of every frame, in bytes: 1 to 65,542. Either this or `identifier`. */
  length?: number;
  identifier?: FrameIdentifier;
  pattern?: readonly ConstantOctets[];
  /** Bytes at the frame's beginning that are not delivered: 0 to 255. Default 0. */
  strip?: number;
  /** Longest packet that a length may give, in bytes: 1 to 65,542. Default 65,542. */
  maxPacketLength?: number;
  validator?: PacketValidator;
}

/**
 * @throws TypeError or RangeError for an option out of its range, or options that do not go together
 */
export function fixed(options: FixedOptions): Framing {
  const { length, identifier, validator } = options;
  if ((length === undefined) === (identifier === undefined)) {
    throw new TypeError("fixed: give either length or identifier");
  }
  const maxPacketLength = checkMaxPacketLength("fixed", options.maxPacketLength ?? MAX_PACKET_LENGTH);
  const strip = checkRange("fixed: strip (bytes)", options.strip ?? 0, 0, 255);
  const lengths = identifier === undefined ? [length as number] : identifier.lengths.map(([, each]) => each);
  checkRange("fixed: identifier.lengths (number of identifiers)", lengths.length, 1, 65536);
  lengths.forEach((each) => {
    checkRange("fixed: length (bytes, strip and maxPacketLength allow)", each, strip + 1, strip + maxPacketLength);
  });
  const shortest = Math.min(...lengths);
  const pattern = checkPattern(options.pattern ?? [], shortest);
  return fixedFraming(
    {
      name: "fixed",
      reasons: REASONS,
      lengths: Object.freeze(lengths),
      maxFrameLength: Math.max(...lengths),
      pattern,
      strip,
      identifier: identifier && checkIdentifier(identifier, strip, shortest, pattern),
    },
    validator,
  );
}

export function fixedFraming(layout: FixedLayout, validator: PacketValidator | undefined): Framing {
  return {
    name: layout.name,
    maxPacketLength: layout.maxFrameLength - layout.strip,
    decoderMemory: layout.maxFrameLength,
    decoder: (memory, area, check, badFrames) =>
      new ScanningDecoder(memory, area, new FixedFormat(layout), joinChecks(validator, check), badFrames),
    encoder: (memory) => new FixedEncoder(memory, layout),
  };
}

class FixedFormat implements StreamFormat {
  readonly reasons: readonly string[];
  readonly maxWanted: number;
  readonly leading: number;
  readonly trailing = 0;
  kind = 0;
  readonly isTelling: boolean;
  #layout: FixedLayout;

  constructor(layout: FixedLayout) {
    this.reasons = layout.reasons;
    this.maxWanted = layout.maxFrameLength;
    this.leading = layout.strip;
    this.isTelling = layout.pattern.length > 0;
    this.#layout = layout;
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    const { pattern, identifier, lengths } = this.#layout;
    for (let i = 0; i < pattern.length; i++) {
      const { offset, octets } = pattern[i]!;
      if (!agrees(bytes, at + offset, available - offset, octets)) {
        return -1 - PATTERN_MISMATCH;
      }
    }
    if (identifier === undefined) {
      return lengths[0]!;
    }
    const { offset, size } = identifier;
    if (available < offset + size) {
      return offset + size;
    }
    // `>>> 0`: an identifier of four octets is above what `&` gives.
    const id = (readUnsigned(bytes, at + offset, size, identifier.littleEndian) & identifier.mask) >>> 0;
    const kind = identifier.kinds.get(id);
    if (kind === undefined) {
      return -1 - UNKNOWN_IDENTIFIER;
    }
    this.kind = kind;
    return lengths[kind]!;
  }
}

/** Writes what is stripped: the pattern, and zeros elsewhere. What is not stripped must be right in the packet. */
class FixedEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #layout: FixedLayout;

  constructor(memory: FixedMemory, layout: FixedLayout) {
    this.#bytes = memory.bytes;
    this.#layout = layout;
  }

  maxFrameLength(packetLength: number): number {
    return this.#layout.strip + packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const { pattern, strip } = this.#layout;
    const bytes = this.#bytes;
    const length = strip + end - start;
    if (!this.#isFrame(start, length)) {
      return NOT_A_PACKET;
    }
    if (length > limit - at) {
      return DOES_NOT_FIT;
    }
    bytes.fill(0, at, at + strip);
    for (let i = 0; i < pattern.length; i++) {
      const { offset, octets } = pattern[i]!;
      for (let k = 0; k < octets.length && offset + k < strip; k++) {
        bytes[at + offset + k] = octets[k]!;
      }
    }
    bytes.copyWithin(at + strip, start, end);
    return at + length;
  }

  #isFrame(start: number, length: number): boolean {
    const { pattern, identifier, lengths, strip } = this.#layout;
    const bytes = this.#bytes;
    let kind: number | undefined = 0;
    if (identifier !== undefined) {
      const { offset, size } = identifier;
      if (length < offset + size) {
        return false;
      }
      const id = readUnsigned(bytes, start + offset - strip, size, identifier.littleEndian);
      kind = identifier.kinds.get((id & identifier.mask) >>> 0);
    }
    if (kind === undefined || lengths[kind] !== length) {
      return false;
    }
    for (let i = 0; i < pattern.length; i++) {
      const { offset, octets } = pattern[i]!;
      for (let k = 0; k < octets.length; k++) {
        if (offset + k >= strip && bytes[start + offset + k - strip] !== octets[k]) {
          return false;
        }
      }
    }
    return true;
  }
}

/** `0:fdaa/152:ccdd`: octets, each run behind its offset. */
function patternOf(text: string | undefined): ConstantOctets[] | undefined {
  return text?.split("/").map((part) => {
    const [offset, run, ...rest] = part.split(":");
    if (run === undefined || rest.length > 0) {
      throw new TypeError(`pattern must be OFFSET:OCTETS, more behind slashes, as in 0:fdaa/152:ccdd, not "${part}"`);
    }
    return {
      offset: wholeNumber("pattern: offset", offset) as number,
      octets: octets("pattern", run) as number[],
    };
  });
}

/** `0x0801:64/0x0802:128`: lengths by identifier. */
function lengthsOf(text: string): [number, number][] {
  return text.split("/").map((part) => {
    const [id, length, ...rest] = part.split(":");
    if (length === undefined || rest.length > 0) {
      throw new TypeError(
        `ids must be IDENTIFIER:LENGTH, more behind slashes, as in 0x0801:64/0x0802:128, not "${part}"`,
      );
    }
    return [wholeNumber("ids: identifier", id) as number, wholeNumber("ids: length", length) as number];
  });
}

export const fixedEntry: FramingEntry = Object.freeze({
  name: "fixed",
  summary: "frames of a known length",
  options: Object.freeze({
    length: `length of every frame in bytes, 1 to ${MAX_PACKET_LENGTH}`,
    ids: "in place of length: identifiers and the length for each, as in 0x0801:64/0x0802:128",
    "id-offset": "bytes in front of the identifier, default 0",
    "id-size": "octets of the identifier, 1 to 4, default 2",
    "id-mask": "bits of the identifier that count, default all",
    endian: "of the identifier: big (default) or little",
    pattern: "octets that every frame has, behind their offset, as in 0:fdaa/152:ccdd; others are damage",
    strip: "bytes at the frame's beginning that are not delivered, default 0",
    "max-packet": `longest packet that a length may give, 1 to ${MAX_PACKET_LENGTH} bytes`,
  }),
  terms: Object.freeze({
    "identifier.lengths": "ids",
    "identifier.offset": "id-offset",
    "identifier.size": "id-size",
    "identifier.mask": "id-mask",
    "identifier.endianness": "endian",
  }),
  example: "length=7",
  make: (options: TextOptions, common: CommonOptions) => {
    const length = wholeNumber("length", options["length"]);
    const ids = options["ids"];
    if ((options["length"] === undefined) === (ids === undefined)) {
      throw new TypeError("fixed: give either length or ids");
    }
    const mask = wholeNumber("id-mask", options["id-mask"]);
    const endianness = oneOf("endian", options["endian"], ENDIANNESSES);
    const pattern = patternOf(options["pattern"]);
    const strip = wholeNumber("strip", options["strip"]);
    const offset = wholeNumber("id-offset", options["id-offset"]);
    const size = wholeNumber("id-size", options["id-size"]);
    if (ids === undefined && (mask ?? endianness ?? offset ?? size) !== undefined) {
      throw new TypeError("fixed: id-offset, id-size, id-mask and endian need ids");
    }
    return fixed({
      maxPacketLength: uncheckedNumber(options["max-packet"]) ?? common.maxPacketLength,
      ...(length === undefined ? {} : { length }),
      ...(pattern === undefined ? {} : { pattern }),
      ...(strip === undefined ? {} : { strip }),
      ...(ids === undefined
        ? {}
        : {
            identifier: {
              offset: offset ?? 0,
              size: size ?? 2,
              lengths: lengthsOf(ids),
              ...(mask === undefined ? {} : { mask }),
              ...(endianness === undefined ? {} : { endianness }),
            },
          }),
    });
  },
});
