/**
 * CLTUs as a sender makes them, written straight from the standard: the code word is the information times x^7, divided by the
 * generator, bit by bit; the random sequence is the shift register. Slow, and nothing of the decoder's is used.
 */

const GENERATOR = 0b11000101n;
const TAIL = Uint8Array.of(0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0x79);
const FILL = 0x55;

export interface CltuOptions {
  readonly isRandomized?: boolean;
  readonly tail?: Uint8Array;
}

export function cltuOf(frames: Uint8Array, { isRandomized = false, tail = TAIL }: CltuOptions = {}): Uint8Array {
  const octets = isRandomized ? randomized(frames) : frames;
  const parts: number[] = [0xeb, 0x90];
  for (let at = 0; at < octets.length; at += 7) {
    const information = Array.from({ length: 7 }, (_, k) => octets[at + k] ?? FILL);
    parts.push(...information, parity(information));
  }
  return Uint8Array.of(...parts, ...tail);
}

export function parity(information: readonly number[]): number {
  let rest = information.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n) << 7n;
  for (let bit = 62n; bit >= 7n; bit--) {
    if (((rest >> bit) & 1n) === 1n) {
      rest ^= GENERATOR << (bit - 7n);
    }
  }
  return Number(~rest & 0x7fn) << 1;
}

/** The sequence is s(n + 8) = s(n) + s(n + 1) + s(n + 2) + s(n + 3) + s(n + 4) + s(n + 6), begun with eight ones. */
function randomized(octets: Uint8Array): Uint8Array {
  const bits = Array.from({ length: 8 }, () => 1);
  while (bits.length < 8 * octets.length) {
    const n = bits.length - 8;
    bits.push([0, 1, 2, 3, 4, 6].reduce((sum, k) => sum ^ bits[n + k]!, 0));
  }
  return octets.map((octet, i) => octet ^ Number.parseInt(bits.slice(8 * i, 8 * i + 8).join(""), 2));
}
