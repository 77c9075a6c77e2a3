/** Alarms of the archive. */
import type { LimitState } from "../../dictionary/limit-state.js";
import type { Alarm, AlarmLevel, AlarmState } from "../contracts.js";
import type { Archive } from "./archive.js";

interface AlarmRow {
  readonly id: number;
  readonly version: number;
  readonly source: "parameter" | "event";
  readonly subject: number;
  readonly name: string;
  readonly state: AlarmState;
  readonly level: AlarmLevel;
  readonly first: number;
  readonly changed: number;
  readonly count: number;
  readonly worst: number | string;
  readonly worst_time: number;
  readonly worst_limit: LimitState;
  readonly latest: number | string;
  readonly latest_time: number;
  readonly latest_limit: LimitState;
  readonly unit: string | null;
  readonly user: string | null;
  readonly acknowledged: number | null;
  readonly first_packet: number;
  readonly last_packet: number;
}

const STORE = `INSERT OR REPLACE INTO alarm (id, version, board, source, subject, name, state, level, first, changed, count, worst, worst_time,
  worst_limit, latest, latest_time, latest_limit, unit, user, acknowledged, first_packet, last_packet)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function alarmOf(row: AlarmRow): Alarm {
  const { id, version, source, subject, name, state, level, first, changed, count, unit, user, acknowledged } = row;
  return {
    id,
    version,
    source,
    subject,
    name,
    state,
    level,
    first,
    changed,
    count,
    worst: { time: row.worst_time, value: row.worst, limit: row.worst_limit },
    latest: { time: row.latest_time, value: row.latest, limit: row.latest_limit },
    unit,
    acknowledged: user === null || acknowledged === null ? null : { user, time: acknowledged },
    firstPacket: row.first_packet,
    lastPacket: row.last_packet,
  };
}

/** As one part of a transaction. */
export function storeAlarm(archive: Archive, board: number, alarm: Alarm): void {
  const { id, version, source, subject, name, state, level } = alarm;
  const { first, changed, count, worst, latest, unit, acknowledged } = alarm;
  archive
    .statement(STORE)
    .run(
      id,
      version,
      board,
      source,
      subject,
      name,
      state,
      level,
      first,
      changed,
      count,
      worst.value,
      worst.time,
      worst.limit,
      latest.value,
      latest.time,
      latest.limit,
      unit,
      acknowledged?.user ?? null,
      acknowledged?.time ?? null,
      alarm.firstPacket,
      alarm.lastPacket,
    );
}

/** Those that are not gone, the oldest first. */
export function openAlarms(archive: Archive, board: number): Alarm[] {
  const rows = archive
    .statement("SELECT * FROM alarm WHERE board = ? AND state IN ('active', 'acknowledged', 'returned') ORDER BY id")
    .all(board);
  return (rows as AlarmRow[]).map(alarmOf);
}

export interface GoneQuery {
  readonly board: number;
  /** Alarms before this one. */
  readonly before: number;
  readonly levels: readonly string[];
  readonly limit: number;
}

/** Those that are gone, the latest first. */
export function goneAlarms(archive: Archive, { board, before, levels, limit }: GoneQuery): Alarm[] {
  const rows = archive
    .statement(
      "SELECT * FROM alarm WHERE board = ? AND state = 'gone' AND id < ? AND level IN (?, ?) ORDER BY id DESC LIMIT ?",
    )
    .all(board, before, levels[0] ?? "", levels[1] ?? "", limit);
  return (rows as AlarmRow[]).map(alarmOf);
}

export function storedAlarm(archive: Archive, board: number, id: number): Alarm | undefined {
  const row = archive.statement("SELECT * FROM alarm WHERE board = ? AND id = ?").get(board, id) as
    | AlarmRow
    | undefined;
  return row && alarmOf(row);
}

/** The greatest number of an alarm; 0: there is none. */
export function lastAlarmId(archive: Archive): number {
  return (archive.statement("SELECT coalesce(max(id), 0) AS id FROM alarm").get() as { id: number }).id;
}

/** The last packet that an alarm of the board is of; 0: there is none. */
export function lastAlarmPacket(archive: Archive, board: number): number {
  const row = archive.statement("SELECT coalesce(max(last_packet), 0) AS packet FROM alarm WHERE board = ?").get(board);
  return Math.max((row as { packet: number }).packet, 0);
}

/** The events that an alarm is of. Who was first stays. */
export function acknowledgeEvents(
  archive: Archive,
  board: number,
  { subject, firstPacket, lastPacket }: Alarm,
  user: string,
): void {
  archive
    .statement(
      "UPDATE event SET acknowledged = coalesce(acknowledged, ?) WHERE packet BETWEEN ? AND ? AND board = ? AND event = ?",
    )
    .run(user, firstPacket, lastPacket, board, subject);
}

interface EventsSince {
  readonly count: number;
  /** Packets of the first and the last of them. */
  readonly first: number;
  readonly packet: number;
  readonly time: number;
  readonly text: string;
}

/** What came of an event since its alarm was stored: earlier events may have been forgotten. */
export function eventsSince(archive: Archive, board: number, { subject, lastPacket }: Alarm): EventsSince | undefined {
  const row = archive
    .statement(
      `SELECT max(packet) AS packet, time, text, count(*) AS count,
       (SELECT min(packet) FROM event WHERE packet > ? AND board = ? AND event = ?) AS first
       FROM event WHERE packet > ? AND board = ? AND event = ?`,
    )
    .get(lastPacket, board, subject, lastPacket, board, subject) as unknown as EventsSince;
  return row.count === 0 ? undefined : row;
}

/** Before events are forgotten: of those up to this packet that open alarms were not stored with, the alarms keep how many there were. */
export function countForgotten(archive: Archive, upTo: number): void {
  const its =
    "FROM event WHERE board = alarm.board AND packet > alarm.last_packet AND packet <= (SELECT packet FROM up_to) AND event = alarm.subject";
  archive
    .statement(
      `WITH up_to (packet) AS (VALUES (?)) UPDATE alarm SET count = count + (SELECT count(*) ${its}), latest = coalesce((SELECT text ${its} ORDER BY packet DESC LIMIT 1), latest),
       latest_time = coalesce((SELECT time ${its} ORDER BY packet DESC LIMIT 1), latest_time),
       first_packet = CASE first_packet WHEN 0 THEN coalesce((SELECT min(packet) ${its}), 0) ELSE first_packet END,
       last_packet = coalesce((SELECT max(packet) ${its}), last_packet) WHERE source = 'event' AND state <> 'gone'`,
    )
    .run(upTo);
}

export interface Extreme {
  readonly time: number;
  readonly raw: number | string;
  readonly packet: number;
}

/** The least, the greatest and the latest that a parameter was since the value that its alarm was stored with. */
export function extremesSince(archive: Archive, board: number, { subject, latest }: Alarm): readonly Extreme[] {
  const since = "FROM sample WHERE board = ? AND parameter = ? AND time >= ?";
  const numbers = `${since} AND typeof(raw) <> 'text'`;
  return [
    `SELECT time, min(raw) AS raw, packet ${numbers}`,
    `SELECT time, max(raw) AS raw, packet ${numbers}`,
    `SELECT time, raw, packet ${since} ORDER BY time DESC, packet DESC LIMIT 1`,
  ].flatMap((sql) => {
    const row = archive.statement(sql).get(board, subject, latest.time) as Extreme | undefined;
    return row === undefined || row.time === null ? [] : [row];
  });
}
