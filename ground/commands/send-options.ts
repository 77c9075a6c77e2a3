/** The command line of `flatlink send`. */
import { Command, Option } from "commander";
import { numberOption, parseOptions, UsageError } from "../../host/command.js";
import type { CommandArguments } from "../dictionary/encode-command.js";
import { addSessionOptions } from "./common-options.js";

/** What is waited for, in the order in which it comes. */
const WAITS = ["accepted", "started", "completed"] as const;
export type Wait = (typeof WAITS)[number];

export interface SendOptions {
  /** With its own options, for `linkIn` and `dictionaryIn`. */
  readonly command: Command;
  readonly name: string;
  readonly given: CommandArguments;
  readonly wait: Wait;
  readonly timeoutMs: number;
  readonly isDryRun: boolean;
  readonly isSure: boolean;
  readonly isJson: boolean;
  readonly checksHash: boolean;
  readonly sourceId: number;
  /** Undefined: anywhere. */
  readonly sequenceCount: number | undefined;
}

/**
 * @param args without the program's name
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseSendOptions(args: readonly string[], write: (text: string) => void): SendOptions | undefined {
  const command = sendCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return undefined;
  }
  const [name, ...words] = command.args as [string, ...string[]];
  return {
    command,
    name,
    given: argumentsIn(words),
    wait: options["wait"] as Wait,
    timeoutMs: options["timeout"] as number,
    isDryRun: options["dryRun"] === true,
    isSure: options["yes"] === true,
    isJson: options["json"] === true,
    checksHash: options["check"] !== false,
    sourceId: options["sourceId"] as number,
    sequenceCount: options["sequenceCount"] as number | undefined,
  };
}

function argumentsIn(words: readonly string[]): Record<string, string> {
  const given = new Map<string, string>();
  for (const word of words) {
    const end = word.indexOf("=");
    if (end < 1) {
      throw new UsageError(`"${word}" is no argument; write name=value, as in control=on`);
    }
    const name = word.slice(0, end);
    if (given.has(name)) {
      throw new UsageError(`${name} is given twice`);
    }
    given.set(name, word.slice(end + 1));
  }
  return Object.fromEntries(given);
}

export function sendCommand(): Command {
  return addSessionOptions(
    new Command("flatlink send")
      .description("Sends a command to a board, and shows what becomes of it. flatlink commands lists them.")
      .argument("<name>", "the command")
      .argument(
        "[arguments...]",
        "as name=value: a word, a number in the unit, [1,2,3], hexadecimal digits, a list a,b",
      ),
    "sends",
  )
    .addOption(new Option("--wait <stage>", "what to wait for").choices([...WAITS]).default("completed"))
    .addOption(
      numberOption(
        "--timeout <ms>",
        "how long to wait for the connection, and for each stage",
        1,
        3_600_000,
        "milliseconds",
      ).default(5000),
    )
    .option("--dry-run", "show the packet, and send nothing")
    .option("--yes", "send dangerous commands without asking")
    .option("--no-check", "do not ask the board for its dictionary's hash first")
    .addOption(numberOption("--source-id <id>", "who sends it", 0, 65_535).default(0))
    .addOption(numberOption("--sequence-count <count>", "of the packet (default: anywhere; 0 in a dry run)", 0, 16_383))
    .option("--json", "print one JSON object a line")
    .addHelpText(
      "after",
      "\nExit codes: 0 it came so far as was waited for, 1 failed, timed out or stopped, 2 not confirmed, or wrong option or argument, 3 the board took it and its reports were lost.",
    );
}
