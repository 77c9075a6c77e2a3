/** Alarms of archives that had none: for events that nobody had acknowledged. */
import type { Database } from "./database.js";

interface Waiting {
  readonly board: number;
  readonly event: number;
  readonly severity: string;
  readonly first: number;
  readonly latest: number;
  readonly count: number;
  readonly firstPacket: number;
  readonly lastPacket: number;
}

const WAITING = `SELECT board, event, max(CASE severity WHEN 'high' THEN 'high' ELSE '' END) AS severity, min(time) AS first,
  max(time) AS latest, count(*) AS count, min(packet) AS firstPacket, max(packet) AS lastPacket
  FROM event WHERE acknowledged IS NULL AND severity IN ('medium', 'high') GROUP BY board, event`;
const NAME = `SELECT json FROM dictionary WHERE hash = (SELECT dictionary FROM packet WHERE id = ?)`;
const INSERT = `INSERT INTO alarm (version, board, source, subject, name, state, level, first, changed, count, worst, worst_time, worst_limit,
  latest, latest_time, latest_limit, first_packet, last_packet)
  VALUES (1, ?, 'event', ?, ?, 'returned', ?, ?, ?, ?, ?, ?, 'ok', ?, ?, 'ok', ?, ?)`;

export function raiseEventAlarms(database: Database): void {
  const textOf = database.prepare("SELECT text FROM event WHERE packet = ?");
  for (const row of database.prepare(WAITING).all() as Waiting[]) {
    const { board, event, severity, first, latest, count, firstPacket, lastPacket } = row;
    const said = [firstPacket, lastPacket].map((packet) => (textOf.get(packet) as { text: string }).text);
    const level = severity === "high" ? "critical" : "warning";
    const name = nameOf(database, lastPacket, event);
    database
      .prepare(INSERT)
      .run(board, event, name, level, first, latest, count, said[0]!, first, said[1]!, latest, firstPacket, lastPacket);
  }
}

/** By the dictionary that the packet came with; the ID, where that says nothing. */
function nameOf(database: Database, packet: number, event: number): string {
  const row = database.prepare(NAME).get(packet) as { json: string } | undefined;
  const { events = {} } = JSON.parse(row?.json ?? "{}") as {
    readonly events?: Readonly<Record<string, { id: number }>>;
  };
  return Object.entries(events).find(([, { id }]) => id === event)?.[0] ?? String(event);
}
