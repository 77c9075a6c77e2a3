/**
 * Decides whether a telecommand may be carried out now, by the room that its reports need in the telemetry log.
 *
 * Under `dropOldest` a burst of telecommands would push its own answers out of the log. So a telecommand waits, and its
 * sender with it, while what would be overwritten was given to nobody, or not to a reader that takes what comes: for a
 * second at most, because a client that takes nothing must not stop the board.
 */
/** How long a telecommand waits before what is oldest is dropped for it, in milliseconds. */
const PATIENCE_MS = 1000;
/** A telecommand that waits is offered again at every tick. One that was not, for so long, waits no more. */
const FORGET_MS = 500;

/** The log, as far as this is concerned. */
export interface FillingLog {
  /** Packets kept, and bytes in use, of `length`. */
  readonly count: number;
  readonly used: number;
  readonly length: number;
  readonly maxPacketLength: number;
  /** `refuseNew`: no packet is ever dropped that somebody is still to be given. */
  readonly keepsAll: boolean;
  /** Bytes that the event at hand has led to so far. */
  readonly heldBytes: number;
  readonly hasReader: boolean;
  /** The time at the last tick, in milliseconds. */
  readonly now: number;
  /** Forgets the oldest packet. @returns false when nobody was given it, or a reader that moves is still to take it */
  forgetGiven(): boolean;
}

export class Admission {
  readonly #log: FillingLog;
  /** When a telecommand had to wait, for how many bytes, and when that was asked for last; -1: none has to. */
  #refusedAt = -1;
  #refusedBytes = 0;
  #askedAt = 0;

  constructor(log: FillingLog) {
    this.#log = log;
  }

  /**
   * Whether reports, `bytes` in all, can be committed without the loss of a packet for a client that reads. What one event
   * leads to is offered to the sockets before it is overwritten, also when nobody reads. Under `refuseNew`, more than
   * the ring holds is admitted once it is empty.
   */
  admits(bytes: number): boolean {
    const log = this.#log;
    // Behind the last packet before the ring's end there may be room for none.
    const needed = bytes + log.maxPacketLength;
    while (log.count > 0 && log.used + needed > log.length) {
      if (!log.forgetGiven()) {
        return !log.keepsAll && this.#isOverdue(needed);
      }
    }
    if (needed >= this.#refusedBytes) {
      // What is smaller may find room while something greater still waits.
      this.#refusedAt = -1;
      this.#refusedBytes = 0;
    }
    return true;
  }

  /** There is no room: whether what is oldest is to be dropped all the same. */
  #isOverdue(needed: number): boolean {
    const log = this.#log;
    if (log.heldBytes > 0 && log.heldBytes + needed > log.length) {
      return false;
    }
    if (!log.hasReader) {
      return true;
    }
    if (this.#refusedAt < 0 || this.#log.now - this.#askedAt > FORGET_MS) {
      this.#refusedAt = this.#log.now;
      this.#refusedBytes = 0;
    }
    this.#askedAt = this.#log.now;
    if (needed > this.#refusedBytes) {
      this.#refusedBytes = needed;
    }
    return this.#log.now - this.#refusedAt >= PATIENCE_MS;
  }
}
