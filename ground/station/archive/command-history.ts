/** Commands of the archive, with what became of each. */
import type { Command, CommandStage, CommandState } from "../contracts.js";
import type { Archive } from "./archive.js";

export interface CommandQuery {
  readonly board: number;
  /** Commands before this one. */
  readonly before: number;
  readonly limit: number;
}

interface CommandRow {
  readonly id: number;
  readonly time: number;
  readonly user: string;
  readonly origin: string;
  readonly name: string;
  readonly arguments: string;
  readonly bytes: Uint8Array | null;
  readonly state: string;
}

interface StageRow {
  readonly stage: string;
  readonly time: number;
  readonly failure: string | null;
}

/** The latest first. */
export function commandHistory(archive: Archive, { board, before, limit }: CommandQuery): Command[] {
  const rows = archive
    .statement("SELECT * FROM command WHERE board = ? AND id < ? ORDER BY id DESC LIMIT ?")
    .all(board, before, limit) as CommandRow[];
  return rows.map(({ id, time, user, origin, name, arguments: given, bytes, state }) => ({
    id,
    time,
    user,
    origin,
    name,
    arguments: JSON.parse(given) as Record<string, unknown>,
    state: state as CommandState,
    stages: stagesOf(archive, id),
    hex: Buffer.from(bytes ?? []).toString("hex"),
  }));
}

function stagesOf(archive: Archive, command: number): CommandStage[] {
  const rows = archive
    .statement("SELECT stage, time, failure FROM stage WHERE command = ? ORDER BY number")
    .all(command) as StageRow[];
  return rows.map(({ stage, time, failure }) => ({ stage, time, ...(failure === null ? {} : { failure }) }));
}

/**
 * Keeps a command that is to be sent.
 * @param count its sequence count; undefined: another station gives it one
 * @returns its number
 * @throws Error when the archive takes nothing
 */
export function addCommand(
  archive: Archive,
  board: number,
  command: Omit<Command, "id">,
  bytes: Uint8Array,
  count?: number,
): number {
  const { time, user, origin, name, arguments: given, state } = command;
  const statement = archive.statement(
    "INSERT INTO command (board, time, user, origin, name, arguments, bytes, count, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const texts = [user, origin, name, JSON.stringify(given)];
  return Number(statement.run(board, time, ...texts, bytes, count ?? null, state).lastInsertRowid);
}

/** Keeps the last stage that a command has reached. @throws Error when the archive takes nothing */
export function addStage(archive: Archive, { id, state, stages }: Command, stage: CommandStage): void {
  archive.transaction(() => {
    archive
      .statement("INSERT INTO stage (command, number, stage, time, failure) VALUES (?, ?, ?, ?, ?)")
      .run(id, stages.length, stage.stage, stage.time, stage.failure ?? null);
    archive.statement("UPDATE command SET state = ? WHERE id = ?").run(state, id);
  });
}
