/** The command line of `ping`. */
import { Command, Option } from "commander";
import { numberOption, parseOptions } from "../../host/command.js";
import { framingHelp } from "../../host/framing-help.js";
import type { TimeCode } from "../../modules/ccsds/time-code.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import { TIME_CODES, type TimeCodeName } from "../../modules/flatsat/configuration.js";
import { PacketFramer } from "../../modules/framing/encode-decode.js";
import { addLinkOptions, type LinkChoice, linkChoice, settingDefault } from "../link/link-options.js";
import { longestReport, pingPacket } from "./pinger.js";

export interface PingOptions extends LinkChoice {
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
  const options: Record<string, unknown> | undefined = parseOptions(pingCommand(), args, write);
  if (options === undefined) {
    return undefined;
  }
  const link = linkChoice(options);
  const apid = options["apid"] as number;
  const code = timeCode(options["timeCode"] as TimeCodeName);
  checkRoom(link, apid, code);
  return {
    ...link,
    apid,
    count: options["count"] as number,
    intervalMs: options["interval"] as number,
    timeoutMs: options["timeout"] as number,
    timeCode: code,
  };
}

/** @throws RangeError when the framing takes no ping, or none of its reports */
function checkRoom({ framing, framingText }: LinkChoice, apid: number, code: TimeCode): void {
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

export function pingCommand(): Command {
  const command = new Command("flatlink-ping").description(
    "Asks a board whether it is alive: sends TC[17,1] and shows the four reports that answer it.",
  );
  return addLinkOptions(command)
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
