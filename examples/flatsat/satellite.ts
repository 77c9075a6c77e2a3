/** The satellite without its computer: what is switched, and what follows from it. The same steps lead to the same state. */
import { Attitude } from "./attitude.js";
import { sunlitAt } from "./orbit.js";
import { Power } from "./power.js";
import { Thermal } from "./thermal.js";

export const STEP_MS = 100;
const STEP_S = STEP_MS / 1000;
/** Watts. */
const ASLEEP = 0.7;
const AWAKE = 1.4;
const HEATER = 0.8;
const PAYLOAD = 3.2;
const COILS = 0.3;

export class Satellite {
  readonly power = new Power();
  readonly thermal = new Thermal();
  readonly attitude = new Attitude();
  /** Since boot. */
  steps = 0;
  sunlit = true;
  /** What the computer switches. */
  asleep = false;
  heaterOn = false;
  payloadOn = false;
  braking = false;
  /** Steps with the heater on, with the payload on. */
  heaterSteps = 0;
  payloadSteps = 0;

  get seconds(): number {
    return this.steps * STEP_S;
  }

  step(): void {
    const { heaterOn, payloadOn, braking } = this;
    this.steps++;
    this.heaterSteps += heaterOn ? 1 : 0;
    this.payloadSteps += payloadOn ? 1 : 0;
    this.sunlit = sunlitAt(this.seconds);
    const computer = this.asleep ? ASLEEP : AWAKE;
    const load = computer + (heaterOn ? HEATER : 0) + (payloadOn ? PAYLOAD : 0) + (braking ? COILS : 0);
    this.attitude.step(STEP_S, this.sunlit, braking);
    this.power.step(STEP_S, this.sunlit, this.attitude.angle, load);
    this.thermal.step(STEP_S, this.sunlit, computer, heaterOn, payloadOn);
  }
}
