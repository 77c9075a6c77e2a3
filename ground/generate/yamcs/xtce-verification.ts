/**
 * What a Yamcs verifier looks at. It learns the sequence count of a telecommand by another way than the reports, maybe when they are all
 * there. So each stage has parameters of its own, which keep what its reports said; each verifier has the telemetry's sequence count among
 * its inputs, so that it looks again with every packet; and it begins when the one before it has passed, as the end of the last cancels
 * the others. They stand in a space system of their own: they read again what the packets' own containers have read.
 */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import {
  ACCEPTANCE_SUCCESS,
  COMPLETION_SUCCESS,
  START_SUCCESS,
  VERIFICATION_SERVICE,
  verificationMessages,
} from "../../../modules/pus/messages/st01-messages.js";
import { type Element, element } from "./xml.js";
import { HEADER_LENGTH, type Header, SUBTYPE_BIT, unsignedType } from "./xtce-header.js";
import { Parameters } from "./xtce-parameters.js";

export const VERIFICATION = "verification";
/** Behind the version, the type and the flag of a secondary header. */
const REQUEST_APID_BIT = 8 * HEADER_LENGTH + 5;
const SEQUENCE_FLAGS_BITS = 2;
const WINDOW = "PT30S";

interface Stage {
  readonly name: string;
  /** Of the report of success; that of failure follows. */
  readonly subtype: number;
  /** In XTCE. */
  readonly verifier: string;
  /** As the command history shows it. */
  readonly shown: string;
}

const STAGES: readonly Stage[] = [
  { name: "acceptance", subtype: ACCEPTANCE_SUCCESS, verifier: "ReceivedVerifier", shown: "Accepted" },
  { name: "start", subtype: START_SUCCESS, verifier: "ExecutionVerifier", shown: "Started" },
  { name: "completion", subtype: COMPLETION_SUCCESS, verifier: "CompleteVerifier", shown: "Completed" },
];

/** @param space path of the board's space system */
export function verificationSystem(board: BoardDictionary, header: Header, space: string): Element {
  const parameters = new Parameters();
  const containers = STAGES.flatMap((stage) => containersOf(stage, parameters, board, header, space));
  const metaData = element("TelemetryMetaData", {}, ...parameters.sets, element("ContainerSet", {}, ...containers));
  const description = "What the verifiers of telecommands look at: each stage keeps what its last report said.";
  return element("SpaceSystem", { name: VERIFICATION, shortDescription: description }, metaData);
}

/** @param apidArgument path of the argument with the telecommand's APID */
export function verifierSet(header: Header, space: string, apidArgument: string): Element {
  return element("VerifierSet", {}, ...STAGES.map((stage) => verifierOf(stage, header, space, apidArgument)));
}

function containersOf(
  { name, subtype }: Stage,
  parameters: Parameters,
  board: BoardDictionary,
  header: Header,
  space: string,
): Element[] {
  const bits = (what: string, width: number): string =>
    parameters.addMade(name + what, `bits${width}`, (typeName) => unsignedType(typeName, width));
  const entries = [
    reference(bits("Subtype", 8), SUBTYPE_BIT, "containerStart"),
    reference(bits("Apid", 11), REQUEST_APID_BIT, "containerStart"),
    reference(bits("SequenceCount", 14), SEQUENCE_FLAGS_BITS, "previousEntry"),
  ];
  const { failureCode, failureData } = verificationMessages(board.conventions.widths, board).reports.acceptanceFailure
    .values;
  const failure = [
    ...parameters.add(`${name}FailureCode`, failureCode).parameters,
    ...parameters.add(`${name}FailureData`, failureData).parameters,
  ];
  const compare = (parameter: string, value: number, comparisonOperator?: string): Element =>
    element("Comparison", { parameterRef: `${space}/${parameter}`, value, comparisonOperator });
  const ofStage = [
    compare(header.apid, board.conventions.apid),
    compare(header.service, VERIFICATION_SERVICE),
    compare(header.subtype, subtype, ">="),
    compare(header.subtype, subtype + 1, "<="),
  ];
  return [
    container(name, entries, `${space}/${header.name}`, ofStage),
    container(
      `${name}Failure`,
      failure.map((each) => reference(each)),
      name,
      [compare(header.subtype, subtype + 1)],
    ),
  ];
}

function container(name: string, entries: readonly Element[], base: string, comparisons: readonly Element[]): Element {
  const criteria = element("RestrictionCriteria", {}, element("ComparisonList", {}, ...comparisons));
  return element(
    "SequenceContainer",
    { name },
    element("EntryList", {}, ...entries),
    element("BaseContainer", { containerRef: base }, criteria),
  );
}

function reference(parameterRef: string, bit?: number, from?: "containerStart" | "previousEntry"): Element {
  const value = bit === undefined ? undefined : element("FixedValue", {}, String(bit));
  const location = value && element("LocationInContainerInBits", { referenceLocation: from }, value);
  return element("ParameterRefEntry", { parameterRef }, location);
}

function verifierOf(
  { name, subtype, verifier, shown }: Stage,
  header: Header,
  space: string,
  apidArgument: string,
): Element {
  const of = (what: string): string => `${space}/${VERIFICATION}/${name}${what}`;
  // The order of the first five is Yamcs's.
  const inputs = [
    ["sentApid", apidArgument],
    ["sentSeq", "/yamcs/cmdHist/ccsds-seqcount"],
    ["rcvdApid", of("Apid")],
    ["rcvdSeq", of("SequenceCount")],
    ["subtype", of("Subtype")],
    ["anyPacket", `${space}/${header.sequenceCount}`],
    ["failureCode", of("FailureCode")],
    ["failureData", of("FailureData")],
  ] as const;
  const set = inputs.map(([inputName, parameterRef]) =>
    element("InputParameterInstanceRef", { parameterRef, inputName }),
  );
  const call = `org.yamcs.pus.Pus1Verifier({stage: ${subtype}, template: "{failureCode}, data {failureData}"})`;
  return element(
    verifier,
    { name: shown },
    element(
      "CustomAlgorithm",
      { name: `${name}Verifier` },
      element("AlgorithmText", { language: "Java" }, call),
      element("InputSet", {}, ...set),
    ),
    element("CheckWindow", { timeToStopChecking: WINDOW, timeWindowIsRelativeTo: "timeLastVerifierPassed" }),
  );
}
