/** What a server tells of a connection that has ended. */
import type { Connection } from "../connection/connection.js";
import type { ConnectionReport, EndReason } from "../connection/reports.js";

/** @param now by the server's clock, in milliseconds */
export function connectionReport(connection: Connection, reason: EndReason, now: number): ConnectionReport {
  const { inbound, pump } = connection;
  const { counters } = inbound.decoder;
  return {
    ...connection.info(),
    reason,
    durationMs: Math.round(now - connection.since),
    telecommands: inbound.packets,
    telemetry: pump?.packets ?? 0,
    bytesReceived: inbound.bytes,
    bytesSent: pump?.bytes ?? 0,
    rejections: counters.byReason(),
    bytesDropped: counters.droppedBytes,
    telemetrySkipped: pump?.cursor.skipped ?? 0,
    packetRejected: pump?.rejected ?? 0,
    writesRefused: pump?.writesRefused ?? 0,
    hint: connection.hint,
  };
}
