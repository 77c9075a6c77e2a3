/** Sends bytes as they are: packets that need no frame, and frames that are made already. */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";

export class BareEncoder implements FrameEncoder {
  #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  maxFrameLength(packetLength: number): number {
    return packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (start === end) {
      return NOT_A_PACKET;
    }
    if (end - start > limit - at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(at, start, end);
    return at + end - start;
  }
}

/** As `Framing.sealedEncoder` of frames that may be secured. @param over what carries them; undefined: they stand bare */
export function sealedEncoderOf(over: Framing | undefined): (memory: FixedMemory) => FrameEncoder {
  return (memory) => over?.encoder(memory) ?? new BareEncoder(memory);
}
