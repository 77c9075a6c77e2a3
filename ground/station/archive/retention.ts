/** What an archive forgets, so that it does not grow for ever: by age, and by the size of its file. */
import type { Archive } from "./archive.js";

export interface Retention {
  /** Packets received earlier than so long ago are forgotten, in milliseconds. Default: none. */
  readonly maxAgeMs?: number;
  /** The oldest are forgotten when the data is larger, in bytes. Default: as much as there is. */
  readonly maxBytes?: number;
}

/** Packets that are forgotten at once: in between, others come to be stored. */
const BATCH = 1000;
/** Pages that leave the file at once. */
const PAGES = 1000;

/**
 * Forgets one batch of what is too much. Commands and the audit are kept.
 * @param now UNIX milliseconds
 * @returns packets that were forgotten; 0: nothing was too much
 */
export function forget(archive: Archive, { maxAgeMs, maxBytes }: Retention, now: number): number {
  const { oldest, newest } = archive
    .statement("SELECT (SELECT min(id) FROM packet) AS oldest, (SELECT max(id) FROM packet) AS newest")
    .get() as { oldest: number | null; newest: number };
  if (oldest === null) {
    return 0;
  }
  const isTooLarge = maxBytes !== undefined && dataSize(archive) > maxBytes;
  const cutoff = maxAgeMs === undefined ? Number.NEGATIVE_INFINITY : now - maxAgeMs;
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

/** From one to the next by the key: DISTINCT would read every sample. */
function* sampledParameters(archive: Archive): Generator<SampledParameter> {
  const next = archive.statement(
    "SELECT board, parameter FROM sample WHERE (board, parameter) > (?, ?) ORDER BY board, parameter LIMIT 1",
  );
  let at = next.get(-1, -1) as SampledParameter | undefined;
  while (at !== undefined) {
    yield at;
    at = next.get(at.board, at.parameter) as SampledParameter | undefined;
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
