/**
 * No framing at all: every read from the socket is a packet, every packet is sent as it is.
 *
 * TCP keeps no boundaries: what a client sends in one piece may arrive in two, and what it sends in two pieces may
 * arrive in one. For bursts with pauses between them, for looking at what comes, and for completeness.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import { FramingCounters } from "../contract/counters.js";
import { DOES_NOT_FIT, type FrameDecoder, type FrameEncoder, type Framing, NOT_A_PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET } from "../contract/packet-check.js";
import { checkMaxPacketLength, MAX_PACKET_HELP } from "../contract/packet-limit.js";
import type { CommonOptions, FramingEntry } from "../options/framing-entry.js";
import { type TextOptions, uncheckedNumber } from "../options/text-options.js";

/** More bytes were read at once than `maxPacketLength`; all are dropped. */
export const BURST_TOO_LONG = 0;
/** The burst was rejected by a layer above. */
export const INVALID_PACKET = 1;
/** A layer above did not want this burst. */
export const SKIPPED = 2;
/** The stream ended while the sink refused a burst. */
export const UNDELIVERED = 3;
const REASONS = Object.freeze(["burstTooLong", "invalidPacket", "skipped", "undelivered"]);

export interface RawOptions {
  /** Longest burst accepted, in bytes: 1 to 65,542. No read takes more than the staging area. Default 1024. */
  maxPacketLength?: number;
}

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function raw(options: RawOptions = {}): Framing {
  const maxPacketLength = checkMaxPacketLength("raw", options.maxPacketLength);
  return {
    name: "raw",
    maxPacketLength,
    decoderMemory: 0,
    decoder: (memory, _area, check) => new RawDecoder(memory, maxPacketLength, check),
    encoder: (memory) => new RawEncoder(memory),
  };
}

class RawDecoder implements FrameDecoder {
  readonly counters = new FramingCounters(REASONS);
  readonly pendingBytes = 0;
  #bytes: Uint8Array;
  #maxPacketLength: number;
  #check: PacketCheck | undefined;
  #checkLength: number;
  /** The sink refused the burst that is offered again next. */
  #refused = false;

  constructor(memory: FixedMemory, maxPacketLength: number, check: PacketCheck | undefined) {
    this.#bytes = memory.bytes;
    this.#maxPacketLength = maxPacketLength;
    this.#check = check;
    this.#checkLength = check?.trailerLength ?? 0;
  }

  push(start: number, end: number, sink: PacketSink): number {
    const { counters } = this;
    const length = end - start;
    this.#refused = false;
    if (length === 0) {
      return end;
    }
    let reason = -1;
    if (length > this.#maxPacketLength) {
      reason = BURST_TOO_LONG;
    } else if (this.#check !== undefined) {
      const verdict = this.#check.judge(this.#bytes, start, end);
      if (verdict !== ACCEPT_PACKET) {
        reason = verdict === REJECT_PACKET ? INVALID_PACKET : SKIPPED;
      }
    }
    if (reason >= 0) {
      counters.reject(reason);
      counters.droppedBytes += length;
      return end;
    }
    if (!sink.accept(this.#bytes, start, end - this.#checkLength, 0, 0)) {
      this.#refused = true;
      return start;
    }
    counters.frames++;
    counters.frameBytes += length;
    return end;
  }

  expire(_sink: PacketSink): boolean {
    return true;
  }

  reset(): void {
    if (this.#refused) {
      this.counters.reject(UNDELIVERED);
    }
    this.#refused = false;
  }
}

class RawEncoder implements FrameEncoder {
  #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  maxFrameLength(packetLength: number): number {
    return packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (start === end) {
      return NOT_A_PACKET;
    }
    if (end - start > limit - at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(at, start, end);
    return at + end - start;
  }
}

export const rawEntry: FramingEntry = Object.freeze({
  name: "raw",
  summary: "no framing: every read is a packet",
  options: Object.freeze({
    "max-packet": MAX_PACKET_HELP,
  }),
  make: (options: TextOptions, common: CommonOptions) =>
    raw({ maxPacketLength: uncheckedNumber(options["max-packet"]) ?? common.maxPacketLength }),
});
