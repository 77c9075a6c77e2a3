/**
 * Text payloads for people: strings to bytes and back, by hand, since a board has no TextDecoder. Allocates freely.
 *
 * UTF-8 and UTF-16 are decoded as the WHATWG Encoding Standard's decoders do, of malformed text as well: each maximal part of
 * a sequence that begins well becomes one U+FFFD. Unlike those, a byte order mark is kept: it is a character like others.
 */

import { checkChoice } from "../checks/options.js";
import { checkBounds, checkBytes } from "../checks/payload-bytes.js";
import { hex } from "../checks/payload-error.js";
import { MalformedTextError, UnencodableTextError } from "./errors.js";

export type TextEncoding = "utf-8" | "ascii" | "latin-1" | "utf-16le" | "utf-16be";

export interface TextOptions {
  /** Default `utf-8`. */
  encoding?: TextEncoding;
  /**
   * What cannot be decoded or encoded: `throw` (default), or `replace` by U+FFFD, or by ? where an encoding does not have that.
   */
  malformed?: "throw" | "replace";
}

const ENCODINGS: readonly TextEncoding[] = Object.freeze(["utf-8", "ascii", "latin-1", "utf-16le", "utf-16be"]);
const CHOICES = Object.freeze(["throw", "replace"] as const);

const REPLACEMENT = 0xfffd;
const QUESTION_MARK = 0x3f;
/** Arguments of one call; a board's stack is short. */
const CHUNK = 64;

/**
 * Reads `bytes[start, end)` as text.
 * @throws MalformedTextError with the offset, from `start`; TypeError for what is no Uint8Array; RangeError for a range that
 *   is not in the bytes
 */
export function decodeText(bytes: Uint8Array, options: TextOptions = {}, start = 0, end?: number): string {
  const encoding = checkChoice("encoding", options.encoding ?? "utf-8", ENCODINGS);
  const replace = checkChoice("malformed", options.malformed ?? "throw", CHOICES) === "replace";
  checkBytes(bytes);
  const last = end ?? bytes.length;
  checkBounds(bytes, start, last);
  const decoder = new TextDecoding(encoding, replace, bytes, start, last);
  if (encoding === "utf-8") {
    return decoder.utf8();
  }
  if (encoding === "utf-16le" || encoding === "utf-16be") {
    return decoder.utf16(encoding === "utf-16le" ? 1 : 0);
  }
  return decoder.singleBytes(encoding === "ascii" ? 0x7f : 0xff);
}

/**
 * Writes text in fresh bytes, without a byte order mark.
 * @throws UnencodableTextError with the index of the character: one that the encoding does not have, or half a surrogate pair
 */
export function encodeText(text: string, options: TextOptions = {}): Uint8Array {
  const encoding = checkChoice("encoding", options.encoding ?? "utf-8", ENCODINGS);
  const replace = checkChoice("malformed", options.malformed ?? "throw", CHOICES) === "replace";
  const bytes = new Uint8Array(write(text, encoding, replace, undefined));
  write(text, encoding, replace, bytes);
  return bytes;
}

/** One text being decoded. */
class TextDecoding {
  readonly #encoding: TextEncoding;
  readonly #replace: boolean;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #parts: string[] = [];
  #codePoints: number[] = [];

  constructor(encoding: TextEncoding, replace: boolean, bytes: Uint8Array, start: number, end: number) {
    this.#encoding = encoding;
    this.#replace = replace;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  singleBytes(maximum: number): string {
    for (let at = this.#start; at < this.#end; at++) {
      const byte = this.#bytes[at]!;
      if (byte > maximum) {
        this.#malformed(at, `${hex(byte)} is beyond ${hex(maximum)}`);
      } else {
        this.#add(byte);
      }
    }
    return this.#text();
  }

  /** The well-formed sequences are those of Unicode's Table 3-7. */
  utf8(): string {
    const bytes = this.#bytes;
    let at = this.#start;
    while (at < this.#end) {
      const lead = bytes[at]!;
      const more = lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1;
      if (more < 0) {
        this.#malformed(at, `${hex(lead)} begins no character`);
        at++;
        continue;
      }
      // Only the second byte has a range that depends on the first: no overlong forms, surrogates, or beyond U+10FFFF.
      let lower = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      let upper = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      let codePoint = more === 0 ? lead : lead & (0x3f >> more);
      let length = 1;
      while (length <= more) {
        const byte = at + length < this.#end ? bytes[at + length]! : -1;
        if (byte < lower || byte > upper) {
          const what = byte < 0 ? "the text ends" : `${hex(byte)} comes`;
          this.#malformed(at, `${what} in the character that ${hex(lead)} begins`);
          codePoint = -1;
          break;
        }
        codePoint = (codePoint << 6) | (byte & 0x3f);
        lower = 0x80;
        upper = 0xbf;
        length++;
      }
      if (codePoint >= 0) {
        this.#add(codePoint);
      }
      at += length;
    }
    return this.#text();
  }

  /** @param high which byte of a code unit is the high one */
  utf16(high: number): string {
    const bytes = this.#bytes;
    let at = this.#start;
    while (at + 1 < this.#end) {
      const unit = (bytes[at + high]! << 8) | bytes[at + 1 - high]!;
      const isLead = unit >= 0xd800 && unit < 0xdc00;
      if (isLead && at + 3 < this.#end) {
        const next = (bytes[at + 2 + high]! << 8) | bytes[at + 3 - high]!;
        if (next >= 0xdc00 && next < 0xe000) {
          this.#add(0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00));
          at += 4;
          continue;
        }
      }
      if (unit >= 0xd800 && unit < 0xe000) {
        this.#malformed(at, "half a surrogate pair");
        if (isLead && at + 3 === this.#end) {
          // As the standard has it, what is cut off at the end is one fault, not two.
          return this.#text();
        }
      } else {
        this.#add(unit);
      }
      at += 2;
    }
    if (at < this.#end) {
      this.#malformed(at, "half a code unit");
    }
    return this.#text();
  }

  #malformed(at: number, reason: string): void {
    if (!this.#replace) {
      throw new MalformedTextError(this.#encoding, at - this.#start, reason);
    }
    this.#add(REPLACEMENT);
  }

  #add(codePoint: number): void {
    if (this.#codePoints.push(codePoint) === CHUNK) {
      this.#flush();
    }
  }

  #flush(): void {
    this.#parts.push(String.fromCodePoint(...this.#codePoints));
    this.#codePoints = [];
  }

  #text(): string {
    this.#flush();
    return this.#parts.join("");
  }
}

/** @param bytes undefined: only measures. @returns bytes that the text takes */
function write(text: string, encoding: TextEncoding, replace: boolean, bytes: Uint8Array | undefined): number {
  const isUtf8 = encoding === "utf-8";
  const maximum = encoding === "ascii" ? 0x7f : encoding === "latin-1" ? 0xff : 0x10ffff;
  const high = encoding === "utf-16le" ? 1 : 0;
  let at = 0;
  let index = 0;
  // By characters and not by index: on XS, finding an index means counting from the first.
  for (const character of text) {
    let codePoint = character.codePointAt(0) as number;
    const units = codePoint > 0xffff ? 2 : 1;
    if (codePoint > maximum || (codePoint >= 0xd800 && codePoint < 0xe000)) {
      if (!replace) {
        throw new UnencodableTextError(encoding, index, codePoint);
      }
      codePoint = maximum < REPLACEMENT ? QUESTION_MARK : REPLACEMENT;
    }
    index += units;
    if (isUtf8) {
      at = writeUtf8(bytes, at, codePoint);
    } else if (maximum <= 0xff) {
      if (bytes !== undefined) {
        bytes[at] = codePoint;
      }
      at++;
    } else if (codePoint > 0xffff) {
      writeUnit(bytes, at, high, 0xd7c0 + (codePoint >> 10));
      writeUnit(bytes, at + 2, high, 0xdc00 | (codePoint & 0x3ff));
      at += 4;
    } else {
      writeUnit(bytes, at, high, codePoint);
      at += 2;
    }
  }
  return at;
}

function writeUnit(bytes: Uint8Array | undefined, at: number, high: number, unit: number): void {
  if (bytes !== undefined) {
    bytes[at + high] = unit >> 8;
    bytes[at + 1 - high] = unit;
  }
}

/** @returns the offset behind the character */
function writeUtf8(bytes: Uint8Array | undefined, at: number, codePoint: number): number {
  const more = codePoint < 0x80 ? 0 : codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  if (bytes !== undefined) {
    // The lead byte has as many ones in front as the character has bytes, or none for one.
    bytes[at] = more === 0 ? codePoint : (0xf80 >> more) | (codePoint >> (6 * more));
    for (let k = 1; k <= more; k++) {
      bytes[at + k] = 0x80 | ((codePoint >> (6 * (more - k))) & 0x3f);
    }
  }
  return at + more + 1;
}
