/** The command line of `flatlink ground`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { collect, numberOption, parseOptions, UsageError } from "../../host/command.js";
import { MAX_SPI, MIN_SPI } from "../../modules/ccsds/sdls.js";
import { type KeyChoices, keyChoices } from "../link/link-keys.js";
import { checkHost } from "../link/options.js";
import { AllowedClients } from "../ports/allowed-clients.js";
import type { Retention } from "../station/archive/retention.js";
import { defaultArchive } from "../station/default-archive.js";
import { addFanOutOptions, type FanOutChoice, fanOutChoice } from "./fan-out-options.js";
import { type RelayArgument, relayArgument } from "./relay-argument.js";
import { parseSize } from "./size.js";

export const DEFAULT_PORT = 7380;
const DAY_MS = 86_400_000;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** A board, as the command line names it. */
export interface BoardArgument {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Undefined: the usual one of the port. */
  readonly framing: string | undefined;
}

export interface GroundOptions {
  readonly boards: readonly BoardArgument[];
  /** Files, by the boards' names. */
  readonly dictionaries: ReadonlyMap<string, string>;
  /** Of boards with SDLS, by the boards' names. */
  readonly keys: ReadonlyMap<string, KeyChoices>;
  readonly relays: readonly RelayArgument[];
  /** Who may connect to them from beyond this computer. */
  readonly relayFrom: readonly string[];
  /** `key=value` for every board, `NAME.key=value` for one. */
  readonly settings: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly archive: string;
  readonly retention: Retention;
  readonly users: string | undefined;
  readonly hostNames: readonly string[];
  readonly fanOut: FanOutChoice;
  /** Whether Open MCT is served. */
  readonly openMct: boolean;
}

/** `flatlink ground user NAME`. */
export interface UserOptions {
  readonly user: string;
  readonly role: "viewer" | "operator";
  /** The file that gets the line; undefined: it is printed. */
  readonly users: string | undefined;
}

export function groundCommand(): Command {
  return addFanOutOptions(stationCommand())
    .addOption(new Option("--role <role>", "of a user").choices(["viewer", "operator"]).default("operator"))
    .addHelpText(
      "after",
      "\nCtrl-C ends it. Exit codes: 0 ended, 1 failed, 2 wrong option, the port or the archive is in use.",
    );
}

function stationCommand(): Command {
  return new Command("flatlink ground")
    .description(
      "The ground station: keeps what boards send, shows it on a page, sends commands. Without --board it runs a simulated flatsat, too.",
    )
    .argument("[words...]", "settings of the boards, as key=value or NAME.key=value; or: user NAME, which makes a user")
    .addOption(
      new Option("--board <board>", "a board, as NAME=HOST:PORT[,framing...]; once per board").argParser(collect),
    )
    .addOption(
      new Option(
        "--dictionary <dictionary>",
        "of a board, as NAME=FILE: its module, or what flatlink generate json made (default: the flatsat's)",
      ).argParser(collect),
    )
    .addOption(new Option("--key <key>", "with sdls: what commands are sealed with, as NAME=FILE").argParser(collect))
    .addOption(new Option("--spi <spi>", "how a board knows its key, as NAME=SPI (default: 1)").argParser(collect))
    .addOption(
      new Option("--telemetry-key <key>", "with sdls=tmtc: what a board seals telemetry with, as NAME=FILE").argParser(
        collect,
      ),
    )
    .addOption(
      new Option("--telemetry-spi <spi>", "how a board knows that key, as NAME=SPI (default: 9)").argParser(collect),
    )
    .addOption(
      new Option("--host <address>", "address to bind; beyond this computer with --users only").default("127.0.0.1"),
    )
    .addOption(numberOption("--port <port>", "the page's port; 0: any that is free", 0, 65_535).default(DEFAULT_PORT))
    .option("--archive <file>", `the archive, or :memory: (default: ${defaultArchive()})`)
    .addOption(numberOption("--keep <days>", "forget what is older; 0: nothing", 0, 100_000).default(0))
    .addOption(
      new Option("--max-size <size>", "forget the oldest when the archive is larger, as in 500M or 2G").argParser(
        (text: string) => {
          const size = parseSize(text);
          if (size === undefined) {
            throw new InvalidArgumentError("It must be bytes, as in 500M or 2G, and 1M at least.");
          }
          return size;
        },
      ),
    )
    .addOption(
      new Option(
        "--relay <relay>",
        "a port for other tools in place of the board, as NAME=[HOST:]PORT[,framing...]; once per port (default framing: the board's)",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        "--relay-from <address>",
        "who may connect to relay ports from beyond this computer, as ADDRESS[/BITS]; once per network",
      ).argParser(collect),
    )
    .option("--users <file>", "who may use it, from anywhere; each line as flatlink ground user makes it")
    .addOption(
      new Option("--host-name <name>", "a name that a proxy in front is known by; once per name").argParser(collect),
    )
    .option("--openmct", "serves Open MCT, too, where the npm package openmct is installed");
}

/**
 * @param args without the program's name
 * @returns undefined when help was asked for and written
 * @throws UsageError, TypeError or RangeError
 */
export function parseGroundOptions(
  args: readonly string[],
  write: (text: string) => void,
): GroundOptions | UserOptions | undefined {
  const command = groundCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return undefined;
  }
  const users = options["users"] as string | undefined;
  const [first, user, ...more] = command.args;
  if (first === "user") {
    if (user === undefined || more.length > 0) {
      throw new UsageError("write user NAME");
    }
    return { user, role: options["role"] as UserOptions["role"], users };
  }
  const boards = ((options["board"] ?? []) as readonly string[]).map(boardArgument);
  const names = boards.map(({ name }) => name);
  checkUnique("--board", names);
  const dictionaries = ((options["dictionary"] ?? []) as readonly string[]).map((text) =>
    named("--dictionary", text, "FILE"),
  );
  checkUnique(
    "--dictionary",
    dictionaries.map(([name]) => name),
  );
  for (const [name] of dictionaries) {
    if (!names.includes(name)) {
      throw new UsageError(`--dictionary ${name}: there is no --board ${name}=HOST:PORT`);
    }
  }
  const keys = keysOf(options, names);
  const relays = ((options["relay"] ?? []) as readonly string[]).map((text) =>
    relayArgument(...named("--relay", text, "[HOST:]PORT[,framing...]")),
  );
  checkUnique(
    "--relay on port",
    relays.flatMap(({ port }) => (port === 0 ? [] : [String(port)])),
  );
  const fanOut = fanOutChoice(options, names);
  if (fanOut.from !== undefined && relays.length > 0) {
    throw new UsageError(
      "--from and --relay: a relay port stands for a board that this station is connected to; give one of them",
    );
  }
  const ranges = (options["relayFrom"] ?? []) as readonly string[];
  if (ranges.length > 0 && relays.length === 0) {
    throw new UsageError("--relay-from says who may connect to relay ports, and there is no --relay");
  }
  const keep = options["keep"] as number;
  const maxBytes = options["maxSize"] as number | undefined;
  return {
    boards,
    dictionaries: new Map(dictionaries),
    keys,
    relays,
    relayFrom: rangesIn(ranges),
    settings: command.args,
    host: checkHost(options["host"]),
    port: options["port"] as number,
    archive: (options["archive"] as string | undefined) ?? defaultArchive(),
    retention: { ...(keep === 0 ? {} : { maxAgeMs: keep * DAY_MS }), ...(maxBytes === undefined ? {} : { maxBytes }) },
    users,
    hostNames: (options["hostName"] ?? []) as readonly string[],
    fanOut,
    openMct: options["openmct"] === true,
  };
}

/** @throws UsageError */
function keysOf(options: Record<string, unknown>, boards: readonly string[]): ReadonlyMap<string, KeyChoices> {
  const of = (option: string, key: string, what: string): ReadonlyMap<string, string> => {
    const pairs = ((options[key] ?? []) as readonly string[]).map((text) => named(option, text, what));
    const names = pairs.map(([name]) => name);
    checkUnique(option, names);
    const lost = names.find((name) => !boards.includes(name));
    if (lost !== undefined) {
      throw new UsageError(`${option} ${lost}: there is no --board ${lost}=HOST:PORT`);
    }
    return new Map(pairs);
  };
  const files = of("--key", "key", "FILE");
  const spis = of("--spi", "spi", "SPI");
  const telemetryFiles = of("--telemetry-key", "telemetryKey", "FILE");
  const telemetrySpis = of("--telemetry-spi", "telemetrySpi", "SPI");
  return new Map(
    boards.map((name) => [
      name,
      keyChoices({
        key: files.get(name),
        spi: spiIn("--spi", name, spis.get(name)),
        telemetryKey: telemetryFiles.get(name),
        telemetrySpi: spiIn("--telemetry-spi", name, telemetrySpis.get(name)),
      }),
    ]),
  );
}

/** @throws UsageError */
function spiIn(option: string, name: string, text: string | undefined): number | undefined {
  const spi = Number(text);
  if (text !== undefined && !(/^\d+$/.test(text) && spi >= MIN_SPI && spi <= MAX_SPI)) {
    throw new UsageError(`${option} ${name}: "${text}" must be a whole number from ${MIN_SPI} to ${MAX_SPI}`);
  }
  return text === undefined ? undefined : spi;
}

/** @throws UsageError */
function boardArgument(text: string): BoardArgument {
  const [name, where] = named("--board", text, "HOST:PORT[,framing...]");
  const end = where.indexOf(",");
  const [address, framing] = end < 0 ? [where, undefined] : [where.slice(0, end), where.slice(end + 1)];
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || !(port >= 1 && port <= 65_535)) {
    throw new UsageError(`--board ${name}: "${address}" must be HOST:PORT, as in 192.168.4.1:7302`);
  }
  return { name, host: checkHost(match[1] ?? match[2]), port, framing };
}

/** @throws UsageError */
function named(option: string, text: string, what: string): readonly [name: string, value: string] {
  const end = text.indexOf("=");
  const name = text.slice(0, Math.max(0, end));
  const value = text.slice(end + 1);
  if (!NAME.test(name) || value === "") {
    throw new UsageError(
      `${option} must be NAME=${what}, with a name of letters, digits, hyphens and underscores, not "${text}"`,
    );
  }
  return [name, value];
}

/** @throws UsageError */
function rangesIn(ranges: readonly string[]): readonly string[] {
  try {
    new AllowedClients(ranges);
  } catch (error) {
    throw new UsageError(`--relay-from: ${(error as Error).message}`);
  }
  return ranges;
}

function checkUnique(option: string, names: readonly string[]): void {
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) {
    throw new UsageError(`${option} ${twice} is there twice`);
  }
}
