/** Why a connection ended that nobody here closed, in words. */
import type { ClientReport } from "../../modules/link/client/client-options.js";

export function lostText({ reason, code }: Pick<ClientReport, "reason" | "code">): string {
  switch (reason) {
    case "peerClosed":
      return "the board closed the connection";
    case "forged":
      return "the connection was ended: telemetry came that the key does not open; are --telemetry-key and --telemetry-spi right?";
    default:
      return `the connection was lost${code === undefined ? "" : ` (${code})`}`;
  }
}
