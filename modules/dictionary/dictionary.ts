/**
 * What a board reports and takes, written once, as plain data: it survives `JSON.stringify` and back. The board runs on it, ground
 * configuration is made of it, the documents are made of it. `define-dictionary.ts` checks it.
 *
 * Numbers on the board and on the wire are raw. Calibration, which only the ground applies, makes values of them in the unit;
 * limits are in the unit, everything else is raw: initial values, defaults, minimum and maximum.
 */
import type { NumberType, UnsignedType } from "../data/field-kinds.js";

/** Words for values, as in `{ off: 0, on: 1 }`. */
export type Words = Readonly<Record<string, number>>;

/** From a raw number to a value in the unit. */
export type Calibration =
  /** The sum of coefficient k times raw to the power of k. */
  | { readonly polynomial: readonly number[] }
  /** Pairs of raw and value, raw rising: a line between each two, and the outer lines go on. */
  | { readonly points: readonly (readonly [raw: number, value: number])[] };

/** The good range, in the unit; a value beyond it is out of limits. */
export interface Range {
  readonly low?: number;
  readonly high?: number;
}

export interface Limits {
  readonly warning?: Range;
  readonly critical?: Range;
}

/** The raw number that a value should have. */
export interface ExpectedValue {
  readonly value: number | boolean;
  /** The bits that count, of an unsigned number; default all. */
  readonly mask?: number;
}

/**
 * Names of the events that are raised when a monitored value gets worse. Such an event has no values, or the parameter's raw number, or
 * that and the limit that it crossed: values of the parameter's own type.
 */
export interface MonitoringEvents {
  readonly low?: string;
  readonly high?: string;
  /** Default: that of `low`. */
  readonly criticalLow?: string;
  /** Default: that of `high`. */
  readonly criticalHigh?: string;
  /** The value is not the expected one. */
  readonly unexpected?: string;
}

/** The board itself looks after the value (ST[12]): checks it for its limits or, where that is said, for the value expected. */
export interface MonitoringDefinition {
  /** Between two checks, in milliseconds; default 1000. */
  readonly intervalMs?: number;
  /** Equal results in a row that make a new status, 1 to 255; default 1. */
  readonly repetitions?: number;
  /** Whether it is checked from boot on; default true. */
  readonly enabled?: boolean;
  readonly expected?: ExpectedValue;
  readonly events?: MonitoringEvents;
}

/** A part of an unsigned number. The parts come from the most significant bit on; what is left at the end is reserved. */
export interface BitField {
  /** Bits. */
  readonly width: number;
  readonly words?: Words;
  readonly description?: string;
}

/** One value on the wire, big-endian. */
export interface ValueDefinition {
  /** A boolean has one octet, 0 or 1. */
  readonly type: NumberType | "boolean" | "ascii" | "bytes";
  /** Octets of `ascii` and `bytes`. Text that is shorter is followed by zeros. */
  readonly length?: number;
  /** Makes it an array of so many numbers or booleans. */
  readonly count?: number;
  /** Parts of an unsigned number, by name. */
  readonly bits?: Readonly<Record<string, BitField>>;
  /** As the operator reads it: `s`, `ms`, `B`, `degC`. Left out for plain numbers. */
  readonly unit?: string;
  readonly description?: string;
  readonly words?: Words;
  readonly calibration?: Calibration;
  /** Least value that makes sense; the type's by default. What comes in is held to it. */
  readonly minimum?: number;
  /** Greatest value that makes sense; the type's by default. */
  readonly maximum?: number;
}

/** A value of the board. */
export interface ParameterDefinition extends ValueDefinition {
  /** Unique on the board. */
  readonly id: number;
  readonly limits?: Limits;
  /** Left out: only the ground checks it. */
  readonly monitoring?: MonitoringDefinition;
  /** What it belongs to, as in `thermal`. */
  readonly group?: string;
  /** Whether ST[20] may set it. Default false. */
  readonly settable?: boolean;
  /** Why setting it is dangerous. */
  readonly dangerous?: string;
  /** At boot; default zeros, or the nearest to zero that minimum and maximum allow. */
  readonly initial?: InitialValue;
}

export type InitialValue = number | boolean | string | readonly number[] | readonly boolean[];

/** What goes into one kind of housekeeping report, and how often it is sent (ST[03]). */
export interface StructureDefinition {
  readonly id: number;
  readonly description?: string;
  /** Names of parameters, in the order of the report. */
  readonly parameters: readonly string[];
  /** Collection interval at boot, in milliseconds. */
  readonly intervalMs: number;
  /** Shortest interval that ST[03] may set, in milliseconds; default 100. */
  readonly minimumIntervalMs?: number;
  /** Whether it is sent periodically from boot on; default true. */
  readonly enabled?: boolean;
}

/** In rising order: the message subtype of an event's report is its place (ECSS-E-ST-70-41C, 6.5). */
export const SEVERITIES = Object.freeze(["informative", "low", "medium", "high"] as const);
export type Severity = (typeof SEVERITIES)[number];

/** What the board says happened (ST[05]). */
export interface EventDefinition {
  readonly id: number;
  readonly severity: Severity;
  readonly description?: string;
  /** For the operator, with values in braces: `{celsius} degC is too hot`. Default: the description. */
  readonly text?: string;
  /** What the report says beyond its ID, in order: numbers and booleans, at most four. */
  readonly values?: Readonly<Record<string, ValueDefinition>>;
  /** Whether it is reported from boot on; default true. */
  readonly enabled?: boolean;
}

export interface ArgumentDefinition extends ValueDefinition {
  /** What the ground sends when the operator says nothing. */
  readonly default?: number | boolean;
}

/** What the board does when it is told to (ST[08]). */
export interface FunctionDefinition {
  readonly id: number;
  readonly description?: string;
  /** In order: numbers and booleans, at most four. */
  readonly arguments?: Readonly<Record<string, ArgumentDefinition>>;
  /** Why performing it is dangerous. */
  readonly dangerous?: string;
}

/** Why a telecommand failed. Codes below 256 are flatlink's. */
export interface FailureCodeDefinition {
  readonly code: number;
  readonly description?: string;
  /** What the failure data is. */
  readonly data?: string;
}

/** N, then N times the same values. */
export interface ListDefinition {
  /** The type of N. */
  readonly countType: UnsignedType;
  readonly items: Readonly<Record<string, ArgumentDefinition>>;
  /** Fewest items in one message; default 0. */
  readonly minCount?: number;
  /** Most items in one message. */
  readonly maxCount: number;
  /**
   * Where an item goes on after its values, depending on the last of them, an identifier: what comes then, by name. Only messages of the
   * standard have it.
   */
  readonly variants?: Readonly<Record<string, ItemVariant>>;
}

/** The values of a message, and a list behind them. Only requests have defaults. */
export interface LayoutDefinition {
  readonly values?: Readonly<Record<string, ArgumentDefinition>>;
  readonly list?: ListDefinition;
  /** Values behind the list. Only messages of the standard have them. */
  readonly trailer?: Readonly<Record<string, ArgumentDefinition>>;
  /** Most octets of data behind all that, which the dictionary does not describe. Default 0. */
  readonly maxDataLength?: number;
}

/** One kind of message. */
export interface MessageDefinition extends LayoutDefinition {
  /** Message subtype, 1 to 255. */
  readonly subtype: number;
  readonly description?: string;
  /** Where the layout behind `values` depends on the last of them, an identifier: what comes then, by name. */
  readonly variants?: Readonly<Record<string, VariantDefinition>>;
}

export interface VariantDefinition extends LayoutDefinition {
  /** The identifier's value. */
  readonly id: number;
  readonly description?: string;
  /** Of a request: why carrying it out is dangerous. */
  readonly dangerous?: string;
}

/** What stands behind the identifier of a list's item. */
export interface ItemVariant {
  /** The identifier's value. */
  readonly id: number;
  readonly description?: string;
  /** Of a request: why carrying it out is dangerous. */
  readonly dangerous?: string;
  readonly values: Readonly<Record<string, ArgumentDefinition>>;
}

export interface RequestMessage extends MessageDefinition {
  /** Names of reports that carrying it out sends, each at most once. */
  readonly replies?: readonly string[];
  readonly dangerous?: string;
}

/** A service of one's own. */
export interface ServiceDefinition {
  /** 128 to 255 for an application's own (ECSS-E-ST-70-41C, 5.3.3.1). */
  readonly type: number;
  readonly description?: string;
  readonly requests?: Readonly<Record<string, RequestMessage>>;
  readonly reports?: Readonly<Record<string, MessageDefinition>>;
}

/** Each entry has a name, unique among its kind; names are words in camelCase. */
export interface Dictionary {
  /** The board's. */
  readonly name: string;
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, ParameterDefinition>>;
  readonly structures?: Readonly<Record<string, StructureDefinition>>;
  readonly events?: Readonly<Record<string, EventDefinition>>;
  readonly functions?: Readonly<Record<string, FunctionDefinition>>;
  readonly failureCodes?: Readonly<Record<string, FailureCodeDefinition>>;
  readonly services?: Readonly<Record<string, ServiceDefinition>>;
}
