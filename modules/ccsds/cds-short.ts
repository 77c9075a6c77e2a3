/**
 * CDS short: days since 1958-01-01 in two octets and milliseconds of the day in four, in UTC
 * (CCSDS 301.0-B-4, 3.3). What tmtccmd and sat-rs read by default.
 */
import type { TimeCode } from "./time-code.js";

/** Code identification 100, epoch 1958, 16-bit day, no submilliseconds (3.3.2). */
export const CDS_SHORT_P_FIELD = 0x40;
export const CDS_SHORT_LENGTH = 7;
/** Days from 1958-01-01 to 1970-01-01. */
export const DAYS_1958_TO_1970 = 4383;
export const MILLISECONDS_PER_DAY = 86_400_000;

const MAX_DAY = 0xffff;
/** The last millisecond of a day that ends with a leap second. */
const MAX_MILLISECOND_OF_DAY = MILLISECONDS_PER_DAY + 999;

export class CdsShort implements TimeCode {
  readonly name = "cds-short";
  readonly pField = CDS_SHORT_P_FIELD;
  readonly length = CDS_SHORT_LENGTH;
  readonly epoch = -DAYS_1958_TO_1970 * MILLISECONDS_PER_DAY;

  /** The instant written last, and its two parts: the reports of one telecommand are mostly of one millisecond. */
  #instant = Number.NaN;
  #day = 0;
  #millisecond = 0;

  write(bytes: Uint8Array, at: number, unixMilliseconds: number): void {
    if (unixMilliseconds !== this.#instant) {
      this.#split(unixMilliseconds);
    }
    const day = this.#day;
    const millisecond = this.#millisecond;
    bytes[at] = CDS_SHORT_P_FIELD;
    bytes[at + 1] = day >> 8;
    bytes[at + 2] = day;
    bytes[at + 3] = millisecond >> 24;
    bytes[at + 4] = millisecond >> 16;
    bytes[at + 5] = millisecond >> 8;
    bytes[at + 6] = millisecond;
  }

  #split(unixMilliseconds: number): void {
    const last = MAX_DAY * MILLISECONDS_PER_DAY + MILLISECONDS_PER_DAY - 1;
    const sinceEpoch = Math.min(Math.max(Math.floor(unixMilliseconds) - this.epoch, 0), last);
    const day = Math.floor(sinceEpoch / MILLISECONDS_PER_DAY);
    this.#instant = unixMilliseconds;
    this.#day = day;
    this.#millisecond = sinceEpoch - day * MILLISECONDS_PER_DAY;
  }

  read(bytes: Uint8Array, at: number): number {
    if (at + CDS_SHORT_LENGTH > bytes.length || bytes[at] !== CDS_SHORT_P_FIELD) {
      return Number.NaN;
    }
    const day = ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
    const millisecond =
      (bytes[at + 3] as number) * 0x1000000 +
      (((bytes[at + 4] as number) << 16) | ((bytes[at + 5] as number) << 8) | (bytes[at + 6] as number));
    if (millisecond > MAX_MILLISECOND_OF_DAY) {
      return Number.NaN;
    }
    return this.epoch + day * MILLISECONDS_PER_DAY + millisecond;
  }
}
