/** What the compiler refuses in a board of one's own, and what `checkBinding` says of it to those who have no compiler. */
import test from "ava";
import { checkBinding } from "../../modules/flatsat/binding-check.js";
import { complaintsAbout } from "../examples.js";
import { DICTIONARY } from "./typed-board.js";

const HEAD = `import { defineDictionary } from "flatlink/dictionary/define-dictionary";
import type { Binding, Board } from "flatlink/flatsat/board-module";
const dictionary = defineDictionary(${JSON.stringify(DICTIONARY).replace(/"(\w+)":/g, "$1:")});
type D = typeof dictionary;
`;
const FUNCTIONS = "functions: { heat: () => 0, reset() {} }";
const SERVICES = "services: { camera: { shoot: () => 0 } }";

const binding = (body: string) => `${HEAD}export const binding: Binding<D> = { ${body} };`;
const use = (body: string) => `${HEAD}export const use = (board: Board<D>) => ${body};`;

/** By title: a file, and what the compiler says of it; nothing, where it is right. */
const FILES: (readonly [title: string, source: string, complaint?: RegExp])[] = [
  ["everything bound", binding(`${FUNCTIONS}, ${SERVICES}, tick() {}`)],
  [
    "getters and setters",
    binding(
      `${FUNCTIONS}, ${SERVICES}, parameters: { celsius: () => 5, flag: () => true }, setters: { celsius: (value) => value > 5 }`,
    ),
  ],
  [
    "a handler that reads its request",
    binding(`${FUNCTIONS}, services: { camera: { shoot: (request) => request.uint8(0) } }`),
  ],
  [
    "a function without a handler",
    binding(`functions: { heat: () => 0 }, ${SERVICES}`),
    /TS2741: Property 'reset' is missing in type/,
  ],
  ["no functions at all", binding(SERVICES), /TS2322: .*|TS2741: Property 'functions' is missing/],
  [
    "a request without a handler",
    binding(`${FUNCTIONS}, services: { camera: {} }`),
    /TS2741: Property 'shoot' is missing in type/,
  ],
  ["a service without handlers", binding(`${FUNCTIONS}, services: {}`), /TS2741: Property 'camera' is missing in type/],
  [
    "a handler for no function",
    binding(`functions: { heat: () => 0, reset() {}, cool: () => 0 }, ${SERVICES}`),
    /TS2353: .*'cool' does not exist in type/,
  ],
  [
    "a handler for no request",
    binding(`${FUNCTIONS}, services: { camera: { shoot: () => 0, film: () => 0 } }`),
    /TS2353: .*'film' does not exist in type/,
  ],
  [
    "a getter for no parameter",
    binding(`${FUNCTIONS}, ${SERVICES}, parameters: { kelvin: () => 5 }`),
    /TS2353: .*'kelvin' does not exist in type/,
  ],
  [
    "a getter for an array",
    binding(`${FUNCTIONS}, ${SERVICES}, parameters: { axes: () => 5 }`),
    /TS2353: .*'axes' does not exist in type/,
  ],
  [
    "a getter for text",
    binding(`${FUNCTIONS}, ${SERVICES}, parameters: { label: () => 5 }`),
    /TS2353: .*'label' does not exist in type/,
  ],
  [
    "a getter that gives text",
    binding(`${FUNCTIONS}, ${SERVICES}, parameters: { celsius: () => "5" }`),
    /TS2322: Type '\(\) => string' is not assignable to type '\(\) => number \| boolean'/,
  ],
  [
    "a setter of a read-only parameter",
    binding(`${FUNCTIONS}, ${SERVICES}, setters: { flag: () => true }`),
    /TS2353: .*'flag' does not exist in type/,
  ],
  [
    "a setter that takes text",
    binding(`${FUNCTIONS}, ${SERVICES}, setters: { celsius: (value: string) => value === "" }`),
    /TS2322: Type '\(value: string\) => .*' is not assignable to type 'ParameterSetter'/,
  ],
  [
    "a function with an argument of text",
    binding(`functions: { heat: (on: string) => on.length, reset() {} }, ${SERVICES}`),
    /TS2322: Type '\(on: string\) => number' is not assignable to type 'FunctionHandler'/,
  ],
  [
    "a function that gives text",
    binding(`functions: { heat: () => "done", reset() {} }, ${SERVICES}`),
    /TS2322: Type 'string' is not assignable to type 'number'/,
  ],
  [
    "a mistyped property",
    binding(`${FUNCTIONS}, ${SERVICES}, setter: {}`),
    /TS2561: .*'setter' does not exist in type .* Did you mean to write 'setters'/,
  ],
  [
    "names of the dictionary",
    use(
      '[board.parameter("celsius"), board.event("hot"), board.bits("status", "mode"), board.report("camera", "picture"), board.report("camera", "state", "idle")]',
    ),
  ],
  [
    "an unknown parameter",
    use('board.parameter("kelvin")'),
    /TS2345: Argument of type '"kelvin"' is not assignable to parameter of type/,
  ],
  [
    "an unknown event",
    use('board.event("cold")'),
    /TS2345: Argument of type '"cold"' is not assignable to parameter of type '"hot"'/,
  ],
  ["a failure code", use('board.fail(board.failureCode("stuck"), 5)')],
  [
    "an unknown failure code",
    use('board.failureCode("lost")'),
    /TS2345: Argument of type '"lost"' is not assignable to parameter of type '"stuck"'/,
  ],
  [
    "an unknown part",
    use('board.bits("status", "level")'),
    /TS2345: Argument of type '"level"' is not assignable to parameter of type '"mode"'/,
  ],
  [
    "a part of what has none",
    use('board.bits("celsius", "mode")'),
    /TS2345: Argument of type '"mode"' is not assignable to parameter of type 'never'/,
  ],
  [
    "a report of an unknown service",
    use('board.report("radio", "picture")'),
    /TS2345: Argument of type '"radio"' is not assignable to parameter of type '"beacon" \| "camera"'/,
  ],
  [
    "an unknown report",
    use('board.report("camera", "film")'),
    /TS2345: Argument of type '"film"' is not assignable to parameter of type '"picture" \| "state"'/,
  ],
  [
    "an unknown variant",
    use('board.report("camera", "state", "busy")'),
    /TS2345: Argument of type '"busy"' is not assignable to parameter of type '"idle"/,
  ],
  [
    "a type that there is not",
    `${HEAD}defineDictionary({ name: "x", parameters: { p: { id: 1, type: "uint7" } } });`,
    /TS2820: Type '"uint7"' is not assignable to type .* Did you mean '"uint8"'/,
  ],
];

const defined = (entries: string) => `${HEAD}export const other = defineDictionary({ name: "x", ${entries} });`;
const PARAMETER = 'id: 1, type: "uint8"';

/** By the property that there is not: a dictionary that has it. */
const MISTYPED: readonly (readonly [property: string, entries: string])[] = [
  ["parameter", `parameter: { p: { ${PARAMETER} } }`],
  ["units", `parameters: { p: { ${PARAMETER}, units: "degC" } }`],
  ["witdh", `parameters: { p: { ${PARAMETER}, bits: { on: { width: 1, witdh: 2 } } } }`],
  ["word", `parameters: { p: { ${PARAMETER}, bits: { on: { width: 1, word: { yes: 1 } } } } }`],
  ["point", `parameters: { p: { ${PARAMETER}, calibration: { polynomial: [0, 1], point: [] } } }`],
  ["criticals", `parameters: { p: { ${PARAMETER}, limits: { warning: { low: 1 }, criticals: { low: 0 } } } }`],
  ["hi", `parameters: { p: { ${PARAMETER}, limits: { warning: { low: 1, hi: 5 } } } }`],
  ["interval", `parameters: { p: { ${PARAMETER}, monitoring: { enabled: true, interval: 500 } } }`],
  ["masks", `parameters: { p: { ${PARAMETER}, monitoring: { expected: { value: 1, masks: 1 } } } }`],
  ["hihg", `parameters: { p: { ${PARAMETER}, monitoring: { events: { low: "cold", hihg: "hot" } } } }`],
  ["interval", `structures: { s: { id: 1, parameters: [], intervalMs: 1000, interval: 5 } }`],
  ["level", `events: { e: { id: 1, severity: "low", level: 2 } }`],
  ["units", `events: { e: { id: 1, severity: "low", values: { v: { type: "uint8", units: "V" } } } }`],
  ["argument", `functions: { f: { id: 1, argument: { a: { type: "uint8" } } } }`],
  ["defaults", `functions: { f: { id: 1, arguments: { a: { type: "uint8", defaults: 1 } } } }`],
  ["text", `failureCodes: { c: { code: 256, text: "stuck" } }`],
  ["request", `services: { s: { type: 128, request: { r: { subtype: 1 } } } }`],
  ["reply", `services: { s: { type: 128, requests: { r: { subtype: 1, reply: ["a"] } } } }`],
  ["replies", `services: { s: { type: 128, reports: { r: { subtype: 1, replies: ["a"] } } } }`],
  [
    "units",
    `services: { s: { type: 128, reports: { r: { subtype: 1, values: { v: { type: "uint8", units: "V" } } } } } }`,
  ],
  [
    "max",
    `services: { s: { type: 128, reports: { r: { subtype: 1, list: { countType: "uint8", maxCount: 5, max: 5, items: {} } } } } }`,
  ],
  [
    "value",
    `services: { s: { type: 128, requests: { r: { subtype: 1, variants: { v: { id: 1, value: { w: { type: "uint8" } } } } } } } }`,
  ],
];

FILES.push(
  ...MISTYPED.map(
    ([property, entries]) =>
      [
        `no property ${property}: ${entries}`,
        defined(entries),
        new RegExp(`TS2322: .*NoSuchProperty<"${property}">`),
      ] as const,
  ),
  [
    "an entry made elsewhere, with a property that there is not",
    `${HEAD}const VOLTS = { type: "uint8", unit: "V", units: "V" } as const;\nexport const other = defineDictionary({ name: "x", parameters: { p: { id: 1, ...VOLTS } } });`,
    /TS2322: .*NoSuchProperty<"units">/,
  ],
  [
    "entries made elsewhere, and literal types that are kept",
    `${HEAD}const VOLTS = { type: "uint8", unit: "V" } as const;
const more: { readonly id: number; readonly group?: string } = { id: 2 };
export const other = defineDictionary({
  name: "x",
  parameters: { p: { id: 1, ...VOLTS, words: { low: 1 }, calibration: { points: [[0, 1], [2, 3]] } }, q: { ...VOLTS, ...more } },
});
export const literals: [1, "V", 1] = [other.parameters.p.id, other.parameters.p.unit, other.parameters.p.words.low];`,
  ],
  [
    "what is known to be a dictionary",
    `${HEAD}import type { Dictionary } from "flatlink/dictionary/dictionary";
export const again = (given: Dictionary): Dictionary => defineDictionary(given);`,
  ],
  [
    "a property that is missing",
    defined('parameters: { p: { type: "uint8" } }'),
    /TS2741: Property 'id' is missing in type .* but required in type 'ParameterDefinition'/,
  ],
);

test("the compiler takes what is right, and says what is not", (t) => {
  const complaints = complaintsAbout(
    "wrong-boards",
    Object.fromEntries(FILES.map(([, source], k) => [`board${k}`, source])),
  );
  for (const [k, [title, , complaint]] of FILES.entries()) {
    const about = complaints.filter((line) => line.startsWith(`board${k}.ts(`));
    if (complaint === undefined) {
      t.deepEqual(about, [], title);
    } else {
      t.is(about.length, 1, `${title}: ${about.join("\n")}`);
      t.regex(about[0] ?? "", complaint, title);
    }
  }
  t.true(
    complaints.every((line) => line.startsWith("board")),
    complaints.join("\n"),
  );
});

const RIGHT = { functions: { heat: () => 0, reset: () => 0 }, services: { camera: { shoot: () => 0 } } };

/** By the message, what `bind` returned. */
const WRONG: Readonly<Record<string, unknown>> = {
  "what bind returns must be an object, not undefined": undefined,
  "what bind returns must be an object, not null": null,
  'what bind returns has no property "setter"; there are parameters, setters, functions, services, tick': {
    ...RIGHT,
    setter: {},
  },
  'function "heat" is bound to nothing; bind must return functions.heat': { services: RIGHT.services },
  'function "reset" is bound to nothing; bind must return functions.reset': { ...RIGHT, functions: { heat: () => 0 } },
  "functions.heat must be a function, not 5": { ...RIGHT, functions: { ...RIGHT.functions, heat: 5 } },
  "functions.cool is bound, and the dictionary has no such entry": {
    ...RIGHT,
    functions: { ...RIGHT.functions, cool: () => 0 },
  },
  'functions must be an object with a function for each name, not "heat"': { ...RIGHT, functions: "heat" },
  'request "shoot" is bound to nothing; bind must return services.camera.shoot': { ...RIGHT, services: undefined },
  "services.camera.shoot must be a function, not null": { ...RIGHT, services: { camera: { shoot: null } } },
  "services.camera.film is bound, and the dictionary has no such entry": {
    ...RIGHT,
    services: { camera: { shoot: () => 0, film: () => 0 } },
  },
  "services.radio is bound, and the dictionary has no such entry": {
    ...RIGHT,
    services: { ...RIGHT.services, radio: {} },
  },
  "parameters.kelvin is bound, and the dictionary has no such entry": { ...RIGHT, parameters: { kelvin: () => 5 } },
  "parameters.celsius must be a function, not 5": { ...RIGHT, parameters: { celsius: 5 } },
  "parameters.axes is for one number or boolean; of an array, write its values into the pool": {
    ...RIGHT,
    parameters: { axes: () => 5 },
  },
  "parameters.label is for one number or boolean; of ascii, write its values into the pool": {
    ...RIGHT,
    parameters: { label: () => 5 },
  },
  "setters.axes is for one number or boolean; of an array, the pool takes them": { ...RIGHT, setters: { axes() {} } },
  "setters.flag: the dictionary does not say that it is settable": { ...RIGHT, setters: { flag: () => true } },
  "setters.kelvin is bound, and the dictionary has no such entry": { ...RIGHT, setters: { kelvin: () => true } },
  "tick must be a function, not 10": { ...RIGHT, tick: 10 },
};

for (const [message, bound] of Object.entries(WRONG)) {
  test(`at boot: ${message}`, (t) => {
    t.throws(() => checkBinding(DICTIONARY, bound), { instanceOf: TypeError, message });
  });
}

test("what is right is taken as it is", (t) => {
  t.is(checkBinding(DICTIONARY, RIGHT), RIGHT);
  const more = { ...RIGHT, parameters: { celsius: () => 1 }, setters: { celsius: () => true }, tick: () => {} };
  t.is(checkBinding(DICTIONARY, more), more);
  t.deepEqual(checkBinding({ name: "nothing" }, {}), {});
});
