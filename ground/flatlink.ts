#!/usr/bin/env node
/** `flatlink`: one command, whose subcommands are the programs of this package. */
import { Command } from "commander";
import { parseOptions, UsageError } from "../host/command.js";

const EXIT_USAGE = 2;

interface Subcommand {
  readonly help: string;
  /** The program; it reads the process's arguments. */
  readonly module: string;
  /** An argument of its own, and the option that it stands for. */
  readonly argument?: { readonly name: string; readonly option: string };
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  simulate: {
    help: "run a simulated board: one of your own, or the flatsat that comes with the package",
    module: "../host/simulator.js",
    argument: { name: "[board.ts]", option: "--board" },
  },
  generate: { help: "write a board's dictionary down for a ground tool", module: "./generate.js" },
  ping: { help: "send TC[17,1] to a board, and show what answers it", module: "./ping.js" },
  commands: {
    help: "list what can be sent to a board; with a name, one command in detail",
    module: "./commands/commands.js",
  },
  send: { help: "send a command, and show what becomes of it", module: "./commands/send.js" },
  tail: { help: "print what a board sends, decoded: packets, values or events", module: "./commands/tail.js" },
  watch: { help: "show a board's values as a table that is redrawn in place", module: "./commands/watch.js" },
  record: { help: "write what a board sends into a file", module: "./commands/record.js" },
  replay: { help: "serve a recording as a board", module: "./commands/replay.js" },
  decode: { help: "explain a packet octet by octet", module: "./commands/decode.js" },
};

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
