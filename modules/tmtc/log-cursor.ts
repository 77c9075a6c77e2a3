/** One reader's place in the telemetry log. */
import type { LogReader } from "./log-contracts.js";
import { ENTRY_HEADER_LENGTH, type PacketLog } from "./packet-log.js";

export class LogCursor implements LogReader {
  /** The packet found by `peek`: bytes [start, end) of the log, valid until the log is written to. */
  start = 0;
  end = 0;
  /** Packets that were overwritten before this reader came to them, since `open`. */
  skipped = 0;
  /** When this reader took something last, or had nothing to take, by the log's clock. */
  #movedAt = 0;
  #log: PacketLog;
  #open = false;
  /** Number of the packet to read next, and where it stands, or will stand when it comes. */
  #number = 0;
  #at = 0;

  /** Made at boot, for a client to be; opened and closed many times. */
  constructor(log: PacketLog) {
    this.#log = log;
    log.readers.register(this);
  }

  /** Starts at the oldest packet that no reader was given yet. */
  open(): void {
    this.skipped = 0;
    this.#movedAt = this.#log.now;
    if (!this.#open) {
      this.#open = true;
      this.#log.readers.open(this);
    }
    this.#toNotGiven();
  }

  /** What was read but not confirmed counts as not given: the next reader gets it. */
  close(): void {
    if (this.#open) {
      this.#open = false;
      this.#log.readers.close(this);
    }
  }

  /** Finds the next packet: [start, end). False when there is none. */
  peek(): boolean {
    const log = this.#log;
    if (this.#number < log.oldest) {
      this.skipped += log.oldest - this.#number;
      this.#toOldest();
    }
    if (this.#number === log.next) {
      return false;
    }
    this.start = this.#at + ENTRY_HEADER_LENGTH;
    this.end = this.start + log.lengthAt(this.#at);
    return true;
  }

  /** Passes the packet that `peek` found. */
  advance(): void {
    const log = this.#log;
    if (this.#number < log.oldest) {
      // Overwritten since `peek`, but read in time.
      this.#number++;
      if (this.#number === log.oldest) {
        this.#at = log.oldestAt;
      }
      return;
    }
    this.#number++;
    this.#at = this.#number < log.next ? log.following(this.#at) : log.head;
  }

  /** Passes the packet that `peek` found, because it cannot be sent. */
  reject(): void {
    this.#log.reject(this.#number);
    this.advance();
  }

  /** The reader's socket took a part of the packet that it was given. */
  move(): void {
    this.#movedAt = this.#log.now;
  }

  /** Everything passed so far was taken by the reader's socket. */
  confirm(): void {
    this.move();
    this.#log.give(this.#number);
  }

  /** Throws away all that nobody was given; nobody will be. @returns how many packets those were */
  discard(): number {
    const log = this.#log;
    this.#toNotGiven();
    const first = this.#number;
    while (this.peek()) {
      this.advance();
    }
    log.given = this.#number;
    return this.#number - first;
  }

  needs(number: number): boolean {
    return this.#open && this.#number <= number;
  }

  awaits(number: number, sinceMs: number): boolean {
    return this.needs(number) && this.#log.now - this.#movedAt < sinceMs;
  }

  tick(now: number): void {
    if (this.#number === this.#log.next) {
      this.#movedAt = now;
    }
  }

  /** This reader is what a full log that keeps all waits for. */
  get holdsUp(): boolean {
    const log = this.#log;
    return log.keepsAll && log.isShort && this.needs(log.oldest);
  }

  wrapped(at: number): void {
    if (this.#number === this.#log.next) {
      this.#at = at;
    }
  }

  #toNotGiven(): void {
    this.#toOldest();
    while (this.#number < this.#log.given) {
      this.advance();
    }
  }

  #toOldest(): void {
    this.#number = this.#log.oldest;
    this.#at = this.#log.oldestAt;
  }
}
