/**
 * What speaks for a framing in the first bytes of a stream, counted in bits: see `guess.ts`. Allocates.
 */
import { hasValidCrc16 } from "../../ccsds/crc16.js";
import {
  apid,
  PRIMARY_HEADER_LENGTH,
  packetId,
  packetLength,
  packetVersionNumber,
  SPACE_PACKET_VERSION,
  sequenceFlags,
  UNSEGMENTED,
} from "../../ccsds/primary-header.js";
import {
  isTruncated,
  MIN_USLP_HEADER_LENGTH,
  transferFrameLength,
  transferFrameVersionNumber,
  USLP_VERSION,
} from "../../ccsds/uslp.js";
import { unstuff } from "../formats/cobs.js";
import { COLON, COMMA, NINE, ZERO } from "../formats/netstring.js";
import { END, ESC, ESC_END, ESC_ESC } from "../formats/slip.js";
import { ATTACHED_SYNC_MARKER } from "../formats/sync.js";

/** Most bytes that are looked at, and a good number to keep. */
export const GUESS_LENGTH = 64;
/** A length beyond is taken for none. */
const MAX_LENGTH = 1024;
/** So many bits a number of 16 bits shows by being at most `MAX_LENGTH`. */
const SMALL_NUMBER_BITS = 6;
/** So many a space packet shows at most without a checksum: version, length, unsegmented. */
const HEADER_BITS = 21;
/** Carriage return, line feed. */
const CR = 0x0d;
const LF = 0x0a;

/** True: what is seen is all that came. */
export function isWhole(bytes: Uint8Array): boolean {
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
  return (
    HEADER_BITS -
    2 +
    unsegmented +
    (end - start > PRIMARY_HEADER_LENGTH + 2 && hasValidCrc16(bytes, start, end) ? 16 : 0)
  );
}

export function spacePacketsBits(bytes: Uint8Array): number {
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
  if (bits === 0 || !isWhole(bytes)) {
    return bits;
  }
  // What is left is the beginning of one more packet, or of what has nothing to do with packets.
  return at === bytes.length ? bits + 10 : bytes[at] === bytes[0] ? bits : 0;
}

/** @param inside evidence that `bytes[start, end)`, what a frame unstuffs to, is a whole one of what is carried */
export function carriedBits(
  bytes: Uint8Array,
  inside: (bytes: Uint8Array, start: number, end: number) => number,
): number {
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
      bits += frame.length > 4 ? 8 + inside(frame, 1, end) : frame.length > 2 ? 4 : 0;
    }
    start = at + 1;
  }
  return frames > 0 ? bits : 0;
}

export function cobsBits(bytes: Uint8Array): number {
  return carriedBits(bytes, spacePacketBits);
}

/** Nothing but COBS speaks for it where no frame is one of USLP. */
export function uslpOverCobsBits(bytes: Uint8Array): number {
  let found = false;
  const bits = carriedBits(bytes, (frame, start, end) => {
    const inside = uslpFrameBits(frame, start, end);
    found ||= inside > 0;
    return inside;
  });
  return found ? bits : 0;
}

export function slipBits(bytes: Uint8Array): number {
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

export function lengthPrefixedBits(bytes: Uint8Array): number {
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

export function netstringBits(bytes: Uint8Array): number {
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

/** A marker in front, and as often as there are more. */
export function syncBits(bytes: Uint8Array): number {
  let bits = 0;
  for (let at = 0; at < bytes.length; at++) {
    const isMarker = ATTACHED_SYNC_MARKER.every((octet, i) => bytes[at + i] === octet);
    if (at === 0 && !isMarker) {
      return 0;
    }
    bits += isMarker ? 32 : 0;
  }
  return bits;
}

/** Evidence that `bytes[start, end)` is exactly one transfer frame. */
function uslpFrameBits(bytes: Uint8Array, start: number, end: number): number {
  if (!beginsUslp(bytes, start) || transferFrameLength(bytes, start) !== end - start) {
    return 0;
  }
  return 4 + 1 + 16 + (hasValidCrc16(bytes, start, end) ? 16 : 0);
}

export function uslpBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at + MIN_USLP_HEADER_LENGTH <= bytes.length) {
    if (!beginsUslp(bytes, at)) {
      return 0;
    }
    const length = transferFrameLength(bytes, at);
    bits += 4 + 1 + SMALL_NUMBER_BITS - 1;
    bits += at + length <= bytes.length && hasValidCrc16(bytes, at, at + length) ? 16 : 0;
    at += length;
    if (at > bytes.length) {
      return at > length ? bits : 0;
    }
  }
  return at === bytes.length && isWhole(bytes) ? bits + 11 : bits;
}

/** Space packets, each behind the other with an end of line between. */
export function packetLinesBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at + PRIMARY_HEADER_LENGTH <= bytes.length) {
    const end = at + packetLength(bytes, at);
    const found = end < bytes.length ? spacePacketBits(bytes, at, end) : 0;
    if (found === 0) {
      // The last one may be cut off.
      return end < bytes.length || !isVersion0(bytes, at) ? 0 : bits;
    }
    const length = bytes[end] === LF ? 1 : bytes[end] === CR && (bytes[end + 1] ?? LF) === LF ? 2 : 0;
    if (length === 0) {
      return 0;
    }
    // A header alone may be another frame's beginning; a checksum is a packet's.
    bits += (found > HEADER_BITS ? found : found - 10) + (end + length <= bytes.length ? 8 * length : 8);
    at = end + length;
  }
  return bits;
}

/** Printable ASCII, tab and line ends: 98 of 256. */
export function textBits(bytes: Uint8Array): number {
  let lineEnds = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === CR || byte === LF) {
      lineEnds++;
    } else if (byte !== 0x09 && (byte < 0x20 || byte > 0x7e)) {
      return 0;
    }
  }
  if (bytes[0] === CR || bytes[0] === LF) {
    // A length of 13 or 10, more likely than an empty line.
    return 0;
  }
  const last = bytes.at(-1);
  const ended = isWhole(bytes) && (last === CR || last === LF) ? 2 : 0;
  // Text without an end of line may be inside anything.
  return lineEnds === 0 ? 0 : 1.35 * bytes.length + 6 * lineEnds + ended;
}
