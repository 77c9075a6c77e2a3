/**
 * A tool at a port in place of the board: the telecommands that it sends are passed on, and telemetry goes to it.
 *
 * | state | the tool | leads on |
 * | --- | --- | --- |
 * | NEW | has not sent enough to tell it from a browser | octets: UP, or GONE for HTTP and TLS |
 * | UP | sends, and takes | it shuts down its side: DRAINING; it takes too little: GONE |
 * | DRAINING | sends no more, and is served until its telecommands are over | they are, and a moment has passed: CLOSING |
 * | CLOSING | takes what it was given | it has, or takes too long: GONE |
 * | GONE | is not served any more, for a reason | |
 */
import type { Socket } from "node:net";
import { NO_DAMAGE } from "../../modules/framing/contract/counters.js";
import type { BadFrames, Framing } from "../../modules/framing/contract/framing.js";
import { PacketFramer } from "../../modules/framing/encode-decode.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { ByteIntake } from "../link/byte-intake.js";
import { beginningOf } from "./browser-request.js";
import { Refusals } from "./refusals.js";

/** Telecommands of a tool that are under way; what it sends beyond them stays in its socket. */
const WINDOW = 64;
/** Where a frame has no delimiter. */
const PARTIAL_FRAME_TIMEOUT_MS = 1000;
const CLOSE_MS = 5000;

export type GoneReason =
  /** It left, or the port is closed. */
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
const BROWSERS: Readonly<Record<"http" | "tls", Gone>> = {
  http: { reason: "http", text: "it speaks HTTP, as browsers do: a page must not send telecommands" },
  tls: { reason: "tls", text: "it speaks TLS, as browsers do: a page must not send telecommands" },
};

/** Of the port that the tool is at. */
export interface ToolChoice {
  readonly framing: Framing;
  /** Telecommands, telemetry, or both. */
  readonly role: "tmtc" | "tc" | "tm";
  readonly badFrames: BadFrames;
}

export interface ToolLimits {
  /** Longest packet that it may be given. */
  readonly maxTelemetryLength: number;
  /** Octets that may wait for it to take them. */
  readonly maxWaiting: number;
  /** What a telecommand asked for comes so long after it is over, in milliseconds. */
  readonly drainMs: number;
}

export abstract class ToolClient implements PacketSink {
  /** Address and port. */
  readonly address: string;
  /** Packets that it was given. */
  packets = 0;
  /** Telecommands that were passed on. */
  telecommands = 0;
  /** Packets that its framing cannot carry. */
  unsendable = 0;
  readonly #choice: ToolChoice;
  readonly #limits: ToolLimits;
  readonly #socket: Socket;
  readonly #intake: ByteIntake;
  readonly #framer: PacketFramer;
  readonly #refusals: Refusals;
  #state: "NEW" | "UP" | "DRAINING" | "CLOSING" | "GONE" = "NEW";
  /** Of GONE. */
  #gone: Gone | undefined;
  /** Until it is known what they are the beginning of. */
  #first: Uint8Array = new Uint8Array(0);
  #underWay = 0;
  /** Of the decoder, that were counted. */
  #rejections: Readonly<Record<string, number>> = {};
  /** Of DRAINING, then of CLOSING. */
  #timer: NodeJS.Timeout | undefined;
  #isCorked = false;

  constructor(socket: Socket, choice: ToolChoice, limits: ToolLimits) {
    const { framing, badFrames } = choice;
    this.#choice = choice;
    this.#limits = limits;
    this.#socket = socket;
    this.address = `${socket.remoteAddress ?? "unknown"}:${socket.remotePort ?? 0}`;
    this.#intake = new ByteIntake(framing, PARTIAL_FRAME_TIMEOUT_MS, this, undefined, badFrames);
    this.#framer = new PacketFramer(framing, Math.max(framing.maxPacketLength, limits.maxTelemetryLength));
    this.#refusals = new Refusals((causes) => this.toldRefused(causes));
    socket.on("data", (bytes) => this.#came(bytes));
    socket.on("end", () => this.#ended());
    socket.on("error", () => this.#leave(LEFT));
    socket.on("close", () => this.#leave(LEFT));
  }

  /** Why it is not served any more; undefined: it is. */
  get gone(): Gone | undefined {
    return this.#gone;
  }

  /** Telecommands and frames that were not passed on. */
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

  /** A packet of the tool. @returns false: there are enough of them under way, and its socket is not read */
  accept(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === "GONE") {
      return true;
    }
    if (this.#underWay >= WINDOW) {
      return false;
    }
    const refusal = this.#choice.role === "tm" ? "telemetryOnly" : this.refusalOf(bytes, start, end);
    if (refusal !== undefined) {
      this.#refusals.add(refusal);
      return true;
    }
    this.#underWay++;
    this.telecommands++;
    this.pass(bytes.slice(start, end));
    return true;
  }

  /** Ends the connection. */
  end(): void {
    this.#leave(LEFT);
  }

  /** @returns why a telecommand is not passed on; undefined: it is */
  protected abstract refusalOf(bytes: Uint8Array, start: number, end: number): string | undefined;

  /** Passes a telecommand on; `isOver` and `goOn` are called behind it. */
  protected abstract pass(telecommand: Uint8Array): void;

  /** What was not passed on: `crcMismatch 3`. */
  protected abstract toldRefused(causes: string): void;

  /** It is not served any more. */
  protected abstract left(gone: Gone): void;

  /** A telecommand that was passed on is over. */
  protected isOver(): void {
    this.#underWay--;
  }

  /** Takes what waits, where there is room for it now. */
  protected goOn(): void {
    this.#intake.offer();
    this.#drain();
  }

  /** Gives it a packet of the board. */
  protected write(packet: Uint8Array): void {
    if (this.#state === "CLOSING" || this.#state === "GONE" || this.#choice.role === "tc") {
      return;
    }
    const frame = this.#framer.frame(packet);
    if (frame === undefined) {
      this.unsendable++;
      return;
    }
    const waiting = this.#socket.writableLength + frame.length;
    if (waiting > this.#limits.maxWaiting) {
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

  #came(bytes: Uint8Array): void {
    if (this.#state !== "NEW") {
      this.#take(bytes);
      return;
    }
    this.#first = Buffer.concat([this.#first, bytes]);
    const beginning = beginningOf(this.#first);
    if (beginning === "http" || beginning === "tls") {
      this.#leave(BROWSERS[beginning]);
    } else if (beginning === "other") {
      this.#state = "UP";
      this.#take(this.#first);
    }
  }

  #take(bytes: Uint8Array): void {
    if (this.#state === "GONE") {
      return;
    }
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
    if (this.#state === "GONE") {
      return;
    }
    if (this.#state === "NEW" && this.#first.length > 0) {
      this.#take(this.#first);
    }
    this.#intake.end(() => {
      this.#countRejections();
      if (this.#state !== "GONE") {
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
      }, this.#limits.drainMs);
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
    if (this.#state === "GONE") {
      return;
    }
    this.#state = "GONE";
    this.#gone = gone;
    clearTimeout(this.#timer);
    this.#countRejections();
    this.#intake.stop();
    this.#refusals.end();
    this.#socket.destroy();
    this.left(gone);
  }
}
