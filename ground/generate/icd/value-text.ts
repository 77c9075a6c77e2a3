/** What is to be said of a value, for people. */
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type {
  ArgumentDefinition,
  Calibration,
  ParameterDefinition,
  Range,
  ValueDefinition,
  Words,
} from "../../../modules/dictionary/dictionary.js";
import { type RawScalar, wordOf } from "../../dictionary/decoded-value.js";

export function wordsText(words: Words): string {
  return Object.entries(words)
    .sort(([, a], [, b]) => a - b)
    .map(([word, value]) => `${value} ${word}`)
    .join(", ");
}

/** What a value may be, where its definition says so; raw, and in the unit. */
export function rangeText({ minimum, maximum, calibration, unit, words }: ArgumentDefinition): string {
  if ((minimum === undefined && maximum === undefined) || words !== undefined) {
    return "";
  }
  const raw = between(minimum, maximum);
  if (calibration === undefined) {
    return raw;
  }
  const ends = [minimum, maximum].map((end) => (end === undefined ? undefined : number(calibrate(calibration, end))));
  return `raw ${raw}: ${ends.filter((end) => end !== undefined).join(" and ")}${unit === undefined ? "" : ` ${unit}`}`;
}

function between(minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) {
    return `up to ${maximum}`;
  }
  return maximum === undefined
    ? `${minimum} and more`
    : minimum === maximum
      ? `always ${minimum}`
      : `${minimum} to ${maximum}`;
}

/** @returns empty where there is none */
export function defaultText(definition: ArgumentDefinition): string {
  return definition.default === undefined ? "" : shownText(definition, definition.default);
}

/** @returns empty where there is none */
export function initialText(definition: ParameterDefinition): string {
  const { initial } = definition;
  if (initial === undefined) {
    return "";
  }
  const all = (Array.isArray(initial) ? initial : [initial]) as readonly RawScalar[];
  return all.map((each) => shownText(definition, each)).join(", ");
}

/** A raw value with its word, or in its unit; where that is another number, with the raw one behind it. */
export function shownText({ words, calibration, unit = "" }: ValueDefinition, raw: RawScalar): string {
  const word = wordOf(words, raw);
  if (word !== undefined) {
    return `${raw} ${word}`;
  }
  if (typeof raw !== "number") {
    return String(raw);
  }
  const behind = unit === "" ? "" : ` ${unit}`;
  return calibration === undefined ? `${raw}${behind}` : `${number(calibrate(calibration, raw))}${behind} (raw ${raw})`;
}

export function calibrationText(calibration: Calibration): string {
  if ("points" in calibration) {
    return `between points, raw and value: ${calibration.points.map(([raw, value]) => `${raw} ${value}`).join("; ")}`;
  }
  const terms = calibration.polynomial
    .map((coefficient, power) => ({ coefficient, power }))
    .filter(({ coefficient, power }) => coefficient !== 0 || (power === 0 && calibration.polynomial.length === 1))
    .map(({ coefficient, power }) =>
      power === 0 ? `${coefficient}` : `${coefficient} × raw${power === 1 ? "" : ` to the power of ${power}`}`,
    );
  return terms.length === 0 ? "0" : terms.join(" + ").replaceAll("+ -", "− ");
}

export function limitText(range: Range | undefined, end: "low" | "high"): string {
  const limit = range?.[end];
  return limit === undefined ? "" : String(limit);
}

/** Without the digits that a calibration's arithmetic adds. */
function number(value: number): string {
  return String(Number(value.toPrecision(12)));
}
