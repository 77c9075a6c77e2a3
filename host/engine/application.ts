/** What a desktop gives to an application, on Node and in the XS worker alike, in place of the board's platform. */
import type { AnyBoardModule } from "../../modules/flatsat/board-module.js";
import type { Framings } from "../../modules/framing/registry.js";
import type { Clock, Io, Ticker } from "../../modules/link/connection/io.js";
import type { SecurityStore } from "../../modules/security/security-store.js";

export interface Platform {
  readonly io: Io;
  readonly ticker: Ticker;
  readonly clock: Clock;
  /** Where keys and counters are kept; undefined: nowhere. */
  readonly securityStore?: SecurityStore | undefined;
  /** A board of one's own. */
  readonly board?: AnyBoardModule | undefined;
  /** Framings of one's own beside those of this package; on Node only. */
  readonly framings?: Framings | undefined;
  /** Takes a plain object that JSON can hold, for the log. */
  report(event: object): void;
  /** Whether the application was started before, and asked for a restart. */
  readonly restarted: boolean;
  /** Stops the application and starts it anew with its settings, as a restart does with a board: soon, not in the call. */
  restart(): void;
}

export interface RunningApplication {
  /** Closes listeners and connections; their reports come before it returns. */
  stop(): void;
}

/** What a module must export to be run by `runOnNode` and `runOnXs`. */
export interface ApplicationModule {
  /**
   * @param settings whatever was configured, as JSON can hold it
   * @throws when the settings are wrong, or a port cannot be had
   */
  start(settings: unknown, platform: Platform): RunningApplication;
}

/** The configuration that starts a worker. */
export interface WorkerStart {
  /** Absolute path of the compiled application module. */
  readonly application: string;
  /** Absolute path of a compiled board module. */
  readonly board?: string | undefined;
  readonly settings: unknown;
  /** Node keeps keys and counters. */
  readonly hasSecurityStore: boolean;
  /** Bytes. */
  readonly receiveWindow: number;
  /** Bytes. */
  readonly sendBuffer: number;
}
