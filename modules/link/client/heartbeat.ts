/** A packet that says "still here" when there was nothing else to send. It is sent now or never: no queue keeps it. */

import { checkRange } from "../../checks/options.js";
import type { FrameEncoder } from "../../framing/contract/framing.js";
import type { FixedMemory } from "../../memory/fixed-memory.js";
import type { TransmitArea } from "../../memory/socket-areas.js";
import type { FramePump } from "../connection/frame-pump.js";

export interface HeartbeatOptions {
  memory: FixedMemory;
  heartbeat?: Uint8Array;
  heartbeatMs?: number;
}

export class Heartbeat {
  /** Sent on this connection. */
  count = 0;
  #start = 0;
  #end = 0;
  #intervalMs: number;
  /** When something was last sent, as far as looking now and then can tell, and how many bytes had been by then. */
  #sentAt = 0;
  #sentBytes = 0;

  /** @throws RangeError for an interval out of its range, or a heartbeat that is no packet of the framing */
  constructor(options: HeartbeatOptions, encoder: FrameEncoder, area: TransmitArea) {
    const { memory, heartbeat } = options;
    this.#intervalMs = checkRange("heartbeatMs", options.heartbeatMs ?? 1000, 100, 86_400_000);
    if (heartbeat !== undefined) {
      this.#start = memory.reserve("heartbeat", heartbeat.length);
      this.#end = this.#start + heartbeat.length;
      memory.bytes.set(heartbeat, this.#start);
      if (heartbeat.length === 0 || encoder.encode(this.#start, this.#end, area.start, area.limit) < 0) {
        throw new RangeError(`heartbeat: these ${heartbeat.length} bytes are no packet of the framing`);
      }
    }
  }

  /** A connection begins. */
  begin(now: number): void {
    this.count = 0;
    this.#sentAt = now;
    this.#sentBytes = 0;
  }

  /** @param bytes sent on this connection so far */
  isDue(now: number, bytes: number): boolean {
    if (bytes !== this.#sentBytes) {
      this.#sentBytes = bytes;
      this.#sentAt = now;
    }
    return this.#end > this.#start && now - this.#sentAt >= this.#intervalMs;
  }

  /** False when something else waits to be sent: then there is no need for it. */
  insert(pump: FramePump): boolean {
    return pump.insert(this.#start, this.#end);
  }

  /** @param bytes sent on this connection, this one included as far as the socket took it */
  inserted(now: number, bytes: number): void {
    this.count++;
    this.#sentAt = now;
    this.#sentBytes = bytes;
  }
}
