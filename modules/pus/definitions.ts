/**
 * How telemetry and telecommands are defined: once, as data. The services run on these definitions, and ground
 * configuration is generated from them, so names, units and descriptions are written for the operator.
 */
import { checkWithin } from "../checks/options.js";
import type { NumberType, UnsignedType } from "../data/field-kinds.js";
import { kindOf, NUMBER_KINDS } from "../data/field-kinds.js";

/** A word for a value of a field, for display. */
export interface ValueLabel {
  readonly value: number;
  readonly label: string;
}

/** One value on the wire. */
export interface FieldDefinition {
  /** Unique among its neighbours; words in camelCase. */
  readonly name: string;
  readonly type: NumberType;
  /** As the operator reads it: `s`, `ms`, `B`, `degC`. Left out for plain numbers. */
  readonly unit?: string;
  readonly description?: string;
  /** Words for values: the field is an enumeration. */
  readonly labels?: readonly ValueLabel[];
  /** Least value that makes sense; the type's by default. What comes in is held to it. */
  readonly minimum?: number;
  /** Greatest value that makes sense; the type's by default. */
  readonly maximum?: number;
}

/** A value of the board: read by housekeeping and ST[20], changed by ST[20] when it has a setter. */
export interface ParameterDefinition extends FieldDefinition {
  /** Unique on the board. */
  readonly id: number;
  /** Called for every report: must not allocate. */
  get(): number;
  /** Takes a value within `minimum` and `maximum`. Returns false when it cannot be had. Left out: read-only. */
  set?(value: number): boolean;
}

/** What goes into one kind of housekeeping report, and how often it is sent. */
export interface HousekeepingStructureDefinition {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  /** In the order of the report. */
  readonly parameters: readonly ParameterDefinition[];
  /** Collection interval at boot, in milliseconds. */
  readonly intervalMs: number;
  /** Shortest interval that ST[03] may set, in milliseconds; default 100. */
  readonly minimumIntervalMs?: number;
  /** Whether it is sent periodically from boot on; default true. */
  readonly enabled?: boolean;
}

/** Severities of events: the message subtype of their reports (ECSS-E-ST-70-41C, 6.5). */
export const INFORMATIVE = 1;
export const LOW_SEVERITY = 2;
export const MEDIUM_SEVERITY = 3;
export const HIGH_SEVERITY = 4;
export type Severity = typeof INFORMATIVE | typeof LOW_SEVERITY | typeof MEDIUM_SEVERITY | typeof HIGH_SEVERITY;

export interface EventDefinition {
  readonly id: number;
  readonly name: string;
  readonly severity: Severity;
  readonly description?: string;
  /** What the report says beyond its ID, at most four values. */
  readonly auxiliaryData?: readonly FieldDefinition[];
  /** Whether it is reported from boot on; default true. */
  readonly enabled?: boolean;
}

export interface FunctionDefinition {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  /** At most four; values out of `minimum` and `maximum` are refused before the function runs. */
  readonly arguments?: readonly FieldDefinition[];
  /** Gets as many values as there are arguments, zeros after them. Returns a failure code, 0 for success. */
  execute(argument0: number, argument1: number, argument2: number, argument3: number): number;
}

/** Widths of the fields that ECSS-E-ST-70-41C leaves to the mission. Both ends must agree. */
export interface PusSettings {
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
  /** When success is reported: for every telecommand, or for what its acknowledgement flags ask. Failure always is. */
  readonly acknowledge: "always" | "asRequested";
}

/** What is used unless an application says otherwise. */
export const DEFAULT_PUS_SETTINGS: PusSettings = Object.freeze({
  countType: "uint8",
  structureIdType: "uint8",
  parameterIdType: "uint16",
  eventIdType: "uint16",
  functionIdType: "uint8",
  failureCodeType: "uint16",
  failureDataType: "uint32",
  stepIdType: "uint8",
  acknowledge: "always",
});

/** Milliseconds: what the collection interval of ST[03] is counted in. */
export const INTERVAL_FIELD: FieldDefinition = Object.freeze({
  name: "collectionInterval",
  type: "uint32",
  unit: "ms",
});

/**
 * Makes sure that IDs are unique and fit their type.
 * @param what for the message: "event", "parameter"
 * @throws RangeError naming the definition
 */
export function checkIds(
  what: string,
  definitions: readonly { readonly id: number; readonly name: string }[],
  type: UnsignedType,
): void {
  const maximum = NUMBER_KINDS[kindOf(type)]!.maximum;
  const names = new Map<number, string>();
  for (const { id, name } of definitions) {
    checkWithin(`the ID of ${what} "${name}"`, id, 0, maximum, ` (${type})`);
    const other = names.get(id);
    if (other !== undefined) {
      throw new RangeError(`${what} "${name}" has the ID ${id} of "${other}"`);
    }
    names.set(id, name);
  }
}
