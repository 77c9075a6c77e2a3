/** TC transfer frames on a byte stream: the frame length of each says where the next one begins (CCSDS 232.0-B-4). */
import { CRC16_LENGTH, hasValidCrc16 } from "../../ccsds/crc16.js";
import { isTcVersion, TC_HEADER_LENGTH, tcFrameLength, tcSpacecraftId } from "../../ccsds/tc-frame.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { BadFrames, FrameDecoder, Framing } from "../contract/framing.js";
import {
  ACCEPT_PACKET,
  joinChecks,
  type PacketCheck,
  type PacketValidator,
  REJECT_PACKET,
} from "../contract/packet-check.js";
import { ScanningDecoder } from "../engines/scanning-decoder.js";
import type { StreamFormat } from "../engines/stream-format.js";

/** Version number or reserved spare are not 0: no TC transfer frame begins here. */
export const UNSUPPORTED_FRAME_VERSION = 0;
/** The spacecraft ID is another one. */
export const OTHER_SPACECRAFT = 1;
/** The frame length is less than the frame's own fields take. */
export const FRAME_TOO_SHORT = 2;
/** The frame length is more than allowed. */
export const FRAME_TOO_LONG = 3;
const REASONS = Object.freeze(["unsupportedFrameVersion", "otherSpacecraft", "frameTooShort", "frameTooLong"]);

/** What is agreed for all frames of a physical channel. */
export interface TcAgreement {
  readonly spacecraftId: number;
  /** A frame error control field, a CRC-16, ends every frame. */
  readonly frameErrorControl: boolean;
  readonly maxFrameLength: number;
}

class TcFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  readonly leading = 0;
  readonly trailing = 0;
  readonly kind = 0;
  /** Version, spare and spacecraft ID: 14 bits. */
  readonly isTelling = true;
  readonly tooShort = FRAME_TOO_SHORT;
  announced = 0;
  #spacecraftId: number;
  #leastLength: number;

  constructor(agreement: TcAgreement) {
    this.maxWanted = agreement.maxFrameLength;
    this.#spacecraftId = agreement.spacecraftId;
    // A control command has one octet.
    this.#leastLength = TC_HEADER_LENGTH + 1 + (agreement.frameErrorControl ? CRC16_LENGTH : 0);
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    if (!isTcVersion(bytes, at)) {
      return -1 - UNSUPPORTED_FRAME_VERSION;
    }
    if (available >= 2 && tcSpacecraftId(bytes, at) !== this.#spacecraftId) {
      return -1 - OTHER_SPACECRAFT;
    }
    if (available < TC_HEADER_LENGTH) {
      return TC_HEADER_LENGTH;
    }
    const length = tcFrameLength(bytes, at);
    if (length < this.#leastLength) {
      if (length >= TC_HEADER_LENGTH) {
        if (available < length) {
          return length;
        }
        this.announced = length;
      }
      return -1 - FRAME_TOO_SHORT;
    }
    if (length > this.maxWanted) {
      this.announced = length;
      return -1 - FRAME_TOO_LONG;
    }
    return length;
  }
}

/** Judges what another framing has delivered: whether it is one whole transfer frame. */
function frameValidator(agreement: TcAgreement): PacketValidator {
  const format = new TcFormat(agreement);
  const { frameErrorControl } = agreement;
  return (bytes, start, end) => {
    const length = end - start;
    if (length < TC_HEADER_LENGTH || format.wanted(bytes, start, length) !== length) {
      return REJECT_PACKET;
    }
    return frameErrorControl && !hasValidCrc16(bytes, start, end) ? REJECT_PACKET : ACCEPT_PACKET;
  };
}

/** Finds transfer frames in a stream, each whole and with the error control that was agreed. */
export interface FrameSource {
  /** Bytes that a decoder needs. */
  readonly memory: number;
  /** @param area offset of these bytes */
  decoder(memory: FixedMemory, area: number, badFrames: BadFrames | undefined): FrameDecoder;
}

/** @param carrier each of its packets is a frame; undefined: the frames of the stream are nothing else */
export function tcFrameSource(agreement: TcAgreement, carrier: Framing | undefined): FrameSource {
  const check: PacketCheck | undefined = joinChecks(frameValidator(agreement), undefined, agreement.frameErrorControl);
  if (carrier !== undefined) {
    return {
      memory: carrier.decoderMemory,
      decoder: (memory, area, badFrames) => carrier.decoder(memory, area, check, badFrames),
    };
  }
  return {
    memory: agreement.maxFrameLength,
    decoder: (memory, area, badFrames) => new ScanningDecoder(memory, area, new TcFormat(agreement), check, badFrames),
  };
}
