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

/** @throws TypeError when the value is none of the choices */
export function checkChoice<Choice extends string>(label: string, value: unknown, choices: readonly Choice[]): Choice {
  for (const choice of choices) {
    if (choice === value) {
      return choice;
    }
  }
  throw new TypeError(`${label} must be ${choices.join(" or ")}, not ${show(value)}`);
}
