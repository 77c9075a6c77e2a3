/**
 * The decoder of framings whose frames end with a delimiter of one byte or a few.
 *
 * A frame that lies whole in the staging area is unwrapped and delivered where it lies; only one that came in pieces is
 * gathered, as it came. Damage ends at the next delimiter, and so does a frame that was too long: it is never delivered
 * truncated.
 */
import type { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import { FramingCounters } from "./counters.js";
import type { FindByte } from "./find-byte.js";
import type { FrameDecoder } from "./framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET } from "./packet-check.js";

/** How one framing marks and wraps its frames. Never changes: decoders may share one. */
export interface DelimitedFormat {
  /** Causes why a frame is damaged, by the number that `unwrap` gives. */
  readonly reasons: readonly string[];
  /** What ends a frame: 1 to 8 bytes. */
  readonly delimiter: readonly number[];
  /** True: a frame of no byte is a packet, too; else it is idle. */
  readonly emptyFrames: boolean;
  /** Longest frame of a packet that is accepted, in bytes, delimiter not included. */
  readonly maxFrameLength: number;
  readonly maxPacketLength: number;
  /** Bytes of the frame in front of its packet, once it is unwrapped. */
  readonly leading: number;
  /**
   * Turns the frame in `bytes[start, end)` into its packet, in place. The delimiter's bytes behind it may be written to,
   * and are not to be relied on.
   * @returns the packet's end; or `-1 - reason`: damaged, the bytes are then spoilt
   */
  unwrap(bytes: Uint8Array, start: number, end: number): number;
}

/** The packet would be longer than `maxPacketLength`; dropped to the next delimiter. */
const FRAME_TOO_LONG = 0;
/** The stream ended inside a frame. */
const TRUNCATED = 1;
/** The stream ended while the sink refused this packet. */
const UNDELIVERED = 2;
/** The packet was rejected by a layer above. */
const INVALID_PACKET = 3;
/** A layer above did not want this packet. */
const SKIPPED = 4;
const COMMON_REASONS = Object.freeze(["frameTooLong", "truncated", "undelivered", "invalidPacket", "skipped"]);

export class DelimitedDecoder implements FrameDecoder {
  readonly counters: FramingCounters;
  #memory: FixedMemory;
  #bytes: Uint8Array;
  #format: DelimitedFormat;
  #find: FindByte;
  #check: PacketCheck | undefined;
  /** Bytes at the end of each packet that are not delivered. */
  #checkLength: number;
  /** Number of the first of the common reasons. */
  #common: number;
  /** The delimiter's last byte, which is searched for, and how many come before it. */
  #last: number;
  #before: number;
  #leading: number;
  #maxPacketLength: number;
  /** Length of a frame, the delimiter's first bytes included, that is idle; -1: none is. */
  #idleLength: number;
  /** Where a frame is gathered that came in pieces, still wrapped; what may be a delimiter's first bytes included. */
  #area: number;
  #areaLength: number;
  #gathered = 0;
  /**
   * A frame was too long: everything to its delimiter belongs to it. Of it, only the last bytes stay gathered, so many
   * as a delimiter may begin with.
   */
  #discarding = false;
  /** The sink refused the packet that is at [start, end); its frame took in so many bytes. */
  #refused = false;
  #refusedStart = 0;
  #refusedEnd = 0;
  #refusedLength = 0;

  /** @param area offset of `format.maxFrameLength + format.delimiter.length - 1` bytes that are this decoder's alone */
  constructor(memory: FixedMemory, area: number, format: DelimitedFormat, find: FindByte, check?: PacketCheck) {
    const { delimiter, emptyFrames, reasons } = format;
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#format = format;
    this.#find = find;
    this.#check = check;
    this.#checkLength = check?.trailerLength ?? 0;
    this.#before = delimiter.length - 1;
    this.#last = delimiter[this.#before]!;
    this.#leading = format.leading;
    this.#maxPacketLength = format.maxPacketLength;
    this.#idleLength = emptyFrames ? -1 : this.#before;
    this.#areaLength = format.maxFrameLength + this.#before;
    this.#common = reasons.length;
    this.counters = new FramingCounters(Object.freeze([...reasons, ...COMMON_REASONS]));
  }

  get pendingBytes(): number {
    if (this.#refused) {
      return this.#refusedLength;
    }
    return this.#discarding ? 0 : this.#gathered;
  }

  push(start: number, end: number, sink: PacketSink): number {
    const last = this.#last;
    let at = start;
    if (this.#refused) {
      if (!this.#offer(this.#refusedStart, this.#refusedEnd, this.#refusedLength, sink)) {
        return at;
      }
      at++;
    }
    // The sentinel lets every search stop without a bound to check.
    this.#bytes[end] = last;
    while (at < end) {
      let stop = this.#find(this.#memory, at, last);
      while (this.#before > 0 && stop < end && !this.#isDelimiter(at, stop)) {
        stop = this.#find(this.#memory, stop + 1, last);
      }
      if (stop === end) {
        this.#gather(at, end);
        break;
      }
      if (!this.#frame(at, stop, sink)) {
        return stop;
      }
      at = stop + 1;
    }
    return end;
  }

  expire(_sink: PacketSink): boolean {
    return true;
  }

  reset(): void {
    if (this.#refused) {
      this.#drop(this.#common + UNDELIVERED, this.#refusedLength);
    } else if (this.#gathered > 0 && !this.#discarding) {
      this.#drop(this.#common + TRUNCATED, this.#gathered);
    }
    this.#gathered = 0;
    this.#refused = false;
    this.#discarding = false;
  }

  /** True: the delimiter ends with the byte at `stop`; bytes from `at` on belong to the frame, behind those gathered. */
  #isDelimiter(at: number, stop: number): boolean {
    const bytes = this.#bytes;
    const delimiter = this.#format.delimiter;
    const first = stop - this.#before;
    let k = 0;
    if (first < at) {
      // It began with what was gathered.
      const split = at - first;
      const tail = this.#area + this.#gathered - split;
      if (tail < this.#area) {
        return false;
      }
      for (; k < split; k++) {
        if (bytes[tail + k] !== delimiter[k]) {
          return false;
        }
      }
    }
    for (; k < this.#before; k++) {
      if (bytes[first + k] !== delimiter[k]) {
        return false;
      }
    }
    return true;
  }

  /** A frame's delimiter ends at `stop`; bytes from `at` on belong to it. False when the sink refused its packet. */
  #frame(at: number, stop: number, sink: PacketSink): boolean {
    let start = at;
    let end = stop;
    if (this.#gathered > 0 || this.#discarding) {
      if (this.#discarding || (stop > at && !this.#gather(at, stop))) {
        // A frame that became too long only now is counted up to here, but for its delimiter's last byte.
        this.counters.droppedBytes += this.#discarded(at, stop);
        return true;
      }
      start = this.#area;
      end = start + this.#gathered;
      this.#gathered = 0;
    }
    const length = end - start;
    if (length === this.#idleLength) {
      this.counters.idleBytes += length + 1;
      return true;
    }
    if (length > this.#areaLength) {
      // Before it is looked at: had it come in pieces, it would not have been gathered.
      this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
      return true;
    }
    const packetStart = start + this.#leading;
    const packetEnd = this.#format.unwrap(this.#bytes, start, end - this.#before);
    if (packetEnd < 0) {
      this.#drop(-1 - packetEnd, length + 1);
      return true;
    }
    if (packetEnd - packetStart > this.#maxPacketLength) {
      this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
      return true;
    }
    if (this.#check !== undefined && !this.#passes(this.#check, packetStart, packetEnd, length + 1)) {
      return true;
    }
    return this.#offer(packetStart, packetEnd - this.#checkLength, length, sink);
  }
