/** What may be wrong when pings are not answered: people get the framing, the port or the APID wrong before anything else. */
import { framingTitle, guessableName, guessFraming } from "../../modules/framing/guess/guess.js";
import { usualFraming } from "../link/link-options.js";
import type { PingSummary } from "./ping-lines.js";
import type { PingLink } from "./ping-link.js";
import type { PingOptions } from "./ping-options.js";
import type { Pinger } from "./pinger.js";

export interface PingResult {
  readonly options: PingOptions;
  readonly link: Pick<PingLink, "firstBytes" | "hasFrames">;
  readonly pinger: Pinger;
  readonly summary: PingSummary;
  /** The board has closed the connection. */
  readonly closed: boolean;
}

/** @returns a hint, which names the option that helps; undefined: there is none */
export function pingHint(result: PingResult): string | undefined {
  const { options, link, pinger, summary, closed } = result;
  const { framing, framingText, port, apid, timeCode, key } = options;
  const { firstBytes, hasFrames } = link;
  if (summary.sent === 0) {
    return undefined;
  }
  if (pinger.otherTimeCode > 0) {
    return `the time stamps are not ${timeCode.name}: see --time-code`;
  }
  if (summary.unknownApid > 0) {
    return `the board has no APID ${apid}: see --apid`;
  }
  if (summary.reports > 0) {
    return undefined;
  }
  if (firstBytes.length === 0) {
    return closed ? "nothing came before: it may have as many clients as it takes" : nothingCame(port, framing.name);
  }
  if (pinger.otherTelemetry > 0 && key !== undefined) {
    return `the board sends telemetry, and none about the ping: are --key and --spi ${key.spi} the board's, and is its APID ${apid}?`;
  }
  if (pinger.otherTelemetry > 0) {
    return `the board sends telemetry, and none about the ping: is its APID ${apid}? See --apid`;
  }
  const guess = guessFraming(firstBytes, 0, firstBytes.length);
  const own = guessableName(framing);
  if (guess !== undefined && guess !== own) {
    return `what came looks like ${framingTitle(guess)}, not like ${framingTitle(own)}: see --framing`;
  }
  if (!hasFrames) {
    return `what came is not ${framingText}: see --framing`;
  }
  return `what came in ${framingText} is no sound PUS telemetry: see --framing, and its crc`;
}

function nothingCame(port: number, framing: string): string {
  const usual = usualFraming(port);
  const known = usual === undefined || usual === framing ? "" : ` (port ${port} usually is ${usual})`;
  return `nothing came at all: are --framing and --port right${known}, and has the board a place for one client more?`;
}
