/** A line plot out of braille characters, each two points wide and four high. */

/** Dots of a character, by column and row. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;
const FIRST = 0x2800;

export type Point = readonly [x: number, y: number];

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/**
 * @param points in rising order of x
 * @param width in characters
 * @param height in lines
 * @returns the lines, from the top
 */
export function brailleLines(points: readonly Point[], box: Box, width: number, height: number): string[] {
  const cells = Array.from({ length: height }, () => new Uint8Array(width));
  const columns = 2 * width - 1;
  const rows = 4 * height - 1;
  const placed = points.map(
    ([x, y]): Point => [
      Math.round(scaled(x, box.left, box.right) * columns),
      Math.round((1 - scaled(y, box.bottom, box.top)) * rows),
    ],
  );
  const dot = (x: number, y: number): void => {
    const line = cells[y >> 2];
    if (line !== undefined && x >= 0 && x <= columns) {
      line[x >> 1]! |= DOTS[x & 1]![y & 3]!;
    }
  };
  placed.forEach((to, k) => {
    const from = placed[k - 1] ?? to;
    const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1);
    for (let step = 0; step <= steps; step++) {
      dot(
        Math.round(from[0] + ((to[0] - from[0]) * step) / steps),
        Math.round(from[1] + ((to[1] - from[1]) * step) / steps),
      );
    }
  });
  return cells.map((line) => String.fromCharCode(...Array.from(line, (dots) => FIRST + dots)));
}

/** 0 to 1; what has no extent is in the middle. */
function scaled(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : 0.5;
}
