/** Whether a value is within its limits, as a board with ST[12] would judge it. */
import { numberKind } from "../../modules/data/field-kinds.js";
import { calibrate, hasInverse, isFalling } from "../../modules/dictionary/calibration.js";
import type { ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { rawLimit } from "../../modules/dictionary/monitoring.js";

/** Critical is worse than a warning; low and high are equally bad. */
export const LIMIT_STATES = ["ok", "warningLow", "warningHigh", "criticalLow", "criticalHigh"] as const;
export type LimitState = (typeof LIMIT_STATES)[number];

/** What has a type and may have limits. */
type Limited = Pick<ParameterDefinition, "type" | "limits" | "calibration">;

/** @returns undefined: it has no limits, or is no number */
export function limitState(definition: Limited, raw: unknown): LimitState | undefined {
  if (definition.limits === undefined || typeof raw !== "number" || Number.isNaN(raw)) {
    return undefined;
  }
  for (const level of ["critical", "warning"] as const) {
    for (const end of ["low", "high"] as const) {
      if (isBeyond(definition, raw, level, end)) {
        return `${level}${end === "low" ? "Low" : "High"}`;
      }
    }
  }
  return "ok";
}

/** The worse of two; of two alike, the first. */
export function worseState(a: LimitState | undefined, b: LimitState | undefined): LimitState | undefined {
  return rank(b) > rank(a) ? b : a;
}

function rank(state: LimitState | undefined): number {
  return state === undefined ? -1 : state === "ok" ? 0 : state.startsWith("warning") ? 1 : 2;
}

function isBeyond(definition: Limited, raw: number, level: "warning" | "critical", end: "low" | "high"): boolean {
  const limit = definition.limits?.[level]?.[end];
  if (limit === undefined) {
    return false;
  }
  const { calibration } = definition;
  if (numberKind(definition.type) >= 0 && hasInverse(calibration)) {
    // Compared as the board does it: by raw numbers.
    const last = rawLimit(definition as ParameterDefinition, level, end);
    return (end === "low") === isFalling(calibration) ? raw > last : raw < last;
  }
  const value = calibrate(calibration, raw);
  return end === "low" ? value < limit : value > limit;
}
