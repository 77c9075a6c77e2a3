/** What the commands have in common: options that are checked, one line for what is wrong, an end that can be asked for. */
import { type Command, CommanderError, InvalidArgumentError, Option, type OptionValues } from "commander";

/** The command line is wrong; the message is one line. */
export class UsageError extends Error {
  override name = "UsageError";
}

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseOptions(
  command: Command,
  args: readonly string[],
  write: (text: string) => void,
): OptionValues | undefined {
  command
    .helpOption("-h, --help", "print this and exit")
    .allowExcessArguments(false)
    .configureHelp({ helpWidth: 110 })
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} });
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) {
        return undefined;
      }
      // Suggestions come on a line of their own.
      throw new UsageError(error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " "));
    }
    throw error;
  }
  return command.opts();
}

/** An option that takes a whole number from `min` to `max`. */
export function numberOption(flags: string, help: string, min: number, max: number, unit = ""): Option {
  return new Option(flags, help).argParser((text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be ${min} to ${max}${unit === "" ? "" : ` ${unit}`}.`);
    }
    return value;
  });
}

/** Parses an option that may be given several times: a list of all its words. */
export function collect(text: string, others: readonly string[] | undefined): readonly string[] {
  return [...(others ?? []), text];
}

/**
 * Ends the program when whoever read its output is gone, or there is no room for it: it cannot do what it was asked for.
 * @param exitCode not 0: nobody is to take this for success
 */
export function endWithoutOutput(name: string, exitCode: number): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Standard error may be gone, too.
    process.stderr.on("error", () => {});
    process.stderr.write(`${name}: standard output is gone: ${error.message}\n`, () => process.exit(exitCode));
  });
}

/** How often a program that npm started looks whether npm is still there, in milliseconds. */
const PARENT_CHECK_MS = 500;

/** The first signal to stop: Ctrl-C, and what service managers send; under npm also npm's end, which passes none on. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
    if (process.env["npm_lifecycle_event"] !== undefined) {
      const parent = process.ppid;
      setInterval(() => {
        if (process.ppid !== parent) {
          resolve();
        }
      }, PARENT_CHECK_MS).unref();
    }
  });
}
