/** The command line of `flatlink keys`. */
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { numberOption, parseOptions, UsageError } from "../../host/command.js";
import { MAX_SPI, MIN_SPI } from "../../modules/ccsds/sdls.js";
import { MAX_COUNTER } from "../keys/counter-file.js";

export const KEY_ACTIONS = ["new", "show-id", "counter", "provision"] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];

/** Options that only some actions have, by their names without hyphens. */
const OWN_OPTIONS: Readonly<Record<string, readonly KeyAction[]>> = {
  spi: ["new", "provision"],
  set: ["counter"],
  keys: ["provision"],
  serial: ["provision"],
  nvs: ["provision"],
  baud: ["provision"],
  ready: ["provision"],
  telemetry: ["provision"],
};
const TARGETS = ["keys", "serial", "nvs"] as const;

/** Where a key is put. */
export type KeyTarget =
  | { readonly kind: "keys"; readonly folder: string }
  | { readonly kind: "serial"; readonly device: string; readonly baud: number }
  | { readonly kind: "nvs"; readonly output: string };

export interface KeysOptions {
  readonly action: KeyAction;
  /** Path of the key's file. */
  readonly file: string;
  readonly spi: number;
  /** Undefined: the counter is only shown. */
  readonly set: bigint | undefined;
  /** Of `provision`. */
  readonly target: KeyTarget | undefined;
  readonly isReady: boolean;
  readonly isTelemetry: boolean;
}

/**
 * @param args without the program's name
 * @param write where help goes
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseKeysOptions(args: readonly string[], write: (text: string) => void): KeysOptions | undefined {
  const command = keysCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return undefined;
  }
  const [action, file] = command.args as [KeyAction, string];
  for (const [name, actions] of Object.entries(OWN_OPTIONS)) {
    if (command.getOptionValueSource(name) === "cli" && !actions.includes(action)) {
      throw new UsageError(`--${name} is an option of ${actions.join(" and ")}, not of ${action}`);
    }
  }
  const isReady = options["ready"] === true;
  const isTelemetry = options["telemetry"] === true;
  if (isReady && isTelemetry) {
    throw new UsageError("--ready: a key of telemetry is used as soon as it is there");
  }
  return {
    action,
    file,
    spi: options["spi"] as number,
    set: options["set"] as bigint | undefined,
    target: action === "provision" ? targetIn(command) : undefined,
    isReady,
    isTelemetry,
  };
}

function targetIn(command: Command): KeyTarget {
  const options: Record<string, unknown> = command.opts();
  const [kind, ...more] = TARGETS.filter((name) => options[name] !== undefined);
  if (kind === undefined || more.length > 0) {
    throw new UsageError("say where the key goes, one of --keys FOLDER, --serial DEVICE and --nvs FILE");
  }
  const where = options[kind] as string;
  if (where === "") {
    throw new UsageError(`--${kind}: an empty name is none`);
  }
  if (kind !== "serial" && command.getOptionValueSource("baud") === "cli") {
    throw new UsageError("--baud is the speed of --serial");
  }
  if (kind === "serial") {
    if (options["telemetry"] === true) {
      throw new UsageError("--telemetry: a board knows that of its setting security; leave it out with --serial");
    }
    return { kind, device: where, baud: options["baud"] as number };
  }
  return kind === "keys" ? { kind, folder: where } : { kind, output: where };
}

export function keysCommand(): Command {
  return new Command("flatlink keys")
    .description("Makes the keys that telecommands and telemetry are sealed with (SDLS), and gives them to a board.")
    .addArgument(new Argument("<action>", "what to do").choices([...KEY_ACTIONS]))
    .argument("<file>", "the key: 32 octets, raw, that only this user may read; FILE.counter is its counter")
    .addOption(
      numberOption("--spi <number>", "security parameter index that the board knows the key by", MIN_SPI, MAX_SPI)
        // A board that has one key has it there.
        .default(1),
    )
    .addOption(new Option("--set <value>", "counter: its new value, above everything sent").argParser(counterIn))
    .option("--keys <dir>", "provision: a simulated board, by the folder of its --keys; it must not run")
    .option("--serial <file>", "provision: a board on a serial line, by the device: /dev/ttyUSB0")
    .addOption(
      numberOption("--baud <value>", "speed of the serial line", 300, 4_000_000, "bits a second").default(115_200),
    )
    .option("--nvs <file>", "provision: CSV of which Espressif's nvs_partition_gen.py makes a board's NVS partition")
    .option("--ready", "provision: the key waits until a telecommand activates it")
    .option("--telemetry", "provision: the board seals with it what it sends; with --keys and --nvs")
    .addHelpText(
      "after",
      [
        "\nActions:",
        "  new        makes a key of random octets; its counter is at 0",
        "  show-id    prints the key's identifier, which says nothing of the key",
        "  counter    prints the last IV that is reserved; sets it where the file is lost",
        "  provision  gives the key to a board",
        "\nNo key is ever printed. One sender for each key, and one key for each direction.",
        "Exit codes: 0 done, 1 not done, 2 wrong option.",
      ].join("\n"),
    );
}

function counterIn(text: string): bigint {
  const value = /^\d{1,40}$/.test(text) ? BigInt(text) : undefined;
  if (value === undefined || value > MAX_COUNTER) {
    throw new InvalidArgumentError(`It must be a number from 0 to ${MAX_COUNTER}.`);
  }
  return value;
}
