/** What every telemetry packet begins with: the primary header, and the secondary header of PUS-C with its time stamp. */
import { type Element, element } from "./xml.js";
import type { Parameters } from "./xtce-parameters.js";

/** Octets of both headers. */
export const HEADER_LENGTH = 21;
/** The same up to the time stamp. */
export const TIME_STAMP_OFFSET = 13;
/** Of the subtype, in bits from the start. */
export const SUBTYPE_BIT = 64;

/** Where the time of a packet comes from: its stamp, by its epoch. */
export type TimeSource = "UNIX" | "TAI";

export interface Header {
  readonly name: string;
  readonly container: Element;
  /** Names of parameters. */
  readonly apid: string;
  readonly sequenceCount: string;
  readonly packetDataLengthField: string;
  readonly service: string;
  readonly subtype: string;
}

/** In units of 2^-24 s. */
const CUC_BITS = 56;
const CUC_SCALE = 2 ** -24;

/** @param name of the container */
export function headerOf(parameters: Parameters, name: string, time: TimeSource): Header {
  const field = (wanted: string, bits: number, description?: string): string =>
    parameters.addMade(wanted, `bits${bits}`, (typeName) => unsignedType(typeName, bits), description);
  const front = [field("packetVersion", 3), field("packetType", 1), field("secondaryHeaderFlag", 1)];
  const apid = field("apid", 11);
  const flags = field("sequenceFlags", 2);
  const sequenceCount = field("sequenceCount", 14);
  const packetDataLengthField = field("packetDataLengthField", 16, "octets behind the primary header, less one");
  const version = [field("pusVersion", 4), field("timeReferenceStatus", 4, "0: no reference, 1: synchronized")];
  const service = field("service", 8);
  const subtype = field("subtype", 8);
  const behind = [field("messageCounter", 16), field("destination", 16), field("timePField", 8)];
  const stamp = parameters.addMade("time", "time", (typeName) => timeType(typeName, time));
  const all = [
    ...front,
    apid,
    flags,
    sequenceCount,
    packetDataLengthField,
    ...version,
    service,
    subtype,
    ...behind,
    stamp,
  ];
  const entries = all.map((parameterRef) => element("ParameterRefEntry", { parameterRef }));
  const container = element("SequenceContainer", { name }, element("EntryList", {}, ...entries));
  return { name, container, apid, sequenceCount, packetDataLengthField, service, subtype };
}

export function unsignedType(name: string, bits: number): Element {
  const encoding = element("IntegerDataEncoding", { sizeInBits: bits, encoding: "unsigned" });
  return element("IntegerParameterType", { name, signed: false, sizeInBits: 32 }, element("UnitSet"), encoding);
}

/** Exact to the millisecond. */
function timeType(name: string, epoch: TimeSource): Element {
  const encoding = element("IntegerDataEncoding", { sizeInBits: CUC_BITS, encoding: "unsigned" });
  return element(
    "AbsoluteTimeParameterType",
    { name },
    element("Encoding", { units: "seconds", scale: CUC_SCALE }, encoding),
    element("ReferenceTime", {}, element("Epoch", {}, epoch)),
  );
}
