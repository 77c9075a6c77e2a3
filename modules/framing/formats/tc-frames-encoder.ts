/** Puts each space packet into a TC transfer frame of type BD of its own (CCSDS 232.0-B-4, 4.1). */
import { SEGMENT_HEADER_LENGTH, TC_HEADER_LENGTH, writeSegmentHeader, writeTcHeader } from "../../ccsds/tc-frame.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { Sealing } from "../contract/frame-security.js";
import type { FrameEncoder } from "../contract/framing.js";
import { TransferFrameEncoder } from "../engines/transfer-frame-encoder.js";
import type { TcAgreement } from "./tc-frame-stream.js";
import type { TcDataField } from "./tc-frames-decoder.js";

export class TcFramesEncoder extends TransferFrameEncoder<TcAgreement & TcDataField> {
  constructor(
    memory: FixedMemory,
    sent: TcAgreement & TcDataField,
    carrier: FrameEncoder | undefined,
    trailerLength: number,
    sealing: Sealing | undefined,
  ) {
    const leading = TC_HEADER_LENGTH + (sent.mapId === undefined ? 0 : SEGMENT_HEADER_LENGTH);
    super(memory, sent, leading, carrier, trailerLength, sealing);
  }

  protected override writeHeaders(first: number, length: number): number {
    const { bytes, sent } = this;
    const headerEnd = writeTcHeader(bytes, first, sent.spacecraftId, sent.virtualChannelId, length);
    return sent.mapId === undefined ? headerEnd : writeSegmentHeader(bytes, headerEnd, sent.mapId);
  }
}
