/**
 * The board's telemetry and telecommands, defined once, as data: parameters, housekeeping structures, events,
 * functions. The services run on these tables, and ground configuration is made from them.
 */
import type { SequenceWatch } from "../ccsds/packet-functions.js";
import type { TmtcServer } from "../link/server/tmtc-server.js";
import {
  type EventDefinition,
  type FunctionDefinition,
  type HousekeepingStructureDefinition,
  INFORMATIVE,
  LOW_SEVERITY,
  MEDIUM_SEVERITY,
  type ParameterDefinition,
  type ValueLabel,
} from "../pus/definitions.js";
import type { PusDispatcher } from "../pus/dispatcher.js";
import type { ReportWriter } from "../pus/report-writer.js";
import type { PacketLog } from "../tmtc/packet-log.js";
import type { ResettableCounters } from "./counters.js";
import { type BoardPlatform, RESET_REASONS } from "./platform.js";
import { platformParameters } from "./platform-definitions.js";
import { PortRejections } from "./port-rejections.js";
import {
  MAX_IDLE_TIMEOUT_MS,
  MAX_PARTIAL_FRAME_TIMEOUT_MS,
  MIN_IDLE_TIMEOUT_MS,
  MIN_PARTIAL_FRAME_TIMEOUT_MS,
} from "./settings.js";

/** What the definitions read and change. */
export interface Board {
  /** Milliseconds since boot. */
  uptimeMs(): number;
  readonly log: PacketLog;
  readonly servers: readonly TmtcServer[];
  readonly reports: ReportWriter;
  readonly extraction: SequenceWatch;
  /** Made after the definitions that it runs on; read when a telecommand or a report needs it. */
  readonly dispatcher: PusDispatcher;
  readonly counters: ResettableCounters;
  readonly platform: BoardPlatform;
  /** Raises an event. */
  raise(id: number, value0?: number, value1?: number, value2?: number, value3?: number): void;
}

export const HOUSEKEEPING_STRUCTURE = 1;

export const EVENT_RESTART = 1;
export const EVENT_CLIENT_CONNECTED = 2;
export const EVENT_CLIENT_LOST = 3;
export const EVENT_FRAMING_DAMAGE = 4;
export const EVENT_TELEMETRY_DROPPED = 5;
export const EVENT_TEST = 6;

/** Rejections of port n, by cause, are parameters 256 * (n + 1) and on. */
const PORT_PARAMETERS = 256;

const PORT_FIELD = Object.freeze({ name: "port", type: "uint16" } as const);
const CONNECTION_FIELD = Object.freeze({ name: "connection", type: "uint32" } as const);

/** The reasons for which a connection ends, by their number in event 3. */
export const END_REASONS = Object.freeze([
  "peerClosed",
  "connectionLost",
  "error",
  "idle",
  "replaced",
  "stopped",
  "reserved",
] as const);

export const EVENTS: readonly EventDefinition[] = Object.freeze([
  event(EVENT_RESTART, "restart", INFORMATIVE, "The application has started.", [
    Object.freeze({ name: "resetReason", type: "uint8", labels: labels(RESET_REASONS) } as const),
  ]),
  event(EVENT_CLIENT_CONNECTED, "clientConnected", INFORMATIVE, "A ground tool connected.", [
    PORT_FIELD,
    CONNECTION_FIELD,
  ]),
  event(EVENT_CLIENT_LOST, "clientLost", INFORMATIVE, "A connection ended.", [
    PORT_FIELD,
    CONNECTION_FIELD,
    Object.freeze({
      name: "reason",
      type: "uint8",
      labels: labels(END_REASONS),
    } as const),
    Object.freeze({ name: "telecommands", type: "uint32" } as const),
  ]),
  event(EVENT_FRAMING_DAMAGE, "framingDamage", LOW_SEVERITY, "Bytes came that are no packets of the port's framing.", [
    PORT_FIELD,
    Object.freeze({ name: "rejections", type: "uint32", description: "since the last event of this kind" } as const),
  ]),
  event(EVENT_TELEMETRY_DROPPED, "telemetryDropped", MEDIUM_SEVERITY, "Telemetry was lost for want of room.", [
    Object.freeze({ name: "packets", type: "uint32", description: "since the last event of this kind" } as const),
  ]),
  event(EVENT_TEST, "test", INFORMATIVE, "Raised by function 2.", [
    Object.freeze({ name: "value", type: "uint32" } as const),
  ]),
]);

/** Words for 0, 1 and so on. */
function labels(words: readonly string[]): readonly ValueLabel[] {
  return Object.freeze(words.map((label, value) => Object.freeze({ value, label })));
}

function event(
  id: number,
  name: string,
  severity: EventDefinition["severity"],
  description: string,
  auxiliaryData: EventDefinition["auxiliaryData"] & object,
): EventDefinition {
  return Object.freeze({ id, name, severity, description, auxiliaryData: Object.freeze(auxiliaryData) });
}

/** The parameters of this board: those that housekeeping reports first, then those that the ground may set. */
export function boardParameters(board: Board): ParameterDefinition[] {
  const { log, servers, reports, extraction, counters } = board;
  const sum = (read: (server: TmtcServer) => number) => (): number => {
    let total = 0;
    for (let i = 0; i < servers.length; i++) {
      total += read(servers[i]!);
    }
    return total;
  };
  const errors = sum((server) => server.totals.errors);
  const counter = (id: number, name: string, read: () => number, description?: string): ParameterDefinition => ({
    id,
    name,
    type: "uint32",
    get: counters.from(read),
    ...(description === undefined ? {} : { description }),
  });
  const parameters: ParameterDefinition[] = [
    { id: 1, name: "uptime", type: "uint32", unit: "ms", get: () => board.uptimeMs() },
    counter(2, "telecommandsAccepted", () => board.dispatcher.accepted),
    counter(3, "telecommandsRefused", () => board.dispatcher.refused),
    counter(4, "telecommandsFailed", () => board.dispatcher.failed),
    counter(5, "packetsRejected", () => board.dispatcher.rejections, "damaged, or no telecommands"),
    counter(6, "packetsMissing", () => extraction.missing, "gaps in the telecommands' sequence counts"),
    counter(
      7,
      "packetsReceived",
      sum((server) => server.totals.telecommands),
    ),
    counter(
      8,
      "packetsSent",
      sum((server) => server.totals.telemetry),
    ),
    { id: 9, name: "clients", type: "uint8", get: sum((server) => server.totals.clients) },
    counter(
      10,
      "clientsRefused",
      sum((server) => server.totals.refusedClients),
    ),
    counter(11, "errors", () => errors() + board.dispatcher.handlerErrors, "exceptions caught"),
    counter(12, "reportsLost", () => reports.lost),
    { id: 13, name: "logUsed", type: "uint32", unit: "B", get: () => log.used },
    { id: 14, name: "logWaiting", type: "uint32", description: "packets for no client yet", get: () => log.waiting },
    counter(15, "logDropped", () => log.dropped, "packets"),
    ...platformParameters(board.platform),
  ];
  servers.forEach((server, n) => {
    server.totals.reasons.forEach((reason, k) => {
      parameters.push(
        counters.add(
          new PortRejections(
            PORT_PARAMETERS * (n + 1) + k,
            `port${n + 1}${reason.charAt(0).toUpperCase()}${reason.slice(1)}`,
            `framing rejections of port ${n + 1} (${server.name})`,
            server.totals,
            k,
          ),
        ),
      );
    });
  });
  return parameters;
}

/** Parameters that the ground may set at run time (ST[20]). */
export function settableParameters(board: Board): ParameterDefinition[] {
  const { servers } = board;
  let scratch = 0;
  return [
    {
      id: 32,
      name: "idleTimeout",
      type: "uint32",
      unit: "ms",
      maximum: MAX_IDLE_TIMEOUT_MS,
      description: "0: connections may be silent for ever; less than 5000 is refused",
      get: () => servers[0]!.idleTimeoutMs,
      set: (value) => {
        if (value > 0 && value < MIN_IDLE_TIMEOUT_MS) {
          return false;
        }
        for (let i = 0; i < servers.length; i++) {
          servers[i]!.idleTimeoutMs = value;
        }
        return true;
      },
    },
    {
      id: 33,
      name: "partialFrameTimeout",
      type: "uint32",
      unit: "ms",
      minimum: MIN_PARTIAL_FRAME_TIMEOUT_MS,
      maximum: MAX_PARTIAL_FRAME_TIMEOUT_MS,
      get: () => servers[0]!.partialFrameTimeoutMs,
      set: (value) => {
        for (let i = 0; i < servers.length; i++) {
          servers[i]!.partialFrameTimeoutMs = value;
        }
        return true;
      },
    },
    {
      id: 34,
      name: "scratch",
      type: "uint32",
      description: "means nothing: to try ST[20] with",
      get: () => scratch,
      set: (value) => {
        scratch = value;
        return true;
      },
    },
  ];
}

/**
 * @param parameters what housekeeping reports
 * @param intervalMs 0: not sent until the ground asks
 */
export function housekeepingStructures(
  parameters: readonly ParameterDefinition[],
  intervalMs: number,
): HousekeepingStructureDefinition[] {
  return [
    {
      id: HOUSEKEEPING_STRUCTURE,
      name: "board",
      description: "What the board knows of itself and of its link.",
      parameters,
      intervalMs: intervalMs || 1000,
      enabled: intervalMs > 0,
    },
  ];
}

export function boardFunctions(board: Board): FunctionDefinition[] {
  return [
    {
      id: 1,
      name: "resetCounters",
      description: "Sets every counter that housekeeping reports to 0.",
      execute: () => {
        board.counters.reset();
        return 0;
      },
    },
    {
      id: 2,
      name: "raiseTestEvent",
      description: "Raises event 6 with this value.",
      arguments: [{ name: "value", type: "uint32" }],
      execute: (value) => {
        board.raise(EVENT_TEST, value);
        return 0;
      },
    },
  ];
}
