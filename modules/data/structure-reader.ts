/** Structures for people: from bytes to plain objects. Allocates freely and throws. */

import { MalformedTextError } from "../text/errors.js";
import { decodeText } from "../text/text.js";
import {
  ConstantMismatchError,
  PartialPayloadError,
  type PayloadError,
  PayloadValueError,
  SurplusPayloadError,
} from "./errors.js";
import type { Field, Layout } from "./field.js";
import { ASCII, BYTES, UINT64 } from "./field-kinds.js";
import { CONSTANT_MISMATCH, PARTIAL_PAYLOAD, type PayloadStatus, VALID_PAYLOAD } from "./payload-status.js";
import { StructureView } from "./structure-view.js";

/** Reads `bytes[start, end)` as one payload. */
export function readStructure(layout: Layout, bytes: Uint8Array, start: number, end: number): Record<string, unknown> {
  const view = new StructureView({ layout }, bytes);
  const status = view.attach(bytes, start, end);
  if (status !== VALID_PAYLOAD) {
    throw structureError(status, view);
  }
  return readObject(view, "");
}

/** The error that belongs to a status of `attach`, asked right behind it. For people: allocates. */
export function structureError(status: PayloadStatus, view: StructureView): PayloadError {
  const { name } = view.layout;
  switch (status) {
    case PARTIAL_PAYLOAD:
      return new PartialPayloadError(name, view.required, view.found);
    case CONSTANT_MISMATCH:
      return new ConstantMismatchError(name, view.offset, view.required, view.found);
    default:
      return new SurplusPayloadError(name, view.required, view.found);
  }
}

/** @param prefix of the names, for errors */
function readObject(view: StructureView, prefix: string): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  for (const field of view.layout.members) {
    if (field.name !== "") {
      object[field.name] = field.isArray
        ? Array.from({ length: view.count(field) }, (_, index) =>
            readElement(view, field, index, `${prefix}${field.name}[${index}]`),
          )
        : readElement(view, field, 0, prefix + field.name);
    }
  }
  return object;
}

function readElement(view: StructureView, field: Field, index: number, name: string): unknown {
  if (field.nested !== undefined) {
    const inner = new StructureView({ layout: field.nested }, view.bytes);
    view.nest(field, index, inner);
    return readObject(inner, `${name}.`);
  }
  if (field.kind === BYTES) {
    // A plain Uint8Array, also of bytes that are a Node Buffer, whose `slice` shares them.
    const bytes = new Uint8Array(view.endOf(field) - view.startOf(field));
    bytes.set(view.bytes.subarray(view.startOf(field), view.endOf(field)));
    return bytes;
  }
  if (field.kind === ASCII) {
    return readAscii(view.bytes, view.startOf(field), view.endOf(field), field, name);
  }
  return field.kind < UINT64 ? view.get(field, index) : view.getBig(field, index);
}

function readAscii(bytes: Uint8Array, start: number, end: number, field: Field, name: string): string {
  let last = end;
  while (field.variable < 0 && last > start && bytes[last - 1] === field.padding) {
    last--;
  }
  try {
    return decodeText(bytes, { encoding: "ascii" }, start, last);
  } catch (error) {
    if (error instanceof MalformedTextError) {
      throw new PayloadValueError(`${name}[${error.offset}]`, bytes[start + error.offset], "ASCII, 0 to 127");
    }
    throw error;
  }
}
