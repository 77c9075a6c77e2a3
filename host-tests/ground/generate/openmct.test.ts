/** Objects for Open MCT: a tree without loose ends, metadata that Open MCT 4.2 takes, and a plugin that judges limits. */
import { createRequire } from "node:module";
import test, { type ExecutionContext } from "ava";
import { boardChoice, boardDictionary } from "../../../ground/commands/board-choice.js";
import {
  type DomainObject,
  EVENTS_TYPE,
  type ObjectsFile,
  PARAMETER_TYPE,
} from "../../../ground/generate/openmct/objects.js";
import type { TelemetryValue } from "../../../ground/generate/openmct/telemetry.js";
import { OPENMCT_GENERATOR } from "../../../ground/generate/openmct.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import type { Limits } from "../../../modules/dictionary/dictionary.js";
import { wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { Random } from "../../framing/random.js";
import { nastyBoard, randomBoard, SMALL_BOARD } from "./boards.js";

const FLATSAT = await boardDictionary(boardChoice({}, []));

function fileOf(board: BoardDictionary, name: string): string {
  return OPENMCT_GENERATOR.generate(board).find(({ path }) => path === name)!.text;
}

function objectsOf(board: BoardDictionary): ObjectsFile {
  return JSON.parse(fileOf(board, "objects.json")) as ObjectsFile;
}

function valuesOf(file: ObjectsFile, parameter: string): readonly TelemetryValue[] {
  return file.objects[`parameter.${parameter}`]!.telemetry!.values;
}

/** What `TelemetryMetadataManager` and `TelemetryValueFormatter` of Open MCT 4.2 count on. */
function checkValues(t: ExecutionContext, name: string, values: readonly TelemetryValue[]): void {
  t.is(new Set(values.map(({ key }) => key)).size, values.length, name);
  t.is(values.filter(({ hints }) => hints.domain !== undefined).length, 1, name);
  t.true(
    values.some(({ hints }) => hints.range === 1),
    name,
  );
  for (const { key, format, enumerations, min, max, formatString, name: label } of values) {
    t.regex(key, /^[A-Za-z0-9_]+$/);
    t.is(typeof label, "string");
    t.true(["utc", "string", "integer", "float", "number[]", "enum"].includes(format!), `${name}: ${format}`);
    t.true(formatString === undefined || /^%\.\d+f$/.test(formatString), formatString);
    if (format === "enum") {
      const numbers = enumerations!.map(({ value }) => value);
      t.is(new Set(numbers).size, numbers.length);
      t.is(new Set(enumerations!.map(({ string }) => string)).size, numbers.length);
      t.true(min! < Math.min(...numbers) && max! > Math.max(...numbers));
    }
  }
}

function checkTree(t: ExecutionContext, board: BoardDictionary): void {
  const { namespace, root, objects, hash } = objectsOf(board);
  t.regex(namespace, /^flatlink\.[a-z][a-z0-9_]*$/);
  t.deepEqual(root, { namespace, key: "root" });
  t.is(hash, wireHash(board));
  const reached = new Set<string>();
  const visit = ({ identifier, composition = [] }: DomainObject): void => {
    t.is(identifier.namespace, namespace);
    t.is(objects[identifier.key]!.identifier.key, identifier.key);
    reached.add(identifier.key);
    for (const child of composition) {
      t.is(child.namespace, namespace);
      visit(objects[child.key]!);
    }
    t.is(new Set(composition.map(({ key }) => key)).size, composition.length, identifier.key);
  };
  visit(objects[root.key]!);
  t.deepEqual(
    Object.keys(objects).filter((key) => !reached.has(key)),
    [],
    "everything is below the root",
  );
  for (const { identifier, location, type, telemetry } of Object.values(objects)) {
    t.true([PARAMETER_TYPE, EVENTS_TYPE, "folder"].includes(type));
    t.is(type === "folder", telemetry === undefined);
    if (identifier.key === "root") {
      t.is(location, "ROOT");
      continue;
    }
    const parent = objects[location.slice(namespace.length + 1)]!;
    t.is(location, `${namespace}:${parent.identifier.key}`);
    t.true(
      parent.composition!.some(({ key }) => key === identifier.key),
      identifier.key,
    );
    checkValues(
      t,
      identifier.key,
      telemetry?.values ?? [{ key: "utc", name: "", format: "utc", hints: { domain: 1, range: 1 } }],
    );
  }
  for (const [name, { id, limits }] of Object.entries(board.parameters ?? {})) {
    const point = objects[`parameter.${name}`]!;
    t.deepEqual(point.parameter, { name, id });
    t.deepEqual(point.limits, limits);
  }
  for (const [name, { parameters }] of Object.entries(board.structures ?? {})) {
    t.deepEqual(
      objects[`structure.${name}`]!.composition!.map(({ key }) => key),
      parameters.map((parameter) => `parameter.${parameter}`),
    );
  }
}

test("the tree has no loose ends, and every value what Open MCT counts on", (t) => {
  checkTree(t, FLATSAT);
  checkTree(t, SMALL_BOARD);
  checkTree(t, nastyBoard());
  for (let seed = 1; seed <= 100; seed++) {
    checkTree(t, randomBoard(new Random(seed)));
  }
});

test("values of the flatsat: units, words, parts, elements, digits", (t) => {
  const file = objectsOf(FLATSAT);
  t.deepEqual(valuesOf(file, "batteryVoltage")[0], {
    key: "value",
    name: "batteryVoltage",
    unit: "V",
    units: "V",
    format: "float",
    formatString: "%.3f",
    hints: { range: 1 },
  });
  t.is(valuesOf(file, "batteryVoltage")[1]!.key, "raw");
  t.deepEqual(valuesOf(file, "mode")[0]!.enumerations, [
    { value: 0, string: "safe" },
    { value: 1, string: "nominal" },
    { value: 2, string: "payload" },
  ]);
  t.deepEqual(
    valuesOf(file, "status").map(({ key, format }) => `${key} ${format}`),
    [
      "value_sunlit enum",
      "value_heaterControl enum",
      "value_heaterOn integer",
      "value_payloadOn integer",
      "value_detumbling integer",
      "value_batteryLow integer",
      "value_overTemperature integer",
      "value integer",
      "utc utc",
    ],
  );
  t.deepEqual(
    valuesOf(file, "magneticField").map(({ key, name }) => `${key} ${name}`),
    ["value_0 magneticField[0]", "value_1 magneticField[1]", "value_2 magneticField[2]", "utc Time"],
  );
  const events = file.objects["events"]!.telemetry!.values;
  t.deepEqual(
    events.map(({ key }) => key),
    ["utc", "severity", "event", "text"],
  );
  t.true(events[2]!.enumerations!.some(({ value, string }) => value === 259 && string === "batteryLow"));
});

interface Violation {
  readonly name: string;
  readonly cssClass: string;
}

interface LimitProvider {
  supportsLimits(object: DomainObject): boolean;
  getLimitEvaluator(object: DomainObject): { evaluate(datum: object, value: { key: string }): Violation | undefined };
  getLimits(object: DomainObject): { limits(): Promise<unknown> };
}

interface Plugin {
  flatlinkObjects(file: ObjectsFile): (openmct: object) => void;
  violation(limits: Limits, value: number): Violation | undefined;
}

const plugin = (await import(`data:text/javascript,${encodeURIComponent(fileOf(FLATSAT, "plugin.js"))}`)) as Plugin;

test("the plugin gives the objects, and judges values by their limits", async (t) => {
  const file = objectsOf(FLATSAT);
  const types: string[] = [];
  let provider: LimitProvider | undefined;
  let objects: { get(identifier: { key: string }): Promise<DomainObject> } | undefined;
  plugin.flatlinkObjects(file)({
    types: { addType: (name: string) => types.push(name) },
    objects: {
      addRoot: (root: unknown) => t.deepEqual(root, file.root),
      addProvider: (namespace: string, given: typeof objects) => {
        t.is(namespace, file.namespace);
        objects = given;
      },
    },
    telemetry: {
      addProvider: (given: LimitProvider) => {
        provider = given;
      },
    },
  });
  t.deepEqual(types, [PARAMETER_TYPE, EVENTS_TYPE]);
  const voltage = await objects!.get({ key: "parameter.batteryVoltage" });
  t.is(voltage.name, "batteryVoltage");
  t.true(provider!.supportsLimits(voltage));
  t.false(provider!.supportsLimits(await objects!.get({ key: "parameter.mode" })));
  const { evaluate } = provider!.getLimitEvaluator(voltage);
  for (const [value, name] of [
    [8, undefined],
    [7, undefined],
    [6.9, "WARNING low"],
    [6.6, "CRITICAL low"],
    [8.5, "WARNING high"],
    [8.7, "CRITICAL high"],
  ] as const) {
    t.is(evaluate({ value }, { key: "value" })?.name, name, `${value}`);
  }
  t.is(evaluate({ value: 9, raw: 0 }, { key: "raw" }), undefined, "limits are in the unit");
  t.regex(evaluate({ value: 9 }, { key: "value" })!.cssClass, /^is-limit--upr is-limit--red$/);
  t.deepEqual(await provider!.getLimits(voltage).limits(), {
    CRITICAL: { low: { color: "red", value: 6.7 }, high: { color: "red", value: 8.6 } },
    WARNING: { low: { color: "yellow", value: 7 }, high: { color: "yellow", value: 8.4 } },
  });
  t.is(plugin.violation({ warning: { high: 5 } }, -1000), undefined, "only one end has a limit");
});

test("the page's and the plugin's JavaScript can be read", (t) => {
  const { parse } = createRequire(import.meta.url)("acorn") as { parse(code: string, options: object): unknown };
  const options = { ecmaVersion: 2024, sourceType: "module" };
  t.notThrows(() => parse(fileOf(nastyBoard(), "plugin.js"), options));
  const [, script] = /<script type="module">([\s\S]*?)<\/script>/.exec(fileOf(nastyBoard(), "index.html"))!;
  t.notThrows(() => parse(script!, options));
});

test("raw numbers are as their type is, and steps of a ten millionth have their digits", (t) => {
  const board = {
    name: "b",
    conventions: SMALL_BOARD.conventions,
    parameters: {
      ratio: { id: 300, type: "float32", calibration: { polynomial: [0, 2] } },
      drift: { id: 301, type: "int16", calibration: { polynomial: [0, 1e-7] } },
      level: { id: 302, type: "int16", calibration: { polynomial: [5] } },
    },
  } as const satisfies BoardDictionary;
  const file = objectsOf(board);
  t.is(valuesOf(file, "ratio")[1]!.format, "float");
  t.is(valuesOf(file, "drift")[1]!.format, "integer");
  t.is(valuesOf(file, "drift")[0]!.formatString, "%.7f");
  t.is(valuesOf(file, "level")[0]!.formatString, undefined);
});
