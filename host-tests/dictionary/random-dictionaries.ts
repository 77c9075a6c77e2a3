/** Dictionaries, and values for what they define, all made of a seed. Knows no platform: also runs inside XS. */
import type {
  BitField,
  Dictionary,
  ParameterDefinition,
  ValueDefinition,
} from "../../modules/dictionary/dictionary.js";
import type { Random } from "../framing/random.js";
import type { Decoded, Scalar } from "./independent-codec.js";

type Range = readonly [minimum: number, maximum: number];

const RANGES: Readonly<Record<string, Range>> = {
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint24: [0, 2 ** 24 - 1],
  uint32: [0, 2 ** 32 - 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int24: [-(2 ** 23), 2 ** 23 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, 2 ** 53 - 1],
  int64: [-(2 ** 53) + 1, 2 ** 53 - 1],
  float32: [-1e30, 1e30],
  float64: [-1e300, 1e300],
};
const NUMBERS = Object.keys(RANGES) as (keyof typeof RANGES & ValueDefinition["type"])[];
const UNSIGNED = ["uint8", "uint16", "uint24", "uint32"] as const;
const SEVERITIES = ["informative", "low", "medium", "high"] as const;

function oneOf<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[random.below(choices.length)]!;
}

/** A number in a range: its ends often, and whole unless it is a float. */
function numberIn(random: Random, type: string, [minimum, maximum]: Range): number {
  const share = oneOf(random, [0, 1, random.next() / 2 ** 32, random.next() / 2 ** 32]);
  const value = minimum * (1 - share) + maximum * share;
  if (type === "float64") {
    return value;
  }
  // No zero with a sign: integers have none.
  return type === "float32" ? Math.fround(value) : Math.min(maximum, Math.max(minimum, Math.round(value))) + 0;
}

function rangeOf({ type, minimum, maximum }: ValueDefinition): Range {
  const [least, greatest] = RANGES[type] ?? [0, 1];
  return [minimum ?? least, maximum ?? greatest];
}

/** One number or boolean. */
function randomScalar(random: Random): ValueDefinition {
  if (random.below(6) === 0) {
    return { type: "boolean" };
  }
  const type = oneOf(random, NUMBERS);
  if (random.below(3) > 0) {
    return { type };
  }
  const [minimum, maximum] = [numberIn(random, type, RANGES[type]!), numberIn(random, type, RANGES[type]!)].sort(
    (a, b) => a - b,
  ) as [number, number];
  return oneOf(random, [
    { type, minimum },
    { type, maximum },
    { type, minimum, maximum },
  ]);
}

function randomBits(random: Random): ValueDefinition {
  const type = oneOf(random, UNSIGNED);
  let left = 8 * (1 + UNSIGNED.indexOf(type));
  const bits: Record<string, BitField> = {};
  for (let k = 0; k < 6 && left > 0; k++) {
    const width = 1 + random.below(left);
    bits[`part${k}`] = { width };
    left -= width;
  }
  return { type, bits };
}

function randomValueDefinition(random: Random): ValueDefinition {
  switch (random.below(6)) {
    case 0:
      return { type: "ascii", length: 1 + random.below(12) };
    case 1:
      return { type: "bytes", length: 1 + random.below(12) };
    case 2:
      return { ...randomScalar(random), count: 1 + random.below(5) };
    case 3:
      return randomBits(random);
    default:
      return randomScalar(random);
  }
}

/** What is right for a definition, as the independent decoder gives it. */
export function randomValue(random: Random, definition: ValueDefinition): Decoded {
  const { type, length = 0, count, bits } = definition;
  const scalar = (): Scalar =>
    type === "boolean" ? random.below(2) === 1 : numberIn(random, type, rangeOf(definition));
  if (type === "ascii") {
    return String.fromCharCode(...Array.from({ length: random.below(length + 1) }, () => 1 + random.below(127)));
  }
  if (type === "bytes") {
    return Array.from(random.bytes(length));
  }
  if (bits !== undefined) {
    return Object.fromEntries(
      Object.entries(bits).map(([name, { width }]) => [name, numberIn(random, "uint32", [0, 2 ** width - 1])]),
    );
  }
  return count === undefined ? scalar() : Array.from({ length: count }, scalar);
}

/** A value beyond the range of a definition that narrows its type's; undefined when there is none. */
export function valueBeyond({ type, count, minimum, maximum }: ValueDefinition): Decoded | undefined {
  if (count !== undefined || type === "float32" || type === "float64" || RANGES[type] === undefined) {
    return undefined;
  }
  const [least, greatest] = RANGES[type]!;
  if (maximum !== undefined && maximum < greatest) {
    return maximum + 1;
  }
  return minimum !== undefined && minimum > least ? minimum - 1 : undefined;
}

function named<Entry>(random: Random, name: string, most: number, make: (k: number) => Entry): Record<string, Entry> {
  return Object.fromEntries(Array.from({ length: random.below(most + 1) }, (_, k) => [`${name}${k}`, make(k)]));
}

export function randomDictionary(random: Random): Dictionary {
  const firstId = random.below(60_000);
  const step = 1 + random.below(9);
  const parameters: Record<string, ParameterDefinition> = { p: { id: firstId, ...randomValueDefinition(random) } };
  Object.assign(
    parameters,
    named(random, "p", 15, (k) => ({
      id: firstId + (k + 1) * step,
      ...randomValueDefinition(random),
      ...(random.below(2) === 0 ? { settable: true } : {}),
    })),
  );
  const names = Object.keys(parameters);
  return {
    name: "random",
    parameters,
    structures: named(random, "s", 4, (k) => {
      const chosen = names.filter(() => random.below(2) === 0).sort(() => random.below(3) - 1);
      return {
        id: k,
        parameters: chosen.length === 0 ? [oneOf(random, names)] : chosen,
        intervalMs: 100 + random.below(5),
      };
    }),
    events: named(random, "e", 4, (k) => ({
      id: 100 * k,
      severity: oneOf(random, SEVERITIES),
      values: named(random, "v", 4, () => randomScalar(random)),
    })),
    functions: named(random, "f", 3, (k) => ({ id: k, arguments: named(random, "a", 4, () => randomScalar(random)) })),
    services: {
      own: {
        type: 200,
        reports: named(random, "r", 2, (k) => ({
          subtype: 1 + k,
          values: named(random, "v", 4, () => randomValueDefinition(random)),
          list: {
            countType: oneOf(random, UNSIGNED),
            items: { first: randomScalar(random), ...named(random, "i", 2, () => randomScalar(random)) },
            maxCount: 5,
          },
        })),
      },
    },
  };
}
