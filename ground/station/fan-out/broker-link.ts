/**
 * A connection to the broker that lasts: dialled again when it is lost, and when what runs over it fails. Every connection is a new
 * one, so that nothing waits in the client for a broker that is away.
 *
 * | state | leads on |
 * | --- | --- |
 * | dialling | the broker answers: `connected` |
 * | connected | it is lost, or the work fails: `waiting` |
 * | waiting | after a while: `dialling` |
 * | closed | it is over |
 */
import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describeBrokerError, forbiddenIn } from "./broker-error.js";
import type { Nats } from "./load-nats.js";
import type { NatsAddress } from "./nats-address.js";

const CONNECT_TIMEOUT_MS = 5000;
/** A broker that does not answer for two of these is taken for lost. */
const PING_MS = 10_000;
const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 5000;
/** A broker that hangs must not hold up the end. */
const CLOSE_MS = 1000;
/** What a user may not do is told once in so long, whatever the subject. */
const FORBIDDEN_MS = 60_000;

export interface Broker {
  readonly nats: Nats;
  readonly connection: NatsConnection;
  readonly stream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Aborted when the connection is over, or is to be. */
  readonly over: AbortSignal;
  /** What was begun does what it should: what fails later is told anew. */
  works(): void;
}

export interface BrokerLinkOptions {
  readonly nats: Nats;
  readonly address: NatsAddress;
  /** As the broker's lists of connections show us. */
  readonly name: string;
  /** What is done over a connection, until it is over. What it rejects with ends the connection, and is told. */
  serve(broker: Broker): Promise<void>;
  /** The broker is away. */
  lost?(why: string): void;
  /** What is told in one line, without the address. */
  report(line: string): void;
}

export class BrokerLink {
  #state: "dialling" | "connected" | "waiting" | "closed" = "dialling";
  readonly #options: BrokerLinkOptions;
  readonly #stop = new AbortController();
  /** What is under way when it is to end may be finished, until then. */
  readonly #late: Promise<void>;
  readonly #stopped: Promise<undefined>;
  #run: Promise<void> = Promise.resolve();
  #waitMs = FIRST_WAIT_MS;
  /** What was told last: it is not told again until it has worked in between. */
  #told: string | undefined;
  /** By operation: when it was told last that it is forbidden. */
  readonly #toldForbidden = new Map<string, number>();

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#stopped = new Promise((resolve) => {
      this.#stop.signal.addEventListener("abort", () => resolve(undefined));
    });
    this.#late = new Promise((resolve) => {
      this.#stop.signal.addEventListener("abort", () => setTimeout(resolve, CLOSE_MS));
    });
  }

  get state(): "dialling" | "connected" | "waiting" | "closed" {
    return this.#state;
  }

  start(): void {
    this.#run = this.#runAll();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#run;
  }

  async #runAll(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#state = "dialling";
      try {
        await this.#connectAndServe();
      } catch (error) {
        this.#failed(error);
      }
      if (!this.#stop.signal.aborted) {
        this.#state = "waiting";
        await pause(this.#waitMs, this.#stop.signal);
        this.#waitMs = Math.min(2 * this.#waitMs, LAST_WAIT_MS);
      }
    }
    this.#state = "closed";
  }

  async #connectAndServe(): Promise<void> {
    const { nats, address, name, serve } = this.#options;
    const dialled = nats.transport.connect({
      ...address.options(nats),
      name,
      reconnect: false,
      timeout: CONNECT_TIMEOUT_MS,
      pingInterval: PING_MS,
      noAsyncTraces: true,
    });
    const connection = await Promise.race([dialled, this.#stopped]);
    if (connection === undefined) {
      dialled.then((late) => late.close()).catch(() => {});
      return;
    }
    const over = new AbortController();
    const stop = (): void => over.abort();
    this.#stop.signal.addEventListener("abort", stop);
    void this.#tellErrors(connection);
    const lost = connection.closed().then((error) => {
      over.abort();
      if (!this.#stop.signal.aborted) {
        throw error ?? new Error("the broker closed the connection");
      }
    });
    lost.catch(() => {});
    try {
      const stream = nats.jetStream.jetstream(connection);
      const manager = await Promise.race([stream.jetstreamManager(), lost.then(() => undefined), this.#stopped]);
      if (manager === undefined) {
        return;
      }
      this.#state = "connected";
      const works = (): void => this.#works();
      const served = serve({ nats, connection, stream, manager, over: over.signal, works });
      served.catch(() => {});
      await Promise.race([served, lost, this.#late]);
    } finally {
      this.#stop.signal.removeEventListener("abort", stop);
      over.abort();
      const closing = connection.close().catch(() => {});
      await Promise.race([closing, pause(CLOSE_MS)]);
    }
  }

  /** What the broker refuses without an answer to anybody: without the rights, messages go nowhere. */
  async #tellErrors(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "error") {
        this.#tellError(status.error);
      }
    }
  }

  /** What is forbidden may be so for each message, on a subject of its own, while all else works. */
  #tellError(error: Error): void {
    const operation = forbiddenIn(error);
    if (operation === undefined) {
      this.#tell(describeBrokerError(error));
      return;
    }
    const now = performance.now();
    if (now - (this.#toldForbidden.get(operation) ?? Number.NEGATIVE_INFINITY) >= FORBIDDEN_MS) {
      this.#toldForbidden.set(operation, now);
      this.#options.report(describeBrokerError(error));
    }
  }

  #works(): void {
    this.#waitMs = FIRST_WAIT_MS;
    if (this.#told !== undefined) {
      this.#told = undefined;
      this.#options.report("it works again");
    }
  }

  #failed(error: unknown): void {
    const why = describeBrokerError(error);
    this.#options.lost?.(why);
    if (!this.#stop.signal.aborted) {
      this.#tell(why);
    }
  }

  #tell(why: string): void {
    if (why !== this.#told) {
      this.#told = why;
      this.#options.report(why);
    }
  }
}

/** @returns after a while, or when it is to stop */
export function pause(ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted === true) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop?.addEventListener("abort", end);
  });
}
