/** What can be wrong with a payload, as people get it: errors with their fields. */
import { show } from "../checks/show.js";

/** All errors about a payload's content; misuse is a TypeError or RangeError instead. */
export class PayloadError extends Error {
  override name = "PayloadError";
}

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

/** Bytes are no text in their encoding. */
export class MalformedTextError extends PayloadError {
  override name = "MalformedTextError";
  readonly encoding: string;
  /** Of the first byte that is wrong, or of the sequence that is cut off; from the text's first. */
  readonly offset: number;
  readonly reason: string;

  constructor(encoding: string, offset: number, reason: string) {
    super(`these bytes are no ${encoding} text: ${reason} at offset ${offset}`);
    this.encoding = encoding;
    this.offset = offset;
    this.reason = reason;
  }
}

/** A character has no place in an encoding. */
export class UnencodableTextError extends PayloadError {
  override name = "UnencodableTextError";
  readonly encoding: string;
  /** Of the character in the string, in UTF-16 code units. */
  readonly index: number;
  readonly codePoint: number;

  constructor(encoding: string, index: number, codePoint: number) {
    super(`${encoding} has no U+${codePoint.toString(16).toUpperCase().padStart(4, "0")}, at index ${index}`);
    this.encoding = encoding;
    this.index = index;
    this.codePoint = codePoint;
  }
}

/** Why bytes are no JSON payload, or a value is none. */
export type JsonFault =
  | "too long"
  | "no UTF-8"
  | "empty"
  | "incomplete"
  | "malformed"
  | "too deep"
  | "trailing bytes"
  | "number too large"
  | "number too precise"
  | "no terminator"
  | "no JSON value";

/** Bytes are no JSON payload, or a value cannot be one. */
export class JsonPayloadError extends PayloadError {
  override name = "JsonPayloadError";
  readonly fault: JsonFault;
  /** Of the byte where it goes wrong, from the payload's first; 0 for a value. */
  readonly offset: number;
  /** The fault with what was found and what is required. */
  readonly reason: string;

  constructor(fault: JsonFault, offset: number, reason: string) {
    super(`${fault} at offset ${offset}: ${reason}`);
    this.fault = fault;
    this.offset = offset;
    this.reason = reason;
  }
}

/** A byte as 0xfd. */
export function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
