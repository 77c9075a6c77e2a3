/** How messages are defined that the dictionary does not describe: the standard's own fields, and widths that it leaves to the mission. */
import { checkWithin } from "../checks/options.js";
import type { NumberType, UnsignedType } from "../data/field-kinds.js";
import { kindOf, NUMBER_KINDS } from "../data/field-kinds.js";
import type { FieldWidths } from "../dictionary/conventions.js";

/** One value on the wire. */
export interface FieldDefinition {
  /** Unique among its neighbours; words in camelCase. */
  readonly name: string;
  readonly type: NumberType;
  /** As the operator reads it: `s`, `ms`, `B`, `degC`. Left out for plain numbers. */
  readonly unit?: string;
  readonly description?: string;
}

/** How the services of a board speak; what both ends must agree on. */
export interface PusSettings extends FieldWidths {
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
 * Makes sure that the IDs of a dictionary's entries fit their type.
 * @param what for the message: "event", "parameter"
 * @throws RangeError naming the entry
 */
export function checkIds(
  what: string,
  entries: Readonly<Record<string, { readonly id: number }>>,
  type: UnsignedType,
): void {
  const { maximum } = NUMBER_KINDS[kindOf(type)]!;
  for (const name of Object.keys(entries)) {
    checkWithin(`the ID of ${what} "${name}"`, entries[name]!.id, 0, maximum, ` (${type})`);
  }
}
