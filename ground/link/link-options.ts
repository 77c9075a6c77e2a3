/** How a board is reached: the options of every command that connects to one. */
import { type Command, Option } from "commander";
import { numberOption } from "../../host/command.js";
import { type PortConfiguration, parsePorts } from "../../modules/flatsat/configuration.js";
import { SETTINGS } from "../../modules/flatsat/settings.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { FRAMINGS, type Framings, parseFraming } from "../../modules/framing/registry.js";
import { addKeyOptions, type KeyChoices, keyChoices, type LinkKey, type LinkUse, withKeys } from "./link-keys.js";
import { checkHost } from "./options.js";

/** Reports end with a CRC, so a search through damage can tell where the next one begins. */
export const DEFAULT_FRAMING = "space-packets,crc=check16";
/** As much as boards send by default, and some more: a longer one needs `max-packet`. */
export const MAX_PACKET_LENGTH = 1024;

export interface LinkChoice {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
  /** As it was asked for. */
  readonly framingText: string;
  /** What telecommands are sealed with, in a framing with `sdls`. */
  readonly key?: LinkKey;
}

/** Adds `--host`, `--port`, `--framing`, and those of the keys. */
export function addLinkOptions(command: Command, use: LinkUse = "sends"): Command {
  command
    .addOption(new Option("--host <address>", "the board's address").default("127.0.0.1"))
    .addOption(
      numberOption(
        "--port <port>",
        `the board's port (default: the usual one, ${settingDefault("listen")})`,
        1,
        65_535,
      ),
    )
    .addOption(
      new Option(
        "--framing <framing>",
        "as NAME[,key=value...], with the board's names and keys; what raw brings is taken for space packets",
      ).default(DEFAULT_FRAMING),
    );
  return addKeyOptions(command, use);
}

/**
 * @param options of a command with `addLinkOptions`
 * @param maxPacketLength in octets, where the framing says nothing else
 * @param framings to choose from
 * @param use what only listens needs no key for telecommands
 * @param keys default: those that the options name
 * @throws TypeError, RangeError or KeyError: what is wrong with the host, the framing or the keys, in one line
 */
export function linkChoice(
  options: Readonly<Record<string, unknown>>,
  maxPacketLength: number = MAX_PACKET_LENGTH,
  framings: Framings = FRAMINGS,
  use: LinkUse = "sends",
  keys: KeyChoices = keyChoices(options),
): LinkChoice {
  const framingText = options["framing"] as string;
  const host = checkHost(options["host"] as string);
  const { framing, key } = withKeys(
    (security) => parseFraming("--framing", apart(framingText), { maxPacketLength, framings, security }),
    keys,
    use,
  );
  return {
    host,
    port: (options["port"] as number | undefined) ?? usualPort(framing.name),
    framing,
    framingText,
    ...(key === undefined ? {} : { key }),
  };
}

/**
 * One read brings several reports, so that `raw` would take them for one packet. On the wire it is the same as bare space
 * packets, with a checksum or without; and these tell where each ends.
 */
function apart(framingText: string): string {
  const [name, ...keys] = framingText.split(",");
  return name === "raw" ? ["space-packets", ...keys].join(",") : framingText;
}

export function settingDefault(name: string): string {
  return (SETTINGS.find((setting) => setting.name === name) as { value: string }).value;
}

function usualPorts(): PortConfiguration[] {
  return parsePorts(settingDefault("listen"), MAX_PACKET_LENGTH);
}

/** The framing on this port of a board that nobody told otherwise; undefined: it has no such port. */
export function usualFraming(port: number): string | undefined {
  return usualPorts().find((usual) => usual.port === port)?.framing.name;
}

/** The port on which a board listens for this framing, if nobody told it otherwise. */
function usualPort(framing: string): number {
  const ports = usualPorts();
  return (ports.find((port) => port.framing.name === framing) ?? (ports[0] as { port: number })).port;
}
