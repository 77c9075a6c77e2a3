/**
 * Frames that say their length near their beginning: a count of 1 to 4 octets, at any offset, in either endianness.
 *
 * One framing for what goes by many names: the Int8, Int16 and Int32 receivers of Twisted, Yamcs's
 * GenericPacketInputStream, COSMOS's Length protocol. The length of the whole frame is count * `bytesPerCount` +
 * `adjustment`; the packet is the frame without its first `strip` bytes.
 *
 * There is no delimiter: a wrong length is known only when it is out of its range, when no sync pattern stands behind
 * the frame, or by a checksum. Give a pattern or a checksum on a port that matters.
 */

import { type Endianness, isLittleEndian } from "../../checks/endianness.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { agrees, checkOctets, octetOf, readUnsigned } from "../engines/octets.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamBy } from "../engines/stream-framing.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { integer, octets, wholeNumber, word } from "../options/text-options.js";

/** No sync pattern stands where a frame should begin. */
export const NO_SYNC_PATTERN = 0;
/** The count asks for less than the count itself takes, or than `minPacketLength`. */
export const PACKET_TOO_SHORT = 1;
/** The count asks for more than `maxPacketLength`. */
export const PACKET_TOO_LONG = 2;
/** Bytes that a checksum behind the packet has at most. */
const LONGEST_TRAILER = 4;
const REASONS = Object.freeze(["noSyncPattern", "packetTooShort", "packetTooLong"]);

export interface LengthPrefixedOptions {
  /**
   * Longest packet accepted, in bytes, what is stripped not counted: 1 to 65,542, or to as much as the count can say.
   * Default 1024, or that.
   */
  maxPacketLength?: number;
  /** Shortest packet accepted, in bytes. Default 1: a run of zeros is no run of empty packets. */
  minPacketLength?: number;
  /** Bytes in front of the count: 0 to 255. Default 0. */
  lengthOffset?: number;
  /** Octets of the count: 1 to 4. Default 2. */
  lengthSize?: number;
  /** Order of the count's octets. Default `big`. */
  endianness?: Endianness;
  /** Bytes that one unit of the count stands for: 1 to 65,536. Default 1. */
  bytesPerCount?: number;
  /**
   * Added to the count to get the length of the whole frame, in bytes: -65,542 to 65,542. Default: the count is that of
   * the bytes behind it.
   */
  adjustment?: number;
  /** Bytes at the frame's beginning that are not delivered: 0 to 255. Default: everything up to the end of the count. */
  strip?: number;
  /** Octets that every frame begins with, in front of the count; `lengthOffset` counts them. Default none. */
  syncPattern?: ArrayLike<number>;
  validator?: PacketValidator;
}

/** The options, checked, with their defaults. */
interface Layout {
  readonly lengthOffset: number;
  readonly lengthSize: number;
  /** Behind the count. */
  readonly lengthEnd: number;
  readonly littleEndian: boolean;
  readonly bytesPerCount: number;
  readonly adjustment: number;
  readonly strip: number;
  readonly syncPattern: readonly number[];
  readonly minFrameLength: number;
  readonly maxFrameLength: number;
}

const OPTIONS = optionTable<LengthPrefixedOptions>(
  [
    { ...MAX_PACKET, help: `${MAX_PACKET.help}, or as much as the count can say` },
    {
      key: "min-packet",
      property: "minPacketLength",
      read: wholeNumber,
      help: "shortest packet accepted, default 1; 0: empty packets too",
    },
    { key: "offset", property: "lengthOffset", read: wholeNumber, help: "bytes in front of the count, default 0" },
    { key: "size", property: "lengthSize", read: wholeNumber, help: "octets of the count, 1 to 4, default 2" },
    { key: "endian", property: "endianness", read: word, help: "big (default) or little" },
    {
      key: "unit",
      property: "bytesPerCount",
      read: wholeNumber,
      help: "bytes that one unit of the count stands for, default 1",
    },
    {
      key: "adjust",
      property: "adjustment",
      read: integer,
      help: "added to the count to get the whole frame's length; default: the count is that of the bytes behind it",
    },
    {
      key: "strip",
      property: "strip",
      read: wholeNumber,
      help: "bytes at the frame's beginning that are not delivered; default: up to the end of the count",
    },
    {
      key: "sync",
      property: "syncPattern",
      read: octets,
      help: "octets that every frame begins with, as in 1acffc1d; offset counts them",
    },
  ],
  ["validator"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or a layout that no count fits
 */
export function lengthPrefixed(options: LengthPrefixedOptions = {}): Framing {
  return make(options, FramingContext.inCode("length-prefixed", OPTIONS, options));
}

function make(options: LengthPrefixedOptions, context: FramingContext): Framing {
  const lengthOffset = context.range("lengthOffset", " (bytes)", options.lengthOffset ?? 0, 0, 255);
  const lengthSize = context.range("lengthSize", " (octets)", options.lengthSize ?? 2, 1, 4);
  const lengthEnd = lengthOffset + lengthSize;
  const bytesPerCount = context.range("bytesPerCount", " (bytes)", options.bytesPerCount ?? 1, 1, 65536);
  const adjustment = context.range(
    "adjustment",
    " (bytes)",
    options.adjustment ?? lengthEnd,
    -MAX_PACKET_LENGTH,
    MAX_PACKET_LENGTH,
  );
  const strip = context.range("strip", " (bytes)", options.strip ?? lengthEnd, 0, 255);
  const counted = `${context.term("lengthSize")} ${lengthSize}, ${context.term("bytesPerCount")} ${bytesPerCount}`;
  const adjusted = `${context.term("adjustment")} ${adjustment}`;
  // A count that stands in the packet does not count what a layer above puts behind that.
  const longest = (uncounted: number) =>
    Math.min(
      (256 ** lengthSize - 1) * bytesPerCount + adjustment + (strip < lengthEnd ? uncounted : 0) - strip,
      MAX_PACKET_LENGTH,
    );
  const most = longest(context.trailerLength);
  if (most < 1) {
    throw new RangeError(
      `${context.begin}no count gives a frame that is longer than what is stripped, with ${counted}, ${adjusted} and ` +
        `${context.term("strip")} ${strip}`,
    );
  }
  const { usual } = context;
  const maxPacketLength = context.maxPacketLength(
    options.maxPacketLength ?? Math.min(usual, most),
    1,
    most,
    most < MAX_PACKET_LENGTH ? ", as the count can say" : "",
  );
  const minPacketLength = context.rangeWithin(
    context.label("minPacketLength", ` (bytes, up to ${context.term("maxPacketLength")})`),
    options.minPacketLength ?? 1,
    0,
    maxPacketLength,
  );
  const layout: Layout = {
    lengthOffset,
    lengthSize,
    lengthEnd,
    littleEndian: isLittleEndian(context.label("endianness"), options.endianness),
    bytesPerCount,
    adjustment,
    strip,
    syncPattern: checkOctets(
      context.label("syncPattern", `, which ${context.term("lengthOffset")} counts,`),
      options.syncPattern ?? [],
      0,
      lengthOffset,
    ),
    minFrameLength: Math.max(lengthEnd, strip + minPacketLength),
    // Where nothing is said, as much as the count says with a checksum behind, if one is put there.
    maxFrameLength:
      strip + (options.maxPacketLength ?? Math.max(maxPacketLength, Math.min(usual, longest(LONGEST_TRAILER)))),
  };
  if (!someCountFits(layout)) {
    throw new RangeError(
      `${context.begin}no count gives a frame of ${layout.minFrameLength} to ${layout.maxFrameLength} bytes ` +
        `(${strip} stripped) with ${counted} and ${adjusted}`,
    );
  }
  return streamBy({
    name: "length-prefixed",
    maxPacketLength,
    maxPacketLengthWith: (length) => Math.min(layout.maxFrameLength - strip, longest(length)),
    validator: options.validator,
    format: (trailerLength) => new LengthPrefixedFormat(addTrailer(layout, trailerLength)),
    encoder: (memory, trailerLength = 0) => new LengthPrefixedEncoder(memory, addTrailer(layout, trailerLength)),
  });
}

function someCountFits(layout: Layout): boolean {
  const { bytesPerCount, adjustment, minFrameLength, maxFrameLength } = layout;
  const least = Math.max(0, Math.ceil((minFrameLength - adjustment) / bytesPerCount));
  return least < 256 ** layout.lengthSize && least * bytesPerCount + adjustment <= maxFrameLength;
}

/** A count that stands in the packet does not count what a layer above puts behind it. */
function addTrailer(layout: Layout, trailerLength: number): Layout {
  const { strip, lengthEnd, adjustment, minFrameLength } = layout;
  return strip < lengthEnd
    ? { ...layout, adjustment: adjustment + trailerLength, minFrameLength: minFrameLength + trailerLength }
    : layout;
}

class LengthPrefixedFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  readonly leading: number;
  readonly trailing = 0;
  readonly kind = 0;
  readonly isTelling: boolean;
  readonly tooShort = PACKET_TOO_SHORT;
  announced = 0;
  #layout: Layout;

  constructor(layout: Layout) {
    this.maxWanted = layout.maxFrameLength;
    this.leading = layout.strip;
    this.isTelling = layout.syncPattern.length > 0;
    this.#layout = layout;
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    const layout = this.#layout;
    if (!agrees(bytes, at, available, layout.syncPattern)) {
      return -1 - NO_SYNC_PATTERN;
    }
    if (available < layout.lengthEnd) {
      return layout.lengthEnd;
    }
    const count = readUnsigned(bytes, at + layout.lengthOffset, layout.lengthSize, layout.littleEndian);
    const length = count * layout.bytesPerCount + layout.adjustment;
    if (length < layout.minFrameLength) {
      if (length >= layout.lengthEnd) {
        if (available < length) {
          return length;
        }
        this.announced = length;
      }
      return -1 - PACKET_TOO_SHORT;
    }
    if (length > layout.maxFrameLength) {
      this.announced = length;
      return -1 - PACKET_TOO_LONG;
    }
    return length;
  }
}

/**
 * Writes what is stripped: the sync pattern, the count, and zeros for what else there may be. What is not stripped stands
 * in the packet, and must be right there.
 */
class LengthPrefixedEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #layout: Layout;

  constructor(memory: FixedMemory, layout: Layout) {
    this.#bytes = memory.bytes;
    this.#layout = layout;
  }

  maxFrameLength(packetLength: number): number {
    return this.#layout.strip + packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const layout = this.#layout;
    const bytes = this.#bytes;
    const { strip, lengthEnd } = layout;
    const length = strip + end - start;
    const count = (length - layout.adjustment) / layout.bytesPerCount;
    if (length < layout.minFrameLength || count < 0 || count >= 256 ** layout.lengthSize || !Number.isInteger(count)) {
      return NOT_A_PACKET;
    }
    for (let i = strip; i < lengthEnd; i++) {
      const octet = this.#octet(i, count);
      if (octet >= 0 && octet !== bytes[start + i - strip]) {
        return NOT_A_PACKET;
      }
    }
    if (length > limit - at) {
      return DOES_NOT_FIT;
    }
    for (let i = 0; i < strip; i++) {
      const octet = this.#octet(i, count);
      bytes[at + i] = octet < 0 ? 0 : octet;
    }
    bytes.copyWithin(at + strip, start, end);
    return at + length;
  }

  /** What stands at this offset of the frame; -1: anything. */
  #octet(offset: number, count: number): number {
    const { lengthOffset, lengthSize, lengthEnd, littleEndian, syncPattern } = this.#layout;
    if (offset < syncPattern.length) {
      return syncPattern[offset]!;
    }
    return offset < lengthOffset || offset >= lengthEnd
      ? -1
      : octetOf(count, offset - lengthOffset, lengthSize, littleEndian);
  }
}

export const lengthPrefixedEntry: FramingEntry = Object.freeze({
  name: "length-prefixed",
  summary: "a count of bytes in front of each packet",
  options: OPTIONS,
  make,
});
