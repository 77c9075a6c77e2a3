/** The command line of `flatlink generate`. */
import { Command } from "commander";
import { parseOptions, UsageError } from "../../host/command.js";
import { nearestName } from "../dictionary/nearest-name.js";
import type { Generator } from "../generate/generator.js";
import { GENERATORS } from "../generate/registry.js";
import { addBoardOptions, type BoardChoice, boardChoice } from "./board-choice.js";

export interface GenerateOptions {
  readonly generator: Generator;
  readonly board: BoardChoice;
  /** Path of the directory to write into. */
  readonly output: string;
}

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseGenerateOptions(
  args: readonly string[],
  write: (text: string) => void,
): GenerateOptions | undefined {
  const command = generateCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return undefined;
  }
  const [name, ...settings] = command.args as [string, ...string[]];
  const output = options["output"] as string;
  if (output === "") {
    throw new UsageError("--output: an empty name is no directory");
  }
  return { generator: generatorCalled(name), board: boardChoice(options, settings), output };
}

function generatorCalled(name: string): Generator {
  const generator = GENERATORS.find((other) => other.name === name);
  if (generator !== undefined) {
    return generator;
  }
  const names = GENERATORS.map((other) => other.name);
  const meant = nearestName(name, names);
  const hint = meant === undefined ? "" : `, did you mean ${meant}?`;
  throw new UsageError(`nothing called "${name}" can be generated${hint || `; there is ${names.join(", ")}`}`);
}

export function generateCommand(): Command {
  const width = Math.max(...GENERATORS.map(({ name }) => name.length));
  const generators = GENERATORS.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}`);
  return addBoardOptions(
    new Command("flatlink generate")
      .description("Writes down a board's dictionary for a ground tool. No board needs to run.")
      .argument("<name>", "what to generate")
      .argument("[settings...]", "as key=value: the settings that the board runs with, as in time_code=cuc apid=5")
      .requiredOption("-o, --output <dir>", "directory to write into; it is made where there is none"),
  ).addHelpText(
    "after",
    [
      "\nWhat can be generated:",
      ...generators,
      "\nSettings are options, too: --time-code cuc. flatlink simulate --help lists them.",
      "Exit codes: 0 written, 1 this board cannot be written down for the tool, or not written, 2 wrong option.",
    ].join("\n"),
  );
}
