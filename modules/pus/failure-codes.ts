/**
 * Failure codes of verification reports. Codes below 256 are flatlink's; an application's own begin at 256.
 * The failure data that follows a code is one number, whose meaning depends on the code.
 */

import type { FailureCodeDefinition } from "../dictionary/dictionary.js";

/** A handler's answer: done. */
export const SUCCESS = 0;
/** A handler's answer: begun, and completed later through the verification service. */
export const IN_PROGRESS = -1;

export const UNSUPPORTED_PUS_VERSION_FAILURE = 1;
export const SEGMENTED_FAILURE = 2;
export const UNKNOWN_SERVICE_TYPE = 3;
export const UNKNOWN_MESSAGE_SUBTYPE = 4;
export const INVALID_LENGTH = 5;
export const INVALID_COUNT = 6;
export const UNKNOWN_APPLICATION_PROCESS = 7;

export const UNKNOWN_STRUCTURE = 16;
export const UNKNOWN_PARAMETER = 17;
export const UNKNOWN_EVENT = 18;
export const UNKNOWN_FUNCTION = 19;
export const READ_ONLY_PARAMETER = 20;
export const VALUE_OUT_OF_RANGE = 21;
export const INTERVAL_OUT_OF_RANGE = 22;
export const STRUCTURE_EXISTS = 23;
export const NO_PLACE_FOR_STRUCTURE = 24;
export const STRUCTURE_TOO_LONG = 25;
export const DEFINED_STRUCTURE = 26;
export const ENABLED_STRUCTURE = 27;
export const UNKNOWN_MONITORING = 28;
export const INVALID_TIME = 29;
export const PARAMETER_NAMED_TWICE = 30;
export const REPORT_TOO_LONG = 31;

export const VALUE_REFUSED = 32;
export const CONNECTION_TEST_FAILED = 33;
export const INTERNAL_ERROR = 34;
export const NOT_ON_THIS_PLATFORM = 35;

/* Of a board with keys. */
export const NOT_AUTHORIZED = 36;
export const UNKNOWN_ASSOCIATION = 37;
export const ASSOCIATION_WITHOUT_KEY = 38;
export const LAST_COMMANDER_FAILURE = 39;

/** What a code means, for ground configuration and for people. */
export interface FailureCode {
  readonly code: number;
  readonly name: string;
  readonly description: string;
  /** What the failure data is. */
  readonly data: string;
}

export const FAILURE_CODES: readonly FailureCode[] = Object.freeze([
  failure(UNSUPPORTED_PUS_VERSION_FAILURE, "unsupportedPusVersion", "not PUS-C", "the version found"),
  failure(SEGMENTED_FAILURE, "segmented", "a telecommand must be unsegmented", "the sequence flags found"),
  failure(UNKNOWN_SERVICE_TYPE, "unknownServiceType", "no such service", "the service type"),
  failure(
    UNKNOWN_MESSAGE_SUBTYPE,
    "unknownMessageSubtype",
    "the service knows no such request",
    "type * 256 + subtype",
  ),
  failure(INVALID_LENGTH, "invalidLength", "application data too short or too long", "bytes found"),
  failure(INVALID_COUNT, "invalidCount", "no items, or more than one request may have", "the count found"),
  failure(UNKNOWN_APPLICATION_PROCESS, "unknownApplicationProcess", "no such application process here", "the APID"),
  failure(UNKNOWN_STRUCTURE, "unknownStructure", "no such housekeeping structure", "the structure ID"),
  failure(UNKNOWN_PARAMETER, "unknownParameter", "no such parameter", "the parameter ID"),
  failure(UNKNOWN_EVENT, "unknownEvent", "no such event", "the event ID"),
  failure(UNKNOWN_FUNCTION, "unknownFunction", "no such function", "the function ID"),
  failure(READ_ONLY_PARAMETER, "readOnlyParameter", "the parameter cannot be set", "the parameter ID"),
  failure(
    VALUE_OUT_OF_RANGE,
    "valueOutOfRange",
    "beyond the limits of its definition",
    "parameter ID or argument index",
  ),
  failure(INTERVAL_OUT_OF_RANGE, "intervalOutOfRange", "shorter than the structure allows", "the structure ID"),
  failure(STRUCTURE_EXISTS, "structureExists", "there is a structure with this ID", "the structure ID"),
  failure(
    NO_PLACE_FOR_STRUCTURE,
    "noPlaceForStructure",
    "all places for created structures are taken",
    "the structure ID",
  ),
  failure(STRUCTURE_TOO_LONG, "structureTooLong", "more octets than a created structure may have", "octets"),
  failure(DEFINED_STRUCTURE, "definedStructure", "a structure of the dictionary cannot be deleted", "the structure ID"),
  failure(ENABLED_STRUCTURE, "enabledStructure", "disable it before it is deleted", "the structure ID"),
  failure(UNKNOWN_MONITORING, "unknownMonitoring", "the board does not monitor this parameter", "the monitoring ID"),
  failure(INVALID_TIME, "invalidTime", "no time in the board's time code, or long past", "the P-field"),
  failure(PARAMETER_NAMED_TWICE, "parameterNamedTwice", "a structure reports each parameter once", "the parameter ID"),
  failure(REPORT_TOO_LONG, "reportTooLong", "no telemetry packet has room for these values", "octets"),
  failure(VALUE_REFUSED, "valueRefused", "the board could not take the value", "the parameter ID"),
  failure(CONNECTION_TEST_FAILED, "connectionTestFailed", "the application process did not answer", "the APID"),
  failure(INTERNAL_ERROR, "internalError", "the handler failed unexpectedly", "type * 256 + subtype"),
  failure(NOT_ON_THIS_PLATFORM, "notOnThisPlatform", "the platform cannot do it", "none"),
]);

/** Those of a board whose frames are authenticated, beside the others. */
export const SECURITY_FAILURE_CODES: readonly FailureCode[] = Object.freeze([
  failure(NOT_AUTHORIZED, "notAuthorized", "the sender's role does not allow it", "type * 256 + subtype"),
  failure(UNKNOWN_ASSOCIATION, "unknownAssociation", "the board's security names no such SPI", "the SPI"),
  failure(ASSOCIATION_WITHOUT_KEY, "associationWithoutKey", "the association has no key", "the SPI"),
  failure(LAST_COMMANDER_FAILURE, "lastCommander", "nobody would be left to command the board", "the SPI"),
]);

/** As a dictionary has them. */
export function definedCodes(codes: readonly FailureCode[]): Record<string, FailureCodeDefinition> {
  return Object.fromEntries(codes.map(({ code, name, description, data }) => [name, { code, description, data }]));
}

function failure(code: number, name: string, description: string, data: string): FailureCode {
  return Object.freeze({ code, name, description, data });
}
