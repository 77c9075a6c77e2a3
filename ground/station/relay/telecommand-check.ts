/** What a relay port passes on to the board: sound telecommands for it, and nothing else. */
import { apid } from "../../../modules/ccsds/primary-header.js";
import { unsoundness } from "../../ports/telecommand-check.js";

export const OTHER_APID = "otherApid";

/**
 * @param own APID of the board
 * @returns why the packet `bytes[start, end)` is not passed on, in one word; undefined: it is
 */
export function refusalOf(bytes: Uint8Array, start: number, end: number, own: number): string | undefined {
  return unsoundness(bytes, start, end) ?? (apid(bytes, start) === own ? undefined : OTHER_APID);
}
