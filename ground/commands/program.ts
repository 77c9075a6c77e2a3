/** What the commands have in common: how one begins, is stopped, ends, and says what is wrong. */
import { stopSignal } from "../../host/command.js";
import { ConnectError } from "../connect-error.js";
import { LinkError } from "../link-errors.js";

/** The exit codes of every command. */
export const EXIT_DONE = 0;
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

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
  /** To standard error: one line, with the program's name in front. */
  complain(line: string): void;
}

/** What could not be done, where nothing is wrong with the command line. */
export class FailedError extends Error {
  override name = "FailedError";
}

/**
 * Runs a command to its end, and ends the process.
 * @param run gives the exit code; what it throws is one line, with the code of a wrong option or, from the link, of a failure
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
    complain((error instanceof Error ? error.message : String(error)).split("\n")[0]!);
    exitCode = isFailure(error) ? EXIT_FAILED : EXIT_USAGE;
  }
  process.exitCode = exitCode;
  // A signal handler or a timer that is left must not keep it running; what was written must get out.
  process.stdout.write("", () => process.exit());
}

function isFailure(error: unknown): boolean {
  return error instanceof FailedError || error instanceof LinkError || error instanceof ConnectError;
}
