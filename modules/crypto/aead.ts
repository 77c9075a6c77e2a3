/**
 * Authenticated encryption in place (AEAD), as security associations need it. A platform that has one of its own, in native
 * code, hands it in; `aes-gcm.ts` runs anywhere.
 */

/** Octets of the nonce, and of the tag. */
export const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/**
 * One key. Text, nonce and associated data are ranges of the same array, all as offsets; none of them may overlap another
 * one. Nothing is allocated.
 */
export interface Aead {
  /**
   * Encrypts `bytes[start, end)` where it stands, and writes the tag behind it: `bytes[end, end + TAG_LENGTH)`.
   * @param nonceAt of `NONCE_LENGTH` octets, which were never used before with this key
   * @param aadStart octets that are not encrypted, and that the tag protects too: `bytes[aadStart, aadEnd)`
   * @throws RangeError when a range is not within the array, or the key is erased: nothing has changed
   */
  seal(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): void;
  /**
   * Checks the tag behind `bytes[start, end)`, and decrypts these octets only if it is right.
   * @returns false: it is wrong, a range is not within the array, or the key is erased; nothing has changed
   */
  open(bytes: Uint8Array, start: number, end: number, nonceAt: number, aadStart: number, aadEnd: number): boolean;
  /** Overwrites the key. It seals and opens nothing any more. */
  erase(): void;
}

/** Makes an AEAD of a key of 32 octets, which it copies. @throws RangeError for another length */
export type MakeAead = (key: Uint8Array) => Aead;
