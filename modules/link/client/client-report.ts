/** What a client tells of a connection that is over. */

import type { Connection } from "../connection/connection.js";
import type { FramePump } from "../connection/frame-pump.js";
import type { EndReason } from "../connection/reports.js";
import type { ClientEndReason, ClientInfo, ClientReport } from "./client-options.js";
import type { SentLedger } from "./sent-ledger.js";

/** A connection knows the server's reasons; a client calls one of them by another name. */
function clientReason(reason: EndReason): ClientEndReason {
  return reason === "stopped" || reason === "replaced" || reason === "reserved" ? "closed" : reason;
}

export interface EndedConnection {
  readonly info: ClientInfo;
  readonly connection: Connection;
  readonly pump: FramePump;
  readonly ledger: SentLedger;
  readonly reason: EndReason;
  readonly durationMs: number;
  readonly heartbeats: number;
  readonly retryInMs: number | undefined;
}

export function clientReport(ended: EndedConnection): ClientReport {
  const { info, connection, pump, ledger, reason, durationMs, heartbeats, retryInMs } = ended;
  const { counters } = connection.inbound.decoder;
  return {
    ...info,
    reason: clientReason(reason),
    code: connection.failureCode,
    durationMs: Math.round(durationMs),
    packetsReceived: connection.inbound.packets,
    packetsSent: pump.packets,
    uncertain: ledger.uncertain,
    firstUncertain: ledger.firstUncertain,
    dropped: ledger.dropped,
    firstDropped: ledger.firstDropped,
    unsent: ledger.queue.waiting,
    heartbeats,
    bytesReceived: connection.inbound.bytes,
    bytesSent: pump.bytes,
    rejections: counters.byReason(),
    bytesDropped: counters.droppedBytes,
    packetsRejected: pump.rejected,
    packetsSkipped: pump.cursor.skipped,
    writesRefused: pump.writesRefused,
    hint: connection.hint,
    retryInMs,
  };
}
