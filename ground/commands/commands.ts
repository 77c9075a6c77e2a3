/** `flatlink commands`: what can be sent to a board, and one command in detail. */
import { Command } from "commander";
import { parseOptions, UsageError } from "../../host/command.js";
import { commandHelp, commandList, plainCommand } from "../dictionary/command-help.js";
import { findCommand } from "../dictionary/encode-command.js";
import { commandsOf } from "../dictionary/messages.js";
import { addDictionaryOptions, dictionaryIn } from "./common-options.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";

function makeCommand(): Command {
  return addDictionaryOptions(
    new Command("flatlink commands")
      .description("Lists what can be sent to a board; of one command, its arguments with ranges, words and units.")
      .argument("[name]", "one command")
      .option("--json", "print one JSON object a line"),
  ).addHelpText("after", "\nExit codes: 0 listed, 2 wrong option, or no such command.");
}

async function list({ args, write }: Program): Promise<number> {
  const command = makeCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const [name, ...more] = command.args;
  if (more.length > 0) {
    throw new UsageError("give one command's name, or none");
  }
  const commands = commandsOf(await dictionaryIn(options));
  const chosen = name === undefined ? commands : [findCommand(commands, name)];
  if (options["json"] === true) {
    write(chosen.map((each) => `${JSON.stringify(plainCommand(each))}\n`).join(""));
  } else {
    write(name === undefined ? commandList(commands) : commandHelp(chosen[0]!));
  }
  return EXIT_DONE;
}

await runProgram("flatlink commands", list);
