/**
 * Who wanted to change something, from where, and what came of it: also what was refused. Whoever is refused can try as often as they
 * like, so attempts of one kind within a minute are one row with their count, and there are only so many rows.
 */
import type { Archive } from "./archive.js";

export interface AuditEntry {
  /** UNIX milliseconds; of several attempts, the first. */
  readonly time: number;
  readonly user: string;
  /** An address. */
  readonly origin: string;
  readonly action: string;
  readonly outcome: string;
}

export interface StoredAuditEntry extends AuditEntry {
  readonly id: number;
  /** How many attempts it stands for. */
  readonly attempts: number;
}

/** Rows of what was let in, and of what was refused: the one cannot push out the other. The oldest go, some at a time. */
export const MAX_LET_IN = 100_000;
export const MAX_REFUSED = 10_000;
const TRIM_EVERY = 100;
/** What strangers send is not kept at any length. */
const MAX_LENGTH = 300;

const MINUTE_MS = 60_000;
/** Kinds of attempts that have a row of their own, within a minute: of one origin, and of all. */
export const MAX_KINDS_OF_ORIGIN = 20;
export const MAX_KINDS = 100;
/** In place of what the others have each of their own. */
const OTHERS = { user: "unknown", origin: "any", action: "other attempts", outcome: "refused" } as const;

/** Somebody who may did something, or tried to. @throws Error when the archive takes nothing */
export function audit(archive: Archive, entry: AuditEntry): void {
  insert(archive, entry, null);
}

/** Attempts of those who may not. */
export class RefusedAttempts {
  readonly #archive: Archive;
  #minute = Number.NEGATIVE_INFINITY;
  /** Rows of this minute by what is alike; undefined: it could not be stored. */
  readonly #rows = new Map<string, number | undefined>();
  readonly #kindsOf = new Map<string, number>();

  constructor(archive: Archive) {
    this.#archive = archive;
  }

  /** @throws Error when the archive takes nothing; once for those that are alike */
  add(entry: AuditEntry): void {
    const minute = Math.floor(entry.time / MINUTE_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#rows.clear();
      this.#kindsOf.clear();
    }
    const kinds = this.#kindsOf.get(entry.origin) ?? 0;
    const key = keyOf(entry);
    if (this.#rows.has(key)) {
      this.#countIn(key);
    } else if (kinds < MAX_KINDS_OF_ORIGIN && this.#rows.size < MAX_KINDS) {
      this.#kindsOf.set(entry.origin, kinds + 1);
      this.#begin(key, entry);
    } else {
      this.#addOther(entry.time);
    }
  }

  #addOther(time: number): void {
    const entry = { ...OTHERS, time };
    const key = keyOf(entry);
    if (this.#rows.has(key)) {
      this.#countIn(key);
    } else {
      this.#begin(key, entry);
    }
  }

  #begin(key: string, entry: AuditEntry): void {
    this.#rows.set(key, undefined);
    this.#rows.set(key, insert(this.#archive, entry, 1));
  }

  #countIn(key: string): void {
    const id = this.#rows.get(key);
    if (id !== undefined) {
      this.#archive.statement("UPDATE audit SET attempts = attempts + 1 WHERE id = ?").run(id);
    }
  }
}

function keyOf({ user, origin, action, outcome }: AuditEntry): string {
  return JSON.stringify([user, origin, action, outcome].map((text) => text.slice(0, MAX_LENGTH)));
}

/** @param attempts null: it was let in */
function insert(archive: Archive, entry: AuditEntry, attempts: number | null): number {
  const { time, user, origin, action, outcome } = entry;
  const texts = [user, origin, action, outcome].map((text) => text.slice(0, MAX_LENGTH));
  const { lastInsertRowid } = archive
    .statement("INSERT INTO audit (time, user, origin, action, outcome, attempts) VALUES (?, ?, ?, ?, ?, ?)")
    .run(time, ...texts, attempts);
  const id = Number(lastInsertRowid);
  if (id % TRIM_EVERY === 0) {
    trim(archive, "IS NULL", MAX_LET_IN);
    trim(archive, "IS NOT NULL", MAX_REFUSED);
  }
  return id;
}

function trim(archive: Archive, which: "IS NULL" | "IS NOT NULL", most: number): void {
  archive
    .statement(
      `DELETE FROM audit WHERE attempts ${which} AND id <= (SELECT id FROM audit WHERE attempts ${which} ORDER BY id DESC LIMIT 1 OFFSET ?)`,
    )
    .run(most);
}

/** The latest first. */
export function auditEntries(archive: Archive, before: number, limit: number): StoredAuditEntry[] {
  const rows = archive
    .statement("SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?")
    .all(before, limit) as (Omit<StoredAuditEntry, "attempts"> & { readonly attempts: number | null })[];
  return rows.map(({ id, time, user, origin, action, outcome, attempts }) => ({
    id,
    time,
    user,
    origin,
    action,
    outcome,
    attempts: attempts ?? 1,
  }));
}
