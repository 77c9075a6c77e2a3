/**
 * The TMTC client: connects to a server, sends packets from a queue, gives what comes to a sink, and connects again.
 *
 * The counterpart of the server, of the same parts: a `Connection` reads, a `FramePump` sends. What is to be sent
 * waits in a ring of the fixed memory (a `PacketLog`, which counts packets and knows which ones a socket took).
 *
 * What "sent" means: the socket took the whole frame. TCP says no more to the application; whether the server read it,
 * only an answer of the server's application can tell. Who gets such answers calls `acknowledge`; what was sent and not
 * acknowledged when a connection ends is reported as uncertain, and is never sent again by itself. What the socket
 * did not take whole is unsent: a server never delivers a part of a frame.
 */
import { checkChoice, checkRange } from "../../checks/options.js";
import { BAD_FRAMES } from "../../framing/contract/framing.js";
import type { LogListener } from "../../tmtc/log-contracts.js";
import { LogCursor } from "../../tmtc/log-cursor.js";
import type { PacketLog } from "../../tmtc/packet-log.js";
import { Connection } from "../connection/connection.js";
import type { ConnectionOwner } from "../connection/connection-owner.js";
import { FramePump } from "../connection/frame-pump.js";
import type { Destination, Io } from "../connection/io.js";
import type { EndReason } from "../connection/reports.js";
import type { TurnOrder } from "../connection/turn-order.js";
import { ClientAttempts, type ClientState } from "./client-attempts.js";
import type { AttemptOutcome, ClientInfo, TmtcClientOptions } from "./client-options.js";
import { clientDestination, clientPool, clientQueue, hostOf } from "./client-parts.js";
import { clientReport } from "./client-report.js";
import { LiveClientTotals } from "./client-totals.js";
import { Heartbeat } from "./heartbeat.js";
import { SentLedger } from "./sent-ledger.js";

/** `send`: there is no room for the packet now, or, under `drop`, no connection. */
export const NOT_QUEUED = -1;
/** `send`: it has no byte, more than the queue takes, or does not lie within the array. Trying again is of no use. */
export const UNSENDABLE = -2;

export class TmtcClient implements ConnectionOwner<Connection>, LogListener {
  readonly name: string;
  readonly framing: TmtcClientOptions["framing"];
  readonly io: Io;
  readonly clock: () => number;
  readonly sink: TmtcClientOptions["sink"];
  /** Packets to be sent: `send`, or `reserve` and `commit` to build one in place. */
  readonly queue: PacketLog;
  /** What this client did since it was made. Counts under the caller's eyes. */
  readonly totals: LiveClientTotals;
  readonly sendsAfterEnd = false;
  readonly isExhausted = true;
  readonly turns: TurnOrder;
  /** The connection's own idea of idleness; the client has another one. */
  readonly idleTimeoutMs = 0;
  /** May be changed at any time. */
  partialFrameTimeoutMs: number;
  #options: TmtcClientOptions;
  #destination: Destination;
  #connection: Connection;
  #pump: FramePump;
  #heartbeat: Heartbeat;
  #attempts: ClientAttempts;
  #idleTimeoutMs: number;
  #tickMs: number;
  #ledger: SentLedger;
  #timer: { stop(): void } | undefined;
  #shouldBeConnected = false;

  /**
   * Reserves all memory that the client will ever use; nothing connects before `connect()`.
   * @throws TypeError or RangeError for an option out of its range, or when the memory cannot hold it
   */
  constructor(options: TmtcClientOptions) {
    this.#options = options;
    const { memory, framing } = options;
    this.#destination = clientDestination(options);
    this.name = options.name ?? framing.name;
    this.framing = framing;
    this.io = options.io;
    this.clock = options.clock;
    this.sink = options.sink;
    const drops = checkChoice("unsent", options.unsent ?? "keep", ["keep", "drop"]) === "drop";
    this.#attempts = new ClientAttempts(options);
    this.#idleTimeoutMs = checkRange("idleTimeoutMs", options.idleTimeoutMs ?? 0, 0, 86_400_000);
    this.partialFrameTimeoutMs = checkRange("partialFrameTimeoutMs", options.partialFrameTimeoutMs ?? 1000, 1, 600_000);
    this.#tickMs = checkRange("tickMs", options.tickMs ?? 100, 10, 1000);
    this.queue = clientQueue(options);
    const badFrames = checkChoice("badFrames", options.badFrames ?? "passOver", BAD_FRAMES);
    const pool = clientPool(options, this.queue.maxPacketLength);
    this.turns = pool.turns;
    this.turns.follow(this.queue);
    const place = pool.places[0]!;
    const encoder = framing.encoder(memory);
    this.#heartbeat = new Heartbeat(options, encoder, place.transmit);
    const cursor = new LogCursor(this.queue);
    this.#ledger = new SentLedger(this.queue, cursor, drops);
    this.#pump = new FramePump(encoder, place.transmit, cursor, true);
    this.#connection = new Connection(
      this,
      place,
      framing.decoder(memory, place.gather, undefined, badFrames),
      this.#pump,
    );
    this.totals = new LiveClientTotals(this.#connection, this.#pump, this.#heartbeat, this.#ledger);
    this.queue.subscribe(this);
  }

  get state(): ClientState {
    return this.#attempts.state(this.#connection.isGone);
  }

  /** True from `onConnect` on, until the connection is over. */
  get connected(): boolean {
    return this.#attempts.isConnected && !this.#connection.isGone;
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

  /** Begins to connect, unless it has begun already. May be called again after `close()`. */
  connect(): void {
    if (!this.#attempts.isClosed) {
      return;
    }
    this.#attempts.open();
    this.queue.tick(this.clock());
    this.#timer ??= this.#options.ticker.start(this.#tickMs, () => this.#tick());
    if (this.#connection.isOpen) {
      // A packet of the connection that was closed is still being handled. When that is over, the next begins.
      this.#attempts.wait(this.clock(), 0);
    } else {
      this.#attempt();
    }
  }

  /**
   * Ends the connection, if there is one, telling `onDisconnect`, and makes no other. What was given to the socket still
   * goes out. Idempotent; may be called at any time, in any callback.
   */
  close(): void {
    this.#stopTimer();
    this.#attempts.close();
    this.#shouldBeConnected = false;
    this.#connection.end("stopped");
  }

  /**
   * Puts a packet into the queue. It goes out at once when the socket has room for it.
   * @param bytes any array; the packet is `bytes[start, end)`
   * @returns the packet's number, `NOT_QUEUED` or `UNSENDABLE`
   */
  send(bytes: Uint8Array, start: number, end: number): number {
    // Asked this way round, NaN and undefined are refused too.
    if (!(start >= 0 && end > start && end <= bytes.length && end - start <= this.queue.maxPacketLength)) {
      return UNSENDABLE;
    }
    if (this.#ledger.drops && !this.connected) {
      return NOT_QUEUED;
    }
    const number = this.queue.next;
    return this.queue.append(bytes, start, end) ? number : NOT_QUEUED;
  }

  /**
   * The server's application has answered: it has the packet of this number, and all before it on this connection.
   * @returns false when no socket has taken a packet of this number
   */
  acknowledge(number: number): boolean {
    return this.#ledger.acknowledge(number);
  }

  /** The sink takes packets again: the one it refused is offered first, then reading goes on. */
  resume(): void {
    this.#connection.resume();
  }

  packetsReady(): void {
    this.#connection.flow();
  }

  hold(): void {
    this.queue.hold();
  }

  release(): void {
    this.queue.release();
  }

  established(connection: Connection): void {
    this.#attempts.succeed();
    this.#shouldBeConnected = true;
    this.totals.connections++;
    this.#ledger.begin();
    this.#heartbeat.begin(this.clock());
    try {
      this.#options.onConnect?.(this.#info(connection));
    } catch (error) {
      this.#caught(error);
    }
  }

  failedToConnect({ failureCode }: Connection): void {
    const attempts = this.#attempts;
    if (!attempts.isClosed) {
      this.#attemptFailed(attempts.timedOut ? "timeout" : "failed", failureCode, undefined);
    }
  }

  ended(connection: Connection, reason: EndReason): void {
    this.totals.keep();
    const durationMs = this.clock() - connection.since;
    this.#attempts.lose(connection.inbound.packets, durationMs);
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
          durationMs,
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
    this.#attempts.begin(this.clock());
    this.totals.attempts++;
    try {
      this.#connection.connect(this.#destination, this.totals.connections + 1);
    } catch (error) {
      this.#attemptFailed("error", undefined, error);
    }
  }

  #attemptFailed(outcome: AttemptOutcome, code: string | undefined, error: unknown): void {
    const attempt = ++this.#attempts.failures;
    const retryInMs = this.#retry();
    try {
      this.#options.onAttemptFailed?.({
        client: this.name,
        host: hostOf(this.#destination),
        port: this.#destination.port,
        attempt,
        outcome,
        code,
        error,
        retryInMs,
      });
    } catch (thrown) {
      this.#caught(thrown);
    }
  }

  /** @returns the pause before the next attempt; undefined: there will be none */
  #retry(): number | undefined {
    const pauseMs = this.#attempts.retry(this.clock());
    if (pauseMs === undefined) {
      this.#stopTimer();
    }
    return pauseMs;
  }

  /** `connect()` may have been called again before the connection that was closed was over. */
  #afterClose(): number | undefined {
    return this.#attempts.isWaiting ? 0 : undefined;
  }

  #stopTimer(): void {
    this.#timer?.stop();
    this.#timer = undefined;
  }

  #tick(): void {
    try {
      const now = this.clock();
      const connection = this.#connection;
      this.queue.tick(now);
      this.turns.offerAll();
      connection.tick(now);
      if (this.#attempts.isDue(now) && !connection.isOpen) {
        this.#attempt();
      } else if (this.#attempts.expires(now)) {
        connection.end("connectionLost");
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
    if (
      this.#idleTimeoutMs > 0 &&
      connection.inbound.isReading &&
      now - connection.inbound.lastReceived >= this.#idleTimeoutMs
    ) {
      connection.end("idle");
    } else if (this.#heartbeat.isDue(now, this.#pump.bytes) && this.#heartbeat.insert(this.#pump)) {
      connection.flow();
      this.#heartbeat.inserted(now, this.#pump.bytes);
    }
  }

  #info(connection: Connection): ClientInfo {
    return {
      client: this.name,
      connection: connection.number,
      host: hostOf(this.#destination),
      port: this.#destination.port,
    };
  }

  #caught(error: unknown): void {
    this.totals.errors++;
    try {
      this.#options.onError?.(error);
    } catch {
      // The reporter itself fails: the count is all that can be kept.
    }
  }
}
