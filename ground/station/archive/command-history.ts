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
