/** The simulator's command line: options to settings as text, which the application's own parser checks. */
import { Command, Option } from "commander";
import { PORT_OPTIONS } from "../modules/flatsat/configuration.js";
import { SETTINGS } from "../modules/flatsat/settings.js";
import { numberOption, parseOptions } from "./command.js";
import { BOARD_RECEIVE_WINDOW, BOARD_SEND_BUFFER } from "./engine/io.js";
import { framingHelp } from "./framing-help.js";

export type Engine = "xs" | "node";

export interface CommandLine {
  /** Undefined: XS where it is to be had. */
  readonly engine: Engine | undefined;
  /** Path of a module that exports `framings`; undefined: those of this package. */
  readonly framings: string | undefined;
  /** Path of a board module, or `none`; undefined: the flatsat that comes with this package. */
  readonly board: string | undefined;
  /** For `parseConfiguration`. */
  readonly settings: Record<string, string>;
  /** Bytes. */
  readonly receiveWindow: number;
  readonly sendBuffer: number;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Settings whose option is called otherwise, or defaults otherwise, than on a board. */
const HOST_NAME = "address";
const HOST_DEFAULT = "127.0.0.1";

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseCommandLine(args: readonly string[], write: (text: string) => void): CommandLine | undefined {
  const options: Record<string, unknown> | undefined = parseOptions(makeCommand(), args, write);
  if (options === undefined) {
    return undefined;
  }
  const settings: Record<string, string> = {};
  for (const { name } of SETTINGS) {
    const value = options[optionKey(name)];
    if (value !== undefined) {
      settings[name] = Array.isArray(value) ? value.join(" ") : String(value);
    }
  }
  return {
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
 * @returns the message, with options in place of the settings that it names: at its beginning, and where an underscore says
 *   that it is no other word; what is quoted stays
 */
export function nameOptions(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\b[a-z]+(_[a-z]+)*\b/g, (word, more: string | undefined, at: number) =>
    (at === 0 || more !== undefined) && SETTINGS.some(({ name }) => name === word) ? optionName(word) : word,
  );
}

function optionName(setting: string): string {
  return setting === HOST_NAME ? "--host" : `--${setting.replaceAll("_", "-")}`;
}

function makeCommand(): Command {
  const command = new Command("flatlink-simulator").description(
    "A simulated flatsat board: the board's own program, with this machine's network.",
  );
  command.addOption(
    new Option("--engine <engine>", "JavaScript engine (default: xs where it is to be had, else node)").choices([
      "xs",
      "node",
    ]),
  );
  command.option(
    "--framings <file>",
    "a module that exports framings, as registerFraming makes them, for --listen; Node's engine runs it",
  );
  command.option(
    "--board <file>",
    "a board of your own: a module that exports a dictionary and bind; none: the link alone (default: a simulated flatsat)",
  );
  for (const { name, value, help } of SETTINGS) {
    if (name === "listen") {
      command.addOption(
        new Option(
          "--listen <port>",
          `a port, as FRAMING:PORT[,key=value...]; once per port; 0 picks one (default: ${value})`,
        ).argParser((text: string, others: string[] | undefined) => [...(others ?? []), text]),
      );
    } else if (name === HOST_NAME) {
      command.addOption(new Option("--host <address>", "address to bind").default(HOST_DEFAULT));
    } else {
      command.addOption(new Option(`${optionName(name)} <value>`, help).default(value));
    }
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

/** Where commander puts the value of a setting's option. */
function optionKey(setting: string): string {
  return setting === HOST_NAME ? "host" : setting.replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());
}
