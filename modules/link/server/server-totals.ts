/** Sums over all connections of a server since it was made, the open ones included. Read one at a time: each is summed when asked for. */
import type { Connection } from "../connection/connection.js";

/** The sums as plain data, for people. */
export interface ServerTotals {
  readonly connections: number;
  /** Connected now. */
  readonly clients: number;
  /** Clients turned away: one too many. */
  readonly refusedClients: number;
  /** Clients turned away: they came from an address that is held, because frames were forged from there. */
  readonly heldClients: number;
  readonly telecommands: number;
  readonly telemetry: number;
  readonly telemetrySkipped: number;
  /** Exceptions caught at the platform's entries. */
  readonly errors: number;
  /** Framing rejections by cause, those that happened. */
  readonly rejections: Record<string, number>;
}

function telecommands(connection: Connection): number {
  return connection.inbound.packets;
}
function telemetry(connection: Connection): number {
  return connection.pump?.packets ?? 0;
}
function telemetrySkipped(connection: Connection): number {
  return connection.pump?.cursor.skipped ?? 0;
}
function rejected(connection: Connection, cause: number): number {
  return connection.inbound.decoder.counters.rejected[cause]!;
}

export class Totals implements ServerTotals {
  connections = 0;
  clients = 0;
  refusedClients = 0;
  heldClients = 0;
  errors = 0;
  /** Causes of framing rejections. */
  readonly reasons: readonly string[];
  readonly #open: readonly Connection[];
  /** What connections left that have ended. */
  #telecommands = 0;
  #telemetry = 0;
  #telemetrySkipped = 0;
  readonly #rejected: number[];

  /** @param connections of the server, used again and again */
  constructor(reasons: readonly string[], connections: readonly Connection[]) {
    this.reasons = reasons;
    this.#open = connections;
    this.#rejected = reasons.map(() => 0);
  }

  get telecommands(): number {
    return this.#telecommands + this.#sum(telecommands);
  }

  get telemetry(): number {
    return this.#telemetry + this.#sum(telemetry);
  }

  get telemetrySkipped(): number {
    return this.#telemetrySkipped + this.#sum(telemetrySkipped);
  }

  get rejections(): Record<string, number> {
    const byReason: Record<string, number> = {};
    for (let k = 0; k < this.reasons.length; k++) {
      const count = this.rejected(k);
      if (count > 0) {
        byReason[this.reasons[k]!] = count;
      }
    }
    return byReason;
  }

  /** @param cause index in `reasons` */
  rejected(cause: number): number {
    return this.#rejected[cause]! + this.#sum(rejected, cause);
  }

  /** Keeps what a connection counted that is over. */
  keep(connection: Connection): void {
    this.#telecommands += connection.inbound.packets;
    this.#telemetry += telemetry(connection);
    this.#telemetrySkipped += telemetrySkipped(connection);
    const { rejected } = connection.inbound.decoder.counters;
    for (let k = 0; k < rejected.length; k++) {
      this.#rejected[k] = this.#rejected[k]! + rejected[k]!;
    }
  }

  /** A copy that stays as it is. */
  snapshot(): ServerTotals {
    const { connections, clients, refusedClients, heldClients, telecommands, telemetry, telemetrySkipped } = this;
    const { errors, rejections } = this;
    return {
      connections,
      clients,
      refusedClients,
      heldClients,
      telecommands,
      telemetry,
      telemetrySkipped,
      errors,
      rejections,
    };
  }

  /** @param count one of the functions above: a closure for each sum would be garbage */
  #sum(count: (connection: Connection, cause: number) => number, cause = 0): number {
    let sum = 0;
    for (let i = 0; i < this.#open.length; i++) {
      const connection = this.#open[i]!;
      sum += connection.isOpen ? count(connection, cause) : 0;
    }
    return sum;
  }
}
