/**
 * No framing at all: every read from the socket is a packet, every packet is sent as it is.
 *
 * TCP keeps no boundaries: what a client sends in one piece may arrive in two, and what it sends in two pieces may
 * arrive in one. For bursts with pauses between them, for looking at what comes, and for completeness.
 */

import type { FixedMemory } from "../../memory/fixed-memory.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type FrameDecoder, type Framing, MORE, PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET } from "../contract/packet-check.js";
import { BareEncoder } from "../engines/bare-encoder.js";
import { FramingContext } from "../options/framing-context.js";
import type { FramingEntry } from "../options/framing-entry.js";
import { MAX_PACKET, optionTable } from "../options/option-table.js";

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

const OPTIONS = optionTable<RawOptions>([MAX_PACKET]);

/**
 * @throws TypeError or RangeError for an option out of its range, or that does not exist
 */
export function raw(options: RawOptions = {}): Framing {
  return make(options, FramingContext.inCode("raw", OPTIONS, options));
}

function make(options: RawOptions, context: FramingContext): Framing {
  const maxPacketLength = context.maxPacketLength(options.maxPacketLength);
  return {
    name: "raw",
    maxPacketLength,
    decoderMemory: 0,
    decoder: (memory, _area, check) => new RawDecoder(memory, maxPacketLength, check),
    encoder: (memory) => new BareEncoder(memory),
  };
}

/** There is no burst; it was given; it was answered, and is taken when the decoder is asked again. */
const TAKEN = 0;
const GIVEN = 1;
const ANSWERED = 2;

class RawDecoder implements FrameDecoder {
  packetStart = 0;
  packetEnd = 0;
  readonly kind = 0;
  readonly counters = new FramingCounters(REASONS);
  /** Of the burst given, until it is taken. */
  pendingBytes = 0;
  #bytes: Uint8Array;
  #maxPacketLength: number;
  #check: PacketCheck | undefined;
  #checkLength: number;
  #burst: typeof TAKEN | typeof GIVEN | typeof ANSWERED = TAKEN;

  constructor(memory: FixedMemory, maxPacketLength: number, check: PacketCheck | undefined) {
    this.#bytes = memory.bytes;
    this.#maxPacketLength = maxPacketLength;
    this.#check = check;
    this.#checkLength = check?.trailerLength ?? 0;
  }

  give(start: number, end: number): void {
    this.packetStart = start;
    this.packetEnd = end;
    this.pendingBytes = end - start;
    this.#burst = start < end ? GIVEN : TAKEN;
  }

  next(): Answer {
    const { counters } = this;
    if (this.#burst === GIVEN) {
      const reason = this.#refusal();
      if (reason < 0) {
        this.packetEnd -= this.#checkLength;
        this.#burst = ANSWERED;
        return PACKET;
      }
      counters.reject(reason);
      counters.droppedBytes += this.pendingBytes;
    } else if (this.#burst === ANSWERED) {
      counters.frames++;
      counters.frameBytes += this.pendingBytes;
    }
    this.pendingBytes = 0;
    this.#burst = TAKEN;
    return MORE;
  }

  late(): void {}

  reset(): void {
    if (this.#burst !== TAKEN) {
      this.counters.reject(UNDELIVERED);
      this.counters.droppedBytes += this.pendingBytes;
    }
    this.pendingBytes = 0;
    this.#burst = TAKEN;
  }

  /** @returns why the burst given is no packet; -1: it is one */
  #refusal(): number {
    if (this.pendingBytes > this.#maxPacketLength) {
      return BURST_TOO_LONG;
    }
    const verdict = this.#check?.judge(this.#bytes, this.packetStart, this.packetEnd) ?? ACCEPT_PACKET;
    return verdict === ACCEPT_PACKET ? -1 : verdict === REJECT_PACKET ? INVALID_PACKET : SKIPPED;
  }
}

export const rawEntry: FramingEntry = Object.freeze({
  name: "raw",
  summary: "no framing: every read is a packet",
  options: OPTIONS,
  make,
});
