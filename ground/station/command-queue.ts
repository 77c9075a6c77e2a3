/**
 * The one writer of telecommands to a board: it gives each a sequence count of its own, keeps who sent it and what became of it, and
 * tells which report is about which. So two operators, or two tools behind relays, never have the same count.
 */
import { MAX_PACKET_SEQUENCE_COUNT } from "../../modules/ccsds/primary-header.js";
import type { BoardDictionary } from "../../modules/dictionary/conventions.js";
import { type CommandArguments, encodeMessage, findCommand } from "../dictionary/encode-command.js";
import { commandsOf, type Message } from "../dictionary/messages.js";
import type { DecodedPacket } from "../dictionary/packet-decoder.js";
import { describeFailure, verificationIn } from "../dictionary/verification.js";
import type { Archive } from "./archive/archive.js";
import type { Bus } from "./bus.js";
import type { Command, CommandStage, CommandState } from "./contracts.js";

/** Reports on a telecommand come at once, or with what it does. */
const ANSWER_MS = 10_000;
/** Telecommands whose reports are waited for; the oldest is given up for one more. */
const MAX_OPEN = 1000;

export interface CommandQueueOptions {
  readonly name: string;
  /** In the archive. */
  readonly board: number;
  readonly dictionary: BoardDictionary;
  readonly archive: Archive;
  readonly bus: Bus;
  /** Rejects when no socket takes it. */
  send(packet: Uint8Array): Promise<void>;
  /** The archive takes nothing more: commands go out all the same. */
  onArchiveError(error: Error): void;
  now(): number;
}

export interface Origin {
  readonly user: string;
  readonly origin: string;
}

interface Open {
  command: Command;
  readonly timer: NodeJS.Timeout;
}

export class CommandQueue {
  readonly commands: readonly Message[];
  readonly #options: CommandQueueOptions;
  /** By sequence count. */
  readonly #open = new Map<number, Open>();
  #count: number;
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
    return this.#send(name, given as Readonly<Record<string, unknown>>, this.preview(name, given), origin);
  }

  /**
   * Sends a telecommand that another tool made, with a count of its own in place of the tool's.
   * @param packet with its header's count, and its CRC, already the queue's: see `takeCount`
   */
  relay(name: string, packet: Uint8Array, origin: Origin): Command {
    return this.#send(name, {}, packet, origin);
  }

  /** The count of the next telecommand: who asks for it sends it at once. */
  get nextCount(): number {
    return this.#count;
  }

  /** A report came: which of the telecommands is it about? @returns its sequence count; undefined: none of the queue's */
  look(packet: DecodedPacket): number | undefined {
    const verification = verificationIn(this.#options.dictionary, packet);
    if (verification === undefined) {
      return undefined;
    }
    const count = verification.requestId & MAX_PACKET_SEQUENCE_COUNT;
    const open = this.#open.get(count);
    if (open === undefined) {
      return count;
    }
    const { stage, failure, step } = verification;
    const said = step === undefined ? stage : `${stage}, step ${step}`;
    const state: CommandState = failure !== undefined ? "failed" : stage === "progressed" ? "started" : stage;
    this.#reach(open, state, {
      stage: said,
      time: this.#options.now(),
      ...(failure === undefined ? {} : { failure: describeFailure(failure) }),
    });
    return count;
  }

  close(): void {
    for (const { timer } of this.#open.values()) {
      clearTimeout(timer);
    }
    this.#open.clear();
    this.#isClosed = true;
  }

  #send(name: string, given: Readonly<Record<string, unknown>>, packet: Uint8Array, { user, origin }: Origin): Command {
    const { archive, board, now } = this.#options;
    const count = this.#count;
    this.#count = next(count);
    const time = now();
    const id = this.#stored(() =>
      Number(
        archive
          .statement(
            "INSERT INTO command (board, time, user, origin, name, arguments, bytes, count, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued')",
          )
          .run(board, time, user, origin, name, JSON.stringify(given), packet, count).lastInsertRowid,
      ),
    );
    const hex = Buffer.from(packet).toString("hex");
    const command: Command = { id, time, user, origin, name, arguments: given, state: "queued", stages: [], hex };
    const open: Open = { command, timer: setTimeout(() => this.#unanswered(count), ANSWER_MS) };
    open.timer.unref();
    this.#forget(count);
    this.#open.set(count, open);
    this.#tell(open.command);
    this.#options.send(packet).then(
      () => this.#reach(open, "sent", { stage: "sent", time: now() }),
      (error: Error) => this.#reach(open, "failed", { stage: "sent", time: now(), failure: error.message }),
    );
    return command;
  }

  /** Reports come in their order; that the socket took the telecommand may be known after the first of them. */
  #reach(open: Open, reached: CommandState, stage: CommandStage): void {
    if (this.#isClosed) {
      return;
    }
    const { archive } = this.#options;
    const { command } = open;
    const state = reached === "sent" && command.state !== "queued" ? command.state : reached;
    const stages = [...command.stages, stage];
    open.command = { ...command, state, stages };
    this.#stored(() =>
      archive.transaction(() => {
        archive
          .statement("INSERT INTO stage (command, number, stage, time, failure) VALUES (?, ?, ?, ?, ?)")
          .run(command.id, stages.length, stage.stage, stage.time, stage.failure ?? null);
        archive.statement("UPDATE command SET state = ? WHERE id = ?").run(state, command.id);
        return command.id;
      }),
    );
    if (state === "completed" || state === "failed") {
      clearTimeout(open.timer);
    }
    this.#tell(open.command);
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

  #unanswered(count: number): void {
    const open = this.#open.get(count);
    if (open !== undefined && open.command.state !== "completed" && open.command.state !== "failed") {
      this.#reach(open, "unanswered", { stage: "unanswered", time: this.#options.now() });
    }
  }

  /** Of a count that comes again, and of the oldest where there are too many, nothing more is waited for. */
  #forget(count: number): void {
    const [oldest] = this.#open.keys();
    for (const old of [count, ...(this.#open.size >= MAX_OPEN && oldest !== undefined ? [oldest] : [])]) {
      clearTimeout(this.#open.get(old)?.timer);
      this.#open.delete(old);
    }
  }

  #tell(command: Command): void {
    this.#options.bus.tell({ kind: "command", board: this.#options.name, command });
  }
}

function next(count: number): number {
  return (count + 1) & MAX_PACKET_SEQUENCE_COUNT;
}
