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
  /** The same by the other clock, where there is one. */
  readonly cpuRatio?: number;
}

/** @returns milliseconds */
type Clock = () => number;

export function measure(benchCase: BenchCase, now: Clock, budget: Budget, cpu?: Clock): Measurement {
  const ours = (passes: number) => benchCase.ours(passes);
  const baseline = (passes: number) => benchCase.baseline(passes);
  // Finding out how many passes fill a round also warms both up.
  const oursPasses = passesFor(ours, now, budget.roundMs);
  const baselinePasses = passesFor(baseline, now, budget.roundMs);
  const speeds: number[] = [];
  const ratios: number[] = [];
  const cpuRatios: number[] = [];
  for (let round = 0; round < budget.rounds; round++) {
    let mine: Spent;
    let other: Spent;
    if (round % 2 === 0) {
      mine = spend(ours, oursPasses, now, cpu);
      other = spend(baseline, baselinePasses, now, cpu);
    } else {
      other = spend(baseline, baselinePasses, now, cpu);
      mine = spend(ours, oursPasses, now, cpu);
    }
    speeds.push(1 / mine.wall);
    ratios.push(other.wall / mine.wall);
    cpuRatios.push(other.cpu / mine.cpu);
  }
  return {
    packetsPerSecond: median(speeds) * 1000 * benchCase.packets,
    ratio: median(ratios),
    ...(cpu === undefined ? {} : { cpuRatio: median(cpuRatios) }),
  };
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

/** Milliseconds that one pass takes, by each clock. */
interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

function spend(run: (passes: number) => void, passes: number, now: Clock, cpu: Clock = now): Spent {
  const start = now();
  const cpuStart = cpu();
  run(passes);
  return { cpu: (cpu() - cpuStart) / passes, wall: (now() - start) / passes };
}
