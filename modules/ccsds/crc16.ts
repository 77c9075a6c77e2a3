/**
 * The 16-bit cyclic redundancy code of CCSDS and ECSS packets: polynomial x^16 + x^12 + x^5 + 1 (0x1021), preset to all
 * ones, no reflection, no final inversion (ECSS-E-ST-70-41C, annex B.1; also known as CRC-16/IBM-3740 and CCITT-FALSE).
 *
 * Four octets a turn, each from a table of its own, and what is left octet by octet. XS pays for every operator, so the state is
 * kept with its two octets exchanged, which saves one an octet; and it reads typed arrays slower than plain ones.
 */

import { flashTable } from "../checks/flash-table.js";

/** Octets of the code at the end of a packet. */
export const CRC16_LENGTH = 2;
/** What the code starts from. */
export const CRC16_PRESET = 0xffff;

const POLYNOMIAL = 0x1021;

/** For each octet, its code with the two octets exchanged: of the octet itself, and with one, two and three zeros behind it. */
const LAST = flashTable(makeTable());
const THIRD = flashTable(LAST.map(followedByZero));
const SECOND = flashTable(THIRD.map(followedByZero));
const FIRST = flashTable(SECOND.map(followedByZero));

function makeTable(): number[] {
  const table: number[] = [];
  for (let octet = 0; octet < 256; octet++) {
    let crc = octet << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
    }
    table.push(exchange(crc & 0xffff));
  }
  return table;
}

function followedByZero(state: number): number {
  return (state >> 8) ^ (LAST[state & 0xff] as number);
}

function exchange(crc: number): number {
  return ((crc & 0xff) << 8) | (crc >> 8);
}

/**
 * Computes the code of `bytes[start, end)`. Over a packet that ends with its own code the result is 0.
 * @param crc the result for the bytes before these, when they come in pieces
 * @returns 0 to 65,535
 */
export function crc16(bytes: Uint8Array, start: number, end: number, crc: number = CRC16_PRESET): number {
  let state = ((crc & 0xff) << 8) | (crc >> 8);
  let i = start;
  const stop = end - 3;
  while (i < stop) {
    state =
      (FIRST[(state & 0xff) ^ (bytes[i] as number)] as number) ^
      (SECOND[(state >> 8) ^ (bytes[i + 1] as number)] as number) ^
      (THIRD[bytes[i + 2] as number] as number) ^
      (LAST[bytes[i + 3] as number] as number);
    i += 4;
  }
  while (i < end) {
    state = (state >> 8) ^ (LAST[(state & 0xff) ^ (bytes[i++] as number)] as number);
  }
  return ((state & 0xff) << 8) | (state >> 8);
}

/** Writes the code of `bytes[start, end - 2)` to the last two octets of `bytes[start, end)`, high octet first. */
export function writeCrc16(bytes: Uint8Array, start: number, end: number): void {
  const crc = crc16(bytes, start, end - CRC16_LENGTH);
  bytes[end - 2] = crc >> 8;
  bytes[end - 1] = crc;
}

/** True: `bytes[start, end)` ends with the code of what precedes it. */
export function hasValidCrc16(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start >= CRC16_LENGTH && crc16(bytes, start, end) === 0;
}
