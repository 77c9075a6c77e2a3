/** AES-256-GCM at work on hexadecimal text, for tests on Node and inside XS. Knows no platform. */
import type { Aead } from "../../modules/crypto/aead.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import { Random } from "../framing/random.js";

/** A vector of NIST's; `pt` is null where the tag is wrong. */
export interface Vector {
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly ct: string;
  readonly tag: string;
  readonly pt: string | null;
}

/** Of whichever implementation. */
type Make = (key: Uint8Array) => Aead;

/** Our own: the only one that runs inside XS. */
export const ours: Make = (key) => new Aes256Gcm(key);

function hex(bytes: Uint8Array): string {
  let digits = "";
  for (let i = 0; i < bytes.length; i++) {
    digits += (256 + bytes[i]!).toString(16).slice(1);
  }
  return digits;
}

function fromHex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** Nonce, associated data, text and tag in one array. */
interface Laid {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

function laid(iv: Uint8Array, aad: Uint8Array, text: Uint8Array, tag = new Uint8Array(16)): Laid {
  const start = 12 + aad.length;
  const end = start + text.length;
  const bytes = new Uint8Array(end + 16);
  bytes.set(iv);
  bytes.set(aad, 12);
  bytes.set(text, start);
  bytes.set(tag, end);
  return { bytes, start, end };
}

/** @returns of each vector text and tag, as hexadecimal digits */
export function sealAll(vectors: readonly Vector[], make = ours): string {
  return vectors
    .map(({ key, iv, aad, pt }) => {
      const { bytes, start, end } = laid(fromHex(iv), fromHex(aad), fromHex(pt ?? ""));
      make(fromHex(key)).seal(bytes, start, end, 0, 12, start);
      return hex(bytes.slice(start));
    })
    .join("\n");
}

/** @returns of each vector the text; or `refused`, where nothing has changed */
export function openAll(vectors: readonly Vector[], make = ours): string {
  return vectors
    .map(({ key, iv, aad, ct, tag }) => {
      const { bytes, start, end } = laid(fromHex(iv), fromHex(aad), fromHex(ct), fromHex(tag));
      const before = hex(bytes);
      if (make(fromHex(key)).open(bytes, start, end, 0, 12, start)) {
        return hex(bytes.slice(start, end));
      }
      return hex(bytes) === before ? "refused" : "refused, and changed";
    })
    .join("\n");
}

/** Frame number `n` of a seed: lengths around the blocks, and any. */
export function randomFrame(seed: number, n: number): Record<"key" | "iv" | "aad" | "text", Uint8Array> {
  const random = new Random(seed + n);
  const most = n % 10 === 0 ? 1200 : 70;
  return {
    key: random.bytes(32),
    iv: random.bytes(12),
    aad: random.bytes(random.below(40)),
    text: random.bytes(random.below(most)),
  };
}

/**
 * Seals so many random frames, and opens each again.
 * @returns of each frame text and tag, as hexadecimal digits; or that it was not opened
 */
export function sealRandom(seed: number, from: number, count: number): string {
  const lines: string[] = [];
  for (let n = from; n < from + count; n++) {
    const { key, iv, aad, text } = randomFrame(seed, n);
    const { bytes, start, end } = laid(iv, aad, text);
    const aead = new Aes256Gcm(key);
    aead.seal(bytes, start, end, 0, 12, start);
    lines.push(hex(bytes.slice(start)));
    if (!aead.open(bytes, start, end, 0, 12, start) || hex(bytes.slice(start, end)) !== hex(text)) {
      lines.push("not opened");
    }
  }
  return lines.join("\n");
}

/** Flips every bit of nonce, associated data, text and tag. @returns how many of so many were refused, and left as they were */
export function refusedFlips(textLength: number, make = ours): string {
  const random = new Random(textLength);
  const { bytes, start, end } = laid(random.bytes(12), random.bytes(19), random.bytes(textLength));
  const aead = make(random.bytes(32));
  aead.seal(bytes, start, end, 0, 12, start);
  const sealed = bytes.slice();
  let refused = 0;
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    bytes.set(sealed);
    bytes[bit >> 3]! ^= 0x80 >> (bit & 7);
    const flipped = hex(bytes);
    refused += !aead.open(bytes, start, end, 0, 12, start) && hex(bytes) === flipped ? 1 : 0;
  }
  bytes.set(sealed);
  const isOpened = aead.open(bytes, start, end, 0, 12, start);
  return `${refused} of ${8 * bytes.length}, and ${isOpened ? "opened" : "not opened"} as it was sealed`;
}
