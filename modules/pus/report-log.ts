/** Where reports are built: the part of the telemetry log that the report writer needs. */
export interface ReportLog {
  /** The memory that the log lies in. */
  readonly bytes: Uint8Array;
  /**
   * Sets room aside for the packet that is built next; has no effect until `commit`.
   * @param length most bytes that the packet can have
   * @returns its offset in `bytes`, or -1 when the log does not take it
   */
  reserve(length: number): number;
  /** The packet is complete: the first `length` bytes of what was reserved. */
  commit(length: number): void;
  /** `refuseNew`: the log may have no room, and telecommands wait until `hasRoom`. Left out: it always makes room. */
  readonly policy?: "dropOldest" | "refuseNew";
  /** Longest packet, in bytes; most that `hasRoom` may be asked for. Left out: no limit. */
  readonly maxPacketLength?: number;
  /** Whether `reserve` would succeed; counts nothing. */
  hasRoom?(length: number): boolean;
  /** Whether so many bytes can be committed before what this event committed is overwritten. Left out: always. */
  fitsTurn?(length: number): boolean;
}
