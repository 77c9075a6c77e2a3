/** Packets of a board, by the time at which they came. */
import { type Archive, type StoredPacket, storedPacket } from "./archive.js";

export interface PacketQuery {
  readonly board: number;
  /** Packets before this one. */
  readonly before: number;
  readonly limit: number;
}

/** The latest first. By the index of times: a board that is seldom heard does not take a search through all others' packets. */
export function latestPackets(archive: Archive, { board, before, limit }: PacketQuery): StoredPacket[] {
  const from = archive.packet(before);
  const rows =
    from === undefined
      ? archive
          .statement("SELECT * FROM packet WHERE board = ? AND id < ? ORDER BY received DESC, id DESC LIMIT ?")
          .all(board, before, limit)
      : archive
          .statement(
            "SELECT * FROM packet WHERE board = ? AND (received, id) < (?, ?) ORDER BY received DESC, id DESC LIMIT ?",
          )
          .all(board, from.received, before, limit);
  return (rows as StoredPacket[]).map(storedPacket);
}
