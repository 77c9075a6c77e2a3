/** How many digits a calibrated value is worth. */
import type { Calibration } from "../../modules/dictionary/dictionary.js";

/** Digits behind the point, at most. */
const MAX_DIGITS = 9;

/** Behind the point: as many as one step of the raw number is worth. @returns undefined where no number of them would do */
export function digitsOf(calibration: Calibration): number | undefined {
  const steps =
    "polynomial" in calibration
      ? [calibration.polynomial[1] ?? 0]
      : calibration.points
          .slice(1)
          .map(([raw, value], k) => (value - calibration.points[k]![1]) / (raw - calibration.points[k]![0]));
  const least = Math.min(...steps.map(Math.abs).filter((step) => step > 0));
  // A step of 1e-7 has a logarithm a little beside -7.
  const digits = Math.max(0, Math.ceil(-Math.log10(least) - 1e-9));
  return Number.isFinite(least) && digits <= MAX_DIGITS ? digits : undefined;
}
