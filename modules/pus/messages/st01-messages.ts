/** The messages of ST[01] request verification (ECSS-E-ST-70-41C, 8.1). */
import type { FieldWidths } from "../../dictionary/conventions.js";
import type { Dictionary } from "../../dictionary/dictionary.js";
import { wordsOf } from "./identifiers.js";

export const VERIFICATION_SERVICE = 1;
export const ACCEPTANCE_SUCCESS = 1;
export const ACCEPTANCE_FAILURE = 2;
export const START_SUCCESS = 3;
export const START_FAILURE = 4;
export const PROGRESS_SUCCESS = 5;
export const PROGRESS_FAILURE = 6;
export const COMPLETION_SUCCESS = 7;
export const COMPLETION_FAILURE = 8;
export const ROUTING_FAILURE = 10;

/** The first four octets of the telecommand: its packet version, packet ID and packet sequence control (8.1.2.1). */
const REQUEST_ID = Object.freeze({
  type: "uint32",
  description: "the first four octets of the telecommand",
  bits: Object.freeze({
    packetVersion: Object.freeze({ width: 3 }),
    packetType: Object.freeze({ width: 1 }),
    secondaryHeaderFlag: Object.freeze({ width: 1 }),
    apid: Object.freeze({ width: 11 }),
    sequenceFlags: Object.freeze({ width: 2 }),
    sequenceCount: Object.freeze({ width: 14 }),
  }),
} as const);

/** @param dictionary whose failure codes are named; a board does without */
export function verificationMessages(widths: FieldWidths, dictionary?: Dictionary) {
  const requestId = REQUEST_ID;
  const stepId = { type: widths.stepIdType };
  const failure = {
    failureCode: {
      type: widths.failureCodeType,
      ...(dictionary && { words: wordsOf(dictionary.failureCodes ?? {}, ({ code }) => code) }),
    },
    failureData: { type: widths.failureDataType, description: "what it is depends on the failure code" },
  };
  return {
    type: VERIFICATION_SERVICE,
    description: "What became of a telecommand.",
    reports: {
      acceptanceSuccess: { subtype: ACCEPTANCE_SUCCESS, values: { requestId } },
      acceptanceFailure: { subtype: ACCEPTANCE_FAILURE, values: { requestId, ...failure } },
      startSuccess: { subtype: START_SUCCESS, values: { requestId } },
      startFailure: { subtype: START_FAILURE, values: { requestId, ...failure } },
      progressSuccess: { subtype: PROGRESS_SUCCESS, values: { requestId, stepId } },
      progressFailure: { subtype: PROGRESS_FAILURE, values: { requestId, stepId, ...failure } },
      completionSuccess: { subtype: COMPLETION_SUCCESS, values: { requestId } },
      completionFailure: { subtype: COMPLETION_FAILURE, values: { requestId, ...failure } },
      routingFailure: { subtype: ROUTING_FAILURE, values: { requestId, ...failure } },
    },
  };
}
