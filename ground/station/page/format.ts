/** Values, times and octets as people read them. */
import type { PlainValue } from "../../dictionary/describe.js";

/** Digits of a value: more are noise at a glance. */
const DIGITS = 6;
const ROW = 16;

/** A value without its unit: its word, or the number. */
export function valueText({ value, word, parts }: PlainValue): string {
  if (parts !== undefined) {
    return parts.map((part) => `${part.name} ${valueText(part)}`).join(", ");
  }
  if (Array.isArray(value)) {
    const words = Array.isArray(word) ? (word as (string | null)[]) : [];
    return `[${value.map((element, k) => words[k] ?? scalarText(element)).join(", ")}]`;
  }
  return typeof word === "string" ? word : scalarText(value);
}

export function scalarText(value: unknown): string {
  if (typeof value === "number") {
    return numberText(value);
  }
  return value === null || value === undefined ? "" : String(value);
}

export function numberText(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) {
    return String(value);
  }
  return String(Number(value.toPrecision(DIGITS)));
}

/** The number that a plot draws: true is 1. NaN: there is none. */
export function plottable(value: unknown): number {
  switch (typeof value) {
    case "number":
      return value;
    case "boolean":
      return Number(value);
    case "string":
      return value === "" ? Number.NaN : Number(value);
    default:
      return Number.NaN;
  }
}

/** A stretch of time: `0.4 s`, `12 s`, `3 min 4 s`, `2 h 10 min`, `5 d 3 h`. */
export function spanText(ms: number): string {
  const seconds = Math.max(ms, 0) / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.floor(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return two(Math.floor(whole / 60), "min", whole % 60, "s");
  }
  return whole < 86_400
    ? two(Math.floor(whole / 3600), "h", Math.floor((whole % 3600) / 60), "min")
    : two(Math.floor(whole / 86_400), "d", Math.floor((whole % 86_400) / 3600), "h");
}

function two(great: number, greatUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${great} ${greatUnit}` : `${great} ${greatUnit} ${small} ${smallUnit}`;
}

/** `12:34:56.789`, UTC. */
export function clockText(time: number): string {
  return isoText(time).slice(11, 23);
}

/** `12:34:56`; of another day than `now`, `2026-11-29 12:34:56`. UTC. */
export function momentText(time: number, now: number): string {
  const text = isoText(time);
  return text.slice(0, 10) === isoText(now).slice(0, 10)
    ? text.slice(11, 19)
    : `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}

function isoText(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "---------- --:--:--.---" : date.toISOString();
}

/** Octets in rows of 16, two digits each. */
export function hexRows(hex: string): { readonly offset: number; readonly octets: readonly string[] }[] {
  const octets = hex.match(/../g) ?? [];
  return Array.from({ length: Math.ceil(octets.length / ROW) }, (_, row) => ({
    offset: ROW * row,
    octets: octets.slice(ROW * row, ROW * (row + 1)),
  }));
}

/** `08 b1 00` of `08b100`. */
export function spacedHex(hex: string): string {
  return (hex.match(/../g) ?? []).join(" ");
}

/** What the limits say, in words: not by colour alone. */
export function limitText(limit: string | undefined): string {
  switch (limit) {
    case "warningLow":
      return "low";
    case "warningHigh":
      return "high";
    case "criticalLow":
      return "critical low";
    case "criticalHigh":
      return "critical high";
    default:
      return "";
  }
}

export type Level = "none" | "ok" | "warning" | "critical";

/** For the colour. */
export function limitLevel(limit: string | undefined): Level {
  if (limit === undefined) {
    return "none";
  }
  return limit === "ok" ? "ok" : limit.startsWith("critical") ? "critical" : "warning";
}

export function severityLevel(severity: string): Level {
  switch (severity) {
    case "high":
      return "critical";
    case "medium":
      return "warning";
    default:
      return "none";
  }
}

/** Whether each word of a search is somewhere in one of the texts; case does not matter. */
export function matches(search: string, ...texts: readonly (string | undefined)[]): boolean {
  const all = texts.join(" ").toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
