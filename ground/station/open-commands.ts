/** Telecommands whose reports may still come, by what reports name them by: the first four octets, as the board got them. */
import { MAX_PACKET_SEQUENCE_COUNT } from "../../modules/ccsds/primary-header.js";
import type { Command, CommandState } from "./contracts.js";

/** Those that are over and are kept: reports may come late. */
const MAX_OVER = 4096;

/** Somebody else's telecommand. Reports on it go to whoever made it, who knows it by another count. */
export interface Sender {
  /** Nothing more is waited for. Called once for each telecommand. */
  over(): void;
}

export interface OpenCommand {
  command: Command;
  /** As the board got it. */
  readonly requestId: number;
  /** As its sender made it. */
  readonly ownRequestId: number;
  /** Undefined: the station made it. */
  readonly sender: Sender | undefined;
  /** The last state that reports were asked for. */
  readonly last: CommandState;
  readonly timer: NodeJS.Timeout;
  /** That it was sealed with; undefined: it is not sealed, or no socket has taken it. */
  counter: number | undefined;
}

/** In their order. */
const STATES: readonly CommandState[] = ["queued", "sent", "accepted", "started", "completed"];

/** Whether no more is waited for. */
export function isOver({ command: { state }, last }: OpenCommand): boolean {
  return (
    state === "failed" || state === "unanswered" || state === "taken" || STATES.indexOf(state) >= STATES.indexOf(last)
  );
}

export class OpenCommands {
  /** By sequence count: no two that wait have the same. */
  readonly #waiting = new Map<number, OpenCommand>();
  readonly #over = new Map<number, OpenCommand>();

  /** Of a count that comes again, nothing more is waited for. */
  add(open: OpenCommand): void {
    const count = countIn(open.requestId);
    const before = this.#waiting.get(count);
    if (before !== undefined) {
      this.end(before);
    }
    this.#over.delete(count);
    this.#waiting.set(count, open);
  }

  find(requestId: number): OpenCommand | undefined {
    const count = countIn(requestId);
    const open = this.#waiting.get(count) ?? this.#over.get(count);
    return open?.requestId === requestId ? open : undefined;
  }

  /** Nothing more is waited for. Called again, it does nothing. */
  end(open: OpenCommand): void {
    const count = countIn(open.requestId);
    if (this.#waiting.get(count) !== open) {
      return;
    }
    clearTimeout(open.timer);
    this.#waiting.delete(count);
    this.#over.set(count, open);
    const [oldest] = this.#over.keys();
    if (this.#over.size > MAX_OVER && oldest !== undefined) {
      this.#over.delete(oldest);
    }
    open.sender?.over();
  }

  clear(): void {
    for (const { timer } of this.#waiting.values()) {
      clearTimeout(timer);
    }
    this.#waiting.clear();
    this.#over.clear();
  }
}

function countIn(requestId: number): number {
  return requestId & MAX_PACKET_SEQUENCE_COUNT;
}
