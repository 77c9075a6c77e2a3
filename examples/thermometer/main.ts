/** The thermometer on an ESP32: two sensors on analog inputs, the heater on a digital output. */

import type AnalogClass from "embedded:io/analog";
import type DigitalClass from "embedded:io/digital";
import start from "flatlink/main";
import Modules from "modules";
import { bind, dictionary, type Hardware } from "./board.js";

const ROOM_PIN = 34;
const HEATER_PIN = 35;
const SWITCH_PIN = 25;
/** Bits of the values that the calibrations are for. */
const RESOLUTION = 12;

function hardware(): Hardware {
  const Analog = Modules.importNow("embedded:io/analog") as typeof AnalogClass;
  const Digital = Modules.importNow("embedded:io/digital") as typeof DigitalClass;
  const room = new Analog({ pin: ROOM_PIN, resolution: RESOLUTION });
  const heater = new Analog({ pin: HEATER_PIN, resolution: RESOLUTION });
  const output = new Digital({ pin: SWITCH_PIN, mode: Digital.Output });
  return {
    room: () => room.read(),
    heater: () => heater.read(),
    heat: (on) => output.write(on ? 1 : 0),
  };
}

// The SDK's simulator has no inputs: there the model takes their place.
const given = Modules.has("embedded:io/analog") ? { given: hardware() } : {};

start({ board: { dictionary, bind }, ...given });
