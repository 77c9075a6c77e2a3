/** Commands to a board that another station is connected to: that one sends them, if the broker lets us ask it to. */
import type { BoardDictionary } from "../../../modules/dictionary/conventions.js";
import { type CommandArguments, encodeMessage, findCommand } from "../../dictionary/encode-command.js";
import { commandsOf, type Message } from "../../dictionary/messages.js";
import { addCommand, addStage } from "../archive/command-history.js";
import type { Commands, Origin } from "../board.js";
import type { Command, CommandStage, CommandState } from "../contracts.js";
import type { Station } from "../station.js";

/** What a station answers: `command-desk.ts`. */
export interface Answer {
  readonly error?: string;
  readonly state?: CommandState;
  readonly stages?: readonly CommandStage[];
}

/**
 * Asks the station that has the board.
 * @returns its answers, the last with what became of the command
 * @throws (rejects) Error in one line: there is no connection, nobody takes commands there, the broker does not allow it
 */
export type Ask = (board: string, request: object) => AsyncIterable<Answer>;

export interface RemoteCommandsOptions {
  readonly name: string;
  /** In the archive. */
  readonly board: number;
  readonly dictionary: BoardDictionary;
  readonly station: Station;
  readonly ask: Ask;
}

const FINAL: readonly CommandState[] = ["completed", "failed", "unanswered", "taken"];

export class RemoteCommands implements Commands {
  readonly commands: readonly Message[];
  readonly #options: RemoteCommandsOptions;
  #isClosed = false;
  #unstored = 0;

  constructor(options: RemoteCommandsOptions) {
    this.#options = options;
    this.commands = commandsOf(options.dictionary);
  }

  /** With a count of 0: the other station gives it its own. */
  preview(name: string, given: CommandArguments): Uint8Array {
    return encodeMessage(this.#options.dictionary, findCommand(this.commands, name), given, { sequenceCount: 0 });
  }

  send(name: string, given: CommandArguments, { user, origin }: Origin): Command {
    const { station, board } = this.#options;
    const packet = this.preview(name, given);
    const hex = Buffer.from(packet).toString("hex");
    const plain = given as Readonly<Record<string, unknown>>;
    const command = {
      time: Date.now(),
      user,
      origin,
      name,
      arguments: plain,
      state: "queued",
      stages: [],
      hex,
    } as const;
    let id: number;
    try {
      id = addCommand(station.archive, board, command, packet);
    } catch (error) {
      station.archiveFailed(error as Error);
      id = --this.#unstored;
    }
    const kept: Command = { id, ...command };
    this.#tell(kept);
    void this.#follow(kept);
    return kept;
  }

  close(): void {
    this.#isClosed = true;
  }

  async #follow(command: Command): Promise<void> {
    const { name, ask } = this.#options;
    let now = command;
    // That it is dangerous was asked here.
    const request = { name: command.name, arguments: command.arguments, confirm: true, user: command.user };
    try {
      for await (const { error, state = "sent", stages } of ask(name, request)) {
        if (error !== undefined) {
          throw new Error(error);
        }
        const told = stages ?? [{ stage: "taken by its station", time: Date.now() }];
        for (const [k, stage] of told.entries()) {
          // What became of it is so from the last stage on.
          const isOver = stages !== undefined && k === told.length - 1;
          now = this.#reach(now, isOver ? state : "sent", stage);
        }
      }
      if (!FINAL.includes(now.state)) {
        this.#reach(now, "unanswered", { stage: "unanswered", time: Date.now() });
      }
    } catch (error) {
      this.#reach(now, "failed", { stage: "sent", time: Date.now(), failure: (error as Error).message });
    }
  }

  #reach(command: Command, state: CommandState, stage: CommandStage): Command {
    if (this.#isClosed) {
      return command;
    }
    const { station } = this.#options;
    const reached = { ...command, state, stages: [...command.stages, stage] };
    try {
      addStage(station.archive, reached, stage);
    } catch (error) {
      station.archiveFailed(error as Error);
    }
    this.#tell(reached);
    return reached;
  }

  #tell(command: Command): void {
    this.#options.station.bus.tell({ kind: "command", board: this.#options.name, command });
  }
}
