/** Options of the TMTC client, and what it tells. */
import type { BadFrames, Framing } from "../../framing/contract/framing.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import type { PacketLog } from "../../tmtc/packet-log.js";
import type { Clock, Io, Ticker } from "../connection/io.js";
import type { ReconnectOptions } from "./reconnect.js";

/** What becomes of packets in the queue when the connection ends: they wait for the next one, or are thrown away. */
export type UnsentPolicy = "keep" | "drop";

export interface TmtcClientOptions {
  /** The platform's sockets, repeating timer and clock. */
  io: Io;
  ticker: Ticker;
  clock: Clock;
  memory: FixedMemory;
  framing: Framing;
  /** The server's numeric address, or else its `host`. */
  address?: string;
  /** The server's name; only where the platform resolves names, which a board does not. */
  host?: string;
  /** TCP port of the server, 1 to 65,535. */
  port: number;
  /** In reports. Default: the framing's name. */
  name?: string;
  /** Where packets go that the server sends; without it they are thrown away. */
  sink?: PacketSink;
  /**
   * Packets to be sent, of the same memory. Default: a queue of the client's own, which refuses a packet when it is full.
   * A board that connects out to its ground station gives its telemetry log.
   */
  queue?: PacketLog;
  /** Of a queue of its own: its length in bytes, two more for each packet. Default 4096. */
  queueLength?: number;
  /** Of a queue of its own: its longest packet, in bytes. Default 1000. */
  maxPacketLength?: number;
  /** Default `keep`. With `drop`, `send` takes nothing while there is no connection. */
  unsent?: UnsentPolicy;
  /** An attempt to connect is given up after so long, in ms: 100 to 600,000. Default 10,000. */
  connectTimeoutMs?: number;
  /** How to connect again when an attempt failed or the connection ended. Default: not at all. */
  reconnect?: ReconnectOptions;
  /** For the pauses: from 0 to less than 1. Default `Math.random`. */
  random?: () => number;
  /** A packet to be sent when nothing was sent for `heartbeatMs`. It is in no queue, and never waits for a connection. */
  heartbeat?: Uint8Array;
  /** 100 to 86,400,000 ms. Default 1000. */
  heartbeatMs?: number;
  /** Ends a connection on which nothing came for so long, in ms, up to 86,400,000; 0, the default: never. */
  idleTimeoutMs?: number;
  /**
   * Where the framing has no delimiter, a frame is given up when it is not complete so long after its first byte, and
   * nothing comes any more or a packet is found behind its beginning: 1 to 600,000 ms. Default 1000.
   */
  partialFrameTimeoutMs?: number;
  /** Default `passOver`: what comes is carried out. Ground software that reads telemetry gives `search`. */
  badFrames?: BadFrames;
  /** Bytes read from the socket at once, and one: a power of two from 8 on. Default 1024. */
  stagingLength?: number;
  /** How often times are looked at, 10 to 1000 ms: all of the above are kept within this. Default 100. */
  tickMs?: number;
  onConnect?(info: ClientInfo): void;
  /** Once for each `onConnect`, when the sink has taken everything that came. */
  onDisconnect?(report: ClientReport): void;
  /** No connection came of an attempt. */
  onAttemptFailed?(failure: AttemptFailure): void;
  /** An exception was caught, which on a board would have been a restart. */
  onError?(error: unknown): void;
}

export interface ClientInfo {
  /** Name of the client. */
  readonly client: string;
  /** Number of the connection, from 1; the `from` of the sink. */
  readonly connection: number;
  /** As configured: the server's address or name. */
  readonly host: string;
  readonly port: number;
}

/** `timeout`: no answer in `connectTimeoutMs`. `failed`: the platform says no. `error`: it threw, see `error`. */
export type AttemptOutcome = "timeout" | "failed" | "error";

export interface AttemptFailure {
  readonly client: string;
  readonly host: string;
  readonly port: number;
  /** Attempts that have failed one after the other, this one included. */
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  /** The system's name for what went wrong, as ECONNREFUSED; undefined where the platform does not tell. */
  readonly code: string | undefined;
  readonly error: unknown;
  /** The pause before the next attempt; undefined: there will be none. */
  readonly retryInMs: number | undefined;
}

/**
 * Why a connection ended. `peerClosed`: the server closed it in order. `connectionLost`: reset or failed; on lwIP, which
 * does not tell the two apart, also closed. `error`: an exception on the way of its data. `idle`: nothing came for
 * `idleTimeoutMs`. `closed`: by `close()`. `forged`: so many frames had a wrong MAC that no more are looked at.
 */
export type ClientEndReason = "peerClosed" | "connectionLost" | "error" | "idle" | "closed" | "forged";

export interface ClientReport extends ClientInfo {
  readonly reason: ClientEndReason;
  /** As in `AttemptFailure`. */
  readonly code: string | undefined;
  readonly durationMs: number;
  /** Packets that the sink took. */
  readonly packetsReceived: number;
  /** Packets of the queue that the socket took whole. */
  readonly packetsSent: number;
  /**
   * Of these, those that `acknowledge` was not called for: whether the server got them is not known. They are the packets
   * numbered [firstUncertain, firstUncertain + uncertain) of the queue, those not sendable in the framing included.
   */
  readonly uncertain: number;
  readonly firstUncertain: number;
  /** Packets thrown away under `drop`, numbered from `firstDropped` on: the socket took none of them whole. */
  readonly dropped: number;
  readonly firstDropped: number;
  /** Packets that wait for the next connection, under `keep`. */
  readonly unsent: number;
  readonly heartbeats: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Framing rejections by cause, those that happened. */
  readonly rejections: Record<string, number>;
  /** Bytes that belonged to no packet delivered. */
  readonly bytesDropped: number;
  /** Packets that cannot be sent in this framing. */
  readonly packetsRejected: number;
  /** Packets overwritten in the queue before they could be sent, where its policy is `dropOldest`. */
  readonly packetsSkipped: number;
  /** Writes that the socket refused although it had promised room. */
  readonly writesRefused: number;
  /** No frame was accepted, and what came looks like another framing: says which one. For people. */
  readonly hint: string | undefined;
  /** The pause before the next attempt; undefined: there will be none. */
  readonly retryInMs: number | undefined;
}

/** Sums since the client was made. */
export interface ClientTotals {
  readonly attempts: number;
  readonly connections: number;
  /** Of connections that ended and of the present one. */
  readonly packetsReceived: number;
  readonly packetsSent: number;
  readonly heartbeats: number;
  readonly dropped: number;
  /** Exceptions caught at the platform's entries. */
  readonly errors: number;
}
