/**
 * Random dictionaries with all that ground tools must cope with: words, units, calibrations, limits, dangers, monitoring, names that tools
 * keep for themselves, and texts that would end a line, a string or a tag.
 */
import { hasInverse } from "../../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type {
  Calibration,
  Dictionary,
  ParameterDefinition,
  RequestMessage,
  ValueDefinition,
} from "../../../modules/dictionary/dictionary.js";
import { randomDictionary } from "../../dictionary/random-dictionaries.js";
import type { Random } from "../../framing/random.js";

/** Names that some tool or language has a meaning for, or cannot have, or that become the same in capitals. */
const NAMES = [
  ...[
    "class",
    "None",
    "def",
    "import",
    "lambda",
    "self",
    "end",
    "nil",
    "begin",
    "seq",
    "instances",
    "id",
    "type",
    "size",
  ],
  ...["item", "STATE", "TELEMETRY", "PARAMETER", "packet_time", "RECEIVED_COUNT", "crc", "CCSDSAPID", "count", "data"],
  ...["LATEST", "UNKNOWN", "level", "Level", "LEVEL", "le_vel", "a__b", "trailing_", "x_", "X_", "CamelHTTPServer2Go"],
  `long${"A".repeat(196)}`,
  `long${"A".repeat(195)}b`,
  `long${"a".repeat(196)}`,
  ...["constructor", "prototype", "toString", "hasOwnProperty"],
];
const TEXTS = [
  'it says "no"',
  "it's",
  "a\nline and\r\nanother\tone",
  "<b>&amp; %d %s #{x} <%= y %> `z` \\",
  "ends with +",
  "ends with &",
  "# no comment",
  "]]> --> */ \u2028 \u0000 \u001b[31m",
  "Grüße, 温度, 🛰️ \ud800",
  "",
  " ",
  "'''\"\"\"",
];
const WORDS = [
  "off",
  "on",
  "Auto Matic",
  "it's",
  'quo"te',
  "größe",
  "100%",
  "a<b>&c",
  "#1",
  "x=y",
  "nil",
  "TRUE",
  "_",
  "🛰",
];
const UNITS = ["V", "degC", "°C", "%", "m/s^2", 'in"', "", "#", "<&>"];

function oneOf<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[random.below(choices.length)]!;
}

function maybe(random: Random, share: number): boolean {
  return random.below(100) < share;
}

function someWords(random: Random, greatest: number, words: readonly string[]): Record<string, number> {
  const most = Math.min(words.length, greatest + 1, 5);
  const from = random.below(words.length);
  return Object.fromEntries(
    Array.from({ length: 1 + random.below(most) }, (_, k) => [words[(from + k) % words.length]!, k]),
  );
}

function someCalibration(random: Random, isInvertible: boolean): Calibration {
  const falls = maybe(random, 40) ? -1 : 1;
  switch (random.below(isInvertible ? 2 : 3)) {
    case 0:
      return { polynomial: [random.below(200) - 100, falls * oneOf(random, [0.1, 0.0025, 0.5, 3, 1 / 3])] };
    case 1: {
      const step = 1 + random.below(30);
      const y = () => 1 + random.below(50) / 7;
      let value = -10;
      return {
        points: Array.from({ length: 2 + random.below(4) }, (_, k): [number, number] => {
          value += y();
          return [k * step, falls * value];
        }),
      };
    }
    default:
      return { polynomial: [1, -0.5, 0.001] };
  }
}

interface Taste {
  readonly names: readonly string[];
  readonly texts: readonly string[];
  readonly words: readonly string[];
  readonly units: readonly string[];
}

const NASTY: Taste = { names: NAMES, texts: TEXTS, words: WORDS, units: UNITS };
/** Nothing that two names are made the same of: values can be told by their names. */
const PLAIN: Taste = {
  names: [],
  texts: ["what it is"],
  words: ["off", "on", "safe mode", "it's"],
  units: ["V", "degC", "%"],
};

class Decorator {
  readonly #random: Random;
  readonly #taste: Taste;

  constructor(random: Random, taste: Taste) {
    this.#random = random;
    this.#taste = taste;
  }

  /** @param isSent whether the ground writes it */
  value<Value extends ValueDefinition>(value: Value, isSent: boolean): Value {
    const random = this.#random;
    const { texts, units, words } = this.#taste;
    const isNumber = value.type !== "ascii" && value.type !== "bytes" && value.type !== "boolean";
    const isPlain = isNumber && value.bits === undefined;
    const { minimum = 0, maximum = 127 } = value;
    const hasWords = isPlain && maybe(random, 20) && minimum <= 0 && maximum >= 5;
    const isFloat = value.type.startsWith("float");
    return {
      ...value,
      ...(maybe(random, 50) ? { description: oneOf(random, texts) } : {}),
      ...(maybe(random, 50) && value.bits === undefined ? { unit: oneOf(random, units) } : {}),
      ...(hasWords ? { words: someWords(random, 5, words) } : {}),
      ...(value.type === "boolean" && maybe(random, 50) ? { words: { [words[0]!]: 0, [words[1]!]: 1 } } : {}),
      ...(isPlain && !/int64/.test(value.type) && maybe(random, 35)
        ? { calibration: someCalibration(random, isSent || isFloat) }
        : {}),
      ...(value.bits !== undefined && maybe(random, 60) ? { bits: this.#bits(value.bits) } : {}),
    };
  }

  #bits(bits: NonNullable<ValueDefinition["bits"]>): NonNullable<ValueDefinition["bits"]> {
    return Object.fromEntries(
      Object.entries(bits).map(([name, part]) => [
        name,
        { ...part, words: someWords(this.#random, 2 ** Math.min(part.width, 3) - 1, this.#taste.words) },
      ]),
    );
  }

  parameter(parameter: ParameterDefinition): ParameterDefinition {
    const random = this.#random;
    const made = this.value(parameter, parameter.settable === true);
    const isLimited = made.type !== "ascii" && made.type !== "bytes" && made.type !== "boolean" && maybe(random, 40);
    const low = random.below(60) - 30;
    const limits = {
      warning: { low, ...(maybe(random, 70) ? { high: low + 1 + random.below(60) } : {}) },
      ...(maybe(random, 60) ? { critical: { low: low - random.below(9), high: low + 62 + random.below(9) } } : {}),
    };
    const isMonitored =
      isLimited &&
      made.count === undefined &&
      made.bits === undefined &&
      hasInverse(made.calibration) &&
      maybe(random, 50);
    return {
      ...made,
      ...(isLimited ? { limits } : {}),
      ...(isMonitored && !/64/.test(made.type) && fits(made, limits.warning.low) ? { monitoring: {} } : {}),
      ...(maybe(random, 50) ? { group: oneOf(random, ["power", "thermal", oneOf(random, this.#taste.texts)]) } : {}),
      ...(made.settable === true && maybe(random, 30) ? { dangerous: oneOf(random, this.#taste.texts) } : {}),
    };
  }

  /** The same entries, some under other names. @returns old name to new */
  renamed(entries: object): Map<string, string> {
    const free = [...this.#taste.names];
    return new Map(
      Object.keys(entries).map((name) => {
        const isRenamed = free.length > 0 && maybe(this.#random, 60);
        return [name, isRenamed ? free.splice(this.#random.below(free.length), 1)[0]! : name];
      }),
    );
  }

  each<Entry>(
    entries: Readonly<Record<string, Entry>> | undefined,
    change: (entry: Entry) => Entry,
    names = this.renamed(entries ?? {}),
  ): Record<string, Entry> {
    return Object.fromEntries(Object.entries(entries ?? {}).map(([name, entry]) => [names.get(name)!, change(entry)]));
  }

  text(): string {
    return oneOf(this.#random, this.#taste.texts);
  }
}

/** Whether a limit is anywhere near what a raw number can be: a board wants its limits to matter. */
function fits({ type, calibration, minimum = 0, maximum = 100 }: ValueDefinition, limit: number): boolean {
  return type === "int16" && calibration === undefined && minimum <= limit && maximum >= limit;
}

function decorate(random: Random, dictionary: Dictionary, taste: Taste): Dictionary {
  const decorator = new Decorator(random, taste);
  const names = decorator.renamed(dictionary.parameters ?? {});
  const value = (each: ValueDefinition) => decorator.value(each, false);
  const argument = (each: ValueDefinition) => decorator.value(each, true);
  const own = dictionary.services!["own"]!;
  const requests: Record<string, RequestMessage> = {
    shoot: { subtype: 100, values: { a: argument({ type: "uint8" }), b: argument({ type: "int16", count: 2 }) } },
    list: {
      subtype: 101,
      values: { first: { type: "uint16" } },
      list: { countType: "uint16", items: { each: { type: "int24" } }, maxCount: 5 },
      dangerous: decorator.text(),
    },
    pairs: {
      subtype: 102,
      list: { countType: "uint8", items: { x: argument({ type: "uint8" }), y: { type: "float32" } }, maxCount: 3 },
    },
    upload: { subtype: 103, values: { offset: { type: "uint32" } }, maxDataLength: 32 },
    choose: {
      subtype: 104,
      values: { what: { type: "uint8" } },
      variants: {
        gain: { id: 1, values: { gain: argument({ type: "int8" }) } },
        text: { id: 2, values: { text: { type: "ascii", length: 7 } } },
      },
    },
  };
  return {
    ...dictionary,
    description: decorator.text(),
    parameters: decorator.each(dictionary.parameters, (each) => decorator.parameter(each), names),
    structures: decorator.each(dictionary.structures, (each) => ({
      ...each,
      description: decorator.text(),
      parameters: each.parameters.map((name) => names.get(name)!),
    })),
    // 0 is no event (ST[12]).
    events: decorator.each(dictionary.events, (each) => ({
      ...each,
      id: each.id + 1,
      values: decorator.each(each.values, value),
    })),
    functions: decorator.each(dictionary.functions, (each) => ({
      ...each,
      ...(maybe(random, 40) ? { dangerous: decorator.text() } : {}),
      arguments: decorator.each(each.arguments, argument),
    })),
    failureCodes: { tooHot: { code: 300, description: decorator.text() } },
    services: {
      own: {
        ...own,
        requests,
        reports: decorator.each(
          {
            ...own.reports,
            tail: { subtype: 100, values: { a: { type: "uint8" } }, maxDataLength: 20 },
            plain: {
              subtype: 101,
              list: { countType: "uint8", items: { each: value({ type: "int16" }) }, maxCount: 9 },
            },
            mixed: {
              subtype: 102,
              list: {
                countType: "uint16",
                items: {
                  x: value({ type: "uint8" }),
                  text: { type: "ascii", length: 3 },
                  y: value({ type: "int24", count: 2 }),
                },
                maxCount: 4,
              },
              maxDataLength: 6,
            },
          },
          (each) => each,
        ),
      },
    },
  };
}

/** @param taste `nasty`: names and texts that tools stumble over. `plain`: names that no two of become the same */
export function decoratedBoard(random: Random, taste: "nasty" | "plain"): BoardDictionary {
  const dictionary = decorate(random, randomDictionary(random), taste === "nasty" ? NASTY : PLAIN);
  return {
    ...defineDictionary({
      ...dictionary,
      name: taste === "nasty" ? oneOf(random, [...TEXTS.filter((text) => text !== ""), ...NAMES]) : "board",
    }),
    conventions: {
      apid: random.below(2047),
      timeCode: oneOf(random, ["cds", "cuc", "cuc-tai"]),
      acknowledge: "always",
      widths: {
        countType: oneOf(random, ["uint8", "uint16"]),
        structureIdType: oneOf(random, ["uint8", "uint16", "uint24", "uint32"]),
        parameterIdType: oneOf(random, ["uint16", "uint24", "uint32"]),
        eventIdType: oneOf(random, ["uint16", "uint32"]),
        functionIdType: oneOf(random, ["uint8", "uint24"]),
        failureCodeType: oneOf(random, ["uint16", "uint32"]),
        failureDataType: oneOf(random, ["uint32", "uint8"]),
        stepIdType: oneOf(random, ["uint8", "uint16"]),
      },
      ports: [{ framing: "space-packets,crc=check16", port: 7301, role: "tmtc" }],
      createdStructures: 4,
      maxTelemetryLength: 2000,
    },
  };
}
