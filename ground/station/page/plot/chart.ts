/** uPlot, as the plot view needs it: one line a parameter, one axis a unit, limits, markers, gaps. */
import uPlot from "uplot";
import type { Limits, Words } from "../../../../modules/dictionary/dictionary.js";
import { numberText } from "../format.js";
import type { Series } from "../series.js";
import { drawLimits, drawMarkers, type Marker } from "./marks.js";

export interface Line {
  readonly name: string;
  /** `""`: none. */
  readonly unit: string;
  readonly words: Words | undefined;
  readonly limits: Limits | undefined;
}

export interface ChartHandlers {
  /** Somebody drew a range, UNIX milliseconds. */
  zoomed(from: number, to: number): void;
  /** @param time under the cursor, UNIX milliseconds, and each line's value there; undefined: the cursor left */
  pointed(time: number | undefined, values: readonly (number | null | undefined)[]): void;
}

export const MOST_LINES = 8;
const MOST_AXES = 3;
/** Of a plot that is narrower than so many pixels. */
const NARROW = 600;
const MOST_AXES_NARROW = 2;
const AXIS_WIDTH = 58;
const HEIGHT_SHARE = 0.6;
const LEAST_HEIGHT = 240;
/** A range drawn by mistake is narrower. */
const LEAST_DRAG = 6;

export class Chart {
  readonly #plot: uPlot;
  readonly #root: HTMLElement;
  readonly #lines: readonly Line[];
  readonly #observer: ResizeObserver;
  #markers: readonly Marker[] = [];
  #from = 0;
  #to = 1;

  /** @param lines `MOST_LINES` at most */
  constructor(root: HTMLElement, lines: readonly Line[], handlers: ChartHandlers) {
    this.#root = root;
    this.#lines = lines;
    const units = [...new Set(lines.map(({ unit }) => unit))];
    this.#plot = new uPlot(
      {
        ...sizeOf(root),
        legend: { show: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
        cursor: { drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG }, points: { size: 6 } },
        scales: {
          x: { time: true, auto: false, range: () => [this.#from / 1000, this.#to / 1000] },
          ...Object.fromEntries(units.map((unit) => [scaleOf(unit), { range: valueRange }])),
        },
        axes: [
          { stroke: colour("--muted"), grid: grid(), ticks: grid(), values: timeTexts },
          ...units
            .slice(0, root.clientWidth < NARROW ? MOST_AXES_NARROW : MOST_AXES)
            .map((unit, k) => this.#axis(unit, k)),
        ],
        series: [
          {},
          ...lines.map(({ name, unit }, k) => ({
            label: name,
            scale: scaleOf(unit),
            stroke: colour(`--series-${k + 1}`),
            width: 1.5,
            points: { show: (plot: uPlot) => isSparse(plot) },
          })),
        ],
        hooks: {
          draw: [
            (plot) => {
              if (lines.length === 1) {
                drawLimits(plot, scaleOf(lines[0]!.unit), lines[0]!.limits);
              }
              drawMarkers(plot, this.#markers);
            },
          ],
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width >= LEAST_DRAG) {
                handlers.zoomed(1000 * plot.posToVal(left, "x"), 1000 * plot.posToVal(left + width, "x"));
                plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              }
            },
          ],
          setCursor: [
            (plot) => {
              const { idx, left = -1 } = plot.cursor;
              const isOn = left >= 0 && (idx ?? undefined) !== undefined;
              handlers.pointed(
                isOn ? 1000 * plot.posToVal(left, "x") : undefined,
                isOn ? lines.map((_, k) => nearest(plot.data[k + 1]!, idx!)) : [],
              );
            },
          ],
        },
      },
      [[], ...lines.map(() => [])],
      root,
    );
    this.#observer = new ResizeObserver(() => this.#plot.setSize(sizeOf(root)));
    this.#observer.observe(root);
  }

  /** @param series one for each line, with times in UNIX milliseconds */
  draw(series: readonly Series[], from: number, to: number, markers: readonly Marker[]): void {
    this.#from = from;
    this.#to = to;
    this.#markers = markers;
    this.#plot.setData(together(series), false);
    this.#plot.setScale("x", { min: from / 1000, max: to / 1000 });
  }

  /** How wide the lines' field is, in pixels. */
  get width(): number {
    return this.#plot.bbox.width / devicePixelRatio;
  }

  /** Draws again, in the colours of now. */
  redraw(): void {
    this.#plot.redraw(false, false);
  }

  /** The picture, with its names, on the page's ground. @returns undefined: the browser makes none */
  picture(): Promise<Blob | null> {
    const from = this.#plot.ctx.canvas;
    const canvas = document.createElement("canvas");
    const line = 22 * devicePixelRatio;
    canvas.width = from.width;
    canvas.height = from.height + line;
    const context = canvas.getContext("2d")!;
    context.fillStyle = variable("--panel");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(from, 0, line);
    context.font = `${13 * devicePixelRatio}px system-ui, sans-serif`;
    let x = 8 * devicePixelRatio;
    this.#lines.forEach(({ name, unit }, k) => {
      const text = unit === "" ? name : `${name} (${unit})`;
      context.fillStyle = variable(`--series-${k + 1}`);
      context.fillText(text, x, 0.7 * line);
      x += context.measureText(text).width + 16 * devicePixelRatio;
    });
    return new Promise((resolve) => {
      canvas.toBlob(resolve, "image/png");
    });
  }

  close(): void {
    this.#observer.disconnect();
    this.#plot.destroy();
    this.#root.replaceChildren();
  }

  #axis(unit: string, k: number): uPlot.Axis {
    const own = this.#lines.filter((line) => line.unit === unit);
    const only = own.length === 1 ? own[0] : undefined;
    // An axis of one line has its colour.
    const ink = only === undefined ? "--muted" : `--series-${this.#lines.indexOf(only) + 1}`;
    return {
      scale: scaleOf(unit),
      side: k === 0 ? 3 : 1,
      size: AXIS_WIDTH,
      stroke: colour(ink),
      grid: { ...grid(), show: k === 0 },
      ticks: grid(),
      ...(unit === "" ? {} : { label: unit, labelSize: 18, labelGap: 0 }),
      values: (_, splits) => splits.map((value) => wordOf(only?.words, value) ?? numberText(value)),
    };
  }
}

/** Of values that are all the same, the line is in the middle. */
function valueRange(_: uPlot, least: number | null, greatest: number | null): uPlot.Range.MinMax {
  if (least === null || greatest === null) {
    return [0, 1];
  }
  return least === greatest ? [least - 1, greatest + 1] : uPlot.rangeNum(least, greatest, 0.1, true);
}

function scaleOf(unit: string): string {
  return `unit ${unit}`;
}

function wordOf(words: Words | undefined, value: number): string | undefined {
  if (words === undefined) {
    return undefined;
  }
  return Object.entries(words).find(([, number]) => number === value)?.[0] ?? "";
}

/** One column of times for all lines: a line without a sample there goes on. */
function together(series: readonly Series[]): uPlot.AlignedData {
  const tables = series.map(
    ({ times, values }) => [times.map((time) => time / 1000), values] as unknown as uPlot.AlignedData,
  );
  if (tables.length === 1) {
    return tables[0]!;
  }
  // 2: what is null in one line stays a gap, also between the times of others.
  return uPlot.join(
    tables,
    series.map(() => [0, 2]),
  );
}

/** Lines that were sampled at other times have no value right there. */
function nearest(values: ArrayLike<number | null | undefined>, index: number): number | null | undefined {
  for (let k = index; k >= 0; k--) {
    if (values[k] !== undefined) {
      return values[k];
    }
  }
  return undefined;
}

function isSparse(plot: uPlot): boolean {
  return plot.data[0].length < plot.bbox.width / devicePixelRatio / 8;
}

function timeTexts(_: uPlot, splits: number[], __: number, ___: number, step: number): string[] {
  return splits.map((seconds, k) => {
    const text = new Date(seconds * 1000).toISOString();
    const isNewDay = k === 0 || text.slice(11, 19) === "00:00:00";
    if (step >= 86_400) {
      return text.slice(5, 10);
    }
    const time = step >= 60 ? text.slice(11, 16) : step >= 1 ? text.slice(11, 19) : text.slice(17, 23);
    return isNewDay && step >= 3600 ? `${time}\n${text.slice(5, 10)}` : time;
  });
}

function sizeOf(root: HTMLElement): { width: number; height: number } {
  return {
    width: Math.max(root.clientWidth, 100),
    height: Math.max(Math.min(innerHeight * HEIGHT_SHARE, root.clientWidth * 0.75), LEAST_HEIGHT),
  };
}

function grid(): uPlot.Axis.Grid {
  return { stroke: colour("--line"), width: 1 };
}

/** Asked for with each drawing: light and dark change while the page is open. */
function colour(name: string): () => string {
  return () => variable(name);
}

export function variable(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
