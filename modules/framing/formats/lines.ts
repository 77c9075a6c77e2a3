/**
 * Lines: packets ended by a terminator of up to 8 bytes, carriage return and line feed by default.
 *
 * For text, and for whatever never contains its terminator: nothing is escaped. A packet that contains it, or
 * forms one together with the one behind it, is refused rather than sent.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { DelimitedFormat } from "../engines/delimited-decoder.js";
import { delimitedBy } from "../engines/delimited-framing.js";
import { type FindByte, findByte } from "../engines/find-byte.js";
import { agrees, checkOctets, writeOctets } from "../engines/octets.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { octets, onOrOff, word } from "../options/text-options.js";

const MAX_TERMINATOR_LENGTH = 8;
/** Carriage return, line feed. */
export const CRLF: readonly number[] = Object.freeze([0x0d, 0x0a]);
const NO_REASONS: readonly string[] = Object.freeze([]);

export interface LinesOptions {
  /** Longest packet accepted, in bytes, its terminator included where it is kept: 1 to 65,542. Default 1024. */
  maxPacketLength?: number;
  /** What ends a line: 1 to 8 bytes. Default CR LF. */
  terminator?: ArrayLike<number>;
  /**
   * True: the terminator is part of the packet; a packet to be sent must end with it. False, the default: it is removed,
   * and added.
   */
  keepTerminator?: boolean;
  /** Lines with nothing in them: `idle` passes over them, `packet` delivers them. Default `idle`. */
  emptyLines?: "idle" | "packet";
  /** Search to use; the board may have a native one. */
  findByte?: FindByte;
}

/** Terminators by name. */
const TERMINATORS: Readonly<Record<string, readonly number[]>> = Object.freeze({
  crlf: CRLF,
  lf: Object.freeze([0x0a]),
  cr: Object.freeze([0x0d]),
  nul: Object.freeze([0x00]),
});
const EMPTY_LINES: readonly NonNullable<LinesOptions["emptyLines"]>[] = Object.freeze(["idle", "packet"] as const);

/** @param text a name, or the bytes in hexadecimal */
function parseTerminator(label: string, text: string): readonly number[] {
  const known = Object.hasOwn(TERMINATORS, text) ? TERMINATORS[text] : undefined;
  return known ?? octets(`${label}: what is none of ${Object.keys(TERMINATORS).join(", ")}`, text);
}

const OPTIONS = optionTable<LinesOptions>(
  [
    MAX_PACKET,
    {
      key: "terminator",
      property: "terminator",
      read: parseTerminator,
      help: "crlf (default), lf, cr, nul, or up to 8 bytes as hexadecimal digits",
    },
    {
      key: "keep",
      property: "keepTerminator",
      read: onOrOff,
      help: "off (default) or on: the terminator is part of the packet",
    },
    {
      key: "empty",
      property: "emptyLines",
      read: word,
      help: "idle (default) or packet: what a line with nothing in it is",
    },
  ],
  ["findByte"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function lines(options: LinesOptions = {}): Framing {
  return make(options, FramingContext.inCode("lines", OPTIONS, options));
}

function make(options: LinesOptions, context: FramingContext): Framing {
  const { keepTerminator = false } = options;
  const find = options.findByte ?? context.findByte ?? findByte;
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  const terminator = checkOctets(context.label("terminator"), options.terminator ?? CRLF, 1, MAX_TERMINATOR_LENGTH);
  const empty = context.choice("emptyLines", options.emptyLines ?? "idle", EMPTY_LINES) === "packet";
  const { length } = terminator;
  if (keepTerminator && maxPacketLength <= length) {
    throw new RangeError(
      `${context.label("maxPacketLength")} (bytes) must be more than the terminator's ${length}, not ${maxPacketLength}${context.because}`,
    );
  }
  const format: DelimitedFormat = {
    reasons: NO_REASONS,
    delimiter: terminator,
    emptyFrames: empty,
    maxFrameLength: keepTerminator ? maxPacketLength - length : maxPacketLength,
    maxPacketLength,
    leading: 0,
    unwrap: keepTerminator ? restoreTerminator(terminator) : noUnwrapping,
  };
  return delimitedBy({
    name: "lines",
    maxPacketLength,
    noTrailer: keepTerminator ? `${context.term("keepTerminator")} makes the terminator its end` : undefined,
    decoderMemory: format.maxFrameLength + (keepTerminator ? length : length - 1),
    findByte: find,
    format(_memory, trailerLength) {
      checkRoom(keepTerminator, trailerLength);
      return format;
    },
    encoder(memory, trailerLength = 0) {
      checkRoom(keepTerminator, trailerLength);
      return new LineEncoder(memory, terminator, keepTerminator, empty, find);
    },
  });
}

/** A packet cannot end with its terminator and with a checksum, too. */
function checkRoom(keepTerminator: boolean, trailerLength: number): void {
  if (keepTerminator && trailerLength > 0) {
    throw new TypeError("lines: keepTerminator leaves no room for a checksum behind the packet");
  }
}

function noUnwrapping(_bytes: Uint8Array, _start: number, end: number): number {
  return end;
}

/** The terminator stands behind the line already, but for its last byte where the line was gathered. */
function restoreTerminator(terminator: readonly number[]): DelimitedFormat["unwrap"] {
  const last = terminator.length - 1;
  return (bytes, _start, end) => {
    bytes[end + last] = terminator[last]!;
    return end + last + 1;
  };
}

class LineEncoder implements FrameEncoder {
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #terminator: readonly number[];
  #keep: boolean;
  #empty: boolean;
  #find: FindByte;

  constructor(memory: FixedMemory, terminator: readonly number[], keep: boolean, empty: boolean, find: FindByte) {
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#terminator = terminator;
    this.#keep = keep;
    this.#empty = empty;
    this.#find = find;
  }

  maxFrameLength(packetLength: number): number {
    return this.#keep ? packetLength : packetLength + this.#terminator.length;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const terminator = this.#terminator;
    const { length } = terminator;
    const textLength = this.#keep ? end - start - length : end - start;
    if (textLength < 0 || (textLength === 0 && !this.#empty)) {
      return NOT_A_PACKET;
    }
    if (this.#keep && !agrees(bytes, end - length, length, terminator)) {
      return NOT_A_PACKET;
    }
    const frameEnd = at + textLength + length;
    if (frameEnd > limit) {
      return DOES_NOT_FIT;
    }
    bytes.copyWithin(at, start, end);
    writeOctets(bytes, frameEnd - length, terminator);
    return this.#firstLineEnd(at) === frameEnd ? frameEnd : NOT_A_PACKET;
  }

  /** As a receiver finds it. */
  #firstLineEnd(at: number): number {
    const bytes = this.#bytes;
    const terminator = this.#terminator;
    const { length } = terminator;
    const last = terminator[length - 1]!;
    let stop = this.#find(this.#memory, at + length - 1, last);
    while (length > 1 && !agrees(bytes, stop - length + 1, length, terminator)) {
      stop = this.#find(this.#memory, stop + 1, last);
    }
    return stop + 1;
  }
}

export const linesEntry: FramingEntry = Object.freeze({
  name: "lines",
  summary: "lines, ended by CR LF or another terminator",
  options: OPTIONS,
  make,
});
