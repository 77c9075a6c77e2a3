/** Checks of descriptions, made once, when a structure is. Each error says which structure and which field. */

import { checkRange } from "../checks/options.js";
import { show } from "../checks/show.js";
import type { BitDescription, FieldDescription, StructureDescription } from "./description.js";
import { FLOAT32, FLOAT64, NUMBER_KINDS, numberKind, UINT64 } from "./field-kinds.js";

/** Bytes of a structure at most, variable lengths not counted: offsets stay whole numbers of 31 bits. */
export const MAX_SIZE = 0x7fffffff;
export const MAX_CONSTANT_LENGTH = 1024;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const STRUCTURE_PROPERTIES = Object.freeze(["name", "endianness", "fields"] as const);

const PROPERTIES: Readonly<Record<string, readonly string[]>> = Object.freeze({
  number: Object.freeze(["name", "type", "endianness", "count", "value"]),
  bits: Object.freeze(["type", "endianness", "bits"]),
  bytes: Object.freeze(["name", "type", "length"]),
  ascii: Object.freeze(["name", "type", "length", "padding"]),
  padding: Object.freeze(["type", "length", "value", "checked"]),
  constant: Object.freeze(["type", "value"]),
  structure: Object.freeze(["name", "type", "count"]),
});

/** What a description says beside its fields. @returns the structure's name */
export function checkDescription(description: StructureDescription<readonly FieldDescription[]>): string {
  if (!isObject(description)) {
    throw new TypeError(`a structure must be described by an object with its fields, not ${show(description)}`);
  }
  const name: unknown = description.name ?? "the payload";
  if (typeof name !== "string") {
    throw new TypeError(`the name of a structure must be a string, not ${show(name)}`);
  }
  checkProperties(name, "a structure", description, STRUCTURE_PROPERTIES);
  return name;
}

/** @param where its number. @returns its number and its name, if it has one, for messages */
export function nameField(where: string, field: unknown): string {
  if (!isObject(field)) {
    throw new TypeError(`${where} must be an object that describes it, not ${show(field)}`);
  }
  const { name } = field as { name?: unknown };
  return name === undefined ? where : `${where} ${typeof name === "string" ? `"${name}"` : show(name)}`;
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function checkProperties(where: string, what: string, description: object, properties: readonly string[]): void {
  for (const key of Object.keys(description)) {
    if (!properties.includes(key)) {
      throw new TypeError(`${where} has no property "${key}"; ${what} has ${properties.join(", ")}`);
    }
  }
}

/** @returns what sort of description it is: a property of `PROPERTIES` */
export function sortOf(where: string, description: FieldDescription): string {
  const { type } = description;
  let sort: string | undefined;
  if (typeof type === "object" && type !== null && "layout" in type) {
    sort = "structure";
  } else if (numberKind(type) >= 0) {
    sort = "bits" in description ? "bits" : "number";
  } else if (type === "bytes" || type === "ascii" || type === "padding" || type === "constant") {
    sort = type;
  }
  if (sort === undefined) {
    const numbers = NUMBER_KINDS.map((entry) => entry.type).join(", ");
    throw new TypeError(
      `${where}: type must be ${numbers}, bytes, ascii, padding, constant or a Structure, not ${show(type)}`,
    );
  }
  checkProperties(where, "a field like this", description, PROPERTIES[sort]!);
  return sort;
}

/** @returns the name */
export function checkName(where: string, name: unknown): string {
  if (typeof name !== "string" || !NAME.test(name) || name === "__proto__") {
    throw new TypeError(`${where}: name must be letters, digits and _, and not __proto__, not ${show(name)}`);
  }
  return name;
}

/** @returns the number */
export function checkWhole(where: string, what: string, value: unknown, minimum: number, maximum: number): number {
  return checkRange(`${where}: ${what}`, value, minimum, maximum);
}

/** The bit fields of a number must be all its bits, no more and no fewer. @returns how many that are */
export function checkBits(where: string, kind: number, bits: readonly BitDescription[]): number {
  const width = (NUMBER_KINDS[kind]?.width ?? 0) * 8;
  if (kind > numberKind("uint32")) {
    throw new TypeError(`${where}: only uint8, uint16, uint24 and uint32 can be cut into bits`);
  }
  if (!Array.isArray(bits)) {
    throw new TypeError(`${where}: bits must be an array, not ${show(bits)}`);
  }
  let sum = 0;
  for (const bit of bits as readonly BitDescription[]) {
    if (!isObject(bit)) {
      throw new TypeError(`${where}: bits must each be an object with a width, not ${show(bit)}`);
    }
    for (const key of Object.keys(bit)) {
      if (key !== "name" && key !== "width") {
        throw new TypeError(`${where}: bits have no property "${key}", but name and width`);
      }
    }
    sum += checkWhole(where, "the width of bits", bit.width, 1, width);
  }
  if (sum !== width) {
    throw new RangeError(`${where}: the widths of its bits must add up to ${width}, not ${sum}`);
  }
  return width;
}

/** The bytes of a constant. */
export function checkConstant(where: string, value: unknown): Uint8Array {
  if (!Array.isArray(value) && !(value instanceof Uint8Array)) {
    throw new TypeError(`${where}: value must be an array of bytes, not ${show(value)}`);
  }
  checkWhole(where, "the number of its bytes", value.length, 1, MAX_CONSTANT_LENGTH);
  return Uint8Array.from(value as ArrayLike<number>, (byte) => checkWhole(where, "each byte", byte, 0, 0xff));
}

/**
 * What would fit a number's kind, in words that are true of the value that does not. The range is the whole of it for
 * 64 bits, where a number will do as long as it is exact.
 */
export function requirementOf(kind: number, minimum: number, maximum: number, value: unknown): string {
  if (kind < UINT64) {
    const what = kind < FLOAT32 ? "a whole number" : "a number";
    const limits = kind === FLOAT64 ? "" : `, ${minimum} to ${maximum}${kind === FLOAT32 ? " if finite" : ""}`;
    return `${what}${typeof value === "bigint" ? " and no BigInt" : ""}${limits}`;
  }
  const range = kind === UINT64 ? "0 to 18446744073709551615" : "-9223372036854775808 to 9223372036854775807";
  return typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? `a BigInt where it is beyond ${Number.MAX_SAFE_INTEGER} either way, ${range}`
    : `a whole number, ${range}`;
}
