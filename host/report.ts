/** The simulator's log: lines for people, or one JSON object a line for programs. */
import type { FlatsatEvent } from "../modules/flatsat/application.js";
import { describeKeys } from "../modules/flatsat/board-keys.js";
import type { MemoryEvent } from "./engine/flatsat.js";

/** What the simulator tells of itself. */
export type SimulatorEvent =
  | { readonly event: "engine"; readonly engine: string; readonly version: string }
  /** Not the engine that was hoped for. */
  | { readonly event: "fallback"; readonly engine: string; readonly reason: string }
  /** A command to paste. */
  | { readonly event: "try"; readonly command: string };

export type LogEvent = FlatsatEvent | MemoryEvent | SimulatorEvent;

export interface ReportOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly write: (line: string) => void;
}

/** Events that a quiet log still prints. */
const ESSENTIAL: readonly LogEvent["event"][] = ["listening", "open", "noKey", "error", "fallback"];

export class Report {
  readonly #options: ReportOptions;

  constructor(options: ReportOptions) {
    this.#options = options;
  }

  log(event: LogEvent): void {
    const { json, quiet, write } = this.#options;
    if (quiet && !ESSENTIAL.includes(event.event)) {
      return;
    }
    write(json ? JSON.stringify({ time: new Date().toISOString(), ...event }) : describe(event));
  }
}

function describe(event: LogEvent): string {
  switch (event.event) {
    case "engine":
      return `engine ${event.engine}: ${event.version}`;
    case "fallback":
      return `running on ${event.engine}, not on XS: ${event.reason}`;
    case "memory":
      return describeMemory(event);
    case "listening": {
      const { address, port, framing, maxClients, role } = event;
      return `listening on ${address} port ${port}: ${framing}, up to ${maxClients} clients${ROLES[role]}`;
    }
    case "open":
    case "noKey":
      return describeKeys(event);
    case "try":
      return `try it:\n  ${event.command}`;
    case "connected":
      return `${now()} connected ${connectionName(event)} from ${event.remoteAddress} port ${event.remotePort}`;
    case "disconnected":
      return describeReport(event);
    case "hint":
      return `${now()} hint ${connectionName(event)}: ${event.hint}`;
    case "time":
      return `${now()} time ${new Date(event.unixMs).toISOString()} from ${event.server}`;
    case "noTime":
      return `${now()} no time from ${event.server}`;
    case "message":
      return `${now()} board: ${printable(event.text)}`;
    case "error":
      return `${now()} error${event.server === undefined ? "" : ` ${event.server}`}${event.connection === undefined ? "" : ` #${event.connection}`}: ${printable(event.message)}`;
    case "stopped":
      return `stopped: ${event.telecommands} TC received, ${event.telemetry} TM sent, ${event.telemetryDropped} TM dropped`;
    default:
      return JSON.stringify(event);
  }
}

/** A board's own text is shown, on one line, and does not move the cursor. */
function printable(text: string): string {
  return Array.from(text, (character) => {
    const point = character.codePointAt(0)!;
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ? " " : character;
  }).join("");
}

const ROLES = { tmtc: "", tc: ", telecommands only", tm: ", telemetry only" };

function describeMemory({ capacity, used, regions }: MemoryEvent): string {
  const width = Math.max(...regions.map((region) => region.name.length));
  const digits = String(capacity).length;
  const lines = regions.map(({ name, length }) => `  ${name.padEnd(width)} ${String(length).padStart(digits)}`);
  return [`memory ${capacity} bytes, ${used} in use, ${capacity - used} free:`, ...lines].join("\n");
}

function describeReport(report: Extract<FlatsatEvent, { event: "disconnected" }>): string {
  const parts = [
    `${report.telecommands} TC received`,
    `${report.telemetry} TM sent`,
    `${report.bytesReceived} bytes in`,
    `${report.bytesSent} bytes out`,
  ];
  for (const [reason, count] of Object.entries(report.rejections)) {
    parts.push(`${count} rejected: ${reason}`);
  }
  for (const [count, what] of [
    [report.bytesDropped, "bytes dropped"],
    [report.telemetrySkipped, "TM skipped"],
    [report.packetRejected, "TM not sendable"],
    [report.writesRefused, "writes refused"],
  ]) {
    if (count !== 0) {
      parts.push(`${count} ${what}`);
    }
  }
  if (report.hint !== undefined) {
    parts.push(report.hint);
  }
  const seconds = (report.durationMs / 1000).toFixed(1);
  return `${now()} disconnected ${connectionName(report)} after ${seconds} s, ${report.reason}: ${parts.join(", ")}`;
}

function connectionName({ server, connection }: { readonly server: string; readonly connection: number }): string {
  return `${server} #${connection}`;
}

/** Time of day. */
function now(): string {
  return new Date().toTimeString().slice(0, 8);
}
