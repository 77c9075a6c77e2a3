/** Boards to generate for: a small one, one whose every name and text means trouble, and random ones with all that people read. */
import type { BoardDictionary, Conventions } from "../../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../../modules/dictionary/define-dictionary.js";
import type {
  Calibration,
  Dictionary,
  ParameterDefinition,
  ValueDefinition,
  Words,
} from "../../../../modules/dictionary/dictionary.js";
import { dictionaryOf } from "../../../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../../../modules/flatsat/configuration.js";
import { randomDictionary } from "../../../dictionary/random-dictionaries.js";
import type { Random } from "../../../framing/random.js";

export const CONVENTIONS: Conventions = {
  apid: 2,
  timeCode: "cuc",
  acknowledge: "always",
  widths: {
    countType: "uint8",
    structureIdType: "uint8",
    parameterIdType: "uint16",
    eventIdType: "uint16",
    functionIdType: "uint8",
    failureCodeType: "uint16",
    failureDataType: "uint32",
    stepIdType: "uint8",
  },
  ports: [{ framing: "space-packets,crc=check16", port: 7301, role: "tmtc" }],
  createdStructures: 2,
  maxTelemetryLength: 512,
};

/** A board with its settings; the ports are those of every board. */
export function boardOf(dictionary: Dictionary, settings: Readonly<Record<string, string>> = {}): BoardDictionary {
  return dictionaryOf(parseConfiguration({ time_code: "cuc", ...settings }), { dictionary });
}

/** One of everything, and no more. */
export const SMALL: BoardDictionary = {
  ...defineDictionary({
    name: "small",
    description: "One of everything",
    parameters: {
      celsius: {
        id: 256,
        type: "int16",
        unit: "degC",
        description: "inside",
        group: "thermal",
        calibration: { polynomial: [-5, 0.1] },
        limits: { warning: { low: 0, high: 40 }, critical: { high: 60 } },
        minimum: -500,
        maximum: 1250,
        settable: true,
        dangerous: "it burns",
        monitoring: {},
      },
      mode: { id: 257, type: "uint8", words: { off: 0, "stand by": 1 } },
      axes: { id: 258, type: "float32", count: 3 },
      label: { id: 259, type: "ascii", length: 8, settable: true },
      status: { id: 260, type: "uint16", bits: { kind: { width: 3, words: { a: 1 } }, level: { width: 7 } } },
      pressure: {
        id: 261,
        type: "uint16",
        calibration: {
          points: [
            [0, 100],
            [100, 7],
          ],
        },
        settable: true,
      },
      raw: { id: 262, type: "bytes", length: 3 },
      isOpen: { id: 263, type: "boolean", settable: true },
    },
    structures: {
      all: {
        id: 16,
        parameters: ["celsius", "mode", "axes", "label", "status", "pressure", "raw", "isOpen"],
        intervalMs: 1000,
      },
    },
    events: {
      hot: {
        id: 300,
        severity: "medium",
        text: "it is {celsius} in {mode}",
        values: {
          celsius: { type: "int16", unit: "degC", calibration: { polynomial: [0, 0.1] } },
          mode: { type: "uint8" },
        },
      },
    },
    functions: {
      heat: {
        id: 16,
        description: "heats",
        dangerous: "hot",
        arguments: {
          on: { type: "boolean", default: false },
          watts: { type: "uint8", maximum: 50, unit: "W", default: 10 },
        },
      },
    },
    failureCodes: { tooHot: { code: 300, description: "no more heat" } },
    services: {
      camera: {
        type: 200,
        requests: { write: { subtype: 2, values: { at: { type: "uint32" } }, maxDataLength: 16 } },
        reports: {
          picture: {
            subtype: 3,
            values: { width: { type: "uint16" } },
            list: { countType: "uint8", items: { pixel: { type: "uint8" } }, maxCount: 32 },
          },
          dump: { subtype: 4, values: { at: { type: "uint32" } }, maxDataLength: 16 },
        },
      },
    },
  }),
  conventions: CONVENTIONS,
};

const LONG = `n${"a_0".repeat(66)}x`;
const TEXT = `<b>&amp;"it's"</b>\n\t${LONG}\r {celsius} } { \u0000\u0007 ü 漢字 \ud83d\ude80 -- ]]> %s ; \\`;
const WORDS = {
  "": 0,
  " ": 1,
  'a "b"': 2,
  "c <d> & e": 3,
  "f\ng": 4,
  "\u0000": 5,
  "ü 漢 \ud83d\ude80": 6,
  true: 7,
  null: 8,
  "-": 9,
  "#1": 10,
};
/** Names that languages, tools or the generated files themselves have uses for. */
const RESERVED = [
  ...[
    "apid",
    "packet",
    "time",
    "service",
    "subtype",
    "eventId",
    "packetDataLengthField",
    "telecommand",
    "sequenceCount",
  ],
  ...[
    "class",
    "def",
    "import",
    "None",
    "True",
    "end",
    "begin",
    "self",
    "lambda",
    "constructor",
    "toString",
    "hasOwnProperty",
  ],
  ...[
    "a_0",
    "a_1",
    "status_kind",
    "celsius_2",
    "verification",
    "reserved6",
    "count",
    "items",
    "data",
    "uint8",
    "bits8",
  ],
];

/** Whatever people may write that `defineDictionary` lets pass. */
export const NASTY: BoardDictionary = {
  ...defineDictionary({
    name: `${TEXT}/../etc`,
    description: TEXT,
    parameters: {
      ...Object.fromEntries(
        RESERVED.map((name, k) => [name, { id: 300 + k, type: "uint8", settable: true, description: TEXT }]),
      ),
      [LONG]: {
        id: 500,
        type: "uint8",
        unit: TEXT,
        description: TEXT,
        group: TEXT,
        words: WORDS,
        settable: true,
        dangerous: TEXT,
      },
      worded: { id: 501, type: "uint8", words: WORDS, description: TEXT, settable: true },
      a: { id: 502, type: "int8", count: 2, settable: true, words: { constructor: -1, "": 0 } },
      status: {
        id: 503,
        type: "uint16",
        bits: { kind: { width: 3, words: { "": 0 } }, reserved6: { width: 7 } },
        settable: true,
      },
      celsius: {
        id: 504,
        type: "int16",
        calibration: { polynomial: [1e-7, -1e21] },
        unit: "",
        settable: true,
        limits: { critical: { low: -1e300 } },
      },
      big: { id: 505, type: "uint64", settable: true, maximum: 5 },
      large: { id: 506, type: "float64", count: 1000, settable: true },
      huge: { id: 507, type: "bytes", length: 5000, settable: true },
      text: { id: 508, type: "ascii", length: 1, settable: true },
      whole: { id: 509, type: "uint32", bits: { all: { width: 32 } }, settable: true },
    },
    structures: {
      [LONG]: { id: 17, parameters: RESERVED, intervalMs: 1000, description: TEXT },
      created1: { id: 255, parameters: ["celsius"], intervalMs: 100 },
    },
    events: {
      [LONG]: {
        id: 600,
        severity: "high",
        text: TEXT,
        values: { celsius: { type: "float32", unit: "%" }, a: { type: "boolean" } },
      },
      housekeeping: {
        id: 601,
        severity: "low",
        description: `${TEXT} {nobody}`,
        values: { structureId: { type: "uint64" } },
      },
      constructor: { id: 602, severity: "low", text: "" },
    },
    functions: {
      ...Object.fromEntries(
        RESERVED.map((name, k) => [
          name,
          { id: 16 + k, arguments: { apid: { type: "uint8" }, count: { type: "int64", default: -1 } } },
        ]),
      ),
      [LONG]: {
        id: 200,
        description: TEXT,
        dangerous: TEXT,
        arguments: { [LONG]: { type: "uint8", words: WORDS, default: 4, description: TEXT } },
      },
      areYouAlive: { id: 201 },
    },
    failureCodes: { [LONG]: { code: 300, description: TEXT }, constructor: { code: 301 } },
    services: {
      [LONG]: {
        type: 200,
        description: TEXT,
        requests: {
          areYouAlive: {
            subtype: 1,
            list: {
              countType: "uint32",
              items: { count: { type: "uint8", count: 3 }, data: { type: "uint8", bits: { kind: { width: 3 } } } },
              maxCount: 9,
            },
            maxDataLength: 3,
            dangerous: TEXT,
          },
        },
        reports: {
          packet: { subtype: 1, values: { apid: { type: "uint8" }, celsius: { type: "uint16" } }, maxDataLength: 3 },
        },
      },
      test: { type: 201, reports: { areYouAliveReport: { subtype: 1 } } },
    },
  } as unknown as Dictionary),
  conventions: CONVENTIONS,
};

/** A random dictionary with units, words, calibrations, limits and texts. */
export function randomBoard(random: Random): BoardDictionary {
  const { parameters = {}, events = {}, functions = {}, ...dictionary } = randomDictionary(random);
  const described = <Value extends ValueDefinition>(
    values: Readonly<Record<string, Value>> = {},
  ): Record<string, Value> =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { ...value, ...saidOf(random, value) }]));
  const eventEntries = Object.entries(events).map(([name, event]) => {
    const text = Object.keys(event.values ?? {}).map((value) => `${value} is {${value}} < & " \n`);
    return [name, { ...event, text: text.join(), values: described(event.values) }];
  });
  const functionEntries = Object.entries(functions).map(([name, definition]) => [
    name,
    { ...definition, arguments: described(definition.arguments) },
  ]);
  return {
    ...dictionary,
    parameters: Object.fromEntries(
      Object.entries(described(parameters)).map(([name, parameter]) => [name, limited(random, parameter)]),
    ),
    events: Object.fromEntries(eventEntries),
    functions: Object.fromEntries(functionEntries),
    conventions: { ...CONVENTIONS, apid: random.below(2047), timeCode: random.below(4) === 0 ? "cuc-tai" : "cuc" },
  };
}

function saidOf(random: Random, { type, bits, minimum, maximum }: ValueDefinition): Partial<ValueDefinition> {
  const isNumber = type !== "boolean" && type !== "ascii" && type !== "bytes";
  if (bits !== undefined) {
    return {};
  }
  const low = Math.max(0, minimum ?? 0);
  const said: { unit?: string; words?: Words; calibration?: Calibration } = {};
  if (random.below(3) === 0) {
    said.unit = ["degC", "%", "<µ&>"][random.below(3)]!;
  }
  if (random.below(3) === 0 && type !== "ascii" && type !== "bytes" && low + 1 <= (maximum ?? 1)) {
    said.words = { 'low "1"': Math.ceil(low), "höher <2>": Math.ceil(low) + 1 };
  }
  if (isNumber && random.below(3) === 0) {
    said.calibration =
      random.below(2) === 0
        ? { polynomial: [random.below(100) - 50, (1 + random.below(50)) / 8] }
        : {
            points: [
              [-10, 5],
              [10, 3],
              [100, -random.below(100)],
            ],
          };
  }
  return said;
}

function limited(random: Random, parameter: ParameterDefinition): ParameterDefinition {
  const { type, bits } = parameter;
  return type === "boolean" || type === "ascii" || type === "bytes" || bits !== undefined || random.below(3) > 0
    ? parameter
    : { ...parameter, limits: { warning: { low: -1.5 }, critical: { high: 1e6 } } };
}
