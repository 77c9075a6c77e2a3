/** Every bit of a secured frame flipped, by somebody without the key. Knows no platform: also runs inside XS. */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { cobs } from "../../modules/framing/formats/cobs.js";
import { tcFrames } from "../../modules/framing/formats/tc-frames.js";
import { uslp } from "../../modules/framing/formats/uslp.js";
import { frame as frameOf } from "../framing/workbench.js";
import { MemoryStore } from "./memory-store.js";
import { mended, TC, tcFrame, telecommand, USLP, uslpFrame } from "./sealed-frames.js";
import { board, receiver } from "./secured-ends.js";
import { digitsOf, SecuredPort } from "./secured-port.js";

const PACKET = telecommand(13, 5);
const IV = 7;

interface Case {
  readonly frame: Uint8Array;
  framing(security: ReturnType<typeof board>): Framing;
  /** Bits that nothing says to be wrong, once the FECF is right: they mean nothing to the board. */
  readonly uncovered: readonly number[];
}

/** Every bit of the octets [first, end). */
function bitsOf(first: number, end: number): number[] {
  return Array.from({ length: 8 * (end - first) }, (_, i) => 8 * first + i);
}

/** All of the headers, the SPI, and nothing of the IV. */
function wholeMask(headerLength: number): number[] {
  return Array.from({ length: headerLength + 14 }, (_, i) => (i < headerLength + 2 ? 0xff : 0));
}

/** Of a TC frame: the sequence number, which is not looked at in frames that bypass the sequence control. */
const SEQUENCE_NUMBER = bitsOf(4, 5);
/** Of a USLP frame: whether source or destination, whether it bypasses the sequence control, two spare bits. */
const USLP_FLAGS = [8 * 2 + 4, 8 * 6, 8 * 6 + 2, 8 * 6 + 3];

export const flipCases: Readonly<Record<string, Case>> = {
  tc: {
    frame: tcFrame([PACKET], { ivValue: IV }),
    framing: (security) => tcFrames({ ...TC, security }),
    uncovered: SEQUENCE_NUMBER,
  },
  "tc with a segment header": {
    frame: tcFrame([PACKET], { ivValue: IV, mapId: 3 }),
    framing: (security) => tcFrames({ ...TC, mapId: 3, security }),
    uncovered: SEQUENCE_NUMBER,
  },
  "tc with several packets": {
    frame: tcFrame([PACKET, telecommand(9, 6)], { ivValue: IV }),
    framing: (security) => tcFrames({ ...TC, security }),
    uncovered: SEQUENCE_NUMBER,
  },
  uslp: {
    frame: uslpFrame(PACKET, { ivValue: IV }),
    framing: (security) => uslp({ ...USLP, security }),
    // And the VC frame count.
    uncovered: [...USLP_FLAGS, ...bitsOf(7, 9)],
  },
  "uslp with an insert zone and an operational control field": {
    frame: uslpFrame(PACKET, { ivValue: IV, insert: 3, control: true }),
    framing: (security) => uslp({ ...USLP, insertZoneLength: 3, security }),
    // And VC frame count, insert zone, operational control field.
    uncovered: [...USLP_FLAGS, ...bitsOf(7, 12), ...bitsOf(12 + 14 + 14 + 16, 12 + 14 + 14 + 16 + 4)],
  },
  "tc, all of the header authenticated": {
    frame: tcFrame([PACKET], { ivValue: IV, authMask: wholeMask(5) }),
    framing: (security) => tcFrames({ ...TC, authMask: wholeMask(5), security }),
    uncovered: [],
  },
  "uslp, all of the header authenticated": {
    frame: uslpFrame(PACKET, { ivValue: IV, authMask: wholeMask(9) }),
    framing: (security) => uslp({ ...USLP, authMask: wholeMask(9), security }),
    uncovered: [],
  },
};

/** With a length that a flipped bit says, the frame as long as that: what is missing are zeros. */
function stretched(frame: Uint8Array, isUslp: boolean): Uint8Array {
  const length = 1 + (isUslp ? (frame[4]! << 8) | frame[5]! : ((frame[2]! & 3) << 8) | frame[3]!);
  const bytes = new Uint8Array(Math.max(length, 3));
  bytes.set(frame.subarray(0, bytes.length));
  writeCrc16(bytes, 0, bytes.length);
  return bytes;
}

/**
 * @param mends the FECF is made right after the flip, and the frame as long as it says
 * @returns what is wrong, or of how many bits how many were taken for right
 */
export function flipAll(name: string, mends: boolean): string {
  const { framing, frame, uncovered } = flipCases[name]!;
  const isUslp = name.startsWith("uslp");
  const store = new MemoryStore();
  const association = receiver(store);
  const security = board(association);
  const port = framing(security);
  const writes = store.saved.length;
  const good = new SecuredPort(port);
  good.refuses = true;
  const expected = digitsOf(PACKET);
  const accepted: number[] = [];
  const bits = 8 * (mends ? frame.length - 2 : frame.length);
  for (let bit = 0; bit < bits; bit++) {
    let forged: Uint8Array = frame.slice();
    forged[bit >> 3]! ^= 0x80 >> (bit & 7);
    const lengthAt = isUslp ? [32, 48] : [22, 32];
    if (mends) {
      forged = bit >= lengthAt[0]! && bit < lengthAt[1]! ? stretched(forged, isUslp) : mended(forged);
    }
    const attacker = new SecuredPort(port, "passOver", 70_000);
    attacker.refuses = true;
    attacker.give(forged);
    if (attacker.offered > 0) {
      accepted.push(bit);
    } else {
      attacker.late();
    }
    attacker.reset();
    if (association.last !== 0 || store.saved.length !== writes) {
      return `bit ${bit}: the counter is ${association.last}`;
    }
    good.give(frame);
    if (good.offered !== bit + 1) {
      return `bit ${bit}: the good frame is refused`;
    }
    good.reset();
  }
  const allowed = mends ? uncovered : [];
  if (JSON.stringify(accepted) !== JSON.stringify(allowed)) {
    return `taken for right with these bits flipped: ${accepted}, not ${allowed}`;
  }
  good.refuses = false;
  good.give(frame);
  if (good.taken[0] !== expected || association.last !== IV) {
    return `the good frame gives ${good.taken}`;
  }
  // Once it is taken, a bit that nothing covers makes no other frame of it.
  for (const bit of allowed) {
    const again = frame.slice();
    again[bit >> 3]! ^= 0x80 >> (bit & 7);
    const attacker = new SecuredPort(port);
    attacker.give(mended(again));
    if (attacker.offered > 0) {
      return `bit ${bit}: taken once more`;
    }
  }
  return `${bits} bits, ${accepted.length} without effect`;
}

/** Every bit of a frame over COBS, as it is on the stream. @returns what is wrong, or how many bits there were */
export function flipCarried(): string {
  const association = receiver();
  const framing = tcFrames({ ...TC, over: cobs({ maxPacketLength: 1024 }), security: board(association) });
  const frame = frameOf(cobs(), flipCases["tc"]!.frame);
  const port = new SecuredPort(framing);
  port.refuses = true;
  for (let bit = 0; bit < 8 * frame.length; bit++) {
    const forged = frame.slice();
    forged[bit >> 3]! ^= 0x80 >> (bit & 7);
    port.give(forged);
    port.give(Uint8Array.of(0));
    if (port.offered > 0 || association.last !== 0) {
      return `bit ${bit} is taken for right`;
    }
  }
  port.refuses = false;
  port.give(frame);
  return `${8 * frame.length} bits, ${port.taken.length} good frame`;
}
