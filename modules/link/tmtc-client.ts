/**
 * The TMTC client: connects to a server, sends packets from a queue, gives what comes to a sink, and connects again.
 *
 * The counterpart of the server, of the same parts: a `Connection` reads, a `TelemetryPump` sends. What is to be sent
 * waits in a ring of the fixed memory (a `TelemetryLog`, which counts packets and knows which ones a socket took).
 *
 * What "sent" means: the socket took the whole frame. TCP says no more to the application; whether the server read it,
 * only an answer of the server's application can tell. Who gets such answers calls `acknowledge`; what was sent and not
 * acknowledged when a connection ends is reported as uncertain, and is never sent again by itself. What the socket
 * did not take whole is unsent: a server never delivers a part of a frame.
 */
import { checkChoice, checkRange } from "../framing/options.js";
import type { TelemetryListener } from "../tmtc/log-contracts.js";
import { TelemetryCursor } from "../tmtc/telemetry-cursor.js";
import { TelemetryLog } from "../tmtc/telemetry-log.js";
import type { AttemptOutcome, ClientInfo, ClientTotals, TmtcClientOptions } from "./client-options.js";
import { ClientPool } from "./client-pool.js";
import { clientReport } from "./client-report.js";
import { Connection } from "./connection.js";
import type { ConnectionOwner, Destination } from "./connection-owner.js";
import { Heartbeat } from "./heartbeat.js";
import type { Io } from "./io.js";
import { Backoff } from "./reconnect.js";
import type { EndReason } from "./reports.js";
import { SentLedger } from "./sent-ledger.js";
import { TelemetryPump } from "./telemetry-pump.js";

/** `send`: there is no room for the packet now, or, under `drop`, no connection. */
export const NOT_QUEUED = -1;

/** What the client is about. */
export type ClientState = "closed" | "connecting" | "connected" | "waiting";

const CLOSED = 0;
const CONNECTING = 1;
const CONNECTED = 2;
const WAITING = 3;
const STATES: readonly ClientState[] = Object.freeze(["closed", "connecting", "connected", "waiting"] as const);

export class TmtcClient implements ConnectionOwner, TelemetryListener {
  readonly name: string;
  readonly framing: TmtcClientOptions["framing"];
  readonly io: Io;
  readonly clock: () => number;
  readonly sink: TmtcClientOptions["sink"];
  /** Packets to be sent: `send`, or `reserve` and `commit` to build one in place. */
  readonly queue: TelemetryLog;
  readonly sendsAfterEnd = false;
  readonly isExhausted = true;
  /** The connection's own idea of idleness; the client has another one. */
  readonly idleTimeoutMs = 0;
  /** May be changed at any time. */
  partialFrameTimeoutMs: number;
  #options: TmtcClientOptions;
  #destination: Destination;
  #host: string;
  #connection: Connection;
  #pump: TelemetryPump;
  #heartbeat: Heartbeat;
  #backoff: Backoff | undefined;
  #connectTimeoutMs: number;
  #idleTimeoutMs: number;
  #tickMs: number;
  #ledger: SentLedger;
  #timer: { stop(): void } | undefined;
  #state: typeof CLOSED | typeof CONNECTING | typeof CONNECTED | typeof WAITING = CLOSED;
  #shouldBeConnected = false;
  /** When the present attempt began, or the next one is due. */
  #at = 0;
  #timedOut = false;
  /** Attempts that failed one after the other. */
  #failures = 0;
  #totals: ClientTotals = {
    attempts: 0,
    connections: 0,
    packetsReceived: 0,
    packetsSent: 0,
    heartbeats: 0,
    dropped: 0,
    errors: 0,
  };
  /** The part of the totals that connections which ended have left. */
  #pastReceived = 0;
  #pastSent = 0;
  #pastHeartbeats = 0;

  /**
   * Reserves all memory that the client will ever use; nothing connects before `connect()`.
   * @throws TypeError or RangeError for an option out of its range, or when the memory cannot hold it
   */
  constructor(options: TmtcClientOptions) {
    this.#options = options;
    const { memory, framing, address, host, port, reconnect } = options;
    if ((address === undefined) === (host === undefined)) {
      throw new TypeError("one of the options address and host must be given, and not both");
    }
    this.#host = (address ?? host) as string;
    this.#destination = { address, host, port: checkRange("port", port, 1, 65535) };
    this.name = options.name ?? framing.name;
    this.framing = framing;
    this.io = options.io;
    this.clock = options.clock;
    this.sink = options.sink;
    const drops = checkChoice("unsent", options.unsent ?? "keep", ["keep", "drop"]) === "drop";
    this.#connectTimeoutMs = checkRange("connectTimeoutMs", options.connectTimeoutMs ?? 10_000, 100, 600_000);
    this.#idleTimeoutMs = checkRange("idleTimeoutMs", options.idleTimeoutMs ?? 0, 0, 86_400_000);
    this.partialFrameTimeoutMs = checkRange("partialFrameTimeoutMs", options.partialFrameTimeoutMs ?? 1000, 1, 600_000);
    this.#tickMs = checkRange("tickMs", options.tickMs ?? 100, 10, 1000);
    this.#backoff = reconnect && new Backoff(reconnect, options.random ?? Math.random);
    this.queue =
      options.queue ??
      new TelemetryLog({
        memory,
        length: options.queueLength ?? 4096,
        maxPacketLength: options.maxPacketLength ?? 1000,
        policy: "refuseNew",
      });
    if (this.queue.bytes !== memory.bytes) {
      throw new TypeError("memory and queue must be of the same FixedMemory");
    }
    const pool = new ClientPool({
      memory,
      maxClients: 1,
      framings: [framing],
      maxTelemetryLength: Math.max(this.queue.maxPacketLength, options.heartbeat?.length ?? 0),
      stagingLength: options.stagingLength ?? 1024,
    });
    const place = pool.clients[0]!;
    const encoder = framing.encoder(memory);
    this.#heartbeat = new Heartbeat(options, encoder, place.transmit);
    const cursor = new TelemetryCursor(this.queue);
    this.#ledger = new SentLedger(this.queue, cursor, drops);
    this.#pump = new TelemetryPump(encoder, place.transmit, cursor, true);
    this.#connection = new Connection(this, place, framing.decoder(memory, place.gather), this.#pump);
    this.queue.subscribe(this);
  }

  get state(): ClientState {
    return STATES[this.#state === CONNECTED && this.#connection.isGone ? WAITING : this.#state] as ClientState;
  }

  /** True from `onConnect` on, until the connection is over. */
  get connected(): boolean {
    return this.#state === CONNECTED && !this.#connection.isGone;
  }

  /** There was a connection, and nobody has closed it: where `connected` is false, it was lost. */
  get shouldBeConnected(): boolean {
    return this.#shouldBeConnected;
  }

  /** Packets of the queue numbered below this were taken by a socket, whole. */
  get sent(): number {
    return this.queue.given;
  }

  /** Packets numbered below this were acknowledged, except those that were reported as uncertain. */
  get acknowledged(): number {
    return this.#ledger.acknowledged;
  }

  /** What this client did since it was made. Changes under the caller's eyes. */
  get totals(): ClientTotals {
    const totals = this.#totals;
    const isOpen = this.#connection.isOpen && this.#connection.isEstablished;
    totals.packetsReceived = this.#pastReceived + (isOpen ? this.#connection.received : 0);
    totals.packetsSent = this.#pastSent + (isOpen ? this.#pump.packets : 0);
    totals.heartbeats = this.#pastHeartbeats + (isOpen ? this.#heartbeat.count : 0);
    totals.dropped = this.#ledger.allDropped;
    return totals;
  }

  /** Begins to connect, unless it has begun already. May be called again after `close()`. */
  connect(): void {
    if (this.#state !== CLOSED) {
      return;
    }
    this.#backoff?.reset();
    this.#failures = 0;
    this.#timer ??= this.#options.ticker.start(this.#tickMs, () => this.#tick());
    if (this.#connection.isOpen) {
      // A packet of the connection that was closed is still being handled. When that is over, the next begins.
      this.#wait(0);
    } else {
      this.#attempt();
    }
  }

  /**
   * Ends the connection, if there is one, telling `onDisconnect`, and makes no other. What was given to the socket still
   * goes out. Idempotent; may be called at any time, in any callback.
   */
  close(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    this.#state = CLOSED;
    this.#shouldBeConnected = false;
    this.#connection.end("stopped");
  }

  /**
   * Puts a packet into the queue. It goes out at once when the socket has room for it.
   * @param bytes any array; the packet is `bytes[start, end)`
   * @returns the packet's number, or `NOT_QUEUED`
   */
  send(bytes: Uint8Array, start: number, end: number): number {
    if (this.#ledger.drops && !this.connected) {
      return NOT_QUEUED;
    }
    const number = this.queue.next;
    return this.queue.append(bytes, start, end) ? number : NOT_QUEUED;
  }

  /** The server's application has answered: it has the packet of this number, and all before it on this connection. */
  acknowledge(number: number): void {
    this.#ledger.acknowledge(number);
  }

  /** The sink takes packets again: the one it refused is offered first, then reading goes on. */
  resume(): void {
    this.#connection.resume();
  }

  telemetryReady(): void {
    this.flow();
  }

  hold(): void {
    this.queue.hold();
  }

  release(): void {
    this.queue.release();
  }

  flow(): void {
    this.#connection.flow();
  }

  established(connection: Connection): void {
    this.#state = CONNECTED;
    this.#shouldBeConnected = true;
    this.#failures = 0;
    this.#totals.connections++;
    this.#ledger.begin();
    this.#heartbeat.begin(this.clock());
    try {
      this.#options.onConnect?.(this.#info(connection));
    } catch (error) {
      this.#caught(error);
    }
  }

  ended(connection: Connection, reason: EndReason): void {
    if (!connection.isEstablished) {
      if (this.#state !== CLOSED) {
        this.#attemptFailed(this.#timedOut ? "timeout" : "failed", connection.failureCode, undefined);
      }
      return;
    }
    this.#pastReceived += connection.received;
    this.#pastSent += this.#pump.packets;
    this.#pastHeartbeats += this.#heartbeat.count;
    const backoff = this.#backoff;
    if (backoff !== undefined && (connection.received > 0 || this.clock() - connection.since >= backoff.maxMs)) {
      // It was worth the pauses. One that was only accepted was not: a server that is full closes it soon.
      backoff.reset();
    }
    this.#ledger.end();
    const retryInMs = reason === "stopped" ? this.#afterClose() : this.#retry();
    if (this.#options.onDisconnect === undefined) {
      return;
    }
    try {
      this.#options.onDisconnect(
        clientReport({
          info: this.#info(connection),
          connection,
          pump: this.#pump,
          ledger: this.#ledger,
          reason,
          durationMs: this.clock() - connection.since,
          heartbeats: this.#heartbeat.count,
          retryInMs,
        }),
      );
    } catch (error) {
      this.#caught(error);
    }
  }

  failed(_connection: Connection, error: unknown): void {
    this.#caught(error);
  }

  #attempt(): void {
    this.#state = CONNECTING;
    this.#at = this.clock();
    this.#timedOut = false;
    this.#totals.attempts++;
    try {
      this.#connection.connect(this.#destination, this.#totals.connections + 1);
    } catch (error) {
      this.#attemptFailed("error", undefined, error);
    }
  }

  #attemptFailed(outcome: AttemptOutcome, code: string | undefined, error: unknown): void {
    this.#failures++;
    const retryInMs = this.#retry();
    try {
      this.#options.onAttemptFailed?.({
        client: this.name,
        host: this.#host,
        port: this.#destination.port,
        attempt: this.#failures,
        outcome,
        code,
        error,
        retryInMs,
      });
    } catch (thrown) {
      this.#caught(thrown);
    }
  }

  /** Waits for the next attempt, if there is to be one. @returns the pause */
  #retry(): number | undefined {
    if (this.#state === CLOSED) {
      return undefined;
    }
    if (this.#backoff === undefined) {
      this.#timer?.stop();
      this.#timer = undefined;
      this.#state = CLOSED;
      return undefined;
    }
    const pauseMs = this.#backoff.next();
    this.#wait(pauseMs);
    return pauseMs;
  }

  /** `connect()` may have been called again before the connection that was closed was over. */
  #afterClose(): number | undefined {
    return this.#state === WAITING ? 0 : undefined;
  }

  #wait(pauseMs: number): void {
    this.#state = WAITING;
    this.#at = this.clock() + pauseMs;
  }

  #tick(): void {
    try {
      const now = this.clock();
      const connection = this.#connection;
      connection.tick(now);
      if (this.#state === WAITING) {
        if (now >= this.#at && !connection.isOpen) {
          this.#attempt();
        }
      } else if (this.#state === CONNECTING) {
        if (now - this.#at >= this.#connectTimeoutMs) {
          this.#timedOut = true;
          connection.end("connectionLost");
        }
      } else if (this.connected) {
        this.#watch(now);
      }
    } catch (error) {
      this.#caught(error);
    }
  }

  /** The connection is up: is there still somebody, and does he know that we are? */
  #watch(now: number): void {
    const connection = this.#connection;
    // While the sink refuses, nothing can come.
    if (this.#idleTimeoutMs > 0 && !connection.isBlocked && now - connection.lastReceived >= this.#idleTimeoutMs) {
      connection.end("idle");
    } else if (this.#heartbeat.isDue(now, this.#pump.bytes) && this.#heartbeat.insert(this.#pump)) {
      this.flow();
      this.#heartbeat.inserted(now, this.#pump.bytes);
    }
  }

  #info(connection: Connection): ClientInfo {
    return {
      client: this.name,
      connection: connection.number,
      host: this.#host,
      port: this.#destination.port,
    };
  }

  #caught(error: unknown): void {
    this.#totals.errors++;
    try {
      this.#options.onError?.(error);
    } catch {
      // The reporter itself fails: the count is all that can be kept.
    }
  }
}
