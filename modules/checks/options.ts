/** Checks of options, made once, when what they configure is made. */
import { show } from "./show.js";

/**
 * @param label names the option in the error, with its unit
 * @param because ends the error: where the range comes from
 * @throws TypeError when it is no whole number, RangeError outside [min, max]
 */
export function checkRange(label: string, value: unknown, min: number, max: number, because = ""): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`${label} must be a whole number from ${min} to ${max}, not ${show(value)}${because}`);
  }
  if (value < min || value > max) {
    throw new RangeError(`${label} must be from ${min} to ${max}, not ${value}${because}`);
  }
  return value;
}

/**
 * For numbers that a standard, or a size, gives a range to: an APID, a service type.
 * @param more behind the range: its unit, what it holds for
 * @throws RangeError when it is no whole number from min to max
 */
export function checkWithin(label: string, value: number, min: number, max: number, more = ""): number {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${label} must be ${min} to ${max}${more}, not ${show(value)}`);
  }
  return value;
}

/** @throws TypeError when the value is none of the choices */
export function checkChoice<Choice extends string>(label: string, value: unknown, choices: readonly Choice[]): Choice {
  for (const choice of choices) {
    if (choice === value) {
      return choice;
    }
  }
  throw new TypeError(`${label} must be ${choices.join(" or ")}, not ${show(value)}`);
}
