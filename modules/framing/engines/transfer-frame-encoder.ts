/**
 * The encoder of transfer frames: each space packet goes into one of its own, sealed where that is agreed. The frame is built where
 * it stays; or, with a carrier, at the very end of the room, from where that takes it. What a frame's headers are is the framing's
 * to say.
 */
import { CRC16_LENGTH, writeCrc16 } from "../../ccsds/crc16.js";
import { checkSpacePacket, packetLength, VALID } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { Sealing } from "../contract/frame-security.js";
import { DOES_NOT_FIT, type FrameEncoder, NOT_A_PACKET } from "../contract/framing.js";

/** What is agreed for the frames sent, whatever their headers. */
export interface SentAgreement {
  /** A frame error control field, a CRC-16, ends every frame. */
  readonly frameErrorControl: boolean;
  /** In octets. A packet that makes a longer frame is not sent. */
  readonly maxFrameLength: number;
}

export abstract class TransferFrameEncoder<Sent extends SentAgreement> implements FrameEncoder {
  protected readonly bytes: Uint8Array;
  protected readonly sent: Sent;
  #carrier: FrameEncoder | undefined;
  #trailerLength: number;
  #sealing: Sealing | undefined;
  /** Octets in front of the packet in its frame, and all beside it. */
  #leading: number;
  #overhead: number;

  /** @param leading octets in front of the packet in its frame, a security header not counted */
  protected constructor(
    memory: FixedMemory,
    sent: Sent,
    leading: number,
    carrier: FrameEncoder | undefined,
    trailerLength: number,
    sealing: Sealing | undefined,
  ) {
    this.bytes = memory.bytes;
    this.sent = sent;
    this.#carrier = carrier;
    this.#trailerLength = trailerLength;
    this.#sealing = sealing;
    this.#leading = leading + (sealing === undefined ? 0 : SECURITY_HEADER_LENGTH);
    this.#overhead = this.#leading + (sealing === undefined ? 0 : SECURITY_TRAILER_LENGTH) + fecfLength(sent);
  }

  maxFrameLength(packetLength: number): number {
    const length = packetLength + this.#overhead;
    return Math.max(length + scratchLength(this.#sealing), this.#carrier?.maxFrameLength(length) ?? 0);
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const { bytes, sent } = this;
    const sealing = this.#sealing;
    const packetEnd = end - this.#trailerLength;
    const length = end - start + this.#overhead;
    if (
      checkSpacePacket(bytes, start, packetEnd) !== VALID ||
      packetLength(bytes, start) !== packetEnd - start ||
      length > sent.maxFrameLength
    ) {
      return NOT_A_PACKET;
    }
    if (length + scratchLength(sealing) > limit - at) {
      return DOES_NOT_FIT;
    }
    const carrier = this.#carrier;
    const first = carrier === undefined ? at : limit - length;
    const packetAt = first + this.#leading;
    bytes.copyWithin(packetAt, start, end);
    const headerEnd = this.writeHeaders(first, length, packetAt);
    if (sealing !== undefined) {
      const scratch = carrier === undefined ? first + length : first - scratchLength(sealing);
      const dataEnd = first + length - fecfLength(sent);
      if (sealing.sealer?.seal(bytes, first, headerEnd, dataEnd, sealing.mask, scratch) !== true) {
        return NOT_A_PACKET;
      }
    }
    if (sent.frameErrorControl) {
      writeCrc16(bytes, first, first + length);
    }
    return carrier === undefined ? first + length : carrier.encode(first, limit, at, limit);
  }

  taken(): void {
    this.#sealing?.sealer?.taken();
    this.#carrier?.taken?.();
  }

  /**
   * Writes what stands in front of the packet, but for a security header.
   * @param first offset of the frame
   * @param length octets in the whole frame
   * @param packetAt offset of the packet
   * @returns the offset where the security header begins, if there is one
   */
  protected abstract writeHeaders(first: number, length: number, packetAt: number): number;
}

function fecfLength({ frameErrorControl }: SentAgreement): number {
  return frameErrorControl ? CRC16_LENGTH : 0;
}

/** Octets of scratch memory that sealing needs, in front of the frame or behind it. */
function scratchLength(sealing: Sealing | undefined): number {
  return sealing === undefined ? 0 : sealing.mask.length;
}
