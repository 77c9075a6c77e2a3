/** Widths of fields that the standard leaves to the mission, and how a board acknowledges. */
import { checkWithin } from "../checks/options.js";
import type { UnsignedType } from "../data/field-kinds.js";
import { kindOf, NUMBER_KINDS } from "../data/field-kinds.js";
import type { FieldWidths } from "../dictionary/conventions.js";

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
