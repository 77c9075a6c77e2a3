/** The measuring side, for an engine that is driven by evaluating programs in it: XS. */
import { allCases } from "./all-cases.js";
import type { BenchCase } from "./bench-case.js";
import { type Budget, type Measurement, measure } from "./measure.js";

/** The XS worker has this one of the platform's clocks. */
declare const performance: { now(): number };

const cases = allCases();

function caseOf(index: number): BenchCase {
  return cases[index] as BenchCase;
}

const bench = {
  /** @returns JSON: name, packet length, packets and baseline of each case */
  list(): string {
    return JSON.stringify(
      cases.map(({ name, packetLength, packets, baselineName }) => ({ name, packetLength, packets, baselineName })),
    );
  },
  check(index: number): void {
    caseOf(index).check();
  },
  /** @returns JSON of a `Measurement` */
  measure(index: number, budget: Budget): string {
    const result: Measurement = measure(caseOf(index), () => performance.now(), budget);
    return JSON.stringify(result);
  },
  /** Works off so many passes, with the heap to be looked at before and after. */
  run(index: number, passes: number): void {
    caseOf(index).ours(passes);
  },
  runBaseline(index: number, passes: number): void {
    caseOf(index).baseline(passes);
  },
};

Object.assign(globalThis, { bench });
