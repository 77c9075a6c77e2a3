/** Options given as text, turned into values. */
import { checkChoice } from "../../checks/options.js";

export type OptionTexts = Readonly<Record<string, string | undefined>>;

/** What an option takes that is a switch. */
const SWITCH = Object.freeze(["off", "on"] as const);

/**
 * @param text decimal, or hexadecimal behind 0x
 * @throws TypeError when it is no whole number
 */
export function wholeNumber(label: string, text: string): number {
  const value = numberOf(text);
  if (Number.isNaN(value)) {
    throw new TypeError(`${label} must be a whole number, not "${text}"`);
  }
  return value;
}

/**
 * The same, with a range.
 * @param unit of the value, as `bytes`; or what else there is to say of the range
 * @throws TypeError when it is no whole number, RangeError outside [min, max]
 */
export function wholeNumberFrom(label: string, text: string, min: number, max: number, unit = ""): number {
  const value = numberOf(text);
  const range = `from ${min} to ${max}${unit === "" ? "" : ` ${unit}`}`;
  if (Number.isNaN(value)) {
    throw new TypeError(`${label} must be a whole number ${range}, not "${text}"`);
  }
  if (value < min || value > max) {
    throw new RangeError(`${label} must be ${range}, not ${value}`);
  }
  return value;
}

/**
 * The same, for an option whose range is checked by whoever takes it: text that is no whole number stays as it is, and is
 * refused there, with the range.
 */
export function uncheckedNumber(_label: string, text: string): unknown {
  const value = numberOf(text);
  return Number.isNaN(value) ? text : value;
}

/** For an option that is one of some words: whoever takes it knows which. */
export function word(_label: string, text: string): string {
  return text;
}

/** @throws TypeError when the text is neither `on` nor `off` */
export function onOrOff(label: string, text: string): boolean {
  return checkChoice(label, text, SWITCH) === "on";
}

/** @returns NaN when it is no whole number */
function numberOf(text: string): number {
  return /^(0x[0-9a-f]+|[0-9]+)$/i.test(text) ? Number(text) : Number.NaN;
}

/** @param text whole numbers separated by a slash, since commas and spaces separate options and ports */
export function wholeNumbers(label: string, text: string): number[] {
  return text.split("/").map((part) => wholeNumber(label, part));
}

/**
 * @param text decimal, with a minus sign or without
 * @throws TypeError when it is no whole number
 */
export function integer(label: string, text: string): number {
  return text.startsWith("-") ? 0 - wholeNumber(label, text.slice(1)) : wholeNumber(label, text);
}

/**
 * @param text two hexadecimal digits for each octet: `1acffc1d`
 * @throws TypeError when it is something else
 */
export function octets(label: string, text: string): number[] {
  if (!/^([0-9a-f]{2})+$/i.test(text)) {
    throw new TypeError(`${label} must be octets as two hexadecimal digits each, as in 1acffc1d, not "${text}"`);
  }
  return Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** @throws TypeError when the text is none of the choices */
export function oneOf<Choice extends string>(
  label: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  return text === undefined ? undefined : checkChoice(label, text, choices);
}

/** The same error, with what it is about in front. */
export function behind(label: string, error: unknown): unknown {
  const message = `${label}: ${error instanceof Error ? error.message : String(error)}`;
  return error instanceof TypeError
    ? new TypeError(message, { cause: error })
    : error instanceof RangeError
      ? new RangeError(message, { cause: error })
      : error;
}

/**
 * Reads options given as `key=value`, each a part of its own.
 * @param owner whose options they are, for the error
 * @param example for the error: one that is right
 * @throws TypeError quoting the part that is no option, listing those there are; or naming the option
 *   that is given twice
 */
export function readPairs(
  pairs: readonly string[],
  owner: string,
  known: readonly string[],
  example: string,
): Record<string, string> {
  const options: Record<string, string> = {};
  for (const pair of pairs) {
    const [key = "", value, ...more] = pair.split("=");
    if (value === undefined && known.includes(key)) {
      throw new TypeError(`${key} needs a value behind a "=", as in ${example}`);
    }
    if (value === undefined || more.length > 0 || !known.includes(key)) {
      throw new TypeError(`"${pair}" is no option of ${owner}; there are ${known.join(", ")}, as in ${example}`);
    }
    if (Object.hasOwn(options, key)) {
      throw new TypeError(`${key} is given twice: ${options[key]} and ${value}`);
    }
    options[key] = value;
  }
  return options;
}
