/** What the text of a port's framing says, for ground tools that speak a few of them. */
import type { PortConvention } from "../../modules/dictionary/conventions.js";
import { CRC_KINDS, type CrcKind } from "../../modules/framing/layers/crc.js";

export interface FramingText {
  readonly name: string;
  readonly options: ReadonlyMap<string, string>;
  /** The checksum layer; undefined: there is none of this name. */
  readonly crc: CrcKind | "off" | undefined;
}

/** @param framing as in `space-packets,crc=check16` */
export function framingTextOf(framing: string): FramingText {
  const [name = "", ...words] = framing.split(",");
  const options = new Map(words.map((word) => word.split("=", 2) as [string, string]));
  const said = options.get("crc") ?? "off";
  return { name, options, crc: said === "off" ? said : CRC_KINDS.find((kind) => kind === said) };
}

/** Space packets with nothing around them but the check of their own error control, which is a CRC-16. */
export function isBareSpacePackets(framing: string): boolean {
  const { name, crc } = framingTextOf(framing);
  return name === "space-packets" && (crc === "off" || crc === "check16");
}

/** Of the gateway, as docs/secure-link.md starts it. */
const GATEWAY: PortConvention = Object.freeze({ framing: "space-packets,crc=check16", port: 7311, role: "tmtc" });

/** The ports that a tool without SDLS can use: where a board takes sealed telecommands, the last one is the gateway's. */
export function toolPorts(ports: readonly PortConvention[]): readonly PortConvention[] {
  const isSealed = ports.some(({ framing }) => (framingTextOf(framing).options.get("sdls") ?? "off") !== "off");
  return isSealed ? [...ports, GATEWAY] : ports;
}
