/** `flatlink completion`: a script for a shell, made of a board's dictionary. */
import { parseOptions } from "../../host/command.js";
import { dictionaryIn, wordsOf } from "./common-options.js";
import { completionData } from "./completion-data.js";
import { completionScript } from "./completion-scripts.js";
import { EXIT_DONE, type Program, runProgram } from "./program.js";
import { completionCommand, type Shell } from "./syntax.js";

async function print({ args, write }: Program): Promise<number> {
  const command = completionCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options !== undefined) {
    write(
      completionScript(
        command.args[0] as Shell,
        completionData(await dictionaryIn(command, wordsOf(command).settings)),
      ),
    );
  }
  return EXIT_DONE;
}

await runProgram("flatlink completion", print);
