/** What a station that is served from a stream has taken of it: in its archive, so that it goes on there, and takes nothing twice. */
import type { Archive, PacketRow, StoredPacket } from "../archive/archive.js";

/** Beside the archive's own tables. A stream is known by when it was made: one that is made anew counts anew. */
const TABLES = `
CREATE TABLE IF NOT EXISTS feed (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS origin (
  archive TEXT NOT NULL, row INTEGER NOT NULL, packet INTEGER NOT NULL, PRIMARY KEY (archive, row)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unread (dictionary INTEGER PRIMARY KEY, packet INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS origin_packet ON origin (packet);
`;

/** A packet of the stream. */
export interface FedPacket {
  readonly row: PacketRow;
  /** The archive of the station that received it, and its number there. */
  readonly origin: { readonly archive: string; readonly row: number };
  /** Its dictionary is missing: it is read when that is there. */
  readonly isUnread?: boolean;
}

export class FeedStore {
  readonly #archive: Archive;
  /** By dictionary: the first packet that is not read, as it was missing. */
  readonly #unread: Map<number, number>;

  /** @throws Error when the archive takes nothing */
  constructor(archive: Archive) {
    this.#archive = archive;
    archive.database.exec(TABLES);
    // Of packets that the archive has forgotten.
    archive.statement("DELETE FROM origin WHERE packet < (SELECT coalesce(min(id), 0) FROM packet)").run();
    const rows = archive.statement("SELECT dictionary, packet FROM unread").all() as {
      dictionary: number;
      packet: number;
    }[];
    this.#unread = new Map(rows.map(({ dictionary, packet }) => [dictionary, packet]));
  }

  /** The first packet that came with a dictionary that was missing; undefined: all are read. */
  firstUnread(dictionary: number): number | undefined {
    return this.#unread.get(dictionary);
  }

  /** What their dictionary, which was missing, says of their headers: as one part of a transaction. */
  keepHeaders(packets: readonly StoredPacket[]): void {
    const keep = this.#archive.statement(
      "UPDATE packet SET stamp = ?, synchronized = ?, service = ?, subtype = ?, count = ? WHERE id = ?",
    );
    for (const { id, stamp, synchronized, service, subtype, count } of packets) {
      keep.run(stamp, synchronized, service, subtype, count, id);
    }
  }

  /** @throws Error when the archive takes nothing */
  forgetUnread(dictionary: number): void {
    this.#archive.statement("DELETE FROM unread WHERE dictionary = ?").run(dictionary);
    this.#unread.delete(dictionary);
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
    const unread = new Map<number, number>();
    const all = this.#archive.addPackets(
      fresh.map(({ row }) => row),
      (stored) => {
        const keep = this.#archive.statement("INSERT INTO origin (archive, row, packet) VALUES (?, ?, ?)");
        const keepUnread = this.#archive.statement("INSERT OR IGNORE INTO unread (dictionary, packet) VALUES (?, ?)");
        for (const [k, { origin, row, isUnread }] of fresh.entries()) {
          const { id } = stored[k]!;
          keep.run(origin.archive, origin.row, id);
          if (isUnread === true && !this.#unread.has(row.dictionary) && !unread.has(row.dictionary)) {
            keepUnread.run(row.dictionary, id);
            unread.set(row.dictionary, id);
          }
        }
        this.#archive
          .statement(
            "INSERT INTO feed (stream, sequence) VALUES (?, ?) ON CONFLICT (stream) DO UPDATE SET sequence = excluded.sequence",
          )
          .run(stream, sequence);
      },
    );
    for (const [dictionary, packet] of unread) {
      this.#unread.set(dictionary, packet);
    }
    return all;
  }

  #has({ archive, row }: FedPacket["origin"]): boolean {
    return (
      this.#archive.statement("SELECT 1 FROM origin WHERE archive = ? AND row = ?").get(archive, row) !== undefined
    );
  }
}
