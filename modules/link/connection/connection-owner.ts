/** What a connection and its server, or its client, have to say to each other. */
import type { Connection } from "./connection.js";
import type { IntakeOwner } from "./intake.js";
import type { Io } from "./io.js";
import type { EndReason } from "./reports.js";
import type { TurnOrder } from "./turn-order.js";

/** What a connection needs of its server, or of its client. */
export interface ConnectionOwner extends IntakeOwner {
  readonly name: string;
  readonly io: Io;
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
  /** There may be telemetry to send, or room to send it. */
  flow(): void;
  /** A connection out has come about. */
  established?(connection: Connection): void;
  /** The peer seems to speak another framing; `hint` is for people. */
  suspected?(connection: Connection, hint: string): void;
  ended(connection: Connection, reason: EndReason): void;
  failed(connection: Connection, error: unknown): void;
}
