/**
 * When a client connects: what it is about, how long an attempt may take, and how long it waits for the next one. Knows
 * no socket; the client tells it what happened, and asks it what is due.
 */
import { checkRange } from "../../checks/options.js";
import type { TmtcClientOptions } from "./client-options.js";
import { Backoff } from "./reconnect.js";

/** What the client is about. */
export type ClientState = "closed" | "connecting" | "connected" | "waiting";

const CLOSED = 0;
const CONNECTING = 1;
const CONNECTED = 2;
const WAITING = 3;
const STATES: readonly ClientState[] = Object.freeze(["closed", "connecting", "connected", "waiting"] as const);

export class ClientAttempts {
  /** Attempts that failed one after the other. */
  failures = 0;
  /** The present attempt has taken too long. */
  timedOut = false;
  #backoff: Backoff | undefined;
  #timeoutMs: number;
  #state: typeof CLOSED | typeof CONNECTING | typeof CONNECTED | typeof WAITING = CLOSED;
  /** When the present attempt began, or the next one is due. */
  #at = 0;

  /** @throws TypeError or RangeError for an option out of its range */
  constructor(options: Pick<TmtcClientOptions, "connectTimeoutMs" | "reconnect" | "random">) {
    this.#timeoutMs = checkRange("connectTimeoutMs", options.connectTimeoutMs ?? 10_000, 100, 600_000);
    this.#backoff = options.reconnect && new Backoff(options.reconnect, options.random ?? Math.random);
  }

  get isClosed(): boolean {
    return this.#state === CLOSED;
  }

  get isConnected(): boolean {
    return this.#state === CONNECTED;
  }

  get isWaiting(): boolean {
    return this.#state === WAITING;
  }

  /** @param isGone the connection is lost, and a packet of it still being handled */
  state(isGone: boolean): ClientState {
    return STATES[isGone && this.#state === CONNECTED ? WAITING : this.#state] as ClientState;
  }

  /** Somebody wants a connection: the pauses begin with the first one again. */
  open(): void {
    this.#backoff?.reset();
    this.failures = 0;
  }

  close(): void {
    this.#state = CLOSED;
  }

  /** An attempt begins. */
  begin(now: number): void {
    this.#state = CONNECTING;
    this.#at = now;
    this.timedOut = false;
  }

  /** There is a connection. */
  succeed(): void {
    this.#state = CONNECTED;
    this.failures = 0;
  }

  /** It is over. One that was only accepted was not worth the pauses: a server that is full closes it soon. */
  lose(packets: number, durationMs: number): void {
    const backoff = this.#backoff;
    if (backoff !== undefined && (packets > 0 || durationMs >= backoff.maxMs)) {
      backoff.reset();
    }
  }

  /** Waits for the next attempt, if there is to be one. @returns the pause, in ms; undefined: closed, now or before */
  retry(now: number): number | undefined {
    if (this.#state === CLOSED || this.#backoff === undefined) {
      this.#state = CLOSED;
      return undefined;
    }
    const pauseMs = this.#backoff.next();
    this.wait(now, pauseMs);
    return pauseMs;
  }

  wait(now: number, pauseMs: number): void {
    this.#state = WAITING;
    this.#at = now + pauseMs;
  }

  /** It is time for the next attempt. */
  isDue(now: number): boolean {
    return this.#state === WAITING && now >= this.#at;
  }

  /** The present attempt has had its time, and is to be given up. */
  expires(now: number): boolean {
    if (this.#state !== CONNECTING || now - this.#at < this.#timeoutMs) {
      return false;
    }
    this.timedOut = true;
    return true;
  }
}
