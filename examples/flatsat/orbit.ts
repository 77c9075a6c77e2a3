/** An orbit in ten minutes, so that there is something to see: it begins where the sun comes up, and ends in eclipse. */

export const ORBIT_S = 600;
export const ECLIPSE_S = 216;
/** In nT, at the equator; twice as strong at the poles. */
const FIELD = 15_000;
const RADIANS = Math.PI / 180;
/** Degrees between the field along x, y and z. */
const AXES = 90;

/** @returns degrees, 0 to 360 */
export function phaseAt(seconds: number): number {
  return ((seconds % ORBIT_S) / ORBIT_S) * 360;
}

export function sunlitAt(seconds: number): boolean {
  return seconds % ORBIT_S < ORBIT_S - ECLIPSE_S;
}

/** @param axis 0 to 2; @returns nT */
export function fieldAt(seconds: number, axis: number): number {
  return FIELD * (axis === 2 ? 2 : 1) * Math.cos((phaseAt(seconds) + axis * AXES) * RADIANS);
}
