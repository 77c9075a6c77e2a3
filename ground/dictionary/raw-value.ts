/** From what people say to raw numbers: words, values in the unit, ranges. */
import { FLOAT32, isWritable, NUMBER_KINDS, numberKind } from "../../modules/data/field-kinds.js";
import { calibrate, hasInverse, uncalibrate } from "../../modules/dictionary/calibration.js";
import type { ValueDefinition, Words } from "../../modules/dictionary/dictionary.js";
import { rangeOf } from "../../modules/dictionary/value-check.js";
import { ArgumentError } from "./argument-error.js";
import { nearestName } from "./nearest-name.js";

/** A raw number is asked for so, as in `raw:17`, past the calibration. */
export const RAW = "raw:";
const NUMBER = /^([-+]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|infinity|nan))\s*(.*)$/i;
const BOOLEAN_WORDS: Words = { false: 0, true: 1, off: 0, on: 1, no: 0, yes: 1 };
/** Digits of a value in the unit, in messages. */
const DIGITS = 7;
/** Words in one message: identifiers may have hundreds. */
const SHOWN_WORDS = 8;

/**
 * One number or boolean.
 * @param said text is a word, a number in the unit, with the unit or without, or `raw:` and a raw number; a number is in the unit
 * @returns the raw number
 * @throws ArgumentError
 */
export function rawScalar(name: string, definition: ValueDefinition, said: string | number | boolean): number {
  if (typeof said === "string" && said.startsWith(RAW)) {
    return checkRaw(name, definition, numberIn(name, definition, said.slice(RAW.length), ""));
  }
  const word = typeof said === "number" ? undefined : wordNumber(definition, String(said));
  if (word !== undefined) {
    return checkRaw(name, definition, word);
  }
  if (typeof said === "boolean") {
    throw new ArgumentError(name, `${name} is ${expected(definition)}, not ${said}`);
  }
  const value = typeof said === "number" ? said : numberIn(name, definition, said, definition.unit ?? "");
  const { calibration, type } = definition;
  if (calibration === undefined) {
    return checkRaw(name, definition, value);
  }
  if (!hasInverse(calibration)) {
    throw new ArgumentError(
      name,
      `${name}: no raw number follows from a value in ${definition.unit ?? "its unit"}; say ${RAW}NUMBER`,
    );
  }
  const raw = uncalibrate(calibration, value);
  return checkRaw(name, definition, numberKind(type) === FLOAT32 || type === "float64" ? raw : Math.round(raw));
}

/** What a value may be, for people: its words, or its range and unit. */
export function expected(definition: ValueDefinition): string {
  const { type, words, unit, length } = definition;
  switch (type) {
    case "boolean":
      return Object.keys(words ?? { false: 0, true: 1 }).join(" or ");
    case "ascii":
      return `text of ${length} characters at most`;
    case "bytes":
      return `${length} octets in hexadecimal digits`;
    default: {
      const range = `${rangeText(definition)}${unit === undefined ? "" : ` ${unit}`}`;
      return words === undefined ? range : wordList(definition, words, range);
    }
  }
}

/** The words, and the range where there are numbers without a word. */
function wordList(definition: ValueDefinition, words: Words, range: string): string {
  const all = Object.keys(words);
  const { minimum, maximum } = rangeOf(definition);
  if (all.length === maximum - minimum + 1) {
    return all.length === 1 ? all[0]! : `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
  }
  const shown = all.length > SHOWN_WORDS ? [...all.slice(0, SHOWN_WORDS), "..."] : all;
  return [...shown, `or ${range}`].join(", ");
}

/** Least and greatest value, in the unit where there is a way to it. */
export function rangeText(definition: ValueDefinition): string {
  const { calibration, type } = definition;
  const { minimum, maximum } = rangeOf(definition);
  const isWhole = definition.minimum === undefined && definition.maximum === undefined;
  if (isWhole && (type === "float32" || type === "float64")) {
    return type;
  }
  if (calibration === undefined || !hasInverse(calibration)) {
    return `${minimum} to ${maximum}`;
  }
  const [low, high] = [calibrate(calibration, minimum), calibrate(calibration, maximum)].sort((a, b) => a - b);
  return `${shortNumber(low!)} to ${shortNumber(high!)}`;
}

/** Without the digits that only binary arithmetic brings. */
export function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(DIGITS)));
}

/** @returns the number that the definition has a word for; a boolean has the usual words, too */
function wordNumber({ type, words }: ValueDefinition, text: string): number | undefined {
  for (const [known, isAny] of [
    [words, true],
    [BOOLEAN_WORDS, type === "boolean"],
  ] as const) {
    if (known === undefined || !isAny) {
      continue;
    }
    if (Object.hasOwn(known, text)) {
      return known[text];
    }
    const alike = Object.keys(known).filter((word) => word.toLowerCase() === text.toLowerCase());
    if (alike.length === 1) {
      return known[alike[0]!];
    }
  }
  return undefined;
}

function numberIn(name: string, definition: ValueDefinition, text: string, unit: string): number {
  const [, digits, behind = ""] = NUMBER.exec(text.trim()) ?? [];
  if (digits === undefined) {
    const words = Object.keys(definition.words ?? (definition.type === "boolean" ? BOOLEAN_WORDS : {}));
    const meant = nearestName(text, words);
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    throw new ArgumentError(name, `${name} is ${expected(definition)}, not "${text}"${hint}`);
  }
  if (behind !== "" && behind !== unit) {
    const inUnit = unit === "" ? "has no unit" : `is in ${unit}`;
    throw new ArgumentError(name, `${name} ${inUnit}, not in "${behind}"`);
  }
  return /^[-+]?0x/i.test(digits)
    ? hexadecimal(digits)
    : Number(digits.replace(/infinity/i, "Infinity").replace(/nan/i, "NaN"));
}

function hexadecimal(digits: string): number {
  return digits.startsWith("-") ? -Number(digits.slice(1)) : Number(digits.replace("+", ""));
}

function checkRaw(name: string, definition: ValueDefinition, raw: number): number {
  const { minimum, maximum } = rangeOf(definition);
  const kind = numberKind(definition.type);
  const isFloat = kind >= 0 && NUMBER_KINDS[kind]!.type.startsWith("float");
  if (!isFloat && !Number.isInteger(raw)) {
    throw new ArgumentError(name, `${name} must be a whole number, ${expected(definition)}, not ${raw}`);
  }
  const narrowed = definition.minimum !== undefined || definition.maximum !== undefined;
  const isIn = isFloat && !narrowed ? isWritable(kind, raw, minimum, maximum) : raw >= minimum && raw <= maximum;
  if (!isIn) {
    const { unit = "", calibration } = definition;
    const value = calibration === undefined ? `${raw}` : shortNumber(calibrate(calibration, raw));
    throw new ArgumentError(
      name,
      `${name} must be ${expected(definition)}, not ${value}${unit === "" ? "" : ` ${unit}`}`,
    );
  }
  return raw + 0;
}
