/** The command line of `ping`. */
import { Command, Option } from "commander";
import { numberOption, parseOptions } from "../host/command.js";
import { framingHelp } from "../host/framing-help.js";
import type { TimeCode } from "../modules/ccsds/time-code.js";
import { timeCode } from "../modules/flatsat/application-process.js";
import { parsePorts, TIME_CODES, type TimeCodeName } from "../modules/flatsat/configuration.js";
import { SETTINGS } from "../modules/flatsat/settings.js";
import type { Framing } from "../modules/framing/contract/framing.js";
import { PacketFramer } from "../modules/framing/encode-decode.js";
import { parseFraming } from "../modules/framing/registry.js";
import { longestReport, pingPacket } from "./pinger.js";

/** Reports end with a CRC, so a search through damage can tell where the next one begins. */
const DEFAULT_FRAMING = "space-packets,crc=check16";
/** As much as boards send by default, and some more: a longer one needs `max-packet`. */
const MAX_PACKET_LENGTH = 1024;

export interface PingOptions {
  readonly host: string;
  readonly port: number;
  readonly framing: Framing;
  /** As it was asked for. */
  readonly framingText: string;
  readonly apid: number;
  /** 0: until it is stopped. */
  readonly count: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly timeCode: TimeCode;
}

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError, TypeError or RangeError: what is wrong, in one line
 */
export function parsePingOptions(args: readonly string[], write: (text: string) => void): PingOptions | undefined {
  const options: Record<string, unknown> | undefined = parseOptions(makeCommand(), args, write);
  if (options === undefined) {
    return undefined;
  }
  const framingText = options["framing"] as string;
  const framing = parseFraming("--framing", apart(framingText), { maxPacketLength: MAX_PACKET_LENGTH });
  const apid = options["apid"] as number;
  const code = timeCode(options["timeCode"] as TimeCodeName);
  checkRoom(framing, framingText, apid, code);
  return {
    host: options["host"] as string,
    port: (options["port"] as number | undefined) ?? usualPort(framing.name),
    framing,
    framingText,
    apid,
    count: options["count"] as number,
    intervalMs: options["interval"] as number,
    timeoutMs: options["timeout"] as number,
    timeCode: code,
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

/** @throws RangeError when the framing takes no ping, or none of its reports */
function checkRoom(framing: Framing, framingText: string, apid: number, code: TimeCode): void {
  const ping = pingPacket(apid, 0);
  const reportLength = longestReport(code);
  if (framing.maxPacketLength < reportLength) {
    throw new RangeError(
      `--framing ${framingText}: a packet has up to ${framing.maxPacketLength} bytes, and a report on a ping up to ${reportLength}`,
    );
  }
  if (new PacketFramer(framing).frame(ping) === undefined) {
    throw new RangeError(`--framing ${framingText}: a ping of ${ping.length} bytes is no packet for ${framing.name}`);
  }
}

function settingDefault(name: string): string {
  return (SETTINGS.find((setting) => setting.name === name) as { value: string }).value;
}

function usualPorts(): ReturnType<typeof parsePorts> {
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

function makeCommand(): Command {
  return new Command("flatlink-ping")
    .description("Asks a board whether it is alive: sends TC[17,1] and shows the four reports that answer it.")
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
    )
    .addOption(numberOption("--apid <apid>", "the board's APID", 0, 2046).default(Number(settingDefault("apid"))))
    .addOption(numberOption("--count <pings>", "pings to send; 0: until Ctrl-C", 0, 1_000_000_000).default(4))
    .addOption(
      numberOption("--interval <ms>", "time from one ping to the next", 0, 3_600_000, "milliseconds").default(1000),
    )
    .addOption(
      numberOption(
        "--timeout <ms>",
        "how long to wait for the connection, and for a ping's reports",
        1,
        600_000,
        "milliseconds",
      ).default(2000),
    )
    .addOption(
      new Option("--time-code <code>", "the board's time stamps")
        .choices([...TIME_CODES])
        .default(settingDefault("time_code")),
    )
    .addHelpText(
      "after",
      `\n${framingHelp()}\n\nExit codes: 0 every ping was answered completely, 1 a report is missing, 2 wrong option or no connection.`,
    );
}
