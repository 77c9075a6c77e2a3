/** What a client is made of, by its options: where it connects to, its queue, and the memory of its one connection. */
import { checkRange } from "../../checks/options.js";
import { PacketLog } from "../../tmtc/packet-log.js";
import { ConnectionPool } from "../connection/connection-pool.js";
import type { Destination } from "../connection/io.js";
import type { TmtcClientOptions } from "./client-options.js";

/** @throws TypeError or RangeError */
export function clientDestination({ address, host, port }: TmtcClientOptions): Destination {
  if ((address === undefined) === (host === undefined)) {
    throw new TypeError("one of the options address and host must be given, and not both");
  }
  return { address, host, port: checkRange("port", port, 1, 65535) };
}

/** As configured: the address or the name. */
export function hostOf({ address, host }: Destination): string {
  return (address ?? host) as string;
}

/** @throws TypeError or RangeError, also when the memory cannot hold it */
export function clientQueue({ memory, queue, queueLength, maxPacketLength }: TmtcClientOptions): PacketLog {
  if (queue === undefined) {
    return new PacketLog({
      name: "queue",
      memory,
      length: queueLength ?? 4096,
      maxPacketLength: maxPacketLength ?? 1000,
      policy: "refuseNew",
    });
  }
  if (queue.bytes !== memory.bytes) {
    throw new TypeError("memory and queue must be of the same FixedMemory");
  }
  return queue;
}

/** @param longest packet of the queue, in bytes @throws TypeError or RangeError, also when the memory cannot hold it */
export function clientPool(options: TmtcClientOptions, longest: number): ConnectionPool {
  const { memory, framing, heartbeat, stagingLength } = options;
  return new ConnectionPool({
    memory,
    maxClients: 1,
    framings: [framing],
    maxTelemetryLength: Math.max(longest, heartbeat?.length ?? 0),
    stagingLength: stagingLength ?? 1024,
  });
}
