/** Samples of several parameters, side by side: a row for each time at which there is one. */
import type { Archive } from "../archive/archive.js";
import { inUnit, type KnownParameter } from "../archive/in-unit.js";

/** Samples that are read at once. */
const CHUNK = 5000;

export interface WideQuery {
  readonly archive: Archive;
  /** In the archive. */
  readonly board: number;
  readonly parameters: readonly KnownParameter[];
  /** UNIX milliseconds, both included. */
  readonly from: number;
  readonly to: number;
}

export interface WideRow {
  /** UNIX milliseconds. */
  readonly time: number;
  /** In their units, in the order of the parameters; undefined: none of this time. */
  readonly values: readonly unknown[];
}

interface SampleAt {
  readonly time: number;
  readonly packet: number;
  readonly raw: number | string;
}

/** Reads a parameter's samples in the order of time, some at a time: what is stored meanwhile does no harm. */
class Cursor {
  readonly #read: (time: number, packet: number) => SampleAt[];
  #chunk: readonly SampleAt[] = [];
  #at = 0;

  constructor({ archive, board, from, to }: WideQuery, parameter: number) {
    const statement = archive.statement(
      "SELECT time, packet, raw FROM sample WHERE board = ? AND parameter = ? AND (time, packet) > (?, ?) AND time <= ? ORDER BY time, packet LIMIT ?",
    );
    this.#read = (time, packet) => statement.all(board, parameter, time, packet, to, CHUNK) as SampleAt[];
    this.#chunk = this.#read(from, -1);
  }

  get head(): SampleAt | undefined {
    return this.#chunk[this.#at];
  }

  next(): void {
    this.#at++;
    const last = this.#chunk.at(-1);
    if (this.#at === CHUNK && last !== undefined) {
      this.#chunk = this.#read(last.time, last.packet);
      this.#at = 0;
    }
  }
}

export function* wideRows(query: WideQuery): Generator<WideRow> {
  const columns = query.parameters.map(({ definition }) => ({
    definition,
    cursor: new Cursor(query, definition.id),
  }));
  for (;;) {
    const time = Math.min(...columns.map(({ cursor }) => cursor.head?.time ?? Number.POSITIVE_INFINITY));
    if (time === Number.POSITIVE_INFINITY) {
      return;
    }
    const values = columns.map(({ definition, cursor }) => {
      const { head } = cursor;
      if (head?.time !== time) {
        return undefined;
      }
      cursor.next();
      return inUnit(definition, head.raw);
    });
    yield { time, values };
  }
}
