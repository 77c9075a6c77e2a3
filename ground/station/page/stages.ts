/** What became of a command, as a row of chips. */
import { TAKEN_TEXT } from "../../dictionary/verification.js";
import type { Command } from "../contracts.js";

const STAGES = ["sent", "accepted", "started", "completed"] as const;

/** `skipped`: not reported, and a later one is. */
export type ChipState = "done" | "waiting" | "failed" | "skipped" | "open";

export interface Chip {
  readonly stage: string;
  readonly state: ChipState;
  /** UNIX milliseconds. */
  readonly time: number | undefined;
}

/** A chip for each stage on a command's way. The one after the last that was reached is waited for. */
export function chipsOf({ stages, state, hex }: Command): readonly Chip[] {
  const reached = STAGES.map((stage) => stages.find((one) => one.stage.split(",")[0] === stage));
  const last = reached.findLastIndex((stage) => stage !== undefined);
  const isOver = ["completed", "failed", "unanswered", "taken"].includes(state);
  return STAGES.map((stage, k) => {
    const found = reached[k];
    if (found !== undefined) {
      return { stage, state: found.failure === undefined ? "done" : "failed", time: found.time };
    }
    const missing = k < last ? "skipped" : k === last + 1 && !isOver && isAsked(stage, hex) ? "waiting" : "open";
    return { stage, state: missing, time: undefined };
  });
}

/** Whether the telecommand asks for this report: its octet 6 ends with a bit for each. Other tools do not ask for every one. */
function isAsked(stage: (typeof STAGES)[number], hex: string): boolean {
  const flags = Number.parseInt(hex[13] ?? "f", 16);
  const bits = { sent: 0b1111, accepted: 0b1000, started: 0b0110, completed: 0b0001 };
  return stage === "sent" || (flags & bits[stage]) !== 0;
}

/** Why it failed, in words; undefined: it did not. */
export function failureOf({ stages, state }: Command): string | undefined {
  const failed = stages.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) {
    return `${failed.stage}: ${failed.failure}`;
  }
  return state === "unanswered"
    ? "no report came; it may still be carried out"
    : state === "taken"
      ? TAKEN_TEXT
      : undefined;
}

/** `celsius=21 mode=auto`. */
export function argumentsText(given: Readonly<Record<string, unknown>>): string {
  return Object.entries(given)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
