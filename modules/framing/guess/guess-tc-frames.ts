/** What speaks for TC transfer frames in the first bytes of a stream, counted in bits: see `guess.ts`. Allocates. */
import { hasValidCrc16 } from "../../ccsds/crc16.js";
import { isTcVersion, TC_HEADER_LENGTH, tcFrameLength } from "../../ccsds/tc-frame.js";
import { carriedBits, isWhole } from "./guess-evidence.js";

/** So many bits a whole frame shows: version number, reserved spare, error control. */
const FRAME_BITS = 4 + 16;
/** The same version number, spare and spacecraft ID once more. */
const BEGINNING_BITS = 4 + 10;

/** Without its error control a frame tells too little of itself: four zeros, and a length that may be any. */
function isTcFrame(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start > TC_HEADER_LENGTH + 2 &&
    isTcVersion(bytes, start) &&
    tcFrameLength(bytes, start) === end - start &&
    hasValidCrc16(bytes, start, end)
  );
}

export function tcFramesBits(bytes: Uint8Array): number {
  let bits = 0;
  let at = 0;
  while (at + TC_HEADER_LENGTH <= bytes.length) {
    const end = at + tcFrameLength(bytes, at);
    if (end > bytes.length) {
      // The rest is still to come.
      const isAlike = at > 0 && bytes[at] === bytes[0] && bytes[at + 1] === bytes[1];
      return isAlike ? bits + BEGINNING_BITS : isTcVersion(bytes, at) ? bits : 0;
    }
    if (!isTcFrame(bytes, at, end)) {
      return 0;
    }
    bits += FRAME_BITS;
    at = end;
  }
  return bits > 0 && at === bytes.length && isWhole(bytes) ? bits + 10 : bits;
}

/** Nothing but COBS speaks for it where no frame is a TC transfer frame. */
export function tcFramesOverCobsBits(bytes: Uint8Array): number {
  let found = false;
  const bits = carriedBits(bytes, (frame, start, end) => {
    const isFrame = isTcFrame(frame, start, end);
    found ||= isFrame;
    return isFrame ? FRAME_BITS + 10 : 0;
  });
  return found ? bits : 0;
}
