/** What the commands have in common: how one begins, is stopped, ends, and says what is wrong. */
import { stopSignal, UsageError } from "../../host/command.js";
import { ListenError } from "../../host/listen-error.js";
import { ArgumentError } from "../dictionary/argument-error.js";
import { KeyError } from "../keys/key-error.js";
import { ConnectError } from "../link/connect-error.js";
import { LinkError } from "../link/link-errors.js";

/** The exit codes of every command. */
export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
/** The board has the telecommand, and it is not known whether it could carry it out. */
export const EXIT_TAKEN = 3;

export interface Program {
  /** As messages begin. */
  readonly name: string;
  /** Without the program's name. */
  readonly args: readonly string[];
  /** Ctrl-C, or what service managers send. */
  readonly stop: AbortSignal;
  /** Nobody reads the output any more. */
  readonly unread: AbortSignal;
  /** To standard output. */
  write(text: string): void;
  /** To standard error, with the program's name in front. */
  complain(line: string): void;
}

/** What could not be done, where nothing is wrong with the command line. */
export class FailedError extends Error {
  override name = "FailedError";
}

/**
 * Runs a command to its end, and ends the process.
 * @param run gives the exit code; what it throws is told, as `endWith` has it
 */
export async function runProgram(name: string, run: (program: Program) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  const unread = new AbortController();
  void stopSignal().then(() => stop.abort());
  const complain = (line: string): void => void process.stderr.write(`${name}: ${line}\n`);
  process.stderr.on("error", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read has had enough. Anything else, as a full disk, is a failure.
    if (error.code === "EPIPE") {
      unread.abort();
    } else {
      process.stderr.write(`${name}: standard output is gone: ${error.message}\n`, () => process.exit(EXIT_FAILED));
    }
  });
  const write = (text: string): void => {
    if (!unread.signal.aborted) {
      process.stdout.write(text);
    }
  };
  let exitCode: number;
  try {
    exitCode = await run({
      name,
      args: process.argv.slice(2),
      stop: stop.signal,
      unread: unread.signal,
      write,
      complain,
    });
  } catch (error) {
    const end = endWith(error);
    complain(end.text);
    exitCode = end.exitCode;
  }
  process.exitCode = exitCode;
  // A signal handler or a timer that is left must not keep it running; what was written must get out.
  process.stdout.write("", () => process.exit());
}

/**
 * What is made of what somebody typed: where it cannot be made, that is what is wrong.
 * @throws (rejects) UsageError
 */
export async function fromUsage<Made>(make: () => Made | Promise<Made>): Promise<Made> {
  try {
    return await make();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw error instanceof UsageError ? error : new UsageError(message, { cause: error });
  }
}

const WRONG_USAGE = [UsageError, ArgumentError, ListenError];
const FAILURES = [FailedError, KeyError, LinkError, ConnectError];

/** @returns one line for what whoever typed the command can mend, or wait for; of everything else, a defect, the stack */
export function endWith(error: unknown): { readonly exitCode: number; readonly text: string } {
  const isOne = (kinds: readonly (abstract new (...args: never[]) => Error)[]): boolean =>
    kinds.some((kind) => error instanceof kind);
  const isUsage = isOne(WRONG_USAGE);
  if (!(error instanceof Error)) {
    return { exitCode: EXIT_FAILED, text: String(error) };
  }
  // What the system refuses, as to read a file, has a name there.
  const isExpected = isUsage || isOne(FAILURES) || "syscall" in error;
  return {
    exitCode: isUsage ? EXIT_USAGE : EXIT_FAILED,
    text: isExpected ? error.message.split("\n")[0]! : (error.stack ?? String(error)),
  };
}
