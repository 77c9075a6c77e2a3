/** What is to be said of a value, for people. */
import { calibrate } from "../../../modules/dictionary/calibration.js";
import type {
  ArgumentDefinition,
  Calibration,
  InitialValue,
  ParameterDefinition,
  Range,
  Words,
} from "../../../modules/dictionary/dictionary.js";

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
export function defaultText({ default: value, words }: ArgumentDefinition): string {
  return value === undefined ? "" : named(value, words);
}

export function initialText({ initial, words }: ParameterDefinition): string {
  return initial === undefined ? "" : Array.isArray(initial) ? initial.join(", ") : named(initial, words);
}

function named(value: InitialValue, words: Words | undefined): string {
  const word = Object.entries(words ?? {}).find(([, each]) => each === Number(value))?.[0];
  return word === undefined ? String(value) : `${value} ${word}`;
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
