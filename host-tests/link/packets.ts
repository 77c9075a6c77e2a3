/** Space packets that say which one they are: valid in every framing. */

/** Number of a packet made by `packet`. */
export function numberOf(bytes: Uint8Array): number {
  return ((bytes[2]! & 0x3f) << 8) | bytes[3]!;
}

/**
 * @param number 0 to 16,383, carried as the sequence count
 * @param length of the whole packet, from 7 bytes on
 */
export function packet(number: number, length = 20, type: "tc" | "tm" = "tm"): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes[0] = type === "tc" ? 0x10 : 0;
  bytes[1] = 0x42;
  bytes[2] = 0xc0 | (number >> 8);
  bytes[3] = number;
  bytes[4] = (length - 7) >> 8;
  bytes[5] = length - 7;
  for (let i = 6; i < length; i++) {
    // Zeros and long runs without one, both.
    bytes[i] = number % 2 === 0 ? (i * 7 + number) & 0xff : 1 + ((i + number) % 255);
  }
  return bytes;
}

export function packets(from: number, count: number, length = 20, type: "tc" | "tm" = "tm"): Uint8Array[] {
  const made: Uint8Array[] = [];
  for (let number = from; number < from + count; number++) {
    made.push(packet(number, length, type));
  }
  return made;
}

export function numbers(from: number, count: number): number[] {
  const made: number[] = [];
  for (let number = from; number < from + count; number++) {
    made.push(number);
  }
  return made;
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) {
    length += part.length;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
