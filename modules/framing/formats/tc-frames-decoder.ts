/**
 * Takes space packets out of TC transfer frames of type BD: the data field of each holds whole packets, one behind the other
 * (CCSDS 232.0-B-4, 4.1.3).
 *
 * One decoder finds the transfer frames in the bytes that come. Here, the packets of each are delivered where they lie. A
 * data field is never searched: behind a header that is none, the rest of the field is passed over.
 */
import { CRC16_LENGTH } from "../../ccsds/crc16.js";
import { checkSpacePacket, isIdle, packetLength, VALID } from "../../ccsds/primary-header.js";
import { SECURITY_HEADER_LENGTH, SECURITY_TRAILER_LENGTH } from "../../ccsds/sdls.js";
import {
  controlCommandFlag,
  SEGMENT_HEADER_LENGTH,
  segmentMapId,
  segmentSequenceFlags,
  TC_HEADER_LENGTH,
  tcBypassFlag,
  tcVirtualChannelId,
  UNSEGMENTED,
} from "../../ccsds/tc-frame.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type FrameDecoder, PACKET, type StreamBar } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET } from "../contract/packet-check.js";
import { LayeredCounters } from "../engines/layered-counters.js";
import type { SecuredFrame } from "../engines/secured-frame.js";

/** The frame is of another virtual channel or MAP. */
export const OTHER_CHANNEL = 0;
/** A frame of type A: its sender waits for COP-1, and sends it again. To take it would be to carry it out twice. */
export const SEQUENCE_CONTROLLED = 1;
/** A control command of COP-1. */
export const CONTROL_COMMAND = 2;
/** The segment header says that the data field holds a part of a packet. */
export const SEGMENTED = 3;
/** The data field holds something else than whole space packets. */
export const BAD_DATA_FIELD = 4;
/** A packet is longer than allowed. */
export const PACKET_TOO_LONG = 5;
const REASONS = Object.freeze([
  "otherChannel",
  "sequenceControlled",
  "controlCommand",
  "segmented",
  "badDataField",
  "packetTooLong",
]);
/** A layer above rejects a packet. */
const INVALID_PACKET = 0;
const PACKET_REASONS = Object.freeze(["invalidPacket"]);

/** Which data fields are taken, and where they are in the frame. */
export interface TcDataField {
  readonly virtualChannelId: number;
  /** MAP ID in the segment header of every frame; undefined: there is no segment header. */
  readonly mapId: number | undefined;
  readonly frameErrorControl: boolean;
}

export class TcFramesDecoder implements FrameDecoder {
  packetStart = 0;
  packetEnd = 0;
  readonly kind = 0;
  /** Undefined: frames are not authenticated. */
  readonly receipt: SecuredFrame | undefined;
  #bytes: Uint8Array;
  #frames: FrameDecoder;
  #check: PacketCheck | undefined;
  #checkLength: number;
  #maxPacketLength: number;
  #counters: LayeredCounters;
  #packets = new FramingCounters(PACKET_REASONS);
  #virtualChannelId: number;
  /** -1: there is no segment header. */
  #mapId: number;
  #fecfLength: number;
  /** Of the packet answered last: its length in the data field. 0: none was answered. */
  #answered = 0;
  /** What is left of the data field at hand. */
  #at = 0;
  #end = 0;

  /**
   * @param bytes of the memory that the decoder of frames works in
   * @param frames finds transfer frames in the stream, and has checked each
   * @param maxPacketLength longest packet, what a layer above put behind it included
   * @param secured opens each frame; undefined: frames are taken as they are
   */
  constructor(
    bytes: Uint8Array,
    field: TcDataField,
    frames: FrameDecoder,
    maxPacketLength: number,
    check: PacketCheck | undefined,
    secured: SecuredFrame | undefined,
  ) {
    this.#bytes = bytes;
    this.#frames = frames;
    this.#check = check;
    this.#checkLength = check?.trailerLength ?? 0;
    this.#maxPacketLength = maxPacketLength;
    this.#virtualChannelId = field.virtualChannelId;
    this.#mapId = field.mapId ?? -1;
    this.#fecfLength = field.frameErrorControl ? CRC16_LENGTH : 0;
    const between = secured === undefined ? [] : [[secured.counters, {}] as const];
    this.#counters = new LayeredCounters(REASONS, [[frames.counters, {}], ...between, [this.#packets, {}]]);
    this.receipt = secured;
  }

  get bar(): StreamBar | undefined {
    return this.receipt?.bar;
  }

  get counters(): LayeredCounters {
    this.#counters.update();
    return this.#counters;
  }

  get pendingBytes(): number {
    return this.#frames.pendingBytes;
  }

  give(start: number, end: number): void {
    this.#frames.give(start, end);
  }

  next(): Answer {
    if (this.#answered > 0) {
      this.#packets.frames++;
      this.receipt?.settle();
      // Of a frame that nobody has taken, nothing more is offered.
      this.#at = this.receipt?.isRefused === true ? this.#end : this.#at + this.#answered;
      this.#answered = 0;
    }
    for (;;) {
      while (this.#at < this.#end) {
        if (this.#take()) {
          return PACKET;
        }
      }
      this.receipt?.spend();
      const answer = this.#frames.next();
      if (answer !== PACKET) {
        return answer;
      }
      this.#open(this.#frames.packetStart, this.#frames.packetEnd);
    }
  }

  late(closing = false, recent = 0): void {
    this.#frames.late(closing, recent);
  }

  reset(): void {
    this.#frames.reset();
    this.receipt?.reset();
    this.#answered = 0;
    this.#at = 0;
    this.#end = 0;
  }

  /** A frame is at hand: finds its data field, or says why nothing is taken of it. */
  #open(start: number, end: number): void {
    const bytes = this.#bytes;
    const mapId = this.#mapId;
    this.#at = start + TC_HEADER_LENGTH;
    this.#end = end - this.#fecfLength;
    if (tcVirtualChannelId(bytes, start) !== this.#virtualChannelId) {
      this.#passOver(OTHER_CHANNEL);
    } else if (controlCommandFlag(bytes, start)) {
      this.#passOver(CONTROL_COMMAND);
    } else if (!tcBypassFlag(bytes, start)) {
      this.#passOver(SEQUENCE_CONTROLLED);
    } else if (mapId >= 0) {
      this.#at += SEGMENT_HEADER_LENGTH;
      if (segmentMapId(bytes, start) !== mapId) {
        this.#passOver(OTHER_CHANNEL);
      } else if (segmentSequenceFlags(bytes, start) !== UNSEGMENTED) {
        this.#passOver(SEGMENTED);
      } else if (this.#at === this.#end) {
        this.#passOver(BAD_DATA_FIELD);
      }
    }
    const { receipt } = this;
    if (receipt !== undefined && this.#at < this.#end) {
      this.#unlock(receipt, start);
    }
  }

  #unlock(secured: SecuredFrame, frame: number): void {
    if (secured.open(frame, this.#at, this.#end)) {
      this.#at += SECURITY_HEADER_LENGTH;
      this.#end -= SECURITY_TRAILER_LENGTH;
    } else {
      this.#at = this.#end;
    }
  }

  /** @returns true: the packet that begins at `#at` is answered; false: go on with what is left */
  #take(): boolean {
    const bytes = this.#bytes;
    const at = this.#at;
    const check = this.#check;
    if (checkSpacePacket(bytes, at, this.#end) !== VALID) {
      return this.#passOver(BAD_DATA_FIELD);
    }
    const packetEnd = at + packetLength(bytes, at);
    if (isIdle(bytes, at)) {
      // Whoever fills a frame up puts no checksum of a layer above there.
      this.#at = packetEnd;
      return false;
    }
    const end = packetEnd + this.#checkLength;
    if (end > this.#end) {
      return this.#passOver(BAD_DATA_FIELD);
    }
    if (end - at > this.#maxPacketLength) {
      this.#at = end;
      return this.#counters.tally(PACKET_TOO_LONG);
    }
    const verdict = check === undefined ? ACCEPT_PACKET : check.judge(bytes, at, end);
    if (verdict === ACCEPT_PACKET) {
      this.#answered = end - at;
      this.packetStart = at;
      this.packetEnd = packetEnd;
      return true;
    }
    if (verdict === REJECT_PACKET) {
      this.#packets.reject(INVALID_PACKET);
    }
    this.#at = end;
    return false;
  }

  /** Nothing more is taken of the frame. */
  #passOver(reason: number): false {
    this.#at = this.#end;
    return this.#counters.tally(reason);
  }
}
