/** What an archive forgets, so that it does not grow for ever: by age, and by the size of its file. */
import { countForgotten } from "./alarms.js";
import type { Archive } from "./archive.js";

export interface Retention {
  /** What came earlier than so long ago is forgotten, in milliseconds. Default: nothing. */
  readonly maxAgeMs?: number;
  /** The oldest is forgotten when the data is larger, in bytes. Default: as much as there is. */
  readonly maxBytes?: number;
}

/** Rows that are forgotten at once: in between, packets come to be stored. */
const BATCH = 1000;
/** Pages that leave the file at once. */
const PAGES = 1000;

/** What stands beside the packets and grows as well: a row has a number that rises with its time. Boards and dictionaries stay. */
interface Beside {
  readonly table: string;
  readonly time: string;
  /** Rows that are looked at: whatever stays for long is none of them, or it would stand before those that may go. */
  readonly among?: string;
  /** Of the rows that are old, those that may go. */
  readonly where: string;
}

const BESIDE: readonly Beside[] = [
  // The last one of a board stays: sequence counts go on behind it.
  {
    table: "command",
    time: "time",
    where: "EXISTS (SELECT 1 FROM command AS later WHERE later.board = old.board AND later.id > old.id)",
  },
  // Those that are not gone stay, and the last one of a board: it tells which packets were looked at.
  {
    table: "alarm",
    time: "changed",
    among: "state = 'gone'",
    where: "EXISTS (SELECT 1 FROM alarm AS later WHERE later.board = old.board AND later.id > old.id)",
  },
  { table: "session", time: "ended", where: "TRUE" },
  { table: "rejected", time: "received", where: "TRUE" },
  { table: "audit", time: "time", where: "TRUE" },
];

/**
 * Forgets one batch of what is too much.
 * @param now UNIX milliseconds
 * @returns rows of packets, commands, connections and the like that were forgotten; 0: nothing was too much
 */
export function forget(archive: Archive, { maxAgeMs, maxBytes }: Retention, now: number): number {
  const cutoff = maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeMs;
  const isTooLarge = maxBytes !== undefined && dataSize(archive) > maxBytes;
  return archive.transaction(() => {
    const { count, upTo } = forgetPackets(archive, cutoff, isTooLarge);
    // What is as old as the packets that went; where there is no packet to go, what is the oldest.
    const others = isTooLarge ? Math.max(cutoff, count > 0 ? upTo : oldestBeside(archive)) : cutoff;
    return BESIDE.reduce((sum, beside) => sum + forgetBeside(archive, beside, others), count);
  });
}

/** @returns how many, and when the last of them came */
function forgetPackets(
  archive: Archive,
  cutoff: number,
  isTooLarge: boolean,
): { readonly count: number; readonly upTo: number } {
  const { oldest, newest } = archive
    .statement("SELECT (SELECT min(id) FROM packet) AS oldest, (SELECT max(id) FROM packet) AS newest")
    .get() as { oldest: number | null; newest: number };
  const nothing = { count: 0, upTo: Number.NEGATIVE_INFINITY };
  if (oldest === null) {
    return nothing;
  }
  // In the order in which they came: of a clock that was set back, the later ones stay.
  const outdated = isTooLarge
    ? oldest + BATCH - 1
    : ((
        archive
          .statement(
            "SELECT max(id) AS id FROM (SELECT id, received FROM packet ORDER BY id LIMIT ?) WHERE received < ?",
          )
          .get(BATCH, cutoff) as { id: number | null }
      ).id ?? 0);
  // The last packet stays: numbers go on behind it.
  const last = Math.min(outdated, newest - 1);
  if (last < oldest) {
    return nothing;
  }
  const { time, upTo } = archive
    .statement("SELECT max(max(received, coalesce(stamp, 0))) AS time, max(received) AS upTo FROM packet WHERE id <= ?")
    .get(last) as { time: number; upTo: number };
  forgetSamples(archive, last, time);
  countForgotten(archive, last);
  archive.statement("DELETE FROM event WHERE packet <= ?").run(last);
  if (hasTable(archive, "origin")) {
    archive.statement("DELETE FROM origin WHERE packet <= ?").run(last);
  }
  const { changes } = archive.statement("DELETE FROM packet WHERE id <= ?").run(last);
  return { count: Number(changes), upTo };
}

/** Of a part that not every station has. */
function hasTable(archive: Archive, table: string): boolean {
  return archive.statement("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(table) !== undefined;
}

/** Samples stand in the order of time, by board and parameter: those of the packets that go are at the front. */
function forgetSamples(archive: Archive, last: number, time: number): void {
  const forgetOne = archive.statement(
    "DELETE FROM sample WHERE board = ? AND parameter = ? AND time <= ? AND packet <= ?",
  );
  for (const { board, parameter } of sampledParameters(archive)) {
    forgetOne.run(board, parameter, time, last);
  }
}

interface SampledParameter {
  readonly board: number;
  readonly parameter: number;
}

/** From one to the next by the key: DISTINCT, and a comparison of both at once, would read every sample. */
function* sampledParameters(archive: Archive): Generator<SampledParameter> {
  const ofBoard = archive.statement(
    "SELECT board, parameter FROM sample WHERE board = ? AND parameter > ? ORDER BY parameter LIMIT 1",
  );
  const ofNext = archive.statement(
    "SELECT board, parameter FROM sample WHERE board > ? ORDER BY board, parameter LIMIT 1",
  );
  let at = ofNext.get(-1) as SampledParameter | undefined;
  while (at !== undefined) {
    yield at;
    at = (ofBoard.get(at.board, at.parameter) ?? ofNext.get(at.board)) as SampledParameter | undefined;
  }
}

/** The end of the oldest batch of any table: so none is emptied while another is full. */
function oldestBeside(archive: Archive): number {
  const ends = BESIDE.flatMap(({ table, time, among = "TRUE" }) => {
    const row = archive
      .statement(`SELECT ${time} AS time FROM ${table} WHERE ${among} ORDER BY id LIMIT 1 OFFSET ?`)
      .get(BATCH);
    return (row as { readonly time: number | null } | undefined)?.time ?? [];
  });
  return ends.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...ends);
}

/** Of the oldest rows, so many as one batch has: none behind them is looked at. */
function forgetBeside(archive: Archive, { table, time, among = "TRUE", where }: Beside, cutoff: number): number {
  const old = archive
    .statement(
      `SELECT id FROM (SELECT * FROM ${table} WHERE ${among} ORDER BY id LIMIT ?) AS old WHERE old.${time} < ? AND ${where}`,
    )
    .all(BATCH, cutoff) as { readonly id: number }[];
  for (const { id } of old) {
    if (table === "command") {
      archive.statement("DELETE FROM stage WHERE command = ?").run(id);
    }
    archive.statement(`DELETE FROM ${table} WHERE id = ?`).run(id);
  }
  return old.length;
}

/** Gives pages that are free back to the file system, some at a time. */
export function shrink(archive: Archive): void {
  archive.database.exec(`PRAGMA incremental_vacuum(${PAGES})`);
}

/** Bytes of pages that are in use. */
export function dataSize(archive: Archive): number {
  const pragma = (name: string) =>
    Object.values(archive.database.prepare(`PRAGMA ${name}`).get() as object)[0] as number;
  return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
}
