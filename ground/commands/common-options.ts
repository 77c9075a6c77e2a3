/** Options of the commands that know a board's dictionary, and of those that connect to it. */
import type { Command } from "commander";
import { BOARD_HELP } from "../../host/choose-board.js";
import { FRAMINGS_HELP } from "../../host/own-framings.js";
import { settingOptions } from "../../host/setting-options.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { parsePorts } from "../../modules/flatsat/configuration.js";
import { type BoardChoice, boardChoice, boardDictionary, framingsOf } from "../board-choice.js";
import { addLinkOptions, type LinkChoice, linkChoice, MAX_PACKET_LENGTH } from "../link-options.js";
import { withProgress } from "./progress.js";

/** Adds those that make a dictionary: the simulator's, whose settings are there but not in the help. */
export function addDictionaryOptions(command: Command): Command {
  command.option("--board <file>", BOARD_HELP).option("--framings <file>", FRAMINGS_HELP);
  for (const option of settingOptions()) {
    // The address to bind is the simulator's matter; here it is the board's.
    if (option.long !== "--host") {
      command.addOption(option.hideHelp());
    }
  }
  return command.addHelpText(
    "after",
    "\nThe board's settings are options, as of flatlink simulate: --time-code cuc --apid 5 --listen cobs:7302.",
  );
}

/** Adds those that reach a board and make its dictionary. */
export function addBoardOptions(command: Command): Command {
  return addDictionaryOptions(addLinkOptions(command));
}

/** Arguments of a command, apart: settings as `key=value`, and the others. */
export function wordsOf({ args }: Command): {
  readonly settings: readonly string[];
  readonly others: readonly string[];
} {
  return { settings: args.filter((word) => word.includes("=")), others: args.filter((word) => !word.includes("=")) };
}

/**
 * @param command with `addDictionaryOptions`, parsed
 * @param settings as `key=value`; they replace options
 * @throws UsageError
 */
export function choiceIn(command: Command, settings: readonly string[] = []): BoardChoice {
  return boardChoice(command.opts(), settings);
}

/** As `choiceIn`, made a dictionary. */
export function dictionaryIn(command: Command, settings: readonly string[] = []): Promise<BoardDictionary> {
  return withProgress("reading the board's dictionary", boardDictionary(choiceIn(command, settings)));
}

/**
 * Where `listen` is set, and neither port nor framing is given, the board's first port; where the port is one of them, its framing.
 * @param command with `addBoardOptions`, parsed
 * @throws (rejects) TypeError or RangeError
 */
export async function linkIn(
  command: Command,
  board: BoardDictionary,
  settings: readonly string[] = [],
): Promise<LinkChoice> {
  const options: Record<string, unknown> = command.opts();
  const longest = Math.max(MAX_PACKET_LENGTH, board.conventions.maxTelemetryLength);
  const isFree = (name: string): boolean => command.getOptionValueSource(name) !== "cli";
  const choice = choiceIn(command, settings);
  const framings = await framingsOf(choice);
  const { listen } = choice.settings;
  if (listen === undefined || !isFree("framing")) {
    return linkChoice(options, longest, framings);
  }
  const ports = parsePorts(listen, longest, undefined, undefined, framings);
  const port = isFree("port") ? ports[0] : ports.find((each) => each.port === options["port"]);
  if (port === undefined) {
    return linkChoice(options, longest, framings);
  }
  const own = port.framingText ?? port.framing.name;
  // Space packets of a board are told by its own packet IDs: those that it sends are others.
  const framing = port.framing.name === "space-packets" ? {} : { framing: own };
  return linkChoice({ ...options, port: port.port, ...framing }, longest, framings);
}
