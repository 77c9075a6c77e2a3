/** What is told of a connection on a port that sends nothing. */
import test from "ava";
import { FramingCounters } from "../../modules/framing/contract/counters.js";
import type { Connection } from "../../modules/link/connection/connection.js";
import { connectionReport } from "../../modules/link/server/connection-report.js";

test("A connection on a port that sends nothing has sent nothing.", (t) => {
  const counters = new FramingCounters(["torn"]);
  counters.reject(0);
  counters.droppedBytes = 5;
  const info = { server: "tc", connection: 3, remoteAddress: "192.0.2.1", remotePort: 9 };
  const connection = {
    info: () => info,
    inbound: { packets: 2, bytes: 40, decoder: { counters } },
    pump: undefined,
    since: 1000,
    hint: undefined,
  };
  t.deepEqual(connectionReport(connection as unknown as Connection, "idle", 3500.4), {
    ...info,
    reason: "idle",
    durationMs: 2500,
    telecommands: 2,
    telemetry: 0,
    bytesReceived: 40,
    bytesSent: 0,
    rejections: { torn: 1 },
    bytesDropped: 5,
    telemetrySkipped: 0,
    packetRejected: 0,
    writesRefused: 0,
    hint: undefined,
  });
});
