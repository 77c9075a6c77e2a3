/** `flatlink plot`: an archive's values over time, in the terminal. */
import { parseOptions } from "../../host/command.js";
import { shortNumber } from "../dictionary/raw-value.js";
import { history } from "../station/archive/history.js";
import { inUnit, type KnownParameter } from "../station/archive/in-unit.js";
import type { WideQuery } from "../station/export/wide-rows.js";
import { plotCommand, queryOf } from "./archive-options.js";
import { brailleLines, type Point } from "./braille.js";
import { EXIT_DONE, FailedError, type Program, runProgram } from "./program.js";

const DEFAULT_COLUMNS = 80;
/** For the numbers beside the plot. */
const MARGIN = 12;
/** For each column: a character is two points wide, and each stretch of time has its least and its greatest. */
const POINTS = 4;

async function plot({ args, write }: Program): Promise<number> {
  const command = plotCommand();
  if (parseOptions(command, args, write) === undefined) {
    return EXIT_DONE;
  }
  const options: Record<string, unknown> = command.opts();
  const columns = (options["width"] as number | undefined) ?? process.stdout.columns ?? DEFAULT_COLUMNS;
  const width = Math.max(columns - MARGIN - 1, 1);
  const query = queryOf(command);
  try {
    const charts = query.parameters.flatMap((parameter) => {
      const points = pointsOf(query, parameter, POINTS * width);
      return points.length === 0 ? [] : [chart(parameter, points, width, options["height"] as number)];
    });
    if (charts.length === 0) {
      throw new FailedError("there are no numbers of this time to draw");
    }
    write(charts.join("\n"));
    return EXIT_DONE;
  } finally {
    query.archive.close();
  }
}

function pointsOf(query: WideQuery, { definition }: KnownParameter, points: number): Point[] {
  const { archive, board, from, to } = query;
  return history(archive, { board, parameter: definition.id, from, to, points }).flatMap(({ time, raw }) => {
    const value = inUnit(definition, raw);
    return typeof value === "number" ? [[time, value] as const] : [];
  });
}

function chart(
  { name, definition: { unit } }: KnownParameter,
  points: readonly Point[],
  width: number,
  height: number,
) {
  const values = points.map(([, value]) => value);
  const bottom = values.reduce((a, b) => Math.min(a, b));
  const top = values.reduce((a, b) => Math.max(a, b));
  const [left] = points[0]!;
  const [right, last] = points.at(-1)!;
  const lines = brailleLines(points, { left, right, bottom, top }, width, height);
  const labels = new Map([
    [0, shortNumber(top)],
    [height - 1, shortNumber(bottom)],
  ]);
  const behind = unit === undefined ? "" : ` ${unit}`;
  const from = new Date(left).toISOString();
  const to = new Date(right).toISOString();
  return [
    `${name}: ${shortNumber(last)}${behind}`,
    ...lines.map((line, k) => `${(labels.get(k) ?? "").padStart(MARGIN - 1)} ┤${line}`.trimEnd()),
    `${" ".repeat(MARGIN)}└${from}${to.padStart(Math.max(width - from.length, to.length + 1))}`,
    "",
  ].join("\n");
}

await runProgram("flatlink plot", plot);
