/**
 * Transfer frames that somebody else has sealed, on their way to a board: whole, with a sound header, and none of them for somebody
 * else. Whether they are authentic is for the board to say, which alone can.
 */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { MIN_SPACE_PACKET_LENGTH } from "../../modules/ccsds/primary-header.js";
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../modules/ccsds/sdls.js";
import {
  controlCommandFlag,
  isTcVersion,
  TC_HEADER_LENGTH,
  tcBypassFlag,
  tcFrameLength,
  tcSpacecraftId,
  tcVirtualChannelId,
} from "../../modules/ccsds/tc-frame.js";
import { INFORMATION_LENGTH } from "./bch-code.js";
import { type Cltu, decodeCltus } from "./cltu-decoder.js";

/** How a sender puts frames into datagrams. */
export interface DatagramFormat {
  /** `bch`: in CLTUs with the BCH code. `none`: bare. */
  readonly cltu: "bch" | "none";
  /** In CLTUs: the frames are randomized. */
  readonly isRandomized: boolean;
}

/** Which frames are the board's. */
export interface FrameAgreement {
  readonly spacecraftId: number;
  readonly virtualChannelId: number;
  readonly frameErrorControl: boolean;
}

/** Why a frame, or what should be one, is not passed on. */
export type FrameRefusal =
  /** The datagram has no start sequence. */
  | "noStartSequence"
  /** A code block has an error, before the frame was whole. */
  | "codeBlockRejected"
  /** The frame is not whole. */
  | "cutOff"
  | "unsupportedFrameVersion"
  /** It has no room for a security header, a telecommand and a security trailer. */
  | "frameTooShort"
  | "crcMismatch"
  | "otherSpacecraft"
  | "otherChannel"
  /** Of type A, which COP-1 would count. */
  | "sequenceControlled"
  /** A command of COP-1. */
  | "controlCommand"
  /** Octets behind the last frame that fill up no code block. */
  | "octetsBehind";

const SHORTEST_DATA = SECURITY_HEADER_LENGTH + MIN_SPACE_PACKET_LENGTH + SECURITY_TRAILER_LENGTH;

/** Takes datagrams apart. */
export class SealedFrames {
  readonly #format: DatagramFormat;
  readonly #agreement: FrameAgreement;
  readonly #refuse: (why: FrameRefusal) => void;

  /** @param refuse told of each frame that is not passed on */
  constructor(format: DatagramFormat, agreement: FrameAgreement, refuse: (why: FrameRefusal) => void) {
    this.#format = format;
    this.#agreement = agreement;
    this.#refuse = refuse;
  }

  /** @returns the frames of a datagram, in order; views of it, or copies */
  of(datagram: Uint8Array): Uint8Array[] {
    const { cltu, isRandomized } = this.#format;
    if (cltu === "none") {
      return this.#framesIn({ data: datagram, end: "cutOff" }, 0);
    }
    const cltus = decodeCltus(datagram, isRandomized);
    if (cltus.length === 0) {
      this.#refuse("noStartSequence");
    }
    return cltus.flatMap((each) => this.#framesIn(each, INFORMATION_LENGTH - 1));
  }

  /** @param fill octets that may stand behind the last frame, whatever they are: where it ends, it says itself */
  #framesIn({ data, end }: Cltu, fill: number): Uint8Array[] {
    const frames: Uint8Array[] = [];
    let at = 0;
    do {
      const wrong = frameAt(data, at);
      if (wrong !== undefined) {
        this.#refuse(wrong === "cutOff" && end === "codeBlockRejected" ? end : at > 0 ? "octetsBehind" : wrong);
        break;
      }
      const frame = data.subarray(at, at + tcFrameLength(data, at));
      const refusal = this.#refusalOf(frame);
      if (refusal === undefined) {
        frames.push(frame);
      } else {
        this.#refuse(refusal);
      }
      at += frame.length;
    } while (data.length - at > fill);
    return frames;
  }

  #refusalOf(frame: Uint8Array): FrameRefusal | undefined {
    const { spacecraftId, virtualChannelId, frameErrorControl } = this.#agreement;
    if (frame.length < TC_HEADER_LENGTH + (frameErrorControl ? CRC16_LENGTH : 0)) {
      return "frameTooShort";
    }
    if (frameErrorControl && !hasValidCrc16(frame, 0, frame.length)) {
      return "crcMismatch";
    }
    if (tcSpacecraftId(frame, 0) !== spacecraftId) {
      return "otherSpacecraft";
    }
    if (tcVirtualChannelId(frame, 0) !== virtualChannelId) {
      return "otherChannel";
    }
    if (controlCommandFlag(frame, 0)) {
      return "controlCommand";
    }
    if (!tcBypassFlag(frame, 0)) {
      return "sequenceControlled";
    }
    const dataLength = frame.length - TC_HEADER_LENGTH - (frameErrorControl ? CRC16_LENGTH : 0);
    return dataLength < SHORTEST_DATA ? "frameTooShort" : undefined;
  }
}

/** @returns undefined: a whole frame stands there, sound or not */
function frameAt(data: Uint8Array, at: number): "cutOff" | "unsupportedFrameVersion" | undefined {
  const left = data.length - at;
  if (left > 0 && !isTcVersion(data, at)) {
    return "unsupportedFrameVersion";
  }
  return left < TC_HEADER_LENGTH || left < tcFrameLength(data, at) ? "cutOff" : undefined;
}
