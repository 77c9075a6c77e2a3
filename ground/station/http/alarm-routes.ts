/** What somebody must look at, and who did. */
import { ALARM_LEVELS, ALARM_STATES } from "../alarms/alarm-state.js";
import { goneAlarms } from "../archive/alarms.js";
import type { Board } from "../board.js";
import type { Alarm } from "../contracts.js";
import type { Station } from "../station.js";
import { BACKWARDS, backwards, boardIn } from "./board-routes.js";
import { type Call, choiceIn, HttpError, type Route } from "./route.js";
import { listOf, ref } from "./schemas.js";

const OPEN: readonly string[] = ALARM_STATES.filter((state) => state !== "gone");
const FILTERS = [
  {
    name: "state",
    description: `${ALARM_STATES.join(", ")}; repeatable; default: all but gone`,
    schema: { enum: ALARM_STATES },
  },
  {
    name: "level",
    description: `${ALARM_LEVELS.join(", ")}; repeatable; default: both`,
    schema: { enum: ALARM_LEVELS },
  },
] as const;

export function alarmRoutes(station: Station): Route[] {
  return [
    {
      method: "GET",
      path: "/api/v1/boards/{board}/alarms",
      summary: "Alarms, the latest first",
      access: "read",
      query: [...FILTERS, ...BACKWARDS],
      status: 200,
      reply: listOf(ref("Alarm")),
      handle: (call) => {
        const { id, alarms } = boardIn(station, call);
        const states = choiceIn(call, "state", ALARM_STATES, OPEN);
        const levels = choiceIn(call, "level", ALARM_LEVELS, ALARM_LEVELS);
        const { before, limit } = backwards(call);
        const open = alarms.open.filter((alarm) => alarm.id < before && states.has(alarm.state));
        const gone = states.has("gone")
          ? goneAlarms(station.archive, { board: id, before, levels: [...levels], limit })
          : [];
        return latestOf([...open.filter(({ level }) => levels.has(level)), ...gone], limit);
      },
    },
    {
      method: "POST",
      path: "/api/v1/boards/{board}/alarms/{alarm}/acknowledge",
      summary: "Notes that somebody has seen an alarm, and the events that it is of; of a second, nothing",
      access: "command",
      status: 200,
      reply: ref("Alarm"),
      handle: (call) => {
        const text = call.path["alarm"]!;
        const board = boardIn(station, call);
        const alarm = /^\d{1,15}$/.test(text) ? acknowledged(board, Number(text), call) : undefined;
        if (alarm === undefined) {
          throw new HttpError(404, `there is no alarm ${text}`);
        }
        return alarm;
      },
    },
  ];
}

/** @throws HttpError 503 when the archive takes nothing: then nobody has acknowledged it */
export function acknowledged(board: Board, alarm: number, { caller }: Call): Alarm | undefined {
  return archived(() => board.acknowledge(alarm, caller.user));
}

/** @throws HttpError 503 when the archive takes nothing */
export function archived<Result>(write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    throw new HttpError(503, `the archive takes nothing: ${(error as Error).message}`);
  }
}

function latestOf(alarms: readonly Alarm[], limit: number): Alarm[] {
  return [...alarms].sort((a, b) => b.id - a.id).slice(0, limit);
}
