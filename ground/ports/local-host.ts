/** What nobody beyond this computer can reach. */
import { isIP } from "node:net";

/** Whether nobody beyond this computer can reach what is bound there. */
export function isLocal(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
