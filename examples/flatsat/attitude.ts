/** A spin about one axis, in deg/s. Sunlight on the panels drives it, the air and, when told to, the coils brake it. */

const FIRST_RATE = 6;
/** Below this there is nothing to brake. */
export const STILL = 0.5;
/** deg/s in a second. */
const SUNLIGHT = 0.004;
/** Shares that are lost in a second. */
const AIR = 0.0005;
const COILS = 0.04;
const RADIANS = Math.PI / 180;

export class Attitude {
  rate = FIRST_RATE;
  /** Radians, 0 to two pi. */
  angle = 0;

  step(seconds: number, sunlit: boolean, braking: boolean): void {
    const loss = (AIR + (braking ? COILS : 0)) * this.rate;
    this.rate += ((sunlit ? SUNLIGHT : 0) - loss) * seconds;
    this.angle = (this.angle + this.rate * RADIANS * seconds) % (2 * Math.PI);
  }
}
