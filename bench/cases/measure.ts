/**
 * Measures a case against its baseline, the two in turn, so that a machine that gets slower or faster meanwhile does
 * not favour one of them.
 */
import type { BenchCase } from "./bench-case.js";

export interface Budget {
  /** How often each of the two is measured: odd, so that there is a middle one. */
  readonly rounds: number;
  /** How long one measurement takes at least. */
  readonly roundMs: number;
}

export interface Measurement {
  readonly packetsPerSecond: number;
  readonly ratio: number;
}

export function measure(benchCase: BenchCase, now: () => number, budget: Budget): Measurement {
  const ours = (passes: number) => benchCase.ours(passes);
  const baseline = (passes: number) => benchCase.baseline(passes);
  // Finding out how many passes fill a round also warms both up.
  const oursPasses = passesFor(ours, now, budget.roundMs);
  const baselinePasses = passesFor(baseline, now, budget.roundMs);
  const speeds: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < budget.rounds; round++) {
    let mine: number;
    let other: number;
    if (round % 2 === 0) {
      mine = speed(ours, oursPasses, now);
      other = speed(baseline, baselinePasses, now);
    } else {
      other = speed(baseline, baselinePasses, now);
      mine = speed(ours, oursPasses, now);
    }
    speeds.push(mine);
    ratios.push(mine / other);
  }
  return { packetsPerSecond: median(speeds) * 1000 * benchCase.packets, ratio: median(ratios) };
}

/** @returns the middle one of an odd count of numbers */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function passesFor(run: (passes: number) => void, now: () => number, roundMs: number): number {
  for (let passes = 1; ; passes *= 2) {
    const start = now();
    run(passes);
    const elapsed = now() - start;
    if (elapsed >= roundMs / 2) {
      return Math.ceil((passes * roundMs) / elapsed);
    }
  }
}

/** Passes per millisecond. */
function speed(run: (passes: number) => void, passes: number, now: () => number): number {
  const start = now();
  run(passes);
  return passes / (now() - start);
}
