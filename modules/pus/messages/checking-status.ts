/** What is checked, and what came of it, as the messages of ST[12] have it (ECSS-E-ST-70-41C, 8.12.3). */

/** Check types (8.12.3, table 8-6). */
export const EXPECTED_VALUE_CHECK = 0;
export const LIMIT_CHECK = 1;

/** Checking statuses (tables 8-7 and 8-8). The last two are flatlink's. */
export const WITHIN_LIMITS = 0;
export const UNCHECKED = 1;
export const INVALID = 2;
export const BELOW_LOW_LIMIT = 3;
export const ABOVE_HIGH_LIMIT = 4;
export const BELOW_CRITICAL_LIMIT = 5;
export const ABOVE_CRITICAL_LIMIT = 6;
/** Of an expected-value check. */
export const EXPECTED_VALUE = WITHIN_LIMITS;
export const UNEXPECTED_VALUE = BELOW_LOW_LIMIT;

/** No event is raised (6.12.3.3). */
export const NO_EVENT = 0;
