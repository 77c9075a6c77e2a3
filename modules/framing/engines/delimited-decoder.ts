/**
 * The decoder of framings whose frames end with a delimiter of one byte or a few.
 *
 * A frame that lies whole in the staging area is unwrapped and delivered where it lies; only one that came in pieces is
 * gathered, as it came. Damage ends at the next delimiter, and so does a frame that was too long: it is never delivered
 * truncated.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type FrameDecoder, MORE, PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET } from "../contract/packet-check.js";
import type { FindByte } from "./find-byte.js";

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

/*
 * AWAITED    nothing of the next frame has come
 *   -> BEGUN      some of it came, and is gathered
 *   -> DISCARDED  more came than any frame has
 * BEGUN      its delimiter is awaited
 *   -> AWAITED    the delimiter came
 *   -> DISCARDED  it is too long
 * DISCARDED  everything to the next delimiter belongs to a frame that was too long; only the last bytes stay gathered, so
 *            many as a delimiter may begin with
 *   -> AWAITED    the delimiter came
 */
const AWAITED = 0;
const BEGUN = 1;
const DISCARDED = 2;

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

/** No packet was answered. */
const NONE = -1;

export class DelimitedDecoder implements FrameDecoder {
  // XS finds a private member by walking them in this order, and the methods before: those of every frame come first.
  packetStart = 0;
  packetEnd = 0;
  readonly kind = 0;
  readonly counters: FramingCounters;
  #bytes: Uint8Array;
  /** Bytes given that are not taken in yet. */
  #at = 0;
  #end = 0;
  /** Length of the frame of the packet answered last, delimiter included. */
  #answered = NONE;
  #frame: typeof AWAITED | typeof BEGUN | typeof DISCARDED = AWAITED;
  #format: DelimitedFormat;
  #check: PacketCheck | undefined;
  /** Length of a frame, the delimiter's first bytes included, that is idle; -1: none is. */
  #idleLength: number;
  /** Length of the longest frame, the delimiter's first bytes included. */
  #areaLength: number;
  #maxPacketLength: number;
  #leading: number;
  /** How many bytes of the delimiter come before its last one. */
  #before: number;
  /** The delimiter's last byte, which is searched for. */
  #last: number;
  #find: FindByte;
  #memory: FixedMemory;
  /** Where a frame is gathered that came in pieces, still wrapped; what may be a delimiter's first bytes included. */
  #area: number;
  #gathered = 0;
  /** Number of the first of the common reasons. */
  #common: number;

  /** @param area offset of `format.maxFrameLength + format.delimiter.length - 1` bytes that are this decoder's alone */
  constructor(memory: FixedMemory, area: number, format: DelimitedFormat, find: FindByte, check?: PacketCheck) {
    const { delimiter, emptyFrames, reasons } = format;
    this.#memory = memory;
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#format = format;
    this.#find = find;
    this.#check = check;
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
    const given = this.#end - this.#at;
    if (this.#answered !== NONE) {
      return given + this.#answered;
    }
    return this.#frame === BEGUN ? given + this.#gathered : given;
  }

  give(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    // The sentinel lets every search stop without a bound to check.
    this.#bytes[end] = this.#last;
  }

  /** All in one, with its fields read once: on XS a call costs as much as half of a short frame's decoding. */
  next(): Answer {
    const counters = this.counters;
    if (this.#answered !== NONE) {
      counters.frames++;
      counters.frameBytes += this.#answered;
      this.#answered = NONE;
    }
    const end = this.#end;
    let at = this.#at;
    if (at >= end) {
      return MORE;
    }
    const bytes = this.#bytes;
    const format = this.#format;
    const before = this.#before;
    const last = this.#last;
    const find = this.#find;
    const memory = this.#memory;
    while (at < end) {
      let stop = find(memory, at, last);
      while (before > 0 && stop < end && !this.#isDelimiter(at, stop)) {
        stop = find(memory, stop + 1, last);
      }
      if (stop === end) {
        this.#gather(at, end);
        break;
      }
      let frame = at;
      let frameEnd = stop;
      at = stop + 1;
      if (this.#frame !== AWAITED) {
        if (!this.#gather(frame, stop)) {
          counters.droppedBytes++;
          this.#await();
          continue;
        }
        frame = this.#area;
        frameEnd = frame + this.#gathered;
        this.#await();
      }
      const length = frameEnd - frame;
      if (length === this.#idleLength) {
        counters.idleBytes += length + 1;
        continue;
      }
      if (length > this.#areaLength) {
        // Before it is looked at: had it come in pieces, it would not have been gathered.
        this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
        continue;
      }
      const packet = frame + this.#leading;
      let packetEnd = format.unwrap(bytes, frame, frameEnd - before);
      if (packetEnd < 0) {
        this.#drop(-1 - packetEnd, length + 1);
        continue;
      }
      if (packetEnd - packet > this.#maxPacketLength) {
        this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
        continue;
      }
      const check = this.#check;
      if (check !== undefined) {
        const verdict = check.judge(bytes, packet, packetEnd);
        if (verdict !== ACCEPT_PACKET) {
          this.#drop(this.#common + (verdict === REJECT_PACKET ? INVALID_PACKET : SKIPPED), length + 1);
          continue;
        }
        packetEnd -= check.trailerLength;
      }
      this.packetStart = packet;
      this.packetEnd = packetEnd;
      this.#answered = length + 1;
      this.#at = at;
      return PACKET;
    }
    this.#at = end;
    return MORE;
  }

  late(): void {}

  reset(): void {
    const pending = this.pendingBytes;
    if (pending > 0) {
      this.#drop(this.#common + (this.#answered === NONE ? TRUNCATED : UNDELIVERED), pending);
    }
    this.#answered = NONE;
    this.#at = this.#end;
    this.#await();
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

  /** Keeps [at, end) of a frame whose delimiter is still to come. False when the frame is too long by now. */
  #gather(at: number, end: number): boolean {
    const length = end - at;
    if (this.#frame === DISCARDED) {
      this.counters.droppedBytes += length;
    } else if (this.#gathered + length <= this.#areaLength) {
      this.#bytes.copyWithin(this.#area + this.#gathered, at, end);
      this.#gathered += length;
      this.#frame = BEGUN;
      return true;
    } else {
      this.#drop(this.#common + FRAME_TOO_LONG, this.#gathered + length);
      this.#frame = DISCARDED;
    }
    this.#keepTail(at, end);
    return false;
  }

  /** Of the bytes gathered and those in [at, end), keeps the last ones: the delimiter may begin with them. */
  #keepTail(at: number, end: number): void {
    const length = end - at;
    const area = this.#area;
    if (length >= this.#before) {
      this.#gathered = this.#before;
      this.#bytes.copyWithin(area, end - this.#before, end);
      return;
    }
    const old = Math.min(this.#gathered, this.#before - length);
    this.#bytes.copyWithin(area, area + this.#gathered - old, area + this.#gathered);
    this.#bytes.copyWithin(area + old, at, end);
    this.#gathered = old + length;
  }

  /** The frame begun is over. */
  #await(): void {
    this.#frame = AWAITED;
    this.#gathered = 0;
  }

  #drop(reason: number, length: number): void {
    this.counters.reject(reason);
    this.counters.droppedBytes += length;
  }
}
