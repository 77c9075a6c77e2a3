/** What can be wrong with text and JSON, as people get it: errors with their fields. */
import { PayloadError } from "../checks/payload-error.js";

export { PayloadError };

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
