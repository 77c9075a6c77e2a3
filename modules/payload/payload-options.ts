/** Checks of options of the payload functions. */
import { show } from "./errors.js";

/** @throws TypeError when the value is none of the choices */
export function checkChoice<Choice extends string>(label: string, value: unknown, choices: readonly Choice[]): Choice {
  for (const choice of choices) {
    if (choice === value) {
      return choice;
    }
  }
  throw new TypeError(`${label} must be ${choices.join(" or ")}, not ${show(value)}`);
}

/** @throws TypeError when it is no whole number, RangeError outside [minimum, maximum] */
export function checkLimit(label: string, value: unknown, minimum: number, maximum: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`${label} must be a whole number from ${minimum} to ${maximum}, not ${show(value)}`);
  }
  if (value < minimum || value > maximum) {
    throw new RangeError(`${label} must be from ${minimum} to ${maximum}, not ${value}`);
  }
  return value;
}
