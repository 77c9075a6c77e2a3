/** The contracts between the link and what lies behind it: where telecommands go, where telemetry comes from. */

import type { Receipt } from "../ccsds/packet-services.js";

export type { Receipt } from "../ccsds/packet-services.js";

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
