/**
 * Time stamps in packets: the contract of a time code (CCSDS 301.0-B-4), the clock that a board is given, and what is
 * stamped while the board does not know the time.
 *
 * All instants are UNIX milliseconds: since 1970-01-01T00:00:00 UTC, leap seconds not counted, as `Date.now` gives them.
 */
import { checkWithin } from "../checks/options.js";

/** What a board knows of time. Handed in: flatlink reads no clock of its own. */
export interface BoardClock {
  /** Milliseconds since boot. Never goes back. */
  uptime(): number;
  /** UNIX milliseconds, or NaN while the board has no time. May be set or corrected at any moment. */
  now(): number;
}

/** How an instant is written: a P-field of one octet that says how, then the T-field. */
export interface TimeCode {
  /** Short name for people and for configuration. */
  readonly name: string;
  /** The octet that begins each stamp. */
  readonly pField: number;
  /** Octets of a stamp, P-field included. */
  readonly length: number;
  /** UNIX milliseconds of the code's epoch: the instant whose T-field is all zeros. */
  readonly epoch: number;
  /** Writes `length` octets at `at`. An instant that the code cannot express becomes the nearest that it can. */
  write(bytes: Uint8Array, at: number, unixMilliseconds: number): void;
  /** @returns UNIX milliseconds, or NaN when these octets are no stamp of this code */
  read(bytes: Uint8Array, at: number): number;
}

/**
 * Time reference status of a board that has no time: its stamps count the time since boot, from the code's epoch.
 * (ECSS-E-ST-70-41C, 7.4.3.1 leaves the other values to the mission.)
 */
export const NO_TIME_REFERENCE = 0;
/** Time reference status of a board whose clock was set. */
export const SYNCHRONIZED = 1;

/**
 * Stamps packets. A board that has just booted stamps all the same: its stamps then say how long it has been up,
 * counted from the code's epoch (1958 or 1970: nobody takes that for today), and its time reference status is 0.
 */
export class TimeStamper {
  readonly code: TimeCode;
  readonly clock: BoardClock;
  readonly #synchronizedStatus: number;
  /** The last time that the clock knew. */
  #known = Number.NaN;

  /**
   * @param synchronizedStatus the time reference status to give once the clock knows the time, 0 to 15; 0 says
   *   nothing to the ground, which some tools expect
   * @throws RangeError when the status is out of range
   */
  constructor(code: TimeCode, clock: BoardClock, synchronizedStatus: number = SYNCHRONIZED) {
    checkWithin("the time reference status", synchronizedStatus, 0, 15);
    this.code = code;
    this.clock = clock;
    this.#synchronizedStatus = synchronizedStatus;
  }

  /** Octets of a stamp. */
  get length(): number {
    return this.code.length;
  }

  /**
   * Writes the present time at `at`.
   * @returns the time reference status that belongs to it
   */
  write(bytes: Uint8Array, at: number): number {
    const now = this.clock.now();
    if (now !== this.#known) {
      if (Number.isNaN(now)) {
        this.code.write(bytes, at, this.code.epoch + this.clock.uptime());
        return NO_TIME_REFERENCE;
      }
      this.#known = now;
    }
    this.code.write(bytes, at, now);
    return this.#synchronizedStatus;
  }
}
