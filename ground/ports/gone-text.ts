/** Why a tool is not served any more, and what it did not get, for the log of its port. */
import type { PacedReport } from "./paced-report.js";
import type { Gone, GoneReason, ToolClient } from "./tool-client.js";

/** @param framingText of the port */
export function tellGone(
  paced: Pick<PacedReport<GoneReason | "unsendable">, "add">,
  { address, unsendable }: Pick<ToolClient, "address" | "unsendable">,
  { reason, text }: Gone,
  framingText: string,
): void {
  if (text !== undefined) {
    paced.add(reason, `${address} was disconnected: ${text}`);
  }
  if (unsendable > 0) {
    paced.add("unsendable", `${address} did not get ${unsendable} packets, which ${framingText} cannot carry`);
  }
}
