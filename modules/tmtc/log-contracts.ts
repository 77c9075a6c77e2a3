/** What the telemetry log, those who read it and those who write it agree on. */

/**
 * What happens to telemetry that the ring has no room for. `dropOldest` overwrites the oldest packet. `refuseNew` keeps
 * every packet until it was given to a client and no client still has to read it, and refuses the new one meanwhile;
 * a client that stays connected and does not read holds it up, so give its server an idle timeout.
 */
export type LogPolicy = "dropOldest" | "refuseNew";

/** Told what becomes of the telemetry. Must not throw; the last two must not write to the log. */
export interface LogListener {
  /** There is some to read. */
  packetsReady(): void;
  /** Packets below this number were taken by some reader's socket. */
  packetsGiven?(number: number): void;
  /** A reader passed over the packet of this number: in its framing it cannot be sent. */
  packetRejected?(number: number): void;
}

/** What the log must know of those who read it. It asks and tells only readers that are open. */
export interface LogReader {
  /** True: the reader has still to read the packet of that number. */
  needs(number: number): boolean;
  /** The same, and it has taken something within so many milliseconds, or had nothing to take. */
  awaits(number: number, sinceMs: number): boolean;
  /** The time, now and then. */
  tick(now: number): void;
  /** The packet to come does not stand at the log's head, but at `at`. */
  wrapped(at: number): void;
}
