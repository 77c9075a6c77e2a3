/** The functions that change who has keys. */
import {
  ASSOCIATION_WITHOUT_KEY,
  LAST_COMMANDER_FAILURE,
  NOT_ON_THIS_PLATFORM,
  SUCCESS,
  UNKNOWN_ASSOCIATION,
} from "../pus/failure-codes.js";
import type { FunctionHandler } from "../pus/st08-functions.js";
import {
  type BoardSecurity,
  DONE,
  LAST_COMMANDER,
  NOT_IN_SETTING,
  type SecurityAnswer,
} from "../security/board-security.js";
import type { SECURITY_DICTIONARY } from "./security-dictionary.js";

/**
 * @param keys undefined: the platform keeps none
 * @param setFailureData says what a failure code is about: the SPI
 */
export function securityFunctions(
  keys: BoardSecurity | undefined,
  setFailureData: (data: number) => void,
): Record<keyof typeof SECURITY_DICTIONARY.functions, FunctionHandler> {
  const answer = (spi: number, change: SecurityAnswer | undefined): number => {
    const code = failureOf(change);
    // The data of the other codes is "none" (`pus/failure-codes.ts`).
    if (code === UNKNOWN_ASSOCIATION || code === ASSOCIATION_WITHOUT_KEY || code === LAST_COMMANDER_FAILURE) {
      setFailureData(spi);
    }
    return code;
  };
  return {
    activateAssociation: (spi) => answer(spi, keys?.activate(spi)),
    retireAssociation: (spi) => answer(spi, keys?.retire(spi)),
  };
}

/** @param answer undefined: there was nobody to ask */
function failureOf(answer: SecurityAnswer | undefined): number {
  switch (answer) {
    case undefined:
      return NOT_ON_THIS_PLATFORM;
    case DONE:
      return SUCCESS;
    case NOT_IN_SETTING:
      return UNKNOWN_ASSOCIATION;
    case LAST_COMMANDER:
      return LAST_COMMANDER_FAILURE;
    default:
      return ASSOCIATION_WITHOUT_KEY;
  }
}
