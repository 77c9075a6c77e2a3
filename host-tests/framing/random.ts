/** Numbers that look random and are the same on every engine. Knows no platform: also runs inside XS. */

/** XS looks a global up each time. */
const { imul } = Math;
/** Prime. */
const PERIOD = 4093;

export class Random {
  #state: number;

  /** @param seed 32 bits */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** 0 to `limit` - 1. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** Bytes from `least` to 255. Very long ones repeat, at a length that no size of a buffer or a block divides. */
  bytes(length: number, least = 0): Uint8Array {
    const bytes = new Uint8Array(length);
    const fresh = Math.min(length, PERIOD);
    for (let i = 0; i < fresh; i++) {
      bytes[i] = least + this.below(256 - least);
    }
    for (let at = PERIOD; at < length; at += PERIOD) {
      bytes.copyWithin(at, 0, PERIOD);
    }
    return bytes;
  }
}

/** FNV-1a over `bytes[start, end)`, 32 bits. */
export function hash(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0x811c9dc5): number {
  let value = seed;
  for (let i = start; i < end; i++) {
    value = imul(value ^ (bytes[i] as number), 0x01000193);
  }
  return value >>> 0;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const OCTETS: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));
const SHOWN = 40;

/** For comparing and for messages: `[length] 01 02 ...`, cut where it gets long. */
export function hex(bytes: Uint8Array): string {
  const { length } = bytes;
  const words = [`[${length}]`];
  for (let i = 0; i < length && i < SHOWN; i++) {
    words.push(OCTETS[bytes[i] as number] as string);
  }
  if (length > SHOWN) {
    // Of all bytes. Without a call for each, which XS takes its time for: the product is exact.
    let value = 0;
    for (let i = 0; i < length; i++) {
      value = (value * 0x01003f + (bytes[i] as number)) | 0;
    }
    words.push("...", (value >>> 0).toString(16));
  }
  return words.join(" ");
}
