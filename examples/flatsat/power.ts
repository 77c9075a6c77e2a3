/** Panels and a battery of two cells. What the panels give and nobody needs is lost. */

/** Small enough to be empty within an orbit, in joules. */
export const CAPACITY = 1500;
const FIRST_CHARGE = 0.85;
/** In watts, with all of the panel in the sun; the spin takes some of it away. */
const PANELS = 3.6;
const SHADE = 0.2;
/** In volts: of an empty battery, and how much more a full one has. */
const EMPTY = 6.7;
const FULL = 1.5;
/** In ohms: of the battery, and of the wires to the bus. */
const INSIDE = 0.2;
const WIRES = 0.1;

export class Power {
  /** Joules in the battery. */
  energy = FIRST_CHARGE * CAPACITY;
  /** Watts that the panels could give. */
  solar = 0;
  /** Watts that all consumers take. */
  load = 0;
  /** Watts into the battery; negative: out of it. */
  charging = 0;

  /** 0 to 1. */
  get charge(): number {
    return this.energy / CAPACITY;
  }

  /** Volts. */
  get voltage(): number {
    const open = EMPTY + FULL * this.charge;
    return open + (INSIDE * this.charging) / open;
  }

  /** Volts behind the wires. */
  get busVoltage(): number {
    return this.voltage - (WIRES * this.load) / this.voltage;
  }

  /** @param angle of the spin, in radians; @param load in watts */
  step(seconds: number, sunlit: boolean, angle: number, load: number): void {
    this.load = load;
    this.solar = sunlit ? PANELS * (1 - SHADE * (0.5 + 0.5 * Math.cos(angle))) : 0;
    const before = this.energy;
    this.energy = Math.min(CAPACITY, Math.max(0, before + (this.solar - load) * seconds));
    this.charging = (this.energy - before) / seconds;
  }
}
