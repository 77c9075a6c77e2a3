/**
 * Space Data Link Security for AES-GCM: the security header and trailer of a transfer frame, read and written in place
 * (CCSDS 355.0-B-2, 4.1).
 *
 * ```
 * header of the transfer frame | SPI 2 | IV 12 | text, encrypted | MAC 16 | what ends the transfer frame
 * ```
 *
 * The initialization vector is the anti-replay sequence number, too: a counter of 96 bits, high octet first. There is no
 * sequence number field and no pad length field.
 *
 * Plain functions over (bytes, at). They judge nothing and allocate nothing.
 */

/** Octets of the security parameter index. */
export const SPI_LENGTH = 2;
/** Octets of the initialization vector. */
export const IV_LENGTH = 12;
export const SECURITY_HEADER_LENGTH = SPI_LENGTH + IV_LENGTH;
/** Octets of the message authentication code. */
export const SECURITY_TRAILER_LENGTH = 16;
/** 0 and 65,535 are reserved (CCSDS 355.0-B-2, 4.1.1.2). */
export const MIN_SPI = 1;
export const MAX_SPI = 0xfffe;
/** `spiOf`, where there is no security association. */
export const NO_SPI = 0;

/** The security parameter index of a security header. @param at offset of the header */
export function spiOf(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!;
}

export function writeSpi(bytes: Uint8Array, at: number, spi: number): void {
  bytes[at] = spi >> 8;
  bytes[at + 1] = spi;
}

/**
 * Writes the associated data of a frame: its header and its security header, each octet under its mask
 * (CCSDS 355.0-B-2, 4.2).
 * @param frame offset of the transfer frame
 * @param mask one octet for each of the frame, from its first to the last of the security header
 * @param to offset that the associated data is written to
 * @returns the offset behind it
 */
export function writeAssociatedData(bytes: Uint8Array, frame: number, mask: readonly number[], to: number): number {
  for (let i = 0; i < mask.length; i++) {
    bytes[to + i] = bytes[frame + i]! & mask[i]!;
  }
  return to + mask.length;
}

/** True: two security headers have the same SPI, and the IV of the one at `at` is next to that of the one at `before`. */
export function followsInAssociation(bytes: Uint8Array, at: number, before: number): boolean {
  if (spiOf(bytes, at) !== spiOf(bytes, before)) {
    return false;
  }
  let carry = 1;
  for (let i = SECURITY_HEADER_LENGTH - 1; i >= SPI_LENGTH; i--) {
    const sum = bytes[before + i]! + carry;
    if (bytes[at + i] !== (sum & 0xff)) {
      return false;
    }
    carry = sum >> 8;
  }
  return true;
}

/** The mask of a security header: the SPI is authenticated, and the IV needs not be, as it is the nonce. */
export const SECURITY_HEADER_MASK: readonly number[] = Object.freeze([0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
