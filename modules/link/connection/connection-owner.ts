/** What a connection needs of its server, or of its client. It knows no more of them. */
import type { Framing } from "../../framing/contract/framing.js";
import type { InboundOwner } from "./inbound.js";
import type { Io } from "./io.js";
import type { EndReason } from "./reports.js";
import type { TurnOrder } from "./turn-order.js";

/** Each call says whose it is. */
export interface ConnectionOwner<Connection> extends InboundOwner {
  readonly name: string;
  readonly io: Io;
  readonly framing: Framing;
  /** Of all connections that share the sink. */
  readonly turns: TurnOrder;
  /** Ends a connection that neither brought nor took anything for so long; 0: never. */
  readonly idleTimeoutMs: number;
  /** Once the peer has shut down its side, what is due is still sent: it may be waiting for the answers. */
  readonly sendsAfterEnd: boolean;
  /** False: there is more telemetry than the log has room for. */
  readonly isExhausted: boolean;
  /** One event is being handled: telemetry that it leads to goes out when it is over. */
  hold(): void;
  release(): void;
  /** A connection has sent as much as its socket takes: there may be room in the log. */
  wrote?(): void;
  /** A connection out has come about. */
  established?(connection: Connection): void;
  /** A connection out has not come about. */
  failedToConnect?(connection: Connection): void;
  /** The peer seems to speak another framing; `hint` is for people. */
  suspected?(connection: Connection, hint: string): void;
  ended(connection: Connection, reason: EndReason): void;
  failed(connection: Connection, error: unknown): void;
}
