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
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type BadFrames, BUSY, type FrameDecoder, MORE, PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, SKIP_PACKET } from "../contract/packet-check.js";
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

/** No packet was answered. */
const NONE = 0;

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
  #searched: Searched = NOTHING;
  /** What is being searched: from the frame of the packet answered last, or from where to go on, to its end. */
  #scanAt = 0;
  #scanEnd = 0;
  /** A frame that begins among so many of its last bytes may still be completed. */
  #recent = 0;
  /** Length of the frame of the packet answered last. */
  #answered = NONE;
  #state: State = DUE;
  /** Bytes given that are not taken in yet. */
  #at = 0;
  #end = 0;
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

  // What the format says of the frame answered last holds until it is asked for another one.
  get packetStart(): number {
    return this.#scanAt + this.#format.leading;
  }

  get packetEnd(): number {
    return this.#scanAt + this.#answered - this.#format.trailing - this.#checkLength;
  }

  get kind(): number {
    return this.#format.kind;
  }

  /** Of a frame that is passed over, its first byte counts as pending until its end. */
  get pendingBytes(): number {
    const given = this.#end - this.#at;
    if (this.#searched !== NOTHING) {
      return given + this.#scanEnd - this.#scanAt;
    }
    return given + this.#begun;
  }

  give(start: number, end: number): void {
    this.#at = start;
    this.#end = end;
    if (this.#vain > 0) {
      this.#vain = Math.max(0, this.#vain - PATIENCE_PER_BYTE * (end - start));
    }
  }

  next(): Answer {
    if (this.#answered !== NONE) {
      this.counters.frames++;
      this.counters.frameBytes += this.#answered;
      this.#scanAt += this.#answered;
      this.#answered = NONE;
      this.#state = DUE;
    }
    for (;;) {
      if (this.#searched === NOTHING && !this.#takeIn()) {
        return MORE;
      }
      const answer = this.#scan();
      if (answer !== MORE) {
        return answer;
      }
      if (this.#searched < LATE || this.#isEnoughGivenUp()) {
        this.#keep(this.#scanAt, this.#scanEnd);
        this.#searched = NOTHING;
      }
    }
  }

  late(closing = false, recent = 0): void {
    if (this.#passesOver && this.#state !== SEARCHING && (recent > 0 || !this.#pause(closing))) {
      return;
    }
    if (this.#gathered === 0) {
      return;
    }
    if (recent > 0) {
      const end = this.#area + this.#gathered;
      this.#lookAt = lookBehind(this.#format, this.#check, this.#bytes, this.#area, end, this.#lookAt);
      if (this.#lookAt !== FOUND) {
        return;
      }
    }
    this.#search(closing ? LAST : LATE, this.#area, this.#area + this.#gathered, recent);
  }

  reset(): void {
    const isRefused = this.#answered !== NONE;
    const pending = this.pendingBytes;
    if (pending > 0) {
      if (isRefused || this.#state < PASSING) {
        // What is passed over was counted when it began.
        this.counters.reject(this.#common + (isRefused ? UNDELIVERED : TRUNCATED));
      }
      this.counters.droppedBytes += pending;
    }
    this.#answered = NONE;
    this.#searched = NOTHING;
    this.#at = this.#end;
    this.#gathered = 0;
    this.#state = DUE;
    this.#vain = 0;
    this.#lookAt = 1;
  }

  /** Bytes that are taken in, of the frame begun or of the one that is passed over. */
  get #begun(): number {
    return this.#state >= PASSING ? this.#gathered + 1 : this.#gathered;
  }

  /** Takes bytes in until there is something to search. False when there are no more. */
  #takeIn(): boolean {
    while (this.#at < this.#end) {
      if (this.#state >= PASSING) {
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
    this.#scanAt = start;
    this.#scanEnd = end;
    this.#recent = recent;
  }

  /** Adds to the frame gathered what it needs, as far as is known. True when that is all, and is to be searched. */
  #isCompleted(): boolean {
    const take = Math.min(this.#wanted() - this.#gathered, this.#end - this.#at);
    if (take > 0) {
      this.#bytes.copyWithin(this.#area + this.#gathered, this.#at, this.#at + take);
      this.#gathered += take;
      this.#at += take;
    }
    const wanted = this.#wanted();
    if (wanted > this.#gathered) {
      return false;
    }
    if (this.#state === OVERDUE && this.#check?.isProof !== true && wanted >= 0) {
      // Whole by its length; but what came behind the pause may be something else.
      this.counters.reject(this.#common + TIMED_OUT);
      this.counters.droppedBytes += this.#gathered;
      this.#gathered = 0;
      this.#state = this.#behindPassed();
      return false;
    }
    return true;
  }

  /** Bytes that the frame gathered needs, as far as is known: never more than there is room for. */
  #wanted(): number {
    const format = this.#format;
    return Math.min(format.wanted(this.#bytes, this.#area, this.#gathered, false), format.maxWanted);
  }

  /**
   * Of the frame that is late, everything in front of `#scanAt` is served. True when what is left is not given up;
   * otherwise a byte of it is, and the search goes on.
   */
  #isEnoughGivenUp(): boolean {
    const left = this.#scanEnd - this.#scanAt;
    if (left === 0) {
      return true;
    }
    const isDue = this.#state !== SEARCHING;
    if (this.#scanAt > this.#area && (left <= this.#recent || (this.#recent > 0 && isDue))) {
      // It came later than the frame given up, or stands right behind a packet: it has its own time.
      return true;
    }
    if (this.#passesOver && isDue) {
      // The stream pauses, or ends, in it as well.
      this.#keep(this.#scanAt, this.#scanEnd);
      this.#pause(this.#searched === LAST);
      this.#scanAt = this.#area;
      this.#scanEnd = this.#area + this.#gathered;
      return true;
    }
    // The frame begun there is given up, and with it those begun behind it that are as late.
    this.#lose(this.#common + (this.#searched === LAST ? TRUNCATED : TIMED_OUT));
    this.#scanAt++;
    return false;
  }

  /**
   * The stream is silent, or over, in the middle of a frame that began where one was due.
   * @returns true when there is something to search: the frame is complete if nothing follows it, or what came since the
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
      this.#cutOff();
    }
    return false;
  }

  /** The stream has ended in the frame begun, or in the one that is passed over, which was counted when it began. */
  #cutOff(): void {
    const pending = this.#begun;
    if (pending > 0 && this.#state < PASSING) {
      this.counters.reject(this.#common + TRUNCATED);
    }
    this.counters.droppedBytes += pending;
    this.#gathered = 0;
    this.#state = DUE;
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

  /** A frame is passed over as it comes. */
  #pass(): void {
    const take = Math.min(this.#left, this.#end - this.#at);
    this.#left -= take;
    if (this.#state === DOUBTFUL && this.#gathered + take <= this.#format.maxWanted) {
      this.#bytes.copyWithin(this.#area + this.#gathered, this.#at, this.#at + take);
      this.#gathered += take;
    } else {
      // More than any packet, and still no pause: it is the rest of the frame.
      this.counters.droppedBytes += this.#gathered + take;
      this.#gathered = 0;
      this.#state = PASSING;
    }
    this.#at += take;
    if (this.#left === 0) {
      this.counters.droppedBytes += this.#begun;
      this.#gathered = 0;
      this.#state = this.#behindPassed();
    }
  }

  /** Right behind a frame passed over: its length is believed where a header tells. */
  #behindPassed(): State {
    return this.#format.isTelling === true ? DUE : LIKELY;
  }

  #keep(start: number, end: number): void {
    if (start < end) {
      this.#bytes.copyWithin(this.#area, start, end);
    }
    this.#gathered = end - start;
    this.#lookAt = 1;
  }

  /**
   * Looks for the next packet from `#scanAt` on, passing over what cannot be one.
   * @returns `MORE`: from `#scanAt` on there is the beginning of a frame, or nothing
   */
  #scan(): Answer {
    const { counters } = this;
    const bytes = this.#bytes;
    const format = this.#format;
    const check = this.#check;
    const end = this.#scanEnd;
    const recent = this.#recent;
    let at = this.#scanAt;
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
          break;
        }
        // There would be no room to gather it.
        this.#lose(this.#common + INVALID_PACKET);
        at++;
        continue;
      }
      const packetStart = at + format.leading;
      const packetEnd = at + length - format.trailing;
      const verdict = check === undefined ? ACCEPT_PACKET : check.judge(bytes, packetStart, packetEnd);
      if (verdict === ACCEPT_PACKET) {
        this.#answered = length;
        this.#scanAt = at;
        return PACKET;
      }
      if (verdict === SKIP_PACKET) {
        counters.reject(this.#common + SKIPPED);
        counters.droppedBytes += length;
        this.#state = DUE;
        at += length;
        continue;
      }
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
        this.#scanAt = at;
        return BUSY;
      }
    }
    this.#scanAt = at;
    return MORE;
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
