/** Which of two values is worse, and what an alarm keeps of a value. */
import { worseState } from "../../dictionary/limit-state.js";
import type { AlarmValue } from "../contracts.js";

/** Farther out at the same end, or critical where the other is a warning. */
export function isWorse(value: AlarmValue, than: AlarmValue): boolean {
  if (value.limit !== than.limit) {
    return value.limit !== "ok" && worseState(than.limit, value.limit) === value.limit;
  }
  if (typeof value.value !== "number" || typeof than.value !== "number") {
    return false;
  }
  return value.limit.endsWith("Low")
    ? value.value < than.value
    : value.limit.endsWith("High") && value.value > than.value;
}

/** @param value as news have it */
export function alarmValue(value: unknown): number | string {
  switch (typeof value) {
    case "number":
    case "string":
      return value;
    case "boolean":
      return Number(value);
    default:
      return JSON.stringify(value);
  }
}
