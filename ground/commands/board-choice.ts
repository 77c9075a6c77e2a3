/** Which board a command is about, where none is running: as `flatlink simulate` runs it, by the same options. */
import type { Command } from "commander";
import { BOARD_HELP, chooseBoard } from "../../host/choose-board.js";
import { UsageError } from "../../host/command.js";
import { FRAMINGS_HELP, ownFramings } from "../../host/own-framings.js";
import { settingOptions, settingsIn } from "../../host/setting-options.js";
import { typeWidth } from "../../modules/data/field-kinds.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { timeCode } from "../../modules/flatsat/application-process.js";
import { checkReportLengths, dictionaryOf } from "../../modules/flatsat/board-dictionary.js";
import { parseConfiguration } from "../../modules/flatsat/configuration.js";
import { SETTINGS } from "../../modules/flatsat/settings.js";
import type { Framings } from "../../modules/framing/registry.js";
import { telemetryOverhead } from "../../modules/pus/telemetry.js";

export interface BoardChoice {
  /** Path of a board module, or `none`; undefined: the flatsat that comes with this package. */
  readonly board: string | undefined;
  /** Path of a module that exports `framings`; undefined: those of this package. */
  readonly framings: string | undefined;
  /** For `parseConfiguration`. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * @returns the command, with the simulator's options that make a dictionary; settings are there, but not in its help. An option that it
 *   has already stays what it is: `--host` may be the address to dial
 */
export function addBoardOptions(command: Command): Command {
  command.option("--board <file>", BOARD_HELP).option("--framings <file>", FRAMINGS_HELP);
  const taken = command.options.map(({ long }) => long);
  for (const option of settingOptions()) {
    if (!taken.includes(option.long)) {
      command.addOption(option.hideHelp());
    }
  }
  return command;
}

/**
 * @param options of a command with `addBoardOptions`
 * @param words settings as `key=value`, with the names that they have on a board; they replace options
 * @throws UsageError
 */
export function boardChoice(options: Readonly<Record<string, unknown>>, words: readonly string[]): BoardChoice {
  const named: Record<string, string> = {};
  for (const word of words) {
    const end = word.indexOf("=");
    if (end < 1) {
      throw new UsageError(`"${word}" is no setting; write key=value, as in time_code=cuc`);
    }
    const key = word.slice(0, end).replaceAll("-", "_");
    const value = word.slice(end + 1);
    // One port each, or all in one: as `--listen` and as a board has them.
    named[key] = key === "listen" && named[key] !== undefined ? `${named[key]} ${value}` : value;
  }
  return {
    board: options["board"] as string | undefined,
    framings: options["framings"] as string | undefined,
    settings: { ...settingsIn(options), ...named },
  };
}

/**
 * Its own framings; a module is loaded once, however often it is asked for.
 * @returns (resolves) undefined: those of this package
 * @throws (rejects) TypeError for a module that exports none, and what loading it throws
 */
export async function framingsOf({ framings }: BoardChoice): Promise<Framings | undefined> {
  return framings === undefined ? undefined : ownFramings(framings);
}

/**
 * The dictionary of a board that need not run.
 * @throws (rejects) what is wrong with the settings, the board or its dictionary: an error whose message is one line
 */
export async function boardDictionary(choice: BoardChoice): Promise<BoardDictionary> {
  const { board, settings } = choice;
  const configuration = parseConfiguration(settings, undefined, await framingsOf(choice));
  const compiled = await chooseBoard(board);
  try {
    const dictionary = dictionaryOf(configuration, compiled);
    // A board whose reports are too long does not start: nothing is to be generated for it.
    const { length } = timeCode(configuration.timeCode);
    const overhead = telemetryOverhead(length);
    checkReportLengths(dictionary, overhead, overhead + typeWidth(dictionary.conventions.widths.structureIdType));
    return dictionary;
  } finally {
    await compiled?.remove();
  }
}

/** @returns the command that runs this board in the simulator, for a shell in the same folder */
export function simulateCommand({ board, framings, settings }: BoardChoice): string {
  const said = Object.entries(settings).filter(
    // Where it listens changes nothing in the dictionary.
    ([key, value]) => key !== "address" && SETTINGS.find(({ name }) => name === key)?.value !== value,
  );
  // Which folder has its keys changes nothing in the dictionary, either; but there must be one.
  const keys = (settings["security"] ?? "").trim() === "" ? [] : ([["keys", "board-keys"]] as const);
  const options = [...(framings === undefined ? [] : ([["framings", framings]] as const)), ...said, ...keys];
  return [
    "npx flatlink simulate",
    ...(board === undefined ? [] : [inShell(board)]),
    ...options.map(([key, value]) => `--${key.replaceAll("_", "-")} ${inShell(value)}`),
  ].join(" ");
}

/** One word of a shell, whatever is in it. */
function inShell(word: string): string {
  return /^[\w./:,=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
