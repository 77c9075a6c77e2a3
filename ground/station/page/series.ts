/** What a plot draws: the archive's samples and those that came since, in one line, with its gaps. */
import { plottable } from "./format.js";
import type { SampleRing } from "./ring.js";

/** Times in UNIX milliseconds, rising. Null: the line ends there. */
export interface Series {
  readonly times: number[];
  readonly values: (number | null)[];
}

export interface Outage {
  readonly from: number;
  /** Undefined: it goes on. */
  to: number | undefined;
}

/** A gap is so many times as long as the usual step, and at least so long. */
const GAP_STEPS = 2.5;
const LEAST_GAP_MS = 1500;
/** So many steps say what is usual. */
const MOST_STEPS = 500;
/** Fewer samples have no usual step. */
const LEAST_SAMPLES = 8;

/**
 * History up to its last sample, then what came live. Samples that are in both are there once.
 * @param from UNIX milliseconds; of what is before, only the last sample is kept, so that the line enters from the left
 */
export function joined(
  history: readonly (readonly [number, unknown])[],
  ring: SampleRing | undefined,
  from: number,
  to: number,
): Series {
  const times: number[] = [];
  const values: (number | null)[] = [];
  const add = (time: number, value: number): void => {
    if (time > to) {
      return;
    }
    if (times.length === 1 && time <= from) {
      times.length = 0;
      values.length = 0;
    }
    times.push(time);
    values.push(Number.isFinite(value) ? value : null);
  };
  for (const [time, value] of history) {
    add(time, plottable(value));
  }
  const last = history.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  ring?.read((time, value) => {
    if (time > last && (times.length === 0 || time >= times.at(-1)!)) {
      add(time, value);
    }
  });
  return { times, values };
}

/** Puts a null where nothing came for much longer than usual, and where there was no connection. */
export function withGaps({ times, values }: Series, outages: readonly Outage[]): Series {
  const limit = gapLimit(times);
  const gapped: Series = { times: [], values: [] };
  for (let k = 0; k < times.length; k++) {
    const time = times[k]!;
    const before = times[k - 1];
    if (before !== undefined && (time - before > limit || outages.some((one) => isBetween(one, before, time)))) {
      gapped.times.push(before + 1);
      gapped.values.push(null);
    }
    gapped.times.push(time);
    gapped.values.push(values[k]!);
  }
  return gapped;
}

function isBetween({ from, to }: Outage, before: number, time: number): boolean {
  return from >= before && (to ?? from) <= time;
}

function gapLimit(times: readonly number[]): number {
  if (times.length < LEAST_SAMPLES) {
    return Number.POSITIVE_INFINITY;
  }
  const stride = Math.ceil(times.length / MOST_STEPS);
  const steps: number[] = [];
  for (let k = 1; k < times.length; k += stride) {
    steps.push(times[k]! - times[k - 1]!);
  }
  steps.sort((a, b) => a - b);
  return Math.max(GAP_STEPS * steps[Math.floor(steps.length / 2)]!, LEAST_GAP_MS);
}

/** Least and greatest; undefined: there is no number. */
export function rangeOf(values: readonly (number | null)[]): { least: number; greatest: number } | undefined {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value !== null) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  return least <= greatest ? { least, greatest } : undefined;
}

/** A small line that has just begun is not drawn as a dot. */
const LEAST_SPARK_MS = 20_000;

/**
 * The path of a small line, `d` of an SVG path.
 * @param spanMs most that it shows; it begins with the first sample
 */
export function sparkPath(ring: SampleRing, width: number, height: number, spanMs: number): string {
  const to = ring.last ?? 0;
  const span = Math.min(spanMs, Math.max(to - (ring.first ?? to), LEAST_SPARK_MS));
  const from = to - span;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  ring.read((time, value) => {
    if (time >= from && Number.isFinite(value)) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  });
  const scale = greatest > least ? (height - 2) / (greatest - least) : 0;
  let path = "";
  let isOn = false;
  ring.read((time, value) => {
    if (time < from || !Number.isFinite(value)) {
      isOn = false;
      return;
    }
    const x = (width * (time - from)) / span;
    const y = scale === 0 ? height / 2 : height - 1 - (value - least) * scale;
    path += `${isOn ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
    isOn = true;
  });
  return path;
}
