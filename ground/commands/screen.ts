/** A table on a terminal that is redrawn in place. What is drawn is a function of the rows and the size. */
import type { LimitState } from "../dictionary/limit-state.js";
import { type Colours, limitColour } from "./colours.js";

export interface Row {
  readonly name: string;
  /** In words, with the unit. */
  readonly value: string;
  readonly limit: LimitState | undefined;
  /** Since it came last, in milliseconds. */
  readonly ageMs: number;
  /** It is another one than before. */
  readonly isChanged: boolean;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export const ENTER = "\u001b[?1049h\u001b[?25l";
/** Shows the cursor, and what was on the terminal before. */
export const LEAVE = "\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const END_OF_LINE = "\u001b[K";
const REST_OF_SCREEN = "\u001b[J";
const AGE_WIDTH = 6;
const GAP = "  ";
const LIMIT_WIDTH = 12;

/** @param head a line above the table, as the name of the board and how the link is */
export function drawScreen(head: string, rows: readonly Row[], size: Size, colours: Colours): string {
  return `${HOME}${tableLines(head, rows, size, colours)
    .map((line) => line + END_OF_LINE)
    .join("\n")}${REST_OF_SCREEN}`;
}

/** Never wider or higher than the terminal; what has no room is told. */
export function tableLines(
  head: string,
  rows: readonly Row[],
  { columns, rows: height }: Size,
  colours: Colours,
): string[] {
  const nameWidth = Math.max(4, ...rows.map(({ name }) => name.length));
  const valueWidth = Math.max(5, ...rows.map(({ value }) => value.length));
  const room = Math.max(0, height - 2);
  const isCut = rows.length > room;
  const shown = rows.slice(0, isCut ? Math.max(0, room - 1) : room);
  const title = [
    "name".padEnd(nameWidth),
    "value".padEnd(valueWidth),
    "limit".padEnd(LIMIT_WIDTH),
    "age".padStart(AGE_WIDTH),
  ];
  const lines = [
    colours.bold(cut(head, columns)),
    colours.dim(cut(title.join(GAP), columns)),
    ...shown.map((row) => rowLine(row, nameWidth, valueWidth, columns, colours)),
    ...(isCut ? [colours.dim(cut(`... ${rows.length - shown.length} more; name those that you want`, columns))] : []),
  ];
  return lines.slice(0, Math.max(1, height));
}

/** Colours have no width: each part is cut before it is coloured. */
function rowLine(
  { name, value, limit, ageMs, isChanged }: Row,
  nameWidth: number,
  valueWidth: number,
  columns: number,
  colours: Colours,
): string {
  const state = limit === undefined || limit === "ok" ? "" : limit;
  const paint = limitColour(colours, limit);
  const lit = isChanged ? colours.lit : (text: string) => text;
  let left = columns;
  const part = (text: string, width: number, colour: (text: string) => string): string => {
    const cutText = cut(text, Math.min(width, left));
    const padding = " ".repeat(Math.max(0, Math.min(width, left) - cutText.length));
    left -= Math.min(width, left);
    const gap = GAP.slice(0, left);
    left -= gap.length;
    return colour(cutText) + padding + gap;
  };
  return [
    part(name, nameWidth, (text) => text),
    part(value, valueWidth, (text) => lit(paint(text))),
    part(state, LIMIT_WIDTH, paint),
    part(ageText(ageMs).padStart(AGE_WIDTH), AGE_WIDTH, colours.dim),
  ]
    .join("")
    .trimEnd();
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : text.slice(0, Math.max(0, width));
}

export function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  return seconds < 100
    ? `${seconds} s`
    : seconds < 6000
      ? `${Math.floor(seconds / 60)} min`
      : `${Math.floor(seconds / 3600)} h`;
}
