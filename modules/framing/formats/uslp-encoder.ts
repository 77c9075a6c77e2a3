/** Puts each space packet into a USLP transfer frame of its own (CCSDS 732.1-B, 4.1): construction rule 111, no segmentation. */
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
import type { FrameEncoder } from "../contract/framing.js";
import { type SentAgreement, TransferFrameEncoder } from "../engines/transfer-frame-encoder.js";

/** Octets of the data field's header, with this construction rule. */
const DATA_FIELD_HEADER_LENGTH = 1;

/** The options of the frames sent, checked. */
export interface SentFrame extends SentAgreement {
  readonly spacecraftId: number;
  readonly sourceOrDestination: SourceOrDestination;
  readonly virtualChannelId: number;
  readonly mapId: number;
  readonly vcFrameCountLength: number;
  readonly insertZoneLength: number;
}

export class UslpEncoder extends TransferFrameEncoder<SentFrame> {
  #vcFrameCount = 0;
  #modulus: number;

  constructor(
    memory: FixedMemory,
    sent: SentFrame,
    carrier: FrameEncoder | undefined,
    trailerLength: number,
    sealing: Sealing | undefined,
  ) {
    const { vcFrameCountLength, insertZoneLength } = sent;
    const leading = MIN_USLP_HEADER_LENGTH + vcFrameCountLength + insertZoneLength + DATA_FIELD_HEADER_LENGTH;
    super(memory, sent, leading, carrier, trailerLength, sealing);
    this.#modulus = vcFrameCountModulus(vcFrameCountLength);
  }

  override taken(): void {
    this.#vcFrameCount = (this.#vcFrameCount + 1) % this.#modulus;
    super.taken();
  }

  protected override writeHeaders(first: number, length: number, packetAt: number): number {
    const { bytes, sent } = this;
    const headerEnd = writeUslpHeader(
      bytes,
      first,
      sent.spacecraftId,
      sent.sourceOrDestination,
      sent.virtualChannelId,
      sent.mapId,
      length,
      false,
      false,
      false,
      sent.vcFrameCountLength,
      this.#vcFrameCount,
    );
    const insertEnd = headerEnd + sent.insertZoneLength;
    bytes.fill(0, headerEnd, insertEnd);
    writeDataFieldHeader(bytes, packetAt - DATA_FIELD_HEADER_LENGTH, NO_SEGMENTATION, PACKETS, 0);
    return insertEnd;
  }
}
