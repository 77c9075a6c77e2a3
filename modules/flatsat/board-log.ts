/** What a board traces of itself: one line for each event. */
import type { FlatsatEvent } from "./application.js";
import { describeKeys } from "./board-keys.js";

export function describeEvent(event: FlatsatEvent): string {
  switch (event.event) {
    case "listening":
      return `listening on port ${event.port}, ${event.framing}, up to ${event.maxClients} clients`;
    case "connected":
      return `${event.server}: connection ${event.connection} from ${event.remoteAddress}:${event.remotePort}`;
    case "disconnected":
      return (
        `${event.server}: connection ${event.connection} ended (${event.reason}): ${event.telecommands} TC, ` +
        `${event.telemetry} TM, ${event.bytesDropped} bytes dropped${event.hint === undefined ? "" : `, ${event.hint}`}`
      );
    case "hint":
      return `${event.server}: connection ${event.connection} ${event.hint}`;
    case "open":
    case "noKey":
      return describeKeys(event);
    case "time":
      return `time: ${new Date(event.unixMs).toISOString()} from ${event.server}`;
    case "noTime":
      return `time: none from ${event.server}`;
    case "message":
      return `board: ${event.text}`;
    case "error":
      return `error: ${event.message}`;
    default:
      return "stopped";
  }
}
