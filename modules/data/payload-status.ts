/** What can be wrong with a payload: the form that allocates nothing. */

export const VALID_PAYLOAD = 0;
/** Bytes are missing at the end. */
export const PARTIAL_PAYLOAD = 1;
/** Bytes are left over. */
export const SURPLUS_PAYLOAD = 2;
/** A byte that is always the same is another one. */
export const CONSTANT_MISMATCH = 3;
/** A value does not fit its field. */
export const UNFIT_VALUE = 4;

export type PayloadStatus =
  | typeof VALID_PAYLOAD
  | typeof PARTIAL_PAYLOAD
  | typeof SURPLUS_PAYLOAD
  | typeof CONSTANT_MISMATCH
  | typeof UNFIT_VALUE;

/** Names of the statuses, by number. */
export const PAYLOAD_STATUS_NAMES: readonly string[] = Object.freeze([
  "valid",
  "partialPayload",
  "surplusPayload",
  "constantMismatch",
  "valueOutOfRange",
]);
