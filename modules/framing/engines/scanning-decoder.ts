/**
 * The decoder of framings without a delimiter: each frame tells its own length.
 *
 * One wrong length can swallow what follows, so after damage the decoder searches on, byte by byte, on the same stream,
 * and also through what a wrong length had gathered; or it passes over what it cannot take, see `BadFrames`. Packets
 * that lie whole in the staging area are delivered where they stand.
 *
 * Where a checksum tells packets from other bytes, a search may have to calculate one at each byte, over the longest
 * packet: a stream can be made to that end. So the decoder answers `BUSY` when it has calculated too much for nothing, and
 * goes on when it is asked again; in between, others have their turn.
 *
 * Here: what is taken in, gathered and given up. `frame-search.ts` has the states, and the search among bytes that are there.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { BadFrames, FrameDecoder } from "../contract/framing.js";
import type { PacketCheck } from "../contract/packet-check.js";
import {
  behindPassed,
  DOUBTFUL,
  DUE,
  FrameSearch,
  LIKELY,
  NONE,
  OVERDUE,
  PASSING,
  SEARCHING,
  TIMED_OUT,
  TRUNCATED,
  UNDELIVERED,
} from "./frame-search.js";
import type { StreamFormat } from "./stream-format.js";
import { FOUND, isWhole, lookBehind } from "./stream-look.js";

/** What is being searched for packets: nothing. */
const NOTHING = 0;
/** The bytes given, where they stand. */
const GIVEN = 1;
/** The frame gathered, which is complete. */
const GATHERED = 2;
/** The frame gathered, which is late. */
const LATE = 3;
/** The same, where the stream has ended. */
const LAST = 4;
type Searched = typeof NOTHING | typeof GIVEN | typeof GATHERED | typeof LATE | typeof LAST;

/**
 * Each byte that comes makes up for so many that were judged for nothing. What is read at once makes up for all; so bytes
 * that come in small pieces, as the data zones of USLP do, are worth no more than in one.
 */
const PATIENCE_PER_BYTE = 16;

export class ScanningDecoder extends FrameSearch implements FrameDecoder {
  #searched: Searched = NOTHING;
  /** Bytes given that are not taken in yet. */
  #at = 0;
  #end = 0;
  /**
   * Where a frame is gathered that came in pieces; it always begins with what may be a frame. DOUBTFUL: what came since
   * the last pause.
   */
  #area: number;
  #gathered = 0;
  /** OVERDUE: so much was gathered when the stream paused last. */
  #pausedAt = 0;
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
    super(memory, format, check, badFrames);
    this.#area = area;
  }

  /** Of a frame that is passed over, its first byte counts as pending until its end. */
  get pendingBytes(): number {
    const given = this.#end - this.#at;
    if (this.#searched !== NOTHING) {
      return given + this.scanEnd - this.scanAt;
    }
    return given + this.#begun;
  }

  give(start: number, end: number): void {
    this.#end = end;
    if (this.vain > 0) {
      this.vain = Math.max(0, this.vain - PATIENCE_PER_BYTE * (end - start));
    }
    if (this.#gathered === 0 && this.state < PASSING) {
      // As `#search` does it: most packets come this way, and on XS a call is a tenth of what one costs.
      this.#at = end;
      this.#searched = GIVEN;
      this.scanAt = start;
      this.scanEnd = end;
      this.recent = end - start;
    } else {
      this.#at = start;
    }
  }

  late(closing = false, recent = 0): void {
    if (this.passesOver && this.state !== SEARCHING && (recent > 0 || !this.#pause(closing))) {
      return;
    }
    if (this.#gathered === 0) {
      return;
    }
    if (recent > 0) {
      const end = this.#area + this.#gathered;
      this.#lookAt = lookBehind(this.format, this.check, this.bytes, this.#area, end, this.#lookAt);
      if (this.#lookAt !== FOUND) {
        return;
      }
    }
    this.#search(closing ? LAST : LATE, this.#area, this.#area + this.#gathered, recent);
  }

  reset(): void {
    const isRefused = this.answered !== NONE;
    const pending = this.pendingBytes;
    if (pending > 0) {
      if (isRefused || this.state < PASSING) {
        // What is passed over was counted when it began.
        this.counters.reject(this.common + (isRefused ? UNDELIVERED : TRUNCATED));
      }
      this.counters.droppedBytes += pending;
    }
    this.answered = NONE;
    this.#search(NOTHING, 0, 0, 0);
    this.#at = this.#end;
    this.#gathered = 0;
    this.state = DUE;
    this.vain = 0;
    this.#lookAt = 1;
  }

  /** Bytes that are taken in, of the frame begun or of the one that is passed over. */
  get #begun(): number {
    return this.state >= PASSING ? this.#gathered + 1 : this.#gathered;
  }

  /** Takes bytes in until there is something to search. False when there are no more. */
  protected goOn(): boolean {
    const searched = this.#searched;
    if (searched !== NOTHING) {
      if (searched >= LATE && !this.#givesUpNoMore()) {
        return true;
      }
      if (this.scanAt === this.scanEnd) {
        // Mostly so: all that came were whole packets.
        this.#gathered = 0;
      } else {
        this.#keep(this.scanAt, this.scanEnd);
        this.scanAt = this.scanEnd;
      }
      this.#searched = NOTHING;
    }
    while (this.#at < this.#end) {
      if (this.state >= PASSING) {
        this.#pass();
      } else if (this.#gathered === 0) {
        this.#search(GIVEN, this.#at, this.#end, this.#end - this.#at);
        this.#at = this.#end;
        return true;
      } else if (this.#isCompleted()) {
        this.#search(GATHERED, this.#area, this.#area + this.#gathered, this.#gathered);
        return true;
      }
    }
    return false;
  }

  #search(what: Searched, start: number, end: number, recent: number): void {
    this.#searched = what;
    this.scanAt = start;
    this.scanEnd = end;
    this.recent = recent;
  }

  /** Adds to the frame gathered what it needs, as far as is known. True when that is all, and is to be searched. */
  #isCompleted(): boolean {
    const take = Math.min(this.#wanted() - this.#gathered, this.#end - this.#at);
    if (take > 0) {
      this.bytes.copyWithin(this.#area + this.#gathered, this.#at, this.#at + take);
      this.#gathered += take;
      this.#at += take;
    }
    const wanted = this.#wanted();
    if (wanted > this.#gathered) {
      return false;
    }
    if (this.state === OVERDUE && this.check?.isProof !== true && wanted >= 0) {
      // Whole by its length; but what came behind the pause may be something else.
      this.counters.reject(this.common + TIMED_OUT);
      this.counters.droppedBytes += this.#gathered;
      this.#gathered = 0;
      this.state = behindPassed(this.format);
      return false;
    }
    return true;
  }

  /** Bytes that the frame gathered needs, as far as is known: never more than there is room for. */
  #wanted(): number {
    const { format } = this;
    return Math.min(format.wanted(this.bytes, this.#area, this.#gathered, false), format.maxWanted);
  }

  /**
   * Everything in front of `scanAt` is served. Gives up one byte, and returns false, if the rest is late, too. Returns true
   * if the rest has time left.
   */
  #givesUpNoMore(): boolean {
    const left = this.scanEnd - this.scanAt;
    if (left === 0) {
      return true;
    }
    const isDue = this.state !== SEARCHING;
    if (this.scanAt > this.#area && (left <= this.recent || (this.recent > 0 && isDue))) {
      // It came later than the frame given up, or stands right behind a packet: it has its own time.
      return true;
    }
    if (this.passesOver && isDue) {
      // The stream pauses, or ends, in it as well.
      this.#keep(this.scanAt, this.scanEnd);
      this.#pause(this.#searched === LAST);
      this.scanAt = this.#area;
      this.scanEnd = this.#area + this.#gathered;
      return true;
    }
    // The frame begun there is given up, and with it those begun behind it that are as late.
    this.lose(this.common + (this.#searched === LAST ? TRUNCATED : TIMED_OUT));
    this.scanAt++;
    return false;
  }

  /**
   * The stream is silent, or over, in the middle of a frame that began where one was due.
   * @returns true when there is something to search: the frame is complete if nothing follows it, or what came since the
   *   last pause is nothing but whole packets, and then all that is gathered
   */
  #pause(closing: boolean): boolean {
    const { format } = this;
    if (this.state <= LIKELY && this.#gathered > 0) {
      if (format.wanted(this.bytes, this.#area, this.#gathered, true) <= this.#gathered) {
        return true;
      }
      this.state = OVERDUE;
      this.#pausedAt = this.#gathered;
    } else if (!closing && this.#isNewBeginning()) {
      return true;
    }
    if (closing) {
      this.#cutOff();
    }
    return false;
  }

  /** The stream has ended in the frame begun, or in the one that is passed over, which was counted when it began. */
  #cutOff(): void {
    const pending = this.#begun;
    if (pending > 0 && this.state < PASSING) {
      this.counters.reject(this.common + TRUNCATED);
    }
    this.counters.droppedBytes += pending;
    this.#gathered = 0;
    this.state = DUE;
  }

  /** What came between two pauses was sent by itself; else it is taken for more of the frame that is passed over. */
  #isNewBeginning(): boolean {
    switch (this.state) {
      case OVERDUE: {
        const since = this.#area + this.#pausedAt;
        const end = this.#area + this.#gathered;
        this.#pausedAt = this.#gathered;
        if (!isWhole(this.format, this.check, this.bytes, since, end)) {
          return false;
        }
        this.counters.reject(this.common + TIMED_OUT);
        this.counters.droppedBytes += since - this.#area;
        this.state = DUE;
        this.#keep(since, end);
        return true;
      }
      case DOUBTFUL:
        if (isWhole(this.format, this.check, this.bytes, this.#area, this.#area + this.#gathered)) {
          // The byte that stood for the frame passed over.
          this.counters.droppedBytes++;
          this.state = DUE;
          return true;
        }
        this.counters.droppedBytes += this.#gathered;
        this.#gathered = 0;
        return false;
      case PASSING:
        this.state = DOUBTFUL;
        return false;
      default:
        return false;
    }
  }

  /** A frame is passed over as it comes. */
  #pass(): void {
    const take = Math.min(this.left, this.#end - this.#at);
    this.left -= take;
    if (this.state === DOUBTFUL && this.#gathered + take <= this.format.maxWanted) {
      this.bytes.copyWithin(this.#area + this.#gathered, this.#at, this.#at + take);
      this.#gathered += take;
    } else {
      // More than any packet, and still no pause: it is the rest of the frame.
      this.counters.droppedBytes += this.#gathered + take;
      this.#gathered = 0;
      this.state = PASSING;
    }
    this.#at += take;
    if (this.left === 0) {
      this.counters.droppedBytes += this.#begun;
      this.#gathered = 0;
      this.state = behindPassed(this.format);
    }
  }

  #keep(start: number, end: number): void {
    if (start < end) {
      this.bytes.copyWithin(this.#area, start, end);
    }
    this.#gathered = end - start;
    this.#lookAt = 1;
  }
}
