/** The messages of ST[03] housekeeping (ECSS-E-ST-70-41C, 8.3). */
import type { FieldWidths } from "../../dictionary/conventions.js";
import type { Dictionary, ValueDefinition, VariantDefinition } from "../../dictionary/dictionary.js";
import { constant, identifier } from "./identifiers.js";

export const HOUSEKEEPING_SERVICE = 3;
export const CREATE_STRUCTURE = 1;
export const DELETE_STRUCTURES = 3;
export const ENABLE_HOUSEKEEPING = 5;
export const DISABLE_HOUSEKEEPING = 6;
export const REPORT_STRUCTURES = 9;
export const STRUCTURE_REPORT = 10;
export const HOUSEKEEPING_REPORT = 25;
export const ONE_SHOT_HOUSEKEEPING = 27;
export const MODIFY_COLLECTION_INTERVAL = 31;

/** Parameters of a structure that the ground creates, at most. */
export const CREATED_PARAMETERS = 32;
/** Structures that one request may name, at most. */
const MAX_PER_REQUEST = 8;

const INTERVAL: ValueDefinition = Object.freeze({ type: "uint32", unit: "ms" });
const PERIODIC: ValueDefinition = Object.freeze({ type: "uint8", words: Object.freeze({ disabled: 0, enabled: 1 }) });

/**
 * @param count structures of the board, with those that the ground may create
 * @param dictionary whose structures are named and laid out; a board does without
 */
export function housekeepingMessages(widths: FieldWidths, count: number, dictionary?: Dictionary) {
  const { countType, parameterIdType } = widths;
  const structureId = identifier(widths.structureIdType, dictionary && (dictionary.structures ?? {}));
  const parameterId = identifier(parameterIdType, dictionary && (dictionary.parameters ?? {}));
  const maxCount = Math.min(Math.max(count, 1), MAX_PER_REQUEST);
  const list = { countType, items: { structureId }, minCount: 1, maxCount };
  // The dictionary's structures have names, and stay: the ground makes and deletes others.
  const createdId: ValueDefinition = { type: widths.structureIdType };
  const created = { countType, items: { parameterId }, minCount: 1, maxCount: CREATED_PARAMETERS };
  // The dictionary's own structures may be longer.
  const reported = { ...created, maxCount: longestStructure(dictionary) };
  // The number of parameter groups that are sampled more often than the report: none here (8.3.2.1).
  const trailer = { superCommutatedGroups: constant(countType, 0) };
  return {
    type: HOUSEKEEPING_SERVICE,
    description: "Reports of parameter structures, periodically and on request.",
    requests: {
      createStructure: {
        subtype: CREATE_STRUCTURE,
        description: "Creates a structure, which is not sent periodically before it is enabled.",
        values: { structureId: createdId, collectionInterval: INTERVAL },
        list: created,
        trailer,
      },
      deleteStructures: {
        subtype: DELETE_STRUCTURES,
        description: "Deletes structures that the ground created and that are not enabled.",
        list: { ...list, items: { structureId: createdId } },
      },
      enableHousekeeping: { subtype: ENABLE_HOUSEKEEPING, description: "Sends structures periodically.", list },
      disableHousekeeping: { subtype: DISABLE_HOUSEKEEPING, description: "Ends periodic reports.", list },
      reportStructures: {
        subtype: REPORT_STRUCTURES,
        description: "Reports what structures are made of.",
        list,
        replies: ["structureReport"],
      },
      oneShotHousekeeping: {
        subtype: ONE_SHOT_HOUSEKEEPING,
        description: "Sends structures once, now.",
        list,
        replies: ["housekeepingReport"],
      },
      modifyCollectionInterval: {
        subtype: MODIFY_COLLECTION_INTERVAL,
        description: "Sets how often structures are sent.",
        list: { countType, items: { structureId, collectionInterval: INTERVAL }, minCount: 1, maxCount },
      },
    },
    reports: {
      structureReport: {
        subtype: STRUCTURE_REPORT,
        values: { structureId, periodic: PERIODIC, collectionInterval: INTERVAL },
        list: reported,
        trailer,
      },
      housekeepingReport: {
        subtype: HOUSEKEEPING_REPORT,
        values: { structureId },
        ...(dictionary && { variants: structureVariants(dictionary) }),
      },
    },
  };
}

function longestStructure(dictionary: Dictionary | undefined): number {
  const structures = Object.values(dictionary?.structures ?? {});
  return structures.reduce((most, { parameters }) => Math.max(most, parameters.length), CREATED_PARAMETERS);
}

function structureVariants({ structures = {}, parameters = {} }: Dictionary): Record<string, VariantDefinition> {
  return Object.fromEntries(
    Object.entries(structures).map(([name, structure]) => {
      const { id, description } = structure;
      const values = Object.fromEntries(structure.parameters.map((parameter) => [parameter, parameters[parameter]!]));
      return [name, { id, ...(description === undefined ? {} : { description }), values }];
    }),
  );
}
