/**
 * Limits as COSMOS has them: four numbers, red low, yellow low, yellow high, red high, and a value that equals one is out. In a dictionary
 * what equals a limit is good, and any of the four may be missing.
 */
import { FLOAT32, numberKind, UINT64 } from "../../../modules/data/field-kinds.js";
import { calibrate, hasInverse, uncalibrate } from "../../../modules/dictionary/calibration.js";
import type { Limits, ParameterDefinition, ValueDefinition } from "../../../modules/dictionary/dictionary.js";
import { number } from "./text.js";

/** Beyond every value that is worth a limit; words for infinity are not read everywhere. */
const NEVER = 1e308;
/** How far a limit is moved: far above the rounding of a calibration, far below what anybody measures. */
const SHIFT = 1e-9;

/** The line for an item; undefined when nothing is limited. */
export function limitsLine(definition: ValueDefinition): string | undefined {
  const { limits } = definition as ParameterDefinition;
  if (limits === undefined) {
    return undefined;
  }
  const bounds = boundsOf(definition, limits);
  return bounds === undefined ? undefined : `LIMITS DEFAULT 1 ENABLED ${bounds.map(number).join(" ")}`;
}

function boundsOf(definition: ValueDefinition, { warning = {}, critical = {} }: Limits): number[] | undefined {
  const lows = [critical.low, warning.low];
  const highs = [critical.high, warning.high];
  if ([...lows, ...highs].every((limit) => limit === undefined)) {
    return undefined;
  }
  const low = (limit: number | undefined) => (limit === undefined ? -NEVER : moved(definition, limit, -1));
  const high = (limit: number | undefined) => (limit === undefined ? NEVER : moved(definition, limit, 1));
  const redLow = low(critical.low);
  const redHigh = high(critical.high);
  let yellowLow = Math.max(redLow, low(warning.low));
  let yellowHigh = Math.min(redHigh, high(warning.high));
  if (yellowLow >= yellowHigh) {
    // Nothing is good. COSMOS wants a range nevertheless: one that next to no value is in.
    if (yellowLow === redLow) {
      yellowHigh = yellowLow + Math.abs(yellowLow) * SHIFT + Number.MIN_VALUE;
    } else {
      yellowLow = yellowHigh - Math.abs(yellowHigh) * SHIFT - Number.MIN_VALUE;
    }
  }
  return [redLow, yellowLow, yellowHigh, Math.max(redHigh, yellowHigh)];
}

/** A limit that a raw number reaches exactly is moved out of its way. @param side -1: of a low limit, 1: of a high one */
function moved(definition: ValueDefinition, limit: number, side: number): number {
  const { calibration } = definition;
  const kind = numberKind(definition.type);
  const isFloat = kind >= FLOAT32 && kind < UINT64;
  const shift = side * SHIFT * Math.max(Math.abs(limit), Number.MIN_VALUE / SHIFT);
  if (isFloat && calibration === undefined) {
    const reached = definition.type === "float32" ? Math.fround(limit) === limit : true;
    return reached ? limit + (limit === 0 ? side * Number.MIN_VALUE : shift) : limit;
  }
  if (isFloat || !hasInverse(calibration)) {
    return limit + shift;
  }
  const raw = Math.round(uncalibrate(calibration, limit));
  const step = Math.abs(calibrate(calibration, raw + 1) - calibrate(calibration, raw - 1)) / 2;
  const least = side * Math.min(step / 2, SHIFT * Math.max(Math.abs(limit), step));
  return Math.abs(calibrate(calibration, raw) - limit) <= Math.abs(least) ? limit + least : limit;
}
