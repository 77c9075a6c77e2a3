/** Options of the commands that know a board's dictionary, and of those that connect to it. */
import type { Command } from "commander";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { parsePorts } from "../../modules/flatsat/configuration.js";
import { SETTINGS } from "../../modules/flatsat/settings.js";
import type { LinkUse } from "../link/link-keys.js";
import { addLinkOptions, type LinkChoice, linkChoice, MAX_PACKET_LENGTH } from "../link/link-options.js";
import { addBoardOptions, type BoardChoice, boardChoice, boardDictionary, framingsOf } from "./board-choice.js";
import { fromUsage } from "./program.js";
import { withProgress } from "./progress.js";

/** Adds those that make a dictionary: the simulator's, whose settings are there but not in the help. */
export function addDictionaryOptions(command: Command): Command {
  return addBoardOptions(command).addHelpText(
    "after",
    "\nThe board's settings are options, as of flatlink simulate: --time-code cuc --apid 5 --listen cobs:7302.",
  );
}

/** Adds those that reach a board and make its dictionary. */
export function addSessionOptions(command: Command, use: LinkUse): Command {
  return addDictionaryOptions(addLinkOptions(command, use));
}

/** Whether a word that may be a file, too, is one of the settings that there are. */
export function isSetting(word: string): boolean {
  const key = word.split("=")[0]!.replaceAll("-", "_");
  return word.includes("=") && SETTINGS.some(({ name }) => name === key);
}

/**
 * Arguments of a command, apart: settings as `key=value`, and the others.
 * @param isOne whether it is a setting; default: whatever has a =
 */
export function wordsOf(
  { args }: Command,
  isOne: (word: string) => boolean = (word) => word.includes("="),
): {
  readonly settings: readonly string[];
  readonly others: readonly string[];
} {
  return { settings: args.filter(isOne), others: args.filter((word) => !isOne(word)) };
}

/**
 * @param command with `addDictionaryOptions`, parsed
 * @param settings as `key=value`; they replace options
 * @throws UsageError
 */
export function choiceIn(command: Command, settings: readonly string[] = []): BoardChoice {
  return boardChoice(command.opts(), settings);
}

/**
 * As `choiceIn`, made a dictionary.
 * @throws (rejects) UsageError: what is wrong with the settings, the framings or the board
 */
export function dictionaryIn(command: Command, settings: readonly string[] = []): Promise<BoardDictionary> {
  const choice = choiceIn(command, settings);
  return fromUsage(() => withProgress("reading the board's dictionary", boardDictionary(choice)));
}

/**
 * Where `listen` is set, and neither port nor framing is given, the board's first port; where the port is one of them, its framing.
 * @param command with `addSessionOptions`, parsed
 * @throws (rejects) UsageError
 */
export function linkIn(
  command: Command,
  board: BoardDictionary,
  settings: readonly string[] = [],
): Promise<LinkChoice> {
  return fromUsage(() => linkOf(command, board, settings));
}

async function linkOf(command: Command, board: BoardDictionary, settings: readonly string[]): Promise<LinkChoice> {
  const options: Record<string, unknown> = command.opts();
  const use: LinkUse = command.options.some(({ long }) => long === "--key") ? "sends" : "listens";
  const longest = Math.max(MAX_PACKET_LENGTH, board.conventions.maxTelemetryLength);
  const isFree = (name: string): boolean => command.getOptionValueSource(name) !== "cli";
  const choice = choiceIn(command, settings);
  const framings = await framingsOf(choice);
  const { listen } = choice.settings;
  if (listen === undefined || !isFree("framing")) {
    return linkChoice(options, longest, framings, use);
  }
  const ports = parsePorts(listen, longest, undefined, undefined, framings);
  const port = isFree("port") ? ports[0] : ports.find((each) => each.port === options["port"]);
  if (port === undefined) {
    return linkChoice(options, longest, framings, use);
  }
  const own = port.framingText ?? port.framing.name;
  // Space packets of a board are told by its own packet IDs: those that it sends are others.
  const framing = port.framing.name === "space-packets" ? {} : { framing: own };
  return linkChoice({ ...options, port: port.port, ...framing }, longest, framings, use);
}
