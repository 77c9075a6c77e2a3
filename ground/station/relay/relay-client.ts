/**
 * One client of a relay port: what it sends goes into the board's command queue, what the board sends goes to it.
 *
 * | state | the client | leads on |
 * | --- | --- | --- |
 * | NEW | has not sent enough to tell it from a browser | octets: UP, or GONE for HTTP and TLS |
 * | UP | sends, and takes | it shuts down its side: DRAINING; it takes too little: GONE |
 * | DRAINING | sends no more, and is served until its telecommands are over | they are, and a moment has passed: CLOSING |
 * | CLOSING | takes what it was given | it has, or takes too long: GONE |
 * | GONE | is not served any more, for a reason | |
 */
import type { Socket } from "node:net";
import { NO_DAMAGE } from "../../../modules/framing/contract/counters.js";
import { PacketFramer } from "../../../modules/framing/encode-decode.js";
import type { PacketSink } from "../../../modules/tmtc/contracts.js";
import { ByteIntake } from "../../link/byte-intake.js";
import { beginningOf } from "../../ports/browser-request.js";
import { Refusals } from "../../ports/refusals.js";
import type { Auditor } from "../auditor.js";
import type { Origin } from "../board.js";
import type { NamedCommand } from "../command-queue.js";
import type { Command } from "../contracts.js";
import type { Sender } from "../open-commands.js";
import type { BoardPacket } from "./board-packet.js";
import { ClientView, type Sent } from "./client-view.js";
import type { RelayChoice } from "./relay-choice.js";
import { refusalOf } from "./telecommand-check.js";

/** Telecommands of a client that are under way; what it sends beyond them stays in its socket. */
const WINDOW = 64;
/** Where a frame has no delimiter. */
const PARTIAL_FRAME_TIMEOUT_MS = 1000;
/** Behind the last report may come what the telecommand asked for. */
const DRAIN_MS = 1000;
const CLOSE_MS = 5000;

/** Where telecommands go. */
export interface RelayQueue extends Sent {
  relay(telecommand: Uint8Array, said: NamedCommand, origin: Origin, sender: Sender): Command;
}

export type GoneReason =
  /** It left, or the station ends. */
  | "left"
  /** It took too little. */
  | "slow"
  /** It is a browser, or speaks as one does. */
  | "http"
  | "tls";

export interface Gone {
  readonly reason: GoneReason;
  /** In words, for the log; undefined: it is as it should be. */
  readonly text?: string;
}

const LEFT: Gone = { reason: "left" };
const BROWSERS = {
  http: { action: "an HTTP request", text: "it speaks HTTP, as browsers do" },
  tls: { action: "a TLS handshake", text: "it speaks TLS, as browsers do" },
} as const;

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

export class RelayClient implements PacketSink, Sender {
  /** Address and port. */
  readonly address: string;
  /** When it came, UNIX milliseconds. */
  readonly since: number;
  /** Packets that it was given. */
  packets = 0;
  /** Telecommands that were passed on. */
  telecommands = 0;
  /** Packets that its framing cannot carry. */
  unsendable = 0;
  readonly #options: RelayClientOptions;
  readonly #socket: Socket;
  readonly #intake: ByteIntake;
  readonly #framer: PacketFramer;
  readonly #view: ClientView;
  readonly #refusals: Refusals;
  readonly #origin: Origin;
  /** The same for each of its connections: without the port. */
  readonly #anyOrigin: Origin;
  /** An object: GONE. */
  #state: "NEW" | "UP" | "DRAINING" | "CLOSING" | Gone = "NEW";
  /** Until it is known what they are the beginning of. */
  #first: Uint8Array = new Uint8Array(0);
  #underWay = 0;
  /** Of the decoder, that were counted. */
  #rejections: Readonly<Record<string, number>> = {};
  #turn: NodeJS.Immediate | undefined;
  /** Of DRAINING, then of CLOSING. */
  #timer: NodeJS.Timeout | undefined;
  #isCorked = false;

  constructor(socket: Socket, options: RelayClientOptions) {
    const { choice, queue, user, maxTelemetryLength } = options;
    this.#options = options;
    this.#socket = socket;
    this.address = `${socket.remoteAddress ?? "unknown"}:${socket.remotePort ?? 0}`;
    this.since = options.now();
    this.#origin = { user, origin: this.address };
    this.#anyOrigin = { user, origin: socket.remoteAddress ?? "unknown" };
    this.#intake = new ByteIntake(choice.framing, PARTIAL_FRAME_TIMEOUT_MS, this, undefined, choice.badFrames);
    this.#framer = new PacketFramer(choice.framing, Math.max(choice.framing.maxPacketLength, maxTelemetryLength));
    this.#view = new ClientView(queue, this);
    this.#refusals = new Refusals((causes) => this.#refuse("telecommands", `refused: ${causes}`));
    socket.on("data", (bytes) => this.#came(bytes));
    socket.on("end", () => this.#ended());
    socket.on("error", () => this.#leave(LEFT));
    socket.on("close", () => this.#leave(LEFT));
  }

  /** Why it is not served any more; undefined: it is. */
  get gone(): Gone | undefined {
    return typeof this.#state === "object" ? this.#state : undefined;
  }

  /** Packets and frames that were not passed on. */
  get refused(): number {
    return this.#refusals.count;
  }

  /** It has shut down its side: it makes room for whoever needs it. */
  get isLeaving(): boolean {
    return this.#state === "DRAINING" || this.#state === "CLOSING";
  }

  /** Octets that it has not taken yet. */
  get waiting(): number {
    return this.#socket.writableLength;
  }

  /** A packet of the board, if this client is to have it. */
  give(packet: BoardPacket): void {
    const bytes = this.#view.of(packet);
    const isServed = this.#state !== "CLOSING" && this.gone === undefined && this.#options.choice.role !== "tc";
    if (bytes === undefined || !isServed) {
      return;
    }
    const frame = this.#framer.frame(bytes);
    if (frame === undefined) {
      this.unsendable++;
      return;
    }
    const waiting = this.#socket.writableLength + frame.length;
    if (waiting > this.#options.maxWaiting) {
      this.#leave({ reason: "slow", text: `it takes too little: ${waiting} octets wait for it` });
      return;
    }
    if (!this.#isCorked) {
      // What is written in one turn leaves together.
      this.#isCorked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(frame);
    this.packets++;
  }

  /** A packet of the client. @returns false: there are enough of them under way */
  accept(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.gone !== undefined) {
      return true;
    }
    if (this.#underWay >= WINDOW) {
      return false;
    }
    const { apid, queue, read, choice, board, audit } = this.#options;
    const refusal = choice.role === "tm" ? "telemetryOnly" : refusalOf(bytes, start, end, apid);
    if (refusal !== undefined) {
      this.#refusals.add(refusal);
      return true;
    }
    const telecommand = bytes.slice(start, end);
    const said = read(telecommand);
    this.#underWay++;
    this.telecommands++;
    queue.relay(telecommand, said, this.#origin, this);
    const given = Object.keys(said.arguments).length === 0 ? "" : ` ${JSON.stringify(said.arguments)}`;
    audit.letIn(this.#origin, `${board} ${said.name}${given}`, "done");
    return true;
  }

  /** One of its telecommands. */
  over(): void {
    this.#underWay--;
    if (this.#turn === undefined) {
      // Not now: the report on it is still to be given.
      this.#turn = setImmediate(() => {
        this.#turn = undefined;
        this.#intake.offer();
        this.#drain();
      });
    }
  }

  /** Ends the connection. */
  end(): void {
    this.#leave(LEFT);
  }

  #came(bytes: Uint8Array): void {
    if (this.gone !== undefined) {
      return;
    }
    if (this.#state !== "NEW") {
      this.#take(bytes);
      return;
    }
    this.#first = Buffer.concat([this.#first, bytes]);
    const beginning = beginningOf(this.#first);
    switch (beginning) {
      case "http":
      case "tls":
        this.#refuse(BROWSERS[beginning].action, "refused: a page in a browser must not send telecommands");
        this.#leave({ reason: beginning, text: BROWSERS[beginning].text });
        break;
      case "other":
        this.#state = "UP";
        this.#take(this.#first);
        break;
      default:
    }
  }

  #take(bytes: Uint8Array): void {
    let isTaken = false;
    this.#intake.take(bytes, () => {
      isTaken = true;
      this.#countRejections();
      this.#socket.resume();
    });
    if (!isTaken) {
      this.#socket.pause();
    }
  }

  #ended(): void {
    if (this.gone !== undefined) {
      return;
    }
    if (this.#state === "NEW" && this.#first.length > 0) {
      this.#take(this.#first);
    }
    this.#intake.end(() => {
      this.#countRejections();
      if (this.gone === undefined) {
        this.#state = "DRAINING";
        this.#drain();
      }
    });
  }

  #drain(): void {
    if (this.#state === "DRAINING" && this.#underWay === 0) {
      this.#timer ??= setTimeout(() => {
        this.#state = "CLOSING";
        this.#socket.end();
        this.#timer = setTimeout(() => this.#leave(LEFT), CLOSE_MS);
      }, DRAIN_MS);
    }
  }

  #countRejections(): void {
    const now = this.#intake.decoder.counters.byReason();
    for (const [cause, times] of Object.entries(now)) {
      const more = times - (this.#rejections[cause] ?? 0);
      if (more > 0 && !NO_DAMAGE.includes(cause)) {
        this.#refusals.add(cause, more);
      }
    }
    this.#rejections = now;
  }

  #leave(gone: Gone): void {
    if (this.gone !== undefined) {
      return;
    }
    this.#state = gone;
    clearTimeout(this.#timer);
    this.#countRejections();
    this.#intake.stop();
    this.#refusals.end();
    this.#socket.destroy();
    this.#options.onGone(this, gone);
  }

  #refuse(action: string, outcome: string): void {
    const { audit, board } = this.#options;
    audit.refused(this.#anyOrigin, `${board} ${action}`, outcome);
  }
}
