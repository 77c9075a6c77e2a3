/** Random values for tools that take words only, where a value has words. */
import type { ValueDefinition } from "../../modules/dictionary/dictionary.js";
import type { Decoded, Scalar } from "../dictionary/independent-codec.js";
import { randomValue } from "../dictionary/random-dictionaries.js";
import type { Random } from "../framing/random.js";

/** JavaScript's shifts and `below` go so far. */
const MAX_BITS = 31;

/** @param isNumber whether the tool has a number there, with words or without */
export function wordedValue(definition: ValueDefinition, isNumber: boolean, random: Random): Decoded {
  const { count, bits, words, ...single } = definition;
  if (bits !== undefined) {
    return Object.fromEntries(
      Object.entries(bits).map(([name, part]) => [
        name,
        wordIn(part.words, random) ?? random.below(2 ** Math.min(part.width, MAX_BITS)),
      ]),
    );
  }
  const one = (): Decoded => {
    const number = isNumber ? undefined : wordIn(words, random);
    if (number === undefined) {
      return randomValue(random, single);
    }
    return definition.type === "boolean" ? number !== 0 : number;
  };
  return count === undefined ? one() : (Array.from({ length: count }, one) as Scalar[]);
}

function wordIn(words: ValueDefinition["words"], random: Random): number | undefined {
  const numbers = Object.values(words ?? {});
  return numbers.length === 0 ? undefined : numbers[random.below(numbers.length)];
}

/** Of an array, each element is the constant. */
export function constantOf({ count }: ValueDefinition, constant: number | undefined): Decoded | undefined {
  return constant === undefined || count === undefined ? constant : Array.from({ length: count }, () => constant);
}
