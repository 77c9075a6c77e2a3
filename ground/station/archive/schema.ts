/**
 * The archive's tables. Raw packets are the truth: samples, events and stages are made of them, and can be made again.
 *
 * Times are UNIX milliseconds. `received` is the station's clock, `stamp` the board's; a stamp counts from the board's boot while
 * `synchronized` is 0.
 */
import type { Database } from "./database.js";
import { raiseEventAlarms } from "./event-alarms.js";

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 2;

const ALARM = `
CREATE TABLE alarm (
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL, board INTEGER NOT NULL, source TEXT NOT NULL, subject INTEGER NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
  level TEXT NOT NULL, first REAL NOT NULL, changed REAL NOT NULL, count INTEGER NOT NULL,
  worst NOT NULL, worst_time REAL NOT NULL, worst_limit TEXT NOT NULL,
  latest NOT NULL, latest_time REAL NOT NULL, latest_limit TEXT NOT NULL, unit TEXT, user TEXT, acknowledged REAL,
  first_packet INTEGER NOT NULL, last_packet INTEGER NOT NULL
);
CREATE INDEX alarm_state ON alarm (board, state, id);
`;

/** What makes a file of version k + 1 one of version k + 2. */
const MIGRATIONS: readonly ((database: Database) => void)[] = [
  (database) => {
    database.exec(ALARM);
    raiseEventAlarms(database);
  },
];

const TABLES = `${ALARM}
CREATE TABLE board (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE dictionary (hash INTEGER PRIMARY KEY, wire INTEGER NOT NULL, json TEXT NOT NULL);
CREATE TABLE session (
  id INTEGER PRIMARY KEY, board INTEGER NOT NULL REFERENCES board, started REAL NOT NULL, address TEXT NOT NULL,
  ended REAL, reason TEXT
);
CREATE TABLE packet (
  id INTEGER PRIMARY KEY, board INTEGER NOT NULL, session INTEGER NOT NULL, dictionary INTEGER NOT NULL, received REAL NOT NULL,
  stamp REAL, synchronized INTEGER, service INTEGER, subtype INTEGER, count INTEGER, bytes BLOB NOT NULL
);
CREATE INDEX packet_time ON packet (board, received);
CREATE TABLE sample (
  board INTEGER NOT NULL, parameter INTEGER NOT NULL, time REAL NOT NULL, packet INTEGER NOT NULL, raw,
  PRIMARY KEY (board, parameter, time, packet)
) WITHOUT ROWID;
CREATE TABLE event (
  packet INTEGER PRIMARY KEY, board INTEGER NOT NULL, time REAL NOT NULL, event INTEGER NOT NULL, severity TEXT NOT NULL, text TEXT NOT NULL,
  acknowledged TEXT
);
CREATE TABLE command (
  id INTEGER PRIMARY KEY, board INTEGER NOT NULL, time REAL NOT NULL, user TEXT NOT NULL, origin TEXT NOT NULL, name TEXT NOT NULL,
  arguments TEXT NOT NULL, bytes BLOB, count INTEGER, state TEXT NOT NULL
);
CREATE TABLE stage (
  command INTEGER NOT NULL REFERENCES command, number INTEGER NOT NULL, stage TEXT NOT NULL, time REAL NOT NULL, packet INTEGER,
  code INTEGER, data INTEGER, failure TEXT,
  PRIMARY KEY (command, number)
) WITHOUT ROWID;
CREATE TABLE audit (id INTEGER PRIMARY KEY, time REAL NOT NULL, user TEXT NOT NULL, origin TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE derived (only INTEGER PRIMARY KEY CHECK (only = 1), packet INTEGER NOT NULL);
INSERT INTO derived VALUES (1, 0);
`;

/** Came with later flatlinks: archives that have none of it get it when a station opens them, and earlier flatlinks pass it over. */
const ADDITIONS = `
CREATE TABLE IF NOT EXISTS rejected (
  id INTEGER PRIMARY KEY, board INTEGER NOT NULL, received REAL NOT NULL, packet INTEGER NOT NULL, "offset" INTEGER NOT NULL,
  length INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS rejected_board ON rejected (board);
CREATE INDEX IF NOT EXISTS event_board ON event (board);
CREATE INDEX IF NOT EXISTS command_board ON command (board);
`;

/** Of what was refused; of what was let in, null. */
const ATTEMPTS = "ALTER TABLE audit ADD COLUMN attempts INTEGER";

/**
 * Makes the tables where there are none, and brings those of an earlier version up to this one, all or nothing.
 * @throws Error when the file is another program's, or of a later version
 */
export function prepareSchema(database: Database): void {
  if (!isEmpty(database)) {
    checkSchema(database);
    migrate(database);
    add(database);
    return;
  }
  // Before there are tables: what retention deletes leaves the file in steps.
  database.exec("PRAGMA auto_vacuum = INCREMENTAL");
  database.exec("BEGIN IMMEDIATE");
  database.exec(TABLES);
  add(database);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  database.exec("COMMIT");
}

function migrate(database: Database): void {
  const version = versionOf(database);
  if (version === SCHEMA_VERSION) {
    return;
  }
  database.exec("BEGIN IMMEDIATE");
  try {
    for (const step of MIGRATIONS.slice(version - 1)) {
      step(database);
    }
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function add(database: Database): void {
  database.exec(ADDITIONS);
  const columns = database.prepare("SELECT name FROM pragma_table_info('audit')").all() as { name: string }[];
  if (!columns.some(({ name }) => name === "attempts")) {
    database.exec(ATTEMPTS);
  }
}

/**
 * Who only reads finds in an earlier version what was there then.
 * @throws Error when it is no archive, or of a later version
 */
export function checkSchema(database: Database): void {
  const version = versionOf(database);
  if (version >= 1 && version <= SCHEMA_VERSION && !isEmpty(database)) {
    return;
  }
  throw new Error(
    version > SCHEMA_VERSION
      ? `it is of version ${version}, and this flatlink knows version ${SCHEMA_VERSION}: use a later flatlink`
      : "it is a database, and none of flatlink's",
  );
}

function versionOf(database: Database): number {
  return (database.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
}

function isEmpty(database: Database): boolean {
  const { n } = database.prepare("SELECT count(*) AS n FROM sqlite_master").get() as { n: number };
  return n === 0 && versionOf(database) === 0;
}
