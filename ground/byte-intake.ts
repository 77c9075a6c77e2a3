/** Bytes on their way to packets, wherever they come from: staging area -> decoder -> sink, and the partial-frame timeout. */
import { nodeClock } from "../host/node-io.js";
import type { FrameDecoder, Framing } from "../modules/framing/framing.js";
import { PartialFrameClock } from "../modules/link/partial-frame-clock.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { STAGING_LENGTH } from "./link-sizes.js";

/** The timeout is looked at so many times while it runs. */
const LOOKS = 4;

export class ByteIntake {
  readonly decoder: FrameDecoder;
  readonly #memory: FixedMemory;
  readonly #sink: PacketSink;
  readonly #timeoutMs: number;
  readonly #frameClock: PartialFrameClock;
  #timer: NodeJS.Timeout | undefined;
  #paused = false;

  /**
   * @param timeoutMs a frame must be complete so long after its first byte came, or a quarter more, where the framing has
   *   no delimiter; 0: it is waited for
   * @param sink refuses nothing
   */
  constructor(framing: Framing, timeoutMs: number, sink: PacketSink) {
    this.#sink = sink;
    this.#timeoutMs = timeoutMs;
    // One byte more, which the decoder may overwrite.
    this.#memory = new FixedMemory(STAGING_LENGTH + 1 + framing.decoderMemory);
    this.decoder = framing.decoder(this.#memory, STAGING_LENGTH + 1);
    this.#frameClock = new PartialFrameClock(this.decoder);
    this.#frameClock.start(nodeClock());
  }

  /** @param chunk not changed */
  take(chunk: Uint8Array): void {
    for (let from = 0; from < chunk.length; from += STAGING_LENGTH) {
      const part = chunk.subarray(from, from + STAGING_LENGTH);
      this.#memory.bytes.set(part);
      this.#frameClock.received(part.length, this.#timeoutMs, nodeClock());
      for (let at = 0; at < part.length; ) {
        at = this.decoder.push(at, part.length, this.#sink);
      }
      this.#frameClock.pushed();
    }
    this.#watch();
  }

  /** Whoever takes the packets holds the stream up: what cannot come is not late. */
  pause(): void {
    this.#paused = true;
    this.stop();
  }

  resume(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#frameClock.resume(nodeClock());
      this.#watch();
    }
  }

  /** Nothing more comes: what looked like a long frame may hold shorter ones. */
  end(): void {
    this.stop();
    this.#expire(true, 0);
    this.decoder.reset();
  }

  /** Nothing is late any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #watch(): void {
    if (this.#timeoutMs === 0 || this.#paused || this.decoder.pendingBytes === 0) {
      this.stop();
    } else {
      this.#timer ??= setTimeout(() => this.#look(), this.#timeoutMs / LOOKS);
    }
  }

  #look(): void {
    this.#timer = undefined;
    const now = nodeClock();
    if (this.#frameClock.isDue(this.#timeoutMs, now)) {
      const recent = this.#frameClock.recent(this.#timeoutMs, now);
      this.#expire(false, recent);
      this.#frameClock.pushed();
      if (recent === 0) {
        // What is still pending has a delimiter, and waits for that.
        return;
      }
    }
    this.#watch();
  }

  #expire(closing: boolean, recent: number): void {
    while (!this.decoder.expire(this.#sink, closing, recent)) {
      // The sink refuses nothing: there was more to do than one call does.
    }
  }
}
