/** Who wanted to change something, from where, and what came of it: also what was refused. */
import type { Archive } from "./archive.js";

export interface AuditEntry {
  /** UNIX milliseconds. */
  readonly time: number;
  readonly user: string;
  /** An address. */
  readonly origin: string;
  readonly action: string;
  readonly outcome: string;
}

/** What strangers send is not kept at any length. */
const MAX_LENGTH = 300;

/** @throws Error when the archive takes nothing */
export function audit(archive: Archive, { time, user, origin, action, outcome }: AuditEntry): void {
  archive
    .statement("INSERT INTO audit (time, user, origin, action, outcome) VALUES (?, ?, ?, ?, ?)")
    .run(time, ...[user, origin, action, outcome].map((text) => text.slice(0, MAX_LENGTH)));
}

/** The latest first. */
export function auditEntries(
  archive: Archive,
  before: number,
  limit: number,
): (AuditEntry & { readonly id: number })[] {
  const rows = archive.statement("SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?").all(before, limit);
  return (rows as (AuditEntry & { readonly id: number })[]).map(({ id, time, user, origin, action, outcome }) => ({
    id,
    time,
    user,
    origin,
    action,
    outcome,
  }));
}
