/** A time in the board's code as values of a message. */
import { CDS_SHORT_P_FIELD } from "../../ccsds/cds-short.js";
import { CUC_AGENCY_P_FIELD, CUC_TAI_P_FIELD } from "../../ccsds/cuc.js";
import type { ValueDefinition } from "../../dictionary/dictionary.js";
import { constant } from "./identifiers.js";

/** @param pField of the code (CCSDS 301.0-B-4, 3.2.2 and 3.3.2) */
export function timeValues(pField: number): Readonly<Record<string, ValueDefinition>> {
  return pField === CDS_SHORT_P_FIELD
    ? {
        pField: constant("uint8", pField),
        day: { type: "uint16", description: "since 1958-01-01" },
        millisecondOfDay: { type: "uint32", unit: "ms" },
      }
    : {
        pField: constant("uint8", pField),
        seconds: { type: "uint32", unit: "s", description: "since the code's epoch" },
        fraction: { type: "uint24", description: "of a second, in units of 2^-24" },
      };
}

/** @param timeCode as the conventions name it */
export function pFieldOf(timeCode: string): number {
  return timeCode === "cds" ? CDS_SHORT_P_FIELD : timeCode === "cuc" ? CUC_AGENCY_P_FIELD : CUC_TAI_P_FIELD;
}
