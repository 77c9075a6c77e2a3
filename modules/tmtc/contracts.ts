/** The contracts between the link and what lies behind it: where telecommands go, where telemetry comes from. */

/** Of a packet whose frame was authenticated (CCSDS 355.0-B-2): who sent it, and that it is taken once only. Valid during `accept`. */
export interface Receipt {
  /** Security parameter index of the association that the frame came under. */
  readonly spi: number;
  /**
   * What the packet says is carried out from here on: its frame is never taken again, even after a restart. Whoever carries
   * out calls this first. Where a sink does not, the connection does when the sink has taken the packet. Calling it again changes
   * nothing.
   * @returns false: the packet must not be carried out. Its frame, or a later one, was taken meanwhile on another connection,
   *   its association was retired, or nobody could keep that it is taken
   */
  commit(): boolean;
}

/** Takes complete packets. */
export interface PacketSink {
  /**
   * @param bytes the memory; the packet is `bytes[start, end)`, valid only during the call
   * @param from number of the connection that the packet came from
   * @param kind which of its framing's kinds of frame the packet came in; 0, or left out, where there is only one
   * @param judged what is known of the packet and need not be looked at, `_JUDGED` bits (`ccsds/judgements.ts`). Decoders
   *   leave it out: nothing is known; `TelecommandRouter.behind` adds what the framing says
   * @param receipt of a packet that came in an authenticated frame; undefined: nobody knows who sent it
   * @returns false: not now, offer the same packet again later. The connection stops reading meanwhile, until
   *   `TmtcServer.resume()`
   */
  accept(
    bytes: Uint8Array,
    start: number,
    end: number,
    from: number,
    kind?: number,
    judged?: number,
    receipt?: Receipt,
  ): boolean;
}

/** Telemetry that cannot say when it has something: it is asked. */
export interface PacketSource {
  /**
   * Writes the next packet to `bytes[start, limit)`.
   * @returns the packet's length in bytes, or 0 when there is none now
   */
  next(bytes: Uint8Array, start: number, limit: number): number;
}
