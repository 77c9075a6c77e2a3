/**
 * The generic TMTC server: a port, a framing, clients. It knows packets only as bytes.
 *
 * Event-driven: it acts when a socket has something to say, and when the telemetry log does. Its one timer, ten times a
 * second, sees to time-outs, to clients turned away, to what a sink refused and nobody resumed, and to searches under way.
 */
import { checkChoice, checkRange } from "../../checks/options.js";
import { BAD_MAC, SECURITY_REASONS } from "../../framing/contract/frame-security.js";
import { BAD_FRAMES } from "../../framing/contract/framing.js";
import type { LogListener } from "../../tmtc/log-contracts.js";
import { LogCursor } from "../../tmtc/log-cursor.js";
import { PacketLog } from "../../tmtc/packet-log.js";
import { isPacketSource, SourceFeed } from "../../tmtc/source-feed.js";
import { Connection } from "../connection/connection.js";
import type { ConnectionOwner } from "../connection/connection-owner.js";
import { type ConnectionMemory, ConnectionPool } from "../connection/connection-pool.js";
import { FramePump } from "../connection/frame-pump.js";
import type { HeldAddresses } from "../connection/held-addresses.js";
import type { Io, ListenerSocket, TcpSocket } from "../connection/io.js";
import type { EndReason } from "../connection/reports.js";
import { closeQuietly } from "../connection/socket-events.js";
import type { TurnOrder } from "../connection/turn-order.js";
import { connectionReport } from "./connection-report.js";
import { letIn } from "./newcomer.js";
import { makeRoom, type PlaceRules, PROVISIONAL_MS, PROVISIONAL_WITH_KEY_MS, vacant } from "./places.js";
import type { TmtcServerOptions } from "./server-options.js";
import { Totals } from "./server-totals.js";
import { WaitingRoom } from "./waiting-room.js";

const TICK_MS = 100;

type Listening = ListenerSocket & { readonly target: TmtcServer };

function onAcceptable(this: Listening, count: number): void {
  this.target.accept(this, count);
}

export class TmtcServer implements ConnectionOwner<Connection>, PlaceRules, LogListener {
  /** In reports. May be changed at any time: a server that took any port may name the one it got. */
  name: string;
  readonly framing: TmtcServerOptions["framing"];
  readonly io: Io;
  readonly clock: () => number;
  readonly sink: TmtcServerOptions["telecommands"];
  readonly sendsAfterEnd = true;
  /** May be changed at any time. */
  partialFrameTimeoutMs: number;
  /** May be changed at any time; 0: never. */
  idleTimeoutMs: number;
  readonly maxClients: number;
  readonly reserve: number;
  readonly provisionalMs: number;
  readonly yieldAfterMs: number;
  readonly replaces: boolean;
  readonly turns: TurnOrder;
  /** What this server did since it was made, the open connections included. */
  readonly totals: Totals;
  #options: TmtcServerOptions;
  readonly #connections: readonly Connection[];
  readonly #held: HeldAddresses | undefined;
  /** Among the causes of rejections; negative: frames cannot be forged here. */
  readonly #forgery: number;
  #log: PacketLog | undefined;
  #feed: SourceFeed | undefined;
  #pollIntervalMs: number;
  #polled = 0;
  #waitingRoom: WaitingRoom;
  #listener: ListenerSocket | undefined;
  #timer: { stop(): void } | undefined;

  /**
   * Reserves all memory that the server will ever use; nothing listens before `start()`.
   * @throws TypeError or RangeError for an option out of its range, or when the memory cannot hold the clients
   */
  constructor(options: TmtcServerOptions) {
    this.#options = options;
    const { memory, framing, telemetry } = options;
    checkRange("port", options.port, 0, 65535);
    this.replaces =
      checkChoice("excessClients", options.excessClients ?? "reject", ["reject", "replace"]) === "replace";
    this.yieldAfterMs = checkRange("yieldAfterMs", options.yieldAfterMs ?? 60_000, 0, 86_400_000);
    checkChoice("badFrames", options.badFrames ?? "passOver", BAD_FRAMES);
    this.name = options.name ?? framing.name;
    this.framing = framing;
    this.io = options.io;
    this.clock = options.clock;
    this.sink = options.telecommands;
    this.idleTimeoutMs = checkRange("idleTimeoutMs", options.idleTimeoutMs ?? 0, 0, 86_400_000);
    this.partialFrameTimeoutMs = checkRange("partialFrameTimeoutMs", options.partialFrameTimeoutMs ?? 1000, 1, 600_000);
    this.#pollIntervalMs = checkRange("pollIntervalMs", options.pollIntervalMs ?? 100, 10, 600_000);
    this.#waitingRoom = new WaitingRoom(checkRange("rejectHoldMs", options.rejectHoldMs ?? 2000, 0, 60_000));
    if (telemetry !== undefined && isPacketSource(telemetry)) {
      const maxPacketLength = options.maxTelemetryLength ?? 1000;
      const length = options.sourceLogLength ?? 4096;
      this.#log = new PacketLog({ name: "telemetry log", memory, length, maxPacketLength, policy: "refuseNew" });
      this.#feed = new SourceFeed(this.#log, telemetry);
    } else {
      this.#log = telemetry;
    }
    const pool =
      options.pool ??
      new ConnectionPool({
        memory,
        maxClients: options.maxClients ?? 4,
        framings: [framing],
        maxTelemetryLength: this.#log?.maxPacketLength ?? 1,
        stagingLength: options.stagingLength ?? 1024,
      });
    pool.check(memory, framing, this.#log);
    this.maxClients = checkRange("maxClients", options.maxClients ?? pool.places.length, 1, pool.places.length);
    const reserve = checkRange("reserve", options.reserve ?? 0, 0, this.maxClients);
    // Where no telecommands are taken, nobody who comes could make use of it.
    this.reserve = this.sink === undefined ? 0 : reserve;
    this.provisionalMs = framing.sdls === undefined ? PROVISIONAL_MS : PROVISIONAL_WITH_KEY_MS;
    this.turns = pool.turns;
    this.#connections = pool.places.map((place) => this.#connectionIn(place));
    const { reasons } = this.#connections[0]!.inbound.decoder.counters;
    this.totals = new Totals(reasons, this.#connections);
    this.#held = pool.heldAddresses;
    this.#forgery = reasons.indexOf(SECURITY_REASONS[BAD_MAC]!);
    if (this.#log !== undefined) {
      this.#log.subscribe(this);
      this.turns.follow(this.#log);
    }
  }

  /** The port listened on: the platform's pick when the option was 0, which is also the answer before `start()`. */
  get port(): number {
    return this.#listener?.port ?? this.#options.port;
  }

  get isListening(): boolean {
    return this.#listener !== undefined;
  }

  get isExhausted(): boolean {
    return this.#feed?.exhausted ?? true;
  }

  /**
   * Listens. May be called again after `stop()`.
   * @throws what the platform throws when the port is not to be had
   */
  start(): void {
    if (this.#listener !== undefined) {
      return;
    }
    const { port, address, io, ticker } = this.#options;
    this.#listener = new io.Listener<TmtcServer>({
      port,
      ...(address === undefined ? {} : { address }),
      target: this,
      onReadable: onAcceptable,
    });
    const tickMs = this.#feed === undefined ? TICK_MS : Math.min(TICK_MS, this.#pollIntervalMs);
    this.#timer = ticker.start(tickMs, () => this.#tick());
  }

  /**
   * Ends every connection, telling `onDisconnect`, and listens no more. May be called at any time, in any callback: the
   * connection whose packet the sink is taking right now is told of when it has done so.
   */
  stop(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const listener = this.#listener;
    this.#listener = undefined;
    this.disconnectAll("stopped");
    this.#waitingRoom.closeAll();
    listener?.close();
  }

  /** Ends every connection and goes on listening; what a board does when its Wi-Fi is gone. */
  disconnectAll(reason: EndReason = "stopped"): void {
    for (let i = 0; i < this.#connections.length; i++) {
      this.#connections[i]!.end(reason);
    }
  }

  /**
   * The sink takes packets again: those it refused are offered, whoever was refused first, first, on all servers of the
   * pool; then reading goes on.
   */
  resume(): void {
    this.turns.offerAll();
  }

  /** The telemetry log has something. */
  packetsReady(): void {
    for (let i = 0; i < this.#connections.length; i++) {
      this.#connections[i]!.flow();
    }
  }

  hold(): void {
    this.#log?.hold();
  }

  release(): void {
    this.#log?.release();
    this.#pull();
  }

  wrote(): void {
    this.#pull();
  }

  ended(connection: Connection, reason: EndReason): void {
    const now = this.clock();
    this.totals.clients--;
    this.totals.keep(connection);
    const forgeries = connection.inbound.decoder.counters.rejected[this.#forgery] ?? 0;
    if (forgeries > 0) {
      this.#held?.forged(connection.info().remoteAddress, forgeries, now);
    }
    if (this.#options.onDisconnect !== undefined) {
      try {
        this.#options.onDisconnect(connectionReport(connection, reason, now));
      } catch (error) {
        this.#caught(error, undefined);
      }
    }
  }

  suspected(connection: Connection, hint: string): void {
    if (this.#options.onHint !== undefined) {
      try {
        this.#options.onHint(hint, connection.info());
      } catch (error) {
        this.#caught(error, connection);
      }
    }
  }

  failed(connection: Connection, error: unknown): void {
    this.#caught(error, connection);
  }

  /**
   * `count` connections wait at the listener. All are read in this turn: until then lwIP has nobody to tell of their
   * errors. No more than those: the SDK makes a socket for each read, and never frees one that got no connection.
   */
  accept(listener: ListenerSocket, count: number): void {
    // A listener that is no longer ours was closed, with all that wait, by what one of the new connections led to.
    for (let i = 0; i < count && listener === this.#listener; i++) {
      let socket: TcpSocket | undefined;
      try {
        socket = listener.read();
        const now = this.clock();
        socket = letIn(this.#held, this.io, socket, now);
        if (socket === undefined) {
          this.totals.heldClients++;
        } else {
          this.#admit(socket, now);
        }
      } catch (error) {
        this.#caught(error, undefined);
        if (socket !== undefined) {
          closeQuietly(socket);
        }
      }
    }
  }

  #connectionIn(client: ConnectionMemory): Connection {
    const { memory, framing, badFrames = "passOver" } = this.#options;
    const pump = this.#log && new FramePump(framing.encoder(memory), client.transmit, new LogCursor(this.#log));
    return new Connection(this, client, framing.decoder(memory, client.gather, undefined, badFrames), pump);
  }

  #admit(socket: TcpSocket, now: number): void {
    const { clients } = this.totals;
    // A client may come before the first tick: the log must know the time.
    this.#log?.tick(now);
    let connection = vacant(this, this.#connections, clients);
    if (connection === undefined) {
      makeRoom(this, this.#connections, clients, now);
      connection = vacant(this, this.#connections, this.totals.clients);
    }
    if (this.#listener === undefined) {
      // Who was told of the end of another connection has stopped the server.
      socket.close();
      return;
    }
    if (connection === undefined) {
      this.totals.refusedClients++;
      this.#waitingRoom.hold(socket, now);
      return;
    }
    connection.open(socket, this.totals.connections + 1);
    this.totals.connections++;
    this.totals.clients++;
    if (this.#options.onConnect !== undefined) {
      try {
        this.#options.onConnect(connection.info());
      } catch (error) {
        this.#caught(error, connection);
      }
    }
  }

  /** Where the source has to be asked: asks it, and sends what it gives. */
  #pull(): void {
    if (this.#feed === undefined || this.#log === undefined) {
      return;
    }
    // What goes out makes room in the log. Each round then sends what it pulled; it ends when the source or every
    // client's socket has had enough.
    this.#feed.exhausted = false;
    this.packetsReady();
    for (let pulled = true; pulled; ) {
      const before = this.#log.next;
      this.#log.hold();
      try {
        this.#feed.fill();
      } catch (error) {
        this.#caught(error, undefined);
      }
      this.#log.release();
      pulled = this.#log.next > before;
    }
    // A client that has shut down its side waits to hear that this was all.
    this.packetsReady();
  }

  #tick(): void {
    try {
      const now = this.clock();
      this.#waitingRoom.tick(now);
      this.#log?.tick(now);
      this.turns.offerAll();
      for (let i = 0; i < this.#connections.length; i++) {
        this.#connections[i]!.tick(now);
      }
      if (this.#feed !== undefined && now - this.#polled >= this.#pollIntervalMs) {
        this.#polled = now;
        this.#pull();
      }
    } catch (error) {
      this.#caught(error, undefined);
    }
  }

  #caught(error: unknown, connection: Connection | undefined): void {
    this.totals.errors++;
    try {
      this.#options.onError?.(error, connection?.info());
    } catch {
      // The reporter itself fails: the count is all that can be kept.
    }
  }
}
