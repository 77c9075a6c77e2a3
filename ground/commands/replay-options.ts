/** The command line of `flatlink replay`. */
import { Command, InvalidArgumentError, Option } from "commander";
import { numberOption, parseOptions, UsageError } from "../../host/command.js";
import { framingHelp } from "../../host/framing-help.js";
import { PORT_OPTIONS, type PortConfiguration, parsePorts } from "../../modules/flatsat/configuration.js";
import { MAX_PACKET_LENGTH } from "../recording/packet-server.js";

const DEFAULT_PORT = 7301;
const DEFAULT_FRAMING = "space-packets,crc=check16";
const MAX_CLIENTS = 32;

export interface ReplayOptions {
  readonly file: string;
  readonly address: string;
  readonly ports: readonly PortConfiguration[];
  /** Infinity: as quickly as clients take it. */
  readonly speed: number;
  readonly loops: boolean;
  readonly maxClients: number;
  /** It does not wait for the first client. */
  readonly startsAtOnce: boolean;
}

/**
 * @param args without the program's name
 * @returns undefined when help was asked for and written
 * @throws UsageError
 */
export function parseReplayOptions(args: readonly string[], write: (text: string) => void): ReplayOptions | undefined {
  const command = replayCommand();
  const options: Record<string, unknown> | undefined = parseOptions(command, args, write);
  if (options === undefined) {
    return undefined;
  }
  const listen = options["listen"] as readonly string[] | undefined;
  return {
    file: command.args[0]!,
    address: options["host"] as string,
    ports: portsIn(listen?.join(" ") ?? onPort(options["framing"] as string, options["port"] as number)),
    speed: options["speed"] as number,
    loops: options["loop"] === true,
    maxClients: options["maxClients"] as number,
    startsAtOnce: options["now"] === true,
  };
}

/** @throws UsageError */
function portsIn(text: string): PortConfiguration[] {
  try {
    return parsePorts(text, MAX_PACKET_LENGTH, undefined, MAX_CLIENTS);
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** `cobs,delimiter=both` on a port, as the simulator's `--listen` has it. */
function onPort(framing: string, port: number): string {
  const [name, ...keys] = framing.split(",");
  return [`${name}:${port}`, ...keys].join(",");
}

function speedIn(text: string): number {
  const speed = text === "max" ? Number.POSITIVE_INFINITY : Number(text);
  if (!(speed > 0)) {
    throw new InvalidArgumentError("It must be a number above 0, or max.");
  }
  return speed;
}

export function replayCommand(): Command {
  return new Command("flatlink replay")
    .description("Serves what flatlink record has recorded, as a board that any ground tool can connect to.")
    .argument("<file>", "the recording")
    .addOption(new Option("--host <address>", "address to bind").default("127.0.0.1"))
    .addOption(numberOption("--port <port>", "port to listen on; 0 picks one", 0, 65_535).default(DEFAULT_PORT))
    .addOption(new Option("--framing <framing>", "as NAME[,key=value...]").default(DEFAULT_FRAMING))
    .addOption(
      new Option(
        "--listen <port>",
        "in place of --port and --framing: a port, as FRAMING:PORT[,key=value...]; once per port",
      ).argParser((text: string, others: string[] | undefined) => [...(others ?? []), text]),
    )
    .addOption(
      new Option("--speed <factor>", "so many times as quick as it came; max: at once").argParser(speedIn).default(1),
    )
    .option("--loop", "begin again at the end, until Ctrl-C")
    .option("--now", "begin at once, not when the first client is there")
    .addOption(numberOption("--max-clients <count>", "clients at once", 1, MAX_CLIENTS).default(8))
    .addHelpText(
      "after",
      `\n${framingHelp(PORT_OPTIONS)}\n\nWhat clients send is read and dropped. Exit codes: 0 everything was taken, or stopped, 1 no recording, or packets that could not be sent, 2 wrong option or no port.`,
    );
}
