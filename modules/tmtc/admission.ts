/**
 * Decides whether a telecommand may be carried out now, by the room that its reports need in the telemetry log.
 *
 * Under `dropOldest` a burst of telecommands would push its own answers out of the log. So a telecommand waits, and its
 * sender with it, while what would be overwritten was given to nobody, or not to a reader that takes what comes: for a
 * second at most, because a client that takes nothing must not stop the board. Under `refuseNew` it waits until there is
 * room, and nobody who came later has it before.
 */
/** How long a telecommand waits before what is oldest is dropped for it, in milliseconds. */
const PATIENCE_MS = 1000;
/** A telecommand that waits is offered again at every tick. One that was not offered for so long has gone. */
const FORGET_MS = 500;
/** Since when a telecommand has waited: not at all; none does. */
const NOT_YET = -1;

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
  /** Somebody reads, and has taken something a moment ago. */
  readonly hasMovingReader: boolean;
  /** The time at the last tick, in milliseconds. */
  readonly now: number;
  /** Forgets the oldest packet. @returns false when nobody was given it, or a reader that moves is still to take it */
  forgetGiven(): boolean;
}

export class Admission {
  readonly #log: FillingLog;
  /**
   * Since when the telecommand has waited that was asked for last, or -1. While nobody takes anything, the wait of one is
   * that of all behind it.
   */
  waitingSince = NOT_YET;
  /** Where all packets are kept: since when the one has waited that waits longest, and when it was refused last. */
  #firstSince = NOT_YET;
  #firstAskedAt = 0;

  constructor(log: FillingLog) {
    this.#log = log;
  }

  /**
   * To be called before a telecommand is offered, so that each waits for itself, whoever is served meanwhile.
   * @param since when it was refused first, by the clock of the log's ticks; -1: it is new
   */
  offer(since: number): void {
    this.waitingSince = since;
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
        this.#beginWait();
        return log.keepsAll ? this.#wait() : this.#isOverdue(needed);
      }
    }
    if (this.#overtakes()) {
      this.#beginWait();
      return false;
    }
    this.#firstSince = NOT_YET;
    // The next one is new, also when it comes in the same turn.
    this.waitingSince = NOT_YET;
    return true;
  }

  #beginWait(): void {
    if (this.waitingSince < 0) {
      this.waitingSince = this.#log.now;
    }
  }

  /** Where nothing is dropped, who asks for much would wait for ever while those who ask for little take all that is read. */
  #wait(): false {
    if (this.waitingSince <= this.#firstSince || !this.#isFirstThere) {
      this.#firstSince = this.waitingSince;
      this.#firstAskedAt = this.#log.now;
    }
    return false;
  }

  /** There would be room, but another one has waited longer for more. */
  #overtakes(): boolean {
    return this.#isFirstThere && (this.waitingSince < 0 || this.waitingSince > this.#firstSince);
  }

  get #isFirstThere(): boolean {
    return this.#firstSince >= 0 && this.#log.now - this.#firstAskedAt <= FORGET_MS;
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
    if (log.now - this.waitingSince < PATIENCE_MS) {
      return false;
    }
    if (log.hasMovingReader) {
      this.waitingSince = NOT_YET;
    }
    return true;
  }
}
