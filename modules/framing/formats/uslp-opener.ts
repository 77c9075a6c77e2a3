/**
 * USLP transfer frames that are secured: each is opened where it stands, and what it says is believed from then on only
 * (CCSDS 355.0-B-2, 3.3; CCSDS 732.1-B).
 *
 * A packet may lie in several frames. It is carried out under the receipt of the frame in which it ends; to take that one is to
 * take those before it, because their IVs are lower. So after a cut within a packet, all of its frames may come again, and
 * nothing of it was carried out. If one of its frames also holds another packet, and that one was taken, the packet is lost:
 * the frame that it begins in is refused as a replay. It never runs twice, and never in part.
 *
 * A packet goes on only in the frame with the next IV of the same association. The VC frame count is not authenticated: whoever
 * changes it could otherwise join the beginning of one packet to the end of another one.
 */
import { followsInAssociation, SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import { mapId, protocolControlCommandFlag, uslpHeaderLength } from "../../ccsds/uslp.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type FrameDecoder, PACKET, type StreamBar } from "../contract/framing.js";
import type { SecuredFrame } from "../engines/secured-frame.js";
import { type DataFieldAgreement, trailingLength } from "./uslp-data-field.js";

/** The names of the decoder for the same causes: they are counted together. */
const OTHER_MAP = 0;
const CONTROL_COMMAND = 1;
const REASONS = Object.freeze(["otherChannel", "unsupportedContent"]);

/** Octets that an opener needs: what is authenticated of the headers, and the security header of the frame before. */
export function openerMemory(mask: readonly number[]): number {
  return mask.length + SECURITY_HEADER_LENGTH;
}

export class UslpOpener {
  readonly secured: SecuredFrame;
  readonly counters: readonly FramingCounters[];
  /** Where the data zone is in a frame that was opened. */
  readonly agreement: DataFieldAgreement;
  /** No frame is missing between the frame opened last and the one before. */
  goesOn = false;
  #bytes: Uint8Array;
  #own = new FramingCounters(REASONS);
  #mapId: number;
  #insertZoneLength: number;
  #trailerLength: number;
  /** Offset of the security header of the frame opened last, as a copy. */
  #before: number;
  #isBegun = false;

  /**
   * @param agreement without what security adds
   * @param area offset of `openerMemory` octets that only this decoder uses; `secured` works in the first ones
   */
  constructor(
    bytes: Uint8Array,
    agreement: DataFieldAgreement,
    secured: SecuredFrame,
    mask: readonly number[],
    area: number,
  ) {
    this.#bytes = bytes;
    this.secured = secured;
    this.counters = [this.#own, secured.counters];
    this.#mapId = agreement.mapId;
    this.#insertZoneLength = agreement.insertZoneLength;
    this.#trailerLength = agreement.trailerLength;
    this.#before = area + mask.length;
    this.agreement = {
      virtualChannelId: agreement.virtualChannelId,
      mapId: agreement.mapId,
      insertZoneLength: agreement.insertZoneLength + SECURITY_HEADER_LENGTH,
      trailerLength: agreement.trailerLength + SECURITY_TRAILER_LENGTH,
    };
  }

  /**
   * Opens a frame of the virtual channel agreed on. Header fields only sort frames out before that.
   * @param start of the frame
   * @returns false: nothing is taken of it
   */
  open(start: number, end: number): boolean {
    const bytes = this.#bytes;
    if (protocolControlCommandFlag(bytes, start)) {
      this.#own.reject(CONTROL_COMMAND);
      return false;
    }
    if (mapId(bytes, start) !== this.#mapId) {
      this.#own.reject(OTHER_MAP);
      return false;
    }
    const at = start + uslpHeaderLength(bytes, start) + this.#insertZoneLength;
    if (!this.secured.open(start, at, end - trailingLength(bytes, start, this.#trailerLength))) {
      return false;
    }
    this.goesOn = this.#isBegun && followsInAssociation(bytes, at, this.#before);
    this.#isBegun = true;
    bytes.copyWithin(this.#before, at, at + SECURITY_HEADER_LENGTH);
    return true;
  }

  reset(): void {
    this.secured.reset();
    this.#isBegun = false;
  }
}

/** The packets of frames that are opened; none of a frame that cannot be taken. */
export class SecuredPackets implements FrameDecoder {
  packetStart = 0;
  packetEnd = 0;
  readonly kind = 0;
  readonly receipt: SecuredFrame;
  #decoder: FrameDecoder;
  #opener: UslpOpener;

  /** @param decoder takes packets out of the frames that the opener opens */
  constructor(decoder: FrameDecoder, opener: UslpOpener) {
    this.receipt = opener.secured;
    this.#decoder = decoder;
    this.#opener = opener;
  }

  get counters(): FramingCounters {
    return this.#decoder.counters;
  }

  get pendingBytes(): number {
    return this.#decoder.pendingBytes;
  }

  get bar(): StreamBar | undefined {
    return this.receipt.bar;
  }

  give(start: number, end: number): void {
    this.#decoder.give(start, end);
  }

  next(): Answer {
    const { receipt } = this;
    const decoder = this.#decoder;
    if (this.packetEnd > 0) {
      receipt.settle();
      this.packetEnd = 0;
    }
    for (;;) {
      const answer = decoder.next();
      if (answer !== PACKET) {
        return answer;
      }
      if (!receipt.isRefused) {
        this.packetStart = decoder.packetStart;
        this.packetEnd = decoder.packetEnd;
        return PACKET;
      }
    }
  }

  late(closing?: boolean, recent?: number): void {
    this.#decoder.late(closing, recent);
  }

  reset(): void {
    this.#decoder.reset();
    this.#opener.reset();
    this.packetEnd = 0;
  }
}
