/**
 * The 32-bit cyclic redundancy code of IEEE 802.3, as zlib, gzip and PNG have it: polynomial 0x04C11DB7, bits reflected,
 * preset to all ones, inverted at the end (also known as CRC-32/ISO-HDLC).
 *
 * Numbers here are signed: 32-bit integers are what XS calculates with fastest.
 */

import { flashTable } from "../../checks/flash-table.js";

/** Octets of the code behind a packet. */
export const CRC32_LENGTH = 4;

/** The polynomial, reflected: 0xEDB88320 as a signed number. */
const POLYNOMIAL = 0xedb88320 | 0;

const TABLE = flashTable(makeTable());

function makeTable(): number[] {
  const table: number[] = [];
  for (let octet = 0; octet < 256; octet++) {
    let crc = octet;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    table.push(crc | 0);
  }
  return table;
}

/** @returns the code of `bytes[start, end)`, as a signed 32-bit number */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  let state = -1;
  for (let i = start; i < end; i++) {
    state = (state >>> 8) ^ TABLE[(state ^ bytes[i]!) & 0xff]!;
  }
  return ~state;
}

/** Writes the code of `bytes[start, end - 4)` to the last four octets of `bytes[start, end)`, high octet first. */
export function writeCrc32(bytes: Uint8Array, start: number, end: number): void {
  const at = end - CRC32_LENGTH;
  const crc = crc32(bytes, start, at);
  bytes[at] = crc >>> 24;
  bytes[at + 1] = crc >>> 16;
  bytes[at + 2] = crc >>> 8;
  bytes[at + 3] = crc;
}

/** True: `bytes[start, end)` ends with the code of what precedes it, high octet first. */
export function hasValidCrc32(bytes: Uint8Array, start: number, end: number): boolean {
  const at = end - CRC32_LENGTH;
  if (at < start) {
    return false;
  }
  const found = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  return found === crc32(bytes, start, at);
}
