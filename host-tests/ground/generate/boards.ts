/** Boards for tests of generators: one whose names and texts no tool likes, and random ones. */
import type { BoardDictionary, Conventions } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type {
  Dictionary,
  ParameterDefinition,
  ValueDefinition,
  Words,
} from "../../../modules/dictionary/dictionary.js";
import { rangeOf } from "../../../modules/dictionary/value-check.js";
import { randomDictionary } from "../../dictionary/random-dictionaries.js";
import { BOARD } from "../../dictionary/sample.js";
import type { Random } from "../../framing/random.js";

/** A small board with one of everything: what golden files are of. */
export const SMALL_BOARD = BOARD;

export const NASTY_TEXTS: readonly string[] = [
  "",
  " ",
  "a|b",
  "</script><script>alert(1)</script>",
  "\"quoted\" and 'quoted'",
  "back\\slash `tick` *star* _under_ [link](x) <b> & &amp;",
  "two\nlines\r\nand\ttabs",
  "größer als 5 °C, 日本語, 🛰️",
  "# no heading",
  "1. no list",
  "- no list",
  "{{braces}} {x} \u0024{y} %s %(z)s #{w}",
  "null",
  "true",
  "]]> <!-- -->",
  "\u0000\u0007\u200b\ud800",
  "x".repeat(300),
];

const NASTY_WORDS: readonly string[] = [
  "",
  "on/off",
  "a b",
  "a_b",
  "A B",
  "für",
  "fur",
  "日本",
  "7",
  "true",
  "class",
  "constructor",
  'say "no"',
  "back\\slash",
  "</td>",
  "w".repeat(200),
];

/** Names that are words of languages or of tools, differ in little, or are long. */
const NASTY_NAMES: readonly string[] = [
  "class",
  "import",
  "constructor",
  "toString",
  "hasOwnProperty",
  "def",
  "end",
  "N",
  "id",
  "size",
  "seq",
  "enums",
  "type",
  "count",
  "length",
  "None",
  "True",
  "lambda",
  "io",
  "root",
  "parent",
  "mode",
  "Mode",
  "MODE",
  "mode_",
  "m__ode",
  "a1B2",
  "RECEIVED_TIMEFORMATTED",
  "PACKET_TIME",
  "CCSDS_APID",
  `${"l".repeat(199)}1`,
  `${"l".repeat(199)}2`,
];

export function nastyBoard(): BoardDictionary {
  const text = (k: number): string => NASTY_TEXTS[k % NASTY_TEXTS.length]!;
  const words: Words = Object.fromEntries(NASTY_WORDS.map((word, k) => [word, k]));
  const parameters: Record<string, ParameterDefinition> = {};
  NASTY_NAMES.forEach((name, k) => {
    parameters[name] = {
      id: 256 + k,
      type: k % 3 === 0 ? "uint8" : "int16",
      description: text(k),
      unit: text(k + 3),
      group: text(k + 5),
      ...(k % 3 === 0
        ? { words }
        : { calibration: { polynomial: [-40, 0.05] }, limits: { warning: { low: -10, high: 60 } } }),
      ...(k % 2 === 0 ? { settable: true, dangerous: text(k + 1) } : {}),
    };
  });
  const { class: _, ...others } = words;
  const values: Record<string, ValueDefinition> = {
    class: { type: "uint8", words: others },
    self: { type: "boolean", words: { nope: 0 } },
  };
  const dictionary: Dictionary = {
    name: 'my board: größer/"best" </title>',
    description: text(3),
    parameters: {
      ...parameters,
      flags: {
        id: 500,
        type: "uint16",
        bits: { if: { width: 1 }, else: { width: 3, words: { "a b": 0, a_b: 1, "": 2 } }, While: { width: 5 } },
      },
      name: { id: 501, type: "ascii", length: 12 },
      long: { id: 502, type: "bytes", length: 300 },
      many: { id: 503, type: "int24", count: 40 },
      wide: { id: 504, type: "uint64" },
      float: { id: 505, type: "float32", minimum: -1.5, maximum: 2.25, settable: true },
    },
    structures: Object.fromEntries(
      NASTY_NAMES.map((name, k) => [
        name,
        { id: 16 + k, description: text(k), parameters: [name, "flags", "name", "float"], intervalMs: 1000 },
      ]),
    ),
    events: Object.fromEntries(
      NASTY_NAMES.map((name, k) => [
        name,
        {
          id: 256 + k,
          severity: (["informative", "low", "medium", "high"] as const)[k % 4]!,
          text: `{class} ${text(k).replace(/[{}]/g, "")}`,
          values,
        },
      ]),
    ),
    functions: Object.fromEntries(
      NASTY_NAMES.map((name, k) => [
        name,
        { id: 16 + k, description: text(k), arguments: values, dangerous: text(k + 2) },
      ]),
    ),
    failureCodes: Object.fromEntries(
      NASTY_NAMES.map((name, k) => [name, { code: 256 + k, description: text(k), data: text(k + 4) }]),
    ),
    services: {
      import: {
        type: 200,
        description: text(4),
        requests: Object.fromEntries(
          NASTY_NAMES.map((name, k) => [
            name,
            { subtype: 1 + k, description: text(k), values, maxDataLength: k, replies: ["from"] },
          ]),
        ),
        reports: {
          from: {
            subtype: 1,
            values,
            list: { countType: "uint16", items: { self: { type: "uint8" }, end: { type: "float64" } }, maxCount: 9 },
            maxDataLength: 30,
          },
        },
      },
      empty: { type: 201, reports: {}, requests: {} },
    },
  };
  return { ...defineDictionary(dictionary), conventions: BOARD.conventions };
}

const TIME_CODES = ["cds", "cuc", "cuc-tai"] as const;
const FAILURE_TYPES = ["uint8", "uint16", "uint32"] as const;

export function randomConventions(random: Random): Conventions {
  return {
    ...BOARD.conventions,
    apid: random.below(2047),
    timeCode: TIME_CODES[random.below(3)]!,
    widths: { ...BOARD.conventions.widths, failureCodeType: FAILURE_TYPES[random.below(3)]! },
  };
}

/** A random dictionary, with words, units, texts and calibrations here and there. */
export function randomBoard(random: Random): BoardDictionary {
  const { structures = {}, ...dictionary } = randomDictionary(random);
  const decorated = {
    ...dictionary,
    // Their own IDs begin at 16.
    structures: Object.fromEntries(
      Object.entries(structures).map(([name, structure]) => [name, { ...structure, id: structure.id + 16 }]),
    ),
    parameters: mapped(dictionary.parameters, (parameter) => decoratedValue(random, parameter)),
    events: mapped(dictionary.events, (event) => ({
      ...event,
      ...(random.below(2) === 0 ? { description: pick(random, NASTY_TEXTS) } : {}),
      values: mapped(event.values, (value) => decoratedValue(random, value)),
    })),
    functions: mapped(dictionary.functions, (each) => ({
      ...each,
      ...(random.below(3) === 0 ? { dangerous: pick(random, NASTY_TEXTS) } : {}),
      arguments: mapped(each.arguments, (value) => decoratedValue(random, value)),
    })),
  };
  return { ...defineDictionary(decorated as Dictionary), conventions: randomConventions(random) };
}

function mapped<Entry, Made>(
  entries: Readonly<Record<string, Entry>> | undefined,
  make: (entry: Entry) => Made,
): Record<string, Made> {
  return Object.fromEntries(Object.entries(entries ?? {}).map(([name, entry]) => [name, make(entry)]));
}

function pick<Choice>(random: Random, choices: readonly Choice[]): Choice {
  return choices[random.below(choices.length)]!;
}

function decoratedValue<Value extends ValueDefinition>(random: Random, value: Value): Value {
  const { type, bits } = value;
  const isNumber = type !== "ascii" && type !== "bytes" && type !== "boolean";
  const described =
    random.below(3) === 0
      ? { description: pick(random, NASTY_TEXTS), unit: pick(random, ["degC", "%", "µV", "a b"]) }
      : {};
  if (type === "ascii" || type === "bytes" || bits !== undefined) {
    return { ...value, ...described };
  }
  const kind = random.below(4);
  if (kind === 0) {
    const { minimum, maximum } = rangeOf(value);
    const words: Record<string, number> = {};
    const first = Math.max(Math.ceil(minimum), Math.min(0, Math.floor(maximum)));
    // Beyond that, the next whole number is not the next.
    for (let k = 0; k < 3 && first + k <= maximum && Math.abs(first) < 2 ** 50; k++) {
      words[pick(random, NASTY_WORDS)] = first + k;
    }
    return { ...value, ...described, words };
  }
  return {
    ...value,
    ...described,
    ...(kind === 1 && isNumber ? { calibration: { polynomial: [random.below(100) - 50, 0.5] } } : {}),
  };
}
