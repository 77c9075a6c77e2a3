import test from "ava";
import { ALL_COLOURS, coloursFor, limitColour, NO_COLOURS } from "../../../ground/commands/colours.js";
import { ageText, drawScreen, type Row, tableLines } from "../../../ground/commands/screen.js";
import { LIT_MS, WatchTable } from "../../../ground/commands/watch-table.js";
import type { DecodedValue } from "../../../ground/dictionary/decoded-value.js";

const SIZE = { columns: 60, rows: 10 };

function row(name: string, value: string, more: Partial<Row> = {}): Row {
  return { name, value, limit: undefined, ageMs: 0, isChanged: false, ...more };
}

test("names, values, limits and ages stand below each other", (t) => {
  const rows = [
    row("uptime", "1234 ms"),
    row("batteryVoltage", "6.8 V", { limit: "warningLow", ageMs: 2500 }),
    row("mode", "safe", { limit: "ok", ageMs: 125_000 }),
  ];
  t.deepEqual(tableLines("flatsat: connected", rows, SIZE, NO_COLOURS), [
    "flatsat: connected",
    "name            value    limit            age",
    "uptime          1234 ms                   0 s",
    "batteryVoltage  6.8 V    warningLow       2 s",
    "mode            safe                    2 min",
  ]);
});

test("what is critical is red, what warns is yellow, what has changed is lit", (t) => {
  const [, , critical, warning, changed] = tableLines(
    "head",
    [
      row("a", "1", { limit: "criticalHigh" }),
      row("b", "2", { limit: "warningLow" }),
      row("c", "3", { isChanged: true }),
    ],
    SIZE,
    ALL_COLOURS,
  );
  t.true(critical!.includes("\u001b[31m1\u001b[0m") && critical!.includes("\u001b[31mcriticalHigh\u001b[0m"), critical);
  t.true(warning!.includes("\u001b[33m2\u001b[0m"), warning);
  t.true(changed!.includes("\u001b[7m3\u001b[0m"), changed);
});

test("it is never wider or higher than the terminal, and says what it leaves out", (t) => {
  const rows = Array.from({ length: 50 }, (_, k) =>
    row(`parameter${k}`, `${"9".repeat(k)} V`, { limit: "criticalLow" }),
  );
  for (const columns of [1, 5, 20, 33, 80]) {
    for (const height of [1, 2, 3, 8, 60]) {
      const lines = tableLines("a head that is rather long", rows, { columns, rows: height }, NO_COLOURS);
      t.true(lines.length <= height, `${columns} x ${height}`);
      t.true(
        lines.every((line) => line.length <= columns),
        `${columns} x ${height}`,
      );
    }
  }
  t.is(tableLines("head", rows, { columns: 80, rows: 8 }, NO_COLOURS).at(-1), "... 45 more; name those that you want");
});

test("a drawing goes over the one before: home, each line to its end, and what is left below", (t) => {
  t.is(drawScreen("h", [], { columns: 9, rows: 5 }, NO_COLOURS), "\u001b[Hh\u001b[K\nname  val\u001b[K\u001b[J");
});

test("the table keeps the last value of each parameter, and knows what has changed", (t) => {
  const table = new WatchTable((name) => name !== "unwanted");
  const value = (name: string, raw: number): DecodedValue => ({ name, offset: 0, bit: 0, bits: 8, raw, value: raw });
  t.true(table.put(value("a", 1), 1000), "the first is news");
  t.true(table.put(value("b", 1), 1000));
  t.false(table.put(value("a", 1), 2000));
  t.true(table.put(value("b", 2), 2000));
  t.false(table.put(value("unwanted", 2), 2000));
  t.deepEqual(
    table.rows(2500).map(({ name, value: text, ageMs, isChanged }) => [name, text, ageMs, isChanged]),
    [
      ["a", "1", 500, false],
      ["b", "2", 500, true],
    ],
  );
  t.false(table.rows(2000 + LIT_MS)[1]!.isChanged, "it goes out");
});

test("ages are short", (t) => {
  t.deepEqual([0, 999, 99_999, 100_000, 5_999_000, 7_200_000].map(ageText), [
    "0 s",
    "0 s",
    "99 s",
    "1 min",
    "99 min",
    "2 h",
  ]);
});

test("colours are for terminals, and NO_COLOR is honoured", (t) => {
  t.is(coloursFor({ isTTY: true }, {}), ALL_COLOURS);
  t.is(coloursFor({ isTTY: true }, { NO_COLOR: "" }), ALL_COLOURS);
  t.is(coloursFor({ isTTY: true }, { NO_COLOR: "1" }), NO_COLOURS);
  t.is(coloursFor({ isTTY: true }, { TERM: "dumb" }), NO_COLOURS);
  t.is(coloursFor({}, {}), NO_COLOURS);
  t.is(limitColour(ALL_COLOURS, "ok")("x"), "x");
});
