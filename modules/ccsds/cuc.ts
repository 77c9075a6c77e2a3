/**
 * CUC with four octets of seconds and three of their fraction, eight octets with the P-field
 * (CCSDS 301.0-B-4, 3.2). Yamcs reads the one with an agency-defined epoch.
 */
import { DAYS_1958_TO_1970, MILLISECONDS_PER_DAY } from "./cds-short.js";
import type { TimeCode } from "./time-code.js";

/** Code identification 010: agency-defined epoch; four octets of basic time, three of fraction (3.2.2). */
export const CUC_AGENCY_P_FIELD = 0x2f;
/** Code identification 001: the epoch is 1958-01-01 TAI. */
export const CUC_TAI_P_FIELD = 0x1f;
export const CUC_LENGTH = 8;

/** TAI minus UTC since 2017-01-01, in seconds. No leap second has been announced since. */
export const LEAP_SECONDS = 37;

const FRACTIONS_PER_SECOND = 0x1000000;
const MAX_SECONDS = 0xffffffff;

/** The common part: seconds and fractions counted without leaps from an epoch in UNIX milliseconds. */
class Cuc implements TimeCode {
  readonly name: string;
  readonly pField: number;
  readonly length = CUC_LENGTH;
  readonly epoch: number;

  constructor(name: string, pField: number, epoch: number) {
    if (!Number.isFinite(epoch)) {
      throw new RangeError(`the epoch of a time code must be UNIX milliseconds, not ${epoch}`);
    }
    this.name = name;
    this.pField = pField;
    this.epoch = epoch;
  }

  write(bytes: Uint8Array, at: number, unixMilliseconds: number): void {
    const sinceEpoch = Math.min(Math.max(unixMilliseconds - this.epoch, 0), MAX_SECONDS * 1000 + 999);
    const seconds = Math.floor(sinceEpoch / 1000);
    const fraction = Math.floor(((sinceEpoch - seconds * 1000) * FRACTIONS_PER_SECOND) / 1000);
    bytes[at] = this.pField;
    bytes[at + 1] = seconds >>> 24;
    bytes[at + 2] = seconds >>> 16;
    bytes[at + 3] = seconds >>> 8;
    bytes[at + 4] = seconds;
    bytes[at + 5] = fraction >> 16;
    bytes[at + 6] = fraction >> 8;
    bytes[at + 7] = fraction;
  }

  read(bytes: Uint8Array, at: number): number {
    if (at + CUC_LENGTH > bytes.length || bytes[at] !== this.pField) {
      return Number.NaN;
    }
    const seconds = bytes[at + 1]! * 0x1000000 + ((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!);
    const fraction = (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
    // To the nearest microsecond: finer than a millisecond clock and coarser than what the division leaves behind.
    const microseconds = Math.round((fraction * 1_000_000) / FRACTIONS_PER_SECOND);
    return this.epoch + seconds * 1000 + microseconds / 1000;
  }
}

/** CUC 4+3 with an agency-defined epoch, P-field 0x2F. */
export class CucAgency extends Cuc {
  /** @param epoch UNIX milliseconds of the epoch; the UNIX epoch by default, as Yamcs's `epoch: UNIX` */
  constructor(epoch: number = 0) {
    super("cuc", CUC_AGENCY_P_FIELD, epoch);
  }
}

/** CUC 4+3 with the epoch 1958-01-01 TAI, P-field 0x1F. */
export class CucTai extends Cuc {
  /**
   * @param leapSeconds TAI minus UTC in seconds at the time of use. One number and no history: instants before 2017
   *   come out some seconds off.
   */
  constructor(leapSeconds: number = LEAP_SECONDS) {
    super("cuc-tai", CUC_TAI_P_FIELD, -DAYS_1958_TO_1970 * MILLISECONDS_PER_DAY - leapSeconds * 1000);
  }
}
