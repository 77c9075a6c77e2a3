/**
 * The memory of the clients to come, all reserved at boot: however many servers share a pool, so many clients can be
 * connected at once, on whichever port they come.
 */

import { checkRange } from "../../checks/options.js";
import type { Framing } from "../../framing/contract/framing.js";
import { GUESS_LENGTH } from "../../framing/guess/guess.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import { ReceiveArea, TransmitArea } from "../../memory/socket-areas.js";
import type { PacketLog } from "../../tmtc/packet-log.js";
import { HeldAddresses } from "./held-addresses.js";
import type { EndReason } from "./reports.js";
import { TurnOrder } from "./turn-order.js";

/** The connection that uses a client's memory now, of whichever server. */
export interface Occupant {
  /** When its client last sent something or took something, by the clock. */
  readonly lastHeard: number;
  /** When it came, by the clock. */
  readonly since: number;
  /** The client is gone; what is left are packets that the sink refuses. */
  readonly isGone: boolean;
  /** It has sent packets that were taken; or it is on a port where clients can do nothing else, and need no key for it. */
  readonly commands: boolean;
  end(reason: EndReason): void;
}

/** What one client needs of the fixed memory. */
export interface ConnectionMemory {
  /** The whole memory. */
  readonly bytes: Uint8Array;
  readonly staging: ReceiveArea;
  /** Offset of the bytes that a decoder gathers a frame in. */
  readonly gather: number;
  /** Offset of the bytes that the first ones of a connection are kept in. */
  readonly firstBytes: number;
  readonly transmit: TransmitArea;
  /** Undefined: free. */
  occupant: Occupant | undefined;
}

export interface ConnectionPoolOptions {
  memory: FixedMemory;
  /**
   * Clients at once: 1 to 32. A plain ESP32's lwIP has 8 control blocks: for connections, those in TIME_WAIT among them,
   * and in some of its versions for listeners. Default 4.
   */
  maxClients?: number;
  /** The framings of all servers that share the pool. */
  framings: readonly Framing[];
  /** Longest telemetry packet, in bytes. Default 1000. */
  maxTelemetryLength?: number;
  /** Bytes read from a socket at once, and one: a power of two from 8 to 65,536. Default 1024. */
  stagingLength?: number;
}

/** Bytes of the fixed memory that one client of such a pool takes; nothing is reserved yet. */
export function bytesPerClient(options: ConnectionPoolOptions): number {
  const { gather, transmit } = frameLengths(options);
  return (options.stagingLength ?? 1024) + gather + GUESS_LENGTH + transmit;
}

/** Bytes for a frame that comes in pieces, and for the longest one sent: as many as the framing needs that needs most. */
function frameLengths({ memory, framings, maxTelemetryLength = 1000 }: ConnectionPoolOptions) {
  let gather = 0;
  let transmit = 0;
  for (const framing of framings) {
    gather = Math.max(gather, framing.decoderMemory);
    transmit = Math.max(transmit, framing.encoder(memory).maxFrameLength(maxTelemetryLength));
  }
  return { gather, transmit };
}

export class ConnectionPool {
  readonly memory: FixedMemory;
  readonly places: ConnectionMemory[] = [];
  readonly maxTelemetryLength: number;
  /** Bytes that a client has to gather a frame in: as many as the framing needs that needs most. */
  readonly gatherLength: number;
  /** Bytes of the fixed memory per client. */
  readonly bytesPerClient: number;
  /** Of all its clients, on whichever port. */
  readonly turns: TurnOrder;
  /** Of all its servers. Undefined: none of the framings authenticates frames, so none can be forged. */
  readonly heldAddresses: HeldAddresses | undefined;

  /** @throws RangeError for a number out of its range, or when the memory cannot hold it */
  constructor(options: ConnectionPoolOptions) {
    const { memory, maxClients = 4, maxTelemetryLength = 1000, stagingLength = 1024 } = options;
    checkRange("maxClients", maxClients, 1, 32);
    this.memory = memory;
    this.turns = new TurnOrder(maxClients);
    this.maxTelemetryLength = maxTelemetryLength;
    const { gather, transmit } = frameLengths(options);
    this.gatherLength = gather;
    this.bytesPerClient = bytesPerClient(options);
    this.heldAddresses = options.framings.some(({ sdls }) => sdls !== undefined) ? new HeldAddresses() : undefined;
    for (let i = 1; i <= maxClients; i++) {
      this.places.push({
        bytes: memory.bytes,
        staging: new ReceiveArea(memory, `client ${i} staging`, stagingLength),
        gather: memory.reserve(`client ${i} frame`, gather),
        firstBytes: memory.reserve(`client ${i} first bytes`, GUESS_LENGTH),
        transmit: new TransmitArea(memory, `client ${i} transmit`, transmit),
        occupant: undefined,
      });
    }
  }

  /**
   * @param memory that the server was given
   * @param log that its telemetry comes from
   * @throws TypeError or RangeError when a server of this framing cannot use the pool
   */
  check(memory: FixedMemory, framing: Framing, log: PacketLog | undefined): void {
    if (this.memory !== memory || (log !== undefined && log.bytes !== memory.bytes)) {
      throw new TypeError("memory, pool and telemetry must be of the same FixedMemory");
    }
    if (log !== undefined && this.maxTelemetryLength < log.maxPacketLength) {
      throw new RangeError(
        `the client pool is made for telemetry packets up to ${this.maxTelemetryLength} bytes, the log for ${log.maxPacketLength}`,
      );
    }
    if (this.gatherLength < framing.decoderMemory) {
      throw new RangeError(
        `the client pool is made for framings that gather ${this.gatherLength} bytes, ${framing.name} needs ${framing.decoderMemory}`,
      );
    }
  }
}
