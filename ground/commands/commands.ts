/** `flatlink commands`: what can be sent to a board, and one command in detail. */
import { parseOptions, UsageError } from "../../host/command.js";
import { commandHelp, commandList, plainCommand } from "../dictionary/command-help.js";
import { findCommand } from "../dictionary/encode-command.js";
import { commandsOf } from "../dictionary/messages.js";
import { dictionaryIn, wordsOf } from "./common-options.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";
import { commandsCommand } from "./syntax.js";

async function list({ args, write }: Program): Promise<number> {
  const command = commandsCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return EXIT_DONE;
  }
  const { settings, others } = wordsOf(command);
  const [name, ...more] = others;
  if (more.length > 0) {
    throw new UsageError("give one command's name, or none");
  }
  const commands = commandsOf(await dictionaryIn(command, settings));
  const chosen = name === undefined ? commands : [findCommand(commands, name)];
  if (options["json"] === true) {
    write(chosen.map((each) => `${JSON.stringify(plainCommand(each))}\n`).join(""));
  } else {
    write(name === undefined ? commandList(commands) : commandHelp(chosen[0]!));
  }
  return EXIT_DONE;
}

await runProgram("flatlink commands", list);
