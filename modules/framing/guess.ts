/**
 * What a stream looks like, judged by its first bytes: for the hint that a client speaks another framing than the port.
 *
 * Each framing that shows in its bytes collects evidence, counted in bits: what random bytes would match with a
 * probability of 2^-n gives n. Too little evidence gives no answer, rather than a wrong one. Framings that are what they
 * are configured to be (`fixed`, `marker`), or nothing at all (`raw`), cannot be told.
 *
 * Allocates: it is asked once for a connection, when that is in trouble, and not per packet.
 */
import { hasValidCrc16 } from "../ccsds/crc16.js";
import { apid, MIN_SPACE_PACKET_LENGTH, PRIMARY_HEADER_LENGTH, packetLength } from "../ccsds/primary-header.js";
import { unstuff } from "./cobs.js";

/** Random bytes pass for a framing once in two million times. */
const ENOUGH_BITS = 21;
/** Most bytes that are looked at, and a good number to keep. */
export const GUESS_LENGTH = 64;
/** A length beyond is taken for none. */
const MAX_LENGTH = 1024;
/** So many bits a number of 16 bits shows by being at most `MAX_LENGTH`. */
const SMALL_NUMBER_BITS = 6;

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;
const ZERO = 0x30;
const COLON = 0x3a;
const COMMA = 0x2c;
const SYNC_MARKER = Object.freeze([0x1a, 0xcf, 0xfc, 0x1d]);
const USLP_VERSION = 0x0c;
const USLP_HEADER_LENGTH = 7;

/** The framings that can be told, by their names in the registry, with the bits that speak for each. */
const GUESSES: Readonly<Record<string, (bytes: Uint8Array) => number>> = Object.freeze({
  "space-packets": spacePacketsBits,
  cobs: cobsBits,
  slip: slipBits,
  "length-prefixed": lengthPrefixedBits,
  netstring: netstringBits,
  sync: (bytes) => (SYNC_MARKER.every((octet, i) => bytes[i] === octet) ? 32 : 0),
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

/** Evidence that `bytes[start, end)` is exactly one space packet. */
function spacePacketBits(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= PRIMARY_HEADER_LENGTH || bytes[start]! >> 5 !== 0 || packetLength(bytes, start) !== end - start) {
    return 0;
  }
  const unsegmented = bytes[start + 2]! >> 6 === 3 ? 2 : 0;
  return 19 + unsegmented + (end - start > PRIMARY_HEADER_LENGTH + 2 && hasValidCrc16(bytes, start, end) ? 16 : 0);
}

function spacePacketsBits(bytes: Uint8Array): number {
  let bits = 0;
  let first = -1;
  let at = 0;
  while (at + PRIMARY_HEADER_LENGTH <= bytes.length) {
    const length = packetLength(bytes, at);
    if (bytes[at]! >> 5 !== 0 || length > MAX_LENGTH) {
      return 0;
    }
    if (apid(bytes, at) === 0 && length === MIN_SPACE_PACKET_LENGTH && bytes[at + 2] === 0) {
      // Zeros are shortest packets one behind the other, and more often something else.
      return 0;
    }
    const end = at + length;
    bits += 3 + SMALL_NUMBER_BITS + (bytes[at + 2]! >> 6 === 3 ? 2 : 0);
    if (first < 0) {
      first = apid(bytes, at);
    } else if (apid(bytes, at) === first) {
      bits += 11;
    }
    if (end > bytes.length) {
      // The rest is still to come.
      return bits;
    }
    bits += hasValidCrc16(bytes, at, end) ? 16 : 0;
    at = end;
  }
  return at === bytes.length && isWhole(bytes) ? bits + 10 : bits;
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
  let bits = bytes[0] === END ? (bytes[1] === 0 ? 16 : 8) : 0;
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
    bits += Math.max(0, 8 * size - 10);
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
    while (digits < 5 && bytes[at + digits]! >= ZERO && bytes[at + digits]! < ZERO + 10) {
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

function uslpBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at + USLP_HEADER_LENGTH <= bytes.length) {
    const length = bytes[at + 4]! * 256 + bytes[at + 5]! + 1;
    // A truncated header, which the bit says, has no length.
    if (
      bytes[at]! >> 4 !== USLP_VERSION ||
      (bytes[at + 3]! & 1) !== 0 ||
      length <= USLP_HEADER_LENGTH ||
      length > 2 * MAX_LENGTH
    ) {
      return 0;
    }
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
  return 1.35 * bytes.length + 6 * lineEnds + ended;
}
