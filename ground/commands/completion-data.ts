/** What a shell can complete: subcommands, their options and arguments, a board's commands with arguments and words. */
import type { Command } from "commander";
import { simulatorCommand } from "../../host/command-line.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { argumentsOf } from "../dictionary/command-arguments.js";
import { commandsOf } from "../dictionary/messages.js";
import { GENERATORS } from "../generate/registry.js";
import { pingCommand } from "../ping/ping-options.js";
import { SUBCOMMANDS } from "../subcommands.js";
import { exportCommand, plotCommand } from "./archive-options.js";
import { generateCommand } from "./generate-options.js";
import { groundCommand } from "./ground-options.js";
import { KEY_ACTIONS, keysCommand } from "./keys-options.js";
import { replayCommand } from "./replay-options.js";
import { secureCommand } from "./secure-options.js";
import { sendCommand } from "./send-options.js";
import {
  commandsCommand,
  completionCommand,
  decodeCommand,
  recordCommand,
  SHELLS,
  tailCommand,
  watchCommand,
} from "./syntax.js";
import { SUBJECTS } from "./tail-lines.js";

/** Names of files, in place of words. */
export const FILES = "@files";
/** Anything: there is nothing to complete. */
const ANYTHING = "@anything";

export interface CompletedOption {
  /** With its hyphens. */
  readonly name: string;
  /** What its value may be; `FILES`, `ANYTHING`; undefined: it takes none. */
  readonly values?: readonly string[];
}

export interface CompletedSubcommand {
  readonly name: string;
  readonly options: readonly CompletedOption[];
  /** Of its first argument, and of all that follow it, where it is not `send`. */
  readonly words: readonly string[];
}

export interface CompletedCommand {
  readonly name: string;
  readonly arguments: readonly { readonly name: string; readonly words: readonly string[] }[];
}

export interface CompletionData {
  readonly subcommands: readonly CompletedSubcommand[];
  readonly commands: readonly CompletedCommand[];
}

const SYNTAX: Readonly<Record<string, () => Command>> = {
  simulate: simulatorCommand,
  ground: groundCommand,
  export: exportCommand,
  plot: plotCommand,
  generate: generateCommand,
  ping: pingCommand,
  commands: commandsCommand,
  send: sendCommand,
  tail: tailCommand,
  watch: watchCommand,
  record: recordCommand,
  replay: replayCommand,
  secure: secureCommand,
  decode: decodeCommand,
  keys: keysCommand,
  completion: completionCommand,
};
const PLAIN_WORD = /^[\w.+-]+$/;
/** Placeholders of options whose values are names of files. */
const FILE_PLACEHOLDERS = /<(file|dir)>/;

export function completionData(board: BoardDictionary): CompletionData {
  const commands = commandsOf(board).map((command) => ({
    name: command.name,
    arguments: argumentsOf(command).map(({ name, field }) => ({
      name,
      words: field === undefined ? [] : wordsOf(field.value),
    })),
  }));
  const { parameters = {}, structures = {} } = board;
  const words: Readonly<Record<string, readonly string[]>> = {
    simulate: [FILES],
    generate: GENERATORS.map(({ name }) => name),
    commands: commands.map(({ name }) => name),
    send: commands.map(({ name }) => name),
    tail: SUBJECTS,
    watch: [...Object.keys(parameters), ...Object.keys(structures)],
    export: [FILES],
    plot: [FILES],
    record: [FILES],
    replay: [FILES],
    keys: KEY_ACTIONS,
    completion: SHELLS,
  };
  return {
    subcommands: Object.keys(SUBCOMMANDS).map((name) => ({
      name,
      options: optionsOf(SYNTAX[name]!()),
      words: words[name] ?? [],
    })),
    commands,
  };
}

function wordsOf({
  words,
  type,
}: {
  readonly words?: Readonly<Record<string, number>>;
  readonly type: string;
}): string[] {
  // One that is more than letters, digits and such would have to be quoted: for the script, and for whoever types it.
  return words === undefined
    ? type === "boolean"
      ? ["false", "true"]
      : []
    : Object.keys(words).filter((word) => PLAIN_WORD.test(word));
}

function optionsOf(command: Command): CompletedOption[] {
  const options = command.options.map(({ long, flags, argChoices, required, optional }): CompletedOption => {
    const values = argChoices ?? [FILE_PLACEHOLDERS.test(flags) ? FILES : ANYTHING];
    return required || optional ? { name: long!, values } : { name: long! };
  });
  return [...options, { name: "--help" }];
}
