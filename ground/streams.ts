/**
 * Framings as streams, as serialport's parsers are: bytes in and packets out, or the other way round, wherever the bytes
 * come from: a serial port, a file, a socket.
 */
import { Transform, type TransformCallback } from "node:stream";
import type { FramingCounters } from "../modules/framing/counters.js";
import type { FrameDecoder, Framing } from "../modules/framing/framing.js";
import { checkRange } from "../modules/framing/options.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import { UnsendableError } from "./link-errors.js";

/** Bytes decoded at once. */
const STAGING_LENGTH = 16_384;

export interface DecodeStreamOptions {
  /** Emits `{ packet, kind }` in place of the packet, for framings with several kinds of frame. Default false. */
  kinds?: boolean;
  /**
   * A frame's rest must come within this time, where the framing has no delimiter: up to 600,000 ms; 0, the default: it is
   * waited for. For live streams, as of a serial port.
   */
  partialFrameTimeoutMs?: number;
}

/** Takes bytes, cut anywhere, and gives packets: each a Buffer of its own. */
export class DecodeStream extends Transform {
  readonly #memory: FixedMemory;
  readonly #decoder: FrameDecoder;
  readonly #kinds: boolean;
  readonly #timeoutMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(framing: Framing, options: DecodeStreamOptions = {}) {
    super({ readableObjectMode: true });
    this.#kinds = options.kinds ?? false;
    this.#timeoutMs = checkRange("partialFrameTimeoutMs", options.partialFrameTimeoutMs ?? 0, 0, 600_000);
    // One byte more, which the decoder may overwrite.
    this.#memory = new FixedMemory(STAGING_LENGTH + 1 + framing.decoderMemory);
    this.#decoder = framing.decoder(this.#memory, STAGING_LENGTH + 1);
  }

  /** Packets, bytes, and rejections by cause. */
  get counters(): FramingCounters {
    return this.#decoder.counters;
  }

  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind = 0): boolean {
    const packet = Buffer.from(bytes.slice(start, end).buffer);
    this.push(this.#kinds ? { packet, kind } : packet);
    return true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    clearTimeout(this.#timer);
    for (let at = 0; at < chunk.length; at += STAGING_LENGTH) {
      const part = chunk.subarray(at, at + STAGING_LENGTH);
      this.#memory.bytes.set(part);
      this.#decoder.push(0, part.length, this);
    }
    if (this.#timeoutMs > 0 && this.#decoder.pendingBytes > 0) {
      this.#timer = setTimeout(() => this.#decoder.expire(this), this.#timeoutMs);
    }
    done();
  }

  override _flush(done: TransformCallback): void {
    clearTimeout(this.#timer);
    // Nothing more comes: what looked like a long frame may hold shorter ones.
    this.#decoder.expire(this);
    this.#decoder.reset();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#timer);
    done(error);
  }
}

/** Takes packets, and gives the bytes of their frames. What is no packet ends it with an UnsendableError. */
export class EncodeStream extends Transform {
  readonly #framing: Framing;
  #memory = new FixedMemory(4096);

  constructor(framing: Framing) {
    super({ writableObjectMode: true });
    this.#framing = framing;
  }

  override _transform(packet: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    const length = packet.length;
    const room = this.#framing.encoder(this.#memory).maxFrameLength(length);
    if (length + room > this.#memory.capacity) {
      this.#memory = new FixedMemory(2 * (length + room));
    }
    this.#memory.bytes.set(packet);
    const end = this.#framing.encoder(this.#memory).encode(0, length, length, length + room);
    if (end < 0) {
      done(new UnsendableError(this.#framing.name, length, this.#framing.maxPacketLength));
    } else {
      done(null, Buffer.from(this.#memory.bytes.slice(length, end).buffer));
    }
  }
}

export function decodeStream(framing: Framing, options?: DecodeStreamOptions): DecodeStream {
  return new DecodeStream(framing, options);
}

export function encodeStream(framing: Framing): EncodeStream {
  return new EncodeStream(framing);
}
