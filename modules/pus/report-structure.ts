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
  /**
   * Handles, then runs, each as its first handle and the one behind its last, then what `ParameterPool.sample` takes: places of those
   * that come from a source. One array, as each takes slots.
   */
  readonly #numbers: Uint16Array;
  readonly #runsAt: number;
  readonly #boundAt: number;
  #runCount = 0;
  #boundCount = 0;

  /** @param capacity parameters at most */
  constructor(pool: ParameterPool, capacity: number) {
    this.#pool = pool;
    this.#numbers = new Uint16Array(4 * capacity);
    this.#runsAt = capacity;
    this.#boundAt = 3 * capacity;
  }

  handle(k: number): number {
    return this.#numbers[k]!;
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
    const numbers = this.#numbers;
    const next = this.#runsAt + 2 * this.#runCount;
    if (this.#runCount > 0 && numbers[next - 1] === handle) {
      numbers[next - 1] = handle + 1;
    } else {
      numbers[next] = handle;
      numbers[next + 1] = handle + 1;
      this.#runCount++;
    }
    const place = this.#pool.placeOf(handle);
    if (place !== NO_SOURCE) {
      numbers[this.#boundAt + this.#boundCount] = place;
      this.#boundCount++;
    }
    numbers[this.count] = handle;
    this.count++;
    this.length += this.#pool.lengthOf(handle);
  }

  /** Reads the values that come from a source. */
  sample(): void {
    this.#pool.sample(this.#numbers, this.#boundAt, this.#boundAt + this.#boundCount);
  }

  /** Puts the values into the report that is open. */
  put(reports: ReportWriter): void {
    const pool = this.#pool;
    const numbers = this.#numbers;
    const end = this.#runsAt + 2 * this.#runCount;
    for (let i = this.#runsAt; i < end; i += 2) {
      reports.putBytes(pool.bytes, pool.startOf(numbers[i]!), pool.endOf(numbers[i + 1]! - 1));
    }
  }
}
