/** Sums over all connections of a client since it was made, the present one included; summed when asked for. */

import type { Connection } from "../connection/connection.js";
import type { FramePump } from "../connection/frame-pump.js";
import type { ClientTotals } from "./client-options.js";
import type { Heartbeat } from "./heartbeat.js";
import type { SentLedger } from "./sent-ledger.js";

export class LiveClientTotals implements ClientTotals {
  attempts = 0;
  connections = 0;
  errors = 0;
  readonly #connection: Connection;
  readonly #pump: FramePump;
  readonly #heartbeat: Heartbeat;
  readonly #ledger: SentLedger;
  /** What connections left that have ended. */
  #packetsReceived = 0;
  #packetsSent = 0;
  #heartbeats = 0;

  constructor(connection: Connection, pump: FramePump, heartbeat: Heartbeat, ledger: SentLedger) {
    this.#connection = connection;
    this.#pump = pump;
    this.#heartbeat = heartbeat;
    this.#ledger = ledger;
  }

  get packetsReceived(): number {
    return this.#packetsReceived + (this.#isOpen ? this.#connection.inbound.packets : 0);
  }

  get packetsSent(): number {
    return this.#packetsSent + (this.#isOpen ? this.#pump.packets : 0);
  }

  get heartbeats(): number {
    return this.#heartbeats + (this.#isOpen ? this.#heartbeat.count : 0);
  }

  get dropped(): number {
    return this.#ledger.allDropped;
  }

  /** Keeps what the connection counted, which is over. */
  keep(): void {
    this.#packetsReceived += this.#connection.inbound.packets;
    this.#packetsSent += this.#pump.packets;
    this.#heartbeats += this.#heartbeat.count;
  }

  /** A copy that stays as it is. */
  snapshot(): ClientTotals {
    const { attempts, connections, packetsReceived, packetsSent, heartbeats, dropped, errors } = this;
    return { attempts, connections, packetsReceived, packetsSent, heartbeats, dropped, errors };
  }

  get #isOpen(): boolean {
    return this.#connection.isEstablished;
  }
}
