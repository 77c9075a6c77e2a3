/**
 * Finds the packets of framings without a delimiter in bytes that lie one behind the other, given or gathered: what
 * `ScanningDecoder` does with bytes that it has. A part of its object, because each object takes slots of a board's heap.
 */
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { FramingCounters } from "../contract/counters.js";
import { type Answer, type BadFrames, BUSY, MORE, PACKET } from "../contract/framing.js";
import { ACCEPT_PACKET, type PacketCheck, SKIP_PACKET } from "../contract/packet-check.js";
import type { StreamFormat } from "./stream-format.js";

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
export const DUE = 0;
export const LIKELY = 1;
export const SEARCHING = 2;
export const OVERDUE = 3;
export const PASSING = 4;
export const DOUBTFUL = 5;
export type State = typeof DUE | typeof LIKELY | typeof SEARCHING | typeof OVERDUE | typeof PASSING | typeof DOUBTFUL;

/** No packet was answered. */
export const NONE = 0;

/**
 * So many bytes may be judged for nothing, or two of the longest packets where that is more: damage in good traffic does
 * not come to it. With a CRC-16, XS takes 1.4 ms for them on x86-64, and some 50 ms on an ESP32.
 */
const PATIENCE = 16_384;
/** The packet was rejected by a validator or a layer above, or no frame of any length allowed begins there. */
const INVALID_PACKET = 0;
/** A validator did not want this packet; the stream is in order. */
const SKIPPED = 1;
/** The rest of a frame did not come within the partial-frame timeout. */
export const TIMED_OUT = 2;
/** The stream ended inside a frame. */
export const TRUNCATED = 3;
/** The stream ended while the sink refused a packet. */
export const UNDELIVERED = 4;
const COMMON_REASONS = Object.freeze(["invalidPacket", "skipped", "timedOut", "truncated", "undelivered"]);

export abstract class FrameSearch {
  // XS finds a field by walking through those that stand before it: what each packet uses comes first.
  /** Length of the frame of the packet answered last. */
  protected answered = NONE;
  /** What is being searched: from the frame of the packet answered last, or from where to go on, to its end. */
  protected scanAt = 0;
  protected scanEnd = 0;
  readonly counters: FramingCounters;
  packetStart = 0;
  packetEnd = 0;
  kind = 0;
  protected state: State = DUE;
  protected bytes: Uint8Array;
  protected format: StreamFormat;
  protected check: PacketCheck | undefined;
  /** A frame that begins among so many of its last bytes may still be completed. */
  protected recent = 0;
  protected passesOver: boolean;
  /** Bytes at the end of each packet that are not delivered. */
  protected checkLength: number;
  /** PASSING, DOUBTFUL: bytes of the frame that are still to come. */
  protected left = 0;
  /** Bytes judged for nothing, less what others made up for. */
  protected vain = 0;
  /** Number of the first of the common reasons. */
  protected common: number;
  protected patience: number;

  protected constructor(
    memory: FixedMemory,
    format: StreamFormat,
    check: PacketCheck | undefined,
    badFrames: BadFrames,
  ) {
    this.bytes = memory.bytes;
    this.format = format;
    this.check = check;
    this.passesOver = badFrames === "passOver";
    this.checkLength = check?.trailerLength ?? 0;
    this.common = format.reasons.length;
    this.patience = Math.max(PATIENCE, 2 * format.maxWanted);
    this.counters = new FramingCounters(Object.freeze([...format.reasons, ...COMMON_REASONS]));
  }

  /** The whole way of a packet that is in order, in one: on XS a call costs as much as a short packet's header. */
  next(): Answer {
    const { counters, answered, bytes, format, check } = this;
    let at = this.scanAt;
    if (answered !== NONE) {
      counters.frames++;
      counters.frameBytes += answered;
      at += answered;
      this.answered = NONE;
      this.state = DUE;
    }
    for (;;) {
      const { scanEnd: end, recent } = this;
      while (at < end) {
        const length = format.wanted(bytes, at, end - at, end - at > recent);
        if (length < 0) {
          if (this.state === SEARCHING) {
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
          this.lose(this.common + INVALID_PACKET);
          at++;
          continue;
        }
        const packetStart = at + format.leading;
        const packetEnd = at + length - format.trailing;
        const verdict = check === undefined ? ACCEPT_PACKET : check.judge(bytes, packetStart, packetEnd);
        if (verdict === ACCEPT_PACKET) {
          this.answered = length;
          this.scanAt = at;
          this.packetStart = packetStart;
          this.packetEnd = packetEnd - this.checkLength;
          this.kind = format.kind;
          return PACKET;
        }
        if (verdict === SKIP_PACKET) {
          counters.reject(this.common + SKIPPED);
          counters.droppedBytes += length;
          this.state = DUE;
          at += length;
          continue;
        }
        if (this.passesOver && (this.state === DUE || this.state === OVERDUE)) {
          counters.reject(this.common + (this.state === OVERDUE ? TIMED_OUT : INVALID_PACKET));
          counters.droppedBytes += length;
          this.state = behindPassed(format);
          at += length;
          continue;
        }
        this.lose(this.common + INVALID_PACKET);
        at++;
        this.vain += length;
        if (this.vain >= this.patience && at < end) {
          this.vain = 0;
          this.scanAt = at;
          return BUSY;
        }
      }
      // From here on there is the beginning of a frame, or nothing.
      this.scanAt = at;
      if (!this.goOn()) {
        return MORE;
      }
      at = this.scanAt;
    }
  }

  /** Called when nothing more is found in the bytes searched: [scanAt, scanEnd) is the beginning of a frame, or empty. @returns true: there is something to search, from `scanAt` on */
  protected abstract goOn(): boolean;

  /** No frame that is taken begins at `at`, where one was due. @returns where to go on */
  #refuse(reason: number, at: number, end: number, recent: number): number {
    if ((this.format.announced ?? 0) > 0) {
      const announced = this.#announced(at, end, recent);
      const isSound = reason === this.format.tooShort;
      if (announced > 0 && (isSound || (this.passesOver && this.state !== LIKELY))) {
        const take = Math.min(announced, end - at);
        this.counters.reject(reason);
        this.counters.droppedBytes += take;
        this.left = announced - take;
        if (this.left > 0) {
          this.counters.droppedBytes--;
          this.state = PASSING;
        } else if (!isSound) {
          this.state = behindPassed(this.format);
        }
        return at + take;
      }
    }
    this.lose(reason);
    return at + 1;
  }

  /** How long the frame refused at `at` says that it is; 0: nothing. What the format has noted may be of another one. */
  #announced(at: number, end: number, recent: number): number {
    const { format } = this;
    format.announced = 0;
    format.wanted(this.bytes, at, end - at, end - at > recent);
    const { announced } = format;
    format.announced = 0;
    return announced;
  }

  /** One byte is passed over; the cause counts once until the next packet. */
  protected lose(reason: number): void {
    this.counters.droppedBytes++;
    if (this.state !== SEARCHING) {
      this.counters.reject(reason);
      this.state = SEARCHING;
    }
  }
}

/** Right behind a frame passed over: its length is believed where a header tells. */
export function behindPassed(format: StreamFormat): State {
  return format.isTelling === true ? DUE : LIKELY;
}
