/** Which line is which, with its value under the cursor, or its last. */
import type { JSX } from "preact";
import { numberText } from "../format.js";
import type { Line } from "../plot/chart.js";
import { rangeOf, type Series } from "../series.js";

interface LegendProperties {
  readonly lines: readonly Line[];
  readonly series: readonly Series[];
  /** Undefined: the last of each. */
  readonly pointed: readonly (number | null | undefined)[] | undefined;
  readonly onRemove: (name: string) => void;
}

export function PlotLegend({ lines, series, pointed, onRemove }: LegendProperties): JSX.Element {
  return (
    <div class="scroll">
      <table class="list legend">
        <thead>
          <tr>
            <th scope="col">value</th>
            <th scope="col" class="number">
              {pointed === undefined ? "last" : "there"}
            </th>
            <th scope="col" class="number">
              least
            </th>
            <th scope="col" class="number">
              greatest
            </th>
            <th scope="col">unit</th>
            <th scope="col">
              <span class="hidden">remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, k) => {
            const values = series[k]?.values ?? [];
            const range = rangeOf(values);
            const shown = pointed === undefined ? values.findLast((value) => value !== null) : pointed[k];
            return (
              <tr key={line.name} data-line={line.name}>
                <th scope="row">
                  <i class="swatch" style={{ background: `var(--series-${k + 1})` }} aria-hidden="true" />
                  {line.name}
                </th>
                <td class="number">{textOf(line, shown)}</td>
                <td class="number">{textOf(line, range?.least)}</td>
                <td class="number">{textOf(line, range?.greatest)}</td>
                <td class="unit">{line.unit}</td>
                <td class="act">
                  <button type="button" onClick={() => onRemove(line.name)} aria-label={`Remove ${line.name}`}>
                    Remove
                  </button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function textOf({ words }: Line, value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return "-";
  }
  return Object.entries(words ?? {}).find(([, number]) => number === value)?.[0] ?? numberText(value);
}
