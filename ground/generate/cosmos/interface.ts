/** The port of a board that COSMOS connects to, and the protocols that it needs there. */
import type { BoardDictionary, PortConvention } from "../../../modules/dictionary/conventions.js";
import { crcLength } from "../../../modules/framing/layers/crc.js";
import { type FramingText, framingTextOf, toolPorts } from "../framing-text.js";

export interface Interface {
  readonly writePort: number;
  readonly readPort: number;
  /** Behind the ports and timeouts of the INTERFACE line. */
  readonly protocol: string;
  /** PROTOCOL lines of the framing, in the order of the file. */
  readonly layers: readonly string[];
}

const CRC_PROTOCOL = "openc3/interfaces/protocols/crc_protocol.py";
const CRC16 = "-16 16 BIG_ENDIAN 0x1021 0xFFFF FALSE FALSE";
/** The CRC that ends every PUS packet: looked at, and left there. Ours writes it. */
export const PACKET_CRC = `PROTOCOL READ ${CRC_PROTOCOL} nil FALSE ERROR ${CRC16}`;

/** Checksum layers; undefined: no PUS packet has it. With `check16` the packet has it itself. */
const LAYERS: Readonly<Record<NonNullable<FramingText["crc"]>, readonly string[] | undefined>> = {
  off: [],
  check16: [],
  crc16: [`PROTOCOL READ_WRITE ${CRC_PROTOCOL} nil TRUE ERROR ${CRC16}`],
  crc32: [`PROTOCOL READ_WRITE ${CRC_PROTOCOL} nil TRUE ERROR -32 32`],
  check32: undefined,
};
/** Keys that say which packets a board takes, not how they are framed. */
const NO_MATTER = ["max-packet", "min-packet", "packet-ids", "id-mask", "crc"];

/** By framing, the best first; undefined for options that COSMOS has nothing for. */
const PROTOCOLS: Readonly<Record<string, (text: FramingText, longest: number) => string | undefined>> = {
  // The length of a space packet does not count what a layer adds.
  "space-packets": ({ options, crc }, longest) =>
    knows(options, [])
      ? `LENGTH 32 16 ${7 + (crc === undefined || crc === "off" ? 0 : crcLength(crc))} 1 BIG_ENDIAN 0 nil ${longest}`
      : undefined,
  // With a delimiter in front, COSMOS finds an empty packet before each packet.
  cobs: ({ options }) => (knows(options, ["delimiter"]) && options.get("delimiter") !== "both" ? "COBS" : undefined),
  slip: ({ options }) =>
    knows(options, ["delimiter"]) ? (options.get("delimiter") === "both" ? "SLIP 0xC0" : "SLIP") : undefined,
  "length-prefixed": ({ options }, longest) => {
    const size = Number(options.get("size") ?? 2);
    const isLittle = options.get("endian") === "little";
    // A little-endian count of three octets is none to COSMOS.
    return knows(options, ["size", "endian"]) && !(isLittle && size === 3)
      ? `LENGTH 0 ${8 * size} ${size} 1 ${isLittle ? "LITTLE_ENDIAN" : "BIG_ENDIAN"} ${size} nil ${longest} TRUE`
      : undefined;
  },
};
/** Longest frame that is taken, unless the board sends longer ones. */
const LONGEST = 2048;
/** A frame has this much more than the packet in it, at most. */
const MARGIN = 16;

function knows(options: FramingText["options"], keys: readonly string[]): boolean {
  return [...options.keys()].every((key) => keys.includes(key) || NO_MATTER.includes(key));
}

/** @throws RangeError when COSMOS speaks none of the ports' framings */
export function interfaceOf({ conventions }: BoardDictionary): Interface {
  const ports = toolPorts(conventions.ports);
  const longest = Math.max(LONGEST, conventions.maxTelemetryLength + MARGIN);
  const spoken = ports
    .map((port) => ({ port, spoken: speak(port, longest) }))
    .filter((each) => each.spoken !== undefined)
    .sort((a, b) => a.spoken!.rank - b.spoken!.rank);
  for (const { port, spoken: found } of spoken) {
    const { protocol, layers } = found!;
    if (port.role === "tmtc") {
      return { writePort: port.port, readPort: port.port, protocol, layers };
    }
    const isSame = (other: (typeof spoken)[number]) =>
      other.spoken!.protocol === protocol && other.spoken!.layers.join() === layers.join();
    const back = spoken.find((other) => port.role === "tc" && other.port.role === "tm" && isSame(other));
    if (back !== undefined) {
      return { writePort: port.port, readPort: back.port.port, protocol, layers };
    }
  }
  const offered = ports.map(({ framing, role }) => `${framing} (${role})`).join(", ");
  throw new RangeError(
    `COSMOS speaks none of the board's ports: ${offered || "there are none"}; listen=space-packets:7301,crc=check16 would do`,
  );
}

function speak(
  { framing }: PortConvention,
  longest: number,
): { rank: number; protocol: string; layers: readonly string[] } | undefined {
  const text = framingTextOf(framing);
  const { name, crc } = text;
  const layers = crc && LAYERS[crc];
  const protocol = layers && PROTOCOLS[name]?.(text, longest);
  return protocol === undefined || layers === undefined
    ? undefined
    : { rank: Object.keys(PROTOCOLS).indexOf(name), protocol, layers };
}
