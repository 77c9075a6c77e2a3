/** What can be wrong with a structure's bytes and values, as people get it: errors with their fields. */
import { hex, PayloadError } from "../checks/payload-error.js";
import { show } from "../checks/show.js";

export { PayloadError };

/** Bytes are missing at the end. */
export class PartialPayloadError extends PayloadError {
  override name = "PartialPayloadError";
  /** Least number of bytes that would complete the payload, as far as what is here tells. */
  readonly needed: number;
  /** Bytes here. */
  readonly found: number;

  constructor(what: string, needed: number, found: number) {
    super(`${what} needs ${needed} bytes, here are ${found}`);
    this.needed = needed;
    this.found = found;
  }
}

/** Bytes are left over. */
export class SurplusPayloadError extends PayloadError {
  override name = "SurplusPayloadError";
  /** Bytes that the payload has. */
  readonly expected: number;
  /** Bytes here. */
  readonly found: number;

  constructor(what: string, expected: number, found: number) {
    super(`${what} has ${expected} bytes, here are ${found}`);
    this.expected = expected;
    this.found = found;
  }
}

/** A byte that is always the same, as of a marker or of padding, is another one. */
export class ConstantMismatchError extends PayloadError {
  override name = "ConstantMismatchError";
  /** Of the byte, from the payload's first. */
  readonly offset: number;
  /** The byte that should be there. */
  readonly expected: number;
  /** The byte that is there. */
  readonly found: number;

  constructor(what: string, offset: number, expected: number, found: number) {
    super(`${what} must have ${hex(expected)} at offset ${offset}, not ${hex(found)}`);
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }
}

/** A value does not fit its field. */
export class PayloadValueError extends PayloadError {
  override name = "PayloadValueError";
  /** As in `samples[3].x`. */
  readonly field: string;
  readonly value: unknown;
  /** What would fit, in words: `0 to 255`. */
  readonly range: string;

  constructor(field: string, value: unknown, range: string) {
    super(`${field} must be ${range}, not ${show(value)}`);
    this.field = field;
    this.value = value;
    this.range = range;
  }
}
