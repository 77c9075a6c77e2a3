/**
 * What a board checks by itself (ST[12]): the definition of a monitored parameter, checked; and its limits as raw numbers, which is what
 * a board knows.
 */
import { checkRange } from "../checks/options.js";
import { show } from "../checks/show.js";
import { FLOAT32, FLOAT64, kindOf, NUMBER_KINDS, numberKind, UINT32 } from "../data/field-kinds.js";
import { hasInverse, isFalling, uncalibrate } from "./calibration.js";
import type {
  Dictionary,
  ExpectedValue,
  MonitoringDefinition,
  MonitoringEvents,
  ParameterDefinition,
} from "./dictionary.js";
import { checkFlag, checkNumber, checkProperties } from "./value-check.js";

/** Between two checks, where a definition says nothing, in milliseconds. */
export const DEFAULT_MONITORING_INTERVAL_MS = 1000;
/** The application looks ten times a second. */
const MINIMUM_MONITORING_INTERVAL_MS = 100;
const MAX_REPETITIONS = 0xff;
const MAX_UINT32 = 0xffffffff;
/** Nearer to a whole number than this, a raw number is one: 0.3 by steps of 0.1 is the third. */
const ROUNDING = 1e-6;

export const LEVELS = Object.freeze(["warning", "critical"] as const);
export const ENDS = Object.freeze(["low", "high"] as const);
/** In the order of `monitoring.events`. */
export const MONITORING_EVENTS = Object.freeze(["low", "high", "criticalLow", "criticalHigh", "unexpected"] as const);
/** The parameter's raw number, and the limit that it crossed. */
const MAX_EVENT_VALUES = 2;

/** Whether the board monitors anything: where it does not, it has no ST[12], which takes room on its heap. */
export function isMonitoring({ parameters = {} }: Dictionary): boolean {
  return Object.values(parameters).some(({ monitoring }) => monitoring !== undefined);
}

/**
 * A limit as a raw number: the last that is good. Of integers it is whole. Where the calibration falls, the raw number of `low` is the
 * greater one.
 * @returns an infinity that nothing is beyond where there is no such limit
 */
export function rawLimit(
  { type, limits, calibration }: ParameterDefinition,
  level: (typeof LEVELS)[number],
  end: (typeof ENDS)[number],
): number {
  const limit = limits?.[level]?.[end];
  const isLeast = (end === "low") !== isFalling(calibration);
  if (limit === undefined) {
    return isLeast ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const raw = uncalibrate(calibration, limit);
  const kind = numberKind(type);
  if (kind === FLOAT32 || kind === FLOAT64) {
    // As the pool has it: 0.1 is a little more there, and is good all the same.
    return kind === FLOAT32 ? Math.fround(raw) : raw;
  }
  const nearest = Math.round(raw);
  return Math.abs(raw - nearest) < ROUNDING ? nearest : isLeast ? Math.ceil(raw) : Math.floor(raw);
}

/** @throws TypeError or RangeError in one line that names the parameter */
export function checkMonitoring(
  label: string,
  parameter: ParameterDefinition,
  monitoring: MonitoringDefinition,
  dictionary: Dictionary,
): void {
  const where = `${label}: monitoring`;
  checkProperties(where, monitoring, ["intervalMs", "repetitions", "enabled", "expected", "events"]);
  const { intervalMs = DEFAULT_MONITORING_INTERVAL_MS, repetitions = 1, enabled, expected } = monitoring;
  checkRange(`${where}.intervalMs`, intervalMs, MINIMUM_MONITORING_INTERVAL_MS, MAX_UINT32);
  checkRange(`${where}.repetitions`, repetitions, 1, MAX_REPETITIONS);
  checkFlag(where, "enabled", enabled);
  if (parameter.type === "ascii" || parameter.type === "bytes" || parameter.count !== undefined) {
    throw new TypeError(`${where} is for one number or boolean, not for text, bytes or an array`);
  }
  if (expected === undefined) {
    checkMonitoredLimits(label, parameter);
  } else {
    checkExpected(label, parameter, expected);
  }
  checkEvents(where, parameter, monitoring, dictionary);
}

function checkMonitoredLimits(label: string, parameter: ParameterDefinition): void {
  const { limits, calibration, type, unit = "" } = parameter;
  if (!LEVELS.some((level) => ENDS.some((end) => limits?.[level]?.[end] !== undefined))) {
    throw new TypeError(`${label}: monitoring needs limits, or an expected value`);
  }
  if (!hasInverse(calibration)) {
    throw new TypeError(
      `${label}: its calibration has no inverse, so its limits cannot be monitored; a straight line, or points that only rise or only fall, have one`,
    );
  }
  const { minimum, maximum } = NUMBER_KINDS[kindOf(type as never)]!;
  for (const level of LEVELS) {
    for (const end of ENDS) {
      const limit = limits?.[level]?.[end];
      const raw = rawLimit(parameter, level, end);
      if (limit !== undefined && !(raw >= minimum && raw <= maximum)) {
        throw new RangeError(
          `${label}: limits.${level}.${end} ${limit}${unit && ` ${unit}`} is the raw number ${raw}, and monitoring can compare ${minimum} to ${maximum} (${type})`,
        );
      }
    }
  }
}

function checkExpected(label: string, parameter: ParameterDefinition, expected: ExpectedValue): void {
  const where = `${label}: monitoring.expected`;
  checkProperties(where, expected, ["value", "mask"]);
  if (parameter.limits !== undefined) {
    throw new TypeError(`${label}: it is monitored for its limits or for an expected value; leave one of them out`);
  }
  const { value, mask } = expected;
  if (parameter.type === "boolean") {
    if (typeof value !== "boolean") {
      throw new TypeError(`${where}.value must be true or false, not ${show(value)}`);
    }
  } else {
    checkNumber(`${where}.value`, parameter, value);
  }
  if (mask === undefined) {
    return;
  }
  const kind = numberKind(parameter.type);
  if (kind < 0 || kind > UINT32) {
    throw new TypeError(`${where}.mask is for uint8, uint16, uint24 and uint32, not for ${parameter.type}`);
  }
  checkRange(`${where}.mask`, mask, 1, NUMBER_KINDS[kind]!.maximum);
  if (((value as number) & ~mask) !== 0) {
    throw new RangeError(`${where}.value ${value} has bits that the mask ${mask} leaves out`);
  }
}

/** What has to be there for an event to be raised ever. */
function isPossible(key: keyof MonitoringEvents, { limits, monitoring }: ParameterDefinition): boolean {
  switch (key) {
    case "unexpected":
      return monitoring?.expected !== undefined;
    case "low":
    case "high":
      return (limits?.warning?.[key] ?? limits?.critical?.[key]) !== undefined;
    default:
      return limits?.critical?.[key === "criticalLow" ? "low" : "high"] !== undefined;
  }
}

function checkEvents(
  where: string,
  parameter: ParameterDefinition,
  { events = {} }: MonitoringDefinition,
  dictionary: Dictionary,
): void {
  checkProperties(`${where}.events`, events, MONITORING_EVENTS);
  for (const key of MONITORING_EVENTS) {
    const name = events[key];
    if (name === undefined) {
      continue;
    }
    const event = Object.hasOwn(dictionary.events ?? {}, name) ? dictionary.events![name] : undefined;
    if (event === undefined) {
      throw new TypeError(`${where}.events.${key}: there is no event ${show(name)}`);
    }
    if (!isPossible(key, parameter)) {
      throw new TypeError(`${where}.events.${key} would never be raised: there is no such limit or expected value`);
    }
    const values = Object.values(event.values ?? {});
    if (values.length > MAX_EVENT_VALUES || values.some(({ type }) => type !== parameter.type)) {
      throw new TypeError(
        `${where}.events.${key}: event "${name}" must have no values, or the parameter's and its limit, of type ${parameter.type}`,
      );
    }
  }
}
