/** What a port for tools passes on: sound telecommands, and nothing else. */
import { PUS_STATUS_NAMES, UNSUPPORTED_PUS_VERSION } from "../../modules/pus/packet-status.js";
import { checkTelecommand } from "../../modules/pus/telecommand.js";

/**
 * A telecommand that is no PUS-C, or a segment, is what its sender meant: the board answers it.
 * @returns why the packet `bytes[start, end)` is no sound telecommand, in one word; undefined: it is one
 */
export function unsoundness(bytes: Uint8Array, start: number, end: number): string | undefined {
  const status = checkTelecommand(bytes, start, end);
  return status !== 0 && status < UNSUPPORTED_PUS_VERSION ? PUS_STATUS_NAMES[status]! : undefined;
}
