/**
 * ST[09] time management (ECSS-E-ST-70-41C, 6.9 and 8.9): time reports, and setting the board's time.
 *
 * - Time reports, 9,2 in CUC or 9,3 in CDS as the board's stamps are, are off at boot: every report is stamped already. 9,1 has one sent
 *   every 2^n seconds, n from 0 to 8; 255 ends them. A board counts seconds where a spacecraft counts transfer frames. They
 *   have the board's APID and a secondary header as other reports do, not APID 0.
 * - The standard leaves setting the time to the mission (6.9.1): 9,128 takes it in the board's own time code, P-field included.
 * - Whoever sets the time: stamps that jump by more than a second are an event.
 *
 * The service has no timer: `tick` is called now and then.
 */
import { CDS_SHORT_P_FIELD } from "../ccsds/cds-short.js";
import { type BoardClock, NO_TIME_REFERENCE, SYNCHRONIZED } from "../ccsds/time-code.js";
import { INVALID_TIME, NOT_ON_THIS_PLATFORM, SUCCESS, VALUE_OUT_OF_RANGE } from "./failure-codes.js";
import { CDS_TIME_REPORT, CUC_TIME_REPORT, TIME_SERVICE, timeMessages } from "./messages/st09-messages.js";
import type { ReportWriter } from "./report-writer.js";
import type { PusRequest } from "./request.js";
import type { PusService } from "./service.js";
import type { EventService } from "./st05-events.js";

/** Rate exponential value: no time reports. */
export const NO_TIME_REPORTS = 0xff;
/** The slowest rate (8.9.2.1): every 256 seconds. */
const MAX_RATE_EXPONENT = 8;
const SECOND_MS = 1000;
/** Stamps that go on by more than this, or back, have jumped. */
const JUMP_MS = 1000;

export interface TimeOptions {
  reports: ReportWriter;
  clock: BoardClock;
  /** The platform's clock, in UNIX milliseconds. Left out: it cannot be set. */
  settable?: { set(unixMs: number): void } | undefined;
  /** An earlier time is refused: UNIX milliseconds. */
  earliest: number;
  events: EventService;
  /** ID of the event that is raised when the stamps jump: by so many milliseconds, to this time reference status. */
  jumpEventId: number;
}

export class TimeService {
  readonly #reports: ReportWriter;
  readonly #clock: BoardClock;
  readonly #options: TimeOptions;
  readonly #subtype: number;
  #rate = NO_TIME_REPORTS;
  /** Uptime of the next time report, in milliseconds. */
  #due = 0;
  /** What the stamps say more than the uptime, in milliseconds, when they were last looked at. */
  #offset: number;

  constructor(options: TimeOptions) {
    const { reports, clock } = options;
    const { code } = reports.time;
    this.#options = options;
    this.#reports = reports;
    this.#clock = clock;
    this.#offset = this.#stampOffset();
    this.#subtype = code.pField === CDS_SHORT_P_FIELD ? CDS_TIME_REPORT : CUC_TIME_REPORT;
  }

  /** For the dispatcher. */
  asService(): PusService {
    return {
      name: "timeManagement",
      definition: timeMessages(this.#reports.time.code.pField),
      requests: {
        setTimeReportRate: {
          start: (request) => this.#checkRate(request),
          execute: (request) => this.#setRate(request),
        },
        setTime: {
          start: (request) => this.#checkTime(request),
          execute: (request) => this.#setTime(request),
        },
      },
    };
  }

  /** Looks whether the time jumped, and sends the time report that is due. */
  tick(): void {
    this.#look();
    const now = this.#clock.uptime();
    if (this.#rate !== NO_TIME_REPORTS && now >= this.#due) {
      this.#send();
      const interval = SECOND_MS * 2 ** this.#rate;
      // Intervals that were missed are not made up for.
      this.#due = this.#due + interval > now ? this.#due + interval : now + interval;
    }
  }

  #send(): void {
    const reports = this.#reports;
    if (reports.begin(TIME_SERVICE, this.#subtype, reports.time.length + 2)) {
      reports.putUint8(this.#rate);
      reports.putUint8(reports.putTime());
      reports.end();
    }
  }

  /** Without a time, stamps count from the code's epoch. */
  #stampOffset(): number {
    const now = this.#clock.now();
    return Number.isNaN(now) ? this.#reports.time.code.epoch : now - this.#clock.uptime();
  }

  #look(): void {
    const offset = this.#stampOffset();
    const difference = offset - this.#offset;
    // A clock that drifts against the uptime does not jump.
    this.#offset = offset;
    if (difference > JUMP_MS || difference < -JUMP_MS) {
      const status = Number.isNaN(this.#clock.now()) ? NO_TIME_REFERENCE : SYNCHRONIZED;
      this.#options.events.raise(this.#options.jumpEventId, difference, status);
    }
  }

  #checkRate(request: PusRequest): number {
    const rate = request.uint8(0);
    return rate <= MAX_RATE_EXPONENT || rate === NO_TIME_REPORTS ? SUCCESS : VALUE_OUT_OF_RANGE;
  }

  #setRate(request: PusRequest): number {
    this.#rate = request.uint8(0);
    this.#due = this.#clock.uptime();
    return SUCCESS;
  }

  /** UNIX milliseconds, or NaN. */
  #timeOf(request: PusRequest): number {
    return this.#reports.time.code.read(request.bytes, request.applicationDataStart);
  }

  #checkTime(request: PusRequest): number {
    // Asked this way round, NaN is refused, too.
    if (this.#timeOf(request) >= this.#options.earliest) {
      return SUCCESS;
    }
    request.failureData = request.uint8(0);
    return INVALID_TIME;
  }

  #setTime(request: PusRequest): number {
    const { settable } = this.#options;
    if (settable === undefined) {
      return NOT_ON_THIS_PLATFORM;
    }
    settable.set(this.#timeOf(request));
    this.#look();
    return SUCCESS;
  }
}
