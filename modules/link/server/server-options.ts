/** Options of the TMTC server. */
import type { BadFrames, Framing } from "../../framing/contract/framing.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { PacketSink, PacketSource } from "../../tmtc/contracts.js";
import type { PacketLog } from "../../tmtc/packet-log.js";
import type { ConnectionPool } from "../connection/connection-pool.js";
import type { Clock, Io, Ticker } from "../connection/io.js";
import type { ConnectionInfo, ConnectionReport } from "../connection/reports.js";

/**
 * One client too many, where nobody has to give up his place anyway (`yieldAfterMs`, `reserve`): `reject` turns the newcomer
 * away; `replace` ends the connection that has been silent longest, also of a client that works; where servers share a
 * pool that is full, also one on another port.
 */
export type ExcessPolicy = "reject" | "replace";

export interface TmtcServerOptions {
  /** The platform's sockets, repeating timer and clock. */
  io: Io;
  ticker: Ticker;
  clock: Clock;
  memory: FixedMemory;
  framing: Framing;
  /** In reports. Default: the framing's name. */
  name?: string;
  /** TCP port, 0 to 65,535; 0 lets the platform pick one. The address may be used again at once: platforms see to it. */
  port: number;
  /** Address to bind; every address by default, and always on the Moddable SDK. */
  address?: string;
  /** Where telecommands go. Without it the port only sends telemetry; what clients send is thrown away. */
  telecommands?: PacketSink;
  /** Where telemetry comes from. Without it the port only takes telecommands. */
  telemetry?: PacketLog | PacketSource;
  /** Memory for the clients, shared with other servers. Without it the server makes a pool of its own. */
  pool?: ConnectionPool;
  /** Clients at once on this port: 1 to 32. Default: as many as the pool has; 4 for a pool of its own. */
  maxClients?: number;
  excessClients?: ExcessPolicy;
  /**
   * A client that neither sent nor took anything for so long gives up its place when all are taken and one more comes: 0
   * to 86,400,000 ms; 0: never. Default 60,000. Not every platform tells of every end: places of the dead come back so.
   */
  yieldAfterMs?: number;
  /**
   * So many places, 0 to `maxClients`, are for clients of this port that send telecommands. While fewer of them are
   * there, the last client that only reads gives up its place to a newcomer, 10 s after it came at the earliest. Default 0.
   */
  reserve?: number;
  /** How long a client turned away is held before its connection is closed, 32 at a time: 0 to 60,000 ms. Default 2000. */
  rejectHoldMs?: number;
  /** Ends a connection that neither sent nor took anything for so long, in ms; 0, the default: never. */
  idleTimeoutMs?: number;
  /**
   * Where the framing has no delimiter, a frame is given up when it is not complete so long after its first byte, and
   * nothing comes any more or a packet is found behind its beginning: 1 to 600,000 ms. Default 1000.
   */
  partialFrameTimeoutMs?: number;
  /** Default `passOver`: what comes is carried out. */
  badFrames?: BadFrames;
  /** How often a `PacketSource` is asked when nothing else happens: 10 to 600,000 ms. Default 100. */
  pollIntervalMs?: number;
  /** Of a pool of its own: bytes read from a socket at once, and one; a power of two from 8 on. Default 1024. */
  stagingLength?: number;
  /** Of the log that a `PacketSource` is pulled into: its length in bytes. Default 4096. */
  sourceLogLength?: number;
  /** Of a `PacketSource`: its longest packet, in bytes. Default 1000. */
  maxTelemetryLength?: number;
  onConnect?(info: ConnectionInfo): void;
  onDisconnect?(report: ConnectionReport): void;
  /** Nothing of what a client sent was accepted, and it looks like another framing; `hint` says which. Once a connection. */
  onHint?(hint: string, info: ConnectionInfo): void;
  /** An exception was caught, which on a board would have been a restart. `info`: the connection it came from. */
  onError?(error: unknown, info: ConnectionInfo | undefined): void;
}
