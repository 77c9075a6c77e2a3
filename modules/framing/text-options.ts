/** Options given as text, turned into values; undefined stays undefined, so that defaults are kept in one place. */
import { checkChoice } from "./options.js";

export type TextOptions = Readonly<Record<string, string | undefined>>;

/**
 * @param text decimal, or hexadecimal behind 0x
 * @throws TypeError when it is no whole number
 */
export function wholeNumber(label: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (!/^(0x[0-9a-f]+|[0-9]+)$/i.test(text)) {
    throw new TypeError(`${label} must be a whole number, not "${text}"`);
  }
  return Number(text);
}

/** @param text whole numbers separated by a slash, since commas and spaces separate options and ports */
export function wholeNumbers(label: string, text: string | undefined): number[] | undefined {
  return text?.split("/").map((part) => wholeNumber(label, part) as number);
}

/**
 * @param text decimal, with a minus sign or without
 * @throws TypeError when it is no whole number
 */
export function integer(label: string, text: string | undefined): number | undefined {
  return text?.startsWith("-") ? 0 - (wholeNumber(label, text.slice(1)) as number) : wholeNumber(label, text);
}

/**
 * @param text two hexadecimal digits for each octet: `1acffc1d`
 * @throws TypeError when it is something else
 */
export function octets(label: string, text: string | undefined): number[] | undefined {
  if (text === undefined) {
    return undefined;
  }
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

/**
 * Reads options given as `key=value`, each a part of its own.
 * @param label begins the error
 * @param owner whose options they are, for the error
 * @param example for the error: one that is right
 * @throws TypeError quoting the part that is no option, listing those there are
 */
export function readPairs(
  label: string,
  pairs: readonly string[],
  owner: string,
  known: readonly string[],
  example: string,
): Record<string, string> {
  const options: Record<string, string> = {};
  for (const pair of pairs) {
    const [key = "", value, ...more] = pair.split("=");
    if (value === undefined || more.length > 0 || !known.includes(key)) {
      throw new TypeError(
        `${label}: "${pair}" is no option of ${owner}; there are ${known.join(", ")}, as in ${example}`,
      );
    }
    options[key] = value;
  }
  return options;
}
