/**
 * The UDP port for tools that seal by themselves, as Yamcs does: what comes is taken out of its CLTU and passed on as it is. The tool
 * has the key and the counter; nothing of them is here.
 *
 * UDP knows no back-pressure: what comes while the board takes nothing is dropped, and counted.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIP } from "node:net";
import { ListenError } from "../../host/listen-error.js";
import { QueueFullError } from "../link/link-errors.js";
import type { AllowedClients } from "../ports/allowed-clients.js";
import { Refusals } from "../ports/refusals.js";
import { type DatagramFormat, type FrameAgreement, SealedFrames } from "./sealed-frames.js";

export interface UdpChoice extends DatagramFormat {
  /** What is bound. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface UdpPortOptions {
  readonly choice: UdpChoice;
  readonly agreement: FrameAgreement;
  readonly allowed: AllowedClients;
  /** Sends a frame. @throws (rejects) NotSentError: it is dropped */
  send(frame: Uint8Array): Promise<unknown>;
  /** What happens at the port, in one line. */
  report(line: string): void;
}

/** Of a frame while there is no connection to the board, or one that ends. */
const NOT_CONNECTED = "notConnected";
/** Of a frame behind too many that the board does not take. */
const NOT_TAKEN = "notTaken";
/** Of a datagram from somebody who may not send any. */
const NOT_ALLOWED = "notAllowed";

export class UdpPort {
  /** Frames that a socket to the board took. */
  frames = 0;
  readonly #options: UdpPortOptions;
  readonly #socket: Socket;
  readonly #frames: SealedFrames;
  readonly #refusals: Refusals;
  #byCause = new Map<string, number>();
  #port: number;

  constructor(options: UdpPortOptions) {
    const { choice, agreement } = options;
    this.#options = options;
    this.#port = choice.port;
    this.#refusals = new Refusals((causes) =>
      options.report(`UDP port ${this.#port}: frames that were not passed on: ${causes}`),
    );
    this.#frames = new SealedFrames(choice, agreement, (why) => this.#refuse(why));
    this.#socket = createSocket(isIP(choice.host) === 6 ? "udp6" : "udp4");
    this.#socket.on("message", (datagram, from) => this.#came(datagram, from));
  }

  get choice(): UdpChoice {
    return this.#options.choice;
  }

  /** Bound; what was asked for, before that. */
  get port(): number {
    return this.#port;
  }

  /** Frames that were not passed on, by cause. */
  get refused(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#byCause);
  }

  /** @throws (rejects) ListenError */
  async listen(): Promise<void> {
    const { host, port } = this.choice;
    await new Promise<void>((resolve, reject) => {
      this.#socket
        .once("error", (error) => reject(new ListenError(port, host, error)))
        .bind(port, host, () => resolve());
    });
    this.#port = this.#socket.address().port;
    this.#socket
      .removeAllListeners("error")
      .on("error", (error) => this.#options.report(`UDP port ${this.#port}: ${error.message}`));
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
    this.#refusals.end();
  }

  #came(datagram: Uint8Array, { address }: RemoteInfo): void {
    if (!this.#options.allowed.has(address)) {
      this.#refuse(NOT_ALLOWED);
      return;
    }
    for (const frame of this.#frames.of(datagram)) {
      this.#options.send(frame).then(
        () => this.frames++,
        (error: Error) => this.#refuse(error.cause instanceof QueueFullError ? NOT_TAKEN : NOT_CONNECTED),
      );
    }
  }

  #refuse(why: string): void {
    this.#byCause.set(why, (this.#byCause.get(why) ?? 0) + 1);
    this.#refusals.add(why);
  }
}
