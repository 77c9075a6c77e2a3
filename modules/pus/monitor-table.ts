/**
 * What a board monitors, and what came of it: a row for each monitored parameter, in tables that are reserved at boot. A row's checks are
 * made here; when, and who is told, is the service's (`st12-monitoring.ts`).
 */

import { isFalling } from "../dictionary/calibration.js";
import type { Dictionary, ParameterDefinition } from "../dictionary/dictionary.js";
import { DEFAULT_MONITORING_INTERVAL_MS, rawLimit } from "../dictionary/monitoring.js";
import {
  ABOVE_CRITICAL_LIMIT,
  ABOVE_HIGH_LIMIT,
  BELOW_CRITICAL_LIMIT,
  BELOW_LOW_LIMIT,
  EXPECTED_VALUE,
  EXPECTED_VALUE_CHECK,
  INVALID,
  LIMIT_CHECK,
  NO_EVENT,
  UNCHECKED,
  UNEXPECTED_VALUE,
  WITHIN_LIMITS,
} from "./messages/checking-status.js";
import { invalidOf, type ParameterPool } from "./parameter-pool.js";

/** Columns of limits and events: the status that each is for, less this. An expected value, too, stands in the first. */
const FIRST_BEYOND = BELOW_LOW_LIMIT;

/** Columns of numbers, behind the four limits. */
const DUE = 4;
const INTERVAL = 5;
/** Of an expected-value check the second limit is the mask. */
const MASK = 1;
const NUMBERS = 6;

/** Columns of octets. */
const CHECK_TYPE = 0;
const IS_ENABLED = 1;
const STATUS = 2;
const RESULT = 3;
const SEEN = 4;
const REPETITIONS = 5;
const FALLS = 6;
const OCTETS = 7;

/** Columns of words: the handle, the place among the pool's sources, and the events of the four limits. */
const PLACE = 1;
const EVENTS = 2;
const WORDS = 6;
/** The value stands in the pool: `NO_SOURCE`, as a word has it. */
const NO_PLACE = 0xffff;

export class MonitorTable {
  /** Rows. */
  readonly count: number;
  readonly #pool: ParameterPool;
  readonly #numbers: Float64Array;
  readonly #octets: Uint8Array;
  readonly #words: Uint16Array;

  /** In the order of the dictionary. */
  constructor(dictionary: Dictionary, pool: ParameterPool) {
    const monitored = Object.values(dictionary.parameters ?? {}).filter(({ monitoring }) => monitoring !== undefined);
    const { length } = monitored;
    this.count = length;
    this.#pool = pool;
    this.#numbers = new Float64Array(NUMBERS * length);
    this.#octets = new Uint8Array(OCTETS * length);
    this.#words = new Uint16Array(WORDS * length);
    monitored.forEach((parameter, row) => {
      this.#fill(row, parameter, dictionary.events ?? {});
    });
  }

  #fill(row: number, parameter: ParameterDefinition, events: NonNullable<Dictionary["events"]>): void {
    const { expected, enabled = true, intervalMs, repetitions = 1, events: raised = {} } = parameter.monitoring!;
    const numbers = NUMBERS * row;
    const octets = OCTETS * row;
    const words = WORDS * row;
    const handle = this.#pool.find(parameter.id);
    this.#words[words] = handle;
    this.#words[words + PLACE] = this.#pool.placeOf(handle);
    if (expected === undefined) {
      this.#numbers[numbers] = rawLimit(parameter, "warning", "low");
      this.#numbers[numbers + 1] = rawLimit(parameter, "warning", "high");
      this.#numbers[numbers + 2] = rawLimit(parameter, "critical", "low");
      this.#numbers[numbers + 3] = rawLimit(parameter, "critical", "high");
    } else {
      this.#numbers[numbers] = Number(expected.value);
      this.#numbers[numbers + MASK] = expected.mask ?? Number.NaN;
    }
    this.#numbers[numbers + INTERVAL] = intervalMs ?? DEFAULT_MONITORING_INTERVAL_MS;
    this.#octets[octets + CHECK_TYPE] = expected === undefined ? LIMIT_CHECK : EXPECTED_VALUE_CHECK;
    this.#octets[octets + IS_ENABLED] = enabled ? 1 : 0;
    this.#octets[octets + REPETITIONS] = repetitions;
    this.#octets[octets + FALLS] = expected === undefined && isFalling(parameter.calibration) ? 1 : 0;
    this.forget(row);
    const { low, high, criticalLow = low, criticalHigh = high, unexpected } = raised;
    [low ?? unexpected, high, criticalLow, criticalHigh].forEach((name, column) => {
      this.#words[words + EVENTS + column] = name === undefined ? NO_EVENT : events[name]!.id;
    });
  }

  /** @returns the row of a parameter, or -1 */
  find(id: number): number {
    for (let row = 0; row < this.count; row++) {
      if (this.idOf(row) === id) {
        return row;
      }
    }
    return -1;
  }

  handleOf(row: number): number {
    return this.#words[WORDS * row]!;
  }

  /** The parameter's ID, and the row's own. */
  idOf(row: number): number {
    return this.#pool.idOf(this.handleOf(row));
  }

  checkTypeOf(row: number): number {
    return this.#octets[OCTETS * row + CHECK_TYPE]!;
  }

  isEnabled(row: number): boolean {
    return this.#octets[OCTETS * row + IS_ENABLED] === 1;
  }

  setEnabled(row: number, enabled: boolean): void {
    this.#octets[OCTETS * row + IS_ENABLED] = enabled ? 1 : 0;
  }

  statusOf(row: number): number {
    return this.#octets[OCTETS * row + STATUS]!;
  }

  repetitionsOf(row: number): number {
    return this.#octets[OCTETS * row + REPETITIONS]!;
  }

  /** Milliseconds between two checks. */
  intervalOf(row: number): number {
    return this.#numbers[NUMBERS * row + INTERVAL]!;
  }

  /** Uptime of the next check, in milliseconds. */
  dueOf(row: number): number {
    return this.#numbers[NUMBERS * row + DUE]!;
  }

  /**
   * A check that is due is made now: when is the next one?
   * @param now uptime in milliseconds
   */
  putOff(row: number, now: number): void {
    const at = NUMBERS * row + DUE;
    const next = this.#numbers[at]! + this.intervalOf(row);
    // Whole intervals that were missed are not made up for.
    this.#numbers[at] = next > now ? next : now + this.intervalOf(row);
  }

  /** NaN: every bit counts. */
  maskOf(row: number): number {
    return this.#numbers[NUMBERS * row + MASK]!;
  }

  expectedOf(row: number): number {
    return this.#numbers[NUMBERS * row]!;
  }

  /**
   * The raw limit that a value with this status is beyond.
   * @returns an infinity where there is none; the type's invalid value for a status that is not beyond a limit
   */
  limitOf(row: number, status: number): number {
    return status < FIRST_BEYOND ? this.#invalid(row) : this.#numbers[NUMBERS * row + status - FIRST_BEYOND]!;
  }

  /** ID of the event that is raised when a value comes to have this status, or `NO_EVENT`. */
  eventOf(row: number, status: number): number {
    return status < FIRST_BEYOND ? NO_EVENT : this.#words[WORDS * row + EVENTS + status - FIRST_BEYOND]!;
  }

  #invalid(row: number): number {
    return invalidOf(this.#pool.kindOf(this.handleOf(row)));
  }

  /** The row is unchecked, what was seen before counts no more, and the next check is due at once. */
  forget(row: number): void {
    const at = OCTETS * row;
    this.#numbers[NUMBERS * row + DUE] = 0;
    this.#octets[at + STATUS] = UNCHECKED;
    this.#octets[at + RESULT] = UNCHECKED;
    this.#octets[at + SEEN] = 0;
  }

  /** Repetitions are counted anew. */
  countAnew(row: number): void {
    this.#octets[OCTETS * row + SEEN] = 0;
  }

  /**
   * Checks the value in the pool, which is read first where it comes from a source.
   * @returns whether that makes a new status
   */
  check(row: number): boolean {
    const octets = this.#octets;
    const at = OCTETS * row;
    const placeAt = WORDS * row + PLACE;
    if (this.#words[placeAt] !== NO_PLACE) {
      this.#pool.sample(this.#words, placeAt, placeAt + 1);
    }
    const result = this.#judge(row, this.#pool.get(this.handleOf(row)));
    if (result !== octets[at + RESULT]) {
      octets[at + RESULT] = result;
      octets[at + SEEN] = 0;
    }
    if (octets[at + SEEN]! < octets[at + REPETITIONS]!) {
      octets[at + SEEN] = octets[at + SEEN]! + 1;
    }
    if (result === octets[at + STATUS] || octets[at + SEEN]! < octets[at + REPETITIONS]!) {
      return false;
    }
    octets[at + STATUS] = result;
    return true;
  }

  #judge(row: number, value: number): number {
    if (Number.isNaN(value) || value === this.#invalid(row)) {
      return INVALID;
    }
    const numbers = this.#numbers;
    const at = NUMBERS * row;
    if (this.checkTypeOf(row) === EXPECTED_VALUE_CHECK) {
      const mask = numbers[at + MASK]!;
      const found = Number.isNaN(mask) ? value : (value & mask) >>> 0;
      return found === numbers[at] ? EXPECTED_VALUE : UNEXPECTED_VALUE;
    }
    if (this.#octets[OCTETS * row + FALLS] === 1) {
      return value > numbers[at + 2]!
        ? BELOW_CRITICAL_LIMIT
        : value > numbers[at]!
          ? BELOW_LOW_LIMIT
          : value < numbers[at + 3]!
            ? ABOVE_CRITICAL_LIMIT
            : value < numbers[at + 1]!
              ? ABOVE_HIGH_LIMIT
              : WITHIN_LIMITS;
    }
    return value < numbers[at + 2]!
      ? BELOW_CRITICAL_LIMIT
      : value < numbers[at]!
        ? BELOW_LOW_LIMIT
        : value > numbers[at + 3]!
          ? ABOVE_CRITICAL_LIMIT
          : value > numbers[at + 1]!
            ? ABOVE_HIGH_LIMIT
            : WITHIN_LIMITS;
  }
}
