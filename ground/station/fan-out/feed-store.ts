/** What a station that is served from a stream has taken of it: in its archive, so that it goes on there, and takes nothing twice. */
import type { Archive, PacketRow, StoredPacket } from "../archive/archive.js";

/** Beside the archive's own tables. A stream is known by when it was made: one that is made anew counts anew. */
const TABLES = `
CREATE TABLE IF NOT EXISTS feed (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS origin (
  archive TEXT NOT NULL, row INTEGER NOT NULL, packet INTEGER NOT NULL, PRIMARY KEY (archive, row)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS origin_packet ON origin (packet);
`;

/** A packet of the stream. */
export interface FedPacket {
  readonly row: PacketRow;
  /** The archive of the station that received it, and its number there. */
  readonly origin: { readonly archive: string; readonly row: number };
}

export class FeedStore {
  readonly #archive: Archive;

  /** @throws Error when the archive takes nothing */
  constructor(archive: Archive) {
    this.#archive = archive;
    archive.database.exec(TABLES);
    // Of packets that the archive has forgotten.
    archive.statement("DELETE FROM origin WHERE packet < (SELECT coalesce(min(id), 0) FROM packet)").run();
  }

  /** The last message of the stream that was taken; 0: none. */
  position(stream: string): number {
    const row = this.#archive.statement("SELECT sequence FROM feed WHERE stream = ?").get(stream);
    return (row as { sequence: number } | undefined)?.sequence ?? 0;
  }

  /**
   * Stores what is not there yet, and how far the stream is taken, all or nothing.
   * @throws Error when the archive takes nothing
   */
  take(packets: readonly FedPacket[], stream: string, sequence: number): StoredPacket[] {
    const seen = new Set<string>();
    const fresh = packets.filter(({ origin }) => {
      const key = `${origin.archive} ${origin.row}`;
      const isFresh = !seen.has(key) && !this.#has(origin);
      seen.add(key);
      return isFresh;
    });
    return this.#archive.addPackets(
      fresh.map(({ row }) => row),
      (stored) => {
        const keep = this.#archive.statement("INSERT INTO origin (archive, row, packet) VALUES (?, ?, ?)");
        for (const [k, { origin }] of fresh.entries()) {
          keep.run(origin.archive, origin.row, stored[k]!.id);
        }
        this.#archive
          .statement(
            "INSERT INTO feed (stream, sequence) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence",
          )
          .run(stream, sequence);
      },
    );
  }

  #has({ archive, row }: FedPacket["origin"]): boolean {
    return (
      this.#archive.statement("SELECT 1 FROM origin WHERE archive = ? AND row = ?").get(archive, row) !== undefined
    );
  }
}
