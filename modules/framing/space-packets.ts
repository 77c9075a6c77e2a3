/**
 * Bare CCSDS space packets on a byte stream (CCSDS 133.0-B-2): the length field of each primary header says where the
 * next packet begins.
 *
 * There is no delimiter, so one wrong length can swallow what follows. What tells a packet from bytes that look like
 * one: the version, `maxPacketLength`, the packet IDs when they are given, and a validator. After damage the decoder
 * searches on, byte by byte, on the same stream, and also through what a wrong length had gathered. Without packet IDs
 * or a validator almost anything passes for a header: give at least one of the two on a port that matters.
 *
 * Packets that lie whole in the staging area are delivered where they stand.
 */
import {
  apid,
  checkSpacePacket,
  IDLE_APID,
  MAX_SPACE_PACKET_LENGTH,
  MIN_SPACE_PACKET_LENGTH,
  PRIMARY_HEADER_LENGTH,
  packetId,
  packetLength,
  VALID,
} from "../ccsds/primary-header.js";
import type { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import { FramingCounters } from "./counters.js";
import { DOES_NOT_FIT, type FrameDecoder, type FrameEncoder, type Framing, NOT_A_PACKET } from "./framing.js";
import { checkRange } from "./options.js";

/** The version is not 0: no space packet begins here. */
export const UNSUPPORTED_VERSION = 0;
/** The packet ID is none of those expected. */
export const UNKNOWN_PACKET_ID = 1;
/** The length field asks for more than `maxPacketLength`. */
export const PACKET_TOO_LONG = 2;
/** An idle packet with a secondary header (133.0-B-2, 4.1.3.3.3.4). */
export const IDLE_WITH_SECONDARY_HEADER = 3;
/** The validator found the packet damaged. */
export const INVALID_PACKET = 4;
/** The validator did not want this packet; the stream is in order. */
export const SKIPPED = 5;
/** The rest of a packet did not come within the partial-frame timeout. */
export const TIMED_OUT = 6;
/** The stream ended inside a packet. */
export const TRUNCATED = 7;
/** The stream ended while the sink refused a packet. */
export const UNDELIVERED = 8;
const REASONS = Object.freeze([
  "unsupportedVersion",
  "unknownPacketId",
  "packetTooLong",
  "idleWithSecondaryHeader",
  "invalidPacket",
  "skipped",
  "timedOut",
  "truncated",
  "undelivered",
]);

export const ACCEPT_PACKET = 0;
/** Pass over the whole packet. */
export const SKIP_PACKET = 1;
/** Damaged, or no packet at all: search on from the next byte. */
export const REJECT_PACKET = 2;
export type PacketVerdict = typeof ACCEPT_PACKET | typeof SKIP_PACKET | typeof REJECT_PACKET;

/** Judges the complete packet in `bytes[start, end)`; the bytes are valid only during the call. Must not allocate. */
export type PacketValidator = (bytes: Uint8Array, start: number, end: number) => PacketVerdict;

export interface SpacePacketsOptions {
  /** Longest packet accepted, in bytes, header included: 7 to 65,542. Default 1024. */
  maxPacketLength?: number;
  /** The packet IDs expected (type, secondary header flag and APID: 13 bits, `0x1800 | apid` for a PUS telecommand). */
  packetIds?: readonly number[];
  validator?: PacketValidator;
}

/**
 * @throws TypeError or RangeError for an option out of its range
 */
export function spacePackets(options: SpacePacketsOptions = {}): Framing {
  const maxPacketLength = checkRange(
    "space-packets: maxPacketLength (bytes)",
    options.maxPacketLength ?? 1024,
    MIN_SPACE_PACKET_LENGTH,
    MAX_SPACE_PACKET_LENGTH,
  );
  const { packetIds, validator } = options;
  packetIds?.forEach((id) => {
    checkRange("space-packets: packet ID", id, 0, 0x1fff);
  });
  const expected = packetIds && new Set(packetIds);
  return {
    name: "space-packets",
    maxPacketLength,
    decoderMemory: maxPacketLength,
    decoder: (memory, area) => new SpacePacketDecoder(memory, area, maxPacketLength, expected, validator),
    encoder: (memory) => new SpacePacketEncoder(memory),
  };
}

class SpacePacketDecoder implements FrameDecoder {
  readonly counters = new FramingCounters(REASONS);
  #bytes: Uint8Array;
  #maxPacketLength: number;
  #packetIds: Set<number> | undefined;
  #validator: PacketValidator | undefined;
  /** Where a packet is gathered that came in pieces; it always begins with what may be a packet. */
  #area: number;
  #gathered = 0;
  /** Synchronization is lost, and its loss counted. */
  #searching = false;
  #refused = false;
  /** `expire` was interrupted by a refusal. */
  #expiring = false;

  constructor(
    memory: FixedMemory,
    area: number,
    maxPacketLength: number,
    packetIds: Set<number> | undefined,
    validator: PacketValidator | undefined,
  ) {
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#maxPacketLength = maxPacketLength;
    this.#packetIds = packetIds;
    this.#validator = validator;
  }

  get pendingBytes(): number {
    return this.#gathered;
  }

  push(start: number, end: number, sink: PacketSink): number {
    let at = start;
    while (this.#gathered > 0) {
      const wanted = this.#wanted(this.#area, this.#gathered);
      const take = Math.min(wanted - this.#gathered, end - at);
      if (take > 0) {
        this.#bytes.copyWithin(this.#area + this.#gathered, at, at + take);
        this.#gathered += take;
        at += take;
      }
      if (this.#wanted(this.#area, this.#gathered) > this.#gathered) {
        if (at === end) {
          return end;
        }
        continue;
      }
      if (!this.#settle(this.#area, sink)) {
        if (take > 0) {
          // Hands one byte back, so that the caller sees there is something left to push.
          this.#gathered--;
          at--;
        }
        return at;
      }
    }
    if (at < end) {
      const stop = this.#scan(at, end, sink);
      if (this.#refused) {
        return stop;
      }
      this.#bytes.copyWithin(this.#area, stop, end);
      this.#gathered = end - stop;
    }
    return end;
  }

  expire(sink: PacketSink): boolean {
    if (this.#gathered === 0) {
      return true;
    }
    let at = this.#area;
    const end = at + this.#gathered;
    if (!this.#expiring) {
      this.#lose(TIMED_OUT);
      this.#expiring = true;
      at++;
    }
    while (at < end) {
      const stop = this.#scan(at, end, sink);
      if (this.#refused) {
        this.#keep(stop, end);
        return false;
      }
      if (stop === end) {
        break;
      }
      // Another packet begun: its rest is as late as the first one's.
      this.#lose(TIMED_OUT);
      at = stop + 1;
    }
    this.#gathered = 0;
    this.#expiring = false;
    return true;
  }

  reset(): void {
    if (this.#refused) {
      this.counters.reject(UNDELIVERED);
    } else if (this.#gathered > 0) {
      this.counters.reject(TRUNCATED);
    }
    this.counters.droppedBytes += this.#gathered;
    this.#gathered = 0;
    this.#searching = false;
    this.#refused = false;
    this.#expiring = false;
  }

  /** Delivers what is complete among the gathered bytes, from `at` on, and keeps the rest. False when refused. */
  #settle(at: number, sink: PacketSink): boolean {
    const end = this.#area + this.#gathered;
    this.#keep(this.#scan(at, end, sink), end);
    return !this.#refused;
  }

  #keep(start: number, end: number): void {
    this.#bytes.copyWithin(this.#area, start, end);
    this.#gathered = end - start;
  }

  /**
   * Delivers the complete packets in [at, end), passing over what cannot be one.
   * @returns where the packet refused, or one that is not complete yet, begins; else `end`
   */
  #scan(start: number, end: number, sink: PacketSink): number {
    const counters = this.counters;
    this.#refused = false;
    let at = start;
    while (at < end) {
      const wanted = this.#wanted(at, end - at);
      if (wanted < 0) {
        this.#lose(-1 - wanted);
        at++;
        continue;
      }
      if (wanted > end - at) {
        return at;
      }
      const verdict = this.#validator === undefined ? ACCEPT_PACKET : this.#validator(this.#bytes, at, at + wanted);
      if (verdict === REJECT_PACKET) {
        this.#lose(INVALID_PACKET);
        at++;
        continue;
      }
      if (verdict === SKIP_PACKET) {
        counters.reject(SKIPPED);
        counters.droppedBytes += wanted;
      } else {
        if (!sink.accept(this.#bytes, at, at + wanted, 0)) {
          this.#refused = true;
          return at;
        }
        counters.frames++;
        counters.frameBytes += wanted;
      }
      this.#searching = false;
      at += wanted;
    }
    return at;
  }

  /**
   * How many bytes the packet that may begin at `at` needs, judged by the `available` ones; a whole header's when they
   * do not tell yet. Negative, `-1 - reason`, when no packet begins there.
   */
  #wanted(at: number, available: number): number {
    const bytes = this.#bytes;
    const first = bytes[at]!;
    if (first > 0x1f) {
      return -1 - UNSUPPORTED_VERSION;
    }
    if (available >= 2) {
      if (this.#packetIds !== undefined && !this.#packetIds.has(packetId(bytes, at))) {
        return -1 - UNKNOWN_PACKET_ID;
      }
      if ((first & 0x0f) === 0x0f && apid(bytes, at) === IDLE_APID) {
        return -1 - IDLE_WITH_SECONDARY_HEADER;
      }
    }
    if (available < PRIMARY_HEADER_LENGTH) {
      return PRIMARY_HEADER_LENGTH;
    }
    const length = packetLength(bytes, at);
    return length > this.#maxPacketLength ? -1 - PACKET_TOO_LONG : length;
  }

  /** One byte is passed over; the cause counts once until the next packet. */
  #lose(reason: number): void {
    this.counters.droppedBytes++;
    if (!this.#searching) {
      this.counters.reject(reason);
      this.#searching = true;
    }
  }
}

class SpacePacketEncoder implements FrameEncoder {
  #bytes: Uint8Array;

  constructor(memory: FixedMemory) {
    this.#bytes = memory.bytes;
  }

  maxFrameLength(packetLength: number): number {
    return packetLength;
  }

  encode(start: number, end: number, at: number, limit: number): number {
    if (checkSpacePacket(this.#bytes, start, end) !== VALID || packetLength(this.#bytes, start) !== end - start) {
      return NOT_A_PACKET;
    }
    if (end - start > limit - at) {
      return DOES_NOT_FIT;
    }
    this.#bytes.copyWithin(at, start, end);
    return at + end - start;
  }
}
