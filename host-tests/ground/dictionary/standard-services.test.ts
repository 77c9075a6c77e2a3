import test from "ava";
import { standardServices } from "../../../ground/dictionary/standard-services.js";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../../modules/dictionary/define-dictionary.js";
import type { ServiceDefinition } from "../../../modules/dictionary/dictionary.js";
import { longestMessage } from "../../../modules/dictionary/value-check.js";
import { dictionaryOf } from "../../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../../modules/flatsat/configuration.js";
import { DEFAULT_PUS_SETTINGS } from "../../../modules/pus/definitions.js";
import { verificationMessages } from "../../../modules/pus/messages/st01-messages.js";
import { CREATED_PARAMETERS, housekeepingMessages } from "../../../modules/pus/messages/st03-messages.js";
import { eventMessages } from "../../../modules/pus/messages/st05-messages.js";
import { functionMessages } from "../../../modules/pus/messages/st08-messages.js";
import { monitoringMessages } from "../../../modules/pus/messages/st12-messages.js";
import { parameterMessages } from "../../../modules/pus/messages/st20-messages.js";

const OWN = defineDictionary({
  name: "own",
  parameters: {
    celsius: { id: 256, type: "int16", limits: { warning: { high: 50 } }, monitoring: { events: { high: "hot" } } },
    heaters: { id: 257, type: "uint8", monitoring: { expected: { value: 1, mask: 3 } } },
    label: { id: 258, type: "ascii", length: 8, settable: true, dangerous: "nobody reads it" },
    ramp: { id: 259, type: "float32", count: 3, settable: true },
  },
  structures: { thermal: { id: 16, parameters: ["celsius", "label"], intervalMs: 1000 } },
  events: { hot: { id: 256, severity: "high", text: "{celsius} is hot", values: { celsius: { type: "int16" } } } },
  functions: { heat: { id: 16, arguments: { on: { type: "boolean", default: true } }, dangerous: "fire" } },
});

function board(settings: Record<string, string> = {}): BoardDictionary {
  return dictionaryOf(parseConfiguration(settings), { dictionary: OWN });
}

/** What a board knows of its messages: no words, no variants. */
function plain(definition: unknown): unknown {
  return JSON.parse(
    JSON.stringify(definition, (key, value) => (key === "words" || key === "variants" ? undefined : value)),
  );
}

test("what a ground tool is told is what the board runs on, with words and variants beside", (t) => {
  const services = { ...standardServices(board()) };
  const widths = DEFAULT_PUS_SETTINGS;
  const onBoard: Record<string, unknown> = {
    requestVerification: verificationMessages(widths),
    housekeeping: housekeepingMessages(widths, 2 + 4),
    eventReporting: eventMessages(widths),
    functionManagement: functionMessages(widths),
    onBoardMonitoring: monitoringMessages(widths, 2),
    parameterManagement: parameterMessages(widths),
  };
  const told = services as Record<string, ServiceDefinition>;
  const structureReport = told["housekeeping"]?.reports?.["structureReport"];
  // A board reports what it has: only who reads it needs to know that the structure "board" is longer than one that the ground creates.
  const { length } = board().structures!["board"]!.parameters;
  t.true(length > CREATED_PARAMETERS);
  t.is(structureReport?.list?.maxCount, length);
  const list = { ...structureReport!.list!, maxCount: CREATED_PARAMETERS };
  told["housekeeping"] = {
    ...told["housekeeping"]!,
    reports: { ...told["housekeeping"]!.reports, structureReport: { ...structureReport!, list } },
  };
  for (const [name, definition] of Object.entries(onBoard)) {
    t.deepEqual(plain(services[name]), plain(definition), name);
  }
  t.deepEqual(
    Object.values(services).map(({ type }) => type),
    [1, 3, 5, 8, 9, 12, 17, 20],
  );
});

test("variants have the dictionary's values by their names, and what is dangerous is said of requests", (t) => {
  const services = standardServices(board()) as Record<string, ServiceDefinition>;
  const { housekeeping, eventReporting, functionManagement, parameterManagement, onBoardMonitoring } = services;
  const report = housekeeping?.reports?.["housekeepingReport"];
  t.deepEqual(report?.values?.["structureId"]?.words, { board: 1, thermal: 16 });
  t.deepEqual(Object.keys(report?.variants?.["thermal"]?.values ?? {}), ["celsius", "label"]);
  t.deepEqual(Object.keys(eventReporting?.reports?.["highSeverityEvent"]?.variants ?? {}), ["hot"]);
  t.false("hot" in (eventReporting?.reports?.["informativeEvent"]?.variants ?? {}));
  const heat = functionManagement?.requests?.["performFunction"]?.variants?.["heat"];
  t.deepEqual(heat, { id: 16, values: { on: { type: "boolean", default: true } }, dangerous: "fire" });
  const settings = parameterManagement?.requests?.["setParameters"]?.list?.variants ?? {};
  t.true(["label", "ramp", "scratch"].every((name) => name in settings));
  t.false("celsius" in settings, "it cannot be set");
  t.is(settings["label"]?.dangerous, "nobody reads it");
  const reported = parameterManagement?.reports?.["parameterReport"]?.list?.variants ?? {};
  t.true("celsius" in reported);
  t.is(reported["label"]?.dangerous, undefined, "reading it is not");
  const transitions = onBoardMonitoring?.reports?.["checkTransitionReport"]?.variants ?? {};
  t.deepEqual(Object.keys(transitions), ["celsius", "heaters"]);
  t.false("mask" in (transitions["celsius"]?.values ?? {}));
  t.true("mask" in (transitions["heaters"]?.values ?? {}));
});

test("layouts follow the settings: time code, widths, what the board monitors", (t) => {
  const cds = standardServices(board());
  const cuc = standardServices(board({ time_code: "cuc", failure_code_bytes: "4" }));
  t.true("cdsTimeReport" in (cds["timeManagement"]?.reports ?? {}));
  t.true("cucTimeReport" in (cuc["timeManagement"]?.reports ?? {}));
  t.is(cuc["requestVerification"]?.reports?.["startFailure"]?.values?.["failureCode"]?.type, "uint32");
  const none = standardServices(dictionaryOf(parseConfiguration({}), { dictionary: { name: "none" } }));
  t.false("onBoardMonitoring" in none);
  t.is(longestMessage(cds["timeManagement"]?.reports?.["cdsTimeReport"] ?? {}), 9);
  t.is(longestMessage(cuc["timeManagement"]?.reports?.["cucTimeReport"] ?? {}), 10);
});

test("no event has the word of no event, whatever events are called", (t) => {
  const events = { none: { id: 300, severity: "low" } } as const;
  const dictionary = { ...OWN, events: { ...OWN.events, ...events } };
  const { onBoardMonitoring } = standardServices(dictionaryOf(parseConfiguration({}), { dictionary }));
  const definition = onBoardMonitoring?.reports?.["monitoringDefinitionReport"]?.variants?.["celsius"];
  const words = definition?.values?.["lowEventId"]?.words ?? {};
  t.is(words["none"], 300);
  t.is(words["no event"], 0);
});

test("a service of one's own has no name of the standard's", (t) => {
  const services = { housekeeping: { type: 200 } };
  t.throws(() => dictionaryOf(parseConfiguration({}), { dictionary: { name: "own", services } }), {
    instanceOf: RangeError,
    message: 'service "housekeeping": the standard has a service of this name; take another one',
  });
});

test("they survive JSON", (t) => {
  const services = standardServices(board());
  t.deepEqual(JSON.parse(JSON.stringify(services)), services);
});
