/** Rows of bits as drawings (SVG), as wide as a phone can show them. */
import { escapedHtml } from "../document/html.js";
import { type Piece, ROW_BITS, type Row, rowsOf, type Segment } from "./bit-layout.js";

const BIT = 24;
const GUTTER = 36;
const ROW = 24;
const TOP = 14;
const WIDTH = GUTTER + ROW_BITS * BIT + 1;
/** Of a letter in the figure's font. */
const LETTER = 6.7;
/** Rows in one drawing: it must not be taller than a page has room for, wherever it begins. */
const MAX_ROWS = 20;

/** @param offset octets in front of the first piece; undefined: it is not always the same, and counts from here */
export function drawingsOf(pieces: readonly Piece[], offset: number | undefined): string[] {
  const rows = rowsOf(pieces, offset ?? 0);
  const drawings: string[] = [];
  for (let k = 0; k < rows.length; k += MAX_ROWS) {
    drawings.push(drawing(rows, k, Math.min(k + MAX_ROWS, rows.length), offset === undefined));
  }
  return drawings;
}

function drawing(rows: readonly Row[], first: number, end: number, isRelative: boolean): string {
  const height = TOP + (end - first) * ROW + 1;
  const lines = [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapedHtml(spoken(rows, first, end))}">`,
  ];
  for (let bit = 0; bit < ROW_BITS; bit++) {
    lines.push(
      `<text class="scale" x="${GUTTER + (bit + 0.5) * BIT}" y="${TOP - 4}" text-anchor="middle">${bit % 8}</text>`,
    );
  }
  for (let k = first; k < end; k++) {
    const row = rows[k]!;
    const y = TOP + (k - first) * ROW;
    const offset = `${isRelative ? "+" : ""}${row.offset}`;
    lines.push(`<text class="scale" x="${GUTTER - 5}" y="${y + ROW / 2 + 3}" text-anchor="end">${offset}</text>`);
    for (const segment of row.segments) {
      lines.push(cell(segment, y));
    }
  }
  for (let k = first; k < end; k++) {
    const y = TOP + (k - first) * ROW;
    const { segments, isTorn } = rows[k]!;
    lines.push(
      `<path class="${isTorn ? "torn" : "edge"}" d="${edges(segments, rows[k - 1], rows[k + 1], k, first, y)}"/>`,
    );
  }
  return [...lines, ...labels(rows.slice(first, end)), "</svg>"].join("\n");
}

function spoken(rows: readonly Row[], first: number, end: number): string {
  const names = rows.slice(first, end).flatMap(({ segments }) => segments.map(({ piece }) => piece.name));
  return `layout: ${names.filter((name, k) => name !== names[k - 1]).join(", ")}`;
}

function cell({ piece, from, to }: Segment, y: number): string {
  const kind = piece.number === undefined ? "reserved" : piece.isFixed ? "fixed" : "value";
  return (
    `<rect class="${kind}" x="${GUTTER + from * BIT}" y="${y}" width="${(to - from) * BIT}" height="${ROW}">` +
    `<title>${escapedHtml(piece.name)}</title></rect>`
  );
}

/** Lines where one piece ends and another begins; none within a piece that goes over several rows. */
function edges(
  segments: readonly Segment[],
  above: Row | undefined,
  below: Row | undefined,
  k: number,
  first: number,
  y: number,
): string {
  let path = "";
  for (const { piece, from, to } of segments) {
    const left = GUTTER + from * BIT;
    const right = GUTTER + to * BIT;
    path += `M${left} ${y}V${y + ROW}M${right} ${y}V${y + ROW}`;
    path += horizontal(piece, from, to, k === first ? undefined : above, y);
    path += horizontal(piece, from, to, below, y + ROW);
  }
  return path;
}

/** Along one side of a segment, but where the same piece is on the other side. */
function horizontal(piece: Piece, from: number, to: number, other: Row | undefined, y: number): string {
  const same = other?.segments.find((segment) => segment.piece === piece);
  if (same === undefined) {
    return `M${GUTTER + from * BIT} ${y}H${GUTTER + to * BIT}`;
  }
  const parts: [number, number][] = [
    [from, Math.min(to, same.from)],
    [Math.max(from, same.to), to],
  ];
  return parts
    .filter(([start, end]) => end > start)
    .map(([start, end]) => `M${GUTTER + start * BIT} ${y}H${GUTTER + end * BIT}`)
    .join("");
}

/** A piece's number and name once, in the widest of its rows. */
function labels(rows: readonly Row[]): string[] {
  const best = new Map<Piece, { segment: Segment; row: number; last: number }>();
  rows.forEach(({ segments }, row) => {
    for (const segment of segments) {
      const known = best.get(segment.piece);
      const width = segment.to - segment.from;
      if (known === undefined || width > known.segment.to - known.segment.from) {
        best.set(segment.piece, { segment, row, last: row });
      } else if (width === known.segment.to - known.segment.from && segment.from === known.segment.from) {
        known.last = row;
      }
    }
  });
  return Array.from(best.values(), ({ segment, row, last }) => {
    const x = GUTTER + ((segment.from + segment.to) / 2) * BIT;
    const y = TOP + ((row + last + 1) / 2) * ROW + 4;
    const text = fitting(segment.piece, Math.floor(((segment.to - segment.from) * BIT - 4) / LETTER));
    return `<text x="${x}" y="${y}" text-anchor="middle">${escapedHtml(text)}</text>`;
  });
}

/** As much of number, name and note as there is room for. */
function fitting({ number, name, note }: Piece, letters: number): string {
  if (number === undefined) {
    return name.length <= letters ? name : "";
  }
  const whole = `${number} ${name}`;
  const noted = note.startsWith("=") ? `${whole} ${note}` : `${whole}: ${note}`;
  if (note !== "" && noted.length <= letters) {
    return noted;
  }
  if (whole.length <= letters) {
    return whole;
  }
  const few = letters - `${number} …`.length;
  return few >= 3 ? `${number} ${name.slice(0, few)}…` : String(number);
}
