/** The simulator's command line: options to settings as text, which the application's own parser checks. */
import { Command, Option } from "commander";
import { PORT_OPTIONS } from "../modules/flatsat/configuration.js";
import { BOARD_HELP } from "./choose-board.js";
import { numberOption, parseOptions, UsageError } from "./command.js";
import { BOARD_RECEIVE_WINDOW, BOARD_SEND_BUFFER } from "./engine/io.js";
import { framingHelp } from "./framing-help.js";
import { FRAMINGS_HELP } from "./own-framings.js";
import { settingOptions, settingsIn } from "./setting-options.js";

export type Engine = "xs" | "node";

export interface CommandLine {
  /** Undefined: XS where it is to be had. */
  readonly engine: Engine | undefined;
  /** Path of a module that exports `framings`; undefined: those of this package. */
  readonly framings: string | undefined;
  /** Path of a board module, or `none`; undefined: the flatsat that comes with this package. */
  readonly board: string | undefined;
  /** Path of the folder with the board's keys and counters; undefined: it has none. */
  readonly keys: string | undefined;
  /** For `parseConfiguration`. */
  readonly settings: Record<string, string>;
  /** Bytes. */
  readonly receiveWindow: number;
  readonly sendBuffer: number;
  readonly quiet: boolean;
  readonly json: boolean;
}

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], write: (text: string) => void): CommandLine | undefined {
  const options: Record<string, unknown> | undefined = parseOptions(simulatorCommand(), args, write);
  if (options === undefined) {
    return undefined;
  }
  const settings = settingsIn(options);
  const keys = options["keys"] as string | undefined;
  checkKeys(keys, settings);
  return {
    keys,
    engine: options["engine"] as Engine | undefined,
    framings: options["framings"] as string | undefined,
    board: options["board"] as string | undefined,
    settings,
    receiveWindow: options["receiveWindow"] as number,
    sendBuffer: options["sendBuffer"] as number,
    quiet: options["quiet"] === true,
    json: options["json"] === true,
  };
}

/**
 * Who may command, and where the keys are, are useless without each other.
 * @throws UsageError
 */
function checkKeys(keys: string | undefined, { security = "" }: Readonly<Record<string, string>>): void {
  if (keys === "") {
    throw new UsageError("--keys: an empty name is no folder");
  }
  if (keys === undefined && security.trim() !== "") {
    throw new UsageError("--security needs --keys FOLDER, where the board keeps its keys and counters");
  }
  if (keys !== undefined && security.trim() === "") {
    throw new UsageError("--keys needs --security, which says who has them: --security 1=commander");
  }
}

export function simulatorCommand(): Command {
  const command = new Command("flatlink-simulator").description(
    "A simulated flatsat board: the board's own program, with this machine's network.",
  );
  command.addOption(
    new Option("--engine <engine>", "JavaScript engine (default: xs where it is to be had, else node)").choices([
      "xs",
      "node",
    ]),
  );
  command
    .option("--framings <file>", `${FRAMINGS_HELP}; Node's engine runs it`)
    .option("--board <file>", BOARD_HELP)
    .option(
      "--keys <dir>",
      "folder where the board keeps the keys and counters of --security; made where there is none; flatlink keys provision puts keys in",
    );
  for (const option of settingOptions()) {
    command.addOption(option);
  }
  return command
    .addOption(bytesOption("--receive-window <bytes>", "receive window of a connection", BOARD_RECEIVE_WINDOW))
    .addOption(bytesOption("--send-buffer <bytes>", "send buffer of a connection", BOARD_SEND_BUFFER))
    .option("--quiet", "print only what listens, and errors")
    .option("--json", "print one JSON object a line")
    .addHelpText(
      "after",
      `\n${framingHelp(PORT_OPTIONS)}\n\nCtrl-C stops it. Exit codes: 0 stopped, 1 the application failed, 2 wrong option or no port.`,
    );
}

function bytesOption(flags: string, help: string, value: number): Option {
  return numberOption(flags, `${help}, in bytes`, 1, 16_777_216, "bytes").default(value);
}
