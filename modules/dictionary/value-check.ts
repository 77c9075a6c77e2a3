/** Checks of one value's definition. Each error names the entry, and says what would do. */
import { checkRange } from "../checks/options.js";
import { show } from "../checks/show.js";
import { FLOAT32, kindOf, NUMBER_KINDS, numberKind, typeWidth, UINT32 } from "../data/field-kinds.js";
import { checkCalibration, hasInverse } from "./calibration.js";
import type {
  ArgumentDefinition,
  BitField,
  LayoutDefinition,
  MessageDefinition,
  ValueDefinition,
  Words,
} from "./dictionary.js";

/** Octets of text or bytes, and elements of an array, at most. */
const MAX_LENGTH = 65_000;
const MAX_NAME_LENGTH = 200;
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const VALUE_PROPERTIES = Object.freeze([
  "type",
  "length",
  "count",
  "bits",
  "unit",
  "description",
  "words",
  "calibration",
  "minimum",
  "maximum",
] as const);

/** @throws TypeError when it is no object; @returns its entries, none for undefined */
export function entriesOf<Entry>(
  label: string,
  entries: Readonly<Record<string, Entry>> | undefined,
): [string, Entry][] {
  if (entries === undefined) {
    return [];
  }
  if (typeof entries !== "object" || entries === null || Array.isArray(entries)) {
    throw new TypeError(`${label} must be an object with an entry for each name, not ${show(entries)}`);
  }
  for (const name of Object.keys(entries)) {
    if (!NAME.test(name) || name.length > MAX_NAME_LENGTH) {
      throw new TypeError(`${label}: a name must be letters, digits and _, a letter first, not ${show(name)}`);
    }
  }
  return Object.entries(entries);
}

/** @throws TypeError for a property that there is not: a mistyped one, most often */
export function checkProperties(label: string, entry: object, properties: readonly string[]): void {
  if (typeof entry !== "object" || entry === null || Array.isArray(entry)) {
    throw new TypeError(`${label} must be an object, not ${show(entry)}`);
  }
  for (const key of Object.keys(entry)) {
    if (!properties.includes(key)) {
      throw new TypeError(`${label} has no property "${key}"; there are ${properties.join(", ")}`);
    }
  }
}

/** @param more properties that this sort of value has beside those of every value */
export function checkValue(label: string, value: ValueDefinition, more: readonly string[] = []): void {
  checkProperties(label, value, [...VALUE_PROPERTIES, ...more]);
  const { type } = value;
  const isNumber = numberKind(type) >= 0;
  if (!isNumber && type !== "boolean" && type !== "ascii" && type !== "bytes") {
    const types = NUMBER_KINDS.map((entry) => entry.type).join(", ");
    throw new TypeError(`${label}: type must be ${types}, boolean, ascii or bytes, not ${show(type)}`);
  }
  checkText(label, "unit", value.unit);
  checkText(label, "description", value.description);
  const hasLength = type === "ascii" || type === "bytes";
  if (hasLength) {
    checkRange(`${label}: length`, value.length, 1, MAX_LENGTH, ` octets of ${type}`);
  } else if (value.length !== undefined) {
    throw new TypeError(`${label}: length is for ascii and bytes; an array has a count`);
  }
  if (value.count !== undefined) {
    if (hasLength) {
      throw new TypeError(`${label}: count is for numbers and booleans; ${type} has a length`);
    }
    checkRange(`${label}: count`, value.count, 1, MAX_LENGTH, " elements");
  }
  if (!isNumber) {
    for (const key of ["bits", "calibration", "minimum", "maximum"] as const) {
      if (value[key] !== undefined) {
        throw new TypeError(`${label}: ${key} is for numbers, not for ${type}`);
      }
    }
  }
  if (value.calibration !== undefined) {
    checkCalibration(label, value.calibration);
  }
  checkRangeOf(label, value);
  checkWords(label, value.words, value);
  if (value.bits !== undefined) {
    checkBits(label, value);
  }
}

/** Minimum and maximum are numbers of the type, in order. */
function checkRangeOf(label: string, value: ValueDefinition): void {
  for (const key of ["minimum", "maximum"] as const) {
    if (value[key] !== undefined) {
      checkNumber(`${label}: ${key}`, value, value[key]);
    }
  }
  const { minimum, maximum } = rangeOf(value);
  if (minimum > maximum) {
    throw new RangeError(`${label}: minimum ${minimum} is above maximum ${maximum}`);
  }
}

/** Least and greatest raw number: the definition's, or the type's. */
export function rangeOf(value: ValueDefinition): { minimum: number; maximum: number } {
  const kind = numberKind(value.type);
  if (kind < 0) {
    return { minimum: 0, maximum: value.type === "boolean" ? 1 : 0xff };
  }
  const { minimum, maximum } = NUMBER_KINDS[kind]!;
  return { minimum: value.minimum ?? minimum, maximum: value.maximum ?? maximum };
}

/** @throws TypeError or RangeError when a number cannot be of this type */
export function checkNumber(label: string, value: ValueDefinition, number: unknown): void {
  const kind = kindOf(value.type as never);
  const { minimum, maximum } = NUMBER_KINDS[kind]!;
  const isWhole = kind < FLOAT32 || maximum === Number.MAX_SAFE_INTEGER;
  if (typeof number !== "number" || !(isWhole ? Number.isInteger(number) : Number.isFinite(number))) {
    throw new TypeError(`${label} must be a ${isWhole ? "whole" : "finite"} number, not ${show(number)}`);
  }
  if (number < minimum || number > maximum) {
    throw new RangeError(`${label} must be ${minimum} to ${maximum} (${value.type}), not ${number}`);
  }
}

/** @throws TypeError or RangeError when the ground could not send the default, or find the raw number of a value */
export function checkSent(label: string, argument: ArgumentDefinition): void {
  checkDefault(label, argument);
  if (!hasInverse(argument.calibration)) {
    throw new TypeError(`${label}: its calibration has no inverse; a straight line has one`);
  }
}

function checkDefault(label: string, argument: ArgumentDefinition): void {
  const value = argument.default;
  if (value === undefined) {
    return;
  }
  if (argument.type === "boolean") {
    checkFlag(label, "default", value);
    return;
  }
  if (argument.type === "ascii" || argument.type === "bytes" || argument.count !== undefined) {
    throw new TypeError(`${label}: a default is for one number or boolean`);
  }
  checkNumber(`${label}: default`, argument, value);
  const { minimum, maximum } = rangeOf(argument);
  if ((value as number) < minimum || (value as number) > maximum) {
    throw new RangeError(`${label}: default must be ${minimum} to ${maximum}, not ${value}`);
  }
}

function checkWords(label: string, words: Words | undefined, value: ValueDefinition): void {
  if (words === undefined) {
    return;
  }
  if (typeof words !== "object" || words === null || Array.isArray(words)) {
    throw new TypeError(`${label}: words must be an object, as in { off: 0, on: 1 }, not ${show(words)}`);
  }
  if (value.type === "ascii" || value.type === "bytes") {
    throw new TypeError(`${label}: words are for numbers and booleans, not for ${value.type}`);
  }
  const { minimum, maximum } = rangeOf(value);
  const taken = new Map<number, string>();
  for (const [word, number] of Object.entries(words)) {
    if (!Number.isInteger(number) || number < minimum || number > maximum) {
      throw new RangeError(
        `${label}: the word "${word}" must be for a whole number, ${minimum} to ${maximum}, not ${show(number)}`,
      );
    }
    const other = taken.get(number);
    if (other !== undefined) {
      throw new RangeError(`${label}: the words "${other}" and "${word}" are both for ${number}`);
    }
    taken.set(number, word);
  }
}

function checkBits(label: string, value: ValueDefinition): void {
  const kind = numberKind(value.type);
  if (kind > UINT32) {
    throw new TypeError(`${label}: bits are parts of a uint8, uint16, uint24 or uint32, not of ${value.type}`);
  }
  for (const key of ["count", "words", "calibration"] as const) {
    if (value[key] !== undefined) {
      throw new TypeError(`${label}: a number with bits has no ${key}`);
    }
  }
  const whole = NUMBER_KINDS[kind]!.width * 8;
  let sum = 0;
  for (const [name, field] of entriesOf(`${label}: bits`, value.bits)) {
    const where = `${label}: bits "${name}"`;
    checkProperties(where, field, ["width", "words", "description"]);
    sum += checkRange(`${where}: width`, field.width, 1, whole);
    checkWords(where, field.words, { type: value.type, maximum: 2 ** field.width - 1 });
  }
  if (sum > whole) {
    throw new RangeError(`${label}: its bits have ${sum} bits, and ${value.type} has ${whole}`);
  }
}

/** How far from the right each bit field stands: the first is the most significant. */
export function bitShift(value: ValueDefinition, name: string): number {
  let left = NUMBER_KINDS[numberKind(value.type)]!.width * 8;
  for (const [field, { width }] of Object.entries(value.bits as Record<string, BitField>)) {
    left -= width;
    if (field === name) {
      return left;
    }
  }
  throw new TypeError(`there are no bits "${name}"`);
}

/** @throws TypeError when it is there and no text */
export function checkText(label: string, key: string, text: unknown): void {
  if (text !== undefined && typeof text !== "string") {
    throw new TypeError(`${label}: ${key} must be text, not ${show(text)}`);
  }
}

/** @throws TypeError when it is there and neither true nor false */
export function checkFlag(label: string, key: string, value: unknown): void {
  if (value !== undefined && typeof value !== "boolean") {
    throw new TypeError(`${label}: ${key} must be true or false, not ${show(value)}`);
  }
}

/** Octets of a value on the wire. */
export function valueLength(value: ValueDefinition): number {
  const kind = numberKind(value.type);
  return (value.length ?? 1) * (value.count ?? 1) * (kind < 0 ? 1 : NUMBER_KINDS[kind]!.width);
}

/** Octets of a message, at most. */
export function longestMessage(message: LayoutDefinition & Pick<MessageDefinition, "variants">): number {
  const { values, list, trailer, maxDataLength = 0, variants } = message;
  const ofList =
    list === undefined
      ? 0
      : typeWidth(list.countType) + list.maxCount * (valuesLength(list.items) + longestVariant(list.variants));
  return valuesLength(values) + longestVariant(variants) + ofList + valuesLength(trailer) + maxDataLength;
}

function longestVariant(variants: Readonly<Record<string, LayoutDefinition>> = {}): number {
  return Object.values(variants).reduce((length, variant) => Math.max(length, longestMessage(variant)), 0);
}

/** Octets of values, one after the other. */
export function valuesLength(values: Readonly<Record<string, ValueDefinition>> | undefined): number {
  return Object.values(values ?? {}).reduce((sum, value) => sum + valueLength(value), 0);
}
