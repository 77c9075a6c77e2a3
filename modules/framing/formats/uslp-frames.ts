/** USLP transfer frames on a byte stream: the frame length of each says where the next one begins (CCSDS 732.1-B). */
import { hasValidCrc16 } from "../../ccsds/crc16.js";
import {
  FRAME_ERROR_CONTROL_FIELD_LENGTH,
  isTruncated,
  MIN_USLP_HEADER_LENGTH,
  OPERATIONAL_CONTROL_FIELD_LENGTH,
  operationalControlFieldFlag,
  spacecraftId,
  transferFrameLength,
  transferFrameVersionNumber,
  USLP_VERSION,
  uslpHeaderLength,
} from "../../ccsds/uslp.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { DOES_NOT_FIT, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, joinChecks, type PacketValidator, REJECT_PACKET } from "../contract/packet-check.js";
import type { StreamFormat } from "../engines/stream-format.js";
import { streamBy } from "../engines/stream-framing.js";

/** The version is another one: no USLP transfer frame begins here. */
export const UNSUPPORTED_FRAME_VERSION = 0;
/** The header is a truncated one, which tells no length. */
export const TRUNCATED_HEADER = 1;
/** The spacecraft ID is another one. */
export const OTHER_SPACECRAFT = 2;
/** The frame length is less than the frame's own fields take. */
export const FRAME_TOO_SHORT = 3;
/** The frame length is more than allowed. */
export const FRAME_TOO_LONG = 4;
const REASONS = Object.freeze([
  "unsupportedFrameVersion",
  "truncatedHeader",
  "otherSpacecraft",
  "frameTooShort",
  "frameTooLong",
]);

/** What is agreed for all frames of a physical channel. */
export interface FrameAgreement {
  /** Undefined: any. */
  readonly spacecraftId: number | undefined;
  readonly insertZoneLength: number;
  /** A frame error control field, a CRC-16, ends every frame. */
  readonly frameErrorControl: boolean;
  readonly maxFrameLength: number;
}

class UslpFormat implements StreamFormat {
  readonly reasons = REASONS;
  readonly maxWanted: number;
  readonly leading = 0;
  readonly trailing = 0;
  readonly kind = 0;
  readonly isTelling: boolean;
  readonly tooShort = FRAME_TOO_SHORT;
  announced = 0;
  #spacecraftId: number;
  #trailerLength: number;
  /** Octets of the shortest frame, beside its primary header and its operational control field. */
  #leastLength: number;

  /** @param trailerLength bytes that a layer above has put behind each frame, which its length does not count */
  constructor(agreement: FrameAgreement, trailerLength: number) {
    this.maxWanted = agreement.maxFrameLength;
    this.isTelling = agreement.spacecraftId !== undefined;
    this.#spacecraftId = agreement.spacecraftId ?? -1;
    this.#trailerLength = trailerLength;
    this.#leastLength =
      agreement.insertZoneLength + 1 + (agreement.frameErrorControl ? FRAME_ERROR_CONTROL_FIELD_LENGTH : 0);
  }

  wanted(bytes: Uint8Array, at: number, available: number): number {
    if (transferFrameVersionNumber(bytes, at) !== USLP_VERSION) {
      return -1 - UNSUPPORTED_FRAME_VERSION;
    }
    if (available >= 3 && this.#spacecraftId >= 0 && spacecraftId(bytes, at) !== this.#spacecraftId) {
      return -1 - OTHER_SPACECRAFT;
    }
    if (available >= 4 && isTruncated(bytes, at)) {
      return -1 - TRUNCATED_HEADER;
    }
    if (available < MIN_USLP_HEADER_LENGTH) {
      return MIN_USLP_HEADER_LENGTH;
    }
    const length = transferFrameLength(bytes, at);
    const operationalControl = operationalControlFieldFlag(bytes, at) ? OPERATIONAL_CONTROL_FIELD_LENGTH : 0;
    const whole = length + this.#trailerLength;
    const headerLength = uslpHeaderLength(bytes, at);
    if (length < headerLength + this.#leastLength + operationalControl) {
      if (length >= headerLength) {
        if (available < whole) {
          return whole;
        }
        this.announced = whole;
      }
      return -1 - FRAME_TOO_SHORT;
    }
    if (whole > this.maxWanted) {
      this.announced = whole;
      return -1 - FRAME_TOO_LONG;
    }
    return whole;
  }
}

/** Judges what another framing has delivered: whether it is one whole transfer frame. */
export function frameValidator(agreement: FrameAgreement): PacketValidator {
  const format = new UslpFormat(agreement, 0);
  const { frameErrorControl } = agreement;
  return (bytes, start, end) => {
    const length = end - start;
    if (length < MIN_USLP_HEADER_LENGTH || format.wanted(bytes, start, length) !== length) {
      return REJECT_PACKET;
    }
    return frameErrorControl && !hasValidCrc16(bytes, start, end) ? REJECT_PACKET : ACCEPT_PACKET;
  };
}

/**
 * The packets of this framing are whole transfer frames, and the frames of the stream nothing else.
 * @param maxSentLength longest frame sent, in bytes, with what a layer above puts behind it; default: any
 */
export function bareUslpFrames(agreement: FrameAgreement, maxSentLength = Number.POSITIVE_INFINITY): Framing {
  const validator = frameValidator(agreement);
  return streamBy({
    name: "uslp",
    maxPacketLength: agreement.maxFrameLength,
    validator,
    isProof: agreement.frameErrorControl,
    format: (trailerLength) => new UslpFormat(agreement, trailerLength),
    encoder: (memory, trailerLength = 0) =>
      new TransferFrameEncoder(memory, agreement, maxSentLength, trailerLength, undefined),
  });
}

/**
 * The packets of this framing are whole transfer frames, and the packets of the carrier nothing else.
 * @param maxSentLength as above
 */
export function carriedUslpFrames(
  carrier: Framing,
  agreement: FrameAgreement,
  maxSentLength = Number.POSITIVE_INFINITY,
): Framing {
  const validator = frameValidator(agreement);
  return {
    name: "uslp",
    carrier: carrier.name,
    maxPacketLength: Math.min(carrier.maxPacketLength, agreement.maxFrameLength),
    decoderMemory: carrier.decoderMemory,
    decoder: (memory, area, check, badFrames) => carrier.decoder(memory, area, joinChecks(validator, check), badFrames),
    encoder(memory, trailerLength = 0) {
      const encoder = carrier.encoder(memory, trailerLength);
      return new TransferFrameEncoder(memory, agreement, maxSentLength, trailerLength, encoder);
    },
  };
}

/** Lets only transfer frames through. */
class TransferFrameEncoder implements FrameEncoder {
  #bytes: Uint8Array;
  #validator: PacketValidator;
  #maxSentLength: number;
  #trailerLength: number;
  #carrier: FrameEncoder | undefined;

  constructor(
    memory: FixedMemory,
    agreement: FrameAgreement,
    maxSentLength: number,
    trailerLength: number,
    carrier: FrameEncoder | undefined,
  ) {
    this.#bytes = memory.bytes;
    // Longer ones than are accepted may be sent, unless a limit was asked for.
    this.#maxSentLength = maxSentLength;
    this.#validator = frameValidator({ ...agreement, maxFrameLength: Number.POSITIVE_INFINITY });
    this.#trailerLength = trailerLength;
    this.#carrier = carrier;
  }

  maxFrameLength(packetLength: number): number {
    return this.#carrier?.maxFrameLength(packetLength) ?? packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (
      end - start > this.#maxSentLength ||
      this.#validator(this.#bytes, start, end - this.#trailerLength) !== ACCEPT_PACKET
    ) {
      return NOT_A_PACKET;
    }
    if (this.#carrier !== undefined) {
      return this.#carrier.encode(start, end, at, limit);
    }
    if (end - start > limit - at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(at, start, end);
    return at + end - start;
  }

  taken(): void {
    this.#carrier?.taken?.();
  }
}
