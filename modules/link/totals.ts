/** Sums over the connections of a server. */
import type { Connection } from "./connection.js";
import type { ServerTotals } from "./reports.js";

/** @param reasons causes of framing rejections */
export function zeroTotals(reasons: readonly string[]): ServerTotals {
  return {
    connections: 0,
    clients: 0,
    refusedClients: 0,
    telecommands: 0,
    telemetry: 0,
    telemetrySkipped: 0,
    errors: 0,
    reasons,
    rejected: reasons.map(() => 0),
  };
}

/** Adds what a connection counted since it was opened. */
export function addTo(totals: ServerTotals, connection: Connection): void {
  totals.telecommands += connection.received;
  totals.telemetry += connection.pump?.packets ?? 0;
  totals.telemetrySkipped += connection.pump?.cursor.skipped ?? 0;
  const rejected = connection.decoder.counters.rejected;
  for (let k = 0; k < rejected.length; k++) {
    totals.rejected[k] = totals.rejected[k]! + rejected[k]!;
  }
}
