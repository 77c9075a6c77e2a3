/** What the page knows of alarms. Which state leads to which is the station's matter. */
import { isWaiting, severityLevel } from "../alarms/alarm-state.js";
import type { Alarm, AlarmLevel, AlarmState, AlarmValue } from "../contracts.js";
import { limitText, momentText, scalarText } from "./format.js";
import type { Recent } from "./ring.js";
import type { EventEntry } from "./wire.js";

/** For who wonders what the words say. */
export const MEANINGS: Readonly<Record<AlarmState | AlarmLevel, string>> = {
  warning: "out of the warning limits; an event of medium severity",
  critical: "out of the critical limits; an event of high severity",
  active: "out of its limits, and nobody has acknowledged it",
  acknowledged: "out of its limits, and somebody has acknowledged it",
  returned: "over, and nobody has acknowledged it",
  gone: "over, and acknowledged",
};

interface Known {
  readonly alarms: Recent<Alarm>;
  readonly events: Recent<EventEntry>;
}

/** An answer may come behind the news. */
export function isOlder(alarm: Alarm, known: Alarm): boolean {
  return alarm.version < known.version;
}

/** What is open stays on the page, however many came behind it. */
export function isGone({ state }: Alarm): boolean {
  return state === "gone";
}

/** The events that an alarm is of are acknowledged with it. */
export function applyAlarm({ alarms, events }: Known, alarm: Alarm): void {
  alarms.add(alarm);
  const { source, subject, acknowledged, firstPacket, lastPacket, first, latest } = alarm;
  if (source !== "event" || acknowledged === null) {
    return;
  }
  const its = events.items.filter(
    ({ event, packet, time, acknowledged: already }) =>
      event === subject &&
      // What could not be stored has no number in the archive.
      (packet < 0 ? time >= first && time <= latest.time : packet >= firstPacket && packet <= lastPacket) &&
      (already ?? null) === null,
  );
  for (const { packet } of its) {
    events.change(packet, (event) => ({ ...event, acknowledged: acknowledged.user }));
  }
}

/** Alarms that nobody has acknowledged. */
export function waiting({ alarms }: Pick<Known, "alarms">): number {
  let count = 0;
  for (const { state } of alarms.items) {
    count += isWaiting(state) ? 1 : 0;
  }
  return count;
}

/** Whether it is an event that somebody must acknowledge, and nobody has. */
export function toAcknowledge({ severity, acknowledged }: EventEntry): boolean {
  return severityLevel(severity) !== undefined && (acknowledged ?? null) === null;
}

/** What it is about, in a line. */
export function alarmText({ source, latest, worst, unit, count, first, changed, state }: Alarm, now: number): string {
  const times = count > 1 ? [`${count} times since ${momentText(first, now)}`] : [];
  if (source === "event") {
    return [latest.value, ...times].join("; ");
  }
  const valueText = ({ value, limit }: AlarmValue): string =>
    [scalarText(value), unit ?? "", limitText(limit)].filter((part) => part !== "").join(" ");
  const isOver = state === "returned" || state === "gone";
  return [
    ...(isOver ? [`over since ${momentText(changed, now)}`] : [`now ${valueText(latest)}`]),
    ...(worst.value === latest.value ? [] : [`at worst ${valueText(worst)}`]),
    ...times,
  ].join("; ");
}
