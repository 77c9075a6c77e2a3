/** The tables of AES (FIPS 197). Made once, and only read. */
import { flashTable } from "../checks/flash-table.js";

/** Multiplies by x in the field of AES. */
function twice(octet: number): number {
  return ((octet << 1) ^ (octet & 0x80 ? 0x11b : 0)) & 0xff;
}

/**
 * For each octet, what substitution and column mix make of it in the first row of a column: 2s, s, s, 3s, high octet first;
 * as 32 bits with a sign. The substitution alone is its third octet.
 */
const ROUND = flashTable(makeRound());
/** The rows: the same, turned by octets. A board's flash has room for four tables, and turning costs a third of the time. */
export const FIRST_ROW = ROUND;
export const SECOND_ROW = flashTable(ROUND.map((entry) => (entry >>> 8) | (entry << 24)));
export const THIRD_ROW = flashTable(ROUND.map((entry) => (entry >>> 16) | (entry << 16)));
export const FOURTH_ROW = flashTable(ROUND.map((entry) => (entry >>> 24) | (entry << 8)));

function makeRound(): number[] {
  const table: number[] = new Array(256);
  // Goes through all octets but 0 by multiplying with 3, and through their inverses by dividing by it.
  let octet = 1;
  let inverse = 1;
  do {
    octet ^= twice(octet);
    inverse ^= inverse << 1;
    inverse ^= inverse << 2;
    inverse ^= inverse << 4;
    inverse = (inverse & 0xff) ^ (inverse & 0x80 ? 0x09 : 0);
    const turned = inverse | (inverse << 8);
    const mixed = inverse ^ (turned >> 7) ^ (turned >> 6) ^ (turned >> 5) ^ (turned >> 4);
    table[octet] = entry((mixed & 0xff) ^ 0x63);
  } while (octet !== 1);
  table[0] = entry(0x63);
  return table;
}

function entry(substituted: number): number {
  const two = twice(substituted);
  return (two << 24) | (substituted << 16) | (substituted << 8) | (two ^ substituted);
}

/** Substitutes each octet of a word. */
export function substituteWord(word: number): number {
  return (
    ((ROUND[word >>> 24]! & 0xff00) << 16) |
    ((ROUND[(word >> 16) & 0xff]! & 0xff00) << 8) |
    (ROUND[(word >> 8) & 0xff]! & 0xff00) |
    ((ROUND[word & 0xff]! >> 8) & 0xff)
  );
}

/** Round constants of the key expansion of AES-256, in the highest octet. */
export const ROUND_CONSTANTS = flashTable([1, 2, 4, 8, 16, 32, 64].map((octet) => octet << 24));
