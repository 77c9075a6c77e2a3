/**
 * The flatsat application: the same on a board, in the Moddable simulator, on a desktop XS engine and on Node.
 *
 * Several ports, each with its framing, over one telemetry log and one PUS application process.
 */
import { NOTHING_JUDGED } from "../ccsds/judgements.js";
import type { BoardClock } from "../ccsds/time-code.js";
import type { BoardDictionary } from "../dictionary/conventions.js";
import { bytesPerClient, ConnectionPool, type ConnectionPoolOptions } from "../link/connection/connection-pool.js";
import type { Clock, Io, Ticker } from "../link/connection/io.js";
import type { ConnectionInfo, ConnectionReport } from "../link/connection/reports.js";
import { TmtcServer } from "../link/server/tmtc-server.js";
import { FixedMemory } from "../memory/fixed-memory.js";
import { poolLength } from "../pus/parameter-pool.js";
import type { PusService } from "../pus/service.js";
import type { BoardSecurity } from "../security/board-security.js";
import { PacketLog } from "../tmtc/packet-log.js";
import { TelecommandRouter } from "../tmtc/telecommand-router.js";
import { ApplicationProcess } from "./application-process.js";
import { dictionaryOf } from "./board-dictionary.js";
import { type KeyEvent, keyEvents, keysOf } from "./board-keys.js";
import type { AnyBoardModule } from "./board-module.js";
import type { Configuration, PortConfiguration, PortRole } from "./configuration.js";
import { textOf } from "./culprit.js";
import { checkHeap } from "./heap-slots.js";
import { LINK_EVENTS } from "./link-dictionary.js";
import { LinkWatch } from "./link-watch.js";
import { type BoardPlatform, RESET_UNKNOWN } from "./platform.js";
import { Restart } from "./restart.js";
import { TimeKeeper } from "./time-keeper.js";

/** How often the application looks whether something is due, in milliseconds. */
const TICK_MS = 100;

/** What the application tells of itself; plain data, to be printed or sent as JSON. */
export type FlatsatEvent =
  | { event: "listening"; framing: string; address: string; port: number; role: PortRole; maxClients: number }
  | KeyEvent
  | ({ event: "connected" } & ConnectionInfo)
  | ({ event: "disconnected" } & ConnectionReport)
  | ({ event: "hint"; hint: string } & ConnectionInfo)
  /** The clock was set, and could not be when it was last tried; `unixMs` is the time. */
  | { event: "time"; server: string; unixMs: number }
  /** The clock could not be set; tried again every minute. */
  | { event: "noTime"; server: string }
  | { event: "error"; message: string; connection: number | undefined; server: string | undefined }
  /** What the board's own code says. */
  | { event: "message"; text: string }
  | { event: "stopped"; telecommands: number; telemetry: number; telemetryDropped: number };

export interface FlatsatOptions extends Configuration {
  io: Io;
  ticker: Ticker;
  clock: Clock;
  /** UNIX milliseconds, or NaN while the platform does not know the time. Default: it never does. */
  now?(): number;
  /** What else the board has. Default: nothing. */
  platform?: BoardPlatform;
  /** Slots of XS's heap, where it is fixed (manifest.json: `creation.heap`). Default: as many as are needed. */
  heapSlots?: number | undefined;
  /** A board of your own: its dictionary, and what it does. */
  board?: AnyBoardModule | undefined;
  /** What the platform hands to the board: sensors, pins. */
  given?: unknown;
  /** Services of your own, beside those of the standard. */
  services?(process: ApplicationProcess): PusService[];
  report?(event: FlatsatEvent): void;
}

/** A port that the application serves. */
export interface FlatsatPort {
  readonly framing: string;
  readonly address: string;
  /** The platform's pick, once listening, where 0 was asked for. */
  readonly port: number;
  readonly role: PortRole;
  readonly maxClients: number;
}

/** @throws RangeError that says how much memory all of it takes, in the words of the settings */
function checkMemory(options: FlatsatOptions, dictionary: BoardDictionary, clientLength: number): void {
  const { memory, logLength, maxClients } = options;
  const parameters = poolLength(dictionary);
  const needed = logLength + maxClients * clientLength + parameters;
  if (needed > memory) {
    throw new RangeError(
      `memory must be at least ${needed} bytes, not ${memory}: log_length ${logLength}, ${parameters} for parameters and, for each of ` +
        `max_clients ${maxClients}, ${clientLength} bytes for staging, a frame received (max_telecommand) and one sent (max_telemetry)`,
    );
  }
}

export class Flatsat {
  readonly memory: FixedMemory;
  readonly log: PacketLog;
  /**
   * Telecommands by APID: the process's own, and those of other APIDs, which it refuses where no sink is added for them. A sink
   * that is added looks after roles itself: its packets have a receipt.
   */
  readonly router: TelecommandRouter;
  readonly servers: TmtcServer[] = [];
  readonly process: ApplicationProcess;
  /** Undefined: the setting `security` is empty, or the platform has nowhere to keep keys. */
  readonly security: BoardSecurity | undefined;
  #options: FlatsatOptions;
  #watch: LinkWatch;
  #time: TimeKeeper | undefined;
  /** What is looked after now and then. */
  #parts: { tick(): void }[];
  #timer: { stop(): void } | undefined;
  /** The ground is told of a restart once, however often the network comes and goes. */
  #hasStarted = false;

  /**
   * Reserves all memory; nothing listens before `start()`.
   * @throws TypeError or RangeError for an option out of its range, or when the memory cannot hold what is asked for
   */
  constructor(options: FlatsatOptions) {
    this.#options = options;
    const memory = new FixedMemory(options.memory);
    this.memory = memory;
    if (options.heapSlots !== undefined) {
      checkHeap(options.heapSlots, { ...options, memory, dictionary: options.board?.dictionary });
    }
    const poolOptions: ConnectionPoolOptions = {
      memory,
      maxClients: options.maxClients,
      framings: options.ports.map((port) => port.framing),
      maxTelemetryLength: options.maxTelemetryLength,
      stagingLength: options.stagingLength,
    };
    const dictionary = dictionaryOf(options, options.board);
    checkMemory(options, dictionary, bytesPerClient(poolOptions));
    this.log = new PacketLog({
      name: "telemetry log",
      memory,
      length: options.logLength,
      maxPacketLength: options.maxTelemetryLength,
      policy: options.logPolicy,
    });
    this.security = keysOf(options, options.platform);
    this.router = new TelecommandRouter();
    const pool = new ConnectionPool(poolOptions);
    for (const port of options.ports) {
      this.servers.push(this.#server(port, pool));
    }
    const startedAt = options.clock();
    const clock: BoardClock = {
      uptime: () => options.clock() - startedAt,
      now: options.now ?? (() => Number.NaN),
    };
    const restart = this.#restart();
    this.process = new ApplicationProcess({
      ...options,
      clock,
      fixedMemory: memory,
      dictionary,
      log: this.log,
      servers: this.servers,
      keys: this.security,
      onHandlerError: (fault) => this.#reportError(fault),
      onMessage: (text) => this.#report({ event: "message", text }),
      ...(restart === undefined ? {} : { restart: () => restart.ask() }),
    });
    const { dispatcher, apid } = this.process;
    this.router.fallback = dispatcher;
    this.router.add(apid, dispatcher);
    this.#watch = new LinkWatch(this.process);
    this.#time = this.#timeKeeper();
    this.#parts = [this.process, this.#watch];
    for (const part of [restart, this.#time]) {
      if (part !== undefined) {
        this.#parts.push(part);
      }
    }
  }

  get ports(): FlatsatPort[] {
    return this.servers.map((server, i) => {
      const { framing, role } = this.#options.ports[i]!;
      return {
        framing: framing.name,
        address: this.#options.address,
        port: server.port,
        role,
        maxClients: server.maxClients,
      };
    });
  }

  /**
   * Listens on every port. The first time it also says that the board has started, and begins to report.
   * @throws what the platform throws when a port is not to be had; nothing listens then
   */
  start(): void {
    const first = !this.#hasStarted;
    try {
      this.servers.forEach((server, i) => {
        server.start();
        server.name = this.#name(this.#options.ports[i]!, server.port);
      });
      this.#timer ??= this.#options.ticker.start(TICK_MS, () => this.#tick());
    } catch (error) {
      this.suspend();
      throw error;
    }
    for (const port of this.ports) {
      this.#report({ event: "listening", ...port });
    }
    this.#time?.start();
    this.#hasStarted = true;
    if (first) {
      const listening = this.servers.map(({ port }) => port);
      for (const event of keyEvents(this.#options, listening, this.security)) {
        this.#report(event);
      }
      this.process.raise(LINK_EVENTS.restart.id, this.#options.platform?.resetReason ?? RESET_UNKNOWN);
    }
  }

  /** The network is gone: ends every connection and listens no more, until `start()`. Telemetry goes on into the log. */
  suspend(): void {
    this.#time?.stop();
    for (const server of this.servers) {
      server.stop();
    }
  }

  /** Ends every connection and listens no more; may be started again. */
  stop(): void {
    // Also between `suspend` and `start`.
    const wasRunning = this.#timer !== undefined;
    this.#timer?.stop();
    this.#timer = undefined;
    this.suspend();
    if (wasRunning) {
      let telecommands = 0;
      let telemetry = 0;
      for (const { totals } of this.servers) {
        telecommands += totals.telecommands;
        telemetry += totals.telemetry;
      }
      this.#report({ event: "stopped", telecommands, telemetry, telemetryDropped: this.log.dropped });
    }
  }

  /** The framing's, with the port where several have this framing. @param listening the port that it got, instead of 0 */
  #name({ framing }: PortConfiguration, listening: number): string {
    const { name } = framing;
    return this.#options.ports.filter((other) => other.framing.name === name).length > 1
      ? `${name}:${listening}`
      : name;
  }

  #server(configuration: PortConfiguration, pool: ConnectionPool): TmtcServer {
    const { framing, port, role, maxClients, reserve, badFrames } = configuration;
    const { io, ticker, clock, address, excessClients, yieldAfterMs, idleTimeoutMs, partialFrameTimeoutMs } =
      this.#options;
    const server: TmtcServer = new TmtcServer({
      io,
      ticker,
      clock,
      memory: this.memory,
      framing,
      name: this.#name(configuration, port),
      port,
      pool,
      excessClients,
      yieldAfterMs,
      reserve: reserve ?? ((maxClients ?? this.#options.maxClients) > 1 ? 1 : 0),
      idleTimeoutMs,
      partialFrameTimeoutMs,
      ...(address === "" ? {} : { address }),
      ...(maxClients === undefined ? {} : { maxClients }),
      ...(badFrames === undefined ? {} : { badFrames }),
      ...(role === "tm"
        ? {}
        : { telecommands: this.router.behind(framing.judged ?? NOTHING_JUDGED, this.servers.length) }),
      ...(role === "tc" ? {} : { telemetry: this.log }),
      onConnect: (info) => {
        this.#watch.connected(server, info);
        this.#report({ event: "connected", ...info });
      },
      onDisconnect: (report) => {
        this.#watch.disconnected(server, report);
        this.#report({ event: "disconnected", ...report });
      },
      onHint: (hint, info) => {
        this.#report({ event: "hint", hint, ...info });
      },
      onError: (error, info) => {
        this.#report({
          event: "error",
          message: String(error),
          connection: info?.connection,
          server: info?.server,
        });
      },
    });
    return server;
  }

  #restart(): Restart | undefined {
    const { platform, clock } = this.#options;
    return platform?.restart === undefined
      ? undefined
      : new Restart({ clock, endConnections: () => this.suspend(), restart: () => platform.restart?.() });
  }

  #timeKeeper(): TimeKeeper | undefined {
    const { sntp: server, platform, clock } = this.#options;
    if (server === "") {
      return undefined;
    }
    if (platform?.time === undefined) {
      throw new TypeError("sntp is set, but this platform has no way to ask a time server");
    }
    return new TimeKeeper({
      clock,
      source: platform.time,
      server,
      onChange: (unixMs) =>
        this.#report(unixMs === undefined ? { event: "noTime", server } : { event: "time", server, unixMs }),
    });
  }

  #tick(): void {
    for (let i = 0; i < this.#parts.length; i++) {
      try {
        (this.#parts[i] as { tick(): void }).tick();
      } catch (error) {
        // A fault here must not restart the board, nor keep the other parts from their work.
        this.#reportError(error);
      }
    }
  }

  #reportError(error: unknown): void {
    this.#report({ event: "error", message: textOf(error), connection: undefined, server: undefined });
  }

  #report(event: FlatsatEvent): void {
    try {
      this.#options.report?.(event);
    } catch {
      // The reporter itself fails: there is nobody left to tell.
    }
  }
}
