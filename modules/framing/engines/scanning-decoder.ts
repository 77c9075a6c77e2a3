/**
 * The decoder of framings without a delimiter: each frame tells its own length.
 *
 * One wrong length can swallow what follows, so after damage the decoder searches on, byte by byte, on the same stream,
 * and also through what a wrong length had gathered; or it passes over what it cannot take, see `BadFrames`. Packets
 * that lie whole in the staging area are delivered where they stand.
 *
 * Where a checksum tells packets from other bytes, a search may have to calculate one at each byte, over the longest
 * packet: a stream can be made to that end. So a call stops when it has calculated too much for nothing, as it does when
 * the sink refuses, and goes on when it is called again; in between, others have their turn.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import { FramingCounters } from "../contract/counters.js";
import type { BadFrames, FrameDecoder } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, REJECT_PACKET, SKIP_PACKET } from "../contract/packet-check.js";
import type { StreamFormat } from "./stream-format.js";
import { FOUND, isWhole, lookBehind } from "./stream-look.js";

/**
 * Where the next frame begins, and what leads on:
 *
 * | state     | the next frame begins                               | a good packet | a bad frame         | silence  |
 * | --------- | --------------------------------------------------- | ------------- | ------------------- | -------- |
 * | DUE       | here                                                | DUE           | SEARCHING, or below | OVERDUE  |
 * | LIKELY    | here, if the one passed over said its length right  | DUE           | SEARCHING           | OVERDUE  |
 * | SEARCHING | anywhere: synchronization is lost, and that counted | DUE           | SEARCHING           |          |
 * | OVERDUE   | behind the one gathered, or at its last pause       | DUE           | DUE or LIKELY       | DUE, where whole packets came since the last pause |
 * | PASSING   | behind one that is too long to be gathered          |               | DUE or LIKELY       | DOUBTFUL |
 * | DOUBTFUL  | the same, or at its last pause                      |               | DUE or LIKELY       | DUE, as from OVERDUE |
 *
 * Only `passOver` knows other states than DUE and SEARCHING. Behind a frame passed over, the next one is DUE where a
 * header tells frames from other bytes (`isTelling`).
 */
const DUE = 0;
const LIKELY = 1;
const SEARCHING = 2;
const OVERDUE = 3;
const PASSING = 4;
const DOUBTFUL = 5;
type State = typeof DUE | typeof LIKELY | typeof SEARCHING | typeof OVERDUE | typeof PASSING | typeof DOUBTFUL;

/** How the last call ended. */
const THROUGH = 0;
/** The sink refused a packet. */
const REFUSED = 1;
/** Others should have their turn. */
const PAUSED = 2;

/**
 * So many bytes may be judged for nothing, or two of the longest packets where that is more: damage in good traffic does
 * not come to it. With a CRC-16, XS takes 1.4 ms for them on x86-64, and some 50 ms on an ESP32.
 */
const PATIENCE = 16_384;
/**
 * Each byte that comes makes up for so many that were judged for nothing. What is read at once makes up for all; so bytes
 * that come in small pieces, as the data zones of USLP do, are worth no more than in one.
 */
const PATIENCE_PER_BYTE = 16;
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
  #passesOver: boolean;
  /** Bytes at the end of each packet that are not delivered. */
  #checkLength: number;
  /** Number of the first of the common reasons. */
  #common: number;
  /**
   * Where a frame is gathered that came in pieces; it always begins with what may be a frame. DOUBTFUL: what came since
   * the last pause.
   */
  #area: number;
  #gathered = 0;
  #state: State = DUE;
  #ended: typeof THROUGH | typeof REFUSED | typeof PAUSED = THROUGH;
  /** PASSING, DOUBTFUL: bytes of the frame that are still to come. */
  #left = 0;
  /** OVERDUE: so much was gathered when the stream paused last. */
  #pausedAt = 0;
  /** Bytes judged for nothing, less what others made up for. */
  #vain = 0;
  #patience: number;
  /** Where in the frame gathered the next look for a packet begins. */
  #lookAt = 1;

  /** @param area offset of `format.maxWanted` bytes that are this decoder's alone */
  constructor(
    memory: FixedMemory,
    area: number,
    format: StreamFormat,
    check?: PacketCheck,
    badFrames: BadFrames = "search",
  ) {
    this.#bytes = memory.bytes;
    this.#area = area;
    this.#format = format;
    this.#check = check;
    this.#passesOver = badFrames === "passOver";
    this.#checkLength = check?.trailerLength ?? 0;
    this.#common = format.reasons.length;
    this.#patience = Math.max(PATIENCE, 2 * format.maxWanted);
    this.counters = new FramingCounters(Object.freeze([...format.reasons, ...COMMON_REASONS]));
  }

  /** Of a frame that is passed over, its first byte counts as pending until its end. */
  get pendingBytes(): number {
    return this.#state >= PASSING ? this.#gathered + 1 : this.#gathered;
  }

  push(start: number, end: number, sink: PacketSink): number {
    let at = start;
    if (this.#vain > 0) {
      this.#vain = Math.max(0, this.#vain - PATIENCE_PER_BYTE * (end - start));
    }
    while (this.#gathered > 0 && this.#state < PASSING) {
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
    if (this.#state >= PASSING) {
      at = this.#pass(at, end);
    }
    if (at < end) {
      const stop = this.#scan(at, end, sink, end - at);
      if (this.#ended !== THROUGH) {
        return stop;
      }
      this.#keep(stop, end);
    }
    return end;
  }

  expire(sink: PacketSink, closing = false, recent = 0): boolean {
    // Called again, the frame in front has been given up before.
    const again = this.#ended !== THROUGH;
    if (this.#passesOver && !again && this.#state !== SEARCHING && (recent > 0 || !this.#pause(closing))) {
      return true;
    }
    if (this.#gathered === 0) {
      return true;
    }
    let at = this.#area;
    const end = at + this.#gathered;
    if (recent > 0 && !again) {
      this.#lookAt = lookBehind(this.#format, this.#check, this.#bytes, at, end, this.#lookAt);
      if (this.#lookAt !== FOUND) {
        return true;
      }
    }
    while (at < end) {
      const stop = this.#scan(at, end, sink, recent);
      if (this.#ended !== THROUGH) {
        this.#keep(stop, end);
        return false;
      }
      const isDue = this.#state !== SEARCHING;
      if ((again || stop > this.#area) && (end - stop <= recent || (recent > 0 && isDue))) {
        // It came later than the frame given up, or stands right behind a packet: it has its own time.
        this.#keep(stop, end);
        return true;
      }
      if (this.#passesOver && isDue) {
        // The stream pauses, or ends, in it as well.
        this.#keep(stop, end);
        this.#pause(closing);
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
    if (this.#ended === REFUSED) {
      this.counters.reject(this.#common + UNDELIVERED);
      this.counters.droppedBytes += this.pendingBytes;
      this.#gathered = 0;
    } else {
      this.#dropBegun(TRUNCATED);
    }
    this.#state = DUE;
    this.#ended = THROUGH;
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
    if (this.#state === OVERDUE && this.#check?.isProof !== true && this.#wanted() >= 0) {
      // Whole by its length; but what came behind the pause may be something else.
      this.counters.reject(this.#common + TIMED_OUT);
      this.counters.droppedBytes += this.#gathered;
      this.#gathered = 0;
      this.#state = this.#behindPassed();
      return true;
    }
    this.#keep(this.#scan(this.#area, end, sink, this.#gathered), end);
    return this.#ended === THROUGH;
  }

  /** Gives up whatever is begun; the stream ends, or goes on with a new frame. */
  #dropBegun(reason: number): void {
    const pending = this.pendingBytes;
    if (pending > 0) {
      if (this.#state < PASSING) {
        // What is passed over was counted when it began.
        this.counters.reject(this.#common + reason);
      }
      this.counters.droppedBytes += pending;
    }
    this.#gathered = 0;
    this.#state = DUE;
  }

  /**
   * The stream is silent, or over, in the middle of a frame that began where one was due.
   * @returns true when there is something to deliver: the frame is complete if nothing follows it, or what came since the
   *   last pause is nothing but whole packets, and then all that is gathered
   */
  #pause(closing: boolean): boolean {
    const format = this.#format;
    if (this.#state <= LIKELY && this.#gathered > 0) {
      if (format.wanted(this.#bytes, this.#area, this.#gathered, true) <= this.#gathered) {
        return true;
      }
      this.#state = OVERDUE;
      this.#pausedAt = this.#gathered;
    } else if (!closing && this.#isNewBeginning()) {
      return true;
    }
    if (closing) {
      this.#dropBegun(TRUNCATED);
    }
    return false;
  }

  /** What came between two pauses was sent by itself; else it is taken for more of the frame that is passed over. */
  #isNewBeginning(): boolean {
    switch (this.#state) {
      case OVERDUE: {
        const since = this.#area + this.#pausedAt;
        const end = this.#area + this.#gathered;
        this.#pausedAt = this.#gathered;
        if (!isWhole(this.#format, this.#check, this.#bytes, since, end)) {
          return false;
        }
        this.counters.reject(this.#common + TIMED_OUT);
        this.counters.droppedBytes += since - this.#area;
        this.#state = DUE;
        this.#keep(since, end);
        return true;
      }
      case DOUBTFUL:
        if (isWhole(this.#format, this.#check, this.#bytes, this.#area, this.#area + this.#gathered)) {
          // The byte that stood for the frame passed over.
          this.counters.droppedBytes++;
          this.#state = DUE;
          return true;
        }
        this.counters.droppedBytes += this.#gathered;
        this.#gathered = 0;
        return false;
      case PASSING:
        this.#state = DOUBTFUL;
        return false;
      default:
        return false;
    }
  }

  /** A frame is passed over as it comes. @returns where it ends, or `end` */
  #pass(start: number, end: number): number {
    const take = Math.min(this.#left, end - start);
    this.#left -= take;
    if (this.#state === DOUBTFUL && this.#gathered + take <= this.#format.maxWanted) {
      this.#bytes.copyWithin(this.#area + this.#gathered, start, start + take);
      this.#gathered += take;
    } else {
      // More than any packet, and still no pause: it is the rest of the frame.
      this.counters.droppedBytes += this.#gathered + take;
      this.#gathered = 0;
      this.#state = PASSING;
    }
    if (this.#left === 0) {
      this.counters.droppedBytes += this.pendingBytes;
      this.#gathered = 0;
      this.#state = this.#behindPassed();
    }
    return start + take;
  }

  /** Right behind a frame passed over: its length is believed where a header tells. */
  #behindPassed(): State {
    return this.#format.isTelling === true ? DUE : LIKELY;
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
    this.#ended = THROUGH;
    let at = start;
    while (at < end) {
      const length = format.wanted(bytes, at, end - at, end - at > recent);
      if (length < 0) {
        if (this.#state === SEARCHING) {
          counters.droppedBytes++;
          at++;
        } else {
          at = this.#refuse(-1 - length, at, end, recent);
        }
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
        if (this.#passesOver && (this.#state === DUE || this.#state === OVERDUE)) {
          counters.reject(this.#common + (this.#state === OVERDUE ? TIMED_OUT : INVALID_PACKET));
          counters.droppedBytes += length;
          this.#state = this.#behindPassed();
          at += length;
          continue;
        }
        this.#lose(this.#common + INVALID_PACKET);
        at++;
        this.#vain += length;
        if (this.#vain >= this.#patience && at < end) {
          this.#vain = 0;
          this.#ended = PAUSED;
          return at;
        }
        continue;
      }
      if (verdict === SKIP_PACKET) {
        counters.reject(this.#common + SKIPPED);
        counters.droppedBytes += length;
      } else {
        if (!sink.accept(bytes, packetStart, packetEnd - this.#checkLength, 0, format.kind)) {
          this.#ended = REFUSED;
          return at;
        }
        counters.frames++;
        counters.frameBytes += length;
      }
      this.#state = DUE;
      at += length;
    }
    return at;
  }

  /** No frame that is taken begins at `at`, where one was due. @returns where to go on */
  #refuse(reason: number, at: number, end: number, recent: number): number {
    if ((this.#format.announced ?? 0) > 0) {
      const announced = this.#announced(at, end, recent);
      const isSound = reason === this.#format.tooShort;
      if (announced > 0 && (isSound || (this.#passesOver && this.#state !== LIKELY))) {
        const take = Math.min(announced, end - at);
        this.counters.reject(reason);
        this.counters.droppedBytes += take;
        this.#left = announced - take;
        if (this.#left > 0) {
          this.counters.droppedBytes--;
          this.#state = PASSING;
        } else if (!isSound) {
          this.#state = this.#behindPassed();
        }
        return at + take;
      }
    }
    this.#lose(reason);
    return at + 1;
  }

  /** How long the frame refused at `at` says that it is; 0: nothing. What the format has noted may be of another one. */
  #announced(at: number, end: number, recent: number): number {
    const format = this.#format;
    format.announced = 0;
    format.wanted(this.#bytes, at, end - at, end - at > recent);
    const { announced } = format;
    format.announced = 0;
    return announced;
  }

  /** One byte is passed over; the cause counts once until the next packet. */
  #lose(reason: number): void {
    this.counters.droppedBytes++;
    if (this.#state !== SEARCHING) {
      this.counters.reject(reason);
      this.#state = SEARCHING;
    }
  }
}
