/**
 * Checks a dictionary, and keeps its literal types: a binding that misses an entry, or names one that is not there, is a compile error.
 *
 * ```
 * export const dictionary = defineDictionary({
 *   name: "thermometer",
 *   parameters: { celsius: { id: 256, type: "int16", unit: "degC", calibration: { polynomial: [0, 0.1] } } },
 *   structures: { thermal: { id: 16, parameters: ["celsius"], intervalMs: 2000 } },
 * });
 * ```
 */
import { checkChoice, checkWithin } from "../checks/options.js";
import { show } from "../checks/show.js";
import { hasInverse } from "./calibration.js";
import {
  type ArgumentDefinition,
  type Dictionary,
  type EventDefinition,
  type FunctionDefinition,
  type Limits,
  type ParameterDefinition,
  SEVERITIES,
  type StructureDefinition,
} from "./dictionary.js";
import { checkInitial } from "./initial-values.js";
import type { KnownDictionary } from "./known-properties.js";
import { checkMonitoring } from "./monitoring.js";
import { checkServices } from "./service-check.js";
import { checkFlag, checkProperties, checkSent, checkText, checkValue, entriesOf, valueLength } from "./value-check.js";

/** Values of an event, arguments of a function: they are handed over one by one, so that neither makes an array. */
export const MAX_VALUES = 4;
/** Shortest collection interval that ST[03] takes where a structure says nothing, in milliseconds. */
export const DEFAULT_MINIMUM_INTERVAL_MS = 100;

const MAX_UINT16 = 0xffff;
const MAX_UINT32 = 0xffffffff;
const PARAMETER_PROPERTIES = Object.freeze([
  "id",
  "limits",
  "monitoring",
  "group",
  "settable",
  "dangerous",
  "initial",
] as const);
const STRUCTURE_PROPERTIES = Object.freeze([
  "id",
  "description",
  "parameters",
  "intervalMs",
  "minimumIntervalMs",
  "enabled",
] as const);
const EVENT_PROPERTIES = Object.freeze(["id", "severity", "description", "text", "values", "enabled"] as const);
const FUNCTION_PROPERTIES = Object.freeze(["id", "description", "arguments", "dangerous"] as const);
const DICTIONARY_PROPERTIES = Object.freeze([
  "name",
  "description",
  "parameters",
  "structures",
  "events",
  "functions",
  "failureCodes",
  "services",
] as const);

/**
 * @returns the same dictionary, frozen as deep as it goes
 * @throws TypeError or RangeError in one line that names the entry and says what would do
 */
export function defineDictionary<const Definition extends Dictionary>(
  dictionary: Definition & KnownDictionary<Definition>,
): Definition {
  checkProperties("a dictionary", dictionary, DICTIONARY_PROPERTIES);
  if (typeof dictionary.name !== "string" || dictionary.name === "") {
    throw new TypeError(`a dictionary must have a name, not ${show(dictionary.name)}`);
  }
  checkText("the dictionary", "description", dictionary.description);
  checkUnique("parameter", dictionary.parameters, (label, parameter) => checkParameter(label, parameter, dictionary));
  checkUnique("structure", dictionary.structures, (label, structure) => checkStructure(label, structure, dictionary));
  checkUnique("event", dictionary.events, checkEvent);
  checkUnique("function", dictionary.functions, checkFunction);
  checkFailureCodes(dictionary);
  checkServices(dictionary.services);
  return freeze(dictionary);
}

/** What an identifier is worth is said where its width is known; here, that no two are the same. */
function checkUnique<Entry extends { readonly id: number }>(
  what: string,
  entries: Readonly<Record<string, Entry>> | undefined,
  check: (label: string, entry: Entry) => void,
): void {
  const taken = new Map<number, string>();
  for (const [name, entry] of entriesOf(`${what}s`, entries)) {
    const label = `${what} "${name}"`;
    check(label, entry);
    checkWithin(`${label}: id`, entry.id, 0, MAX_UINT16);
    const other = taken.get(entry.id);
    if (other !== undefined) {
      throw new RangeError(`${label} has the ID ${entry.id} of "${other}"`);
    }
    taken.set(entry.id, name);
  }
}

function checkParameter(label: string, parameter: ParameterDefinition, dictionary: Dictionary): void {
  checkValue(label, parameter, PARAMETER_PROPERTIES);
  checkText(label, "group", parameter.group);
  checkText(label, "dangerous", parameter.dangerous);
  checkFlag(label, "settable", parameter.settable);
  if (parameter.dangerous !== undefined && parameter.settable !== true) {
    throw new TypeError(`${label}: dangerous says why setting it is; it is not settable`);
  }
  if (parameter.settable === true && !hasInverse(parameter.calibration)) {
    throw new TypeError(
      `${label}: its calibration has no inverse, so it cannot be settable; a straight line, or points that only rise or only fall, have one`,
    );
  }
  if (parameter.limits !== undefined) {
    checkLimits(label, parameter, parameter.limits);
  }
  if (parameter.monitoring !== undefined) {
    checkMonitoring(label, parameter, parameter.monitoring, dictionary);
  }
  if (parameter.initial !== undefined) {
    checkInitial(`${label}: initial`, parameter, parameter.initial);
  }
}

function checkLimits(label: string, parameter: ParameterDefinition, limits: Limits): void {
  checkProperties(`${label}: limits`, limits, ["warning", "critical"]);
  if (parameter.type === "ascii" || parameter.type === "bytes" || parameter.type === "boolean") {
    throw new TypeError(`${label}: limits are for numbers, not for ${parameter.type}`);
  }
  for (const level of ["warning", "critical"] as const) {
    const range = limits[level];
    if (range === undefined) {
      continue;
    }
    const where = `${label}: limits.${level}`;
    checkProperties(where, range, ["low", "high"]);
    for (const [end, limit] of Object.entries(range)) {
      if (!Number.isFinite(limit)) {
        throw new TypeError(`${where}.${end} must be a finite number, not ${show(limit)}`);
      }
    }
    if ((range.low ?? Number.NEGATIVE_INFINITY) >= (range.high ?? Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${where}: low ${range.low} must be below high ${range.high}`);
    }
  }
  const { warning = {}, critical = {} } = limits;
  if ((critical.low ?? Number.NEGATIVE_INFINITY) > (warning.low ?? Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${label}: limits.critical.low ${critical.low} must not be above warning.low ${warning.low}`);
  }
  if ((critical.high ?? Number.POSITIVE_INFINITY) < (warning.high ?? Number.NEGATIVE_INFINITY)) {
    throw new RangeError(
      `${label}: limits.critical.high ${critical.high} must not be below warning.high ${warning.high}`,
    );
  }
}

function checkStructure(label: string, structure: StructureDefinition, dictionary: Dictionary): void {
  checkProperties(label, structure, STRUCTURE_PROPERTIES);
  checkText(label, "description", structure.description);
  checkFlag(label, "enabled", structure.enabled);
  const { parameters, intervalMs, minimumIntervalMs = DEFAULT_MINIMUM_INTERVAL_MS } = structure;
  if (!Array.isArray(parameters) || parameters.length === 0) {
    throw new TypeError(`${label}: parameters must be names of parameters, one at least, not ${show(parameters)}`);
  }
  const names = parameters as readonly string[];
  let length = 0;
  names.forEach((name, k) => {
    const parameter = Object.hasOwn(dictionary.parameters ?? {}, name) ? dictionary.parameters![name] : undefined;
    if (parameter === undefined) {
      throw new TypeError(`${label}: there is no parameter ${show(name)}${nearest(name, dictionary)}`);
    }
    if (names.indexOf(name) !== k) {
      throw new TypeError(`${label}: parameter "${name}" is named twice`);
    }
    length += valueLength(parameter);
  });
  if (length > MAX_UINT16) {
    throw new RangeError(`${label} has ${length} octets, and no packet has room for more than ${MAX_UINT16}`);
  }
  checkWithin(`${label}: minimumIntervalMs`, minimumIntervalMs, 1, MAX_UINT32, " ms");
  if (!(intervalMs >= minimumIntervalMs && intervalMs <= MAX_UINT32 && Number.isInteger(intervalMs))) {
    const range = `a whole number from ${minimumIntervalMs} to ${MAX_UINT32} ms`;
    throw new RangeError(`${label}: intervalMs must be ${range}, not ${show(intervalMs)}`);
  }
}

/** A hint at a name that differs only in its case. */
function nearest(name: string, { parameters = {} }: Dictionary): string {
  const meant = Object.keys(parameters).find((other) => other.toLowerCase() === String(name).toLowerCase());
  return meant === undefined ? "" : `; there is "${meant}"`;
}

function checkEvent(label: string, event: EventDefinition): void {
  checkProperties(label, event, EVENT_PROPERTIES);
  checkChoice(`${label}: severity`, event.severity, SEVERITIES);
  checkText(label, "description", event.description);
  checkText(label, "text", event.text);
  checkFlag(label, "enabled", event.enabled);
  const values = checkFew(label, "values", event.values);
  for (const [name, value] of values) {
    checkScalar(`${label}: value "${name}"`, value, []);
  }
  for (const [whole, name] of (event.text ?? "").matchAll(/\{([^}]*)\}/g)) {
    if (!values.some(([other]) => other === name)) {
      throw new TypeError(`${label}: text names ${whole}, and there is no such value`);
    }
  }
}

function checkFunction(label: string, definition: FunctionDefinition): void {
  checkProperties(label, definition, FUNCTION_PROPERTIES);
  checkText(label, "description", definition.description);
  checkText(label, "dangerous", definition.dangerous);
  for (const [name, argument] of checkFew(label, "arguments", definition.arguments)) {
    const where = `${label}: argument "${name}"`;
    checkScalar(where, argument, ["default"]);
    checkSent(where, argument);
  }
}

function checkFew<Entry>(
  label: string,
  key: string,
  entries: Readonly<Record<string, Entry>> | undefined,
): [string, Entry][] {
  const all = entriesOf(`${label}: ${key}`, entries);
  if (all.length > MAX_VALUES) {
    throw new RangeError(`${label}: ${key} may be at most ${MAX_VALUES}, not ${all.length}`);
  }
  return all;
}

/** @param more properties that it may have beside a value's */
function checkScalar(label: string, value: ArgumentDefinition, more: readonly string[]): void {
  checkValue(label, value, more);
  if (value.type === "ascii" || value.type === "bytes" || value.count !== undefined) {
    throw new TypeError(`${label} must be one number or boolean`);
  }
}

function checkFailureCodes({ failureCodes }: Dictionary): void {
  const taken = new Map<number, string>();
  for (const [name, definition] of entriesOf("failureCodes", failureCodes)) {
    const label = `failure code "${name}"`;
    checkProperties(label, definition, ["code", "description", "data"]);
    checkText(label, "description", definition.description);
    checkText(label, "data", definition.data);
    checkWithin(`${label}: code`, definition.code, 1, MAX_UINT32);
    const other = taken.get(definition.code);
    if (other !== undefined) {
      throw new RangeError(`${label} has the code ${definition.code} of "${other}"`);
    }
    taken.set(definition.code, name);
  }
}

/** On a board a dictionary stands in flash: what is frozen needs no copy. */
function freeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
