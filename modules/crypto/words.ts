/** Words of 32 bits in an array of octets, the high octet first. */

export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** The same with zeros from `end` on. */
export function wordUpTo(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end) {
    return word(bytes, at);
  }
  let found = 0;
  for (let i = at; i < end; i++) {
    found |= bytes[i]! << (24 - 8 * (i - at));
  }
  return found;
}

export function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 24;
  bytes[at + 1] = value >> 16;
  bytes[at + 2] = value >> 8;
  bytes[at + 3] = value;
}
