/** Sends every telecommand back as telemetry: same APID, same data, a sequence count of the telemetry's own. */
import { apid, packetLength, setPacketSequenceCount, setPacketType, TELEMETRY } from "../ccsds/primary-header.js";
import { NO_COUNTER, type SequenceCounters } from "../ccsds/sequence-counters.js";
import type { PacketSink } from "../tmtc/contracts.js";
import type { TelemetryLog } from "../tmtc/telemetry-log.js";

export class Echo implements PacketSink {
  /** Telecommands echoed. */
  echoed = 0;
  /** Telecommands that cannot be echoed: longer than telemetry may be, or no whole space packet. */
  rejected = 0;
  #log: TelemetryLog;
  #counters: SequenceCounters;

  constructor(log: TelemetryLog, counters: SequenceCounters) {
    this.#log = log;
    this.#counters = counters;
  }

  accept(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length < 7 || packetLength(bytes, start) !== length || length > this.#log.maxPacketLength) {
      this.rejected++;
      return true;
    }
    const at = this.#log.reserve(length);
    if (at < 0) {
      // The log keeps what is in it: the telecommand waits until a client made room by reading.
      return false;
    }
    bytes.copyWithin(at, start, end);
    setPacketType(bytes, at, TELEMETRY);
    const count = this.#counters.next(apid(bytes, at));
    if (count !== NO_COUNTER) {
      setPacketSequenceCount(bytes, at, count);
    }
    this.#log.commit(length);
    this.echoed++;
    return true;
  }
}
