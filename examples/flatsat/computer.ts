/** What the flatsat's computer decides: modes, the thermostat, what is too low or too hot; and what it says about that. */
import type { Board } from "../../modules/flatsat/board-module.js";
import { STILL } from "./attitude.js";
import { dictionary } from "./dictionary.js";
import type { Satellite } from "./satellite.js";

const { safe, nominal, payload } = dictionary.parameters.mode.words;
const { on, automatic } = dictionary.parameters.status.bits.heaterControl.words;
const { events } = dictionary;
const { reason } = events.modeChanged.values;
const { sensor } = events.overTemperature.values;
const { chargeTooLow, notInPayloadMode, noSpin, tooHot } = dictionary.failureCodes;

/** How far beyond its limit a value must be back before it is good again: percent, kelvin. */
const CHARGE_BACK = 20;
const TEMPERATURE_BACK = 10;
/** Temperatures and spin rates in events. */
const CENTI = 100;

export class Computer {
  heaterControl: number = automatic;
  batteryLow = false;
  overTemperature = false;
  modeChanges = 0;
  readonly #board: Board<typeof dictionary>;
  readonly #satellite: Satellite;
  readonly #mode: number;
  readonly #heaterOnBelow: number;
  readonly #heaterOffAbove: number;
  readonly #batteryLowLimit: number;
  readonly #overTemperatureLimit: number;
  #wasSunlit = true;

  constructor(board: Board<typeof dictionary>, satellite: Satellite) {
    this.#board = board;
    this.#satellite = satellite;
    this.#mode = board.parameter("mode");
    this.#heaterOnBelow = board.parameter("heaterOnBelow");
    this.#heaterOffAbove = board.parameter("heaterOffAbove");
    this.#batteryLowLimit = board.parameter("batteryLowLimit");
    this.#overTemperatureLimit = board.parameter("overTemperatureLimit");
  }

  /** Percent. */
  get charge(): number {
    return Math.round(this.#satellite.power.charge * 100);
  }

  /** @returns 0, or a failure code */
  setMode(mode: number): number {
    if (mode !== safe && this.batteryLow) {
      return this.#board.fail(chargeTooLow.code, this.charge);
    }
    this.#change(mode, reason.words.telecommand);
    return 0;
  }

  /** @returns 0, or a failure code */
  switchPayload(isOn: boolean): number {
    const mode = this.#board.pool.get(this.#mode);
    if (isOn && mode !== payload) {
      return this.#board.fail(notInPayloadMode.code, mode);
    }
    if (isOn && this.overTemperature) {
      return tooHot.code;
    }
    this.#satellite.payloadOn = isOn;
    return 0;
  }

  /** @returns 0, or a failure code */
  detumble(): number {
    const { attitude } = this.#satellite;
    if (Math.abs(attitude.rate) < STILL) {
      return noSpin.code;
    }
    this.#satellite.braking = true;
    return 0;
  }

  step(): void {
    this.#watchSun();
    this.#watchBattery();
    this.#watchTemperatures();
    this.#thermostat();
    this.#watchSpin();
  }

  #change(mode: number, why: number): void {
    const { pool } = this.#board;
    const before = pool.get(this.#mode);
    if (mode === before) {
      return;
    }
    pool.set(this.#mode, mode);
    this.modeChanges++;
    this.#satellite.asleep = mode === safe;
    if (mode !== payload) {
      this.#satellite.payloadOn = false;
    }
    this.#board.raise(events.modeChanged.id, before, mode, why);
  }

  #watchSun(): void {
    const { sunlit } = this.#satellite;
    if (sunlit !== this.#wasSunlit) {
      this.#wasSunlit = sunlit;
      this.#board.raise(sunlit ? events.eclipseLeft.id : events.eclipseEntered.id, this.charge);
    }
  }

  #watchBattery(): void {
    const limit = this.#board.pool.get(this.#batteryLowLimit);
    const { charge } = this;
    if (!this.batteryLow && charge < limit) {
      this.batteryLow = true;
      this.#board.raise(events.batteryLow.id, charge);
      this.#change(safe, reason.words.batteryLow);
    } else if (this.batteryLow && charge >= Math.min(100, limit + CHARGE_BACK)) {
      this.batteryLow = false;
      this.#board.raise(events.batteryRecovered.id, charge);
    }
  }

  #watchTemperatures(): void {
    const { thermal } = this.#satellite;
    const limit = this.#board.pool.get(this.#overTemperatureLimit);
    const hottest = Math.max(thermal.battery, thermal.board, thermal.payload);
    if (!this.overTemperature && hottest > limit) {
      this.overTemperature = true;
      const { battery, board, payload: camera } = sensor.words;
      const which = hottest === thermal.payload ? camera : hottest === thermal.board ? board : battery;
      this.#board.raise(events.overTemperature.id, which, Math.round(hottest * CENTI));
      if (this.#board.pool.get(this.#mode) === payload) {
        this.#change(nominal, reason.words.overTemperature);
      }
    } else if (this.overTemperature && hottest < limit - TEMPERATURE_BACK) {
      this.overTemperature = false;
      this.#board.raise(events.temperatureNormal.id);
    }
  }

  #thermostat(): void {
    const satellite = this.#satellite;
    const { battery } = satellite.thermal;
    if (this.heaterControl !== automatic) {
      satellite.heaterOn = this.heaterControl === on;
    } else if (battery < this.#board.pool.get(this.#heaterOnBelow)) {
      satellite.heaterOn = true;
    } else if (battery > this.#board.pool.get(this.#heaterOffAbove)) {
      satellite.heaterOn = false;
    }
  }

  #watchSpin(): void {
    const { attitude, braking } = this.#satellite;
    if (braking && Math.abs(attitude.rate) < STILL) {
      this.#satellite.braking = false;
      this.#board.raise(events.detumbled.id, Math.round(attitude.rate * CENTI));
    }
  }
}
