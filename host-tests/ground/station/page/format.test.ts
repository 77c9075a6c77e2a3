/** Values, times and octets as the page shows them. */
import test from "ava";
import {
  clockText,
  hexRows,
  limitLevel,
  limitText,
  matches,
  momentText,
  numberText,
  plottable,
  severityLevel,
  spacedHex,
  spanText,
  valueText,
} from "../../../../ground/station/page/format.js";

const NOON = Date.UTC(2026, 10, 29, 12, 0, 0, 7);

test("a value is its word, its number without noise, its elements, its parts", (t) => {
  const name = "value";
  t.is(valueText({ name, value: 2, raw: 2, word: "nominal" }), "nominal");
  t.is(valueText({ name, value: 3.3000001907348633, raw: 33 }), "3.3");
  t.is(valueText({ name, value: "18446744073709551615", raw: "18446744073709551615" }), "18446744073709551615");
  t.is(valueText({ name, value: [1, 2.5, 3], raw: [1, 2, 3], word: [null, null, "three"] }), "[1, 2.5, three]");
  t.is(valueText({ name, value: true, raw: true }), "true");
  t.is(valueText({ name, value: null, raw: null }), "");
  const parts = [
    { name: "sun", value: 1, raw: 1, word: "lit" },
    { name: "spare", value: 3, raw: 3 },
  ];
  t.is(valueText({ name, value: 7, raw: 7, parts }), "sun lit, spare 3");
});

test("whole numbers keep all their digits, others six", (t) => {
  t.is(numberText(4294967295), "4294967295");
  t.is(numberText(-0.000123456789), "-0.000123457");
  t.is(numberText(1234567.891), "1234570");
  t.is(numberText(Number.POSITIVE_INFINITY), "Infinity");
});

test("what has a number can be plotted", (t) => {
  t.is(plottable(2.5), 2.5);
  t.is(plottable(true), 1);
  t.is(plottable("18446744073709551616"), 2 ** 64);
  for (const none of ["", "text", "NaN", null, undefined, [1], {}]) {
    t.is(plottable(none), Number.NaN);
  }
});

test("stretches of time have one or two units", (t) => {
  const cases: [number, string][] = [
    [-5, "0.0 s"],
    [420, "0.4 s"],
    [12_900, "12 s"],
    [60_000, "1 min"],
    [184_000, "3 min 4 s"],
    [7_800_000, "2 h 10 min"],
    [86_400_000 * 5 + 3_600_000 * 3, "5 d 3 h"],
  ];
  for (const [ms, text] of cases) {
    t.is(spanText(ms), text);
  }
});

test("times are UTC, with the date on another day, and never an exception", (t) => {
  t.is(clockText(NOON), "12:00:00.007");
  t.is(momentText(NOON, NOON + 1000), "12:00:00");
  t.is(momentText(NOON, NOON + 86_400_000), "2026-11-29 12:00:00");
  t.is(clockText(Number.NaN), "--:--:--.---");
  t.is(clockText(1e20), "--:--:--.---");
});

test("octets come in rows of 16", (t) => {
  const hex = Array.from({ length: 18 }, (_, k) => k.toString(16).padStart(2, "0")).join("");
  const rows = hexRows(hex);
  t.deepEqual(
    rows.map(({ offset, octets }) => [offset, octets.length]),
    [
      [0, 16],
      [16, 2],
    ],
  );
  t.deepEqual(rows[1]!.octets, ["10", "11"]);
  t.deepEqual(hexRows(""), []);
  t.is(spacedHex("08b100"), "08 b1 00");
});

test("limits and severities have words and levels", (t) => {
  t.deepEqual(
    [undefined, "ok", "warningLow", "warningHigh", "criticalLow", "criticalHigh"].map((limit) => [
      limitText(limit),
      limitLevel(limit),
    ]),
    [
      ["", "none"],
      ["", "ok"],
      ["low", "warning"],
      ["high", "warning"],
      ["critical low", "critical"],
      ["critical high", "critical"],
    ],
  );
  t.deepEqual(["informative", "low", "medium", "high"].map(severityLevel), ["none", "none", "warning", "critical"]);
});

test("a search finds each of its words, anywhere, in any case", (t) => {
  t.true(matches("", "anything"));
  t.true(matches("volt BAT", "batteryVoltage", undefined));
  t.true(matches("3,25 house", "3,25", "housekeepingReport"));
  t.false(matches("volt solar", "batteryVoltage"));
});
