/** The options of `flatlink ground` that have to do with a broker. */
import type { Command } from "commander";
import { UsageError } from "../../host/command.js";
import { type NatsAddress, natsAddress } from "../station/fan-out/nats-address.js";

export interface FanOutChoice {
  /** Where the station publishes; undefined: nowhere. */
  readonly nats: NatsAddress | undefined;
  /** Whether it takes commands from there. */
  readonly natsCommands: boolean;
  /** Where it is served from, in place of boards; undefined: from boards. */
  readonly from: NatsAddress | undefined;
}

export function addFanOutOptions(command: Command): Command {
  return command
    .option("--nats <url>", "publish what the archive keeps to NATS JetStream, as in nats://127.0.0.1:4222")
    .option("--nats-commands", "whoever may publish on flatlink.BOARD.tc there commands the boards")
    .option("--from <url>", "in place of boards: what another station publishes to NATS");
}

/**
 * @param options of a command with `addFanOutOptions`
 * @param boards that it is given
 * @throws UsageError, RangeError
 */
export function fanOutChoice(options: Readonly<Record<string, unknown>>, boards: readonly string[]): FanOutChoice {
  const of = (option: string, key: string): NatsAddress | undefined =>
    options[key] === undefined ? undefined : natsAddress(option, options[key] as string);
  const choice = {
    nats: of("--nats", "nats"),
    natsCommands: options["natsCommands"] === true,
    from: of("--from", "from"),
  };
  if (choice.natsCommands && choice.nats === undefined) {
    throw new UsageError("--nats-commands needs --nats URL");
  }
  if (choice.from !== undefined && choice.nats !== undefined) {
    throw new UsageError("--from and --nats: what comes from a broker is not published again; give one of them");
  }
  if (choice.from !== undefined && boards.length > 0) {
    throw new UsageError(
      `--from takes the boards that are there, and --board ${boards[0]} is not needed; give one of them`,
    );
  }
  return choice;
}
