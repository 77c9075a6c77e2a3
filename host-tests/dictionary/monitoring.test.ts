/** What a definition of a monitored parameter may say, and its limits as raw numbers. */
import test from "ava";
import fc from "fast-check";
import { calibrate } from "../../modules/dictionary/calibration.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Dictionary, ParameterDefinition } from "../../modules/dictionary/dictionary.js";
import { wireHash } from "../../modules/dictionary/dictionary-hash.js";
import { rawLimit } from "../../modules/dictionary/monitoring.js";
import { dictionaryOf } from "../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import {
  ABOVE_CRITICAL_LIMIT,
  ABOVE_HIGH_LIMIT,
  BELOW_CRITICAL_LIMIT,
  BELOW_LOW_LIMIT,
  WITHIN_LIMITS,
} from "../../modules/pus/messages/checking-status.js";
import { MonitorTable } from "../../modules/pus/monitor-table.js";
import { ParameterPool } from "../../modules/pus/parameter-pool.js";
import { checkProperty } from "../seeded-properties.js";

const EVENTS: Dictionary["events"] = {
  plain: { id: 300, severity: "low" },
  withValue: { id: 301, severity: "low", values: { value: { type: "int16" } } },
  withBoth: { id: 302, severity: "low", values: { value: { type: "int16" }, limit: { type: "int16" } } },
  ofOctet: { id: 303, severity: "low", values: { value: { type: "uint8" } } },
  ofThree: {
    id: 304,
    severity: "low",
    values: { a: { type: "int16" }, b: { type: "int16" }, c: { type: "int16" } },
  },
};

const LIMITS = { warning: { low: -10, high: 50 } };

/** A parameter with an own part, among the events. */
function define(part: Record<string, unknown>): Dictionary {
  const parameter = { id: 256, type: "int16", ...part } as unknown as ParameterDefinition;
  return defineDictionary({ name: "test", parameters: { p: parameter }, events: EVENTS } as Dictionary);
}

const GOOD: Record<string, Record<string, unknown>> = {
  "nothing but limits": { limits: LIMITS, monitoring: {} },
  "every word": {
    limits: { ...LIMITS, critical: { low: -20, high: 60 } },
    monitoring: {
      intervalMs: 100,
      repetitions: 255,
      enabled: false,
      events: { low: "plain", high: "withValue", criticalLow: "withBoth", criticalHigh: "plain" },
    },
  },
  "events of a critical limit alone": {
    limits: { critical: { high: 1 } },
    monitoring: { events: { high: "plain", criticalHigh: "plain" } },
  },
  "an event of a critical low limit alone": {
    limits: { critical: { low: 1 } },
    monitoring: { events: { low: "plain", criticalLow: "plain" } },
  },
  "a limit at the other end of the type": { type: "uint8", limits: { warning: { low: 0 } }, monitoring: {} },
  "an expected value": { monitoring: { expected: { value: -5 }, events: { unexpected: "withBoth" } } },
  "a calibration without an inverse, of an expected value": {
    calibration: { polynomial: [0, 1, 1] },
    monitoring: { expected: { value: 1 } },
  },
  "a mask": { type: "uint32", monitoring: { expected: { value: 0x80000000, mask: 0xffffffff } } },
  "a boolean": { type: "boolean", monitoring: { expected: { value: false } } },
  "a limit at the end of the type": { type: "uint8", limits: { warning: { high: 255.4 } }, monitoring: {} },
};

for (const [title, part] of Object.entries(GOOD)) {
  test(`${title}: good, and as it was after a way through JSON`, (t) => {
    const dictionary = define(part);
    t.notThrows(() => defineDictionary(JSON.parse(JSON.stringify(dictionary)) as Dictionary));
  });
}

const P = 'parameter "p"';
const WRONG: Record<string, [part: Record<string, unknown>, message: string]> = {
  "no limits": [{ monitoring: {} }, `${P}: monitoring needs limits, or an expected value`],
  "limits without a limit": [
    { limits: { warning: {} }, monitoring: {} },
    `${P}: monitoring needs limits, or an expected value`,
  ],
  "limits and an expected value": [
    { limits: LIMITS, monitoring: { expected: { value: 1 } } },
    `${P}: it is monitored for its limits or for an expected value; leave one of them out`,
  ],
  "a calibration without an inverse": [
    { limits: LIMITS, calibration: { polynomial: [0, 1, 1] }, monitoring: {} },
    `${P}: its calibration has no inverse, so its limits cannot be monitored; a straight line, or points that only rise or only fall, have one`,
  ],
  "a limit beyond the type": [
    { unit: "degC", limits: LIMITS, calibration: { polynomial: [0, 0.001] }, monitoring: {} },
    `${P}: limits.warning.high 50 degC is the raw number 50000, and monitoring can compare -32768 to 32767 (int16)`,
  ],
  "an array": [
    { count: 2, limits: LIMITS, monitoring: {} },
    `${P}: monitoring is for one number or boolean, not for text, bytes or an array`,
  ],
  text: [
    { type: "ascii", length: 4, monitoring: { expected: { value: 0 } } },
    `${P}: monitoring is for one number or boolean, not for text, bytes or an array`,
  ],
  "a mistyped word": [
    { limits: LIMITS, monitoring: { repetition: 1 } },
    `${P}: monitoring has no property "repetition"; there are intervalMs, repetitions, enabled, expected, events`,
  ],
  "a mistyped word of an expected value": [
    { monitoring: { expected: { value: 1, bits: 1 } } },
    `${P}: monitoring.expected has no property "bits"; there are value, mask`,
  ],
  "a mistyped word of events": [
    { limits: LIMITS, monitoring: { events: { hot: "plain" } } },
    `${P}: monitoring.events has no property "hot"; there are low, high, criticalLow, criticalHigh, unexpected`,
  ],
  "an interval that is too short": [
    { limits: LIMITS, monitoring: { intervalMs: 99 } },
    `${P}: monitoring.intervalMs must be from 100 to 4294967295, not 99`,
  ],
  "no repetition": [
    { limits: LIMITS, monitoring: { repetitions: 0 } },
    `${P}: monitoring.repetitions must be from 1 to 255, not 0`,
  ],
  "enabled, in words": [
    { limits: LIMITS, monitoring: { enabled: "yes" } },
    `${P}: monitoring: enabled must be true or false, not "yes"`,
  ],
  "an event that there is not": [
    { limits: LIMITS, monitoring: { events: { low: "nothing" } } },
    `${P}: monitoring.events.low: there is no event "nothing"`,
  ],
  "an event of every object": [
    { limits: LIMITS, monitoring: { events: { low: "toString" } } },
    `${P}: monitoring.events.low: there is no event "toString"`,
  ],
  "an event for no limit": [
    { limits: { warning: { low: 1 } }, monitoring: { events: { high: "plain" } } },
    `${P}: monitoring.events.high would never be raised: there is no such limit or expected value`,
  ],
  "an event for no critical limit": [
    { limits: LIMITS, monitoring: { events: { criticalLow: "plain" } } },
    `${P}: monitoring.events.criticalLow would never be raised: there is no such limit or expected value`,
  ],
  "an event for no expected value": [
    { limits: LIMITS, monitoring: { events: { unexpected: "plain" } } },
    `${P}: monitoring.events.unexpected would never be raised: there is no such limit or expected value`,
  ],
  "an event with a value of another type": [
    { limits: LIMITS, monitoring: { events: { low: "ofOctet" } } },
    `${P}: monitoring.events.low: event "ofOctet" must have no values, or the parameter's and its limit, of type int16`,
  ],
  "an event with three values": [
    { limits: LIMITS, monitoring: { events: { high: "ofThree" } } },
    `${P}: monitoring.events.high: event "ofThree" must have no values, or the parameter's and its limit, of type int16`,
  ],
  "an expected number that is none": [
    { monitoring: { expected: { value: "1" } } },
    `${P}: monitoring.expected.value must be a whole number, not "1"`,
  ],
  "an expected number beyond the type": [
    { monitoring: { expected: { value: 40_000 } } },
    `${P}: monitoring.expected.value must be -32768 to 32767 (int16), not 40000`,
  ],
  "an expected boolean that is a number": [
    { type: "boolean", monitoring: { expected: { value: 1 } } },
    `${P}: monitoring.expected.value must be true or false, not 1`,
  ],
  "a mask of a signed number": [
    { monitoring: { expected: { value: 1, mask: 1 } } },
    `${P}: monitoring.expected.mask is for uint8, uint16, uint24 and uint32, not for int16`,
  ],
  "a mask that leaves everything out": [
    { type: "uint8", monitoring: { expected: { value: 0, mask: 0 } } },
    `${P}: monitoring.expected.mask must be from 1 to 255, not 0`,
  ],
  "bits beside the mask": [
    { type: "uint8", monitoring: { expected: { value: 3, mask: 1 } } },
    `${P}: monitoring.expected.value 3 has bits that the mask 1 leaves out`,
  ],
};

for (const [title, [part, message]] of Object.entries(WRONG)) {
  test(`${title}: refused when it is defined, in one line that names it`, (t) => {
    t.throws(() => define(part), { message });
  });
}

test("a raw limit is the last good number: whole for integers, towards the inside, as the pool has it for floats", (t) => {
  const raw = (part: Partial<ParameterDefinition>): number[] => {
    const parameter: ParameterDefinition = { id: 1, type: "int16", ...part };
    return [rawLimit(parameter, "warning", "low"), rawLimit(parameter, "warning", "high")];
  };
  const warning = { low: -0.35, high: 0.35 };
  t.deepEqual(raw({ limits: { warning } }), [-0, 0]);
  const tenths = { polynomial: [0, 0.1] };
  t.deepEqual(raw({ limits: { warning }, calibration: tenths }), [-3, 3]);
  t.deepEqual(
    raw({ limits: { warning: { low: -0.3, high: 0.3 } }, calibration: tenths }),
    [-3, 3],
    "0.3 / 0.1 is less",
  );
  t.deepEqual(raw({ limits: { warning }, calibration: { polynomial: [0, -0.1] } }), [3, -3], "falling");
  const points = {
    points: [
      [0, 1],
      [10, -1],
    ],
  } as const;
  t.deepEqual(raw({ limits: { warning }, calibration: points }), [6, 4], "6.75 and 3.25");
  t.deepEqual(raw({ limits: { warning }, type: "float32" }), [Math.fround(-0.35), Math.fround(0.35)]);
  t.deepEqual(raw({ limits: { warning }, type: "float64" }), [-0.35, 0.35]);
  t.deepEqual(raw({ limits: { warning: { low: 1 } } }), [1, Number.POSITIVE_INFINITY]);
  t.deepEqual(raw({ calibration: points }), [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
});

test("what the reports of monitoring say is in the wire hash; limits of what is not monitored are not", (t) => {
  const own = (part: Record<string, unknown>): Dictionary =>
    ({
      name: "test",
      parameters: { p: { id: 256, type: "int16", ...part } },
      events: { e: { id: 300, severity: "low" }, f: { id: 301, severity: "low" } },
    }) as Dictionary;
  const hash = (part: Record<string, unknown>): number =>
    wireHash(dictionaryOf(parseConfiguration({}), { dictionary: own(part) }) as BoardDictionary);
  t.is(hash({ limits: LIMITS }), hash({}));
  const monitored = { limits: LIMITS, monitoring: {} };
  t.is(hash(monitored), hash({ limits: LIMITS, monitoring: { intervalMs: 1000, repetitions: 1, enabled: true } }));
  const different = [
    {},
    monitored,
    { ...monitored, limits: { warning: { low: -10, high: 51 } } },
    { ...monitored, calibration: { polynomial: [0, 2] } },
    { ...monitored, monitoring: { intervalMs: 2000 } },
    { ...monitored, monitoring: { repetitions: 2 } },
    { ...monitored, monitoring: { enabled: false } },
    { ...monitored, monitoring: { events: { low: "e" } } },
    { ...monitored, monitoring: { events: { low: "f" } } },
    { ...monitored, monitoring: { events: { high: "e" } } },
    { monitoring: { expected: { value: 1 } } },
    { monitoring: { expected: { value: 2 } } },
  ];
  t.is(new Set(different.map(hash)).size, different.length);
});

/** Nearer to a limit than this, and rounding may decide. */
const NEAR = 1e-6;

test("a raw number is judged as its calibrated value would be, whichever way the calibration goes", (t) => {
  const slope = fc.double({ min: 0.001, max: 50, noNaN: true });
  checkProperty(
    t,
    fc.property(
      fc.constantFrom("int16", "float64"),
      fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), slope, fc.boolean()),
      fc.uniqueArray(fc.integer({ min: -300, max: 300 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: -32_000, max: 32_000 }),
      (type, [offset, rise, falls], ends, raw) => {
        const [criticalLow, low, high, criticalHigh] = ends.sort((a, b) => a - b) as [number, number, number, number];
        const calibration = { polynomial: [offset, falls ? -rise : rise] };
        const limits = { warning: { low, high }, critical: { low: criticalLow, high: criticalHigh } };
        const parameter = { id: 1, type, calibration, limits, monitoring: { enabled: true } } as const;
        const value = calibrate(calibration, raw);
        fc.pre(ends.every((end) => Math.abs(value - end) > NEAR * Math.max(1, rise)));
        const dictionary: Dictionary = { name: "test", parameters: { p: parameter } };
        const pool = new ParameterPool(dictionary, new Uint8Array(8), 0);
        const table = new MonitorTable(dictionary, pool);
        pool.set(0, raw);
        table.check(0);
        const expected =
          value < criticalLow
            ? BELOW_CRITICAL_LIMIT
            : value < low
              ? BELOW_LOW_LIMIT
              : value > criticalHigh
                ? ABOVE_CRITICAL_LIMIT
                : value > high
                  ? ABOVE_HIGH_LIMIT
                  : WITHIN_LIMITS;
        return table.statusOf(0) === expected;
      },
    ),
    2000,
  );
});
