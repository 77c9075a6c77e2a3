/**
 * What every board reports of itself and of its link, whatever else it does. IDs below 256, of structures and functions below 16, are
 * flatlink's; a board's own begin there.
 */
import { NO_TIME_REFERENCE, SYNCHRONIZED } from "../ccsds/time-code.js";
import { defineDictionary } from "../dictionary/define-dictionary.js";
import type { Words } from "../dictionary/dictionary.js";
import { definedCodes, FAILURE_CODES } from "../pus/failure-codes.js";
import { RESET_REASONS } from "./platform.js";
import {
  MAX_IDLE_TIMEOUT_MS,
  MAX_PARTIAL_FRAME_TIMEOUT_MS,
  MIN_IDLE_TIMEOUT_MS,
  MIN_PARTIAL_FRAME_TIMEOUT_MS,
} from "./settings.js";

/** First ID of a board's own parameters, events and failure codes. */
export const FIRST_OWN_ID = 256;
/** First ID of a board's own structures and functions, which have one octet. */
export const FIRST_OWN_SHORT_ID = 16;

/** The reasons for which a connection ends, by their number in event 3. */
export const END_REASONS = Object.freeze([
  "peerClosed",
  "connectionLost",
  "error",
  "idle",
  "replaced",
  "stopped",
  "reserved",
  "forged",
] as const);

/** Words for 0, 1 and so on. */
export function wordsOf(words: readonly string[]): Words {
  return Object.freeze(Object.fromEntries(words.map((word, value) => [word, value])));
}

const PORT = Object.freeze({ type: "uint16" } as const);
const CONNECTION = Object.freeze({ type: "uint32" } as const);
const GROUP = "link";

export const LINK_DICTIONARY = defineDictionary({
  name: "flatlink",
  parameters: {
    uptime: { id: 1, type: "uint32", unit: "ms", group: "board" },
    telecommandsAccepted: { id: 2, type: "uint32", group: GROUP },
    telecommandsRefused: { id: 3, type: "uint32", group: GROUP },
    telecommandsFailed: { id: 4, type: "uint32", group: GROUP },
    packetsRejected: {
      id: 5,
      type: "uint32",
      group: GROUP,
      description: "damaged, or no telecommands; on port 7301 these are framing rejections instead",
    },
    packetsMissing: {
      id: 6,
      type: "uint32",
      group: GROUP,
      description: "gaps in the sequence counts of telecommands for the board's APID, by source ID and connection",
    },
    packetsReceived: { id: 7, type: "uint32", group: GROUP },
    packetsSent: { id: 8, type: "uint32", group: GROUP },
    clients: { id: 9, type: "uint8", group: GROUP },
    clientsRefused: {
      id: 10,
      type: "uint32",
      group: GROUP,
      description: "one too many, or from an address that frames were forged from",
    },
    errors: { id: 11, type: "uint32", group: GROUP, description: "exceptions caught" },
    reportsLost: { id: 12, type: "uint32", group: GROUP, description: "no room in the log" },
    logUsed: { id: 13, type: "uint32", unit: "B", group: GROUP },
    logWaiting: { id: 14, type: "uint32", group: GROUP, description: "packets for no client yet" },
    logDropped: { id: 15, type: "uint32", group: GROUP, description: "packets" },
    rssi: {
      id: 16,
      type: "int8",
      unit: "dBm",
      group: "board",
      description: "strength of the Wi-Fi signal; 0: not on Wi-Fi, or unknown",
    },
    freeSlots: {
      id: 17,
      type: "uint32",
      group: "board",
      description: "of XS's heap, 16 bytes each on an ESP32; garbage is not free before it is collected; 0: unknown",
    },
    freeChunks: {
      id: 18,
      type: "uint32",
      unit: "B",
      group: "board",
      description: "of XS's chunk memory; garbage is not free before it is collected; 0: unknown",
    },
    parameterFaults: {
      id: 19,
      type: "uint32",
      group: "board",
      description: "values that could not be read; each is reported as its type's invalid value",
    },
    dictionaryHash: {
      id: 20,
      type: "uint32",
      group: "board",
      description: "of all that both ends must agree on; a tool with another one reads this board wrongly",
    },
    idleTimeout: {
      id: 32,
      type: "uint32",
      unit: "ms",
      maximum: MAX_IDLE_TIMEOUT_MS,
      settable: true,
      group: GROUP,
      description: `0: connections may be silent for ever; less than ${MIN_IDLE_TIMEOUT_MS} is refused with code 32`,
    },
    partialFrameTimeout: {
      id: 33,
      type: "uint32",
      unit: "ms",
      minimum: MIN_PARTIAL_FRAME_TIMEOUT_MS,
      maximum: MAX_PARTIAL_FRAME_TIMEOUT_MS,
      settable: true,
      group: GROUP,
    },
    scratch: { id: 34, type: "uint32", settable: true, description: "means nothing: to try ST[20] with" },
  },
  events: {
    restart: {
      id: 1,
      severity: "informative",
      text: "the application has started: {resetReason}",
      values: { resetReason: { type: "uint8", words: wordsOf(RESET_REASONS) } },
    },
    clientConnected: {
      id: 2,
      severity: "informative",
      text: "a ground tool connected to port {port}: connection {connection}",
      values: { port: PORT, connection: CONNECTION },
    },
    clientLost: {
      id: 3,
      severity: "informative",
      text: "connection {connection} of port {port} ended after {telecommands} telecommands: {reason}",
      values: {
        port: PORT,
        connection: CONNECTION,
        reason: { type: "uint8", words: wordsOf(END_REASONS) },
        telecommands: { type: "uint32" },
      },
    },
    framingDamage: {
      id: 4,
      severity: "low",
      text: "{rejections} times bytes came to port {port} that are no packets of its framing",
      values: { port: PORT, rejections: { type: "uint32", description: "since the last event of this kind" } },
    },
    telemetryDropped: {
      id: 5,
      severity: "medium",
      text: "{packets} telemetry packets were lost for want of room",
      values: { packets: { type: "uint32", description: "since the last event of this kind" } },
    },
    test: {
      id: 6,
      severity: "informative",
      text: "raised by function 2 with {value}",
      values: { value: { type: "uint32" } },
    },
    parameterFault: {
      id: 7,
      severity: "low",
      text: "parameter {parameterId} cannot be read; it is reported as invalid",
      values: { parameterId: { type: "uint16" } },
    },
    timeJump: {
      id: 8,
      severity: "low",
      text: "the board's time jumped by {difference} ms: {timeReference}",
      values: {
        difference: { type: "int64", unit: "ms", description: "the new time less the old one" },
        timeReference: { type: "uint8", words: { none: NO_TIME_REFERENCE, synchronized: SYNCHRONIZED } },
      },
    },
  },
  functions: {
    resetCounters: { id: 1, description: "Sets every counter that housekeeping reports to 0." },
    raiseTestEvent: { id: 2, description: "Raises event 6 with this value.", arguments: { value: { type: "uint32" } } },
    restart: {
      id: 3,
      description: "Restarts the board a second later.",
      dangerous: "Every connection ends, telemetry that nobody was given is lost, counters and settings begin anew.",
    },
  },
  failureCodes: definedCodes(FAILURE_CODES),
});

export const LINK_EVENTS = LINK_DICTIONARY.events;
