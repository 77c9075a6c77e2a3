/** Sets the board's clock from a time server: when the network is up, then every hour; sooner after a failure. */
import type { Clock } from "../link/connection/io.js";
import { EARLIEST_TIME, type TimeSource } from "./platform.js";

const REPEAT_MS = 3_600_000;
const RETRY_MS = 60_000;
/** A question without an answer is given up then. */
const ANSWER_MS = 60_000;

/** There is no network. */
const OFF = 0;
/** The next question comes when the wait is over. */
const WAITING = 1;
const ASKING = 2;

export interface TimeKeeperOptions {
  clock: Clock;
  source: TimeSource;
  /** Name or address. */
  server: string;
  /** The clock was set, or could not be (undefined); told when it is another answer than the last. */
  onChange(unixMs: number | undefined): void;
}

export class TimeKeeper {
  readonly #options: TimeKeeperOptions;
  #state: typeof OFF | typeof WAITING | typeof ASKING = OFF;
  #since = 0;
  #waitMs = 0;
  /** Of the question under way; answers to earlier ones are late. */
  #question = 0;
  #query: { close(): void } | undefined;
  /** How the last question ended. */
  #succeeded: boolean | undefined;

  constructor(options: TimeKeeperOptions) {
    this.#options = options;
  }

  /** The network is up: asks at the next tick. Again when it was up already: changes nothing. */
  start(): void {
    if (this.#state === OFF) {
      this.#wait(0);
    }
  }

  /** The network is gone. */
  stop(): void {
    this.#close();
    this.#state = OFF;
  }

  /** To be called now and then. Does not throw. */
  tick(): void {
    const elapsed = this.#options.clock() - this.#since;
    if (this.#state === WAITING && elapsed >= this.#waitMs) {
      this.#ask();
    } else if (this.#state === ASKING && elapsed >= ANSWER_MS) {
      this.#close();
      this.#answered(undefined);
    }
  }

  #ask(): void {
    const { source, server, clock } = this.#options;
    this.#state = ASKING;
    this.#since = clock();
    const question = ++this.#question;
    try {
      const query = source.ask(server, (unixMs) => {
        if (this.#state === ASKING && this.#question === question) {
          this.#answered(unixMs);
        }
      });
      // Where the answer came at once, there is nothing left to close.
      this.#query = this.#state === ASKING ? query : undefined;
    } catch {
      if (this.#state === ASKING) {
        this.#answered(undefined);
      }
    }
  }

  /** Called by the platform: nothing may be thrown past it. */
  #answered(unixMs: number | undefined): void {
    this.#query = undefined;
    let time = unixMs !== undefined && unixMs >= EARLIEST_TIME ? unixMs : undefined;
    if (time !== undefined) {
      try {
        this.#options.source.set(time);
      } catch {
        time = undefined;
      }
    }
    const succeeded = time !== undefined;
    this.#wait(succeeded ? REPEAT_MS : RETRY_MS);
    if (succeeded !== this.#succeeded) {
      this.#succeeded = succeeded;
      this.#options.onChange(time);
    }
  }

  #wait(ms: number): void {
    this.#state = WAITING;
    this.#since = this.#options.clock();
    this.#waitMs = ms;
  }

  #close(): void {
    const query = this.#query;
    this.#query = undefined;
    try {
      query?.close();
    } catch {
      // It is over all the same.
    }
  }
}
