/**
 * The housekeeping beacon: what the board knows of itself, as one space packet.
 *
 * Its layout is the table that `beaconFields` returns, and nothing else: big-endian unsigned numbers, one after the
 * other, behind the primary header.
 */
import { PRIMARY_HEADER_LENGTH, TELEMETRY, UNSEGMENTED, writePrimaryHeader } from "../ccsds/primary-header.js";
import type { SequenceCounters } from "../ccsds/sequence-counters.js";
import type { TmtcServer } from "../link/tmtc-server.js";
import type { TelemetryLog } from "../tmtc/telemetry-log.js";

/** One number of the beacon. A value that is too large for its width shows the largest number. */
export interface BeaconField {
  readonly name: string;
  /** 1, 2 or 4 bytes. */
  readonly width: number;
  read(): number;
}

/**
 * @param uptimeMs milliseconds since the application started
 * @returns the fields, in the order of the wire
 */
export function beaconFields(uptimeMs: () => number, log: TelemetryLog, servers: readonly TmtcServer[]): BeaconField[] {
  const sum = (read: (server: TmtcServer) => number) => (): number => {
    let total = 0;
    for (let i = 0; i < servers.length; i++) {
      total += read(servers[i] as TmtcServer);
    }
    return total;
  };
  const fields: BeaconField[] = [
    { name: "uptimeMs", width: 4, read: uptimeMs },
    { name: "telecommands", width: 4, read: sum((server) => server.totals.telecommands) },
    { name: "telemetry", width: 4, read: sum((server) => server.totals.telemetry) },
    { name: "clients", width: 1, read: sum((server) => server.totals.clients) },
    { name: "refusedClients", width: 2, read: sum((server) => server.totals.refusedClients) },
    { name: "errors", width: 2, read: sum((server) => server.totals.errors) },
    { name: "logUsed", width: 4, read: () => log.used },
    { name: "logWaiting", width: 2, read: () => log.waiting },
    { name: "logDropped", width: 4, read: () => log.dropped },
  ];
  for (const server of servers) {
    server.totals.reasons.forEach((reason, k) => {
      fields.push({ name: `${server.name}.${reason}`, width: 2, read: () => server.totals.rejected[k] as number });
    });
  }
  return fields;
}

export class Beacon {
  readonly fields: readonly BeaconField[];
  /** Bytes of the whole packet. */
  readonly packetLength: number;
  readonly apid: number;
  #log: TelemetryLog;
  #counters: SequenceCounters;

  /** @throws RangeError when the fields do not fit a telemetry packet */
  constructor(log: TelemetryLog, counters: SequenceCounters, apid: number, fields: readonly BeaconField[]) {
    this.#log = log;
    this.#counters = counters;
    this.apid = apid;
    this.fields = fields;
    this.packetLength = fields.reduce((length, field) => length + field.width, PRIMARY_HEADER_LENGTH);
    if (this.packetLength > log.maxPacketLength) {
      throw new RangeError(
        `the beacon has ${this.packetLength} bytes, but max_telemetry allows ${log.maxPacketLength}: raise it, or name fewer ports`,
      );
    }
  }

  /** Puts one beacon into the log. False when the log has no room. */
  send(): boolean {
    const at = this.#log.reserve(this.packetLength);
    if (at < 0) {
      return false;
    }
    const bytes = this.#log.bytes;
    const count = this.#counters.next(this.apid);
    const dataLength = this.packetLength - PRIMARY_HEADER_LENGTH;
    writePrimaryHeader(bytes, at, TELEMETRY, false, this.apid, UNSEGMENTED, count, dataLength);
    let to = at + PRIMARY_HEADER_LENGTH;
    for (let i = 0; i < this.fields.length; i++) {
      const field = this.fields[i] as BeaconField;
      const limit = 2 ** (8 * field.width) - 1;
      let value = Math.floor(field.read());
      value = value > limit ? limit : value;
      for (let shift = field.width - 1; shift >= 0; shift--) {
        bytes[to++] = value / 2 ** (8 * shift);
      }
    }
    this.#log.commit(this.packetLength);
    return true;
  }
}
