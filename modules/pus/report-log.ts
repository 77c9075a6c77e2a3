/** Where reports are built: the part of the telemetry log that the report writer needs. */
export interface ReportLog {
  /** The memory that the log lies in. */
  readonly bytes: Uint8Array;
  /** Longest packet that it takes, in octets. Left out: any. */
  readonly maxPacketLength?: number;
  /**
   * Sets room aside for the packet that is built next; has no effect until `commit`.
   * @param length most bytes that the packet can have
   * @returns its offset in `bytes`, or -1 when the log does not take it
   */
  reserve(length: number): number;
  /** The packet is complete: the first `length` bytes of what was reserved. */
  commit(length: number): void;
  /**
   * Whether so many reports, `length` bytes in all, may be written now; if not, the telecommand that leads to them waits.
   * Left out: always.
   */
  admits?(length: number, packets: number): boolean;
}
