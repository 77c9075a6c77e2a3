/** The names of reports, and of failure codes, as the board's own definitions have them. */

import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { FAILURE_CODES, SECURITY_FAILURE_CODES } from "../../modules/pus/failure-codes.js";
import { verificationMessages } from "../../modules/pus/messages/st01-messages.js";
import { TEST_MESSAGES } from "../../modules/pus/messages/st17-messages.js";

/** Names by service type and message subtype: `1,7` is `completionSuccess`. */
export function reportNames(): ReadonlyMap<string, string> {
  return new Map(
    [verificationMessages(DEFAULT_PUS_SETTINGS), TEST_MESSAGES].flatMap(({ type, reports }) =>
      Object.entries(reports).map(([name, { subtype }]) => [`${type},${subtype}`, name] as const),
    ),
  );
}

/** A failure code in words. */
export function failureName(code: number): string {
  return (
    [...FAILURE_CODES, ...SECURITY_FAILURE_CODES].find((each) => each.code === code)?.name ?? `failure code ${code}`
  );
}
