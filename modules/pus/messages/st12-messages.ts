/** The messages of ST[12] on-board monitoring (ECSS-E-ST-70-41C, 8.12), as far as a board has it. */
import { numberKind, UINT32 } from "../../data/field-kinds.js";
import type { FieldWidths } from "../../dictionary/conventions.js";
import type { Dictionary, ParameterDefinition, ValueDefinition, Words } from "../../dictionary/dictionary.js";
import { valueLength } from "../../dictionary/value-check.js";
import {
  ABOVE_CRITICAL_LIMIT,
  ABOVE_HIGH_LIMIT,
  BELOW_CRITICAL_LIMIT,
  BELOW_LOW_LIMIT,
  EXPECTED_VALUE,
  EXPECTED_VALUE_CHECK,
  INVALID,
  LIMIT_CHECK,
  NO_EVENT,
  UNCHECKED,
  UNEXPECTED_VALUE,
  WITHIN_LIMITS,
} from "./checking-status.js";
import { constant, identifier, sameValue, wordsOf } from "./identifiers.js";
import { timeValues } from "./time-values.js";

export const MONITORING_SERVICE = 12;
export const ENABLE_MONITORING_DEFINITIONS = 1;
export const DISABLE_MONITORING_DEFINITIONS = 2;
export const REPORT_MONITORING_DEFINITIONS = 8;
export const MONITORING_DEFINITION_REPORT = 9;
export const CHECK_TRANSITION_REPORT = 12;
export const REPORT_MONITORING_STATUS = 13;
export const MONITORING_STATUS_REPORT = 14;
export const ENABLE_MONITORING = 15;
export const DISABLE_MONITORING = 16;

/** Definitions that one request may name, at most. */
const MAX_PER_REQUEST = 8;
/** Definitions in one 12,14: more of them make more reports. */
export const STATUSES_PER_REPORT = 32;

/** Names of events have no space. */
const NO_EVENT_WORD = "no event";
const ENABLED: ValueDefinition = Object.freeze({ type: "uint8", words: Object.freeze({ disabled: 0, enabled: 1 }) });
const LIMIT_STATUSES: Words = Object.freeze({
  withinLimits: WITHIN_LIMITS,
  unchecked: UNCHECKED,
  invalid: INVALID,
  belowLowLimit: BELOW_LOW_LIMIT,
  aboveHighLimit: ABOVE_HIGH_LIMIT,
  belowCriticalLimit: BELOW_CRITICAL_LIMIT,
  aboveCriticalLimit: ABOVE_CRITICAL_LIMIT,
});
const EXPECTED_STATUSES: Words = Object.freeze({
  expectedValue: EXPECTED_VALUE,
  unchecked: UNCHECKED,
  invalid: INVALID,
  unexpectedValue: UNEXPECTED_VALUE,
});

/**
 * @param count parameters that the board monitors
 * @param dictionary whose monitored parameters are named and laid out; a board does without
 */
export function monitoringMessages(widths: FieldWidths, count: number, dictionary?: Dictionary, pField = 0) {
  const { countType, parameterIdType } = widths;
  const monitored = dictionary && monitoredOf(dictionary);
  const monitoringId = identifier(parameterIdType, monitored);
  const list = {
    countType,
    items: { monitoringId },
    minCount: 1,
    maxCount: Math.min(Math.max(count, 1), MAX_PER_REQUEST),
  };
  // Each definition is reported alone.
  const values = { count: constant(countType, 1), monitoringId };
  return {
    type: MONITORING_SERVICE,
    description: "The board looks after its own values.",
    requests: {
      enableMonitoringDefinitions: {
        subtype: ENABLE_MONITORING_DEFINITIONS,
        description: "Checks these parameters.",
        list,
      },
      disableMonitoringDefinitions: {
        subtype: DISABLE_MONITORING_DEFINITIONS,
        description: "Checks these parameters no more.",
        list,
      },
      reportMonitoringDefinitions: {
        subtype: REPORT_MONITORING_DEFINITIONS,
        description: "Reports what these parameters are checked for.",
        list,
        replies: ["monitoringDefinitionReport"],
      },
      reportMonitoringStatus: {
        subtype: REPORT_MONITORING_STATUS,
        description: "Reports which parameters are checked.",
        replies: ["monitoringStatusReport"],
      },
      enableMonitoring: { subtype: ENABLE_MONITORING, description: "Switches monitoring on." },
      disableMonitoring: { subtype: DISABLE_MONITORING, description: "Switches monitoring off." },
    },
    reports: {
      monitoringDefinitionReport: {
        subtype: MONITORING_DEFINITION_REPORT,
        values,
        ...(monitored && {
          variants: variantsOf(monitored, (parameter) => definitionOf(widths, parameter, dictionary.events ?? {})),
        }),
      },
      checkTransitionReport: {
        subtype: CHECK_TRANSITION_REPORT,
        values,
        ...(monitored && {
          variants: variantsOf(monitored, (parameter) => transitionOf(widths, parameter, pField)),
        }),
      },
      monitoringStatusReport: {
        subtype: MONITORING_STATUS_REPORT,
        list: { countType, items: { monitoringId, status: ENABLED }, maxCount: STATUSES_PER_REPORT },
      },
    },
  };
}

type Parameters = Readonly<Record<string, ParameterDefinition>>;
type Values = Readonly<Record<string, ValueDefinition>>;

export function monitoredOf({ parameters = {} }: Dictionary): Parameters {
  return Object.fromEntries(Object.entries(parameters).filter(([, { monitoring }]) => monitoring !== undefined));
}

function variantsOf(monitored: Parameters, valuesOf: (parameter: ParameterDefinition) => Values) {
  return Object.fromEntries(
    Object.entries(monitored).map(([name, parameter]) => [name, { id: parameter.id, values: valuesOf(parameter) }]),
  );
}

/** Behind the monitoring ID of 12,9, in the order of 8.12.2.9; the critical range is flatlink's. */
function definitionOf(
  { parameterIdType, eventIdType }: FieldWidths,
  parameter: ParameterDefinition,
  events: NonNullable<Dictionary["events"]>,
): Values {
  const value = sameValue(parameter);
  const eventId = { type: eventIdType, words: { [NO_EVENT_WORD]: NO_EVENT, ...wordsOf(events, ({ id }) => id) } };
  const isExpected = parameter.monitoring?.expected !== undefined;
  return {
    parameterId: constant(parameterIdType, parameter.id),
    monitoringInterval: { type: "uint32", unit: "ms" },
    status: ENABLED,
    repetitionNumber: { type: "uint8" },
    checkType: constant("uint8", isExpected ? EXPECTED_VALUE_CHECK : LIMIT_CHECK),
    ...(isExpected
      ? { mask: maskOf(parameter), expectedValue: value, eventId }
      : {
          lowLimit: value,
          lowEventId: eventId,
          highLimit: value,
          highEventId: eventId,
          criticalLowLimit: value,
          criticalLowEventId: eventId,
          criticalHighLimit: value,
          criticalHighEventId: eventId,
        }),
  };
}

/** Behind the monitoring ID of 12,12, in the order of 8.12.2.12. */
function transitionOf({ parameterIdType }: FieldWidths, parameter: ParameterDefinition, pField: number): Values {
  const value = sameValue(parameter);
  const isExpected = parameter.monitoring?.expected !== undefined;
  const status: ValueDefinition = { type: "uint8", words: isExpected ? EXPECTED_STATUSES : LIMIT_STATUSES };
  return {
    parameterId: constant(parameterIdType, parameter.id),
    checkType: constant("uint8", isExpected ? EXPECTED_VALUE_CHECK : LIMIT_CHECK),
    ...(isExpected ? { mask: maskOf(parameter) } : {}),
    value,
    limitCrossed: value,
    previousStatus: status,
    currentStatus: status,
    ...timeValues(pField),
  };
}

/** As wide as the parameter. */
function maskOf(parameter: ParameterDefinition): ValueDefinition {
  const kind = numberKind(parameter.type);
  return kind >= 0 && kind <= UINT32 ? { type: parameter.type } : { type: "bytes", length: valueLength(parameter) };
}
