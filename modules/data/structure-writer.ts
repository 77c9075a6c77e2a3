/** Structures for people: from plain objects to fresh bytes. Allocates freely and throws. */
import { requirementOf } from "./description-check.js";
import { PayloadValueError } from "./errors.js";
import type { Field, Layout } from "./field.js";
import { ASCII, BYTES, STRUCTURE, UINT64 } from "./field-kinds.js";
import { VALID_PAYLOAD } from "./payload-status.js";
import { StructureView } from "./structure-view.js";

type PlainObject = Readonly<Record<string, unknown>>;

/** Writes a payload in fresh bytes. */
export function writeStructure(layout: Layout, value: unknown): Uint8Array {
  // First, since a name that is mistyped is missing, too.
  checkNames(layout.members, checkObject(value, ""), "");
  const lengths = variableLengths(layout, value);
  const bytes = new Uint8Array(
    layout.variables.reduce((size, { stride }, i) => size + lengths[i]! * stride, layout.minimumSize),
  );
  const view = new StructureView({ layout }, bytes);
  view.begin(bytes, 0, bytes.length);
  for (const [i, field] of layout.variables.entries()) {
    view.setCount(field, lengths[i]!);
  }
  writeMembers(view, layout.members, value, "", "");
  return bytes;
}

/** Elements of each field of variable length. */
function variableLengths(layout: Layout, value: unknown): number[] {
  const counted = new Map<Field, { name: string; length: number }>();
  return layout.variables.map((field) => {
    const elements = field.name
      .split(".")
      .reduce((object, key, depth, keys) => checkObject(object, keys.slice(0, depth).join("."))[key], value);
    const length = checkLength(field, elements, field.name);
    const countField = field.countField as Field;
    if (length > countField.maximum) {
      throw new PayloadValueError(field.name, elements, `${lengthOf(field)} of at most ${countField.maximum}`);
    }
    const other = counted.get(countField);
    if (other !== undefined && other.length !== length) {
      const range = `${lengthOf(field)} of ${other.length}, as many as ${other.name}`;
      throw new PayloadValueError(field.name, elements, range);
    }
    counted.set(countField, { name: field.name, length });
    return length;
  });
}

function checkObject(value: unknown, name: string): PlainObject {
  if (typeof value !== "object" || value === null) {
    throw new PayloadValueError(name === "" ? "the value" : name, value, "an object");
  }
  return value as PlainObject;
}

/** A property that no field has is a mistake: of its name, most likely. */
function checkNames(members: readonly Field[], object: PlainObject, path: string): void {
  for (const key of Object.keys(object)) {
    if (object[key] !== undefined && !members.some(({ name }) => name === key)) {
      const names = members.flatMap(({ name }) => (name === "" ? [] : [name])).join(", ");
      throw new PayloadValueError(path + key, object[key], `left out (there are ${names})`);
    }
  }
}

/** What a value with a length must be, in words. */
function lengthOf(field: Field): string {
  return field.isArray ? "an array" : field.kind === BYTES ? "a Uint8Array" : "a string";
}

/** @returns elements, bytes or characters */
function checkLength(field: Field, value: unknown, name: string): number {
  const isRight = field.isArray
    ? Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
    : field.kind === BYTES
      ? value instanceof Uint8Array
      : typeof value === "string";
  if (!isRight) {
    throw new PayloadValueError(name, value, lengthOf(field));
  }
  return (value as { length: number }).length;
}

/**
 * @param path of the members in the view, with a dot behind it
 * @param prefix in front of that, for errors: where the view itself lies
 */
function writeMembers(view: StructureView, members: readonly Field[], value: unknown, path: string, prefix: string) {
  const object = checkObject(value, (prefix + path).slice(0, -1));
  checkNames(members, object, prefix + path);
  for (const member of members) {
    if (member.name === "") {
      continue;
    }
    const field = view.layout.fields.get(path + member.name) as Field;
    const name = prefix + field.name;
    const given = object[member.name];
    if (field.isArray) {
      writeArray(view, field, given, name);
    } else if (field.kind === STRUCTURE) {
      writeMembers(view, (field.nested as Layout).members, given, `${path}${member.name}.`, prefix);
    } else if (field.kind === BYTES) {
      writeBytes(view, field, given, name);
    } else if (field.kind === ASCII) {
      writeAscii(view, field, given, name);
    } else if (given !== undefined || !(field.isCount || field.constant !== undefined)) {
      writeNumber(view, field, 0, given, name);
    }
  }
}

function writeArray(view: StructureView, field: Field, given: unknown, name: string): void {
  const length = checkLength(field, given, name);
  if (length !== view.count(field)) {
    throw new PayloadValueError(name, given, `an array of ${view.count(field)}`);
  }
  const elements = given as ArrayLike<unknown>;
  const inner = field.nested === undefined ? undefined : new StructureView({ layout: field.nested }, view.bytes);
  for (let index = 0; index < length; index++) {
    const label = `${name}[${index}]`;
    if (inner === undefined) {
      writeNumber(view, field, index, elements[index], label);
    } else {
      view.nest(field, index, inner);
      writeMembers(inner, inner.layout.members, elements[index], "", `${label}.`);
    }
  }
}

function writeBytes(view: StructureView, field: Field, given: unknown, name: string): void {
  const length = checkLength(field, given, name);
  const start = view.startOf(field);
  const room = view.endOf(field) - start;
  if (length !== room) {
    throw new PayloadValueError(name, given, `${lengthOf(field)} of ${room}`);
  }
  view.bytes.set(given as Uint8Array, start);
}

function writeAscii(view: StructureView, field: Field, given: unknown, name: string): void {
  const length = checkLength(field, given, name);
  const start = view.startOf(field);
  const room = view.endOf(field) - start;
  if (length > room) {
    throw new PayloadValueError(name, given, `a string of at most ${room}`);
  }
  const text = given as string;
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) {
      throw new PayloadValueError(name, given, "ASCII, U+0000 to U+007F");
    }
    view.bytes[start + i] = code;
  }
  if (field.variable < 0) {
    if (length > 0 && view.bytes[start + length - 1] === field.padding) {
      throw new PayloadValueError(name, given, "text that does not end as its padding");
    }
    view.bytes.fill(field.padding, start + length, start + room);
  }
}

function writeNumber(view: StructureView, field: Field, index: number, value: unknown, name: string): void {
  let isRight: boolean;
  if (field.isCount) {
    isRight = value === view.get(field, index);
  } else if (field.kind < UINT64) {
    isRight = typeof value === "number" && view.set(field, value, index) === VALID_PAYLOAD;
  } else {
    const isWhole = typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value));
    isRight = isWhole && view.setBig(field, BigInt(value as number), index) === VALID_PAYLOAD;
  }
  if (!isRight) {
    throw new PayloadValueError(name, value, range(view, field, index, value));
  }
}

/** What a number can be, in words. */
function range(view: StructureView, field: Field, index: number, value: unknown): string {
  if (field.isCount) {
    return `${view.get(field, index)}, as many as there are`;
  }
  if (field.constant !== undefined) {
    const constant = view.get(field);
    return field.kind >= UINT64 && Number.isNaN(constant) ? `${view.getBig(field)}n` : `${constant}`;
  }
  return requirementOf(field.kind, field.minimum, field.maximum, value);
}
