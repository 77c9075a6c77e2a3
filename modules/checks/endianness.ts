/** The order of the octets of a number: the word for it, checked once. */
import { checkChoice } from "./options.js";

export type Endianness = "big" | "little";
const ENDIANNESSES: readonly Endianness[] = Object.freeze(["big", "little"] as const);

/**
 * @param label names the option in the error
 * @param endianness default big
 * @throws TypeError when it is neither of the two
 */
export function isLittleEndian(label: string, endianness: unknown): boolean {
  return checkChoice(label, endianness ?? "big", ENDIANNESSES) === "little";
}
