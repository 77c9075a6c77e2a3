/** Parameters over time: the archive's samples and what comes live, in one line. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { clockText, momentText, numberText, spanText } from "../format.js";
import { Chart, type Line, MOST_LINES } from "../plot/chart.js";
import { type Marker, markerAt, markersIn } from "../plot/marks.js";
import { useHistory } from "../plot/use-history.js";
import { exportAddress, type HistoryRange } from "../query.js";
import { routeText } from "../route.js";
import { joined, type Series, withGaps } from "../series.js";
import { type BoardState, breaksOf } from "../state.js";
import { PlotLegend } from "./plot-legend.js";
import { PlotPicker } from "./plot-picker.js";
import type { ViewProperties } from "./view.js";

const RANGES: readonly (readonly [number, string])[] = [
  [60, "1 min"],
  [300, "5 min"],
  [900, "15 min"],
  [3600, "1 h"],
  [21_600, "6 h"],
  [86_400, "1 d"],
];
/** A marker is pointed at from so far away, in pixels. */
const REACH = 6;

export function PlotView({ store, board, route, now }: ViewProperties): JSX.Element {
  const parameters = route.parameters.slice(0, MOST_LINES);
  const [zooms, setZooms] = useState<readonly HistoryRange[]>([]);
  const [pointed, setPointed] = useState<Pointed>({ time: undefined, values: [] });
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const zoom = zooms.at(-1);
  const history = useHistory(store, board, parameters, zoom, route.seconds, chart.current?.width ?? 0);
  const lines = parameters.map((name) => lineOf(board, name));
  const shape = JSON.stringify(lines);
  const isFollowing = zoom === undefined;

  useEffect(() => {
    if (root.current === null || lines.length === 0) {
      return;
    }
    const made = new Chart(root.current, lines, {
      zoomed: (from, to) => setZooms((before) => [...before, { from, to }]),
      pointed: (time, values) => setPointed({ time, values }),
    });
    chart.current = made;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const changed = (): void => made.redraw();
    dark.addEventListener("change", changed);
    store.changed();
    return () => {
      dark.removeEventListener("change", changed);
      chart.current = undefined;
      made.close();
    };
  }, [shape, store]);

  // With what is new, and twice a second; not with each move of the cursor.
  const { range, series, markers } = useMemo(() => {
    const shown = zoom ?? following(board, route.seconds);
    const { from, to } = shown;
    const breaks = breaksOf(board);
    return {
      range: shown,
      series: parameters.map((name) =>
        withGaps(joined(history[name] ?? [], board.samples.get(name), from, to), breaks),
      ),
      markers: markersIn(board, from, to),
    };
  }, [store.frame, now, history, zoom, board, route.seconds, parameters.join("\n")]);
  useEffect(() => {
    chart.current?.draw(series, range.from, range.to, markers);
  }, [series, range, markers, shape]);

  const go = (names: readonly string[], seconds = route.seconds): void => {
    location.hash = routeText({ view: "plot", board: board.name, parameters: names, seconds });
  };
  const back = (): void => setZooms(zooms.slice(0, -1));
  return (
    <div class="plotting">
      <PlotPicker
        board={board}
        parameters={parameters}
        onToggle={(name) =>
          go(parameters.includes(name) ? parameters.filter((one) => one !== name) : [...parameters, name])
        }
      />
      <section class="plot" aria-label="Plot">
        <div class="tools">
          <fieldset class="choices">
            <legend class="hidden">Range</legend>
            {RANGES.map(([seconds, text]) => (
              <button
                key={seconds}
                type="button"
                aria-pressed={isFollowing && route.seconds === seconds}
                onClick={() => {
                  setZooms([]);
                  go(parameters, seconds);
                }}
              >
                {text}
              </button>
            ))}
          </fieldset>
          {!isFollowing && (
            <>
              <button type="button" onClick={back} data-escape>
                Back
              </button>
              <button type="button" onClick={() => setZooms([])}>
                Live
              </button>
            </>
          )}
          <span class="muted" data-following={String(isFollowing)}>
            {isFollowing ? "live" : `${momentText(range.from, Date.now())}, ${spanText(range.to - range.from)}`}
          </span>
          <span class="grow" />
          {parameters.length > 0 && (
            <>
              <a class="button" href={exportAddress(board.name, parameters, range)} download={`${board.name}.csv`}>
                CSV
              </a>
              <button type="button" onClick={() => void savePicture(chart.current, board.name)}>
                PNG
              </button>
            </>
          )}
        </div>
        {parameters.length === 0 ? (
          <p class="empty">
            Choose a value to plot, up to {MOST_LINES} at once. Drag over the plot to zoom, Escape goes back.
          </p>
        ) : (
          <>
            <div
              class="canvas"
              ref={root}
              data-samples={countOf(series, (value) => value !== null)}
              data-gaps={countOf(series, (value) => value === null)}
            />
            <p class="pointed muted">{pointedText(pointed, markers, range, chart.current?.width ?? 1)}</p>
            <PlotLegend
              lines={lines}
              series={series}
              pointed={pointed.time === undefined ? undefined : pointed.values}
              onRemove={(name) => go(parameters.filter((one) => one !== name))}
            />
          </>
        )}
      </section>
    </div>
  );
}

function countOf(series: readonly Series[], counts: (value: number | null) => boolean): number {
  return series.reduce((sum, { values }) => sum + values.filter(counts).length, 0);
}

interface Pointed {
  readonly time: number | undefined;
  readonly values: readonly (number | null | undefined)[];
}

/** Up to now; a board whose clock is ahead is followed up to its last value. */
function following(board: BoardState, seconds: number): HistoryRange {
  let to = Date.now();
  for (const ring of board.samples.values()) {
    to = Math.max(to, ring.last ?? 0);
  }
  return { from: to - 1000 * seconds, to };
}

function lineOf(board: BoardState, name: string): Line {
  const definition = board.dictionary?.parameters?.[name];
  return {
    name,
    unit: definition?.unit ?? board.values.get(name)?.unit ?? "",
    words: definition?.words,
    limits: definition?.limits,
  };
}

function pointedText({ time }: Pointed, markers: readonly Marker[], range: HistoryRange, width: number): string {
  if (time === undefined) {
    return markers.length === 0
      ? "no events and no commands here"
      : `${numberText(markers.length)} events and commands here`;
  }
  const marker = markerAt(markers, time, (REACH * (range.to - range.from)) / width);
  return marker === undefined
    ? `${clockText(time)} UTC`
    : `${clockText(marker.time)} UTC  ${marker.kind} ${marker.text}`;
}

async function savePicture(chart: Chart | undefined, name: string): Promise<void> {
  const blob = await chart?.picture();
  if (blob !== null && blob !== undefined) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
