/**
 * The BCH code of telecommands, (63,56): seven octets and one of parity (CCSDS 231.0-B-4, section 3).
 *
 * ```
 * information 56 bits | parity 7 bits, complemented | filler bit 0
 * ```
 *
 * Used to detect errors only, which the standard calls TED: what comes over a network is whole or not there.
 */

/** Octets of a code block. */
export const CODE_BLOCK_LENGTH = 8;
/** Octets of it that are information. */
export const INFORMATION_LENGTH = 7;

/** x^7 + x^6 + x^2 + 1, without its first term. */
const GENERATOR = 0b1000101;
const REGISTER = 0x7f;

/** What an octet leaves in the register when it is shifted in over nothing. What is in the register counts with its high bits. */
const TABLE: readonly number[] = Object.freeze(
  Array.from({ length: 256 }, (_, octet) => {
    let register = 0;
    for (let bit = 7; bit >= 0; bit--) {
      const isSet = (((octet >> bit) & 1) ^ (register >> 6)) === 1;
      register = ((register << 1) & REGISTER) ^ (isSet ? GENERATOR : 0);
    }
    return register;
  }),
);

/**
 * @param at offset of seven octets of information
 * @returns the eighth octet: parity, complemented, and the filler bit
 */
export function parityOctet(bytes: Uint8Array, at: number): number {
  let register = 0;
  for (let i = at; i < at + INFORMATION_LENGTH; i++) {
    register = TABLE[bytes[i]! ^ (register << 1)]!;
  }
  return (~register & REGISTER) << 1;
}

/** True: no error is seen in the code block at this offset. The filler bit is not looked at. */
export function isCodeBlock(bytes: Uint8Array, at: number): boolean {
  return ((parityOctet(bytes, at) ^ bytes[at + INFORMATION_LENGTH]!) & 0xfe) === 0;
}
