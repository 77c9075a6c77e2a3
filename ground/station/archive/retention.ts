/** What an archive forgets, so that it does not grow for ever: by age, and by the size of its file. */
import type { Archive } from "./archive.js";

export interface Retention {
  /** Packets received earlier than so long ago are forgotten, in milliseconds. Default: none. */
  readonly maxAgeMs?: number;
  /** The oldest are forgotten when the data is larger, in bytes. Default: as much as there is. */
  readonly maxBytes?: number;
}

/** Packets that are forgotten at once: in between, others come to be stored. */
const BATCH = 10_000;
/** Pages that leave the file at once. */
const PAGES = 1000;

/**
 * Forgets one batch of what is too much. Commands and the audit are kept.
 * @param now UNIX milliseconds
 * @returns packets that were forgotten; 0: nothing was too much
 */
export function forget(archive: Archive, { maxAgeMs, maxBytes }: Retention, now: number): number {
  const oldest = archive.statement("SELECT min(id) AS id FROM packet").get() as { id: number | null };
  if (oldest.id === null) {
    return 0;
  }
  const isTooLarge = maxBytes !== undefined && dataSize(archive) > maxBytes;
  const cutoff = maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeMs;
  // In the order in which they came: of a clock that was set back, the later ones stay.
  const last = isTooLarge
    ? oldest.id + BATCH - 1
    : ((
        archive
          .statement(
            "SELECT max(id) AS id FROM (SELECT id, received FROM packet ORDER BY id LIMIT ?) WHERE received < ?",
          )
          .get(BATCH, cutoff) as { id: number | null }
      ).id ?? 0);
  if (last < oldest.id) {
    return 0;
  }
  return archive.transaction(() => {
    forgetSamples(archive, last);
    archive.statement("DELETE FROM event WHERE packet <= ?").run(last);
    const { changes } = archive.statement("DELETE FROM packet WHERE id <= ?").run(last);
    return Number(changes);
  });
}

/** Samples stand in the order of time, by board and parameter: those of the packets that go are at the front. */
function forgetSamples(archive: Archive, last: number): void {
  const { time } = archive
    .statement("SELECT max(max(received, coalesce(stamp, 0))) AS time FROM packet WHERE id <= ?")
    .get(last) as { time: number };
  const parameters = archive.statement("SELECT DISTINCT board, parameter FROM sample").all() as {
    board: number;
    parameter: number;
  }[];
  const forgetOne = archive.statement(
    "DELETE FROM sample WHERE board = ? AND parameter = ? AND time <= ? AND packet <= ?",
  );
  for (const { board, parameter } of parameters) {
    forgetOne.run(board, parameter, time, last);
  }
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
