/**
 * The board that the simulator runs where no other is asked for: a flatsat with a battery, panels, a heater and a camera, over an orbit
 * of ten minutes. It needs no hardware. The same seed gives the same values at the same time since boot.
 */
import type { Binding, Board } from "../../modules/flatsat/board-module.js";
import { Computer } from "./computer.js";
import { dictionary } from "./dictionary.js";
import { Satellite, STEP_MS } from "./satellite.js";
import { Sensors } from "./sensors.js";

export { dictionary };

/** Steps in one tick at most: after a long sleep of the machine, the satellite slept as well. */
const MAX_STEPS = 600;

export function bind(board: Board<typeof dictionary>): Binding<typeof dictionary> {
  const { pool } = board;
  const satellite = new Satellite();
  const computer = new Computer(board, satellite);
  const sensors = new Sensors(board, satellite, computer);
  const heaterOnBelow = board.parameter("heaterOnBelow");
  const heaterOffAbove = board.parameter("heaterOffAbove");
  /** When the last step was, in milliseconds since boot. */
  let at = board.uptimeMs();
  sensors.write();
  return {
    setters: {
      heaterOnBelow: (value) => value < pool.get(heaterOffAbove),
      heaterOffAbove: (value) => value > pool.get(heaterOnBelow),
    },
    functions: {
      setMode: (mode) => computer.setMode(mode),
      setHeater(control) {
        computer.heaterControl = control;
        return 0;
      },
      switchPayload: (isOn) => computer.switchPayload(isOn === 1),
      detumble: () => computer.detumble(),
    },
    tick() {
      const now = board.uptimeMs();
      if (now - at > MAX_STEPS * STEP_MS) {
        at = now - MAX_STEPS * STEP_MS;
      }
      while (at + STEP_MS <= now) {
        at += STEP_MS;
        satellite.step();
        computer.step();
      }
      sensors.write();
    },
  };
}
