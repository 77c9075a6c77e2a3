/** What stands behind the lines of a plot: limits, events, commands. */
import type uPlot from "uplot";
import type { Limits } from "../../../../modules/dictionary/dictionary.js";
import { type Level, severityLevel } from "../format.js";
import type { BoardState } from "../state.js";

export interface Marker {
  /** UNIX milliseconds. */
  readonly time: number;
  readonly kind: "event" | "command";
  readonly level: Level;
  readonly text: string;
}

const MOST = 300;
const FLAG = 7;

/** What happened in a range, and was sent in it; the latest first. */
export function markersIn({ events, commands }: BoardState, from: number, to: number): readonly Marker[] {
  const isIn = ({ time }: { readonly time: number }): boolean => time >= from && time <= to;
  return [
    ...events.items.filter(isIn).map(({ time, name, text, severity }) => ({
      time,
      kind: "event" as const,
      level: severityLevel(severity),
      text: text === "" ? name : `${name}: ${text}`,
    })),
    ...commands.items.filter(isIn).map(({ time, name, user, state }) => ({
      time,
      kind: "command" as const,
      level: state === "failed" ? ("critical" as const) : ("none" as const),
      text: `${name}, sent by ${user}, ${state}`,
    })),
  ].slice(0, MOST);
}

/** The one that is nearest to a time, if it is near. */
export function markerAt(markers: readonly Marker[], time: number, reach: number): Marker | undefined {
  let found: Marker | undefined;
  for (const marker of markers) {
    const distance = Math.abs(marker.time - time);
    if (distance <= reach && (found === undefined || distance < Math.abs(found.time - time))) {
      found = marker;
    }
  }
  return found;
}

/** Events hang from the top, commands stand at the bottom. */
export function drawMarkers(plot: uPlot, markers: readonly Marker[]): void {
  const { ctx, bbox } = plot;
  const flag = FLAG * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  for (const { time, kind, level } of markers) {
    const x = Math.round(plot.valToPos(time / 1000, "x", true));
    const colour = style(level === "critical" ? "--critical" : level === "warning" ? "--warning" : "--muted");
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.45;
    ctx.setLineDash(kind === "command" ? [2 * devicePixelRatio, 3 * devicePixelRatio] : []);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.globalAlpha = 1;
    const y = kind === "event" ? bbox.top : bbox.top + bbox.height;
    ctx.beginPath();
    ctx.moveTo(x - flag / 2, y);
    ctx.lineTo(x + flag / 2, y);
    ctx.lineTo(x, kind === "event" ? y + flag : y - flag);
    ctx.fill();
  }
  ctx.restore();
}

export function drawLimits(plot: uPlot, scale: string, limits: Limits | undefined): void {
  const { ctx, bbox } = plot;
  const { min, max } = plot.scales[scale] ?? {};
  if (limits === undefined || min === undefined || max === undefined) {
    return;
  }
  ctx.save();
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  for (const level of ["warning", "critical"] as const) {
    for (const value of [limits[level]?.low, limits[level]?.high]) {
      if (value !== undefined && value >= min && value <= max) {
        const y = Math.round(plot.valToPos(value, scale, true));
        ctx.strokeStyle = style(`--${level}`);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
    }
  }
  ctx.restore();
}

function style(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
