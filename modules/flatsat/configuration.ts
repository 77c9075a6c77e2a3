/** From settings as text to the application's configuration, with an error for people where they are wrong. */

import type { UnsignedType } from "../data/field-kinds.js";
import type { FrameSecurity } from "../framing/contract/frame-security.js";
import { BAD_FRAMES, type BadFrames, type Framing } from "../framing/contract/framing.js";
import { MAX_PACKET_LENGTH } from "../framing/contract/packet-limit.js";
import type { FindByte } from "../framing/engines/find-byte.js";
import { behind, oneOf, readPairs, wholeNumberFrom } from "../framing/options/text-options.js";
import {
  type CommonOptions,
  FRAMINGS,
  type Framings,
  framingEntry,
  framingOptions,
  makeUnnamed,
} from "../framing/registry.js";
import type { ExcessPolicy } from "../link/server/server-options.js";
import { isPowerOfTwo } from "../memory/socket-areas.js";
import type { PusSettings } from "../pus/definitions.js";
import { parseSecurity, receivingSpis, type SecuritySettings, telemetrySpis } from "../security/roles.js";
import type { LogPolicy } from "../tmtc/log-contracts.js";
import { ENTRY_HEADER_LENGTH, LOG_POLICIES } from "../tmtc/packet-log.js";
import {
  MAX_IDLE_TIMEOUT_MS,
  MAX_PARTIAL_FRAME_TIMEOUT_MS,
  MIN_IDLE_TIMEOUT_MS,
  MIN_PARTIAL_FRAME_TIMEOUT_MS,
  SETTINGS,
} from "./settings.js";

/** What a port is for: telecommands and telemetry, or one of the two. */
export type PortRole = "tmtc" | "tc" | "tm";

export interface PortConfiguration {
  readonly framing: Framing;
  /** The framing with its options, as it was configured: `cobs,delimiter=both`. Default: its name. */
  readonly framingText?: string;
  readonly port: number;
  readonly role: PortRole;
  /** Clients at once on this port; undefined: as many as in all. */
  readonly maxClients: number | undefined;
  /** Places for clients that send telecommands; undefined: one, where they are taken and there is another place. */
  readonly reserve?: number | undefined;
  /** Default `passOver`. */
  readonly badFrames?: BadFrames;
}

export interface Configuration {
  readonly ports: readonly PortConfiguration[];
  readonly security: SecuritySettings;
  readonly address: string;
  readonly maxClients: number;
  readonly excessClients: ExcessPolicy;
  /** With all places taken, a client silent for so long makes room for one more; 0: never. */
  readonly yieldAfterMs: number;
  readonly idleTimeoutMs: number;
  readonly partialFrameTimeoutMs: number;
  /** Bytes, as all the lengths below. */
  readonly memory: number;
  readonly logLength: number;
  readonly logPolicy: LogPolicy;
  readonly maxTelemetryLength: number;
  readonly stagingLength: number;
  readonly apid: number;
  /** Time between housekeeping reports; 0: on request only. */
  readonly beaconIntervalMs: number;
  readonly timeCode: TimeCodeName;
  /** Time server; empty: none. */
  readonly sntp: string;
  readonly acknowledge: PusSettings["acknowledge"];
  readonly failureCodeType: UnsignedType;
}

/** How telemetry is stamped; see `timeCode` in application-process.ts. */
export type TimeCodeName = "cds" | "cuc" | "cuc-tai";

/** Every time code. */
export const TIME_CODES: readonly TimeCodeName[] = Object.freeze(["cds", "cuc", "cuc-tai"] as const);
const ACKNOWLEDGEMENTS: readonly PusSettings["acknowledge"][] = Object.freeze(["always", "asRequested"] as const);
const FAILURE_CODE_BYTES = Object.freeze(["1", "2", "4"] as const);
const FAILURE_CODES = Object.freeze({ 1: "uint8", 2: "uint16", 4: "uint32" } as const);
/** Where the range of a port's clients, or of places among them, ends. */
const IN_ALL = "(max_clients)";
const OF_PORT = "(max-clients)";
/** Keys of every port, whatever its framing: name, and what it takes. */
export const PORT_OPTIONS: Readonly<Record<string, string>> = Object.freeze({
  role: "tmtc (default), tc (telecommands only) or tm (telemetry only)",
  "max-clients": "clients at once on this port; default: as many as on all",
  reserve:
    "places for clients that send telecommands; default 1 where they are taken and there is another place, otherwise 0",
  "bad-frames": "of a framing without delimiter: passOver them whole (default), or search them for packets",
});
const ROLES: readonly PortRole[] = Object.freeze(["tmtc", "tc", "tm"] as const);
const EXCESS: readonly ExcessPolicy[] = Object.freeze(["reject", "replace"] as const);

/**
 * @param settings by the names of `SETTINGS`; what is missing has its default
 * @param search a native search for a byte, where the platform has one
 * @param framings to choose from: those of this package, and with `registerFraming` one's own
 * @throws TypeError or RangeError saying which setting is wrong, and what it may be
 */
export function parseConfiguration(
  settings: Readonly<Record<string, string | undefined>>,
  search?: FindByte,
  framings: Framings = FRAMINGS,
): Configuration {
  const names = SETTINGS.map((setting) => setting.name);
  for (const name of Object.keys(settings)) {
    if (!names.includes(name)) {
      throw new TypeError(`no setting is called "${name}"; there are ${names.join(", ")}`);
    }
  }
  const text = (name: string): string =>
    settings[name] ?? (SETTINGS.find((setting) => setting.name === name) as { value: string }).value;
  const number = (name: string, min: number, max: number, unit = ""): number =>
    wholeNumberFrom(name, text(name), min, max, unit);
  const numberOrZero = (name: string, min: number, max: number): number =>
    text(name) === "0" ? 0 : number(name, min, max, "ms, or 0");
  const maxPacketLength = number("max_telecommand", 7, MAX_PACKET_LENGTH, "bytes");
  const maxTelemetryLength = number("max_telemetry", 64, 65535, "bytes");
  const logLength = number("log_length", 66, 8 * 1024 * 1024, "bytes");
  if (logLength < maxTelemetryLength + ENTRY_HEADER_LENGTH) {
    throw new RangeError(
      `log_length must be at least ${maxTelemetryLength + ENTRY_HEADER_LENGTH} bytes, not ${logLength}: ` +
        `a packet of max_telemetry, ${maxTelemetryLength} bytes, must fit`,
    );
  }
  const stagingLength = number("staging", 8, 65536, "bytes");
  if (!isPowerOfTwo(stagingLength)) {
    throw new RangeError(`staging must be a power of two from 8 to 65536 bytes, not ${stagingLength}`);
  }
  const maxClients = number("max_clients", 1, 32);
  const security = parseSecurity(text("security"));
  const ports = parsePorts(text("listen"), maxPacketLength, search, maxClients, framings, security.frames);
  checkKeys(ports, security);
  return {
    ports,
    security,
    address: text("address"),
    maxClients,
    excessClients: oneOf("excess_clients", text("excess_clients"), EXCESS) as ExcessPolicy,
    yieldAfterMs: number("yield_after_ms", 0, 86_400_000, "ms"),
    idleTimeoutMs: numberOrZero("idle_timeout_ms", MIN_IDLE_TIMEOUT_MS, MAX_IDLE_TIMEOUT_MS),
    partialFrameTimeoutMs: number(
      "partial_frame_timeout_ms",
      MIN_PARTIAL_FRAME_TIMEOUT_MS,
      MAX_PARTIAL_FRAME_TIMEOUT_MS,
      "ms",
    ),
    memory: number("memory", 1024, 16 * 1024 * 1024, "bytes"),
    logLength,
    logPolicy: oneOf("log_policy", text("log_policy"), LOG_POLICIES) as LogPolicy,
    maxTelemetryLength,
    stagingLength,
    apid: number("apid", 0, 2046),
    beaconIntervalMs: numberOrZero("beacon_interval_ms", 100, 3_600_000),
    timeCode: oneOf("time_code", text("time_code"), TIME_CODES) as TimeCodeName,
    sntp: text("sntp"),
    acknowledge: oneOf("acknowledge", text("acknowledge"), ACKNOWLEDGEMENTS) as PusSettings["acknowledge"],
    failureCodeType:
      FAILURE_CODES[oneOf("failure_code_bytes", text("failure_code_bytes"), FAILURE_CODE_BYTES) as "1" | "2" | "4"],
  };
}

/** @throws RangeError when a port's frames are secured, and no key can be there for them */
function checkKeys(ports: readonly PortConfiguration[], security: SecuritySettings): void {
  for (const { framing, framingText, role } of ports) {
    if (framing.sdls === undefined) {
      continue;
    }
    if (role !== "tm" && receivingSpis(security).length === 0) {
      throw new RangeError(
        `security must name who commands, as in 1=commander: listen has "${framingText}", which takes telecommands with a key only`,
      );
    }
    if (role !== "tc" && framing.sdls === "tmtc" && telemetrySpis(security).length === 0) {
      throw new RangeError(
        `security must name an SPI for telemetry, as in 9=telemetry: listen has "${framingText}", which seals telemetry`,
      );
    }
  }
}

/**
 * @param text `FRAMING:PORT[,key=value...]`, one or more, separated by spaces
 * @param maxPacketLength of packets, in bytes, where a port says nothing else
 * @param maxClients most that a port may allow
 * @param framings to choose from
 * @param security keys for framings with `sdls`. Default: a board's, without any
 * @throws TypeError or RangeError quoting the port that is wrong
 */
export function parsePorts(
  text: string,
  maxPacketLength: number,
  search?: FindByte,
  maxClients = 32,
  framings: Framings = FRAMINGS,
  security?: FrameSecurity,
): PortConfiguration[] {
  const ports: PortConfiguration[] = [];
  for (const part of text.split(" ")) {
    if (part === "") {
      continue;
    }
    const port = parsePort(
      part,
      { maxPacketLength, limitName: "max_telecommand", findByte: search, framings, security },
      maxClients,
    );
    if (port.port !== 0 && ports.some((other) => other.port === port.port)) {
      throw new RangeError(`listen: port ${port.port} is named twice`);
    }
    ports.push(port);
  }
  if (ports.length === 0) {
    throw new TypeError("listen: no port is named; give FRAMING:PORT, as in cobs:7302");
  }
  return ports;
}

/** Whether it is an option of every port, and no framing's. */
function ofPort(pair: string): boolean {
  return Object.hasOwn(PORT_OPTIONS, pair.split("=")[0] as string);
}

function parsePort(part: string, common: CommonOptions, maxClients: number): PortConfiguration {
  const [head = "", ...pairs] = part.split(",");
  const [name = "", port, ...rest] = head.split(":");
  if (port === undefined || rest.length > 0) {
    throw new TypeError(`listen: "${part}" must be FRAMING:PORT[,key=value...], as in cobs:7302,delimiter=both`);
  }
  try {
    const entry = framingEntry(name, common.framings);
    const options = readPairs(pairs, name, [...Object.keys(PORT_OPTIONS), ...framingOptions(entry)], "role=tm");
    const clients = options["max-clients"];
    const most = clients === undefined ? undefined : wholeNumberFrom("max-clients", clients, 1, maxClients, IN_ALL);
    const { reserve } = options;
    const limit = most === undefined ? IN_ALL : OF_PORT;
    const badFrames = oneOf("bad-frames", options["bad-frames"], BAD_FRAMES);
    const framing = makeUnnamed(entry, options, common);
    if (framing.sdls !== undefined && badFrames === "search") {
      // A frame that stalls would be given up, and one behind it would be taken in its place.
      throw new TypeError("bad-frames=search gives frames up: with sdls, leave it out");
    }
    return {
      port: wholeNumberFrom("the port", port, 0, 65535),
      framingText: [name, ...pairs.filter((pair) => !ofPort(pair))].join(","),
      framing,
      role: oneOf("role", options["role"], ROLES) ?? "tmtc",
      maxClients: most,
      reserve: reserve === undefined ? undefined : wholeNumberFrom("reserve", reserve, 0, most ?? maxClients, limit),
      ...(badFrames === undefined ? {} : { badFrames }),
    };
  } catch (error) {
    throw behind(`listen: "${part}"`, error);
  }
}
