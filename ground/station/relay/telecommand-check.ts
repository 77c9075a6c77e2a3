/** What a relay port passes on to the board: sound telecommands for it, and nothing else. */
import { apid } from "../../../modules/ccsds/primary-header.js";
import { PUS_STATUS_NAMES, UNSUPPORTED_PUS_VERSION } from "../../../modules/pus/packet-status.js";
import { checkTelecommand } from "../../../modules/pus/telecommand.js";

export const OTHER_APID = "otherApid";

/**
 * A telecommand that is no PUS-C, or a segment, is what its sender meant: the board answers it.
 * @param own APID of the board
 * @returns why the packet `bytes[start, end)` is not passed on, in one word; undefined: it is
 */
export function refusalOf(bytes: Uint8Array, start: number, end: number, own: number): string | undefined {
  const status = checkTelecommand(bytes, start, end);
  if (status !== 0 && status < UNSUPPORTED_PUS_VERSION) {
    return PUS_STATUS_NAMES[status]!;
  }
  return apid(bytes, start) === own ? undefined : OTHER_APID;
}
