/** How long packets may be. */
import { MAX_SPACE_PACKET_LENGTH } from "../../ccsds/primary-header.js";
import { checkRange } from "../../checks/options.js";

/** Longest packet of any framing, in bytes: the longest space packet. */
export const MAX_PACKET_LENGTH = MAX_SPACE_PACKET_LENGTH;

/**
 * @param framing its name, for the error
 * @param value undefined: 1024
 * @throws TypeError or RangeError when it is none from 1 to `MAX_PACKET_LENGTH`
 */
export function checkMaxPacketLength(framing: string, value = 1024): number {
  return checkRange(`${framing}: maxPacketLength (bytes)`, value, 1, MAX_PACKET_LENGTH);
}
