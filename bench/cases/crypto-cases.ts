/** Authenticated encryption of what a frame carries. */
import { NONCE_LENGTH, TAG_LENGTH } from "../../modules/crypto/aead.js";
import { Aes256Gcm } from "../../modules/crypto/aes-gcm.js";
import type { BenchCase } from "./bench-case.js";
import { anyByte, PING, plainPackets } from "./packets.js";
import { laidOut, workCase } from "./parsing-cases.js";
import { TextbookGcm } from "./textbook-gcm.js";

/** What stands in front of each text: the nonce, and the octets that are only authenticated. */
const AAD_LENGTH = 19;
const LEADING = NONCE_LENGTH + AAD_LENGTH;
const KEY = Uint8Array.from({ length: 32 }, (_, i) => i);

const aead = new Aes256Gcm(KEY);
const textbook = new TextbookGcm(KEY);

const scratch = new Uint8Array(LEADING + 1000 + TAG_LENGTH);

/** Without a view, which would take slots. */
function copy(bytes: Uint8Array, start: number, length: number): void {
  for (let i = 0; i < length; i++) {
    scratch[LEADING + i] = bytes[start + i]!;
  }
}

/** Both work on a copy, so that they get the same text each time. @returns a part of the tag */
function seal(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  copy(bytes, start, length);
  aead.seal(scratch, LEADING, LEADING + length, 0, NONCE_LENGTH, LEADING);
  return (scratch[LEADING + length]! << 8) | scratch[LEADING + length + 1]!;
}

const ZEROS: readonly number[] = new Array<number>(LEADING).fill(0);

function sealByTextbook(bytes: Uint8Array, start: number, end: number): number {
  copy(bytes, start, end - start);
  const nonce = ZEROS.slice(0, NONCE_LENGTH);
  const [first, second] = textbook.seal(scratch, LEADING, LEADING + end - start, nonce, ZEROS.slice(NONCE_LENGTH));
  return (first! << 8) | second!;
}

export function cryptoCases(): BenchCase[] {
  const pings = Array.from({ length: 16 }, () => PING);
  const long = plainPackets(2, 1000, anyByte);
  const sealed = (name: string, packets: readonly number[][]) => {
    const length = packets[0]!.length;
    return workCase(name, laidOut(packets, length), length, "by the textbook", seal, sealByTextbook);
  };
  return [sealed("AES-256-GCM sealed, ping", pings), sealed("AES-256-GCM sealed, 1000 random", long)];
}
