/** The results for people. */
import type { BenchResult } from "./cases/bench-case.js";

const COLUMNS: readonly [string, (result: BenchResult) => string][] = [
  ["case", ({ name }) => name],
  ["bytes", ({ packetLength }) => String(packetLength)],
  ["packets/s", ({ packetsPerSecond }) => Math.round(packetsPerSecond).toLocaleString("en")],
  ["MB/s", ({ bytesPerSecond }) => (bytesPerSecond / 1e6).toLocaleString("en", { maximumSignificantDigits: 3 })],
  ["slots/packet", ({ slotsPerPacket }) => (slotsPerPacket === undefined ? "" : String(slotsPerPacket))],
  ["steps/packet", ({ stepsPerPacket }) => (stepsPerPacket === undefined ? "" : String(Math.round(stepsPerPacket)))],
  ["baseline", ({ baseline }) => baseline],
  ["times its speed", ({ ratio }) => ratio.toFixed(2)],
  ["by steps", ({ stepsRatio }) => stepsRatio?.toFixed(2) ?? ""],
  ["by CPU time", ({ cpuRatio }) => cpuRatio?.toFixed(2) ?? ""],
];
/** Columns of text; the others are numbers and stand to the right. */
const TEXT = new Set(["case", "baseline"]);

export function table(results: readonly BenchResult[]): string {
  const used = COLUMNS.filter(([, cell]) => results.some((result) => cell(result) !== ""));
  const rows = [used.map(([title]) => title), ...results.map((result) => used.map(([, cell]) => cell(result)))];
  const widths = used.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, k) => (TEXT.has(used[k]![0]) ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
