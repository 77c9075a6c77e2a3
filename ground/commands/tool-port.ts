/** A port that other tools connect to in place of a board, as a framing and its keys name it: of a relay, of the gateway. */
import { PORT_OPTIONS, type PortRole, parsePorts } from "../../modules/flatsat/configuration.js";
import type { BadFrames, Framing } from "../../modules/framing/contract/framing.js";

const SPACE_PACKETS = "space-packets";
/** What a board asks of bare space packets, too: bytes of almost any value look like a header. */
const STRICT = ["crc=check16", "packet-ids=0x1800", "id-mask=0x1800"] as const;
const DEFAULT_CLIENTS = 8;
const MAX_CLIENTS = 32;

export interface ToolPort {
  readonly framing: Framing;
  /** As it was asked for, and what every such port has. */
  readonly framingText: string;
  readonly role: PortRole;
  readonly maxClients: number;
  readonly badFrames: BadFrames;
}

/**
 * @param name of the framing
 * @param keys `key=value`, of the framing and of the port
 * @param maxPacketLength in octets, where the framing says nothing else
 * @param port 0 to 65,535
 * @throws TypeError or RangeError: what is wrong, in one line
 */
export function toolPort(name: string, keys: readonly string[], maxPacketLength: number, port: number): ToolPort {
  // Each telecommand by itself, however many a read brings: on the wire it is the same.
  const framing = name === "raw" ? SPACE_PACKETS : name;
  const missing = framing === SPACE_PACKETS ? STRICT.filter((pair) => !keys.some((key) => isOf(key, pair))) : [];
  const [parsed] = parsePorts(
    [`${framing}:${port}`, ...keys, ...missing].join(","),
    maxPacketLength,
    undefined,
    MAX_CLIENTS,
  );
  const { role, maxClients = DEFAULT_CLIENTS, badFrames = "passOver", reserve } = parsed!;
  const ofPort = Object.keys(PORT_OPTIONS).map((key) => `${key}=`);
  const framingText = [framing, ...keys.filter((key) => !ofPort.some((pair) => isOf(key, pair)))].join(",");
  if (reserve !== undefined) {
    throw new TypeError("reserve is for a board's ports: a port for tools has max-clients");
  }
  if (parsed!.framing.sdls !== undefined) {
    throw new TypeError("sdls is for a board's ports: a port for tools has no keys");
  }
  return { framing: parsed!.framing, framingText, role, maxClients, badFrames };
}

/** Whether two options `key=value` are of the same key. */
function isOf(option: string, pair: string): boolean {
  return option.split("=")[0] === pair.split("=")[0];
}

/** What `toolPort` throws, without the words of a board's own setting. */
export function withoutListen(error: unknown): string {
  return (error as Error).message.replace(/^listen: "[^"]*":? ?/, "");
}
