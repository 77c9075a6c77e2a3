/** A ground tool's end of the link: packets out in frames, packets in out of the byte stream. */
import type { Socket } from "node:net";
import { Dial } from "../host/dial.js";
import { type NodeSystem, nodeSystem } from "../host/node-system.js";
import type { FramingCounters } from "../modules/framing/contract/counters.js";
import type { Framing } from "../modules/framing/contract/framing.js";
import { PacketFramer } from "../modules/framing/encode-decode.js";
import { GUESS_LENGTH } from "../modules/framing/guess/guess.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { ByteIntake } from "./byte-intake.js";
import { ConnectError } from "./connect-error.js";
import { UnsendableError } from "./link-errors.js";

export interface GroundLinkOptions {
  host: string;
  port: number;
  framing: Framing;
  /** Limit for the connection to come about, in milliseconds. */
  connectTimeoutMs: number;
  /** Where a frame has no delimiter: how long after its first byte it must be complete, in milliseconds. */
  partialFrameTimeoutMs: number;
  /** Takes each packet, a copy of its own. */
  onPacket(packet: Uint8Array): void;
  /** The board, or the network, has ended the connection. */
  onEnd(): void;
}

export class GroundLink implements PacketSink {
  readonly #options: GroundLinkOptions;
  readonly #intake: ByteIntake;
  readonly #framer: PacketFramer;
  readonly #system: NodeSystem;
  /** While there is no connection. */
  #giveUp: (() => void) | undefined;
  #socket: Socket | undefined;
  #firstBytes = new Uint8Array(0);

  constructor(options: GroundLinkOptions, system: NodeSystem = nodeSystem) {
    const { framing, partialFrameTimeoutMs } = options;
    this.#options = options;
    this.#system = system;
    this.#intake = new ByteIntake(framing, partialFrameTimeoutMs, this);
    this.#framer = new PacketFramer(framing);
  }

  /** What came in frames, and what was damaged: frames, or losses of synchronization. */
  get counters(): FramingCounters {
    return this.#intake.decoder.counters;
  }

  /** The first that came, up to `GUESS_LENGTH`. */
  get firstBytes(): Uint8Array {
    return this.#firstBytes;
  }

  /** @throws ConnectError (rejects) when there is no connection to be had */
  connect(): Promise<void> {
    const { host, port, connectTimeoutMs } = this.#options;
    return new Promise((resolve, reject) => {
      const fail = (code: string | undefined, error?: NodeJS.ErrnoException) => {
        this.#giveUp = undefined;
        forget();
        dial.cancel();
        reject(new ConnectError(host, port, code, error));
      };
      const forget = this.#system.after(connectTimeoutMs, () => fail("ETIMEDOUT"));
      this.#giveUp = () => fail("ECANCELED");
      const dial = new Dial(
        host,
        port,
        {
          opened: (socket) => {
            this.#giveUp = undefined;
            forget();
            this.#opened(socket);
            resolve();
          },
          failed: (error) => fail(undefined, error),
        },
        this.#system,
      );
    });
  }

  /** @throws UnsendableError when these bytes are no packet of the framing */
  send(packet: Uint8Array): void {
    const frame = this.#framer.frame(packet);
    if (frame === undefined) {
      const { name, maxPacketLength } = this.#options.framing;
      throw new UnsendableError(name, packet.length, maxPacketLength);
    }
    this.#socket?.write(frame);
  }

  /** Ends the connection; `onEnd` follows. */
  close(): void {
    this.#giveUp?.();
    this.#socket?.destroy();
  }

  accept(bytes: Uint8Array, start: number, end: number): boolean {
    this.#options.onPacket(bytes.slice(start, end));
    return true;
  }

  #opened(socket: Socket): void {
    this.#socket = socket;
    // What ends a connection is told by its end.
    socket.on("error", () => {});
    socket.on("data", (chunk) => this.#receive(socket, chunk));
    // The board has ended the connection: there is no more to be had.
    socket.once("end", () => socket.end());
    socket.once("close", () => this.#intake.end(this.#options.onEnd));
  }

  #receive(socket: Socket, chunk: Uint8Array): void {
    if (this.#firstBytes.length < GUESS_LENGTH) {
      this.#firstBytes = Buffer.concat([this.#firstBytes, chunk.subarray(0, GUESS_LENGTH - this.#firstBytes.length)]);
    }
    let isTaken = false;
    this.#intake.take(chunk, () => {
      isTaken = true;
      socket.resume();
    });
    if (!isTaken) {
      socket.pause();
    }
  }
}
