/** What the link tells about connections and about itself. Made when a connection begins or ends, never per packet. */

/**
 * Why a connection ended. `peerClosed`: the client shut down its side, and got what was due. `connectionLost`: reset or
 * failed; on lwIP, which does not tell the two apart, also closed by the client. `error`: an exception on the way of
 * its data. By the server: `idle`, silent for too long, or took nothing of what others waited for it to take; `replaced`, its
 * place was needed; `reserved`, it only read, and its place was needed for who sends telecommands; `stopped`; `forged`, so many
 * of its frames had a wrong MAC (`MAX_FORGERIES`).
 */
export type EndReason =
  | "peerClosed"
  | "connectionLost"
  | "error"
  | "idle"
  | "replaced"
  | "stopped"
  | "reserved"
  | "forged";

export interface ConnectionInfo {
  /** Name of the server. */
  readonly server: string;
  /** Number of the connection, from 1; the `from` of a `PacketSink`. Unique per server. */
  readonly connection: number;
  /** The client's; undefined where the platform does not tell. */
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
}

export interface ConnectionReport extends ConnectionInfo {
  readonly reason: EndReason;
  readonly durationMs: number;
  /** Telecommands that the sink took. */
  readonly telecommands: number;
  /** Telemetry packets that the socket took whole. */
  readonly telemetry: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** Framing rejections by cause, those that happened. */
  readonly rejections: Record<string, number>;
  /** Bytes that belonged to no packet delivered. */
  readonly bytesDropped: number;
  /** Telemetry packets overwritten before this client came to them. */
  readonly telemetrySkipped: number;
  /** Telemetry packets that cannot be sent in this framing. */
  readonly packetRejected: number;
  /** Writes that the socket refused although it had promised room. */
  readonly writesRefused: number;
  /** No frame was accepted, and what came looks like another framing: says which one. For people. */
  readonly hint: string | undefined;
}
