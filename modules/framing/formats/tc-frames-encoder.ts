/** Puts each space packet into a TC transfer frame of type BD of its own, sealed where that is agreed (CCSDS 232.0-B-4, 4.1). */
import { CRC16_LENGTH, writeCrc16 } from "../../ccsds/crc16.js";
import { checkSpacePacket, packetLength, VALID } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import { SEGMENT_HEADER_LENGTH, TC_HEADER_LENGTH, writeSegmentHeader, writeTcHeader } from "../../ccsds/tc-frame.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { Sealing } from "../contract/frame-security.js";
import { DOES_NOT_FIT, type FrameEncoder, NOT_A_PACKET } from "../contract/framing.js";
import type { TcAgreement } from "./tc-frame-stream.js";
import type { TcDataField } from "./tc-frames-decoder.js";

/** Builds each transfer frame where it stays; or, with a carrier, at the very end of the room, from where that takes it. */
export class TcFramesEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #sent: TcAgreement & TcDataField;
  #carrier: FrameEncoder | undefined;
  #trailerLength: number;
  #leading: number;
  #fecfLength: number;
  #sealing: Sealing | undefined;
  /** Octets of a frame beside its packet, and of scratch memory in front of it or behind it. */
  #overhead: number;
  #scratchLength: number;

  constructor(
    memory: FixedMemory,
    sent: TcAgreement & TcDataField,
    carrier: FrameEncoder | undefined,
    trailerLength: number,
    sealing: Sealing | undefined,
  ) {
    this.#bytes = memory.bytes;
    this.#sent = sent;
    this.#carrier = carrier;
    this.#trailerLength = trailerLength;
    this.#sealing = sealing;
    this.#fecfLength = sent.frameErrorControl ? CRC16_LENGTH : 0;
    this.#leading = TC_HEADER_LENGTH + (sent.mapId === undefined ? 0 : SEGMENT_HEADER_LENGTH);
    this.#overhead = this.#leading + this.#fecfLength;
    this.#scratchLength = 0;
    if (sealing !== undefined) {
      this.#leading += SECURITY_HEADER_LENGTH;
      this.#overhead += SECURITY_HEADER_LENGTH + SECURITY_TRAILER_LENGTH;
      this.#scratchLength = sealing.mask.length;
    }
  }

  maxFrameLength(packetLength: number): number {
    const length = packetLength + this.#overhead;
    return Math.max(length + this.#scratchLength, this.#carrier?.maxFrameLength(length) ?? 0);
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const sent = this.#sent;
    const packetEnd = end - this.#trailerLength;
    const length = end - start + this.#overhead;
    if (
      checkSpacePacket(bytes, start, packetEnd) !== VALID ||
      packetLength(bytes, start) !== packetEnd - start ||
      length > sent.maxFrameLength
    ) {
      return NOT_A_PACKET;
    }
    if (length + this.#scratchLength > limit - at) {
      return DOES_NOT_FIT;
    }
    const carrier = this.#carrier;
    const first = carrier === undefined ? at : limit - length;
    bytes.copyWithin(first + this.#leading, start, end);
    let headerEnd = writeTcHeader(bytes, first, sent.spacecraftId, sent.virtualChannelId, length);
    if (sent.mapId !== undefined) {
      headerEnd = writeSegmentHeader(bytes, headerEnd, sent.mapId);
    }
    const sealing = this.#sealing;
    if (sealing !== undefined) {
      const scratch = carrier === undefined ? first + length : first - this.#scratchLength;
      const dataEnd = first + length - this.#fecfLength;
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
}
