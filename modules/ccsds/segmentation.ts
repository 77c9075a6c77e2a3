/**
 * Units that are longer than a packet: cut into first, continuation and last segments, and put together again
 * (CCSDS 133.0-B-2, 4.1.3.4.2). A unit that fits in one packet travels unsegmented.
 *
 * The segments of a unit follow each other without another packet of their APID between, so that their sequence counts
 * are consecutive; this is how a missing one is noticed.
 */
import { checkWithin } from "../checks/options.js";
import { copyBytes } from "./copy-bytes.js";
import type { PacketAssembly } from "./packet-services.js";
import {
  CONTINUATION,
  FIRST,
  LAST,
  MAX_PACKET_DATA_LENGTH,
  PACKET_SEQUENCE_COUNT_MODULUS,
  type PacketType,
  PRIMARY_HEADER_LENGTH,
  packetLength,
  packetSequenceCount,
  type SequenceFlags,
  sequenceFlags,
  UNSEGMENTED,
} from "./primary-header.js";

/** `Segmenter.next`: the range has no room for a single octet of data. */
export const NO_ROOM = -1;
/** `Segmenter.next`: the assembly refused, as when every sequence counter is taken. */
export const NOT_ASSEMBLED = -2;

/** Cuts one unit at a time; asked for one packet after the other, as a packet source is. */
export class Segmenter {
  readonly #assembly: PacketAssembly;
  readonly #packetType: PacketType;
  readonly #apid: number;
  readonly #maxDataLength: number;
  #unit: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #begun = false;

  /**
   * @param maxDataLength most octets of the unit in one packet, 1 to 65,536
   * @throws RangeError when it is out of range
   */
  constructor(assembly: PacketAssembly, packetType: PacketType, apid: number, maxDataLength: number) {
    checkWithin("maxDataLength", maxDataLength, 1, MAX_PACKET_DATA_LENGTH, " bytes");
    this.#assembly = assembly;
    this.#packetType = packetType;
    this.#apid = apid;
    this.#maxDataLength = maxDataLength;
  }

  /** Octets of the unit that are still to be sent. */
  get remaining(): number {
    return this.#end - this.#at;
  }

  /** Takes `bytes[start, end)` as the next unit, which must stay as it is until all of it was sent. */
  begin(bytes: Uint8Array, start: number, end: number): void {
    this.#unit = bytes;
    this.#at = start;
    this.#end = end;
    this.#begun = false;
  }

  /**
   * Writes the next packet to `bytes[start, limit)`.
   * @returns the packet's length, 0 when the whole unit was sent, `NO_ROOM` or `NOT_ASSEMBLED`
   */
  next(bytes: Uint8Array, start: number, limit: number): number {
    if (this.#at >= this.#end) {
      return 0;
    }
    const room = limit - start - PRIMARY_HEADER_LENGTH;
    if (room < 1) {
      return NO_ROOM;
    }
    const length = Math.min(room, this.#maxDataLength, this.#end - this.#at);
    const last = length === this.#end - this.#at;
    const flags: SequenceFlags = this.#begun ? (last ? LAST : CONTINUATION) : last ? UNSEGMENTED : FIRST;
    copyBytes(this.#unit, this.#at, this.#at + length, bytes, start + PRIMARY_HEADER_LENGTH);
    const end = start + PRIMARY_HEADER_LENGTH + length;
    if (this.#assembly.assemble(bytes, start, end, this.#packetType, false, this.#apid, flags) !== 0) {
      return NOT_ASSEMBLED;
    }
    this.#begun = true;
    this.#at += length;
    return end - start;
  }
}

/** Results of `Reassembler.take`. */
export const UNIT_PENDING = 0;
/** The unit is `bytes[start, end)` of the reassembler, until the next `take`. */
export const UNIT_COMPLETE = 1;
/** A segment is missing right before this one: the unit is lost. */
export const SEGMENT_LOST = 2;
/** A continuation or a last segment, and no unit begun: its first segment was lost. */
export const FIRST_SEGMENT_LOST = 3;
/** The unit is longer than the area: it is lost. */
export const UNIT_TOO_LONG = 4;
export type ReassemblyStatus =
  | typeof UNIT_PENDING
  | typeof UNIT_COMPLETE
  | typeof SEGMENT_LOST
  | typeof FIRST_SEGMENT_LOST
  | typeof UNIT_TOO_LONG;

/** Puts the units of one APID together, in a fixed area. */
export class Reassembler {
  /** Where the unit grows; the caller's. */
  readonly bytes: Uint8Array;
  /** Offset of the unit. */
  readonly start: number;
  readonly #limit: number;
  #end: number;
  #expected = 0;
  #begun = false;
  units = 0;
  /** Units of which a segment is missing, the ones cut short by the next unit's first segment included. */
  lost = 0;
  tooLong = 0;

  /** @param bytes holds the area `[start, limit)`, as long as the longest unit, which is this reassembler's alone */
  constructor(bytes: Uint8Array, start: number, limit: number) {
    this.bytes = bytes;
    this.start = start;
    this.#limit = limit;
    this.#end = start;
  }

  /** Offset behind what there is of the unit. */
  get end(): number {
    return this.#end;
  }

  /** Forgets the unit begun. */
  reset(): void {
    this.#begun = false;
    this.#end = this.start;
  }

  /** Takes a packet that was checked; `packet` may lie in the same memory, outside the area. */
  take(packet: Uint8Array, packetStart: number): ReassemblyStatus {
    const flags = sequenceFlags(packet, packetStart);
    const count = packetSequenceCount(packet, packetStart);
    const begins = flags === FIRST || flags === UNSEGMENTED;
    const consecutive = count === this.#expected;
    this.#expected = (count + 1) % PACKET_SEQUENCE_COUNT_MODULUS;
    if (begins) {
      if (this.#begun) {
        this.lost++;
      }
      this.#end = this.start;
      this.#begun = true;
    } else if (!this.#begun) {
      return FIRST_SEGMENT_LOST;
    } else if (!consecutive) {
      this.#begun = false;
      this.lost++;
      return SEGMENT_LOST;
    }
    const from = packetStart + PRIMARY_HEADER_LENGTH;
    const to = packetStart + packetLength(packet, packetStart);
    if (to - from > this.#limit - this.#end) {
      this.#begun = false;
      this.tooLong++;
      return UNIT_TOO_LONG;
    }
    copyBytes(packet, from, to, this.bytes, this.#end);
    this.#end += to - from;
    if (flags === FIRST || flags === CONTINUATION) {
      return UNIT_PENDING;
    }
    this.#begun = false;
    this.units++;
    return UNIT_COMPLETE;
  }
}
