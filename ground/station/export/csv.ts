/** A table as CSV (RFC 4180), a line at a time. */
import { type WideQuery, type WideRow, wideRows } from "./wide-rows.js";

/** Lines with their ends; the first has the names, with units. */
export function* csvLines(query: WideQuery): Generator<string> {
  const names = query.parameters.map(({ name, definition: { unit } }) =>
    unit === undefined ? name : `${name} [${unit}]`,
  );
  yield line(["time", ...names]);
  for (const row of wideRows(query)) {
    yield line(cellsOf(row));
  }
}

function cellsOf({ time, values }: WideRow): string[] {
  return [new Date(time).toISOString(), ...values.map(cell)];
}

function cell(value: unknown): string {
  if (value === undefined || value === null) {
    return "";
  }
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function line(cells: readonly string[]): string {
  return `${cells.map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(",")}\r\n`;
}
