/** What the flatsat's sensors say: the satellite's state as raw numbers, with a little noise. */
import { uncalibrate } from "../../modules/dictionary/calibration.js";
import type { ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import type { Board } from "../../modules/flatsat/board-module.js";
import type { Computer } from "./computer.js";
import { dictionary } from "./dictionary.js";
import { noise } from "./noise.js";
import { fieldAt, ORBIT_S, phaseAt } from "./orbit.js";
import { type Satellite, STEP_MS } from "./satellite.js";

const STEPS_PER_SECOND = 1000 / STEP_MS;
const MILLI = 1000;
/** Of the magnetometer, in nT. */
const FIELD_NOISE = 40;
const { parameters } = dictionary;

export class Sensors {
  readonly #board: Board<typeof dictionary>;
  readonly #satellite: Satellite;
  readonly #computer: Computer;
  readonly #seed: number;
  readonly #to: Places;
  /** Which noise comes next. */
  #channel = 0;

  constructor(board: Board<typeof dictionary>, satellite: Satellite, computer: Computer) {
    this.#board = board;
    this.#satellite = satellite;
    this.#computer = computer;
    this.#seed = board.parameter("seed");
    this.#to = placesIn(board);
  }

  /** Writes all of them into the pool. */
  write(): void {
    this.#channel = 0;
    this.#writePower();
    this.#writeThermal();
    this.#writeAttitude();
    this.#writeSystem();
  }

  #writePower(): void {
    const { power } = this.#satellite;
    const { pool } = this.#board;
    const to = this.#to;
    this.#write(to.batteryVoltage, parameters.batteryVoltage, power.voltage);
    this.#write(to.batteryCurrent, parameters.batteryCurrent, (MILLI * power.charging) / power.voltage);
    pool.set(to.batteryCharge, this.#computer.charge);
    this.#write(to.solarCurrent, parameters.solarCurrent, (MILLI * power.solar) / power.voltage);
    pool.set(to.busVoltage, power.busVoltage);
    this.#write(to.load, parameters.load, MILLI * power.load);
  }

  #writeThermal(): void {
    const { thermal, heaterSteps } = this.#satellite;
    const to = this.#to;
    this.#write(to.batteryTemperature, parameters.batteryTemperature, thermal.battery);
    this.#write(to.panelTemperature, parameters.panelTemperature, thermal.panel);
    this.#write(to.payloadTemperature, parameters.payloadTemperature, thermal.payload);
    this.#write(to.boardTemperature, parameters.boardTemperature, thermal.board);
    this.#board.pool.set(to.heaterTime, Math.floor(heaterSteps / STEPS_PER_SECOND));
  }

  #writeAttitude(): void {
    const { attitude, seconds } = this.#satellite;
    const to = this.#to;
    this.#write(to.spinRate, parameters.spinRate, attitude.rate);
    for (let axis = 0; axis < 3; axis++) {
      const field = fieldAt(seconds, axis) + FIELD_NOISE * this.#noise();
      this.#board.pool.set(to.magneticField, Math.round(field), axis);
    }
  }

  #writeSystem(): void {
    const { sunlit, heaterOn, payloadOn, braking, seconds, payloadSteps } = this.#satellite;
    const { heaterControl, batteryLow, overTemperature, modeChanges } = this.#computer;
    const { pool } = this.#board;
    const to = this.#to;
    pool.setBits(to.sunlit, sunlit);
    pool.setBits(to.heaterControl, heaterControl);
    pool.setBits(to.heaterOn, heaterOn);
    pool.setBits(to.payloadOn, payloadOn);
    pool.setBits(to.detumbling, braking);
    pool.setBits(to.batteryLow, batteryLow);
    pool.setBits(to.overTemperature, overTemperature);
    pool.set(to.orbitPhase, Math.floor(uncalibrate(parameters.orbitPhase.calibration, phaseAt(seconds))));
    pool.set(to.orbits, Math.floor(seconds / ORBIT_S));
    pool.set(to.modeChanges, modeChanges);
    pool.set(to.pictures, Math.floor(payloadSteps / STEPS_PER_SECOND));
  }

  /** What a sensor makes of a value in the unit. A raw number is wrong by one at most. */
  #write(handle: number, { calibration }: ParameterDefinition, value: number): void {
    this.#board.pool.set(handle, Math.round(uncalibrate(calibration, value) + this.#noise()));
  }

  #noise(): number {
    this.#channel++;
    return noise(this.#board.pool.get(this.#seed), this.#satellite.steps, this.#channel);
  }
}

type Places = ReturnType<typeof placesIn>;

/** Looked up once: handles of parameters, and of the parts of the status. */
function placesIn(board: Board<typeof dictionary>) {
  return {
    batteryVoltage: board.parameter("batteryVoltage"),
    batteryCurrent: board.parameter("batteryCurrent"),
    batteryCharge: board.parameter("batteryCharge"),
    solarCurrent: board.parameter("solarCurrent"),
    busVoltage: board.parameter("busVoltage"),
    load: board.parameter("load"),
    batteryTemperature: board.parameter("batteryTemperature"),
    panelTemperature: board.parameter("panelTemperature"),
    payloadTemperature: board.parameter("payloadTemperature"),
    boardTemperature: board.parameter("boardTemperature"),
    heaterTime: board.parameter("heaterTime"),
    spinRate: board.parameter("spinRate"),
    magneticField: board.parameter("magneticField"),
    sunlit: board.bits("status", "sunlit"),
    heaterControl: board.bits("status", "heaterControl"),
    heaterOn: board.bits("status", "heaterOn"),
    payloadOn: board.bits("status", "payloadOn"),
    detumbling: board.bits("status", "detumbling"),
    batteryLow: board.bits("status", "batteryLow"),
    overTemperature: board.bits("status", "overTemperature"),
    orbitPhase: board.parameter("orbitPhase"),
    orbits: board.parameter("orbits"),
    modeChanges: board.parameter("modeChanges"),
    pictures: board.parameter("pictures"),
  };
}
