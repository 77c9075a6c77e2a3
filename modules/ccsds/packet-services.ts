/**
 * The four functions of the Space Packet Protocol, as contracts (CCSDS 133.0-B-2, 4.2 and 4.3).
 *
 * ```
 * sending end:    octet string -> packet assembly -> packet transfer -> the link
 * receiving end:  the link -> packet reception -> packet extraction -> octet string
 * ```
 *
 * A user of the Packet Service hands over whole packets and skips assembly and extraction. All bytes stay where they
 * are: an octet string lies where its packet will be, with room for the primary header before it.
 */
import type { PacketType, SequenceFlags } from "./primary-header.js";

/** Builds space packets from octet strings (4.2.2). Keeps the packet sequence counts. */
export interface PacketAssembly {
  /**
   * Writes the primary header before the octet string `bytes[start + 6, end)`, which makes a packet of `bytes[start, end)`.
   * @returns 0, or the `ConstructStatus` that says why not; then no sequence count is used up
   */
  assemble(
    bytes: Uint8Array,
    start: number,
    end: number,
    packetType: PacketType,
    secondaryHeaderFlag: boolean,
    apid: number,
    sequenceFlags: SequenceFlags,
  ): number;
}

/** Sends packets towards their destination, which the APID tells (4.2.3). */
export interface PacketTransfer {
  /** @returns false: there is no way to it, or no room on the way */
  transfer(bytes: Uint8Array, start: number, end: number): boolean;
}

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

/** Takes packets from the link and gives each to the user that its APID names (4.3.3). */
export interface PacketReception {
  /**
   * @param from where it came from, a number that the user may want to know
   * @param kind which of several kinds of frame it came in; 0, or left out, where there is only one
   * @param judged what is known of it, `_JUDGED` bits; left out: nothing
   * @param receipt of a packet that came in an authenticated frame; left out: nobody knows who sent it
   * @returns false: the user cannot take it now, offer it again later
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

/** Takes the octet string out of a packet (4.3.2). Watches the packet sequence counts. */
export interface PacketExtraction {
  /**
   * Looks at a packet that was checked; its octet string is `bytes[start + 6, end of the packet)`.
   * @param from where it came from; left out where nobody needs to know
   * @returns the data loss indicator: packets missing right before this one, 0 when none is
   */
  extract(bytes: Uint8Array, start: number, from?: number): number;
}

/** A user of the Packet Service at the receiving end. */
export type PacketUser = PacketReception;
