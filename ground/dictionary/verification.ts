/** What became of a telecommand, out of the reports about it (ST[01]). */
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import {
  ACCEPTANCE_FAILURE,
  ACCEPTANCE_SUCCESS,
  COMPLETION_FAILURE,
  COMPLETION_SUCCESS,
  PROGRESS_FAILURE,
  PROGRESS_SUCCESS,
  ROUTING_FAILURE,
  START_FAILURE,
  START_SUCCESS,
  VERIFICATION_SERVICE,
} from "../../modules/pus/messages/st01-messages.js";
import type { DecodedPacket } from "./packet-decoder.js";

/** In their order. */
export const STAGES = ["accepted", "started", "progressed", "completed"] as const;
export type Stage = (typeof STAGES)[number];

/** Of a sealed telecommand that the board took, as its counter says, and of which no report came. */
export const TAKEN_TEXT = "taken by the board; its reports were lost: it may have failed";

/** Why a stage failed. */
export interface Failure {
  readonly code: number;
  /** The dictionary's word for the code; undefined: it has none. */
  readonly word?: string;
  readonly description?: string;
  readonly data: number;
  /** What the data is. */
  readonly dataMeaning?: string;
}

export interface Verification {
  /** The first four octets of the telecommand. */
  readonly requestId: number;
  /** The stage that was reached, or failed. */
  readonly stage: Stage;
  readonly step?: number;
  readonly failure?: Failure;
}

/** Stage by subtype, and whether it is a failure. */
const REPORTS: Readonly<Record<number, readonly [Stage, boolean]>> = {
  [ACCEPTANCE_SUCCESS]: ["accepted", true],
  [ACCEPTANCE_FAILURE]: ["accepted", false],
  [START_SUCCESS]: ["started", true],
  [START_FAILURE]: ["started", false],
  [PROGRESS_SUCCESS]: ["progressed", true],
  [PROGRESS_FAILURE]: ["progressed", false],
  [COMPLETION_SUCCESS]: ["completed", true],
  [COMPLETION_FAILURE]: ["completed", false],
  [ROUTING_FAILURE]: ["accepted", false],
};

/** @returns undefined: it reports on no telecommand */
export function verificationIn(board: BoardDictionary, packet: DecodedPacket): Verification | undefined {
  const report = REPORTS[packet.subtype];
  if (packet.kind !== "telemetry" || packet.serviceType !== VERIFICATION_SERVICE || report === undefined) {
    return undefined;
  }
  const [stage, isSuccess] = report;
  const raw = (name: string): number | undefined =>
    packet.values.find((value) => value.name === name)?.raw as number | undefined;
  const step = raw("stepId");
  return {
    requestId: raw("requestId")!,
    stage,
    ...(step === undefined ? {} : { step }),
    ...(isSuccess ? {} : { failure: failureOf(board, raw("failureCode")!, raw("failureData")!) }),
  };
}

function failureOf({ failureCodes = {} }: BoardDictionary, code: number, data: number): Failure {
  const [word, definition] = Object.entries(failureCodes).find(([, each]) => each.code === code) ?? [];
  const { description, data: dataMeaning } = definition ?? {};
  return {
    code,
    ...(word === undefined ? {} : { word }),
    ...(description === undefined ? {} : { description }),
    data,
    ...(dataMeaning === undefined ? {} : { dataMeaning }),
  };
}

/** In words: the code's name, what it means, the data and what that is. */
export function describeFailure({ code, word, description, data, dataMeaning }: Failure): string {
  const name = word ?? `failure code ${code}`;
  const meaning = description === undefined ? "" : `, ${description}`;
  return `${name} (${code})${meaning}; failure data ${data}${dataMeaning === undefined || dataMeaning === "none" ? "" : `, ${dataMeaning}`}`;
}
