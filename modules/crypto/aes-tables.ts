/** The tables of AES (FIPS 197) and of GHASH by four bits at a time. Made once, and only read. */
import { flashTable } from "../checks/flash-table.js";

/** Multiplies by x in the field of AES. */
function twice(octet: number): number {
  return ((octet << 1) ^ (octet & 0x80 ? 0x11b : 0)) & 0xff;
}

/**
 * For each octet, what substitution and column mix make of it in the first row of a column: 2s, s, s, 3s, high octet first;
 * as 32 bits with a sign. The substitution alone is its third octet. Other rows: the same, turned by octets.
 */
export const ROUND = flashTable(makeRound());

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

/** What four bits that leave a GHASH product on the right come back as, in the highest 16 bits. */
export const REDUCTION = flashTable(
  [
    0x0000, 0x1c20, 0x3840, 0x2460, 0x7080, 0x6ca0, 0x48c0, 0x54e0, 0xe100, 0xfd20, 0xd940, 0xc560, 0x9180, 0x8da0,
    0xa9c0, 0xb5e0,
  ].map((bits) => bits << 16),
);
