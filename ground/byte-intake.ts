/** Bytes on their way to packets, wherever they come from: staging area -> decoder -> sink, and the partial-frame timeout. */
import { nodeClock } from "../host/node-io.js";
import type { FrameDecoder, Framing } from "../modules/framing/contract/framing.js";
import { PartialFrameClock } from "../modules/link/connection/partial-frame-clock.js";
import { FixedMemory } from "../modules/memory/fixed-memory.js";
import type { PacketSink } from "../modules/tmtc/contracts.js";
import { STAGING_LENGTH } from "./link-sizes.js";

/** The timeout is looked at so many times while it runs. */
const LOOKS = 4;
/**
 * A decoder that finds nothing in its bytes is called again for so many milliseconds, then others have their turn: it may
 * have to calculate a checksum at each byte.
 */
const TURN_MS = 20;

/** Yields wherever others may have their turn. */
type Work = Generator<void, void>;

function nothing(): void {}

export class ByteIntake {
  readonly decoder: FrameDecoder;
  readonly #memory: FixedMemory;
  readonly #sink: PacketSink;
  readonly #timeoutMs: number;
  readonly #frameClock: PartialFrameClock;
  /** What is to be done, one after the other; the first is under way. */
  #work: { readonly steps: Work; readonly done: () => void }[] = [];
  #turn: NodeJS.Immediate | undefined;
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

  /**
   * @param chunk not changed, now or later: it may take several turns of the event loop
   * @param done called when all of it is taken: mostly before this returns
   */
  take(chunk: Uint8Array, done = nothing): void {
    this.#begin(this.#taking(chunk), done);
  }

  /** Whoever takes the packets holds the stream up: what cannot come is not late. */
  pause(): void {
    this.#paused = true;
    this.#unwatch();
  }

  resume(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#frameClock.resume(nodeClock());
      this.#watch();
    }
  }

  /** Nothing more comes: what looked like a long frame may hold shorter ones. @param done called when all is delivered */
  end(done = nothing): void {
    this.#begin(this.#ending(), done);
  }

  /** Nothing is late any more, and what is under way is given up. */
  stop(): void {
    this.#unwatch();
    clearImmediate(this.#turn);
    this.#work = [];
  }

  #begin(steps: Work, done: () => void): void {
    this.#work.push({ steps, done });
    if (this.#work.length === 1) {
      this.#go();
    }
  }

  #go(): void {
    const began = nodeClock();
    for (let first = this.#work[0]; first !== undefined; first = this.#work[0]) {
      while (first.steps.next().done !== true) {
        if (nodeClock() - began >= TURN_MS) {
          this.#turn = setImmediate(() => this.#go());
          return;
        }
      }
      this.#work.shift();
      first.done();
    }
  }

  *#taking(chunk: Uint8Array): Work {
    for (let from = 0; from < chunk.length; from += STAGING_LENGTH) {
      const part = chunk.subarray(from, from + STAGING_LENGTH);
      this.#memory.bytes.set(part);
      this.#frameClock.received(part.length, this.#timeoutMs, nodeClock());
      for (let at = this.decoder.push(0, part.length, this.#sink); at < part.length; ) {
        yield;
        at = this.decoder.push(at, part.length, this.#sink);
      }
      this.#frameClock.pushed();
    }
    this.#watch();
  }

  *#ending(): Work {
    this.#unwatch();
    yield* this.#expiring(true, 0);
    this.decoder.reset();
  }

  /** The sink refuses nothing: as long as it is false, there is more to do than one call does. */
  *#expiring(closing: boolean, recent: number): Work {
    while (!this.decoder.expire(this.#sink, closing, recent)) {
      yield;
    }
  }

  #watch(): void {
    if (this.#timeoutMs === 0 || this.#paused || this.decoder.pendingBytes === 0) {
      this.#unwatch();
    } else {
      this.#timer ??= setTimeout(() => this.#look(), this.#timeoutMs / LOOKS);
    }
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const now = nodeClock();
    if (this.#work.length > 0 || !this.#frameClock.isDue(this.#timeoutMs, now)) {
      this.#watch();
      return;
    }
    const recent = this.#frameClock.recent(this.#timeoutMs, now);
    this.#begin(this.#expiring(false, recent), () => {
      this.#frameClock.pushed();
      if (recent > 0) {
        // Otherwise what is still pending has a delimiter, and waits for that.
        this.#watch();
      }
    });
  }
}
