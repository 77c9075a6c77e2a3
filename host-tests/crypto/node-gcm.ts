/** AES-256-GCM of Node's crypto, as a platform hands in its own: a second `Aead`, which shares no code with ours. */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { type Aead, NONCE_LENGTH, TAG_LENGTH } from "../../modules/crypto/aead.js";

const ALGORITHM = "aes-256-gcm";
const KEY_LENGTH = 32;

function isRange(start: number, end: number, most: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start <= end && end <= most;
}

export class NodeGcm implements Aead {
  /** Undefined: it is erased. */
  #key: Uint8Array | undefined;
  /** Texts that were sealed, and that were opened. */
  sealed = 0;
  opened = 0;

  constructor(key: Uint8Array) {
    if (key.length !== KEY_LENGTH) {
      throw new RangeError(`key must have ${KEY_LENGTH} bytes, not ${key.length}`);
    }
    this.#key = key.slice();
  }

  seal(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): void {
    const key = this.#keyFor(bytes, start, end, nonceAt, aadStart, aadEnd);
    if (key === undefined) {
      throw new RangeError("the key is erased, or a range is not within the array");
    }
    const cipher = createCipheriv(ALGORITHM, key, bytes.slice(nonceAt, nonceAt + NONCE_LENGTH));
    cipher.setAAD(bytes.slice(aadStart, aadEnd));
    const text = Buffer.concat([cipher.update(bytes.slice(start, end)), cipher.final()]);
    bytes.set(text, start);
    bytes.set(cipher.getAuthTag(), end);
    this.sealed++;
  }

  open(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): boolean {
    const key = this.#keyFor(bytes, start, end, nonceAt, aadStart, aadEnd);
    if (key === undefined) {
      return false;
    }
    const nonce = bytes.slice(nonceAt, nonceAt + NONCE_LENGTH);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(bytes.slice(aadStart, aadEnd)).setAuthTag(bytes.slice(end, end + TAG_LENGTH));
    const text = decipher.update(bytes.slice(start, end));
    try {
      decipher.final();
    } catch {
      return false;
    }
    bytes.set(text, start);
    this.opened++;
    return true;
  }

  erase(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }

  /** @returns undefined: it is erased, or a range is not within the array */
  #keyFor(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number) {
    const { length } = bytes;
    const areWithin =
      isRange(start, end, length - TAG_LENGTH) &&
      isRange(nonceAt, nonceAt + NONCE_LENGTH, length) &&
      isRange(aadStart, aadEnd, length);
    return areWithin ? this.#key : undefined;
  }
}
