/**
 * Frames between markers: a header that begins each, a length that is known or that a field says, a trailer that ends
 * it. Several kinds of frame may share one stream; the sink is told which kind each packet came in.
 *
 * The payload may hold any bytes, the markers too: a frame ends where its length says, and the trailer only confirms it.
 * Several lengths may go with one header. Then the shorter kind is told when its trailer stands at its place and a header
 * follows, or no longer kind is possible any more; the longest kind when its trailer stands at its place. So where
 * nothing follows yet, a frame of a shorter kind waits for the next byte that decides, or for the partial-frame timeout.
 *
 * A header inside a payload misleads only a decoder that is searching, after damage or at the start in mid-frame.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import { MAX_PACKET_LENGTH } from "../contract/packet-limit.js";
import { agrees, octetOf, readUnsigned, writeOctets } from "../engines/octets.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamBy } from "../engines/stream-framing.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { wholeNumber, word } from "../options/text-options.js";
import { addTrailer, type CheckedKind, checkKinds, kindsOf, type MarkerKeep, type MarkerKind } from "./marker-kinds.js";

/** No header stands where a frame should begin. */
export const NO_HEADER = 0;
/** Behind a header, the trailer is not where it should be. */
export const NO_TRAILER = 1;
/** The length field asks for less than the markers and itself take. */
export const PACKET_TOO_SHORT = 2;
/** The length field asks for more than `maxPacketLength`. */
export const PACKET_TOO_LONG = 3;
const REASONS = Object.freeze(["noHeader", "noTrailer", "packetTooShort", "packetTooLong"]);

export interface MarkerOptions {
  /**
   * The kinds of frame, 1 to 64. The place in this list is the packet's kind. Kinds that begin alike must be of known
   * lengths, and a longer one must be longer by a whole header, or have a trailer that is no beginning of a header: else
   * what is the end of a frame and what begins the next one could look like a header behind a shorter frame.
   */
  kinds: readonly MarkerKind[];
  /**
   * What is delivered, and taken for sending: the `payload` without header, length field and trailer; the `body` between
   * header and trailer, a length field included; or the whole `frame`. Default `payload`.
   */
  keep?: MarkerKeep;
  /** The kind to send packets in, by its place in `kinds`. Default: the first kind that a packet is of the length for. */
  sendKind?: number;
  /** Longest packet accepted, in bytes: 1 to 65,542. Default 1024. No kind may have longer ones. */
  maxPacketLength?: number;
  validator?: PacketValidator;
}

const OPTIONS = optionTable<MarkerOptions>(
  [
    {
      key: "kinds",
      property: "kinds",
      read: kindsOf,
      help:
        "HEADER+LENGTH+TRAILER for each kind, as in fdaa+150+ccdd/fdcc+190+ccdd; LENGTH in bytes, or a length field: " +
        "u8, u16, u24 or u32, then le, @OFFSET, :COUNTS (payload, body or frame) and :ADDED where needed; TRAILER if any",
    },
    {
      key: "keep",
      property: "keep",
      read: word,
      help: "what is delivered: payload (default), body (with the length field) or frame",
    },
    {
      key: "send",
      property: "sendKind",
      read: wholeNumber,
      help: "the kind to send packets in, from 0; default: the first one for a packet's length",
    },
    MAX_PACKET,
  ],
  ["validator"],
  {
    "lengthField.offset": "offset of the length field",
    "lengthField.adjustment": "what is added to the length field",
  },
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist, or kinds that nothing tells
 *   apart
 */
export function marker(options: MarkerOptions): Framing {
  return make(options, FramingContext.inCode("marker", OPTIONS, options));
}

function make(options: MarkerOptions, context: FramingContext): Framing {
  const { keep, sendKind, validator } = options;
  if (options.kinds === undefined) {
    throw new TypeError(`${context.begin}give the kinds of frame, as in kinds=fdaa+150+ccdd/aa55+u16`);
  }
  const most = context.maxPacketLength(options.maxPacketLength);
  const kinds = checkKinds(context, options.kinds, keep, most);
  if (sendKind !== undefined) {
    context.range("sendKind", "", sendKind, 0, kinds.length - 1);
  }
  // What is received may not be longer than `maxPacketLength`; what is sent may.
  const sent = checkKinds(context, options.kinds, keep, MAX_PACKET_LENGTH);
  const longest = (trailerLength: number) => Math.max(...addTrailer(kinds, keep, trailerLength).map(longestPacket));
  return streamBy({
    name: "marker",
    maxPacketLength: longest(0),
    maxPacketLengthWith: longest,
    noTrailer: keep === "frame" ? "keep frame makes it the whole frame" : undefined,
    validator,
    format: (trailerLength) => new MarkerFormat(addTrailer(kinds, keep, trailerLength)),
    encoder: (memory, trailerLength = 0) => new MarkerEncoder(memory, addTrailer(sent, keep, trailerLength), sendKind),
  });
}

/** As much as a kind allows, and as its length field can say. */
function longestPacket({ field, maxFrameLength, leading, trailing }: CheckedKind): number {
  const said = field === undefined ? maxFrameLength : 256 ** field.size - 1 + field.adjustment;
  return Math.min(maxFrameLength, said) - leading - trailing;
}

/** The longest frame, and what must be seen behind a frame to tell it from longer ones. */
function maxWanted(kinds: readonly CheckedKind[]): number {
  const longestHeader = Math.max(...kinds.map((kind) => kind.header.length));
  return Math.max(...kinds.map((kind) => kind.maxFrameLength + (kind.hasRival ? longestHeader : 0)));
}

/** `#judge`: more bytes must come. */
const OPEN = 0;

const NOT_FOLLOWED = 0;
const FOLLOWED = 1;
/** So far, what follows may be a header. */
const UNDECIDED = 2;

class MarkerFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  leading = 0;
  trailing = 0;
  kind = 0;
  announced = 0;
  /** The shortest first. */
  #kinds: readonly CheckedKind[];
  /** Where `#judge` says `OPEN`: bytes that such a frame has at least, and bytes after which it may turn out to be none. */
  #needed = 0;
  #telling = 0;

  constructor(kinds: readonly CheckedKind[]) {
    this.#kinds = kinds;
    this.maxWanted = maxWanted(kinds);
  }

  wanted(bytes: Uint8Array, at: number, available: number, final: boolean): number {
    const kinds = this.#kinds;
    let reason = NO_HEADER;
    let chosen: CheckedKind | undefined;
    let chosenLength = 0;
    let follows: number = NOT_FOLLOWED;
    // Bytes that are needed to go on; 0: no kind is open. Open kinds are longer than complete ones, so they come last.
    let needed = 0;
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i]!;
      const length = this.#judge(kind, bytes, at, available);
      if (length < 0) {
        if (length !== -1 - NO_HEADER) {
          reason = -1 - length;
        }
        continue;
      }
      if (follows === UNDECIDED) {
        // The frame chosen may end here, or be a longer one that goes on.
        if (!final) {
          return available + 1;
        }
        if (length === OPEN) {
          break;
        }
      }
      if (length === OPEN) {
        const open = chosen === undefined ? this.#needed : this.#telling;
        needed = needed === 0 || open < needed ? open : needed;
        continue;
      }
      chosen = kind;
      chosenLength = length;
      follows = kind.hasRival ? this.#follows(bytes, at + length, available - length) : FOLLOWED;
      if (follows === FOLLOWED) {
        break;
      }
    }
    if (needed > 0) {
      return needed;
    }
    if (chosen === undefined) {
      return -1 - reason;
    }
    this.leading = chosen.leading;
    this.trailing = chosen.trailing;
    this.kind = chosen.number;
    return chosenLength;
  }

  /** @returns the frame's length when it is complete, `OPEN`, or `-1 - reason`: no frame of this kind begins there */
  #judge(kind: CheckedKind, bytes: Uint8Array, at: number, available: number): number {
    const { header, trailer, field } = kind;
    if (!agrees(bytes, at, available, header)) {
      return -1 - NO_HEADER;
    }
    const headEnd = field === undefined ? header.length : field.end;
    if (available < headEnd) {
      this.#needed = headEnd;
      this.#telling = available + 1;
      return OPEN;
    }
    let length = kind.maxFrameLength;
    if (field !== undefined) {
      length = readUnsigned(bytes, at + field.offset, field.size, field.littleEndian) + field.adjustment;
      if (length < kind.minFrameLength) {
        return -1 - PACKET_TOO_SHORT;
      }
      if (length > kind.maxFrameLength) {
        this.announced = length;
        return -1 - PACKET_TOO_LONG;
      }
    }
    const trailerAt = length - trailer.length;
    if (!agrees(bytes, at + trailerAt, available - trailerAt, trailer)) {
      this.announced = length;
      return -1 - NO_TRAILER;
    }
    if (available < length) {
      this.#needed = length;
      this.#telling = available < trailerAt ? Math.min(trailerAt + 1, length) : available + 1;
      return OPEN;
    }
    return length;
  }

  /** Whether a header of any kind begins at `at`. */
  #follows(bytes: Uint8Array, at: number, available: number): number {
    const kinds = this.#kinds;
    let result: number = NOT_FOLLOWED;
    for (let i = 0; i < kinds.length; i++) {
      const { header } = kinds[i]!;
      if (agrees(bytes, at, available, header)) {
        if (available >= header.length) {
          return FOLLOWED;
        }
        result = UNDECIDED;
      }
    }
    return result;
  }
}

/** Frames a packet in the first kind that takes its length, and looks at the result as a decoder would. */
class MarkerEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #kinds: readonly CheckedKind[];
  #format: MarkerFormat;

  /** @param sendKind the only kind to send; undefined: any */
  constructor(memory: FixedMemory, kinds: readonly CheckedKind[], sendKind: number | undefined) {
    this.#bytes = memory.bytes;
    this.#kinds = kinds
      .filter((kind) => sendKind === undefined || kind.number === sendKind)
      .sort((one, other) => one.number - other.number);
    this.#format = new MarkerFormat(kinds);
  }

  maxFrameLength(packetLength: number): number {
    const kinds = this.#kinds;
    let overhead = 0;
    for (let i = 0; i < kinds.length; i++) {
      overhead = Math.max(overhead, kinds[i]!.leading + kinds[i]!.trailing);
    }
    return packetLength + overhead;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const kinds = this.#kinds;
    const format = this.#format;
    const packetLength = end - start;
    let from = start;
    let result = NOT_A_PACKET;
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i]!;
      const length = kind.leading + packetLength + kind.trailing;
      if (length < kind.minFrameLength || length > kind.maxFrameLength) {
        continue;
      }
      if (length > limit - at) {
        result = DOES_NOT_FIT;
        continue;
      }
      this.#write(kind, from, from + packetLength, at, length);
      // A payload that shows a trailer and a header where a shorter kind ends would be taken for that kind.
      if (format.wanted(this.#bytes, at, length, true) === length && format.kind === kind.number) {
        return at + length;
      }
      // The packet stands in the frame now, and may stand nowhere else any more.
      from = at + kind.leading;
    }
    return result;
  }

  #write(kind: CheckedKind, start: number, end: number, at: number, length: number): void {
    const bytes = this.#bytes;
    const { header, trailer, field, leading } = kind;
    bytes.copyWithin(at + leading, start, end);
    if (leading > 0) {
      writeOctets(bytes, at, header);
    }
    if (field !== undefined && leading > field.offset) {
      const value = length - field.adjustment;
      for (let i = 0; i < field.size; i++) {
        bytes[at + field.offset + i] = octetOf(value, i, field.size, field.littleEndian);
      }
    }
    if (kind.trailing > 0) {
      writeOctets(bytes, at + length - kind.trailing, trailer);
    }
  }
}

export const markerEntry: FramingEntry = Object.freeze({
  name: "marker",
  summary: "frames between markers, of several kinds",
  options: OPTIONS,
  example: "kinds=aa55+u16",
  make,
});
