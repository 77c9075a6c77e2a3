/**
 * CLTUs out of a datagram, and what they carry (CCSDS 231.0-B-4, section 5): each is a start sequence, code blocks, and a tail
 * sequence, which is no code block and so ends the decoding.
 *
 * | state | what is looked at | leads on |
 * | --- | --- | --- |
 * | SEARCH | octet after octet, for the start sequence | it is found: DECODE |
 * | DECODE | code block after code block | one is rejected, or there is no whole one: the CLTU is over, SEARCH |
 *
 * The standard's third state, INACTIVE, is what is between two datagrams. A sender puts CLTUs at octets, so it is not searched bit by
 * bit. Errors are detected and not corrected (TED), so that the start sequence must be without an error, too.
 */
import { CODE_BLOCK_LENGTH, INFORMATION_LENGTH, isCodeBlock } from "./bch-code.js";

const START_SEQUENCE = [0xeb, 0x90] as const;
const TAIL_SEQUENCE = [0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0xc5, 0x79] as const;

/** Why a CLTU is over. */
export type CltuEnd =
  /** The tail sequence. */
  | "tailSequence"
  /** Something else that is no code block: damage, or a tail sequence of the sender's own. */
  | "codeBlockRejected"
  /** The datagram. */
  | "cutOff";

export interface Cltu {
  /** Transfer frames, and what fills up the last code block. */
  readonly data: Uint8Array;
  readonly end: CltuEnd;
}

/** @param isRandomized the data was randomized before it was encoded */
export function decodeCltus(datagram: Uint8Array, isRandomized: boolean): Cltu[] {
  const cltus: Cltu[] = [];
  let state: "SEARCH" | "DECODE" = "SEARCH";
  let at = 0;
  let start = 0;
  while (at < datagram.length) {
    if (state === "SEARCH") {
      if (stands(datagram, at, START_SEQUENCE)) {
        at += START_SEQUENCE.length;
        start = at;
        state = "DECODE";
      } else {
        at++;
      }
    } else if (at + CODE_BLOCK_LENGTH <= datagram.length && isCodeBlock(datagram, at)) {
      at += CODE_BLOCK_LENGTH;
    } else {
      const end = endAt(datagram, at);
      cltus.push({ data: informationOf(datagram.subarray(start, at), isRandomized), end });
      // Behind the tail sequence: it is known not to hold a start sequence.
      at += end === "tailSequence" ? TAIL_SEQUENCE.length : 0;
      state = "SEARCH";
    }
  }
  if (state === "DECODE") {
    cltus.push({ data: informationOf(datagram.subarray(start, at), isRandomized), end: "cutOff" });
  }
  return cltus;
}

function endAt(datagram: Uint8Array, at: number): CltuEnd {
  if (stands(datagram, at, TAIL_SEQUENCE)) {
    return "tailSequence";
  }
  return at + CODE_BLOCK_LENGTH > datagram.length ? "cutOff" : "codeBlockRejected";
}

function stands(bytes: Uint8Array, at: number, sequence: readonly number[]): boolean {
  return sequence.every((octet, i) => bytes[at + i] === octet);
}

function informationOf(codeBlocks: Uint8Array, isRandomized: boolean): Uint8Array {
  const blocks = codeBlocks.length / CODE_BLOCK_LENGTH;
  const data = new Uint8Array(blocks * INFORMATION_LENGTH);
  for (let k = 0; k < blocks; k++) {
    const from = k * CODE_BLOCK_LENGTH;
    data.set(codeBlocks.subarray(from, from + INFORMATION_LENGTH), k * INFORMATION_LENGTH);
  }
  return isRandomized ? derandomized(data) : data;
}

/** Octets after which the sequence begins again. */
const PERIOD = 255;

/** x^8 + x^6 + x^4 + x^3 + x^2 + x + 1, begun with ones: what randomized data is combined with (CCSDS 231.0-B-4, section 6). */
const RANDOM_SEQUENCE: readonly number[] = Object.freeze(randomSequence());

function randomSequence(): number[] {
  let register = 0xff;
  return Array.from({ length: PERIOD }, () => {
    let octet = 0;
    for (let k = 0; k < 8; k++) {
      // The register's bit 7 is what comes out; each tap is the bit that went in so many steps before.
      octet = (octet << 1) | (register >> 7);
      const fed =
        (register >> 7) ^ (register >> 6) ^ (register >> 5) ^ (register >> 4) ^ (register >> 3) ^ (register >> 1);
      register = ((register << 1) & 0xff) | (fed & 1);
    }
    return octet;
  });
}

/** Randomizing again takes it away. */
function derandomized(data: Uint8Array): Uint8Array {
  return data.map((octet, i) => octet ^ RANDOM_SEQUENCE[i % PERIOD]!);
}
