/**
 * The one writer of telecommands to a board: it gives each a sequence count of its own, keeps who sent it and what became of it, and
 * tells which report is about which. So two operators, or two scripts, never have the same count.
 */
import { writeCrc16 } from "../../modules/ccsds/crc16.js";
import { MAX_PACKET_SEQUENCE_COUNT, setPacketSequenceCount } from "../../modules/ccsds/primary-header.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import {
  ACKNOWLEDGE_ACCEPTANCE,
  ACKNOWLEDGE_COMPLETION,
  ACKNOWLEDGE_PROGRESS,
  ACKNOWLEDGE_START,
  acknowledgementFlags,
  requestId,
} from "../../modules/pus/telecommand.js";
import { type CommandArguments, encodeMessage, findCommand } from "../dictionary/encode-command.js";
import { commandsOf, type Message } from "../dictionary/messages.js";
import type { DecodedPacket } from "../dictionary/packet-decoder.js";
import { describeFailure, verificationIn } from "../dictionary/verification.js";
import type { Archive } from "./archive/archive.js";
import { addCommand, addStage } from "./archive/command-history.js";
import type { Origin } from "./board.js";
import type { Bus } from "./bus.js";
import type { Command, CommandStage, CommandState } from "./contracts.js";
import { isOver, type OpenCommand, OpenCommands, type Sender } from "./open-commands.js";

/** Reports on a telecommand come at once, or with what it does. */
const ANSWER_MS = 10_000;

export interface CommandQueueOptions {
  readonly name: string;
  /** In the archive. */
  readonly board: number;
  readonly dictionary: BoardDictionary;
  readonly archive: Archive;
  readonly bus: Bus;
  /** Rejects when no socket takes it. @returns (resolves) the counter that it was sealed with; undefined: it was not */
  send(packet: Uint8Array): Promise<number | undefined>;
  /** The archive takes nothing more: commands go out all the same. */
  onArchiveError(error: Error): void;
  now(): number;
}

/** What a telecommand is, as people read it. */
export interface NamedCommand {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** Who else made a telecommand, and the request ID that it has there. */
interface Foreign {
  readonly sender: Sender;
  readonly ownRequestId: number;
}

export class CommandQueue {
  readonly commands: readonly Message[];
  readonly #options: CommandQueueOptions;
  readonly #open = new OpenCommands();
  #count: number;
  /** Sealed, and without a report in time. */
  #unanswered: OpenCommand[] = [];
  /** The board took all up to this counter, as it has said. */
  #taken = -1;
  /** The archive is closed, too: the next station knows that nobody waited. */
  #isClosed = false;
  #unstored = 0;

  constructor(options: CommandQueueOptions) {
    this.#options = options;
    this.commands = commandsOf(options.dictionary);
    const last = options.archive
      .statement("SELECT count FROM command WHERE board = ? AND count IS NOT NULL ORDER BY id DESC LIMIT 1")
      .get(options.board) as { count: number } | undefined;
    // Goes on behind an earlier station's, whose reports may still come.
    this.#count = last === undefined ? 0 : next(last.count);
  }

  /**
   * The telecommand as it would be sent, with the count that it would have.
   * @throws ArgumentError
   */
  preview(name: string, given: CommandArguments): Uint8Array {
    return encodeMessage(this.#options.dictionary, findCommand(this.commands, name), given, {
      sequenceCount: this.#count,
    });
  }

  /**
   * Sends a command. What becomes of it is told on the bus.
   * @returns as it stands in the archive, before it is sent
   * @throws ArgumentError
   */
  send(name: string, given: CommandArguments, origin: Origin): Command {
    return this.#send({ name, arguments: given }, this.preview(name, given), origin);
  }

  /**
   * Sends a telecommand that somebody else made, with the next count of this queue in place of its own, and its CRC anew.
   * @param telecommand sound, and for this board; not changed
   * @param said what it is
   * @returns as `send`
   */
  relay(telecommand: Uint8Array, said: NamedCommand, origin: Origin, sender: Sender): Command {
    const packet = new Uint8Array(telecommand);
    setPacketSequenceCount(packet, 0, this.#count);
    writeCrc16(packet, 0, packet.length);
    return this.#send(said, packet, origin, { sender, ownRequestId: requestId(telecommand, 0) });
  }

  /** The telecommand that a report names; undefined: this queue has not sent it, or long ago. */
  sent(requestId: number): Readonly<OpenCommand> | undefined {
    return this.#open.find(requestId);
  }

  /** A report came: it may be about one of the telecommands. */
  look(packet: DecodedPacket): void {
    const verification = verificationIn(this.#options.dictionary, packet);
    const open = verification && this.#open.find(verification.requestId);
    if (verification === undefined || open === undefined) {
      return;
    }
    const { stage, failure, step } = verification;
    const said = step === undefined ? stage : `${stage}, step ${step}`;
    const state: CommandState = failure !== undefined ? "failed" : stage === "progressed" ? "started" : stage;
    this.#reach(open, state, {
      stage: said,
      time: this.#options.now(),
      ...(failure === undefined ? {} : { failure: describeFailure(failure) }),
    });
  }

  /** The board says that it took all telecommands that were sealed with a counter up to this one. */
  taken(counter: number): void {
    if (counter <= this.#taken) {
      return;
    }
    this.#taken = counter;
    const taken = this.#unanswered.filter((open) => open.counter! <= counter);
    this.#unanswered = this.#unanswered.filter((open) => open.counter! > counter);
    for (const open of taken) {
      // Its reports may have come after all.
      if (open.command.state === "unanswered") {
        this.#reach(open, "taken", { stage: "taken", time: this.#options.now() });
      }
    }
  }

  close(): void {
    this.#open.clear();
    this.#isClosed = true;
  }

  #send(
    { name, arguments: given }: NamedCommand,
    packet: Uint8Array,
    { user, origin }: Origin,
    foreign?: Foreign,
  ): Command {
    const { archive, board, now } = this.#options;
    const count = this.#count;
    this.#count = next(count);
    const hex = Buffer.from(packet).toString("hex");
    const said = { time: now(), user, origin, name, arguments: given, state: "queued", stages: [], hex } as const;
    const command: Command = { id: this.#stored(() => addCommand(archive, board, said, packet, count)), ...said };
    const asBoardGotIt = requestId(packet, 0);
    const open: OpenCommand = {
      command,
      requestId: asBoardGotIt,
      ownRequestId: foreign?.ownRequestId ?? asBoardGotIt,
      sender: foreign?.sender,
      last: this.#lastStateOf(packet),
      timer: setTimeout(() => this.#late(open), ANSWER_MS),
      counter: undefined,
    };
    open.timer.unref();
    const before = this.#open.find(asBoardGotIt);
    if (before !== undefined) {
      // The count has come round, and its reports have not.
      this.#late(before);
    }
    this.#open.add(open);
    this.#tell(open.command);
    this.#options.send(packet).then(
      (counter) => {
        open.counter = counter;
        this.#reach(open, "sent", { stage: "sent", time: now() });
      },
      (error: Error) => this.#reach(open, "failed", { stage: "sent", time: now(), failure: error.message }),
    );
    return command;
  }

  /** Other tools do not ask for every report. */
  #lastStateOf(packet: Uint8Array): CommandState {
    const flags = acknowledgementFlags(packet, 0);
    if (this.#options.dictionary.conventions.acknowledge === "always" || (flags & ACKNOWLEDGE_COMPLETION) !== 0) {
      return "completed";
    }
    if ((flags & (ACKNOWLEDGE_START | ACKNOWLEDGE_PROGRESS)) !== 0) {
      return "started";
    }
    return (flags & ACKNOWLEDGE_ACCEPTANCE) !== 0 ? "accepted" : "sent";
  }

  /** Reports come in their order; that the socket took the telecommand may be known after the first of them. */
  #reach(open: OpenCommand, reached: CommandState, stage: CommandStage): void {
    if (this.#isClosed) {
      return;
    }
    const { command } = open;
    const state = reached === "sent" && command.state !== "queued" ? command.state : reached;
    const stages = [...command.stages, stage];
    open.command = { ...command, state, stages };
    this.#stored(() => {
      addStage(this.#options.archive, open.command, stage);
      return command.id;
    });
    this.#tell(open.command);
    if (isOver(open)) {
      this.#open.end(open);
    }
  }

  /** @returns the number of what was stored; one below those of the archive where it takes nothing */
  #stored(store: () => number): number {
    try {
      return store();
    } catch (error) {
      this.#options.onArchiveError(error as Error);
      return --this.#unstored;
    }
  }

  #late(open: OpenCommand): void {
    if (isOver(open)) {
      return;
    }
    const { counter } = open;
    const reached = counter !== undefined && counter <= this.#taken ? "taken" : "unanswered";
    this.#reach(open, reached, { stage: reached, time: this.#options.now() });
    if (reached === "unanswered" && counter !== undefined) {
      this.#unanswered.push(open);
    }
  }

  #tell(command: Command): void {
    this.#options.bus.tell({ kind: "command", board: this.#options.name, command });
  }
}

function next(count: number): number {
  return (count + 1) & MAX_PACKET_SEQUENCE_COUNT;
}
