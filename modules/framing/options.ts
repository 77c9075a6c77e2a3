/** Checks of framing options, made once, when a framing is configured. */

/**
 * @param label names the option in the error, with its unit
 * @throws TypeError when it is no whole number, RangeError outside [min, max]
 */
export function checkRange(label: string, value: number, min: number, max: number): number {
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new TypeError(`${label} must be a whole number from ${min} to ${max}, not ${String(value)}`);
  }
  if (value < min || value > max) {
    throw new RangeError(`${label} must be from ${min} to ${max}, not ${value}`);
  }
  return value;
}

/** @throws TypeError when the value is none of the choices */
export function checkChoice<Choice extends string>(label: string, value: string, choices: readonly Choice[]): Choice {
  for (const choice of choices) {
    if (choice === value) {
      return choice;
    }
  }
  throw new TypeError(`${label} must be ${choices.join(" or ")}, not "${value}"`);
}
