/**
 * What a stream looks like, judged by its first bytes: for the hint that a client speaks another framing than the port.
 *
 * Each framing that shows in its bytes collects evidence, counted in bits: what random bytes would match with a
 * probability of 2^-n gives n. The bytes of a stream are seldom random: what zeros would match, too, or the beginning of
 * another framing's frame, counts for less or for nothing. Too little evidence gives no answer, rather than a wrong one.
 * Framings that are what they are configured to be (`fixed`, `marker`), or nothing at all (`raw`), cannot be told.
 *
 * Allocates: it is asked once for a connection, when that is in trouble, and not per packet.
 */
import { hasValidCrc16 } from "../ccsds/crc16.js";
import {
  apid,
  PRIMARY_HEADER_LENGTH,
  packetId,
  packetLength,
  packetVersionNumber,
  SPACE_PACKET_VERSION,
  sequenceFlags,
  UNSEGMENTED,
} from "../ccsds/primary-header.js";
import {
  isTruncated,
  MIN_USLP_HEADER_LENGTH,
  transferFrameLength,
  transferFrameVersionNumber,
  USLP_VERSION,
} from "../ccsds/uslp.js";
import { unstuff } from "./cobs.js";
import { COLON, COMMA, NINE, ZERO } from "./netstring.js";
import { END, ESC, ESC_END, ESC_ESC } from "./slip.js";
import { ATTACHED_SYNC_MARKER } from "./sync.js";

/** Random bytes pass for a framing once in two million times. */
const ENOUGH_BITS = 21;
/** Most bytes that are looked at, and a good number to keep. */
export const GUESS_LENGTH = 64;
/** A length beyond is taken for none. */
const MAX_LENGTH = 1024;
/** So many bits a number of 16 bits shows by being at most `MAX_LENGTH`. */
const SMALL_NUMBER_BITS = 6;

/** The framings that can be told, by their names in the registry, with the bits that speak for each. */
const GUESSES: Readonly<Record<string, (bytes: Uint8Array) => number>> = Object.freeze({
  "space-packets": spacePacketsBits,
  cobs: cobsBits,
  slip: slipBits,
  "length-prefixed": lengthPrefixedBits,
  netstring: netstringBits,
  sync: (bytes) => (ATTACHED_SYNC_MARKER.every((octet, i) => bytes[i] === octet) ? 32 : 0),
  uslp: uslpBits,
});

/** Names of the framings that can be told. */
export const GUESSABLE: readonly string[] = Object.freeze([...Object.keys(GUESSES), "lines"]);

/** For people; those that are missing are called by their names. */
const TITLES: Readonly<Record<string, string>> = Object.freeze({
  "space-packets": "space packets",
  cobs: "COBS",
  slip: "SLIP",
  "length-prefixed": "length-prefixed packets",
  netstring: "netstrings",
  sync: "frames behind a sync marker",
  uslp: "USLP",
  lines: "lines of text",
});

/** @param name the registry's */
export function framingTitle(name: string): string {
  return TITLES[name] ?? name;
}

/**
 * @param all not changed; the stream's first bytes are `all[start, end)`, as they came
 * @returns the registry's name of the framing that they look like; undefined when they do not look like any enough
 */
export function guessFraming(all: Uint8Array, start: number, end: number): string | undefined {
  const bytes = all.slice(start, Math.min(end, start + GUESS_LENGTH));
  let best: string | undefined;
  let most = ENOUGH_BITS;
  for (const name of Object.keys(GUESSES)) {
    const bits = (GUESSES[name] as (bytes: Uint8Array) => number)(bytes);
    if (bits >= most) {
      best = name;
      most = bits + 1;
    }
  }
  // Text may be inside other framings, too.
  return best ?? (textBits(bytes) >= ENOUGH_BITS ? "lines" : undefined);
}

/** True: what is seen is all that came. */
function isWhole(bytes: Uint8Array): boolean {
  return bytes.length < GUESS_LENGTH;
}

function isVersion0(bytes: Uint8Array, at: number): boolean {
  return packetVersionNumber(bytes, at) === SPACE_PACKET_VERSION;
}

function isUnsegmented(bytes: Uint8Array, at: number): boolean {
  return sequenceFlags(bytes, at) === UNSEGMENTED;
}

/** Evidence that `bytes[start, end)` is exactly one space packet. */
function spacePacketBits(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= PRIMARY_HEADER_LENGTH || !isVersion0(bytes, start) || packetLength(bytes, start) !== end - start) {
    return 0;
  }
  const unsegmented = isUnsegmented(bytes, start) ? 2 : 0;
  return 19 + unsegmented + (end - start > PRIMARY_HEADER_LENGTH + 2 && hasValidCrc16(bytes, start, end) ? 16 : 0);
}

function spacePacketsBits(bytes: Uint8Array): number {
  let bits = 0;
  let first = -1;
  let at = 0;
  while (at + PRIMARY_HEADER_LENGTH <= bytes.length) {
    const length = packetLength(bytes, at);
    if (!isVersion0(bytes, at) || length > MAX_LENGTH) {
      return 0;
    }
    const end = at + length;
    // Zeros, with small numbers here and there, are short packets one behind the other, and more often something else. They
    // are seldom unsegmented ones with a packet ID, and most packets are.
    if (isUnsegmented(bytes, at) && packetId(bytes, at) !== 0) {
      bits += 3 + SMALL_NUMBER_BITS + 2;
      if (first < 0) {
        first = apid(bytes, at);
      } else if (apid(bytes, at) === first) {
        bits += 11;
      }
    }
    if (end > bytes.length) {
      // The rest is still to come.
      return bits;
    }
    bits += hasValidCrc16(bytes, at, end) ? 16 : 0;
    at = end;
  }
  return bits > 0 && at === bytes.length && isWhole(bytes) ? bits + 10 : bits;
}

function cobsBits(bytes: Uint8Array): number {
  let bits = bytes[0] === 0 ? 8 : 0;
  let frames = 0;
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== 0) {
      continue;
    }
    if (at > start) {
      const frame = bytes.slice(start, at);
      const end = unstuff(frame, 0, frame.length);
      if (end < 0) {
        return 0;
      }
      frames++;
      // Short ones come about in numbers with leading zeros, too.
      bits += frame.length > 4 ? 8 + spacePacketBits(frame, 1, end) : frame.length > 2 ? 4 : 0;
    }
    start = at + 1;
  }
  return frames > 0 ? bits : 0;
}

function slipBits(bytes: Uint8Array): number {
  const last = bytes.length - 1;
  // An END in front, with the type byte of KISS (data, port 0) behind it, and one at the end.
  let bits = bytes[0] !== END || beginsUslp(bytes, 0) ? 0 : bytes[1] === 0 ? 16 : 8;
  bits += last > 0 && bytes[last] === END && isWhole(bytes) ? 8 : 0;
  let packet: number[] = [];
  let longest = 0;
  for (let at = 0; at <= last; at++) {
    const byte = bytes[at]!;
    if (byte === ESC) {
      const code = bytes[++at];
      if (code !== undefined && code !== ESC_END && code !== ESC_ESC) {
        return 0;
      }
      bits += code === undefined ? 0 : 7;
      packet.push(code === ESC_END ? END : ESC);
    } else if (byte === END) {
      // Where one frame ends and the next begins; it could stand anywhere.
      bits += at > 1 && at < last && bytes[at - 1] === END ? 10 : 0;
      const found = spacePacketBits(Uint8Array.from(packet), 0, packet.length);
      bits += found === 0 ? 0 : found + 8;
      longest = Math.max(longest, packet.length);
      packet = [];
    } else {
      packet.push(byte);
    }
  }
  return longest > 1 ? bits : 0;
}

/** Bytes of the length, and whether the low one comes first. */
const PREFIXES: readonly (readonly [size: number, littleEndian: boolean])[] = Object.freeze([
  Object.freeze([1, false] as const),
  Object.freeze([2, false] as const),
  Object.freeze([2, true] as const),
  Object.freeze([4, false] as const),
  Object.freeze([4, true] as const),
]);

function lengthPrefixedBits(bytes: Uint8Array): number {
  return Math.max(...PREFIXES.map(([size, littleEndian]) => prefixBits(bytes, size, littleEndian)));
}

function prefixBits(bytes: Uint8Array, size: number, littleEndian: boolean): number {
  let bits = 0;
  let at = 0;
  while (at + size <= bytes.length) {
    let length = 0;
    for (let i = 0; i < size; i++) {
      length = length * 256 + bytes[littleEndian ? at + size - 1 - i : at + i]!;
    }
    if (length === 0 || length > MAX_LENGTH) {
      return 0;
    }
    // No more for four octets: zeros in front come in other places, too.
    bits += Math.min(8, Math.max(0, 8 * size - 10));
    const end = at + size + length;
    if (end > bytes.length) {
      return at === 0 ? 0 : bits;
    }
    bits += spacePacketBits(bytes, at + size, end);
    at = end;
  }
  return at === bytes.length && isWhole(bytes) ? bits + Math.min(10, 8 * size) : bits;
}

function netstringBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at < bytes.length) {
    let length = 0;
    let digits = 0;
    while (digits < 5 && bytes[at + digits]! >= ZERO && bytes[at + digits]! <= NINE) {
      length = length * 10 + bytes[at + digits]! - ZERO;
      digits++;
    }
    if (at + digits >= bytes.length) {
      return bits;
    }
    const end = at + digits + 1 + length;
    if (digits === 0 || bytes[at + digits] !== COLON || (end < bytes.length && bytes[end] !== COMMA)) {
      return 0;
    }
    bits += 4.5 * digits + 8;
    if (end >= bytes.length) {
      return bits;
    }
    bits += 8;
    at = end + 1;
  }
  return bits;
}

/** A primary header may stand there. Of low spacecraft IDs its first octet is an END, and of very low ones a zero follows. */
function beginsUslp(bytes: Uint8Array, at: number): boolean {
  const length = transferFrameLength(bytes, at);
  return (
    at + MIN_USLP_HEADER_LENGTH <= bytes.length &&
    transferFrameVersionNumber(bytes, at) === USLP_VERSION &&
    // A truncated header has no length.
    !isTruncated(bytes, at) &&
    length > MIN_USLP_HEADER_LENGTH &&
    length <= 2 * MAX_LENGTH
  );
}

function uslpBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at + MIN_USLP_HEADER_LENGTH <= bytes.length) {
    if (!beginsUslp(bytes, at)) {
      return 0;
    }
    const length = transferFrameLength(bytes, at);
    bits += 4 + 1 + SMALL_NUMBER_BITS - 1;
    at += length;
    if (at > bytes.length) {
      return at > length ? bits : 0;
    }
  }
  return at === bytes.length && isWhole(bytes) ? bits + 11 : bits;
}

/** Printable ASCII, tab and line ends: 98 of 256. */
function textBits(bytes: Uint8Array): number {
  let lineEnds = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === 0x0d || byte === 0x0a) {
      lineEnds++;
    } else if (byte !== 0x09 && (byte < 0x20 || byte > 0x7e)) {
      return 0;
    }
  }
  const last = bytes.at(-1);
  const ended = isWhole(bytes) && (last === 0x0d || last === 0x0a) ? 2 : 0;
  // Text without an end of line may be inside anything.
  return lineEnds === 0 ? 0 : 1.35 * bytes.length + 6 * lineEnds + ended;
}
