/**
 * A housekeeping structure while the board runs: which parameters it reports, as runs of the pool that lie one after the other, so that
 * a report is a few copies.
 */
import { NO_SOURCE, type ParameterPool } from "./parameter-pool.js";
import type { ReportWriter } from "./report-writer.js";

/** The place is empty: no structure has it. */
export const EMPTY = 0;
/** Not sent periodically. */
export const DISABLED = 1;
/** Sent once every interval. */
export const ENABLED = 2;
export type StructureState = typeof EMPTY | typeof DISABLED | typeof ENABLED;

export class ReportStructure {
  id = 0;
  state: StructureState = EMPTY;
  intervalMs = 0;
  minimumIntervalMs = 0;
  /** Uptime of the next periodic report, in milliseconds. */
  due = 0;
  /** Octets of the parameters. */
  length = 0;
  /** Number of parameters. */
  count = 0;
  readonly #pool: ParameterPool;
  readonly #handles: Uint16Array;
  /** First handle of each run, and the one behind its last. */
  readonly #runs: Uint16Array;
  #runCount = 0;
  /** What `ParameterPool.sample` takes: of those that come from a source. */
  readonly #bound: Uint16Array;
  #boundCount = 0;

  /** @param capacity parameters at most */
  constructor(pool: ParameterPool, capacity: number) {
    this.#pool = pool;
    this.#handles = new Uint16Array(capacity);
    this.#runs = new Uint16Array(2 * capacity);
    this.#bound = new Uint16Array(capacity);
  }

  handle(k: number): number {
    return this.#handles[k]!;
  }

  /** Empties it, to be filled by `add`. */
  clear(): void {
    this.count = 0;
    this.length = 0;
    this.#runCount = 0;
    this.#boundCount = 0;
  }

  /** One parameter more. For as many as there is room for. */
  add(handle: number): void {
    const runs = this.#runs;
    const last = 2 * this.#runCount - 1;
    if (this.#runCount > 0 && runs[last] === handle) {
      runs[last] = handle + 1;
    } else {
      runs[last + 1] = handle;
      runs[last + 2] = handle + 1;
      this.#runCount++;
    }
    const place = this.#pool.placeOf(handle);
    if (place !== NO_SOURCE) {
      this.#bound[this.#boundCount] = place;
      this.#boundCount++;
    }
    this.#handles[this.count] = handle;
    this.count++;
    this.length += this.#pool.lengthOf(handle);
  }

  /** Puts the values into the report that is open. */
  put(reports: ReportWriter): void {
    const pool = this.#pool;
    const runs = this.#runs;
    pool.sample(this.#bound, this.#boundCount);
    for (let i = 0; i < 2 * this.#runCount; i += 2) {
      reports.putBytes(pool.bytes, pool.startOf(runs[i]!), pool.endOf(runs[i + 1]! - 1));
    }
  }
}
