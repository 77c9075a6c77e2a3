/** What services refuse when they are made: definitions that contradict each other, or that no message has room for. */
import test from "ava";
import type { EventDefinition, FunctionDefinition, ParameterDefinition } from "../../modules/pus/definitions.js";
import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { HousekeepingService } from "../../modules/pus/st03-housekeeping.js";
import { EventService } from "../../modules/pus/st05-events.js";
import { FunctionService } from "../../modules/pus/st08-functions.js";
import { ParameterService } from "../../modules/pus/st20-parameters.js";
import { ValueField } from "../../modules/pus/value-field.js";
import { Board, TestClock } from "./support.js";

const { reports } = new Board();
const parameter = (id: number, name = `p${id}`): ParameterDefinition => ({ id, name, type: "uint8", get: () => 0 });
const event = (id: number, more: Partial<EventDefinition> = {}): EventDefinition => ({
  id,
  name: `e${id}`,
  severity: 1,
  ...more,
});
const values = (count: number) => Array.from({ length: count }, (_, k) => ({ name: `v${k}`, type: "uint8" }) as const);
const perform = (id: number, count = 0): FunctionDefinition => ({
  id,
  name: `f${id}`,
  arguments: values(count),
  execute: () => 0,
});
const structure = (id: number, intervalMs = 1000, minimumIntervalMs?: number) => ({
  id,
  name: `s${id}`,
  parameters: [parameter(1)],
  intervalMs,
  ...(minimumIntervalMs === undefined ? {} : { minimumIntervalMs }),
});

const makeParameters = (parameters: ParameterDefinition[], maxCount?: number) =>
  new ParameterService({ reports, parameters, ...(maxCount === undefined ? {} : { maxCount }) });
const makeEvents = (events: EventDefinition[]) => new EventService({ reports, events });
const makeFunctions = (functions: FunctionDefinition[]) => new FunctionService({ functions });
const makeStructures = (structures: ReturnType<typeof structure>[]) =>
  new HousekeepingService({ reports, clock: new TestClock(), structures });

const WRONG: [title: string, make: () => unknown, message: string][] = [
  [
    "two parameters of one ID",
    () => makeParameters([parameter(7), parameter(7, "q")]),
    'parameter "q" has the ID 7 of "p7"',
  ],
  ["two events of one ID", () => makeEvents([event(7), event(7, { name: "q" })]), 'event "q" has the ID 7 of "e7"'],
  ["two functions of one ID", () => makeFunctions([perform(7), perform(7)]), 'function "f7" has the ID 7 of "f7"'],
  [
    "two structures of one ID",
    () => makeStructures([structure(7), structure(7)]),
    'housekeeping structure "s7" has the ID 7 of "s7"',
  ],
  [
    "a parameter's ID of three octets",
    () => makeParameters([parameter(65_536)]),
    'the ID of parameter "p65536" must be 0 to 65535 (uint16), not 65536',
  ],
  ["an event's ID below 0", () => makeEvents([event(-1)]), 'the ID of event "e-1" must be 0 to 65535 (uint16), not -1'],
  [
    "a function's ID of two octets",
    () => makeFunctions([perform(256)]),
    'the ID of function "f256" must be 0 to 255 (uint8), not 256',
  ],
  [
    "a structure's ID that is not whole",
    () => makeStructures([structure(1.5)]),
    'the ID of housekeeping structure "s1.5" must be 0 to 255 (uint8), not 1.5',
  ],
  [
    "no parameter in a request",
    () => makeParameters([], 0),
    "maxCount must be 1 to 255 parameters in a request, not 0",
  ],
  ["256 parameters", () => makeParameters([], 256), "maxCount must be 1 to 255 parameters in a request, not 256"],
  ["half a parameter", () => makeParameters([], 1.5), "maxCount must be 1 to 255 parameters in a request, not 1.5"],
  [
    "five values of an event",
    () => makeEvents([event(1, { auxiliaryData: values(5) })]),
    'event "e1" may have at most 4 auxiliary values, not 5',
  ],
  ...[0, 5].map((severity): [string, () => unknown, string] => [
    `severity ${severity}`,
    () => makeEvents([event(1, { severity: severity as 1 })]),
    `the severity of event "e1" must be 1 to 4, not ${severity}`,
  ]),
  ["five arguments", () => makeFunctions([perform(1, 5)]), 'function "f1" may have at most 4 arguments, not 5'],
  [
    "an interval below the least",
    () => makeStructures([structure(1, 99)]),
    'intervalMs of housekeeping structure "s1" must be at least 100, not 99',
  ],
  [
    "an interval below a least of one's own",
    () => makeStructures([structure(1, 499, 500)]),
    'intervalMs of housekeeping structure "s1" must be at least 500, not 499',
  ],
  [
    "no interval",
    () => makeStructures([structure(1, Number.NaN)]),
    'intervalMs of housekeeping structure "s1" must be at least 100, not NaN',
  ],
];

for (const [title, make, message] of WRONG) {
  test(`${title}: refused, by name`, (t) => {
    t.throws(make, { instanceOf: RangeError, message });
  });
}

test("what is just within is taken", (t) => {
  t.notThrows(() => makeParameters([parameter(0), parameter(65_535)], 1));
  t.notThrows(() => makeParameters([], 255));
  t.notThrows(() => makeEvents([event(0, { auxiliaryData: values(4) }), event(65_535, { severity: 4 })]));
  t.notThrows(() => makeFunctions([perform(0, 4), perform(255)]));
  t.notThrows(() => makeStructures([structure(0, 100), structure(255, 500, 500)]));
});

test("limits of a value: within its type, the lower one first, and both of them allowed", (t) => {
  const limits = (minimum?: number, maximum?: number) =>
    new ValueField({
      name: "v",
      type: "int8",
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
    });
  for (const [minimum, maximum] of [
    [-129, 0],
    [0, 128],
    [1, 0],
    [Number.NaN, 0],
    [0, Number.NaN],
  ]) {
    t.throws(() => limits(minimum, maximum), {
      instanceOf: RangeError,
      message: `the limits of "v", ${minimum} to ${maximum}, are no range of int8`,
    });
  }
  const field = limits(-3, 5);
  t.deepEqual(
    [-4, -3, 0, 5, 6, Number.NaN].map((value) => field.allows(value)),
    [false, true, true, true, false, false],
  );
  const whole = limits();
  t.deepEqual([whole.minimum, whole.maximum, whole.width], [-128, 127, 1]);
  t.true(limits(5, 5).allows(5));
  // What the ground sends for a limit, as a float32, is not quite what the definition says.
  const rounded = new ValueField({ name: "v", type: "float32", minimum: -0.3, maximum: 0.1 });
  const least = Math.fround(-0.3);
  t.true(least < -0.3 && Math.fround(0.1) > 0.1);
  t.deepEqual([rounded.allows(least), rounded.allows(Math.fround(0.1))], [true, true]);
  t.deepEqual([rounded.allows(Math.fround(-0.31)), rounded.allows(Math.fround(0.11))], [false, false]);
  t.is(DEFAULT_PUS_SETTINGS.acknowledge, "always");
});
