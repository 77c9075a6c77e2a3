/**
 * Framings as streams, as serialport's parsers are: bytes in and packets out, or the other way round, wherever the bytes
 * come from: a serial port, a file, a socket.
 */
import { Transform, type TransformCallback } from "node:stream";
import { isBytes } from "../../modules/checks/bytes.js";
import { checkRange } from "../../modules/checks/options.js";
import type { FramingCounters } from "../../modules/framing/contract/counters.js";
import type { Framing } from "../../modules/framing/contract/framing.js";
import { checkFraming, notBytes, PacketFramer } from "../../modules/framing/encode-decode.js";
import { ByteIntake } from "./byte-intake.js";
import type { GroundClock } from "./ground-clock.js";
import { UnsendableError } from "./link-errors.js";
import { checkNames, type OptionNames } from "./options.js";
import type { ReceivedPacket } from "./packet-queue.js";

export interface DecodeStreamOptions {
  /** Emits `{ packet, kind }` in place of the packet, for framings with several kinds of frame. Default false. */
  kinds?: boolean;
  /**
   * A frame must be complete within this time after its first byte came, where the framing has no delimiter: up to
   * 600,000 ms; 0, the default: it is waited for. Time in which nobody reads the packets does not count. For live streams,
   * as of a serial port.
   */
  partialFrameTimeoutMs?: number;
  /** For tests and simulations: time that is not the computer's. */
  clock?: GroundClock;
}

const DECODE_NAMES: OptionNames<DecodeStreamOptions> = { kinds: true, partialFrameTimeoutMs: true, clock: true };

/** Takes bytes, cut anywhere, and gives packets: each a Buffer of its own. */
export class DecodeStream extends Transform {
  readonly #intake: ByteIntake;
  readonly #kinds: boolean;

  /** @throws TypeError for no framing, TypeError or RangeError for an option out of its range or of an unknown name */
  constructor(framing: Framing, options: DecodeStreamOptions = {}) {
    super({ readableObjectMode: true });
    checkFraming(framing);
    checkNames("decodeStream", options, DECODE_NAMES);
    this.#kinds = options.kinds ?? false;
    const timeoutMs = checkRange("partialFrameTimeoutMs", options.partialFrameTimeoutMs ?? 0, 0, 600_000);
    this.#intake = new ByteIntake(framing, timeoutMs, this, options.clock);
  }

  /** Packets, bytes, and rejections by cause. */
  get counters(): FramingCounters {
    return this.#intake.decoder.counters;
  }

  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind = 0): boolean {
    const packet = Buffer.from(bytes.slice(start, end).buffer);
    this.push(this.#kinds ? { packet, kind } : packet);
    return true;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const before = this.readableLength;
    this.#intake.take(chunk, () => {
      if (this.readableLength > before && this.readableLength >= this.readableHighWaterMark) {
        // The next chunk comes when somebody has read.
        this.#intake.pause();
      }
      done();
    });
  }

  override _read(size: number): void {
    this.#intake.resume();
    super._read(size);
  }

  override _flush(done: TransformCallback): void {
    this.#intake.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#intake.stop();
    done(error);
  }
}

/**
 * Takes packets, alone or as `{ packet, kind }`, and gives the bytes of their frames; of several kinds of frame the framing
 * takes the one that it sends, whatever `kind` says. What is no packet, or longer than the framing's longest, ends it with
 * an UnsendableError; what are no bytes at all, with a TypeError.
 */
export class EncodeStream extends Transform {
  readonly #framing: Framing;
  readonly #framer: PacketFramer;

  /** @throws TypeError for no framing, and for options: there are none */
  constructor(framing: Framing, options: Record<string, never> = {}) {
    super({ writableObjectMode: true });
    checkFraming(framing);
    checkNames<Record<never, never>>("encodeStream", options, {});
    this.#framing = framing;
    this.#framer = new PacketFramer(framing);
  }

  override _transform(item: unknown, _encoding: BufferEncoding, done: TransformCallback): void {
    const packet = isBytes(item) ? item : (Object(item) as Partial<ReceivedPacket>).packet;
    if (!isBytes(packet)) {
      done(notBytes("a packet", packet ?? item));
      return;
    }
    const frame = this.#framer.frame(packet);
    if (frame === undefined) {
      done(new UnsendableError(this.#framing.name, packet.length, this.#framing.maxPacketLength));
    } else {
      done(null, Buffer.from(frame.buffer));
    }
  }
}

export function decodeStream(framing: Framing, options?: DecodeStreamOptions): DecodeStream {
  return new DecodeStream(framing, options);
}

export function encodeStream(framing: Framing, options?: Record<string, never>): EncodeStream {
  return new EncodeStream(framing, options);
}
