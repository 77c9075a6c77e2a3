/** A server that gives packets to all its clients, on several ports, and takes nothing from them: a board that only speaks. */
import { copyFast } from "../../host/engine/copy.js";
import { createIo } from "../../host/engine/io.js";
import { NodeNetwork } from "../../host/node-network.js";
import type { PortConfiguration } from "../../modules/flatsat/configuration.js";
import { bytesPerClient, ConnectionPool } from "../../modules/link/connection/connection-pool.js";
import type { ConnectionInfo, ConnectionReport } from "../../modules/link/connection/reports.js";
import { TmtcServer } from "../../modules/link/server/tmtc-server.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import { PacketLog } from "../../modules/tmtc/packet-log.js";
import { groundClock, linkTime } from "../link/ground-clock.js";
import { SOCKET_BUFFER } from "../link/link-sizes.js";

const LOG_LENGTH = 1_048_576;
const STAGING_LENGTH = 1024;
/** What the log can keep: a space packet may have seven octets more. */
export const MAX_PACKET_LENGTH = 65_535;
const SPARE = 4096;
/** How long it waits for the clients to close, too. */
const CLOSE_WAIT_MS = 1000;
/** How often it looks whether there is room again. */
const ROOM_MS = 5;

export interface PacketServerOptions {
  readonly ports: readonly PortConfiguration[];
  readonly address: string;
  readonly maxClients: number;
  onConnect(info: ConnectionInfo): void;
  onDisconnect(report: ConnectionReport): void;
}

export class PacketServer {
  readonly #options: PacketServerOptions;
  readonly #network: NodeNetwork;
  readonly #log: PacketLog;
  readonly #servers: readonly TmtcServer[];

  constructor(options: PacketServerOptions) {
    const { ports, address, maxClients } = options;
    this.#options = options;
    this.#network = new NodeNetwork({ sendBuffer: SOCKET_BUFFER });
    const io = createIo(this.#network, { copy: copyFast, receiveWindow: SOCKET_BUFFER, sendBuffer: SOCKET_BUFFER });
    const common = { framings: ports.map(({ framing }) => framing), maxTelemetryLength: MAX_PACKET_LENGTH };
    const perClient = bytesPerClient({
      memory: new FixedMemory(1),
      maxClients,
      stagingLength: STAGING_LENGTH,
      ...common,
    });
    const memory = new FixedMemory(LOG_LENGTH + perClient * maxClients + SPARE);
    // Nobody is to miss anything: it waits for the slowest.
    this.#log = new PacketLog({ memory, length: LOG_LENGTH, maxPacketLength: MAX_PACKET_LENGTH, policy: "refuseNew" });
    const pool = new ConnectionPool({ memory, maxClients, stagingLength: STAGING_LENGTH, ...common });
    this.#servers = ports.map(
      ({ framing, port, maxClients: most }) =>
        new TmtcServer({
          io,
          ...linkTime(groundClock),
          memory,
          framing,
          port,
          address,
          pool,
          telemetry: this.#log,
          ...(most === undefined ? {} : { maxClients: Math.min(most, maxClients) }),
          rejectHoldMs: 0,
          yieldAfterMs: 0,
          onConnect: (info) => options.onConnect(info),
          onDisconnect: (report) => options.onDisconnect(report),
        }),
    );
  }

  /** Packets that are not in any client's socket yet. */
  get isIdle(): boolean {
    return this.#log.waiting === 0 && !(this.#log.next > 0 && this.#log.readers.need(this.#log.next - 1));
  }

  /**
   * @returns (resolves) the ports, in their order
   * @throws (rejects) ListenError
   */
  async listen(): Promise<number[]> {
    const { ports, address } = this.#options;
    for (const { port } of ports) {
      await this.#network.bind(port, address);
    }
    for (const server of this.#servers) {
      server.start();
    }
    return this.#servers.map(({ port }) => port);
  }

  /**
   * Gives a packet to the clients, when there is room for it.
   * @returns (resolves) false: it is none that could be given to anybody, for it is longer than `MAX_PACKET_LENGTH`
   */
  async send(packet: Uint8Array, stop: AbortSignal): Promise<boolean> {
    if (packet.length > MAX_PACKET_LENGTH) {
      return false;
    }
    while (!stop.aborted && !this.#log.append(packet, 0, packet.length)) {
      await pause(ROOM_MS);
    }
    return true;
  }

  /** Resolves when clients took everything. */
  async drained(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && !this.isIdle) {
      await pause(ROOM_MS);
    }
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.stop();
    }
    await this.#network.closed(CLOSE_WAIT_MS);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
