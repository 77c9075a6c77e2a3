/** What running an application takes and gives, whichever engine runs it. */
import type { Framings } from "../modules/framing/registry.js";
import type { SecurityStore } from "../modules/security/security-store.js";
import type { CompiledBoard } from "./compile-board.js";
import type { PortToBind } from "./node-io.js";

export interface RunOptions {
  /** Absolute path of a compiled module as `ApplicationModule` describes it. */
  readonly application: string;
  /** For the application; JSON must be able to hold it. */
  readonly settings: unknown;
  /** The ports that the application will listen on. */
  readonly listen: readonly PortToBind[];
  /** A board of one's own, compiled for each engine. */
  readonly board?: CompiledBoard | undefined;
  /** Framings of one's own beside those of this package: on Node only, as they are code. */
  readonly framings?: Framings | undefined;
  /** Where the application keeps keys and counters; undefined: nowhere. */
  readonly securityStore?: SecurityStore | undefined;
  /** Bytes, per connection; the board's by default. */
  readonly receiveWindow?: number;
  readonly sendBuffer?: number;
  /** How long the application may take for one turn of the event loop, in milliseconds: longer, and it has failed. On XS; default 10,000. */
  readonly turnLimitMs?: number;
  /** Takes what the application reports. */
  onReport(event: object): void;
  /** The application broke while it ran: a callback threw, or the engine ended. A board would restart. */
  onFailure(error: Error): void;
}

export interface Running {
  /** Stops the application, then the engine. Idempotent. */
  stop(): Promise<void>;
}
