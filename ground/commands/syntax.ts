/** The options and arguments of the commands; `flatlink completion` reads them, too. */
import { Argument, Command } from "commander";
import { addDictionaryOptions } from "./common-options.js";
import { addListenOptions } from "./listen-options.js";
import { SUBJECTS } from "./tail-lines.js";

const SETTINGS_HELP = "of the board, as key=value: time_code=cuc apid=5";

/** Whose scripts `flatlink completion` prints. */
export const SHELLS = ["bash", "zsh"] as const;
export type Shell = (typeof SHELLS)[number];

export function decodeCommand(): Command {
  return addDictionaryOptions(
    new Command("flatlink decode")
      .description("Explains a packet of a board, telemetry or telecommand, octet by octet.")
      .argument(
        "[hex...]",
        "the packet in hexadecimal digits, with spaces or without; left out: standard input; settings, too",
      )
      .option("--json", "print one JSON object"),
  ).addHelpText("after", "\nExit codes: 0 a packet of this board, 1 none, 2 wrong option, or no hexadecimal digits.");
}

export function commandsCommand(): Command {
  return addDictionaryOptions(
    new Command("flatlink commands")
      .description("Lists what can be sent to a board; of one command, its arguments with ranges, words and units.")
      .argument("[name]", "one command")
      .argument("[settings...]", SETTINGS_HELP)
      .option("--json", "print one JSON object a line"),
  ).addHelpText("after", "\nExit codes: 0 listed, 2 wrong option, or no such command.");
}

export function tailCommand(): Command {
  return addListenOptions(
    new Command("flatlink tail")
      .description("Prints what a board sends, decoded: packets, or values of parameters, or events.")
      .argument("[subject]", `what to print: ${SUBJECTS.join(", ")} (default: packets)`)
      .argument("[settings...]", SETTINGS_HELP),
    "lines",
  )
    .option("--json", "print one JSON object a line")
    .addHelpText(
      "after",
      "\nExit codes: 0 stopped, or enough lines, 1 with --no-reconnect: no connection, 2 wrong option.",
    );
}

export function watchCommand(): Command {
  return addListenOptions(
    new Command("flatlink watch")
      .description("Shows a board's values as a table, with units, words and limits; what changes is lit.")
      .argument("[names...]", "parameters, structures or groups; left out: every parameter; settings, too"),
    "reports",
  )
    .option("--json", "print each value that changed as one JSON object a line")
    .addHelpText(
      "after",
      "\nExit codes: 0 stopped, 1 with --no-reconnect: no connection, 2 wrong option, or no terminal.",
    );
}

export function recordCommand(): Command {
  return addListenOptions(
    new Command("flatlink record")
      .description("Writes what a board sends into a file, with the time at which it came. flatlink replay serves it.")
      .argument("<file>", "the file, of JSON lines; it must not be there")
      .argument("[settings...]", SETTINGS_HELP),
    "packets",
  )
    .option("--force", "write over a file that is there")
    .addHelpText("after", "\nCtrl-C ends it. Exit codes: 0 ended, 1 no connection, or not written, 2 wrong option.");
}

export function completionCommand(): Command {
  return addDictionaryOptions(
    new Command("flatlink completion")
      .description(
        "Prints a script that completes subcommands, options, and a board's commands with arguments and words.",
      )
      .addArgument(new Argument("<shell>", "whose script").choices([...SHELLS]))
      .argument("[settings...]", SETTINGS_HELP),
  ).addHelpText(
    "after",
    "\nbash: source <(flatlink completion bash)   zsh: source <(flatlink completion zsh)\nExit codes: 0 printed, 2 wrong option.",
  );
}
