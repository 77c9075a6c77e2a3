/** One client of a relay port: what it sends goes into the board's command queue, what the board sends goes to it. */
import type { Socket } from "node:net";
import { type Gone, ToolClient } from "../../ports/tool-client.js";
import type { Auditor } from "../auditor.js";
import type { Origin } from "../board.js";
import type { NamedCommand } from "../command-queue.js";
import type { Command } from "../contracts.js";
import type { Sender } from "../open-commands.js";
import type { BoardPacket } from "./board-packet.js";
import { ClientView, type Sent } from "./client-view.js";
import type { RelayChoice } from "./relay-choice.js";
import { refusalOf } from "./telecommand-check.js";

/** Behind the last report may come what the telecommand asked for. */
const DRAIN_MS = 1000;

/** Where telecommands go. */
export interface RelayQueue extends Sent {
  relay(telecommand: Uint8Array, said: NamedCommand, origin: Origin, sender: Sender): Command;
}

/** What a browser tried, for the audit. */
const BROWSERS = { http: "an HTTP request", tls: "a TLS handshake" } as const;

export interface RelayClientOptions {
  readonly choice: RelayChoice;
  /** Name of the board. */
  readonly board: string;
  readonly apid: number;
  readonly maxTelemetryLength: number;
  readonly queue: RelayQueue;
  /** Octets that may wait for the client to take them. */
  readonly maxWaiting: number;
  /** What it is called in history and audit: `relay 7401`. */
  readonly user: string;
  /** What a telecommand is, in words. */
  read(telecommand: Uint8Array): NamedCommand;
  readonly audit: Auditor;
  onGone(client: RelayClient, gone: Gone): void;
  now(): number;
}

export class RelayClient extends ToolClient implements Sender {
  /** When it came, UNIX milliseconds. */
  readonly since: number;
  readonly #options: RelayClientOptions;
  readonly #view: ClientView;
  readonly #origin: Origin;
  /** The same for each of its connections: without the port. */
  readonly #anyOrigin: Origin;
  #turn: NodeJS.Immediate | undefined;

  constructor(socket: Socket, options: RelayClientOptions) {
    const { choice, queue, user, maxTelemetryLength, maxWaiting } = options;
    super(socket, choice, { maxTelemetryLength, maxWaiting, drainMs: DRAIN_MS });
    this.#options = options;
    this.since = options.now();
    this.#origin = { user, origin: this.address };
    this.#anyOrigin = { user, origin: socket.remoteAddress ?? "unknown" };
    this.#view = new ClientView(queue, this);
  }

  /** A packet of the board, if this client is to have it. */
  give(packet: BoardPacket): void {
    const bytes = this.#view.of(packet);
    if (bytes !== undefined) {
      this.write(bytes);
    }
  }

  /** One of its telecommands. */
  over(): void {
    this.isOver();
    if (this.#turn === undefined) {
      // Not now: the report on it is still to be given.
      this.#turn = setImmediate(() => {
        this.#turn = undefined;
        this.goOn();
      });
    }
  }

  protected override refusalOf(bytes: Uint8Array, start: number, end: number): string | undefined {
    return refusalOf(bytes, start, end, this.#options.apid);
  }

  protected override pass(telecommand: Uint8Array): void {
    const { queue, read, board, audit } = this.#options;
    const said = read(telecommand);
    queue.relay(telecommand, said, this.#origin, this);
    const given = Object.keys(said.arguments).length === 0 ? "" : ` ${JSON.stringify(said.arguments)}`;
    audit.letIn(this.#origin, `${board} ${said.name}${given}`, "done");
  }

  protected override toldRefused(causes: string): void {
    this.#refuse("telecommands", `refused: ${causes}`);
  }

  protected override left(gone: Gone): void {
    if (gone.reason === "http" || gone.reason === "tls") {
      this.#refuse(BROWSERS[gone.reason], "refused: a page in a browser must not send telecommands");
    }
    this.#options.onGone(this, gone);
  }

  #refuse(action: string, outcome: string): void {
    const { audit, board } = this.#options;
    audit.refused(this.#anyOrigin, `${board} ${action}`, outcome);
  }
}
