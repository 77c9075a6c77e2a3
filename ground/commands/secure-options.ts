/** The command line of `flatlink secure`. */
import { Command, Option } from "commander";
import { collect, parseOptions, UsageError } from "../../host/command.js";
import { framingHelp } from "../../host/framing-help.js";
import { PORT_OPTIONS } from "../../modules/flatsat/configuration.js";
import { tcFramesEntry } from "../../modules/framing/formats/tc-frames.js";
import { readOptions } from "../../modules/framing/options/option-table.js";
import { behind, oneOf, onOrOff, readPairs } from "../../modules/framing/options/text-options.js";
import { framingOptions } from "../../modules/framing/registry.js";
import type { LocalChoice } from "../gateway/contracts.js";
import type { FrameAgreement } from "../gateway/sealed-frames.js";
import type { UdpChoice } from "../gateway/udp-port.js";
import { addKeyOptions, type KeyChoices, keyChoices } from "../link/link-keys.js";
import { MAX_PACKET_LENGTH } from "../link/link-options.js";
import { checkHost } from "../link/options.js";
import { type AllowedClients, allowedClients } from "../ports/allowed-clients.js";
import { toolPort, withoutListen } from "./tool-port.js";

export interface SecureOptions {
  readonly host: string;
  readonly port: number;
  /** Of the board's port, as `tc-frames,scid=0xab,sdls=tc`. */
  readonly framingText: string;
  readonly keys: KeyChoices;
  readonly telemetry: { readonly port: number; readonly framingText: string } | undefined;
  readonly local: readonly LocalChoice[];
  readonly udp: { readonly choice: UdpChoice; readonly agreement: FrameAgreement } | undefined;
  readonly allowed: AllowedClients;
}

const MAX_PORT = 65_535;
const CLTU_FORMATS = ["bch", "none"] as const;
const UDP_KEYS = ["cltu", "randomized"];
/** Reports end with a CRC, so a search through damage can tell where the next one begins. */
const CHECKED = "crc=check16";

export function secureCommand(): Command {
  const command = new Command("flatlink secure")
    .description(
      "A gateway to a board that takes sealed telecommands only: tools without SDLS connect to it, and it seals what they send.",
    )
    .addOption(new Option("--board <address>", "the board, as HOST:PORT").makeOptionMandatory())
    .addOption(
      new Option(
        "--framing <framing>",
        "of the board's port, as the board has it: tc-frames,scid=0xab,sdls=tc",
      ).makeOptionMandatory(),
    );
  return addKeyOptions(command, "sends")
    .addOption(
      new Option(
        "--telemetry <port>",
        "another port of the board, which telemetry comes from, as FRAMING:PORT[,key=value...]",
      ),
    )
    .addOption(
      new Option("--listen <port>", "a port for tools, as FRAMING:PORT[,key=value...]; once per port").argParser(
        collect,
      ),
    )
    .addOption(
      new Option(
        "--udp <port>",
        "a UDP port for tools that seal by themselves, as Yamcs does: PORT[,cltu=bch|none,randomized=on|off]",
      ),
    )
    .addOption(new Option("--host <address>", "address to bind").default("127.0.0.1"))
    .addOption(
      new Option(
        "--listen-from <address>",
        "who may connect from beyond this computer, as ADDRESS[/BITS]; once per network",
      ).argParser(collect),
    )
    .addHelpText(
      "after",
      `\n${framingHelp(PORT_OPTIONS)}\n\nCtrl-C ends it. Exit codes: 0 ended, 1 failed, 2 wrong option, no key, or a port is in use.`,
    );
}

/**
 * @param args without the program's name
 * @returns undefined when help was asked for and written
 * @throws UsageError, TypeError or RangeError: what is wrong, in one line
 */
export function parseSecureOptions(args: readonly string[], write: (text: string) => void): SecureOptions | undefined {
  const options: Record<string, unknown> | undefined = parseOptions(secureCommand(), args, write);
  if (options === undefined) {
    return undefined;
  }
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const texts = (name: string): readonly string[] => (options[name] ?? []) as readonly string[];
  const keys = keyChoices(options);
  const bound = checkHost(text("host"));
  const framingText = text("framing")!;
  const local = texts("listen").map((each) => localPort(each, bound, keys.sender !== undefined));
  const udp = text("udp");
  const telemetry = text("telemetry");
  if (keys.sender === undefined && udp === undefined) {
    throw new UsageError("give --key FILE to seal with, or --udp PORT for a tool that seals by itself");
  }
  if (local.length === 0 && udp === undefined) {
    throw new UsageError("give a port for tools, as in --listen space-packets:7311");
  }
  return {
    ...boardAddress(text("board")!),
    framingText,
    keys,
    telemetry: telemetry === undefined ? undefined : telemetryPort(telemetry),
    local,
    udp: udp === undefined ? undefined : { choice: udpPort(udp, bound), agreement: agreementOf(framingText) },
    allowed: allowedClients([bound], texts("listenFrom"), "a port for tools", "--listen-from"),
  };
}

/** @throws UsageError */
function boardAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || !(port >= 1 && port <= MAX_PORT)) {
    throw new UsageError(`--board "${text}" must be HOST:PORT, as in 192.168.4.1:7310`);
  }
  return { host: checkHost(match[1] ?? match[2]), port };
}

/** `FRAMING:PORT[,key=value...]`, apart. @throws UsageError */
function framedPort(option: string, text: string): { readonly name: string; readonly port: number; keys: string[] } {
  const [head = "", ...keys] = text.split(",");
  const match = /^([^:]+):(\d{1,5})$/.exec(head);
  const port = Number(match?.[2]);
  if (match === null || !(port <= MAX_PORT)) {
    throw new UsageError(`${option} "${text}" must be FRAMING:PORT[,key=value...], as in space-packets:7311`);
  }
  return { name: match[1]!, port, keys };
}

function localPort(text: string, host: string, hasKey: boolean): LocalChoice {
  const { name, port, keys } = framedPort("--listen", text);
  try {
    const made = toolPort(name, keys, MAX_PACKET_LENGTH, port);
    if (made.role === "tc" && !hasKey) {
      throw new UsageError(`--listen "${text}": telecommands cannot be sealed without --key`);
    }
    return { host, port, ...made, role: hasKey ? made.role : "tm" };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`--listen "${text}": ${withoutListen(error)}`);
  }
}

function telemetryPort(text: string): { readonly port: number; readonly framingText: string } {
  const { name, port, keys } = framedPort("--telemetry", text);
  if (port === 0) {
    throw new UsageError(`--telemetry "${text}" must name a port of the board`);
  }
  const isPlain = name === "space-packets" && !keys.some((key) => key.startsWith("crc="));
  return { port, framingText: [name, ...keys, ...(isPlain ? [CHECKED] : [])].join(",") };
}

function udpPort(text: string, host: string): UdpChoice {
  const [head = "", ...pairs] = text.split(",");
  const port = Number(head);
  if (!/^\d{1,5}$/.test(head) || port > MAX_PORT) {
    throw new UsageError(`--udp "${text}" must be PORT[,key=value...], as in 10018`);
  }
  try {
    const keys = readPairs(pairs, "--udp", UDP_KEYS, "cltu=bch");
    const cltu = oneOf("cltu", keys["cltu"], CLTU_FORMATS) ?? "bch";
    const isRandomized = keys["randomized"] === undefined ? false : onOrOff("randomized", keys["randomized"]);
    if (isRandomized && cltu === "none") {
      throw new TypeError("randomized is for frames in CLTUs");
    }
    return { host, port, cltu, isRandomized };
  } catch (error) {
    throw behind(`--udp "${text}"`, error);
  }
}

/** What the framing says of its frames. @throws TypeError, RangeError or UsageError */
function agreementOf(framingText: string): FrameAgreement {
  const [name, ...pairs] = framingText.split(",");
  if (name !== tcFramesEntry.name) {
    throw new UsageError(`--udp is for TC transfer frames: --framing must be tc-frames, not ${name}`);
  }
  const keys = readPairs(pairs, name, framingOptions(tcFramesEntry), "scid=1");
  const options: Partial<FrameAgreement> = readOptions(tcFramesEntry.options, keys);
  const { spacecraftId = 0, virtualChannelId = 0, frameErrorControl = true } = options;
  return { spacecraftId, virtualChannelId, frameErrorControl };
}
