/** The simulated flatsat over several orbits, case by case, for Node and for XS. */
import { dictionary } from "../../examples/flatsat/board.js";
import { ECLIPSE_S, ORBIT_S } from "../../examples/flatsat/orbit.js";
import type { ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { equal, holds } from "../link/expect.js";
import type { Cases } from "../link/rig.js";
import { FlatsatRig, type Name } from "./flatsat-rig.js";

const { safe, nominal, payload } = dictionary.parameters.mode.words;
const { off, on, automatic } = dictionary.parameters.status.bits.heaterControl.words;
const { failureCodes } = dictionary;
const SUNLIT_S = ORBIT_S - ECLIPSE_S;
/** Modes, then why. */
const BY_TELECOMMAND = 0;
const BY_BATTERY = 1;
const BY_HEAT = 2;

function names(rig: FlatsatRig): string[] {
  return rig.said.map((line) => line.split(" ")[0]!);
}

export const flatsatCases: Cases = {
  "three orbits in nominal mode: every value is within its warning limits, and the orbits are alike"() {
    const rig = new FlatsatRig();
    const limited = Object.entries<ParameterDefinition>(dictionary.parameters).filter(([, each]) => each.limits);
    equal(limited.length, 9, "parameters with limits");
    const ends: number[] = [];
    for (let orbit = 0; orbit < 3; orbit++) {
      rig.run(ORBIT_S, () => {
        for (const [name, { limits }] of limited) {
          const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = limits!.warning!;
          const value = rig.value(name as Name);
          holds(value >= low && value <= high, `${name} ${value} within ${low} to ${high}`);
        }
      });
      ends.push(rig.value("batteryCharge"));
    }
    holds(Math.abs(ends[1]! - ends[2]!) <= 1, `the charge at the end of orbits: ${ends}`);
    equal(rig.raw("orbits"), 3, "orbits");
    equal(
      names(rig),
      ["eclipseEntered", "eclipseLeft", "eclipseEntered", "eclipseLeft", "eclipseEntered", "eclipseLeft"],
      "events",
    );
    equal([rig.raw("mode"), rig.raw("modeChanges")], [nominal, 0], "mode");
  },

  "in the sun the battery is charged and the panel warm; in eclipse it discharges, and the panels give nothing"() {
    const rig = new FlatsatRig();
    rig.run(SUNLIT_S - 10);
    equal(rig.status("sunlit"), 1, "sunlit");
    holds(rig.value("solarCurrent") > 300, `solar current ${rig.value("solarCurrent")}`);
    holds(rig.value("panelTemperature") > 55, `panel ${rig.value("panelTemperature")}`);
    equal(rig.value("batteryCharge"), 100, "charge");
    rig.run(15);
    equal(rig.status("sunlit"), 0, "sunlit");
    const { said } = rig;
    equal(said, ["eclipseEntered 100"], "events");
    let charge = rig.value("batteryCharge");
    let voltage = rig.value("batteryVoltage");
    for (let k = 0; k < 5; k++) {
      rig.run(40);
      holds(rig.value("batteryCharge") < charge, `charge falls below ${charge}`);
      holds(rig.value("batteryVoltage") < voltage, `voltage falls below ${voltage}`);
      holds(rig.value("batteryCurrent") < -150, `current ${rig.value("batteryCurrent")}`);
      holds(rig.value("solarCurrent") <= 1, `solar current ${rig.value("solarCurrent")}`);
      holds(rig.value("busVoltage") < rig.value("batteryVoltage") + 0.01, "the wires take some of the voltage");
      charge = rig.value("batteryCharge");
      voltage = rig.value("batteryVoltage");
    }
    holds(rig.value("panelTemperature") < -30, `panel ${rig.value("panelTemperature")}`);
    rig.run(60);
    holds(rig.value("batteryCharge") > charge, "it is charged again");
    equal(rig.said[1]!.split(" ")[0], "eclipseLeft", "the second event");
  },

  "the thermostat keeps the battery near its set-points; the heater warms it, and is counted"() {
    const rig = new FlatsatRig();
    let lowest = Number.POSITIVE_INFINITY;
    rig.run(2 * ORBIT_S, () => {
      lowest = Math.min(lowest, rig.value("batteryTemperature"));
    });
    holds(lowest > 3 && lowest < 5, `the heater holds it at 4 degC: ${lowest}`);
    const time = rig.raw("heaterTime");
    holds(time > 20 && time < ORBIT_S, `heater on for ${time} s`);
    equal(rig.call("setHeater", on), 0, "switched on");
    const before = rig.value("batteryTemperature");
    const load = rig.value("load");
    rig.run(100);
    equal([rig.status("heaterOn"), rig.status("heaterControl")], [1, on], "status");
    equal(rig.raw("heaterTime") - time, 100, "seconds on");
    holds(rig.value("load") > load + 700, `load ${load} became ${rig.value("load")}`);
    holds(rig.value("batteryTemperature") > before + 3, `from ${before} to ${rig.value("batteryTemperature")}`);
    equal(rig.call("setHeater", off), 0, "switched off");
    rig.run(2 * ORBIT_S, () => {
      lowest = Math.min(lowest, rig.value("batteryTemperature"));
    });
    holds(lowest < 2, `without a heater it is colder: ${lowest}`);
    equal(rig.call("setHeater", automatic), 0, "left to the thermostat");
    rig.set("heaterOnBelow", 15);
    rig.set("heaterOffAbove", 20);
    rig.run(1);
    equal(rig.status("heaterOn"), 1, "heater, with its set-point raised");
  },

  "set-points that cross are refused"() {
    const { setters } = new FlatsatRig().binding;
    equal([setters!.heaterOnBelow!(7), setters!.heaterOnBelow!(8)], [true, false], "on below, with off above 8");
    equal([setters!.heaterOffAbove!(5), setters!.heaterOffAbove!(4)], [true, false], "off above, with on below 4");
  },

  "the payload works in payload mode only, takes a picture a second, and goes off when it is too hot"() {
    const rig = new FlatsatRig();
    equal(rig.call("switchPayload", 1), failureCodes.notInPayloadMode.code, "in nominal mode");
    equal(rig.failureData, nominal, "which the failure says");
    equal(rig.call("switchPayload", 0), 0, "it may be switched off always");
    equal(rig.call("setMode", payload), 0, "payload mode");
    equal(rig.said, [`modeChanged ${nominal} ${payload} ${BY_TELECOMMAND}`], "events");
    equal(rig.call("switchPayload", 1), 0, "switched on");
    rig.run(30);
    equal([rig.raw("pictures"), rig.status("payloadOn")], [30, 1], "pictures, payload");
    holds(rig.value("load") > 4000, `load ${rig.value("load")}`);
    rig.run(200);
    equal(rig.status("payloadOn"), 0, "payload, once it was too hot");
    const hot = rig.said.find((line) => line.startsWith("overTemperature"))!.split(" ");
    equal(hot[1], "2", "the sensor");
    holds(Number(hot[2]) >= 5500 && Number(hot[2]) < 5520, `temperature ${hot[2]}`);
    equal(rig.said.includes(`modeChanged ${payload} ${nominal} ${BY_HEAT}`), true, "nominal mode again");
    // Until it has cooled down.
    const other = new FlatsatRig();
    other.set("overTemperatureLimit", 30);
    other.call("setMode", payload);
    other.call("switchPayload", 1);
    other.run(60);
    equal(other.status("overTemperature"), 1, "too hot");
    equal(other.call("setMode", payload), 0, "payload mode is allowed");
    equal(other.call("switchPayload", 1), failureCodes.tooHot.code, "the payload is not");
    other.run(200);
    equal(other.status("overTemperature"), 0, "cool again");
    equal(names(other).includes("temperatureNormal"), true, "said so");
    equal(other.call("switchPayload", 1), 0, "switched on again");
  },

  "a low battery means safe mode without payload, until it has recovered and the ground says otherwise"() {
    const rig = new FlatsatRig();
    rig.set("overTemperatureLimit", 90);
    rig.call("setMode", payload);
    rig.call("switchPayload", 1);
    rig.run(ORBIT_S, () => holds(rig.value("batteryCharge") > 10, "the battery is never empty"));
    const events = names(rig);
    const at = events.indexOf("batteryLow");
    equal(rig.said[at], "batteryLow 39", "event");
    equal(rig.said[at + 1], `modeChanged ${payload} ${safe} ${BY_BATTERY}`, "event behind it");
    equal([rig.raw("mode"), rig.status("payloadOn"), rig.status("batteryLow")], [safe, 0, 1], "mode, payload, low");
    equal(rig.call("setMode", nominal), failureCodes.chargeTooLow.code, "nominal mode");
    equal(rig.failureData, rig.raw("batteryCharge"), "which the failure says");
    equal(rig.call("setMode", safe), 0, "safe mode it has");
    holds(rig.value("load") < 1600, `load ${rig.value("load")}`);
    rig.run(ORBIT_S / 2);
    equal(rig.said.includes("batteryRecovered 60"), true, `said ${rig.said}`);
    equal([rig.raw("mode"), rig.status("batteryLow")], [safe, 0], "mode, low");
    equal(rig.call("setMode", nominal), 0, "nominal mode again");
    equal(rig.raw("modeChanges") < 4, true, "changes are written with the next tick");
    rig.run(1);
    equal(rig.raw("modeChanges"), 3, "mode changes");
  },

  "the threshold of the battery can be set"() {
    const rig = new FlatsatRig();
    rig.set("batteryLowLimit", 80);
    rig.run(ORBIT_S);
    equal(names(rig).includes("batteryLow"), false, `nominal mode stays above 80: ${rig.said}`);
    rig.call("setHeater", on);
    rig.run(ORBIT_S);
    equal(rig.said.includes("batteryLow 79"), true, `said ${rig.said}`);
  },

  "the spin is driven by the sun, braked by the air, and by the coils when told to"() {
    const rig = new FlatsatRig();
    rig.run(SUNLIT_S);
    const driven = rig.value("spinRate");
    holds(driven > 6.1, `spin rate ${driven}`);
    rig.run(ECLIPSE_S);
    const braked = rig.value("spinRate");
    holds(braked < driven && braked > 4, `spin rate ${braked}`);
    equal(rig.call("detumble"), 0, "detumble");
    rig.run(1);
    equal(rig.status("detumbling"), 1, "detumbling");
    rig.run(120);
    equal(rig.status("detumbling"), 0, "it ends by itself");
    const [name, rate] = rig.said.at(-1)!.split(" ");
    equal([name, Number(rate)], ["detumbled", 50], "event");
  },

  "nothing to brake is a failure code"() {
    const rig = new FlatsatRig();
    rig.run(SUNLIT_S);
    rig.call("detumble");
    // In the dark nothing drives it.
    rig.run(100);
    equal(names(rig).at(-1), "detumbled", "event");
    equal(rig.call("detumble"), failureCodes.noSpin.code, "detumble");
  },

  "the same seed and the same time give the same values, however often it ticked; another seed gives others"() {
    const one = new FlatsatRig();
    const two = new FlatsatRig();
    const other = new FlatsatRig();
    other.set("seed", 2);
    let differs = 0;
    for (let k = 0; k < 70; k++) {
      one.run(10);
      two.run(10);
      other.run(10);
      equal(one.snapshot, two.snapshot, `after ${10 * k} s`);
      differs += one.value("batteryVoltage") === other.value("batteryVoltage") ? 0 : 1;
    }
    holds(differs > 20, `${differs} of 70 voltages differ`);
    equal(one.said, other.said, "what happens is the same");
    one.sleep(20);
    one.run(0.1);
    two.run(20.1);
    equal(one.snapshot, two.snapshot, "ticks that came late");
  },

  "after hours without a tick it goes on where it was"() {
    const rig = new FlatsatRig();
    rig.run(10);
    rig.sleep(8 * 3600);
    rig.run(0.1);
    equal(rig.raw("orbits"), 0, "orbits");
    holds(rig.value("orbitPhase") > 40 && rig.value("orbitPhase") < 45, `phase ${rig.value("orbitPhase")}`);
  },

  "the magnetic field goes round, a quarter between its axes, stronger along z"() {
    const rig = new FlatsatRig();
    const handle = rig.pool.find(dictionary.parameters.magneticField.id);
    const most = [0, 0, 0];
    rig.run(ORBIT_S, () => {
      for (let axis = 0; axis < 3; axis++) {
        most[axis] = Math.max(most[axis]!, Math.abs(rig.pool.get(handle, axis)));
      }
    });
    equal(
      most.map((value) => Math.round(value / 1000)),
      [15, 15, 30],
      "greatest, in 1000 nT",
    );
  },
};
