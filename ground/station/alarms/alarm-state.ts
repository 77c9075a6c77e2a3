/**
 * The states of an alarm, and what leads from one to the other.
 *
 * | state | out of limits | worse than before | within limits | acknowledged |
 * | --- | --- | --- | --- | --- |
 * | none | active | | | |
 * | active: it is out, nobody has said that it was seen | | | returned | acknowledged |
 * | acknowledged: it is out, somebody knows | | active | gone | |
 * | returned: it is over, nobody knows of it | active | active | | gone |
 * | gone: over, and known; the next time there is another alarm | | | | |
 *
 * What is empty changes nothing. Worse: critical where it was a warning; who acknowledged the one has not seen the other. An event
 * is over as soon as it has come: it is out and within at once, so its alarm waits in `returned`.
 */
import type { LimitState } from "../../dictionary/limit-state.js";
import type { AlarmLevel, AlarmState } from "../contracts.js";

export const ALARM_STATES = ["active", "acknowledged", "returned", "gone"] as const satisfies readonly AlarmState[];
export const ALARM_LEVELS = ["warning", "critical"] as const satisfies readonly AlarmLevel[];

export type Happening = "out" | "worse" | "within" | "acknowledge";

const NEXT: Readonly<Record<AlarmState, Partial<Record<Happening, AlarmState>>>> = {
  active: { within: "returned", acknowledge: "acknowledged" },
  acknowledged: { worse: "active", within: "gone" },
  returned: { out: "active", worse: "active", acknowledge: "gone" },
  gone: {},
};

export function nextState(state: AlarmState, happening: Happening): AlarmState {
  return NEXT[state][happening] ?? state;
}

/** Whether somebody is to acknowledge it. */
export function isWaiting(state: AlarmState): boolean {
  return NEXT[state].acknowledge !== undefined;
}

/** Of a value's place; undefined: it is within. */
export function levelOf(limit: LimitState): AlarmLevel | undefined {
  return limit === "ok" ? undefined : limit.startsWith("critical") ? "critical" : "warning";
}

/** Of an event's severity; undefined: nobody need acknowledge it. */
export function severityLevel(severity: string): AlarmLevel | undefined {
  return severity === "high" ? "critical" : severity === "medium" ? "warning" : undefined;
}
