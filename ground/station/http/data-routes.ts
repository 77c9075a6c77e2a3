/** What the archive has of a board: history, events, packets. */

import type { ParameterDefinition } from "../../../modules/dictionary/dictionary.js";
import { explainPacket } from "../../dictionary/explain.js";
import type { StoredPacket } from "../archive/archive.js";
import { auditEntries } from "../archive/audit.js";
import { acknowledge, eventOf, events, history } from "../archive/history.js";
import { findParameter, inUnit, type KnownParameter } from "../archive/in-unit.js";
import { latestPackets } from "../archive/packet-list.js";
import { latestRejected } from "../archive/rejected.js";
import type { Board } from "../board.js";
import type { Station } from "../station.js";
import { acknowledged, archived } from "./alarm-routes.js";
import { BACKWARDS, backwards, boardIn } from "./board-routes.js";
import { type Call, choiceIn, HttpError, numberIn, type Route, wholeIn } from "./route.js";
import { listOf, ref, STRING, TIME, WHOLE } from "./schemas.js";

const DEFAULT_POINTS = 1000;
const MAX_POINTS = 100_000;
/** Most parameters of one reply. */
const MAX_PARAMETERS = 100;
const DAY_MS = 86_400_000;
const FORMS = ["unit", "raw"] as const;
/** What `Date` can be. */
const LAST_TIME = 8.64e15;

export const PERIOD = [
  { name: "from", description: "UNIX milliseconds; default: a day before", schema: TIME },
  { name: "to", description: "UNIX milliseconds, included; default: now", schema: TIME },
] as const;
export const PARAMETERS = {
  name: "parameter",
  description: "its name; repeatable",
  schema: STRING,
  required: true,
} as const;

/** @throws HttpError */
export function periodIn({ query }: Pick<Call, "query">): { readonly from: number; readonly to: number } {
  const to = numberIn(query, "to", Date.now(), -LAST_TIME, LAST_TIME);
  const from = numberIn(query, "from", to - DAY_MS, -LAST_TIME, LAST_TIME);
  if (from > to) {
    throw new HttpError(400, "from is behind to", { argument: "from" });
  }
  return { from, to };
}

/** @throws HttpError */
export function parametersIn({ query }: Pick<Call, "query">, { dictionary }: Board): KnownParameter[] {
  const names = [...new Set(query.getAll("parameter"))];
  if (names.length === 0 || names.length > MAX_PARAMETERS) {
    throw new HttpError(400, `parameter must be given, 1 to ${MAX_PARAMETERS} times`, { argument: "parameter" });
  }
  return names.map((name) => {
    try {
      return findParameter(dictionary, name);
    } catch (error) {
      throw new HttpError(400, (error as Error).message, { argument: "parameter" });
    }
  });
}

export function dataRoutes(station: Station): Route[] {
  const read = { method: "GET", access: "read", status: 200 } as const;
  const { archive } = station;
  return [
    {
      ...read,
      path: "/api/v1/boards/{board}/history",
      summary: "Values of parameters over time, in their unit; peaks are kept where there are more than points",
      query: [
        PARAMETERS,
        ...PERIOD,
        { name: "form", description: "unit, which is the default, or raw: as on the wire", schema: { enum: FORMS } },
        { name: "points", description: `of each parameter, ${DEFAULT_POINTS} by default`, schema: WHOLE },
      ],
      reply: ref("History"),
      handle: (call) => {
        const board = boardIn(station, call);
        const points = wholeIn(call.query, "points", DEFAULT_POINTS, 2, MAX_POINTS);
        const period = periodIn(call);
        const isRaw = choiceIn(call, "form", FORMS, ["unit"]).has("raw");
        return Object.fromEntries(
          parametersIn(call, board).map(({ name, definition }) => [
            name,
            history(archive, { board: board.id, parameter: definition.id, ...period, points }).map(({ time, raw }) => [
              time,
              inUnit(isRaw ? uncalibrated(definition) : definition, raw),
            ]),
          ]),
        );
      },
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/events",
      summary: "Events, the latest first",
      query: BACKWARDS,
      reply: listOf(ref("Event")),
      handle: (call) => {
        const { id, dictionary } = boardIn(station, call);
        const names = new Map(Object.entries(dictionary.events ?? {}).map(([name, event]) => [event.id, name]));
        return events(archive, { board: id, ...backwards(call) }).map((row) => ({
          packet: row.packet,
          time: row.time,
          event: row.event,
          name: names.get(row.event) ?? String(row.event),
          severity: row.severity,
          text: row.text,
          acknowledged: row.acknowledged,
        }));
      },
    },
    {
      method: "POST",
      path: "/api/v1/boards/{board}/events/{packet}/acknowledge",
      summary: "Notes that somebody has seen an event, and with it the alarm that it is of; of a second, nothing",
      access: "command",
      status: 204,
      reply: undefined,
      handle: (call) => {
        const board = boardIn(station, call);
        const packet = numberOf(call);
        const event = eventOf(archive, board.id, packet);
        if (event === undefined) {
          throw new HttpError(404, `there is no event of packet ${call.path["packet"]}`);
        }
        const alarm = board.alarms.ofEvent(packet, event);
        if (alarm === undefined) {
          archived(() => acknowledge(archive, { board: board.id, packet, user: call.caller.user }));
        } else {
          // And with it, in one transaction, the event.
          acknowledged(board, alarm.id, call);
        }
      },
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/packets",
      summary: "Packets, the latest first",
      query: BACKWARDS,
      reply: listOf(ref("Packet")),
      handle: (call) =>
        latestPackets(archive, { board: boardIn(station, call).id, ...backwards(call) }).map(plainPacketRow),
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/packets/{packet}",
      summary: "A packet, explained octet by octet",
      reply: ref("ExplainedPacket"),
      handle: (call) => {
        const board = boardIn(station, call);
        const packet = archive.packet(numberOf(call));
        if (packet?.board !== board.id) {
          throw new HttpError(404, `there is no packet ${call.path["packet"]} of ${board.name}`);
        }
        return { ...plainPacketRow(packet), ...explained(station, packet) };
      },
    },
    {
      ...read,
      path: "/api/v1/boards/{board}/rejected",
      summary: "Octets that are no packet, why, and where in the stream, the latest first",
      query: BACKWARDS,
      reply: listOf(ref("Rejected")),
      handle: (call) => latestRejected(archive, { board: boardIn(station, call).id, ...backwards(call) }),
    },
    {
      ...read,
      path: "/api/v1/audit",
      summary: "Who sent what, also what was refused, the latest first",
      access: "audit",
      query: BACKWARDS,
      reply: listOf(ref("AuditEntry")),
      handle: (call) => {
        const { before, limit } = backwards(call);
        return auditEntries(archive, before, limit);
      },
    },
  ];
}

function uncalibrated({ calibration: _, ...definition }: ParameterDefinition): ParameterDefinition {
  return definition;
}

/** As JSON has it. */
export function plainPacketRow(packet: StoredPacket): Record<string, unknown> {
  const { id, received, stamp, service, subtype, count, bytes } = packet;
  return { id, received, stamp, service, subtype, count, hex: Buffer.from(bytes).toString("hex") };
}

function explained(station: Station, packet: StoredPacket): Record<string, unknown> {
  const deriver = station.deriverOf(packet);
  if (deriver === undefined) {
    return { error: "the dictionary that it came with is not in the archive" };
  }
  const { decoded, news } = deriver.derive(packet);
  const [first] = news;
  return decoded === undefined
    ? { error: first?.kind === "packet" ? (first.error ?? "") : "" }
    : { fields: explainPacket(decoded, packet.bytes) };
}

/** @throws HttpError */
function numberOf({ path }: Call): number {
  const text = path["packet"]!;
  if (!/^\d{1,15}$/.test(text)) {
    throw new HttpError(404, `"${text}" is no number of a packet`);
  }
  return Number(text);
}
