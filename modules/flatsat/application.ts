/**
 * The flatsat application: the same on a board, in the Moddable simulator, on a desktop XS engine and on Node.
 *
 * Several ports, each with its framing, over one telemetry log and one telecommand router.
 */
import { SequenceCounters } from "../ccsds/sequence-counters.js";
import { ClientPool } from "../link/client-pool.js";
import type { Clock, Io, Ticker } from "../link/io.js";
import type { ConnectionInfo, ConnectionReport } from "../link/reports.js";
import { TmtcServer } from "../link/tmtc-server.js";
import { FixedMemory } from "../memory/fixed-memory.js";
import { TelecommandRouter } from "../tmtc/telecommand-router.js";
import { TelemetryLog } from "../tmtc/telemetry-log.js";
import { Beacon, beaconFields } from "./beacon.js";
import type { Configuration, PortRole } from "./configuration.js";
import { Echo } from "./echo.js";

/** APIDs that the telemetry counts packets for; echoes of further ones keep the telecommand's count. */
const COUNTED_APIDS = 64;

/** What the application tells of itself; plain data, to be printed or sent as JSON. */
export type FlatsatEvent =
  | { event: "listening"; framing: string; address: string; port: number; role: PortRole; maxClients: number }
  | ({ event: "connected" } & ConnectionInfo)
  | ({ event: "disconnected" } & ConnectionReport)
  | { event: "error"; message: string; connection: number | undefined; server: string | undefined }
  | { event: "stopped"; telecommands: number; telemetry: number; telemetryDropped: number };

export interface FlatsatOptions extends Configuration {
  io: Io;
  ticker: Ticker;
  clock: Clock;
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

export class Flatsat {
  readonly memory: FixedMemory;
  readonly log: TelemetryLog;
  readonly router: TelecommandRouter;
  readonly servers: TmtcServer[] = [];
  readonly beacon: Beacon;
  #options: FlatsatOptions;
  #timer: { stop(): void } | undefined;
  #startedAt: number;

  /**
   * Reserves all memory; nothing listens before `start()`.
   * @throws TypeError or RangeError for an option out of its range, or when the memory cannot hold what is asked for
   */
  constructor(options: FlatsatOptions) {
    this.#options = options;
    this.#startedAt = options.clock();
    const memory = new FixedMemory(options.memory);
    this.memory = memory;
    const counters = new SequenceCounters(COUNTED_APIDS);
    this.log = new TelemetryLog({
      memory,
      length: options.logLength,
      maxPacketLength: options.maxTelemetryLength,
      policy: options.logPolicy,
    });
    this.router = new TelecommandRouter(new Echo(this.log, counters));
    const pool = new ClientPool({
      memory,
      maxClients: options.maxClients,
      framings: options.ports.map((port) => port.framing),
      maxTelemetryLength: options.maxTelemetryLength,
      stagingLength: options.stagingLength,
    });
    for (const { framing, port, role, maxClients } of options.ports) {
      const { io, ticker, clock, address, excessClients, idleTimeoutMs, partialFrameTimeoutMs } = options;
      const name =
        options.ports.filter((other) => other.framing.name === framing.name).length > 1
          ? `${framing.name}:${port}`
          : framing.name;
      this.servers.push(
        new TmtcServer({
          io,
          ticker,
          clock,
          memory,
          framing,
          name,
          port,
          pool,
          excessClients,
          idleTimeoutMs,
          partialFrameTimeoutMs,
          ...(address === "" ? {} : { address }),
          ...(maxClients === undefined ? {} : { maxClients }),
          ...(role === "tm" ? {} : { telecommands: this.router }),
          ...(role === "tc" ? {} : { telemetry: this.log }),
          onConnect: (info) => this.#report({ event: "connected", ...info }),
          onDisconnect: (report) => this.#report({ event: "disconnected", ...report }),
          onError: (error, info) =>
            this.#report({
              event: "error",
              message: String(error),
              connection: info?.connection,
              server: info?.server,
            }),
        }),
      );
    }
    const fields = beaconFields(() => options.clock() - this.#startedAt, this.log, this.servers);
    this.beacon = new Beacon(this.log, counters, options.beaconApid, fields);
  }

  get ports(): FlatsatPort[] {
    return this.servers.map((server, i) => {
      const { framing, role } = this.#options.ports[i] as Configuration["ports"][number];
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
   * Listens on every port, and starts the beacon.
   * @throws what the platform throws when a port is not to be had; nothing listens then
   */
  start(): void {
    const { ticker, beaconIntervalMs } = this.#options;
    try {
      for (const server of this.servers) {
        server.start();
      }
    } catch (error) {
      this.stop();
      throw error;
    }
    for (const port of this.ports) {
      this.#report({ event: "listening", ...port });
    }
    if (beaconIntervalMs > 0 && this.#timer === undefined) {
      this.#timer = ticker.start(beaconIntervalMs, () => this.beacon.send());
    }
  }

  /** The network is gone: ends every connection and listens no more, until `start()`. Telemetry goes on into the log. */
  suspend(): void {
    for (const server of this.servers) {
      server.stop();
    }
  }

  /** Ends every connection and listens no more; may be started again. */
  stop(): void {
    const wasRunning = this.servers.some((server) => server.isListening);
    this.#timer?.stop();
    this.#timer = undefined;
    this.suspend();
    if (wasRunning) {
      let telecommands = 0;
      let telemetry = 0;
      for (const server of this.servers) {
        telecommands += server.totals.telecommands;
        telemetry += server.totals.telemetry;
      }
      this.#report({ event: "stopped", telecommands, telemetry, telemetryDropped: this.log.dropped });
    }
  }

  #report(event: FlatsatEvent): void {
    this.#options.report?.(event);
  }
}
