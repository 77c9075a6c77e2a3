#!/usr/bin/env node
/** `flatlink generate`, as a command. */
import { join } from "node:path";
import { endWithoutOutput } from "../../host/command.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import type { GeneratedFile } from "../generate/generator.js";
import { writeFiles } from "../generate/write-files.js";
import { boardDictionary, simulateCommand } from "./board-choice.js";
import { type GenerateOptions, parseGenerateOptions } from "./generate-options.js";

const NAME = "flatlink generate";
const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** Files that are named one by one. */
const NAMED_FILES = 6;

/** Ends in one line. */
function refuse(exitCode: number, error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${NAME}: ${message.split("\n")[0]}\n`);
  process.exit(exitCode);
}

/** @returns what was written, and what comes next, in two lines */
function summary(output: string, files: readonly GeneratedFile[]): string {
  const names = files.map(({ path }) => path);
  const more = names.length > NAMED_FILES ? `, and ${names.length - NAMED_FILES} more` : "";
  const readme = names.find((name) => name === "README.md");
  return [
    `written to ${output}: ${names.slice(0, NAMED_FILES).join(", ")}${more}`,
    ...(readme === undefined ? [] : [`next: ${join(output, readme)} tells how the first value is seen`]),
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  endWithoutOutput(NAME, EXIT_FAILED);
  let options: GenerateOptions | undefined;
  let board: BoardDictionary;
  try {
    options = parseGenerateOptions(process.argv.slice(2), (text) => void process.stdout.write(text));
    if (options === undefined) {
      return;
    }
    board = await boardDictionary(options.board);
  } catch (error) {
    refuse(EXIT_USAGE, error);
  }
  const { generator, output } = options;
  let files: readonly GeneratedFile[];
  try {
    files = generator.generate(board, simulateCommand(options.board));
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    refuse(EXIT_FAILED, `${generator.name}: ${error.message}`);
  }
  try {
    await writeFiles(output, files);
  } catch (error) {
    refuse(EXIT_FAILED, error);
  }
  process.stdout.write(summary(output, files));
}

await main();
