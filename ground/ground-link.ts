/** A ground tool's end of the link: packets out in frames, packets in out of the byte stream. */
import { connect, type Socket } from "node:net";
import { PacketFramer } from "../modules/framing/convenience.js";
import type { FramingCounters } from "../modules/framing/counters.js";
import type { Framing } from "../modules/framing/framing.js";
import { GUESS_LENGTH } from "../modules/framing/guess.js";
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
  #socket: Socket | undefined;
  #firstBytes = new Uint8Array(0);

  constructor(options: GroundLinkOptions) {
    const { framing, partialFrameTimeoutMs } = options;
    this.#options = options;
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
    const { host, port, connectTimeoutMs, onEnd } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      this.#socket = socket;
      const fail = (code: string | undefined, error?: NodeJS.ErrnoException) => {
        clearTimeout(limit);
        socket.destroy();
        reject(new ConnectError(host, port, code, error));
      };
      const limit = setTimeout(() => fail("ETIMEDOUT"), connectTimeoutMs);
      const closed = () => fail("ECANCELED");
      const failed = (error: NodeJS.ErrnoException) => fail(undefined, error);
      socket.once("error", failed);
      socket.once("close", closed);
      socket.once("connect", () => {
        clearTimeout(limit);
        socket.off("error", failed);
        socket.off("close", closed);
        // What ends a connection is told by its end.
        socket.on("error", () => {});
        socket.on("data", (chunk) => this.#receive(socket, chunk));
        socket.once("close", () => {
          this.#intake.end(onEnd);
        });
        resolve();
      });
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
    this.#socket?.destroy();
  }

  accept(bytes: Uint8Array, start: number, end: number): boolean {
    this.#options.onPacket(bytes.slice(start, end));
    return true;
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
