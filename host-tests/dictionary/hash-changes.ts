/** What changes which hash of a board's dictionary. Knows no platform. */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { wholeHash, wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { BOARD } from "./sample.js";

/** By a path of names, the new value; `undefined` takes the entry away. */
type Change = readonly [path: string, value: unknown];

const POLYNOMIAL = { polynomial: [1, 0.1] };
const UINT8 = { type: "uint8" };

/** Bytes on the wire change: a type, an ID, an order, a width, what is taken and what is refused, how often what is sent. */
export const ON_THE_WIRE: readonly Change[] = [
  ["parameters.celsius.id", 9],
  ["parameters.celsius.type", "uint16"],
  ["parameters.celsius.minimum", -499],
  ["parameters.celsius.minimum", undefined],
  ["parameters.celsius.maximum", 1249],
  ["parameters.celsius.settable", false],
  ["parameters.celsius.initial", 201],
  ["parameters.celsius.count", 1],
  ["parameters.mode.initial", 1],
  ["parameters.mode.settable", true],
  ["parameters.axes.count", 4],
  ["parameters.label.length", 9],
  ["parameters.label.type", "bytes"],
  ["parameters.label.initial", "abd"],
  ["parameters.status.bits.kind.width", 4],
  ["parameters.status.bits.more", { width: 1 }],
  ["parameters.more", { id: 90, type: "uint8" }],
  ["parameters.axes", undefined],
  ["structures.thermal.id", 17],
  ["structures.thermal.parameters", ["mode", "celsius"]],
  ["structures.thermal.parameters", ["celsius"]],
  ["structures.thermal.intervalMs", 1001],
  ["structures.thermal.minimumIntervalMs", 201],
  ["structures.thermal.enabled", false],
  ["structures.more", { id: 18, parameters: ["mode"], intervalMs: 1000 }],
  ["events.hot.id", 301],
  ["events.hot.severity", "high"],
  ["events.hot.enabled", false],
  ["events.hot.values.celsius.type", "int32"],
  ["events.hot.values.more", UINT8],
  ["events.hot.values", undefined],
  ["functions.heat.id", 17],
  ["functions.heat.arguments.on.type", "uint8"],
  ["functions.heat.arguments.watts.maximum", 51],
  ["functions.heat.arguments.more", UINT8],
  ["functions.more", { id: 18 }],
  ["failureCodes.tooHot.code", 301],
  ["services.camera.type", 201],
  ["services.camera.requests.shoot.subtype", 9],
  ["services.camera.requests.shoot.values.exposure.type", "uint32"],
  ["services.camera.requests.configure.variants.gain.id", 3],
  ["services.camera.requests.configure.variants.gain.values.gain.type", "uint8"],
  ["services.camera.requests.configure.variants.name.maxDataLength", 17],
  ["services.camera.requests.configure.variants.more", { id: 9 }],
  ["services.camera.reports.picture.subtype", 4],
  ["services.camera.reports.picture.list.countType", "uint16"],
  ["services.camera.reports.picture.list.maxCount", 33],
  ["services.camera.reports.picture.list.minCount", 1],
  ["services.camera.reports.picture.list.items.pixel.type", "int8"],
  ["services.camera.reports.picture.list.items.more", UINT8],
  ["services.camera.reports.picture.list", undefined],
  ["services.camera.reports.picture.maxDataLength", 5],
  ["services.camera.reports.more", { subtype: 9 }],
  ["conventions.apid", 3],
  ["conventions.timeCode", "cuc"],
  ["conventions.acknowledge", "asRequested"],
  ["conventions.widths.failureCodeType", "uint32"],
  ["conventions.widths.countType", "uint16"],
  ["conventions.maxTelemetryLength", 513],
  ["conventions.createdStructures", 5],
  ["conventions.ports", [{ framing: "cobs", port: 7302, role: "tmtc" }]],
  ["conventions.ports", [{ framing: "cobs,delimiter=both", port: 7302, role: "tm" }]],
  ["conventions.ports", []],
];

/** What only people read, and what only the ground applies. */
export const FOR_THE_GROUND: readonly Change[] = [
  ["name", "other"],
  ["description", undefined],
  ["parameters.celsius.unit", "K"],
  ["parameters.celsius.description", "outside"],
  ["parameters.celsius.calibration", POLYNOMIAL],
  ["parameters.celsius.calibration", undefined],
  ["parameters.pressure.calibration.points.0.1", 1],
  ["parameters.celsius.limits.warning.low", -1],
  ["parameters.celsius.limits", undefined],
  ["parameters.celsius.group", "power"],
  ["parameters.celsius.dangerous", undefined],
  ["parameters.mode.words.on", 2],
  ["parameters.mode.words.auto", 2],
  ["parameters.status.bits.kind.words.b", 2],
  ["parameters.status.bits.level.description", "of the tank"],
  ["structures.thermal.description", "cold"],
  ["events.hot.text", "{celsius}!"],
  ["events.hot.description", undefined],
  ["events.hot.values.celsius.unit", "K"],
  ["functions.heat.description", "cools"],
  ["functions.heat.dangerous", undefined],
  ["functions.heat.arguments.watts.default", 11],
  ["failureCodes.tooHot.description", "stop"],
  ["failureCodes.tooHot.data", undefined],
  ["services.camera.description", "films"],
  ["services.camera.requests.shoot.values.exposure.unit", "s"],
  ["services.camera.requests.shoot.values.exposure.default", 7],
  ["services.camera.requests.shoot.replies", []],
  ["services.camera.requests.configure.variants.gain.dangerous", "yes"],
  ["services.camera.requests.shoot.dangerous", "yes"],
  ["conventions.ports", [{ framing: "cobs,delimiter=both", port: 7303, role: "tmtc" }]],
];

function apply([path, value]: Change): BoardDictionary {
  const changed = JSON.parse(JSON.stringify(BOARD)) as BoardDictionary;
  const keys = path.split(".");
  const last = keys.pop()!;
  const entry = keys.reduce<Record<string, unknown>>(
    (inner, key) => inner[key] as Record<string, unknown>,
    changed as never,
  );
  if (value === undefined) {
    delete entry[last];
  } else {
    entry[last] = value;
  }
  return changed;
}

/** One line for the dictionary itself, and one for each change of it: both hashes. */
export function hashes(): string[] {
  const changed = [...ON_THE_WIRE, ...FOR_THE_GROUND].map(apply);
  return [BOARD, ...changed].map((board) => `${wireHash(board)} ${wholeHash(board)}`);
}

Object.assign(globalThis, { hashes: () => JSON.stringify(hashes()) });
