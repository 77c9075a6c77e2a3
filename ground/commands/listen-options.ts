/** Options of the commands that listen to a board: tail, watch, record. */
import type { Command } from "commander";
import { numberOption } from "../../host/command.js";
import { addSessionOptions } from "./common-options.js";

export const CONNECT_TIMEOUT_MS = 5000;

/** Adds those of the board, `--count` and `--no-reconnect`. */
export function addListenOptions(command: Command, what: string): Command {
  return addSessionOptions(command, "listens")
    .addOption(
      numberOption("--count <number>", `end after so many ${what}; 0: when it is stopped`, 0, 1_000_000_000).default(0),
    )
    .option("--no-reconnect", "end when there is no connection, or it is lost");
}
