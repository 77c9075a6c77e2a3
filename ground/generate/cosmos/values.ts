/** Values of a dictionary in COSMOS's terms: types, conversions, states, units. */
import { NUMBER_KINDS, numberKind } from "../../../modules/data/field-kinds.js";
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type { Calibration, ValueDefinition, Words } from "../../../modules/dictionary/dictionary.js";
import { UniqueNames } from "../names.js";
import { number, quoted, stateName } from "./text.js";

const MAX_STATE_NAME = 60;
const BOOLEAN_WORDS: Words = { FALSE: 0, TRUE: 1 };

/** Bits of one element. */
export function bitsOf({ type, length = 1, count }: ValueDefinition): number {
  const kind = numberKind(type);
  const element = kind < 0 ? 8 : 8 * NUMBER_KINDS[kind]!.width;
  return element * (count === undefined ? length : 1);
}

/** Bits of all of it. */
export function allBitsOf(value: ValueDefinition): number {
  return bitsOf(value) * (value.count ?? 1);
}

export function cosmosType({ type }: ValueDefinition): "UINT" | "INT" | "FLOAT" | "STRING" | "BLOCK" {
  switch (type) {
    case "ascii":
      return "STRING";
    case "bytes":
      return "BLOCK";
    case "float32":
    case "float64":
      return "FLOAT";
    default:
      return type.startsWith("int") ? "INT" : "UINT";
  }
}

export function isNumeric({ type }: ValueDefinition): boolean {
  return type !== "ascii" && type !== "bytes";
}

/** Raw number to value in the unit. */
export function readConversion(calibration: Calibration | undefined): string[] {
  if (calibration === undefined) {
    return [];
  }
  if ("polynomial" in calibration) {
    return [`POLY_READ_CONVERSION ${calibration.polynomial.map(number).join(" ")}`];
  }
  // The lowest bound counts for everything below it, too: the outer lines go on.
  return calibration.points.slice(1).map(([x1, y1], k) => {
    const [x0, y0] = calibration.points[k]!;
    const slope = (y1 - y0) / (x1 - x0);
    return `SEG_POLY_READ_CONVERSION ${number(x0)} ${number(y0 - slope * x0)} ${number(slope)}`;
  });
}

/**
 * Value in the unit to raw number, for a calibration that has an inverse. Whole numbers need rounding, which COSMOS's own
 * conversions do not do.
 */
export function writeConversion(value: ValueDefinition): string[] {
  const { calibration } = value;
  if (calibration === undefined) {
    return [];
  }
  const whole = cosmosType(value) === "FLOAT" ? "" : "WHOLE_";
  const [kind, numbers] =
    "polynomial" in calibration ? ["LINE", calibration.polynomial.slice(0, 2)] : ["POINTS", calibration.points.flat()];
  return [`WRITE_CONVERSION flatlink_raw_conversion.py ${whole}${kind} ${numbers.map(number).join(" ")}`];
}

/** The words of a value; a boolean always has some. */
export function wordsOf({ type, words }: Pick<ValueDefinition, "type" | "words">): Words | undefined {
  const isEmpty = words === undefined || Object.keys(words).length === 0;
  return isEmpty ? (type === "boolean" ? BOOLEAN_WORDS : undefined) : words;
}

export function stateLines(words: Words): string[] {
  return named(words).map(([name, raw]) => `STATE ${name} ${number(raw)}`);
}

/** As states are named, for a conversion's arguments. */
export function wordPairs(words: Words): string[] {
  return named(words).map(([name, raw]) => `${name}=${number(raw)}`);
}

function named(words: Words): [name: string, raw: number][] {
  const names = new UniqueNames(MAX_STATE_NAME);
  return Object.entries(words).map(([word, raw]) => [names.take(stateName(word)), raw]);
}

export function unitLines({ unit }: ValueDefinition): string[] {
  return unit === undefined || unit.trim() === "" ? [] : [`UNITS ${quoted(unit)} ${quoted(unit)}`];
}

/** Least and greatest value in the unit, for raw numbers from `minimum` to `maximum`. */
export function rangeInUnit(calibration: Calibration | undefined, minimum: number, maximum: number): [number, number] {
  const [a, b] = [calibrate(calibration, minimum), calibrate(calibration, maximum)];
  return a <= b ? [a, b] : [b, a];
}
