/**
 * Netstrings (D. J. Bernstein, 1997): the length in decimal, a colon, the packet, a comma, as in `5:hello,`.
 *
 * A length has no superfluous zero in front: `0:,` is the empty packet. The comma tells most wrong lengths, but only when
 * as many bytes have come as the length asked for; put a checksum into the packet to detect the rest.
 */

import type { Framing } from "../contract/framing.js";
import type { PacketValidator } from "../contract/packet-check.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamFraming } from "../engines/stream-framing.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";

/** No decimal length with a colon behind it begins here. */
export const NO_LENGTH = 0;
/** The length asks for more than `maxPacketLength`. */
export const PACKET_TOO_LONG = 1;
/** No comma stands behind the packet. */
export const NO_COMMA = 2;
/** Of a length that is read to its end: no frame that anybody sends has more. */
const MAX_DIGITS = 9;
const REASONS = Object.freeze(["noLength", "packetTooLong", "noComma"]);

export const ZERO = 0x30;
export const NINE = 0x39;
export const COLON = 0x3a;
export const COMMA = 0x2c;

export interface NetstringOptions {
  /** Longest packet accepted, in bytes: 1 to 65,542. Default 1024. */
  maxPacketLength?: number;
  validator?: PacketValidator;
}

const OPTIONS = optionTable<NetstringOptions>([MAX_PACKET], ["validator"]);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function netstring(options: NetstringOptions = {}): Framing {
  return make(options, FramingContext.inCode("netstring", OPTIONS, options));
}

function make(options: NetstringOptions, context: FramingContext): Framing {
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  return streamFraming({
    name: "netstring",
    maxPacketLength,
    validator: options.validator,
    format: () => new NetstringFormat(maxPacketLength),
    frameLength,
    wrap,
  });
}

function digitsOf(length: number): number {
  let digits = 1;
  for (let rest = length; rest >= 10; rest = Math.floor(rest / 10)) {
    digits++;
  }
  return digits;
}

function frameLength(packetLength: number): number {
  return digitsOf(packetLength) + 1 + packetLength + 1;
}

class NetstringFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  leading = 0;
  readonly trailing = 1;
  readonly kind = 0;
  announced = 0;
  #maxPacketLength: number;

  constructor(maxPacketLength: number) {
    this.maxWanted = frameLength(maxPacketLength);
    this.#maxPacketLength = maxPacketLength;
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    let length = 0;
    let digits = 0;
    while (digits < available) {
      const octet = bytes[at + digits]!;
      if (octet < ZERO || octet > NINE) {
        break;
      }
      if (digits > 0 && length === 0) {
        return -1 - NO_LENGTH;
      }
      length = length * 10 + octet - ZERO;
      digits++;
      if (digits > MAX_DIGITS) {
        return -1 - PACKET_TOO_LONG;
      }
    }
    const whole = digits + 1 + length + 1;
    if (digits === available) {
      // More digits make it longer still; too long a one is known by its colon.
      return length > this.#maxPacketLength ? digits + 1 : whole;
    }
    if (digits === 0 || bytes[at + digits] !== COLON) {
      return -1 - NO_LENGTH;
    }
    if (length > this.#maxPacketLength) {
      this.announced = whole;
      return -1 - PACKET_TOO_LONG;
    }
    if (available >= whole && bytes[at + whole - 1] !== COMMA) {
      this.announced = whole;
      return -1 - NO_COMMA;
    }
    this.leading = digits + 1;
    return whole;
  }
}

function wrap(bytes: Uint8Array, start: number, end: number, at: number): number {
  const digits = digitsOf(end - start);
  const packetAt = at + digits + 1;
  const comma = packetAt + end - start;
  let rest = end - start;
  for (let i = at + digits - 1; i >= at; i--) {
    bytes[i] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  bytes[packetAt - 1] = COLON;
  bytes.copyWithin(packetAt, start, end);
  bytes[comma] = COMMA;
  return comma + 1;
}

export const netstringEntry: FramingEntry = Object.freeze({
  name: "netstring",
  summary: "netstrings, as in 5:hello,",
  options: OPTIONS,
  make,
});
