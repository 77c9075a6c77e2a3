/** The messages of ST[17] test (ECSS-E-ST-70-41C, 8.17). */
import type { ServiceDefinition, ValueDefinition } from "../../dictionary/dictionary.js";

export const TEST_SERVICE = 17;
export const ARE_YOU_ALIVE = 1;
export const ARE_YOU_ALIVE_REPORT = 2;
export const ON_BOARD_CONNECTION_TEST = 3;
export const ON_BOARD_CONNECTION_TEST_REPORT = 4;

const APID: ValueDefinition = Object.freeze({ type: "uint16", maximum: 2046 });
const values = Object.freeze({ applicationProcessId: APID });

export const TEST_MESSAGES = Object.freeze({
  type: TEST_SERVICE,
  description: "Whether anybody is there.",
  requests: Object.freeze({
    areYouAlive: Object.freeze({
      subtype: ARE_YOU_ALIVE,
      description: "Asks the board for a sign of life.",
      replies: Object.freeze(["areYouAliveReport"]),
    }),
    onBoardConnectionTest: Object.freeze({
      subtype: ON_BOARD_CONNECTION_TEST,
      description: "Asks for a sign of life of an application process.",
      values,
      replies: Object.freeze(["onBoardConnectionTestReport"]),
    }),
  }),
  reports: Object.freeze({
    areYouAliveReport: Object.freeze({ subtype: ARE_YOU_ALIVE_REPORT }),
    onBoardConnectionTestReport: Object.freeze({ subtype: ON_BOARD_CONNECTION_TEST_REPORT, values }),
  }),
} as const) satisfies ServiceDefinition;
