/** A board with two temperature sensors and a heater: on the desk a small model of a room, on an ESP32 what `main.ts` hands in. */
import { defineDictionary } from "flatlink/dictionary/define-dictionary";
import type { Binding, Board } from "flatlink/flatsat/board-module";
import { model } from "./model.js";

export const dictionary = defineDictionary({
  name: "thermometer",
  parameters: {
    roomTemperature: {
      id: 256,
      type: "uint16",
      unit: "degC",
      // 12 bits of an LM35-like sensor: 0 is -40 degC, each step 0.05 K.
      calibration: { polynomial: [-40, 0.05] },
      limits: { warning: { low: 10, high: 35 }, critical: { low: 0, high: 60 } },
      group: "thermal",
    },
    heaterTemperature: {
      id: 257,
      type: "uint16",
      unit: "degC",
      calibration: {
        points: [
          [0, -40],
          [1024, 0],
          [2048, 30],
          [3072, 80],
          [4095, 150],
        ],
      },
      limits: { warning: { high: 80 }, critical: { high: 100 } },
      group: "thermal",
    },
    mode: { id: 258, type: "uint8", words: { off: 0, heating: 1, holding: 2 }, group: "control" },
    setPoint: {
      id: 259,
      type: "int8",
      unit: "degC",
      minimum: 5,
      maximum: 30,
      initial: 20,
      settable: true,
      group: "control",
    },
  },
  structures: {
    thermal: { id: 16, parameters: ["roomTemperature", "heaterTemperature", "mode", "setPoint"], intervalMs: 2000 },
  },
  events: {
    tooHot: {
      id: 256,
      severity: "medium",
      text: "heater switched off, its sensor says {raw}",
      values: { raw: { type: "uint16" } },
    },
  },
  functions: {
    setHeater: {
      id: 16,
      description: "Switches the heater's control on or off.",
      arguments: { on: { type: "boolean", default: false } },
      dangerous: "The heater becomes hot enough to burn a hand.",
    },
  },
  failureCodes: {
    heaterTooHot: { code: 256, description: "the heater is too hot to be switched on", data: "its raw temperature" },
  },
});

/** What the platform has: raw sensor values, 0 to 4095, and a switch. */
export interface Hardware {
  room(): number;
  heater(): number;
  heat(on: boolean): void;
}

/** 80 degC, raw: above it the heater is switched off. */
const HOT = 3072;

export function bind(board: Board<typeof dictionary>, hardware: Hardware = model(board)): Binding<typeof dictionary> {
  const { pool } = board;
  const room = board.parameter("roomTemperature");
  const heater = board.parameter("heaterTemperature");
  const mode = board.parameter("mode");
  const setPoint = board.parameter("setPoint");
  const tooHot = board.event("tooHot");
  const heaterTooHot = board.failureCode("heaterTooHot");
  const { off, heating, holding } = dictionary.parameters.mode.words;
  return {
    functions: {
      setHeater(on) {
        if (on === 1 && pool.get(heater) > HOT) {
          return board.fail(heaterTooHot, pool.get(heater));
        }
        pool.set(mode, on === 1 ? heating : off);
        return 0;
      },
    },
    tick() {
      pool.set(room, hardware.room());
      pool.set(heater, hardware.heater());
      if (pool.get(mode) !== off) {
        if (pool.get(heater) > HOT) {
          pool.set(mode, off);
          board.raise(tooHot, pool.get(heater));
        } else {
          pool.set(mode, pool.get(room) * 0.05 - 40 < pool.get(setPoint) ? heating : holding);
        }
      }
      hardware.heat(pool.get(mode) === heating);
    },
  };
}
