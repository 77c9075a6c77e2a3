/**
 * The identifier of a key: it tells two keys apart and says nothing of either. It is the beginning of the tag of an empty text
 * under the highest nonce, which no frame has.
 */
import { type Aead, NONCE_LENGTH, TAG_LENGTH } from "../crypto/aead.js";
import { LAST_IV_OCTET } from "./iv-counter.js";

/** Octets of an identifier. */
export const KEY_ID_LENGTH = 8;

/** Allocates: for boot, and for people. */
export function keyId(aead: Aead): Uint8Array<ArrayBuffer> {
  const work = new Uint8Array(TAG_LENGTH + NONCE_LENGTH);
  work.fill(LAST_IV_OCTET, TAG_LENGTH);
  aead.seal(work, 0, 0, TAG_LENGTH, work.length, work.length);
  return work.slice(0, KEY_ID_LENGTH);
}

/** @param other undefined: there is none, and so it is another one */
export function isSameKeyId(id: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && id.every((octet, i) => octet === other[i]);
}
