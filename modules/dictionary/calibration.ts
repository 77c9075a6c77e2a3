/** Calibration curves: from raw numbers to values in a unit, and back where there is a way back. */
import { show } from "../checks/show.js";
import type { Calibration } from "./dictionary.js";

type Points = readonly (readonly [number, number])[];

/** @throws TypeError or RangeError when it is no curve */
export function checkCalibration(label: string, calibration: Calibration): void {
  if (typeof calibration !== "object" || calibration === null) {
    throw new TypeError(
      `${label}: calibration must be an object, as in { polynomial: [0, 0.1] }, not ${show(calibration)}`,
    );
  }
  const kind = "polynomial" in calibration ? "polynomial" : "points";
  for (const key of Object.keys(calibration)) {
    if (key !== kind) {
      throw new TypeError(`${label}: calibration must have a polynomial or points, and nothing else, not "${key}"`);
    }
  }
  if ("polynomial" in calibration) {
    checkNumbers(`${label}: calibration.polynomial`, calibration.polynomial, 1);
    return;
  }
  const { points } = calibration;
  if (!Array.isArray(points) || points.length < 2) {
    throw new TypeError(`${label}: calibration must have a polynomial, or at least 2 points, not ${show(points)}`);
  }
  (points as Points).forEach((point, k) => {
    checkNumbers(`${label}: calibration.points[${k}]`, point, 2, 2);
    if (k > 0 && !(point[0] > (points as Points)[k - 1]![0])) {
      throw new RangeError(`${label}: calibration.points must rise by their raw numbers; number ${k} does not`);
    }
  });
}

function checkNumbers(label: string, numbers: unknown, least: number, most = Number.POSITIVE_INFINITY): void {
  const isList = Array.isArray(numbers) && numbers.every((number) => Number.isFinite(number));
  if (!isList || numbers.length < least || numbers.length > most) {
    const count = most === least ? `${least} finite numbers` : `finite numbers, ${least} at least`;
    throw new TypeError(`${label} must be an array of ${count}, not ${show(numbers)}`);
  }
}

/** The value of a raw number, in the unit. */
export function calibrate(calibration: Calibration | undefined, raw: number): number {
  if (calibration === undefined) {
    return raw;
  }
  if ("polynomial" in calibration) {
    let value = 0;
    for (let k = calibration.polynomial.length - 1; k >= 0; k--) {
      value = value * raw + calibration.polynomial[k]!;
    }
    return value;
  }
  return along(calibration.points, 0, 1, raw);
}

/** Whether each value in the unit has one raw number: a line that is not level, or points that only rise or only fall. */
export function hasInverse(calibration: Calibration | undefined): boolean {
  if (calibration === undefined) {
    return true;
  }
  if ("polynomial" in calibration) {
    const { polynomial } = calibration;
    return (
      polynomial.length > 1 && polynomial[1] !== 0 && polynomial.slice(2).every((coefficient) => coefficient === 0)
    );
  }
  const { points } = calibration;
  const rises = points[1]![1] > points[0]![1];
  return points.every((point, k) => k === 0 || (rises ? point[1] > points[k - 1]![1] : point[1] < points[k - 1]![1]));
}

/** Whether greater raw numbers are smaller values. For a calibration that `hasInverse`. */
export function isFalling(calibration: Calibration | undefined): boolean {
  if (calibration === undefined) {
    return false;
  }
  return "polynomial" in calibration
    ? calibration.polynomial[1]! < 0
    : calibration.points[1]![1] < calibration.points[0]![1];
}

/** The raw number of a value in the unit, unrounded. For a calibration that `hasInverse`. */
export function uncalibrate(calibration: Calibration | undefined, value: number): number {
  if (calibration === undefined) {
    return value;
  }
  if ("polynomial" in calibration) {
    return (value - calibration.polynomial[0]!) / calibration.polynomial[1]!;
  }
  const { points } = calibration;
  const ordered = points[1]![1] > points[0]![1] ? points : [...points].reverse();
  return along(ordered, 1, 0, value);
}

/** Along the lines between points that rise by `from`; the outer ones go on. */
function along(points: Points, from: 0 | 1, to: 0 | 1, x: number): number {
  let k = 1;
  while (k < points.length - 1 && x > points[k]![from]) {
    k++;
  }
  const left = points[k - 1]!;
  const right = points[k]!;
  return left[to] + ((x - left[from]) / (right[from] - left[from])) * (right[to] - left[to]);
}
