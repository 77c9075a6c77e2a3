/**
 * A validator for space packets that end with their CRC-16, the packet error control of ECSS-E-ST-70-41C. With it the
 * decoder finds out by itself that a length was wrong: what such a length gathered does not fit its last two octets.
 *
 * Every packet of the stream is held to it. An idle packet without a CRC is damage too: to let it pass for its APID
 * would let a wrong length pass with it.
 */
import { hasValidCrc16 } from "../../ccsds/crc16.js";
import { ACCEPT_PACKET, type PacketVerdict, REJECT_PACKET } from "../contract/packet-check.js";

export function crcValidator(bytes: Uint8Array, start: number, end: number): PacketVerdict {
  return hasValidCrc16(bytes, start, end) ? ACCEPT_PACKET : REJECT_PACKET;
}
