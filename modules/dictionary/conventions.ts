/** What both ends of a link agree on beside the dictionary: it comes from the settings of a board, not from its definitions. */
import type { UnsignedType } from "../data/field-kinds.js";
import type { Dictionary } from "./dictionary.js";

/** Widths of the fields that ECSS-E-ST-70-41C leaves to the mission. */
export interface FieldWidths {
  /** N: how many items follow. */
  readonly countType: UnsignedType;
  readonly structureIdType: UnsignedType;
  readonly parameterIdType: UnsignedType;
  readonly eventIdType: UnsignedType;
  readonly functionIdType: UnsignedType;
  readonly failureCodeType: UnsignedType;
  /** What belongs to a failure code: an ID, a length. */
  readonly failureDataType: UnsignedType;
  readonly stepIdType: UnsignedType;
}

/** A port as a tool connects to it. */
export interface PortConvention {
  /** The framing with its options, as in `cobs,delimiter=both`. */
  readonly framing: string;
  readonly port: number;
  readonly role: "tmtc" | "tc" | "tm";
}

export interface Conventions {
  readonly apid: number;
  /** Code of the stamps in telemetry: `cds`, `cuc` or `cuc-tai`. */
  readonly timeCode: string;
  /** When success is reported. */
  readonly acknowledge: string;
  readonly widths: FieldWidths;
  readonly ports: readonly PortConvention[];
  /** How many structures the ground may create at run time (ST[03]). */
  readonly createdStructures: number;
  /** Longest telemetry packet, in octets. */
  readonly maxTelemetryLength: number;
}

/** All that a tool must know of a board with its settings, as data. */
export interface BoardDictionary extends Dictionary {
  readonly conventions: Conventions;
}
