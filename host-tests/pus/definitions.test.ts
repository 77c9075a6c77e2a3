/** What services refuse when they are made: definitions that contradict each other, or that no message has room for. */
import test from "ava";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary } from "../../modules/dictionary/dictionary.js";
import { DEFAULT_PUS_SETTINGS } from "../../modules/pus/definitions.js";
import { ParameterPool } from "../../modules/pus/parameter-pool.js";
import { HousekeepingService } from "../../modules/pus/st03-housekeeping.js";
import { EventService } from "../../modules/pus/st05-events.js";
import { FunctionService } from "../../modules/pus/st08-functions.js";
import { ParameterService } from "../../modules/pus/st20-parameters.js";
import { ValueField } from "../../modules/pus/value-field.js";
import { Board, TestClock } from "./support.js";

const { reports } = new Board();
const make = (entries: Omit<Dictionary, "name">) => {
  const dictionary: Dictionary = { name: "test", ...entries };
  const pool = new ParameterPool(dictionary, new Uint8Array(64), 0);
  return { reports, dictionary, pool, clock: new TestClock(), handlers: { f: () => 0 } };
};
const makeParameters = (id: number, maxCount?: number) =>
  new ParameterService({
    ...make({ parameters: { p: { id, type: "uint8" } } }),
    ...(maxCount === undefined ? {} : { maxCount }),
  });
const makeEvents = (id: number) => new EventService(make({ events: { e: { id, severity: "low" } } }));
const makeFunctions = (id: number) => new FunctionService(make({ functions: { f: { id } } }));
const makeStructures = (id: number) =>
  new HousekeepingService(
    make({
      parameters: { p: { id: 1, type: "uint8" } },
      structures: { s: { id, parameters: ["p"], intervalMs: 1000 } },
    }),
  );

/** What only whoever knows the widths can tell; the rest is refused when the dictionary is defined. */
const WRONG: [title: string, make: () => unknown, message: string][] = [
  [
    "a parameter's ID of three octets",
    () => makeParameters(65_536),
    'the ID of parameter "p" must be 0 to 65535 (uint16), not 65536',
  ],
  ["an event's ID below 0", () => makeEvents(-1), 'the ID of event "e" must be 0 to 65535 (uint16), not -1'],
  [
    "a function's ID of two octets",
    () => makeFunctions(256),
    'the ID of function "f" must be 0 to 255 (uint8), not 256',
  ],
  [
    "a structure's ID that is not whole",
    () => makeStructures(1.5),
    'the ID of structure "s" must be 0 to 255 (uint8), not 1.5',
  ],
  ["no parameter in a request", () => makeParameters(1, 0), "maxCount must be 1 to 255 parameters in a request, not 0"],
  ["256 parameters", () => makeParameters(1, 256), "maxCount must be 1 to 255 parameters in a request, not 256"],
  ["half a parameter", () => makeParameters(1, 1.5), "maxCount must be 1 to 255 parameters in a request, not 1.5"],
];

for (const [title, makeIt, message] of WRONG) {
  test(`${title}: refused, by name`, (t) => {
    t.throws(makeIt, { instanceOf: RangeError, message });
  });
}

test("what is just within is taken", (t) => {
  t.notThrows(() => makeParameters(65_535, 1));
  t.notThrows(() => makeParameters(0, 255));
  t.notThrows(() => makeEvents(65_535));
  t.notThrows(() => makeFunctions(255));
  t.notThrows(() => makeStructures(255));
});

test("a function without a handler: refused, by name", (t) => {
  t.throws(() => new FunctionService({ ...make({ functions: { g: { id: 1 } } }), handlers: {} }), {
    instanceOf: TypeError,
    message: 'function "g" has no handler; bind one by its name',
  });
});

test("limits of a value: within its type, the lower one first, and both of them allowed", (t) => {
  const limits = (minimum?: number, maximum?: number) => {
    const { parameters } = defineDictionary({
      name: "test",
      parameters: {
        v: {
          id: 1,
          type: "int8",
          ...(minimum === undefined ? {} : { minimum }),
          ...(maximum === undefined ? {} : { maximum }),
        },
      },
    });
    return new ValueField(parameters.v);
  };
  for (const [minimum, maximum] of [
    [-129, 0],
    [0, 128],
    [1, 0],
    [Number.NaN, 0],
    [0, Number.NaN],
  ]) {
    t.throws(() => limits(minimum, maximum), { message: /^parameter "v": (minimum|maximum) / });
  }
  const field = limits(-3, 5);
  t.deepEqual(
    [-4, -3, 0, 5, 6, Number.NaN].map((value) => field.allows(value)),
    [false, true, true, true, false, false],
  );
  const whole = limits();
  t.deepEqual([whole.minimum, whole.maximum, whole.length], [-128, 127, 1]);
  t.true(limits(5, 5).allows(5));
  // What the ground sends for a limit, as a float32, is not quite what the definition says.
  const rounded = new ValueField({ type: "float32", minimum: -0.3, maximum: 0.1 });
  const least = Math.fround(-0.3);
  t.true(least < -0.3 && Math.fround(0.1) > 0.1);
  t.deepEqual([rounded.allows(least), rounded.allows(Math.fround(0.1))], [true, true]);
  t.deepEqual([rounded.allows(Math.fround(-0.31)), rounded.allows(Math.fround(0.11))], [false, false]);
  t.is(DEFAULT_PUS_SETTINGS.acknowledge, "always");
});
