/** What a server tells of a connection that has ended. */
import type { Connection } from "./connection.js";
import type { ConnectionReport, EndReason } from "./reports.js";

/** @param now by the server's clock, in milliseconds */
export function connectionReport(connection: Connection, reason: EndReason, now: number): ConnectionReport {
  const { pump } = connection;
  const { counters } = connection.decoder;
  return {
    ...connection.info(),
    reason,
    durationMs: Math.round(now - connection.since),
    telecommands: connection.received,
    telemetry: connection.telemetry,
    bytesReceived: connection.bytesReceived,
    bytesSent: pump?.bytes ?? 0,
    rejections: counters.byReason(),
    bytesDropped: counters.droppedBytes,
    telemetrySkipped: connection.telemetrySkipped,
    telemetryRejected: pump?.rejected ?? 0,
    writesRefused: pump?.writesRefused ?? 0,
    hint: connection.hint(),
  };
}
