/** A packet of a board, looked at once for the clients of all its relay ports. */
import { CRC16_LENGTH, hasValidCrc16 } from "../../../modules/ccsds/crc16.js";
import { apid, packetType, TELEMETRY } from "../../../modules/ccsds/primary-header.js";
import { VERIFICATION_SERVICE } from "../../../modules/pus/messages/st01-messages.js";
import { requestId } from "../../../modules/pus/telecommand.js";
import { TIME_STAMP_OFFSET, telemetryMessageSubtype, telemetryServiceType } from "../../../modules/pus/telemetry.js";

const REQUEST_ID_LENGTH = 4;

export interface BoardPacket {
  readonly bytes: Uint8Array;
  /** It counts in the board's sequence count, and its CRC is right. What is damaged is passed on as it came. */
  readonly isCounted: boolean;
  /** Of a report on a telecommand (ST[01]). */
  readonly report?: { readonly subtype: number; readonly requestId: number; readonly offset: number };
}

/** Which telemetry is a board's. */
export interface BoardConventions {
  readonly apid: number;
  /** Octets of the time stamp. */
  readonly stampLength: number;
}

/** By the headers alone: a wrong dictionary must not tell one client's reports to another. */
export function lookAt(bytes: Uint8Array, { apid: own, stampLength }: BoardConventions): BoardPacket {
  const offset = TIME_STAMP_OFFSET + stampLength;
  const isCounted =
    bytes.length >= offset + CRC16_LENGTH &&
    packetType(bytes, 0) === TELEMETRY &&
    apid(bytes, 0) === own &&
    hasValidCrc16(bytes, 0, bytes.length);
  if (
    !isCounted ||
    telemetryServiceType(bytes, 0) !== VERIFICATION_SERVICE ||
    bytes.length < offset + REQUEST_ID_LENGTH + CRC16_LENGTH
  ) {
    return { bytes, isCounted };
  }
  const report = { subtype: telemetryMessageSubtype(bytes, 0), requestId: requestId(bytes, offset), offset };
  return { bytes, isCounted, report };
}
