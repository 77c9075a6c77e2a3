/** Properties whose failures can be repeated: FLATLINK_SEED=<seed printed> runs the same cases again. */
import type { ExecutionContext } from "ava";
import fc from "fast-check";

const given = process.env["FLATLINK_SEED"];

function seedFor(t: ExecutionContext): number {
  const seed = given === undefined ? Date.now() & 0x7fffffff : Number(given);
  t.log(`FLATLINK_SEED=${seed}`);
  return seed;
}

/** Checks a property, and logs the seed. */
export function checkProperty<Values extends [unknown, ...unknown[]]>(
  t: ExecutionContext,
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  fc.assert(property, { seed: seedFor(t), numRuns, includeErrorInReport: true });
  t.pass();
}

/** The same for a property that has to be waited for. */
export async function checkAsyncProperty<Values extends [unknown, ...unknown[]]>(
  t: ExecutionContext,
  property: fc.IAsyncProperty<Values>,
  numRuns: number,
): Promise<void> {
  await fc.assert(property, { seed: seedFor(t), numRuns, includeErrorInReport: true });
  t.pass();
}
