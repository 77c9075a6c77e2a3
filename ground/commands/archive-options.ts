/** The command lines of `flatlink export` and `flatlink plot`: what is asked of an archive. */
import { Command, InvalidArgumentError, Option } from "commander";
import { numberOption, UsageError } from "../../host/command.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { Archive } from "../station/archive/archive.js";
import { findParameter, type KnownParameter } from "../station/archive/in-unit.js";
import { defaultArchive } from "../station/default-archive.js";
import type { WideQuery } from "../station/export/wide-rows.js";
import { parseTime } from "./time-text.js";

const TIME_HELP = "as 2026-11-29T12:00:00Z, or 90s, 15m, 2h, 3d: so long ago";

export function exportCommand(): Command {
  return addArchiveOptions(
    new Command("flatlink export").description(
      "Writes values of an archive as a table: a row for each time, a column for each parameter, in their units.",
    ),
  )
    .option("-o, --output <file>", "a .csv or .parquet file (default: CSV, to standard output)")
    .addHelpText(
      "after",
      "\nA station may be running. Exit codes: 0 written, 1 not written, 2 wrong option or archive.",
    );
}

export function plotCommand(): Command {
  return addArchiveOptions(
    new Command("flatlink plot").description("Draws values of an archive over time, in the terminal."),
  )
    .addOption(numberOption("--width <columns>", "of a plot (default: the terminal's)", 20, 1000))
    .addOption(numberOption("--height <lines>", "of a plot", 2, 200).default(8))
    .addHelpText(
      "after",
      "\nA station may be running. Exit codes: 0 drawn, 1 there is nothing to draw, 2 wrong option or archive.",
    );
}

function addArchiveOptions(command: Command): Command {
  return command
    .argument("[file]", `the archive (default: ${defaultArchive()})`)
    .option("--board <name>", "whose (default: the only one)")
    .addOption(
      new Option("--parameter <name>", "once per parameter (default: every one that has values)").argParser(
        (text: string, others: readonly string[] | undefined) => [...(others ?? []), text],
      ),
    )
    .addOption(new Option("--from <time>", TIME_HELP).argParser(timeIn))
    .addOption(new Option("--to <time>", `${TIME_HELP} (default: now)`).argParser(timeIn));
}

function timeIn(text: string): number {
  const time = parseTime(text, Date.now());
  if (time === undefined) {
    throw new InvalidArgumentError(`It must be ${TIME_HELP}.`);
  }
  return time;
}

/**
 * @param command with `addArchiveOptions`, parsed
 * @throws UsageError
 */
export function queryOf(command: Command): WideQuery {
  const options: Record<string, unknown> = command.opts();
  const from = (options["from"] as number | undefined) ?? Number.MIN_SAFE_INTEGER;
  const to = (options["to"] as number | undefined) ?? Date.now();
  if (from > to) {
    throw new UsageError("--from is behind --to");
  }
  const archive = opened(command.args[0] ?? defaultArchive());
  try {
    const board = boardOf(archive, options["board"] as string | undefined);
    return { archive, board, parameters: parametersOf(archive, board, options["parameter"] as string[]), from, to };
  } catch (error) {
    archive.close();
    throw error;
  }
}

/** @throws UsageError */
function opened(file: string): Archive {
  try {
    return new Archive(file, { readOnly: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function boardOf(archive: Archive, name: string | undefined): number {
  const boards = archive.statement("SELECT id, name FROM board ORDER BY id").all() as { id: number; name: string }[];
  const names = boards.map((board) => board.name).join(", ");
  const found = name === undefined && boards.length === 1 ? boards[0] : boards.find((board) => board.name === name);
  if (found === undefined) {
    throw new UsageError(
      name === undefined
        ? `--board must say which: ${names === "" ? "the archive has none" : names}`
        : `--board: there is no "${name}" in the archive; there is ${names}`,
    );
  }
  return found.id;
}

/** @throws UsageError */
function named(dictionary: BoardDictionary, name: string): KnownParameter {
  try {
    return findParameter(dictionary, name);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** By the dictionary that the board's last packet came with. */
function parametersOf(archive: Archive, board: number, names: readonly string[] | undefined): KnownParameter[] {
  const row = archive
    .statement("SELECT dictionary FROM packet WHERE board = ? ORDER BY received DESC LIMIT 1")
    .get(board) as { dictionary: number } | undefined;
  const dictionary = row && archive.dictionary(row.dictionary);
  if (dictionary === undefined) {
    throw new UsageError("there is no packet of the board in the archive");
  }
  if (names !== undefined) {
    return [...new Set(names)].map((name) => named(dictionary, name));
  }
  const some = archive.statement("SELECT 1 FROM sample WHERE board = ? AND parameter = ? LIMIT 1");
  return Object.entries(dictionary.parameters ?? {})
    .filter(([, { id }]) => some.get(board, id) !== undefined)
    .map(([name, definition]) => ({ name, definition }));
}
