/**
 * Everything that boards send, kept in one file: a packet is stored before anything else happens to it. What is made of packets
 * is stored behind them, with how far it has come, so that a station that was killed goes on where it was.
 */
import { existsSync } from "node:fs";
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { wholeHash, wireHash } from "../../../modules/dictionary/dictionary-hash.js";
import { type Database, openDatabase, type Statement, type Value } from "./database.js";
import { type Lock, lockFile } from "./file-lock.js";
import { checkSchema, prepareSchema } from "./schema.js";

/** A packet as it came. What its headers say is there unless they are damaged. */
export interface PacketRow {
  readonly board: number;
  readonly session: number;
  /** `wholeHash` of the dictionary that it is read with. */
  readonly dictionary: number;
  readonly received: number;
  readonly stamp: number | null;
  readonly synchronized: number | null;
  readonly service: number | null;
  readonly subtype: number | null;
  readonly count: number | null;
  readonly bytes: Uint8Array;
}

export interface StoredPacket extends PacketRow {
  /** Rises with every packet of the archive. */
  readonly id: number;
}

export interface SampleRow {
  readonly board: number;
  readonly parameter: number;
  readonly time: number;
  readonly packet: number;
  /** As it stands on the wire; text and bytes as text, arrays as JSON. */
  readonly raw: number | string;
}

export interface EventRow {
  readonly packet: number;
  readonly board: number;
  readonly time: number;
  readonly event: number;
  readonly severity: string;
  readonly text: string;
}

/** What packets say that follow one another. */
export interface Derived {
  /** The first and the last of the packets. */
  readonly from: number;
  readonly upTo: number;
  readonly samples: readonly SampleRow[];
  readonly events: readonly EventRow[];
}

/** In place of a file's name. */
const MEMORY = ":memory:";
/**
 * Each parameter's samples end on a page of their own, and a board has hundreds of parameters: so many pages change with each batch,
 * again and again. They are kept at hand, and go from the journal into the file together.
 */
const CACHE_KIB = 65_536;
const CHECKPOINT_PAGES = 8000;
/** What a reader has kept from going into the file leaves the disk behind it, in bytes. */
const MAX_JOURNAL = 67_108_864;
const INSERT_PACKET =
  "INSERT INTO packet (board, session, dictionary, received, stamp, synchronized, service, subtype, count, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

export interface ArchiveOptions {
  /** For whoever looks at it: a station may write it meanwhile. Default false: it is the one that writes. */
  readonly readOnly?: boolean;
}

export class Archive {
  readonly file: string;
  readonly database: Database;
  readonly #lock: Lock | undefined;
  readonly #statements = new Map<string, Statement>();

  /**
   * @param file created where there is none; `:memory:` keeps nothing
   * @throws Error in one line that names the file: another station writes it, it is no archive, it cannot be opened
   */
  constructor(file: string, { readOnly = false }: ArchiveOptions = {}) {
    this.file = file;
    let database: Database | undefined;
    try {
      if (readOnly && !existsSync(file)) {
        throw new Error("there is no such file");
      }
      this.#lock = readOnly || file === MEMORY ? undefined : lockFile(file);
      database = openDatabase(file, readOnly);
      // Whoever exports reads meanwhile.
      database.exec("PRAGMA busy_timeout = 5000");
      if (readOnly) {
        checkSchema(database);
        // libsql takes no notice of how the file was opened.
        database.exec("PRAGMA query_only = ON");
      } else {
        prepareSchema(database);
        // The last packets may be lost with the power, none with the process.
        database.exec("PRAGMA journal_mode = WAL");
        database.exec("PRAGMA synchronous = NORMAL");
        database.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
        database.exec(`PRAGMA journal_size_limit = ${MAX_JOURNAL}`);
        database.exec(`PRAGMA cache_size = -${CACHE_KIB}`);
      }
      this.database = database;
    } catch (error) {
      database?.close();
      this.#lock?.close();
      throw new Error(`archive ${file}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** A statement, prepared once. */
  statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Does all of it or nothing. */
  transaction<Result>(work: () => Result): Result {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.database.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.database.exec("ROLLBACK");
      } catch {
        // SQLite has rolled it back already, as when the disk is full.
      }
      throw error;
    }
  }

  /** @returns the number of the board of this name */
  board(name: string): number {
    this.statement("INSERT OR IGNORE INTO board (name) VALUES (?)").run(name);
    return (this.statement("SELECT id FROM board WHERE name = ?").get(name) as { id: number }).id;
  }

  /** Keeps a dictionary. @returns its hash, that of the whole */
  keepDictionary(dictionary: BoardDictionary): number {
    const hash = wholeHash(dictionary);
    this.statement("INSERT OR IGNORE INTO dictionary (hash, wire, json) VALUES (?, ?, ?)").run(
      hash,
      wireHash(dictionary),
      JSON.stringify(dictionary),
    );
    return hash;
  }

  dictionary(hash: number): BoardDictionary | undefined {
    const row = this.statement("SELECT json FROM dictionary WHERE hash = ?").get(hash) as { json: string } | undefined;
    return row && (JSON.parse(row.json) as BoardDictionary);
  }

  /** A connection begins. @returns the session's number */
  beginSession(board: number, started: number, address: string): number {
    const statement = this.statement("INSERT INTO session (board, started, address) VALUES (?, ?, ?)");
    return Number(statement.run(board, started, address).lastInsertRowid);
  }

  endSession(session: number, ended: number, reason: string): void {
    this.statement("UPDATE session SET ended = ?, reason = ? WHERE id = ?").run(ended, reason, session);
  }

  /**
   * Stores packets, all or none.
   * @param also what is stored with them
   * @returns them with their numbers
   */
  addPackets(
    packets: readonly PacketRow[],
    also: (stored: readonly StoredPacket[]) => void = () => {},
  ): StoredPacket[] {
    const insert = this.statement(INSERT_PACKET);
    return this.transaction(() => {
      const all = packets.map((packet) => {
        const { board, session, dictionary, received, stamp, synchronized, service, subtype, count, bytes } = packet;
        const { lastInsertRowid } = insert.run(
          board,
          session,
          dictionary,
          received,
          stamp,
          synchronized,
          service,
          subtype,
          count,
          bytes,
        );
        return { ...packet, id: Number(lastInsertRowid) };
      });
      also(all);
      return all;
    });
  }

  /**
   * Stores what was made of packets, and how far that has come. Where packets before these have not been read, as after a disk was full,
   * it has come no further: all from there on are read again.
   * @param also is stored with it, or not at all
   */
  addDerived({ from, upTo, samples, events }: Derived, also: () => void = () => {}): void {
    const sample = this.statement(
      "INSERT OR REPLACE INTO sample (board, parameter, time, packet, raw) VALUES (?, ?, ?, ?, ?)",
    );
    const event = this.statement(
      "INSERT OR REPLACE INTO event (packet, board, time, event, severity, text) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.transaction(() => {
      for (const { board, parameter, time, packet, raw } of samples) {
        sample.run(board, parameter, time, packet, raw);
      }
      for (const { packet, board, time, event: id, severity, text } of events) {
        event.run(packet, board, time, id, severity, text);
      }
      also();
      this.statement("UPDATE derived SET packet = ? WHERE packet >= ?").run(upTo, from - 1);
    });
  }

  /** The last packet whose samples and events are stored. */
  get derivedUpTo(): number {
    return (this.statement("SELECT packet FROM derived").get() as { packet: number }).packet;
  }

  /**
   * What a station that was killed left open: its connections are over, and nobody waits for reports on its commands. Of those that asked
   * for no report on their completion (the last bit of octet 6), none is missing.
   */
  closeOpenEnds(now: number): void {
    this.statement("UPDATE session SET ended = ?, reason = 'the station ended' WHERE ended IS NULL").run(now);
    this.statement(
      `UPDATE command SET state = 'unanswered' WHERE state IN ('queued', 'sent', 'accepted', 'started')
       AND (state = 'queued' OR bytes IS NULL OR instr('13579BDF', substr(hex(substr(bytes, 7, 1)), 2, 1)) > 0)`,
    ).run();
  }

  /** One packet; undefined: there is none of this number, or no more. */
  packet(id: number): StoredPacket | undefined {
    const row = this.statement("SELECT * FROM packet WHERE id = ?").get(id) as StoredPacket | undefined;
    return row && storedPacket(row);
  }

  /** Packets behind a number, in the order in which they came. */
  packetsBehind(id: number, limit: number, board?: number): StoredPacket[] {
    const ofBoard = board === undefined ? "" : "AND board = ?";
    const values: Value[] = board === undefined ? [id, limit] : [id, board, limit];
    const rows = this.statement(`SELECT * FROM packet WHERE id > ? ${ofBoard} ORDER BY id LIMIT ?`).all(...values);
    return (rows as StoredPacket[]).map(storedPacket);
  }

  close(): void {
    try {
      if (this.#lock !== undefined) {
        // All in one file, to be taken along.
        this.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      }
    } catch {
      // Somebody reads, or the disk is full: the next station does it.
    }
    this.database.close();
    this.#lock?.close();
  }
}

/** Drivers give octets as a view, or as a buffer. */
export function storedPacket({ bytes, ...row }: StoredPacket): StoredPacket {
  return { ...row, bytes: new Uint8Array(bytes) };
}
