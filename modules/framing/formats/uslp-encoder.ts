/**
 * Puts each space packet into a USLP transfer frame of its own, sealed where that is agreed (CCSDS 732.1-B, 4.1): construction
 * rule 111, no segmentation.
 */
import { writeCrc16 } from "../../ccsds/crc16.js";
import { checkSpacePacket, packetLength, VALID } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import {
  MIN_USLP_HEADER_LENGTH,
  NO_SEGMENTATION,
  PACKETS,
  type SourceOrDestination,
  vcFrameCountModulus,
  writeDataFieldHeader,
  writeUslpHeader,
} from "../../ccsds/uslp.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { Sealing } from "../contract/frame-security.js";
import { DOES_NOT_FIT, type FrameEncoder, NOT_A_PACKET } from "../contract/framing.js";

/** Octets of the data field's header, with this construction rule. */
const DATA_FIELD_HEADER_LENGTH = 1;

/** The options of the frames sent, checked. */
export interface SentFrame {
  readonly spacecraftId: number;
  readonly sourceOrDestination: SourceOrDestination;
  readonly virtualChannelId: number;
  readonly mapId: number;
  readonly vcFrameCountLength: number;
  readonly insertZoneLength: number;
  readonly fecfLength: number;
  /** Bytes; a packet that makes a longer one is not sent. */
  readonly maxFrameLength: number;
}

/** Builds each transfer frame where it stays; or, with a carrier, at the very end of the room, from where that takes it. */
export class UslpEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #sent: SentFrame;
  #carrier: FrameEncoder | undefined;
  #trailerLength: number;
  /** Octets in front of the packet in its frame, and all beside it. */
  #leading: number;
  #overhead: number;
  #sealing: Sealing | undefined;
  #vcFrameCount = 0;
  #modulus: number;

  constructor(
    memory: FixedMemory,
    sent: SentFrame,
    carrier: FrameEncoder | undefined,
    trailerLength: number,
    sealing: Sealing | undefined,
  ) {
    this.#bytes = memory.bytes;
    this.#sent = sent;
    this.#carrier = carrier;
    this.#trailerLength = trailerLength;
    this.#sealing = sealing;
    this.#leading =
      MIN_USLP_HEADER_LENGTH +
      sent.vcFrameCountLength +
      sent.insertZoneLength +
      (sealing === undefined ? 0 : SECURITY_HEADER_LENGTH) +
      DATA_FIELD_HEADER_LENGTH;
    this.#overhead = this.#leading + sent.fecfLength + (sealing === undefined ? 0 : SECURITY_TRAILER_LENGTH);
    this.#modulus = vcFrameCountModulus(sent.vcFrameCountLength);
  }

  maxFrameLength(packetLength: number): number {
    const length = packetLength + this.#overhead;
    return Math.max(length + scratchLength(this.#sealing), this.#carrier?.maxFrameLength(length) ?? 0);
  }

  encode(start: number, end: number, at: number, limit: number): number {
    const bytes = this.#bytes;
    const packetEnd = end - this.#trailerLength;
    const length = end - start + this.#overhead;
    if (
      checkSpacePacket(bytes, start, packetEnd) !== VALID ||
      packetLength(bytes, start) !== packetEnd - start ||
      length > this.#sent.maxFrameLength
    ) {
      return NOT_A_PACKET;
    }
    const scratchRoom = scratchLength(this.#sealing);
    if (length + scratchRoom > limit - at) {
      return DOES_NOT_FIT;
    }
    const carrier = this.#carrier;
    const first = carrier === undefined ? at : limit - length;
    bytes.copyWithin(first + this.#leading, start, end);
    const scratch = carrier === undefined ? first + length : first - scratchRoom;
    if (!this.#writeAround(first, first + length, scratch)) {
      return NOT_A_PACKET;
    }
    return carrier === undefined ? first + length : carrier.encode(first, limit, at, limit);
  }

  taken(): void {
    this.#vcFrameCount = (this.#vcFrameCount + 1) % this.#modulus;
    this.#sealing?.sealer?.taken();
    this.#carrier?.taken?.();
  }

  /**
   * Writes what stands in front of the packet, and behind it, in the frame [first, end), and seals it.
   * @returns false: it cannot be sealed
   */
  #writeAround(first: number, end: number, scratch: number): boolean {
    const bytes = this.#bytes;
    const sent = this.#sent;
    const headerEnd = writeUslpHeader(
      bytes,
      first,
      sent.spacecraftId,
      sent.sourceOrDestination,
      sent.virtualChannelId,
      sent.mapId,
      end - first,
      false,
      false,
      false,
      sent.vcFrameCountLength,
      this.#vcFrameCount,
    );
    const insertEnd = headerEnd + sent.insertZoneLength;
    bytes.fill(0, headerEnd, insertEnd);
    writeDataFieldHeader(bytes, first + this.#leading - DATA_FIELD_HEADER_LENGTH, NO_SEGMENTATION, PACKETS, 0);
    const sealing = this.#sealing;
    if (
      sealing !== undefined &&
      sealing.sealer?.seal(bytes, first, insertEnd, end - sent.fecfLength, sealing.mask, scratch) !== true
    ) {
      return false;
    }
    if (sent.fecfLength > 0) {
      writeCrc16(bytes, first, end);
    }
    return true;
  }
}

/** Octets of scratch memory, in front of the frame or behind it. */
function scratchLength(sealing: Sealing | undefined): number {
  return sealing === undefined ? 0 : sealing.mask.length;
}
