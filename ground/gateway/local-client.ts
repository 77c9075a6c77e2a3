/**
 * A tool at one of the gateway's ports: what it sends is sealed for the board, what the board sends goes to it.
 *
 * | state | the tool | leads on |
 * | --- | --- | --- |
 * | NEW | has not sent enough to tell it from a browser | octets: UP, or GONE for HTTP and TLS |
 * | UP | sends, and takes | it shuts down its side: DRAINING; it takes too little: GONE |
 * | DRAINING | sends no more, and is served until its telecommands are sent | they are, and a moment has passed: CLOSING |
 * | CLOSING | takes what it was given | it has, or takes too long: GONE |
 * | GONE | is not served any more, for a reason | |
 */
import type { Socket } from "node:net";
import { NO_DAMAGE } from "../../modules/framing/contract/counters.js";
import { PacketFramer } from "../../modules/framing/encode-decode.js";
import { PUS_STATUS_NAMES, UNSUPPORTED_PUS_VERSION } from "../../modules/pus/packet-status.js";
import { checkTelecommand } from "../../modules/pus/telecommand.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { ByteIntake } from "../link/byte-intake.js";
import { beginningOf } from "../ports/browser-request.js";
import { Refusals } from "../ports/refusals.js";
import type { LocalChoice, Uplink } from "./contracts.js";

/** Telecommands of a tool that are under way; what it sends beyond them stays in its socket. */
const WINDOW = 64;
/** Octets that may wait for a tool to take them. */
const MAX_WAITING = 8 << 20;
/** Where a frame has no delimiter. */
const PARTIAL_FRAME_TIMEOUT_MS = 1000;
/** What a telecommand asked for comes after it was sent. */
const DRAIN_MS = 2000;
const CLOSE_MS = 5000;
/** Longest packet that a board may send. */
const MAX_TELEMETRY_LENGTH = 65_542;

const GONE_TEXTS = {
  left: undefined,
  slow: "it takes too little",
  http: "it speaks HTTP, as browsers do: a page must not send telecommands",
  tls: "it speaks TLS, as browsers do: a page must not send telecommands",
} as const;
export type GoneReason = keyof typeof GONE_TEXTS;

export interface LocalClientOptions {
  readonly choice: LocalChoice;
  readonly uplink: Uplink;
  /** @param text why, for the log; undefined: it is as it should be */
  onGone(client: LocalClient, reason: GoneReason, text: string | undefined): void;
  /** Telecommands of it that are not passed on: `crcMismatch 3`. */
  onRefused(client: LocalClient, causes: string): void;
}

export class LocalClient implements PacketSink {
  /** Address and port. */
  readonly address: string;
  /** Telecommands that were passed on. */
  telecommands = 0;
  /** Packets that it was given. */
  packets = 0;
  /** Packets that its framing cannot carry. */
  unsendable = 0;
  readonly #options: LocalClientOptions;
  readonly #socket: Socket;
  readonly #intake: ByteIntake;
  readonly #framer: PacketFramer;
  readonly #refusals: Refusals;
  #state: "NEW" | "UP" | "DRAINING" | "CLOSING" | "GONE" = "NEW";
  /** Until it is known what they are the beginning of. */
  #first: Uint8Array = new Uint8Array(0);
  #underWay = 0;
  /** Of the decoder, that were counted. */
  #rejections: Readonly<Record<string, number>> = {};
  /** Of DRAINING, then of CLOSING. */
  #timer: NodeJS.Timeout | undefined;
  #isCorked = false;

  constructor(socket: Socket, options: LocalClientOptions) {
    const { framing, badFrames } = options.choice;
    this.#options = options;
    this.#socket = socket;
    this.address = `${socket.remoteAddress ?? "unknown"}:${socket.remotePort ?? 0}`;
    this.#intake = new ByteIntake(framing, PARTIAL_FRAME_TIMEOUT_MS, this, undefined, badFrames);
    this.#framer = new PacketFramer(framing, Math.max(framing.maxPacketLength, MAX_TELEMETRY_LENGTH));
    this.#refusals = new Refusals((causes) => options.onRefused(this, causes));
    socket.on("data", (bytes) => this.#came(bytes));
    socket.on("end", () => this.#ended());
    socket.on("error", () => this.#leave("left"));
    socket.on("close", () => this.#leave("left"));
  }

  /** Telecommands and frames that were not passed on. */
  get refused(): number {
    return this.#refusals.count;
  }

  /** It has shut down its side: it makes room for whoever needs it. */
  get isLeaving(): boolean {
    return this.#state === "DRAINING" || this.#state === "CLOSING";
  }

  /** A packet of the board. */
  give(packet: Uint8Array): void {
    if (this.#state === "CLOSING" || this.#state === "GONE" || this.#options.choice.role === "tc") {
      return;
    }
    const frame = this.#framer.frame(packet);
    if (frame === undefined) {
      this.unsendable++;
      return;
    }
    if (this.#socket.writableLength + frame.length > MAX_WAITING) {
      this.#leave("slow");
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

  /** A packet of the tool. @returns false: there are enough of them under way, and its socket is not read */
  accept(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#state === "GONE") {
      return true;
    }
    if (this.#underWay >= WINDOW) {
      return false;
    }
    // A telecommand that is no PUS-C is what its sender meant: the board answers it.
    const status = checkTelecommand(bytes, start, end);
    if (this.#options.choice.role === "tm") {
      this.#refusals.add("telemetryOnly");
    } else if (status !== 0 && status < UNSUPPORTED_PUS_VERSION) {
      this.#refusals.add(PUS_STATUS_NAMES[status]!);
    } else {
      this.#underWay++;
      this.telecommands++;
      void this.#options.uplink.send(bytes.slice(start, end)).finally(() => {
        this.#underWay--;
        this.#intake.offer();
        this.#drain();
      });
    }
    return true;
  }

  /** Ends the connection. */
  end(): void {
    this.#leave("left");
  }

  #came(bytes: Uint8Array): void {
    if (this.#state !== "NEW") {
      this.#take(bytes);
      return;
    }
    this.#first = Buffer.concat([this.#first, bytes]);
    const beginning = beginningOf(this.#first);
    if (beginning === "http" || beginning === "tls") {
      this.#leave(beginning);
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
        this.#timer = setTimeout(() => this.#leave("left"), CLOSE_MS);
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

  #leave(reason: GoneReason): void {
    if (this.#state === "GONE") {
      return;
    }
    this.#state = "GONE";
    clearTimeout(this.#timer);
    this.#countRejections();
    this.#intake.stop();
    this.#refusals.end();
    this.#socket.destroy();
    this.#options.onGone(this, reason, GONE_TEXTS[reason]);
  }
}
