/** How far the archive is published: kept in it, so that it goes where the archive goes, and a station that was killed goes on there. */
import { randomBytes } from "node:crypto";
import type { Archive, StoredPacket } from "../archive/archive.js";

/** Beside the archive's own tables: an archive that was never published has none. */
const TABLE = `CREATE TABLE IF NOT EXISTS fan_out (
  only INTEGER PRIMARY KEY CHECK (only = 1), archive TEXT NOT NULL, packet INTEGER NOT NULL
)`;
const ID_LENGTH = 6;

export class PublishCursor {
  /** Of the archive, for ever: another one's packets have the same numbers. */
  readonly archiveId: string;
  /** Packets that the archive forgot before they were published. */
  lost = 0;
  readonly #archive: Archive;
  #packet: number;

  /** @throws Error when the archive takes nothing */
  constructor(archive: Archive) {
    this.#archive = archive;
    archive.database.exec(TABLE);
    const oldest = archive.statement("SELECT min(id) AS id FROM packet").get() as { id: number | null };
    // What was forgotten before anybody wanted to publish it is no loss.
    archive
      .statement("INSERT OR IGNORE INTO fan_out (only, archive, packet) VALUES (1, ?, ?)")
      .run(randomBytes(ID_LENGTH).toString("hex"), (oldest.id ?? 1) - 1);
    const row = archive.statement("SELECT archive, packet FROM fan_out").get() as { archive: string; packet: number };
    this.archiveId = row.archive;
    this.#packet = row.packet;
  }

  /** The last packet that is published, and all before it. */
  get packet(): number {
    return this.#packet;
  }

  /** Packets that wait. */
  get lag(): number {
    const { id } = this.#archive.statement("SELECT max(id) AS id FROM packet").get() as { id: number | null };
    return Math.max(0, (id ?? 0) - this.#packet);
  }

  /**
   * The next packets that are stored and read. What is gone in between is lost.
   * @returns empty: there are none
   */
  next(limit: number): StoredPacket[] {
    const upTo = this.#archive.derivedUpTo;
    const packets = this.#archive.packetsBehind(this.#packet, limit).filter(({ id }) => id <= upTo);
    const [first] = packets;
    if (first !== undefined && first.id > this.#packet + 1) {
      this.lost += first.id - this.#packet - 1;
      this.#packet = first.id - 1;
    }
    return packets;
  }

  moveTo(packet: number): void {
    this.#packet = packet;
    try {
      this.#archive.statement("UPDATE fan_out SET packet = ?").run(packet);
    } catch {
      // The disk is full, which the archive tells. What is published again then is not there twice.
    }
  }
}
