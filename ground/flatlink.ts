#!/usr/bin/env node
/** `flatlink`: one command, whose subcommands are the programs of this package. */
import { Command } from "commander";
import { parseOptions, UsageError } from "../host/command.js";
import { SUBCOMMANDS, type Subcommand } from "./subcommands.js";

const EXIT_USAGE = 2;

/** @throws UsageError when the first argument is no subcommand */
function chosen(args: readonly string[], write: (text: string) => void): Subcommand | undefined {
  const command = new Command("flatlink").description("The TMTC link of a flatsat board, from the ground.");
  let found: Subcommand | undefined;
  for (const [name, subcommand] of Object.entries(SUBCOMMANDS)) {
    const { help, argument } = subcommand;
    command
      .command(argument === undefined ? name : `${name} ${argument.name}`)
      .description(help)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        found = subcommand;
      });
  }
  command.addHelpText("after", "\nflatlink COMMAND --help lists the options of a command.");
  if (args.length === 0) {
    command.configureOutput({ writeOut: write }).outputHelp();
    return undefined;
  }
  return parseOptions(command, args, write) === undefined ? undefined : found;
}

async function main(): Promise<void> {
  const [node, program, ...args] = process.argv as [string, string, ...string[]];
  try {
    const subcommand = chosen(args, (text) => void process.stdout.write(text));
    if (subcommand === undefined) {
      return;
    }
    const [, first, ...rest] = args;
    const { argument, module } = subcommand;
    const own = first !== undefined && argument !== undefined && !first.startsWith("-") ? [argument.option, first] : [];
    process.argv = [node, program, ...own, ...(own.length > 0 ? rest : args.slice(1))];
    await import(module);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    process.stderr.write(`flatlink: ${error.message}\n`);
    process.exitCode = EXIT_USAGE;
  }
}

await main();
