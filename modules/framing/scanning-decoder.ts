/**
 * The decoder of framings without a delimiter: each frame tells its own length.
 *
 * One wrong length can swallow what follows, so after damage the decoder searches on, byte by byte, on the same stream,
 * and also through what a wrong length had gathered. Packets that lie whole in the staging area are delivered where
 * they stand.
 *
 * Where a checksum tells packets from other bytes, a search may have to calculate one at each byte, over the longest
 * packet: a stream can be made to that end. So a call stops when it has calculated too much for nothing, as it does when
 * the sink refuses, and goes on when it is called again; in between, others have their turn.
 */
import type { FixedMemory } from "../memory/fixed-memory.js";
import type { PacketSink } from "../tmtc/contracts.js";
import { FramingCounters } from "./counters.js";
import type { FrameDecoder } from "./framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET, SKIP_PACKET } from "./packet-check.js";

/** How the frames of one framing are told from other bytes. Each decoder has one of its own. */
export interface StreamFormat {
  /** Causes why no frame begins somewhere, by the number that `wanted` gives. */
  readonly reasons: readonly string[];
  /** Most bytes that `wanted` ever asks for. */
  readonly maxWanted: number;
  /** Of the frame that `wanted` found complete: bytes before its packet, bytes behind it, and its kind. */
  readonly leading: number;
  readonly trailing: number;
  readonly kind: number;
  /**
   * True: a frame that is complete is no accident, whatever other bytes it stands among. Left out: only a checksum tells.
   */
  readonly isTelling?: boolean;
  /**
   * Judges the frame that may begin at `at` by the bytes [at, at + available) there are of it.
   * @param final no more bytes will come in time: a frame that is complete must be told now
   * @returns its length, which is at most `available` when it is complete; while its length is not known, any number
   *   above `available` that it needs at least. Or `-1 - reason`: no frame begins there.
   */
  wanted(bytes: Uint8Array, at: number, available: number, final: boolean): number;
}

/**
 * So many bytes may be judged for nothing, or two of the longest packets where that is more: damage in good traffic does
 * not come to it. With a CRC-16, XS takes 1.4 ms for them on x86-64, and some 50 ms on an ESP32, whose watchdog waits
 * for seconds.
 */
const PATIENCE = 16_384;
/**
 * Each byte that comes makes up for so many that were judged for nothing. What is read at once makes up for all; so bytes
 * that come in small pieces, as the data zones of USLP do, are worth no more than in one.
 */
const PATIENCE_PER_BYTE = 16;
/** So many bytes are judged in one look for a packet behind the frame begun: every time that more came, and there may be many clients. */
const LOOK = 2048;

/** The packet was rejected by a validator or a layer above, or no frame of any length allowed begins there. */
const INVALID_PACKET = 0;
/** A validator did not want this packet; the stream is in order. */
const SKIPPED = 1;
/** The rest of a frame did not come within the partial-frame timeout. */
const TIMED_OUT = 2;
/** The stream ended inside a frame. */
const TRUNCATED = 3;
/** The stream ended while the sink refused a packet. */
const UNDELIVERED = 4;
const COMMON_REASONS = Object.freeze(["invalidPacket", "skipped", "timedOut", "truncated", "undelivered"]);

export class ScanningDecoder implements FrameDecoder {
  readonly counters: FramingCounters;
  #bytes: Uint8Array;
  #format: StreamFormat;
  #check: PacketCheck | undefined;
  /** Bytes at the end of each packet that are not delivered. */
  #checkLength: number;
  /** Number of the first of the common reasons. */
  #common: number;
  /** Where a frame is gathered that came in pieces; it always begins with what may be a frame. */
  #area: number;
  #gathered = 0;
  /** Synchronization is lost, and its loss counted. */
  #searching = false;
  #refused = false;
  /** The last call stopped before its time, to be called again. */
  #paused = false;
  /** Bytes judged for nothing, less what others made up for. */
  #vain = 0;
  #patience: number;
  /** Where in the frame gathered the next look for a packet begins. */
  #lookAt = 1;

  /** @param area offset of `format.maxWanted` bytes that are this decoder's alone */
  constructor(memory: FixedMemory, area: number, format: StreamFormat, check?: PacketCheck) {
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#format = format;
    this.#check = check;
    this.#checkLength = check?.trailerLength ?? 0;
    this.#common = format.reasons.length;
    this.#patience = Math.max(PATIENCE, 2 * format.maxWanted);
    this.counters = new FramingCounters(Object.freeze([...format.reasons, ...COMMON_REASONS]));
  }

  get pendingBytes(): number {
    return this.#gathered;
  }

  push(start: number, end: number, sink: PacketSink): number {
    let at = start;
    if (this.#vain > 0) {
      this.#vain = Math.max(0, this.#vain - PATIENCE_PER_BYTE * (end - start));
    }
    while (this.#gathered > 0) {
      const take = Math.min(this.#wanted() - this.#gathered, end - at);
      if (take > 0) {
        this.#bytes.copyWithin(this.#area + this.#gathered, at, at + take);
        this.#gathered += take;
        at += take;
      }
      if (this.#wanted() > this.#gathered) {
        if (at === end) {
          return end;
        }
        continue;
      }
      if (!this.#settle(sink)) {
        if (take > 0) {
          // Hands one byte back, so that the caller sees there is something left to push.
          this.#gathered--;
          at--;
        }
        return at;
      }
    }
    if (at < end) {
      const stop = this.#scan(at, end, sink, end - at);
      if (this.#refused || this.#paused) {
        return stop;
      }
      this.#keep(stop, end);
    }
    return end;
  }

  expire(sink: PacketSink, closing = false, recent = 0): boolean {
    if (this.#gathered === 0) {
      return true;
    }
    let at = this.#area;
    const end = at + this.#gathered;
    // Called again, the frame in front has been given up before.
    const again = this.#refused || this.#paused;
    if (recent > 0 && !again && !this.#hasPacket(end)) {
      return true;
    }
    while (at < end) {
      const stop = this.#scan(at, end, sink, recent);
      if (this.#refused || this.#paused) {
        this.#keep(stop, end);
        return false;
      }
      if ((again || stop > this.#area) && (end - stop <= recent || (recent > 0 && !this.#searching))) {
        // It came later than the frame given up, or stands right behind a packet: it has its own time.
        this.#keep(stop, end);
        return true;
      }
      // The frame begun there is given up, and with it those begun behind it that are as late.
      this.#lose(this.#common + (closing ? TRUNCATED : TIMED_OUT));
      at = stop + 1;
    }
    this.#gathered = 0;
    return true;
  }

  reset(): void {
    if (this.#refused) {
      this.counters.reject(this.#common + UNDELIVERED);
    } else if (this.#gathered > 0) {
      this.counters.reject(this.#common + TRUNCATED);
    }
    this.counters.droppedBytes += this.#gathered;
    this.#gathered = 0;
    this.#searching = false;
    this.#refused = false;
    this.#paused = false;
    this.#vain = 0;
    this.#lookAt = 1;
  }

  /** Bytes that the frame gathered needs, as far as is known: never more than there is room for. */
  #wanted(): number {
    const format = this.#format;
    return Math.min(format.wanted(this.#bytes, this.#area, this.#gathered, false), format.maxWanted);
  }

  /** Delivers what is complete among the gathered bytes, and keeps the rest. False when refused, or paused. */
  #settle(sink: PacketSink): boolean {
    const end = this.#area + this.#gathered;
    this.#keep(this.#scan(this.#area, end, sink, this.#gathered), end);
    return !this.#refused && !this.#paused;
  }

  /**
   * A complete packet stands behind the beginning of the frame gathered, and gives the lie to its length. Looks at some
   * places, and goes on from there the next time.
   */
  #hasPacket(end: number): boolean {
    const format = this.#format;
    const check = this.#check;
    if (check === undefined && format.isTelling !== true) {
      return false;
    }
    const last = this.#gathered - 1;
    let offset = this.#lookAt;
    let work = LOOK;
    for (let k = 0; k < last && work > 0; k++) {
      if (offset > last) {
        offset = 1;
      }
      const at = this.#area + offset++;
      const length = format.wanted(this.#bytes, at, end - at, false);
      if (length < 0 || length > end - at) {
        continue;
      }
      const packetEnd = at + length - format.trailing;
      if (check === undefined || check.judge(this.#bytes, at + format.leading, packetEnd) !== REJECT_PACKET) {
        return true;
      }
      work -= length;
    }
    this.#lookAt = offset;
    return false;
  }

  #keep(start: number, end: number): void {
    this.#bytes.copyWithin(this.#area, start, end);
    this.#gathered = end - start;
    this.#lookAt = 1;
  }

  /**
   * Delivers the complete packets in [start, end), passing over what cannot be one.
   * @param recent a frame that begins among so many last bytes may still be completed
   * @returns where the frame of the packet refused, or one that is not complete yet, begins, or where to go on after a
   *   pause; else `end`
   */
  #scan(start: number, end: number, sink: PacketSink, recent: number): number {
    const { counters } = this;
    const bytes = this.#bytes;
    const format = this.#format;
    const check = this.#check;
    this.#refused = false;
    this.#paused = false;
    let at = start;
    while (at < end) {
      const length = format.wanted(bytes, at, end - at, end - at > recent);
      if (length < 0) {
        this.#lose(-1 - length);
        at++;
        continue;
      }
      if (length > end - at) {
        if (length <= format.maxWanted) {
          return at;
        }
        // There would be no room to gather it.
        this.#lose(this.#common + INVALID_PACKET);
        at++;
        continue;
      }
      const packetStart = at + format.leading;
      const packetEnd = at + length - format.trailing;
      const verdict = check === undefined ? ACCEPT_PACKET : check.judge(bytes, packetStart, packetEnd);
      if (verdict === REJECT_PACKET) {
        this.#lose(this.#common + INVALID_PACKET);
        at++;
        this.#vain += length;
        if (this.#vain >= this.#patience && at < end) {
          this.#vain = 0;
          this.#paused = true;
          return at;
        }
        continue;
      }
      if (verdict === SKIP_PACKET) {
        counters.reject(this.#common + SKIPPED);
        counters.droppedBytes += length;
      } else {
        if (!sink.accept(bytes, packetStart, packetEnd - this.#checkLength, 0, format.kind)) {
          this.#refused = true;
          return at;
        }
        counters.frames++;
        counters.frameBytes += length;
      }
      this.#searching = false;
      at += length;
    }
    return at;
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
