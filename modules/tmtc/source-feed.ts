/**
 * Telemetry from a source that has to be asked: pulled into a log as fast as the log has room, so that the source's
 * packets reach several clients, and none is lost while there is no client.
 */
import type { PacketSource } from "./contracts.js";
import type { PacketLog } from "./packet-log.js";

/** Told by its method: not by its class, which a module loader may hold twice. */
export function isPacketSource(telemetry: PacketLog | PacketSource): telemetry is PacketSource {
  return typeof telemetry.next === "function";
}

export class SourceFeed {
  /** The source had nothing more when it was asked last. Set to false by who must ask again before relying on it. */
  exhausted = false;
  #log: PacketLog;
  #source: PacketSource;

  /** @param log of the policy `refuseNew`; under `dropOldest` a fast source would overwrite itself */
  constructor(log: PacketLog, source: PacketSource) {
    this.#log = log;
    this.#source = source;
  }

  /** Pulls until the source has nothing, or the log has no room. */
  fill(): void {
    const log = this.#log;
    this.exhausted = false;
    while (log.hasRoom(log.maxPacketLength)) {
      const at = log.reserve(log.maxPacketLength);
      const length = this.#source.next(log.bytes, at, at + log.maxPacketLength);
      if (length === 0) {
        this.exhausted = true;
        return;
      }
      log.commit(length);
    }
  }
}
