/**
 * The packet log: a ring in the fixed memory that keeps telemetry packets until clients' sockets took them.
 *
 * Packets are contiguous and are built in place: `reserve`, write, `commit`. Each client reads through a cursor of its
 * own, so that N clients cost N cursors and no copy. Packets are numbered from 0; a number is never used again.
 */
import { checkChoice, checkRange } from "../checks/options.js";
import type { FixedMemory } from "../memory/fixed-memory.js";
import { Admission } from "./admission.js";
import type { LogListener, LogPolicy } from "./log-contracts.js";
import { LogReaders } from "./log-readers.js";

/** Each packet is led by its length, two bytes, big-endian. 0: the next one stands at the ring's beginning. */
export const ENTRY_HEADER_LENGTH = 2;

/** A reader that has taken nothing for so many milliseconds is not waited for. */
const MOVING_MS = 1000;
/** For so many milliseconds it is known that room was wanting. */
const SHORT_MS = 500;

/** Every policy. */
export const LOG_POLICIES: readonly LogPolicy[] = Object.freeze(["dropOldest", "refuseNew"] as const);

export interface PacketLogOptions {
  memory: FixedMemory;
  /** Bytes of the ring; each packet takes two more than its own. Default 8192. */
  length?: number;
  /** Longest packet, in bytes: 1 to 65,535. Default 1000, which Yamcs takes without configuration. */
  maxPacketLength?: number;
  policy?: LogPolicy;
  /** Names its memory, and its errors. Default `packet log`. */
  name?: string;
}

export class PacketLog {
  readonly bytes: Uint8Array;
  readonly maxPacketLength: number;
  readonly policy: LogPolicy;
  /** Ring's first byte, and its length. */
  readonly start: number;
  readonly length: number;
  /** Packets lost: overwritten before any client was given them. */
  dropped = 0;
  /** Packets refused: no room under `refuseNew`, or longer than the maximum. */
  refused = 0;
  /** Number of the oldest packet kept, and its offset. */
  oldest = 0;
  oldestAt: number;
  /** Number that the next packet gets. */
  next = 0;
  /** Packets below this number were given to some client. */
  given = 0;
  /** The time at the last tick, in milliseconds. */
  now = 0;
  /** Bytes committed since the first `hold`. */
  heldBytes = 0;
  /** The policy, compared once: a string literal that is evaluated takes memory on XS, each time. */
  readonly keepsAll: boolean;
  readonly readers = new LogReaders();
  #head: number;
  #reservedAt = -1;
  #reservedLength = 0;
  #listeners: LogListener[] = [];
  #holds = 0;
  /** When room was wanting last. */
  #shortAt = Number.NEGATIVE_INFINITY;
  #unannounced = false;
  readonly #admission = new Admission(this);

  /** @throws RangeError for a size out of its range, TypeError for one that is no number, or for an unknown policy */
  constructor(options: PacketLogOptions) {
    const { memory, length = 8192, maxPacketLength = 1000, policy = "dropOldest", name = "packet log" } = options;
    checkRange(`${name}: maxPacketLength (bytes)`, maxPacketLength, 1, 65535);
    if (!Number.isInteger(length) || length < maxPacketLength + ENTRY_HEADER_LENGTH) {
      throw new RangeError(
        `${name}: length (bytes) must be at least ${maxPacketLength + ENTRY_HEADER_LENGTH}, not ${length}: the longest packet must fit`,
      );
    }
    checkChoice(`${name}: policy`, policy, LOG_POLICIES);
    this.bytes = memory.bytes;
    this.start = memory.reserve(name, length);
    this.length = length;
    this.maxPacketLength = maxPacketLength;
    this.policy = policy;
    this.keepsAll = policy === "refuseNew";
    this.#head = this.start;
    this.oldestAt = this.start;
  }

  /** Packets kept. */
  get count(): number {
    return this.next - this.oldest;
  }

  /** Bytes of the ring in use. */
  get used(): number {
    if (this.count === 0) {
      return 0;
    }
    const span = this.#head - this.oldestAt;
    return span > 0 ? span : span + this.length;
  }

  /** Packets that no client has been given yet. */
  get waiting(): number {
    return this.next - Math.max(this.given, this.oldest);
  }

  /** Somebody reads, or will read what comes. */
  get hasReader(): boolean {
    return this.readers.need(this.next);
  }

  /** Somebody reads, and has taken something within a second, or had nothing to take. */
  get hasMovingReader(): boolean {
    return this.readers.await(this.next, MOVING_MS);
  }

  subscribe(listener: LogListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Makes room for a packet, to be written at the returned offset and then committed. One packet at a time.
   * @param length most bytes that the packet may have
   * @returns offset in `bytes`, or -1 when there is no room (counted in `refused`)
   */
  reserve(length: number): number {
    if (length > this.maxPacketLength || length < 1) {
      this.refused++;
      return -1;
    }
    const at = this.#findRoom(length + ENTRY_HEADER_LENGTH);
    if (at < 0) {
      this.refused++;
      this.#shortAt = this.now;
      return -1;
    }
    this.#reservedAt = at;
    this.#reservedLength = length;
    return at + ENTRY_HEADER_LENGTH;
  }

  /** True when `reserve(length)` would succeed. May discard packets that nobody needs any more. */
  hasRoom(length: number): boolean {
    return length >= 1 && length <= this.maxPacketLength && this.#findRoom(length + ENTRY_HEADER_LENGTH) >= 0;
  }

  /**
   * Puts the packet reserved last into the log.
   * @param length its bytes, 1 to those reserved
   * @throws RangeError when nothing is reserved, or less
   */
  commit(length: number): void {
    const at = this.#reservedAt;
    const bytes = this.bytes;
    // Asked this way round, NaN is refused too: the length may come from a packet source.
    if (at < 0 || !(length >= 1 && length <= this.#reservedLength)) {
      throw new RangeError("packet log: commit without a reservation, or of another length than was reserved");
    }
    this.#reservedAt = -1;
    const isEmpty = this.next === this.oldest;
    if (at !== this.#head) {
      // Only a packet that is kept leads there; without one, the head may lie inside the packet to come.
      if (!isEmpty) {
        bytes[this.#head] = 0;
        bytes[this.#head + 1] = 0;
      }
      this.readers.wrapped(at);
    }
    if (isEmpty) {
      this.oldestAt = at;
    }
    bytes[at] = length >> 8;
    bytes[at + 1] = length;
    const head = at + ENTRY_HEADER_LENGTH + length;
    this.#head = head + ENTRY_HEADER_LENGTH > this.start + this.length ? this.start : head;
    this.next++;
    if (this.#holds > 0) {
      this.heldBytes += ENTRY_HEADER_LENGTH + length;
      this.#unannounced = true;
    } else {
      this.#announce();
    }
  }

  /** Copies `bytes[start, end)` of the fixed memory, or of any other array, into the log. False when refused. */
  append(bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.reserve(end - start);
    if (at < 0) {
      return false;
    }
    if (bytes === this.bytes) {
      bytes.copyWithin(at, start, end);
    } else {
      for (let i = start; i < end; i++) {
        this.bytes[at + i - start] = bytes[i]!;
      }
    }
    this.commit(end - start);
    return true;
  }

  /** Listeners hear of new packets only after as many `release`s: what one event leads to goes out in one burst. */
  hold(): void {
    this.#holds++;
  }

  /** See `Admission.offer`. */
  offer(since: number): void {
    this.#admission.offer(since);
  }

  /** See `Admission.waitingSince`. */
  get waitingSince(): number {
    return this.#admission.waitingSince;
  }

  /** See `Admission.admits`. */
  admits(length: number, packets: number): boolean {
    if (this.#admission.admits(length + packets * ENTRY_HEADER_LENGTH)) {
      return true;
    }
    this.#shortAt = this.now;
    return false;
  }

  /** The time in milliseconds, several times a second: those who send from the log see to it. Without it `admits` may wait for ever. */
  tick(now: number): void {
    this.now = now;
    this.readers.tick(now);
  }

  release(): void {
    this.#holds--;
    if (this.#holds === 0) {
      this.heldBytes = 0;
      if (this.#unannounced) {
        this.#unannounced = false;
        this.#announce();
      }
    }
  }

  /** A reader's socket took the packets below this number. */
  give(number: number): void {
    if (number <= this.given) {
      return;
    }
    this.given = number;
    for (let i = 0; i < this.#listeners.length; i++) {
      this.#listeners[i]!.packetsGiven?.(number);
    }
  }

  /** A reader cannot send the packet of this number. */
  reject(number: number): void {
    for (let i = 0; i < this.#listeners.length; i++) {
      this.#listeners[i]!.packetRejected?.(number);
    }
  }

  /** Offset of the packet behind the one at `at`, which is not the newest. */
  following(at: number): number {
    const bytes = this.bytes;
    const next = this.#wrap(at + ENTRY_HEADER_LENGTH + ((bytes[at]! << 8) | bytes[at + 1]!));
    return bytes[next] === 0 && bytes[next + 1] === 0 ? this.start : next;
  }

  lengthAt(at: number): number {
    return (this.bytes[at]! << 8) | this.bytes[at + 1]!;
  }

  /** Offset where the next packet will stand if it fits there. */
  get head(): number {
    return this.#head;
  }

  /** Where a header has no room, the ring goes on at its beginning. */
  #wrap(at: number): number {
    return at + ENTRY_HEADER_LENGTH > this.start + this.length ? this.start : at;
  }

  /** @returns an offset with `needed` contiguous bytes, or -1 */
  #findRoom(needed: number): number {
    const start = this.start;
    const head = this.#head;
    const newEnd = head + needed;
    for (;;) {
      const oldestAt = this.oldestAt;
      if (this.next === this.oldest) {
        return newEnd <= start + this.length ? head : start;
      }
      if (head > oldestAt) {
        if (newEnd <= start + this.length) {
          return head;
        }
        if (start + needed <= oldestAt) {
          return start;
        }
      } else if (newEnd <= oldestAt) {
        return head;
      }
      // Under `dropOldest` packets that are needed are dropped, and counted.
      if (this.#isNeeded(this.oldest)) {
        if (this.keepsAll) {
          return -1;
        }
        this.dropped++;
      }
      this.#forgetOldest();
    }
  }

  /** A packet, or a telecommand that leads to some, was refused for want of room a moment ago. */
  get isShort(): boolean {
    return this.now - this.#shortAt < SHORT_MS;
  }

  /** Forgets the oldest packet. @returns false when nobody was given it, or a reader that moves is still to take it */
  forgetGiven(): boolean {
    if (this.#isNeeded(this.oldest) || this.readers.await(this.oldest, MOVING_MS)) {
      return false;
    }
    this.#forgetOldest();
    return true;
  }

  /** No client was given the packet; or, where all are kept, one still has to read it. */
  #isNeeded(number: number): boolean {
    return number >= this.given || (this.keepsAll && this.readers.need(number));
  }

  #forgetOldest(): void {
    const oldest = this.oldest + 1;
    this.oldestAt = this.next > oldest ? this.following(this.oldestAt) : this.#head;
    this.oldest = oldest;
  }

  #announce(): void {
    for (let i = 0; i < this.#listeners.length; i++) {
      this.#listeners[i]!.packetsReady();
    }
  }
}
