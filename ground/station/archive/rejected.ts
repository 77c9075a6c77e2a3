/** What boards sent that is no packet: the first octets of each piece, why, and where in the stream. The latest of each board are kept. */
import type { Archive } from "./archive.js";

/** Pieces of each board. */
export const MAX_REJECTED = 1000;

/** Octets that follow one another and are no packet. */
export interface Rejected {
  /** Rises with every one of the archive. */
  readonly id: number;
  /** UNIX milliseconds. */
  readonly received: number;
  /** The packet of the board that came before; 0: none. */
  readonly packet: number;
  /** Octets of the connection's stream in front of them. */
  readonly offset: number;
  /** How many. */
  readonly length: number;
  /** The causes, with how often each. */
  readonly reason: string;
  /** The first of them, in hexadecimal digits. */
  readonly hex: string;
}

export type NewRejected = Omit<Rejected, "id">;

interface RejectedRow extends Omit<Rejected, "hex"> {
  readonly bytes: Uint8Array;
}

/** @returns them with their numbers. @throws Error when the archive takes nothing */
export function keepRejected(archive: Archive, board: number, pieces: readonly NewRejected[]): Rejected[] {
  const insert = archive.statement(
    'INSERT INTO rejected (board, received, packet, "offset", length, reason, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return archive.transaction(() => {
    const kept = pieces.map((piece) => {
      const { received, packet, offset, length, reason, hex } = piece;
      const bytes = Buffer.from(hex, "hex");
      return {
        ...piece,
        id: Number(insert.run(board, received, packet, offset, length, reason, bytes).lastInsertRowid),
      };
    });
    archive
      .statement(
        "DELETE FROM rejected WHERE board = ? AND id <= (SELECT id FROM rejected WHERE board = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
      )
      .run(board, board, MAX_REJECTED);
    return kept;
  });
}

export interface RejectedQuery {
  readonly board: number;
  /** Those before this one. */
  readonly before: number;
  readonly limit: number;
}

/** The latest first. */
export function latestRejected(archive: Archive, { board, before, limit }: RejectedQuery): Rejected[] {
  const rows = archive
    .statement("SELECT * FROM rejected WHERE board = ? AND id < ? ORDER BY id DESC LIMIT ?")
    .all(board, before, limit) as RejectedRow[];
  return rows.map(({ id, received, packet, offset, length, reason, bytes }) => ({
    id,
    received,
    packet,
    offset,
    length,
    reason,
    hex: Buffer.from(bytes).toString("hex"),
  }));
}
