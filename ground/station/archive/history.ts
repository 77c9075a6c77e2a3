/** Questions to an archive: values over time, the latest of each, events. */
import type { Archive, EventRow } from "./archive.js";

export interface Sample {
  /** UNIX milliseconds. */
  readonly time: number;
  readonly raw: number | string;
}

export interface HistoryQuery {
  readonly board: number;
  readonly parameter: number;
  /** UNIX milliseconds, both included. */
  readonly from: number;
  readonly to: number;
  /** Most samples that are wanted. */
  readonly points: number;
}

export interface LatestValue extends Sample {
  readonly parameter: number;
  readonly packet: number;
}

/** Text, which NaN is, too, is greater than every number: where there are numbers, they are what is shown. */
const NUMBER = "CASE WHEN typeof(raw) <> 'text' THEN raw END";
const STRETCH = `SELECT coalesce(min(${NUMBER}), min(raw)) AS least, coalesce(max(${NUMBER}), max(raw)) AS greatest,
  min(time) AS first, max(time) AS last FROM sample WHERE board = ? AND parameter = ? AND time >= ? AND time < ?`;
const LAST_STRETCH = `${STRETCH.slice(0, -"< ?".length)}<= ?`;

/**
 * Where there are more samples than are wanted, the least and the greatest of each stretch of time, at the stretch's first and last
 * sample: a peak of one sample is still seen.
 */
export function history(archive: Archive, query: HistoryQuery): Sample[] {
  const { board, parameter, from, to, points } = query;
  const where = "FROM sample WHERE board = ? AND parameter = ? AND time BETWEEN ? AND ?";
  const range = [board, parameter, from, to] as const;
  // As far as it matters: a year has millions.
  const { n } = archive
    .statement(`SELECT count(*) AS n FROM (SELECT 1 ${where} LIMIT ?)`)
    .get(...range, points + 1) as {
    n: number;
  };
  if (n <= points) {
    return archive.statement(`SELECT time, raw ${where} ORDER BY time, packet`).all(...range) as Sample[];
  }
  // Of the time that there is something of: who asks for all since 1970 wants more than one stretch.
  const { first, last } = archive
    .statement(`SELECT (SELECT min(time) ${where}) AS first, (SELECT max(time) ${where}) AS last`)
    .get(...range, ...range) as { first: number; last: number };
  const stretches = Math.max(Math.floor(points / 2), 1);
  const width = (last - first) / stretches;
  // One by one by the index: to group them, all would be sorted.
  return Array.from({ length: stretches }, (_, k) => {
    const isLast = k === stretches - 1;
    const end = isLast ? last : first + (k + 1) * width;
    return pointsOf(
      archive.statement(isLast ? LAST_STRETCH : STRETCH).get(board, parameter, first + k * width, end) as Stretch,
    );
  }).flat();
}

function pointsOf({ least, greatest, first, last }: Stretch): Sample[] {
  if (first === null) {
    return [];
  }
  return first === last
    ? [{ time: first, raw: greatest }]
    : [
        { time: first, raw: least },
        { time: last, raw: greatest },
      ];
}

interface Stretch {
  readonly least: number | string;
  readonly greatest: number | string;
  /** Null: there is nothing in it. */
  readonly first: number | null;
  readonly last: number;
}

/** The latest value of each of these parameters that has one. */
export function latest(archive: Archive, board: number, parameters: readonly number[]): LatestValue[] {
  const statement = archive.statement(
    "SELECT parameter, time, raw, packet FROM sample WHERE board = ? AND parameter = ? ORDER BY time DESC, packet DESC LIMIT 1",
  );
  return parameters.flatMap((parameter) => {
    const row = statement.get(board, parameter) as LatestValue | undefined;
    // A driver may add things of its own to a row.
    return row === undefined ? [] : [{ parameter, time: row.time, raw: row.raw, packet: row.packet }];
  });
}

export interface EventQuery {
  readonly board: number;
  /** Events of packets before this one. */
  readonly before: number;
  readonly limit: number;
}

export interface StoredEvent extends EventRow {
  /** By whom; null: by nobody. */
  readonly acknowledged: string | null;
}

/** The latest first. */
export function events(archive: Archive, { board, before, limit }: EventQuery): StoredEvent[] {
  return archive
    .statement("SELECT * FROM event WHERE board = ? AND packet < ? ORDER BY packet DESC LIMIT ?")
    .all(board, before, limit) as StoredEvent[];
}

/** @returns the event's ID; undefined: no event came with this packet */
export function eventOf(archive: Archive, board: number, packet: number): number | undefined {
  const row = archive.statement("SELECT event FROM event WHERE board = ? AND packet = ?").get(board, packet);
  return (row as { event: number } | undefined)?.event;
}

/** Who was first stays. */
export function acknowledge(
  archive: Archive,
  { board, packet, user }: { readonly board: number; readonly packet: number; readonly user: string },
): void {
  archive
    .statement("UPDATE event SET acknowledged = coalesce(acknowledged, ?) WHERE board = ? AND packet = ?")
    .run(user, board, packet);
}
