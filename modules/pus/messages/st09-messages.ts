/** The messages of ST[09] time management (ECSS-E-ST-70-41C, 8.9). */
import { CDS_SHORT_P_FIELD } from "../../ccsds/cds-short.js";
import { NO_TIME_REFERENCE, SYNCHRONIZED } from "../../ccsds/time-code.js";
import type { ValueDefinition } from "../../dictionary/dictionary.js";
import { timeValues } from "./time-values.js";

export const TIME_SERVICE = 9;
export const SET_TIME_REPORT_RATE = 1;
export const CUC_TIME_REPORT = 2;
export const CDS_TIME_REPORT = 3;
export const SET_TIME = 128;

const RATE: ValueDefinition = Object.freeze({
  type: "uint8",
  description: "a time report every 2^n seconds, n from 0 to 8; 255: none",
});
const STATUS: ValueDefinition = Object.freeze({
  type: "uint8",
  words: Object.freeze({ none: NO_TIME_REFERENCE, synchronized: SYNCHRONIZED }),
});

/** @param pField of the board's time code */
export function timeMessages(pField: number) {
  const time = timeValues(pField);
  const isCds = pField === CDS_SHORT_P_FIELD;
  return {
    type: TIME_SERVICE,
    description: "The board's time.",
    requests: {
      setTimeReportRate: {
        subtype: SET_TIME_REPORT_RATE,
        description: "Sets how often the board's time is reported.",
        values: { rateExponentialValue: RATE },
      },
      setTime: { subtype: SET_TIME, description: "Sets the board's time.", values: time },
    },
    reports: {
      [isCds ? "cdsTimeReport" : "cucTimeReport"]: {
        subtype: isCds ? CDS_TIME_REPORT : CUC_TIME_REPORT,
        values: { rateExponentialValue: RATE, ...time, timeReferenceStatus: STATUS },
      },
    },
  };
}
