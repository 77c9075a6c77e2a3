/**
 * Serial Line IP framing (RFC 1055): frames ended by END, with the two values that mean something escaped inside.
 * KISS (the TNC host mode of amateur radio) is the same with a type byte in front of each packet: an option.
 *
 * Both directions look for the next special byte and move what lies before it in one piece. SLIP detects damage only
 * by an escape that is none; put a checksum into the packet, or behind it, to detect the rest.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import type { DelimitedFormat } from "../engines/delimited-decoder.js";
import { delimitedBy } from "../engines/delimited-framing.js";
import { type FindByte, findByte } from "../engines/find-byte.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";
import { wholeNumber, word } from "../options/text-options.js";

/** Behind an ESC stands neither ESC_END nor ESC_ESC. RFC 1055 leaves such a byte alone; here the frame is damaged. */
export const BAD_ESCAPE = 0;
/** The frame begins with another type byte than `kissType`: it is for somebody else. */
export const OTHER_KISS_TYPE = 1;
const REASONS = Object.freeze(["badEscape", "otherKissType"]);

export const END = 0xc0;
export const ESC = 0xdb;
export const ESC_END = 0xdc;
export const ESC_ESC = 0xdd;
const DELIMITER = Object.freeze([END]);
/** Up to so many bytes a loop looks at faster than a search can be called. */
const NEAR = 12;
/**
 * So many bytes behind an escape are moved by a loop; the encoder moves `NEAR` where another one stood close before it.
 * Where escapes are dense, `copyWithin` has too little to move.
 */
const FEW = 3;
const NO_TYPE = -1;

export interface SlipOptions {
  /** Longest packet accepted, in bytes: 1 to 65,542 (the longest space packet). Default 1024. */
  maxPacketLength?: number;
  /**
   * ENDs around the frames sent: `trailing` ends each with one, `both` puts one in front as well, which flushes what
   * noise left at the receiver. On input any run of ENDs separates frames. Default `trailing`.
   */
  delimiter?: "trailing" | "both";
  /**
   * KISS: the type byte (port in the high four bits, command in the low four; 0: data of port 0), 0 to 255. Written in
   * front of each packet sent, expected and removed in front of each received. Default: none, as in SLIP.
   */
  kissType?: number;
  /** Search to use; the board may have a native one. */
  findByte?: FindByte;
}

const DELIMITER_CHOICES: readonly NonNullable<SlipOptions["delimiter"]>[] = Object.freeze([
  "trailing",
  "both",
] as const);

const OPTIONS = optionTable<SlipOptions>(
  [
    MAX_PACKET,
    { key: "delimiter", property: "delimiter", read: word, help: "ENDs sent: trailing (default) or both" },
    {
      key: "kiss-type",
      property: "kissType",
      read: wholeNumber,
      help: "KISS: type byte of the packets, 0 to 255; others are damage",
    },
  ],
  ["findByte"],
);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function slip(options: SlipOptions = {}): Framing {
  return make(options, FramingContext.inCode("slip", OPTIONS, options));
}

function make(options: SlipOptions, context: FramingContext): Framing {
  const { kissType = NO_TYPE } = options;
  const find = options.findByte ?? context.findByte ?? findByte;
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  const leading = context.choice("delimiter", options.delimiter ?? "trailing", DELIMITER_CHOICES) === "both";
  if (kissType !== NO_TYPE) {
    context.range("kissType", "", kissType, 0, 255);
  }
  return delimitedBy({
    name: "slip",
    maxPacketLength,
    // One more for the sentinel behind the frame.
    decoderMemory: maxEscapedLength(maxPacketLength, kissType) + 1,
    findByte: find,
    format: (memory) => new SlipFormat(memory, maxPacketLength, kissType, find),
    encoder: (memory) => new SlipEncoder(memory, leading, kissType, find),
  });
}

/** Longest frame of a packet, ENDs not included: every byte may need an escape. */
function maxEscapedLength(packetLength: number, kissType: number): number {
  return 2 * packetLength + (kissType === NO_TYPE ? 0 : isSpecial(kissType) ? 2 : 1);
}

function isSpecial(byte: number): boolean {
  return byte === END || byte === ESC;
}

class SlipFormat implements DelimitedFormat {
  readonly reasons = REASONS;
  readonly delimiter = DELIMITER;
  readonly emptyFrames = false;
  readonly maxFrameLength: number;
  readonly maxPacketLength: number;
  readonly leading: number;
  #memory: FixedMemory;
  #kissType: number;
  #find: FindByte;

  constructor(memory: FixedMemory, maxPacketLength: number, kissType: number, find: FindByte) {
    this.#memory = memory;
    this.#kissType = kissType;
    this.#find = find;
    this.maxFrameLength = maxEscapedLength(maxPacketLength, kissType);
    this.maxPacketLength = maxPacketLength;
    this.leading = kissType === NO_TYPE ? 0 : 1;
  }

  /** Each escaped byte is one less: what follows moves down over it. */
  unwrap(bytes: Uint8Array, start: number, end: number): number {
    // The sentinel; as the byte behind an ESC that ends the frame, it makes that a bad escape.
    bytes[end] = ESC;
    let at = start;
    let near = at + NEAR;
    while (at < near && bytes[at] !== ESC) {
      at++;
    }
    if (at === near) {
      at = this.#find(this.#memory, at, ESC);
    }
    let out = at;
    while (at < end) {
      const code = bytes[at + 1];
      if (code === ESC_END) {
        bytes[out++] = END;
      } else if (code === ESC_ESC) {
        bytes[out++] = ESC;
      } else {
        return -1 - BAD_ESCAPE;
      }
      at += 2;
      near = at + FEW;
      while (at < near && bytes[at] !== ESC) {
        bytes[out++] = bytes[at++]!;
      }
      if (at === near) {
        const run = at;
        near = at + NEAR;
        while (at < near && bytes[at] !== ESC) {
          at++;
        }
        if (at === near) {
          at = this.#find(this.#memory, at, ESC);
        }
        bytes.copyWithin(out, run, at);
        out += at - run;
      }
    }
    return this.leading > 0 && bytes[start] !== this.#kissType ? -1 - OTHER_KISS_TYPE : out;
  }
}

class SlipEncoder implements FrameEncoder {
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #leading: boolean;
  #kissType: number;
  /** Bytes in front of the packet: END, and the type byte with its escape. */
  #headLength: number;
  #find: FindByte;

  constructor(memory: FixedMemory, leading: boolean, kissType: number, find: FindByte) {
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#leading = leading;
    this.#kissType = kissType;
    this.#headLength = (leading ? 1 : 0) + maxEscapedLength(0, kissType);
    this.#find = find;
  }

  maxFrameLength(packetLength: number): number {
    return this.#headLength + 2 * packetLength + 1;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (start === end && this.#kissType === NO_TYPE) {
      // A frame of no byte is idle: it would not arrive.
      return NOT_A_PACKET;
    }
    const bytes = this.#bytes;
    let out = at + this.#headLength;
    // Bytes of the room that a frame without escapes leaves. Each escape takes one.
    let spare = limit - 1 - out - (end - start);
    if (spare < 0) {
      return DOES_NOT_FIT;
    }
    if (this.#headLength > 0) {
      this.#writeHead(at);
    }
    let from = start;
    let stop = end;
    let escapeAt = -1;
    let endAt = -1;
    let near = from + FEW;
    let reach = FEW;
    for (;;) {
      if (near > stop) {
        near = stop;
      }
      while (from < near) {
        const byte = bytes[from++]!;
        if (byte === END || byte === ESC) {
          if (spare-- === 0) {
            return DOES_NOT_FIT;
          }
          bytes[out] = ESC;
          bytes[out + 1] = byte === END ? ESC_END : ESC_ESC;
          out += 2;
          near = from + reach < stop ? from + reach : stop;
          reach = NEAR;
        } else {
          bytes[out++] = byte;
        }
      }
      if (from === stop) {
        bytes[out] = END;
        return out + 1;
      }
      reach = FEW;
      const run = from;
      near = from + NEAR < stop ? from + NEAR : stop;
      // Most bytes are told by one comparison.
      while (from < near && !(bytes[from]! >= END && isSpecial(bytes[from]!))) {
        from++;
      }
      bytes.copyWithin(out, run, from);
      out += from - run;
      if (from < near || from === stop) {
        near = from + FEW;
        continue;
      }
      if (stop !== limit - 1) {
        // For the searches, the rest of the packet moves to the end of the room, with a byte behind it for a sentinel.
        // From there it comes back piece by piece: there are just so many bytes between as there are to spare.
        const first = limit - 1 - (stop - from);
        bytes.copyWithin(first, from, stop);
        from = first;
        stop = limit - 1;
      }
      if (escapeAt < from) {
        bytes[stop] = ESC;
        escapeAt = this.#find(this.#memory, from, ESC);
      }
      if (endAt < from) {
        bytes[stop] = END;
        endAt = this.#find(this.#memory, from, END);
      }
      const next = escapeAt < endAt ? escapeAt : endAt;
      bytes.copyWithin(out, from, next);
      out += next - from;
      from = next;
      near = from + FEW;
    }
  }

  #writeHead(at: number): void {
    const bytes = this.#bytes;
    const type = this.#kissType;
    let out = at;
    if (this.#leading) {
      bytes[out++] = END;
    }
    if (type === END || type === ESC) {
      bytes[out++] = ESC;
      bytes[out] = type === END ? ESC_END : ESC_ESC;
    } else if (type !== NO_TYPE) {
      bytes[out] = type;
    }
  }
}

export const slipEntry: FramingEntry = Object.freeze({
  name: "slip",
  summary: "SLIP (RFC 1055), frames ended by 0xC0; KISS",
  options: OPTIONS,
  make,
});
