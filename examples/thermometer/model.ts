/** A room with a heater, as the sensors would see them: for the desk. */
import type { Hardware } from "./board.js";

const OUTSIDE = 12;
/** Kelvin a second: what the heater gives itself, and the share of a difference that goes from one to the other. */
const HEATING = 3;
const TO_ROOM = 0.02;
const TO_OUTSIDE = 0.001;

/** @param board whose clock drives the model */
export function model(board: { uptimeMs(): number }): Hardware {
  let room = 18;
  let heater = 18;
  let on = false;
  let at = board.uptimeMs();
  const advance = (): void => {
    const now = board.uptimeMs();
    const seconds = (now - at) / 1000;
    at = now;
    const flow = (heater - room) * TO_ROOM * seconds;
    heater += (on ? HEATING * seconds : 0) - flow;
    room += flow / 10 - (room - OUTSIDE) * TO_OUTSIDE * seconds;
  };
  return {
    room() {
      advance();
      return (room + 40) / 0.05;
    },
    // Between the points of its calibration that matter here: 0, 30 and 80 degC.
    heater: () => (heater < 30 ? 1024 + (heater / 30) * 1024 : 2048 + ((heater - 30) / 50) * 1024),
    heat(value) {
      on = value;
    },
  };
}
