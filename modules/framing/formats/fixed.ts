/**
 * Frames of a known length: every so many bytes, or by an identifier that says which of several lengths it is.
 *
 * `pattern` holds the constant octets that a frame has at known places, like the paddings between the fields of one long
 * message. Without any, and without identifiers, nothing tells damage: one byte lost shifts every frame behind it,
 * until the stream pauses for the partial-frame timeout. Give a pattern or a checksum on a port that matters.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { agrees, readUnsigned } from "../engines/octets.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamBy } from "../engines/stream-framing.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { octets, wholeNumber, word } from "../options/text-options.js";
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

/** `0:fdaa/152:ccdd`: octets, each run behind its offset. */
function patternOf(label: string, text: string): ConstantOctets[] {
  return text.split("/").map((part) => {
    const [offset, run, ...rest] = part.split(":");
    if (run === undefined || rest.length > 0) {
      throw new TypeError(`${label} must be OFFSET:OCTETS, more behind slashes, as in 0:fdaa/152:ccdd, not "${part}"`);
    }
    return {
      offset: wholeNumber(`${label}: offset`, offset ?? ""),
      octets: octets(label, run),
    };
  });
}

/** `0x0801:64/0x0802:128`: lengths by identifier. */
function lengthsOf(label: string, text: string): [number, number][] {
  return text.split("/").map((part) => {
    const [id, length, ...rest] = part.split(":");
    if (length === undefined || rest.length > 0) {
      throw new TypeError(
        `${label} must be IDENTIFIER:LENGTH, more behind slashes, as in 0x0801:64/0x0802:128, not "${part}"`,
      );
    }
    return [wholeNumber(`${label}: identifier`, id ?? ""), wholeNumber(`${label}: length`, length)];
  });
}

/** The defaults of an identifier that is told as text. */
const USUAL_IDENTIFIER = Object.freeze({ offset: 0, size: 2 });

const OPTIONS = optionTable<FixedOptions>(
  [
    {
      key: "length",
      property: "length",
      read: wholeNumber,
      help: `length of every frame in bytes, 1 to ${MAX_PACKET_LENGTH}`,
    },
    {
      key: "ids",
      property: "identifier.lengths",
      read: lengthsOf,
      help: "in place of length: identifiers and the length for each, as in 0x0801:64/0x0802:128",
    },
    {
      key: "id-offset",
      property: "identifier.offset",
      read: wholeNumber,
      help: "bytes in front of the identifier, default 0",
    },
    {
      key: "id-size",
      property: "identifier.size",
      read: wholeNumber,
      help: "octets of the identifier, 1 to 4, default 2",
    },
    {
      key: "id-mask",
      property: "identifier.mask",
      read: wholeNumber,
      help: "bits of the identifier that count, default all",
    },
    {
      key: "endian",
      property: "identifier.endianness",
      read: word,
      help: "of the identifier: big (default) or little",
    },
    {
      key: "pattern",
      property: "pattern",
      read: patternOf,
      help: "octets that every frame has, behind their offset, as in 0:fdaa/152:ccdd; others are damage",
    },
    {
      key: "strip",
      property: "strip",
      read: wholeNumber,
      help: "bytes at the frame's beginning that are not delivered, default 0",
    },
    { ...MAX_PACKET, help: `longest packet that a length may give, 1 to ${MAX_PACKET_LENGTH} bytes` },
  ],
  ["identifier", "validator"],
  { identifier: "ids" },
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or options that do not go
 *   together
 */
export function fixed(options: FixedOptions): Framing {
  const { maxPacketLength = MAX_PACKET_LENGTH } = options;
  return make({ ...options, maxPacketLength }, FramingContext.inCode("fixed", OPTIONS, options));
}

function make(options: FixedOptions, context: FramingContext): Framing {
  const { length, identifier, validator } = options;
  checkOneOfBoth(options, context);
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  const strip = context.range("strip", " (bytes)", options.strip ?? 0, 0, 255);
  const lengths = identifier === undefined ? [length as number] : identifier.lengths.map(([, each]) => each);
  context.range("identifier.lengths", " (number of identifiers)", lengths.length, 1, 65536);
  const label = context.label("length", ` (bytes, strip and ${context.term("maxPacketLength")} allow)`);
  lengths.forEach((each) => {
    context.rangeWithin(label, each, strip + 1, strip + maxPacketLength);
  });
  const shortest = Math.min(...lengths);
  const pattern = checkPattern(context, options.pattern ?? [], shortest);
  return fixedFraming(
    {
      name: "fixed",
      reasons: REASONS,
      lengths: Object.freeze(lengths),
      maxFrameLength: Math.max(...lengths),
      pattern,
      strip,
      identifier: identifier && checkIdentifier(context, identifier, strip, shortest, pattern),
    },
    validator,
  );
}

/** @throws TypeError for a length and identifiers, or neither of them; or for what belongs to identifiers without them */
function checkOneOfBoth({ length, identifier }: FixedOptions, context: FramingContext): void {
  const hasLengths = identifier?.lengths !== undefined;
  if ((length === undefined) !== hasLengths) {
    throw new TypeError(`${context.begin}give either ${context.term("length")} or ${context.term("identifier")}`);
  }
  if (identifier !== undefined && !hasLengths) {
    const parts = ["offset", "size", "mask", "endianness"].map((part) => context.term(`identifier.${part}`));
    const [last] = parts.splice(-1);
    throw new TypeError(`${context.begin}${parts.join(", ")} and ${last} need ${context.term("identifier.lengths")}`);
  }
}

function makeOfText(options: FixedOptions, context: FramingContext): Framing {
  const { identifier } = options;
  return make(
    identifier === undefined ? options : { ...options, identifier: { ...USUAL_IDENTIFIER, ...identifier } },
    context,
  );
}

export function fixedFraming(layout: FixedLayout, validator: PacketValidator | undefined): Framing {
  return streamBy({
    name: layout.name,
    maxPacketLength: layout.maxFrameLength - layout.strip,
    validator,
    format: () => new FixedFormat(layout),
    encoder: (memory) => new FixedEncoder(memory, layout),
  });
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

export const fixedEntry: FramingEntry = Object.freeze({
  name: "fixed",
  summary: "frames of a known length",
  options: OPTIONS,
  example: "length=7",
  make: makeOfText,
});
