/** What a dictionary is once it is defined, and what calibrations do. */
import test from "ava";
import fc from "fast-check";
import { calibrate, hasInverse, uncalibrate } from "../../modules/dictionary/calibration.js";
import { defineDictionary } from "../../modules/dictionary/define-dictionary.js";
import type { Calibration } from "../../modules/dictionary/dictionary.js";
import { bitShift, longestMessage, rangeOf, valueLength, valuesLength } from "../../modules/dictionary/value-check.js";
import { checkProperty } from "../seeded-properties.js";
import { SAMPLE } from "./sample.js";

test("it survives JSON, and what comes back is the same dictionary", (t) => {
  const again = JSON.parse(JSON.stringify(SAMPLE));
  t.deepEqual(again, SAMPLE);
  t.deepEqual(defineDictionary(again), SAMPLE);
});

test("it is the same object, frozen as deep as it goes; defining it again changes nothing", (t) => {
  const given = { name: "test", parameters: { p: { id: 1, type: "uint8", words: { off: 0 } } } } as const;
  const defined = defineDictionary(given);
  t.is(defined, given);
  const visit = (value: unknown): void => {
    if (typeof value === "object" && value !== null) {
      t.true(Object.isFrozen(value));
      Object.values(value).forEach(visit);
    }
  };
  visit(defined);
  visit(SAMPLE);
  t.throws(
    () => {
      (SAMPLE as { name: string }).name = "other";
    },
    { instanceOf: TypeError },
  );
  t.is(defineDictionary(SAMPLE), SAMPLE);
});

test("literal types are kept: each of these is a type of its own", (t) => {
  const id: 1 = SAMPLE.parameters.celsius.id;
  const names: readonly ["celsius", "mode"] = SAMPLE.structures.thermal.parameters;
  t.deepEqual([id, ...names], [1, "celsius", "mode"]);
});

test("lengths, ranges and places of bits", (t) => {
  const { celsius, axes, label, status } = SAMPLE.parameters;
  t.deepEqual([celsius, axes, label, status].map(valueLength), [2, 12, 8, 2]);
  t.is(valuesLength({ celsius, label }), 10);
  t.deepEqual(rangeOf(celsius), { minimum: -500, maximum: 1250 });
  t.deepEqual(rangeOf({ type: "int8" }), { minimum: -128, maximum: 127 });
  t.deepEqual(rangeOf({ type: "boolean" }), { minimum: 0, maximum: 1 });
  t.deepEqual([bitShift(status, "kind"), bitShift(status, "level")], [13, 6]);
  t.throws(() => bitShift(status, "other"), { message: 'there are no bits "other"' });
  const { requests, reports } = SAMPLE.services.camera;
  t.is(longestMessage(reports.picture), 2 + 1 + 32 + 4);
  t.is(longestMessage(requests.configure), 1 + 16, "the longest variant");
});

test("a polynomial is the sum of its powers; points make lines, and the outer ones go on", (t) => {
  t.is(calibrate(undefined, 7), 7);
  t.is(calibrate({ polynomial: [1, 2, 3] }, 2), 1 + 4 + 12);
  t.is(calibrate({ polynomial: [5] }, 1000), 5);
  const points: Calibration = {
    points: [
      [0, 10],
      [10, 20],
      [20, 0],
    ],
  };
  t.deepEqual(
    [-10, 0, 5, 10, 15, 20, 30].map((raw) => calibrate(points, raw)),
    [0, 10, 15, 20, 10, 0, -20],
  );
});

test("which calibrations have a way back", (t) => {
  const lines = (...values: number[]): Calibration => ({ points: values.map((value, raw) => [raw, value] as const) });
  for (const calibration of [
    undefined,
    { polynomial: [3, -2] },
    { polynomial: [0, 1, 0] },
    lines(1, 2),
    lines(5, 3, 2),
  ]) {
    t.true(hasInverse(calibration), JSON.stringify(calibration));
  }
  for (const calibration of [
    { polynomial: [3] },
    { polynomial: [3, 0] },
    { polynomial: [0, 1, 1] },
    lines(1, 1),
    lines(1, 2, 1),
    lines(2, 1, 1),
  ]) {
    t.false(hasInverse(calibration), JSON.stringify(calibration));
  }
});

const number = fc.integer({ min: -10_000, max: 10_000 }).map((value) => value / 8);
const rise = fc.integer({ min: 1, max: 5000 }).map((value) => value / 8);

/** Lines and points, rising or falling. */
const invertible = fc.oneof(
  fc.tuple(number, rise, fc.boolean()).map(([base, slope, falls]) => ({ polynomial: [base, falls ? -slope : slope] })),
  fc
    .tuple(number, number, fc.array(fc.tuple(rise, rise), { minLength: 1, maxLength: 8 }), fc.boolean())
    .map(([raw, value, steps, falls]) => {
      const points: [number, number][] = [[raw, value]];
      for (const [right, up] of steps) {
        const [x, y] = points.at(-1)!;
        points.push([x + right, falls ? y - up : y + up]);
      }
      return { points };
    }),
);

test("there and back again: every raw number comes out as it went in, within rounding", (t) => {
  const property = fc.property(invertible, number, (calibration, raw) => {
    defineDictionary({ name: "test", parameters: { p: { id: 1, type: "float64", calibration, settable: true } } });
    t.true(hasInverse(calibration));
    const back = uncalibrate(calibration, calibrate(calibration, raw));
    t.true(Math.abs(back - raw) <= 1e-6 * Math.max(1, Math.abs(raw)), `${raw} came back as ${back}`);
  });
  checkProperty(t, property, 500);
});
