/** What an alarm has not been stored for: that a value got worse, that an event came again. The archive's samples and events have it. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { limitState } from "../../dictionary/limit-state.js";
import { eventsSince, extremesSince } from "../archive/alarms.js";
import type { Archive } from "../archive/archive.js";
import { inUnit } from "../archive/in-unit.js";
import type { Alarm, AlarmValue } from "../contracts.js";
import { nextState } from "./alarm-state.js";
import { alarmValue, isWorse } from "./worst.js";

export function upToDate(archive: Archive, board: number, dictionary: BoardDictionary, alarm: Alarm): Alarm {
  return alarm.source === "event"
    ? eventUpToDate(archive, board, alarm)
    : parameterUpToDate(archive, board, dictionary, alarm);
}

function eventUpToDate(archive: Archive, board: number, alarm: Alarm): Alarm {
  const since = eventsSince(archive, board, alarm);
  return since === undefined
    ? alarm
    : {
        ...alarm,
        firstPacket: alarm.firstPacket === 0 ? since.first : alarm.firstPacket,
        count: alarm.count + since.count,
        latest: { time: since.time, value: since.text, limit: "ok" },
        lastPacket: since.packet,
      };
}

function parameterUpToDate(archive: Archive, board: number, { parameters = {} }: BoardDictionary, alarm: Alarm): Alarm {
  const definition = parameters[alarm.name];
  if (definition?.id !== alarm.subject || definition.limits === undefined) {
    // Of another dictionary: no value will say any more that it is over.
    return { ...alarm, state: nextState(alarm.state, "within") };
  }
  if (alarm.state === "returned") {
    // Stored when it came back: nothing was worse since.
    return alarm;
  }
  let { worst, latest, lastPacket } = alarm;
  for (const { time, raw, packet } of extremesSince(archive, board, alarm)) {
    const limit = limitState(definition, raw);
    if (limit !== undefined) {
      const value: AlarmValue = { time, value: alarmValue(inUnit(definition, raw)), limit };
      worst = isWorse(value, worst) ? value : worst;
      latest = packet > lastPacket ? value : latest;
      lastPacket = Math.max(packet, lastPacket);
    }
  }
  return { ...alarm, worst, latest, lastPacket };
}
