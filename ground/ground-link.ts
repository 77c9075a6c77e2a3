/** A ground tool's end of the link: packets out in frames, packets in out of the byte stream. */
import { connect, type Socket } from "node:net";
import { encodeFrame } from "../modules/framing/convenience.js";
import type { FrameDecoder, Framing } from "../modules/framing/framing.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { ConnectError } from "./connect-error.js";

/** Bytes decoded at once. */
const STAGING = 4096;

export interface GroundLinkOptions {
  host: string;
  port: number;
  framing: Framing;
  /** Limit for the connection to come about, in milliseconds. */
  connectTimeoutMs: number;
  /** Where a frame has no delimiter: how long its rest is waited for, in milliseconds. */
  partialFrameTimeoutMs: number;
  /** Takes each packet, a copy of its own. */
  onPacket(packet: Uint8Array): void;
  /** The board, or the network, has ended the connection. */
  onEnd(): void;
}

export class GroundLink implements PacketSink {
  readonly #options: GroundLinkOptions;
  readonly #memory: FixedMemory;
  readonly #staging: number;
  readonly #decoder: FrameDecoder;
  #socket: Socket | undefined;
  #expiry: NodeJS.Timeout | undefined;

  constructor(options: GroundLinkOptions) {
    const { framing } = options;
    this.#options = options;
    // One byte more, which the decoder may overwrite.
    this.#memory = new FixedMemory(framing.decoderMemory + STAGING + 1);
    this.#decoder = framing.decoder(this.#memory, this.#memory.reserve("decoder", framing.decoderMemory));
    this.#staging = this.#memory.reserve("staging", STAGING + 1);
  }

  /** Damage seen in the byte stream: frames, or losses of synchronization. */
  get rejections(): number {
    return this.#decoder.counters.rejections;
  }

  /** @throws ConnectError (rejects) when there is no connection to be had */
  connect(): Promise<void> {
    const { host, port, connectTimeoutMs, onEnd } = this.#options;
    return new Promise((resolve, reject) => {
      const socket = connect({ host, port, noDelay: true });
      this.#socket = socket;
      const fail = (error: NodeJS.ErrnoException) => {
        clearTimeout(limit);
        socket.destroy();
        reject(new ConnectError(host, port, error));
      };
      const limit = setTimeout(() => {
        fail(Object.assign(new Error(`no answer within ${connectTimeoutMs} ms`), { code: "ETIMEDOUT" }));
      }, connectTimeoutMs);
      const closed = () => fail(Object.assign(new Error("stopped"), { code: "ECANCELED" }));
      socket.once("error", fail);
      socket.once("close", closed);
      socket.once("connect", () => {
        clearTimeout(limit);
        socket.off("error", fail);
        socket.off("close", closed);
        // What ends a connection is told by its end.
        socket.on("error", () => {});
        socket.on("data", (chunk) => this.#receive(chunk));
        socket.once("close", () => {
          clearTimeout(this.#expiry);
          onEnd();
        });
        resolve();
      });
    });
  }

  /** @throws RangeError when these bytes are no packet of the framing */
  send(packet: Uint8Array): void {
    this.#socket?.write(encodeFrame(this.#options.framing, packet));
  }

  /** Ends the connection; `onEnd` follows. */
  close(): void {
    this.#socket?.destroy();
  }

  accept(bytes: Uint8Array, start: number, end: number): boolean {
    this.#options.onPacket(bytes.slice(start, end));
    return true;
  }

  #receive(chunk: Uint8Array): void {
    const start = this.#staging;
    for (let at = 0; at < chunk.length; at += STAGING) {
      const part = chunk.subarray(at, at + STAGING);
      this.#memory.bytes.set(part, start);
      this.#decoder.push(start, start + part.length, this);
    }
    clearTimeout(this.#expiry);
    if (this.#decoder.pendingBytes > 0) {
      this.#expiry = setTimeout(() => this.#decoder.expire(this), this.#options.partialFrameTimeoutMs);
    }
  }
}
