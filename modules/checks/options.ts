/** Checks of options, made once, when what they configure is made. */
import { show } from "./show.js";

/** A number outside its range. The fields are for whoever knows the option by another name, or counts it otherwise. */
export class OutOfRangeError extends RangeError {
  /** The option, with its unit. */
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;

  constructor(label: string, value: number, min: number, max: number) {
    super(`${label} must be from ${min} to ${max}, not ${value}`);
    this.label = label;
    this.value = value;
    this.min = min;
    this.max = max;
  }
}

/** No whole number where there must be one. The fields are as above. */
export class NotWholeError extends TypeError {
  readonly label: string;
  readonly value: unknown;
  readonly min: number;
  readonly max: number;

  constructor(label: string, value: unknown, min: number, max: number) {
    super(`${label} must be a whole number from ${min} to ${max}, not ${show(value)}`);
    this.label = label;
    this.value = value;
    this.min = min;
    this.max = max;
  }
}

/**
 * @param label names the option in the error, with its unit
 * @throws NotWholeError when it is no whole number, OutOfRangeError outside [min, max]
 */
export function checkRange(label: string, value: unknown, min: number, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new NotWholeError(label, value, min, max);
  }
  if (value < min || value > max) {
    throw new OutOfRangeError(label, value, min, max);
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
