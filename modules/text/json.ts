/**
 * JSON payloads (RFC 8259, in UTF-8) for people: values to bytes and back. Allocates freely; on a board, names that were
 * never seen before also take up room for good (XS keeps property names), so no stranger's JSON belongs there.
 */

import { checkRange } from "../checks/options.js";
import { checkBounds, checkBytes } from "../checks/payload-bytes.js";
import { JsonPayloadError, MalformedTextError } from "./errors.js";
import { checkJson } from "./json-check.js";
import { stringify } from "./json-value.js";
import { decodeText, encodeText } from "./text.js";

export interface JsonOptions {
  /** Bytes of a payload at most, its terminator included; 1 to 16,777,216, default 65,536. */
  maxLength?: number;
  /** What ends every payload, as in "\r\n"; default nothing. It is not for finding the end: that is a framing's task. */
  terminator?: string;
  /** How deep arrays and objects may be in each other, 0 to 256, default 32. */
  maxDepth?: number;
}

const DEFAULT_MAX_LENGTH = 65_536;
const LARGEST_MAX_LENGTH = 16_777_216;
const DEFAULT_MAX_DEPTH = 32;
const LARGEST_MAX_DEPTH = 256;

/**
 * Writes a value as JSON, without white space, in fresh bytes. An object with a `toJSON`, as a Date, is what that says.
 * @throws JsonPayloadError for what JSON cannot say, with its path: undefined, as a property too, functions, symbols, BigInts,
 *   numbers that are not finite, bytes, Maps and other objects that are not plain, cycles; for a payload that is too long or
 *   too deep
 */
export function encodeJson(value: unknown, options: JsonOptions = {}): Uint8Array {
  const maxLength = lengthLimit(options);
  const maxDepth = depthLimit(options);
  let text: string;
  try {
    text = stringify(value, maxDepth);
  } catch (error) {
    if (error instanceof JsonPayloadError) {
      throw error;
    }
    throw new JsonPayloadError("no JSON value", 0, error instanceof Error ? error.message : String(error));
  }
  const bytes = encodeText(text + (options.terminator ?? ""));
  checkLength(bytes.length, maxLength);
  return bytes;
}

/**
 * Reads `bytes[start, end)` as one JSON value.
 * @throws JsonPayloadError with what is wrong and where, of a number too that would lose digits; TypeError for what is no
 *   Uint8Array; RangeError for a range that is not in the bytes
 */
export function decodeJson(bytes: Uint8Array, options: JsonOptions = {}, start = 0, end?: number): unknown {
  const maxLength = lengthLimit(options);
  const maxDepth = depthLimit(options);
  const length = checkBounds(checkBytes(bytes), start, end ?? bytes.length);
  checkLength(length, maxLength);
  const valueEnd = start + length - checkTerminator(bytes, start, start + length, options.terminator ?? "");
  let text: string;
  try {
    text = decodeText(bytes, {}, start, valueEnd);
  } catch (error) {
    if (error instanceof MalformedTextError) {
      throw new JsonPayloadError("no UTF-8", error.offset, error.reason);
    }
    throw error;
  }
  checkJson(bytes, start, valueEnd, maxDepth);
  return JSON.parse(text);
}

function lengthLimit(options: JsonOptions): number {
  return checkRange("maxLength in bytes", options.maxLength ?? DEFAULT_MAX_LENGTH, 1, LARGEST_MAX_LENGTH);
}

function depthLimit(options: JsonOptions): number {
  return checkRange("maxDepth", options.maxDepth ?? DEFAULT_MAX_DEPTH, 0, LARGEST_MAX_DEPTH);
}

function checkLength(length: number, maxLength: number): void {
  if (length > maxLength) {
    throw new JsonPayloadError("too long", maxLength, `${length} bytes, and maxLength is ${maxLength}`);
  }
}

/** @returns bytes of the terminator */
function checkTerminator(bytes: Uint8Array, start: number, end: number, text: string): number {
  const terminator = encodeText(text);
  for (let i = 0; i < terminator.length; i++) {
    const at = end - terminator.length + i;
    if (at < start || bytes[at] !== terminator[i]) {
      const offset = Math.max(end - terminator.length - start, 0);
      throw new JsonPayloadError("no terminator", offset, `the payload must end with ${JSON.stringify(text)}`);
    }
  }
  return terminator.length;
}
