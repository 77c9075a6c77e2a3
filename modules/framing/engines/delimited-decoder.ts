/**
 * The decoder of framings whose frames end with a delimiter of one byte or a few.
 *
 * A frame that lies whole in the staging area is unwrapped and delivered where it lies; only one that came in pieces is
 * gathered, as it came. Damage ends at the next delimiter, and so does a frame that was too long: it is never delivered
 * truncated.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import { FramingCounters } from "../contract/counters.js";
import type { FrameDecoder } from "../contract/framing.js";
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
  // XS finds a private member by walking them in this order, and the methods before: those of every frame come first.
  #bytes: Uint8Array;
  /** Bytes of the frame came before: they are gathered, or discarded. */
  #begun = false;
  #format: DelimitedFormat;
  #check: PacketCheck | undefined;
  /** Length of a frame, the delimiter's first bytes included, that is idle; -1: none is. */
  #idleLength: number;
  /** Length of the longest frame, the delimiter's first bytes included. */
  #areaLength: number;
  #maxPacketLength: number;
  #leading: number;
  /** The sink refused the packet at [start, end); its frame took in so many bytes. */
  #refused = false;
  /** How many bytes of the delimiter come before its last one. */
  #before: number;
  /** The delimiter's last byte, which is searched for. */
  #last: number;
  #find: FindByte;
  #memory: FixedMemory;
  /** Where a frame is gathered that came in pieces, still wrapped; what may be a delimiter's first bytes included. */
  #area: number;
  #gathered = 0;
  /**
   * A frame was too long: everything to its delimiter belongs to it. Of it, only the last bytes stay gathered, so many
   * as a delimiter may begin with.
   */
  #discarding = false;
  #refusedStart = 0;
  #refusedEnd = 0;
  #refusedLength = 0;
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
    if (this.#refused) {
      return this.#refusedLength;
    }
    return this.#discarding ? 0 : this.#gathered;
  }

  /** All in one, with its fields read once: on XS a call costs as much as half of a short frame's decoding. */
  push(start: number, end: number, sink: PacketSink): number {
    const bytes = this.#bytes;
    const format = this.#format;
    const check = this.#check;
    const idleLength = this.#idleLength;
    const areaLength = this.#areaLength;
    const leading = this.#leading;
    const before = this.#before;
    const last = this.#last;
    const find = this.#find;
    const memory = this.#memory;
    const counters = this.counters;
    let at = start;
    if (this.#refused) {
      if (!this.#offerAgain(sink)) {
        return at;
      }
      at++;
    }
    // The sentinel lets every search stop without a bound to check.
    bytes[end] = last;
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
      if (this.#begun) {
        if (!this.#gather(frame, stop)) {
          counters.droppedBytes++;
          this.#end();
          continue;
        }
        frame = this.#area;
        frameEnd = frame + this.#gathered;
        this.#end();
      }
      const length = frameEnd - frame;
      if (length === idleLength) {
        counters.idleBytes += length + 1;
        continue;
      }
      if (length > areaLength) {
        // Before it is looked at: had it come in pieces, it would not have been gathered.
        this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
        continue;
      }
      const packet = frame + leading;
      let packetEnd = format.unwrap(bytes, frame, frameEnd - before);
      if (packetEnd < 0) {
        this.#drop(-1 - packetEnd, length + 1);
        continue;
      }
      if (packetEnd - packet > this.#maxPacketLength) {
        this.#drop(this.#common + FRAME_TOO_LONG, length + 1);
        continue;
      }
      if (check !== undefined) {
        const verdict = check.judge(bytes, packet, packetEnd);
        if (verdict !== ACCEPT_PACKET) {
          this.#drop(this.#common + (verdict === REJECT_PACKET ? INVALID_PACKET : SKIPPED), length + 1);
          continue;
        }
        packetEnd -= check.trailerLength;
      }
      if (!sink.accept(bytes, packet, packetEnd, 0, 0)) {
        this.#refused = true;
        this.#refusedStart = packet;
        this.#refusedEnd = packetEnd;
        this.#refusedLength = length;
        return stop;
      }
      counters.frames++;
      counters.frameBytes += length + 1;
    }
    return end;
  }

  expire(_sink: PacketSink): boolean {
    return true;
  }

  reset(): void {
    if (this.#refused) {
      this.#drop(this.#common + UNDELIVERED, this.#refusedLength);
    } else if (this.pendingBytes > 0) {
      this.#drop(this.#common + TRUNCATED, this.pendingBytes);
    }
    this.#refused = false;
    this.#end();
  }

  #offerAgain(sink: PacketSink): boolean {
    // Set before the call, so that a sink that throws is not asked again with the same packet.
    this.#refused = false;
    this.#refused = !sink.accept(this.#bytes, this.#refusedStart, this.#refusedEnd, 0, 0);
    if (this.#refused) {
      return false;
    }
    this.counters.frames++;
    this.counters.frameBytes += this.#refusedLength + 1;
    return true;
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
    this.#begun = true;
    if (this.#discarding) {
      this.counters.droppedBytes += length;
    } else if (this.#gathered + length <= this.#areaLength) {
      this.#bytes.copyWithin(this.#area + this.#gathered, at, end);
      this.#gathered += length;
      return true;
    } else {
      this.#drop(this.#common + FRAME_TOO_LONG, this.#gathered + length);
      this.#discarding = true;
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
  #end(): void {
    this.#begun = false;
    this.#discarding = false;
    this.#gathered = 0;
  }

  #drop(reason: number, length: number): void {
    this.counters.reject(reason);
    this.counters.droppedBytes += length;
  }
}
