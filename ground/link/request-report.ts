/** Which telecommand a report (ST[01]) is about. */
import { CRC16_LENGTH, hasValidCrc16 } from "../../modules/ccsds/crc16.js";
import { packetType, TELEMETRY } from "../../modules/ccsds/primary-header.js";
import { VERIFICATION_SERVICE } from "../../modules/pus/messages/st01-messages.js";
import { requestId } from "../../modules/pus/telecommand.js";
import { TIME_STAMP_OFFSET, telemetryServiceType } from "../../modules/pus/telemetry.js";

/** Octets of a request ID (ECSS-E-ST-70-41C, 8.1.2.1). */
export const REQUEST_ID_LENGTH = 4;

/**
 * @param at offset of the request ID, with which the source data of each of these reports begins: behind the time stamp
 * @returns the request ID; undefined: the packet is no such report, or is damaged
 */
export function reportedRequest(packet: Uint8Array, at: number): number | undefined {
  return at > TIME_STAMP_OFFSET &&
    packet.length >= at + REQUEST_ID_LENGTH + CRC16_LENGTH &&
    packetType(packet, 0) === TELEMETRY &&
    telemetryServiceType(packet, 0) === VERIFICATION_SERVICE &&
    hasValidCrc16(packet, 0, packet.length)
    ? requestId(packet, at)
    : undefined;
}
