/** Properties whose failures can be repeated: FLATLINK_SEED=<seed printed> runs the same cases again. */
import type { ExecutionContext } from "ava";
import fc from "fast-check";

const given = process.env["FLATLINK_SEED"];

/** Checks a property, and logs the seed. */
export function checkProperty<Values extends [unknown, ...unknown[]]>(
  t: ExecutionContext,
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  const seed = given === undefined ? Date.now() & 0x7fffffff : Number(given);
  t.log(`FLATLINK_SEED=${seed}`);
  fc.assert(property, { seed, numRuns, includeErrorInReport: true });
  t.pass();
}
