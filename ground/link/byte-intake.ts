/** A stream's chunks on their way to packets: chunks -> `Inbound`, as on a board, and the timer that a board's tick is. */
import type { BadFrames, FrameDecoder, Framing } from "../../modules/framing/contract/framing.js";
import { type ByteSource, Inbound, NOTHING_NOW, STREAM_OVER } from "../../modules/link/connection/inbound.js";
import { FixedMemory } from "../../modules/memory/fixed-memory.js";
import type { PacketSink } from "../../modules/tmtc/contracts.js";
import { type GroundClock, groundClock } from "./ground-clock.js";
import { STAGING_LENGTH } from "./link-sizes.js";

/** The timeout is looked at so many times while it runs. */
const LOOKS = 4;

interface Chunk {
  readonly bytes: Uint8Array;
  /** All of it is taken. */
  readonly done: () => void;
}

function nothing(): void {}

/** Chunks of any length, as pieces that the staging area takes. */
class ChunkSource implements ByteSource {
  readonly start = 0;
  /** Called when the stream is over, and all that can be delivered is delivered. */
  ended: (() => void) | undefined;
  readonly #staging: Uint8Array;
  readonly #chunks: Chunk[] = [];
  /** Bytes of the first chunk that were received. */
  #received = 0;

  constructor(staging: Uint8Array) {
    this.#staging = staging;
  }

  add(chunk: Chunk): void {
    this.#chunks.push(chunk);
  }

  clear(): void {
    this.#chunks.length = 0;
    this.#received = 0;
  }

  receive(): number {
    for (let chunk = this.#chunks[0]; chunk !== undefined; chunk = this.#chunks[0]) {
      const piece = chunk.bytes.subarray(this.#received, this.#received + STAGING_LENGTH);
      if (piece.length > 0) {
        this.#staging.set(piece);
        this.#received += piece.length;
        return piece.length;
      }
      this.#received = 0;
      this.#chunks.shift();
      chunk.done();
    }
    return this.ended === undefined ? NOTHING_NOW : STREAM_OVER;
  }
}

export class ByteIntake {
  readonly decoder: FrameDecoder;
  readonly #source: ChunkSource;
  readonly #inbound: Inbound;
  readonly #timeoutMs: number;
  readonly #clock: GroundClock;
  /** Another turn of the event loop, for a decoder that takes its time. */
  #turn: NodeJS.Immediate | undefined;
  /** Takes back the look that is to come. */
  #forget: (() => void) | undefined;
  #paused = false;

  /**
   * @param timeoutMs a frame must be complete so long after its first byte came, or a quarter more, where the framing has
   *   no delimiter; 0: it is waited for
   * @param sink what it refuses, it is offered again when `offer` is called
   * @param badFrames `passOver` for whoever carries packets out
   */
  constructor(
    framing: Framing,
    timeoutMs: number,
    sink: PacketSink,
    clock: GroundClock = groundClock,
    badFrames: BadFrames = "search",
  ) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    // One byte more, which the decoder may overwrite.
    const memory = new FixedMemory(STAGING_LENGTH + 1 + framing.decoderMemory);
    this.decoder = framing.decoder(memory, STAGING_LENGTH + 1, undefined, badFrames);
    this.#source = new ChunkSource(memory.bytes);
    const owner = { clock: () => clock.now(), sink, partialFrameTimeoutMs: timeoutMs };
    this.#inbound = new Inbound(owner, this.#source, memory.bytes, this.decoder);
    this.#inbound.open(0, this.#clock.now());
  }

  /**
   * @param bytes not changed, now or later: it may take several turns of the event loop
   * @param done called when all of them are taken: mostly before this returns
   */
  take(bytes: Uint8Array, done = nothing): void {
    this.#source.add({ bytes, done });
    this.#inbound.announced(this.#clock.now());
    this.#serveNew();
  }

  /** Whoever takes the packets holds the stream up: what cannot come is not late. */
  pause(): void {
    this.#paused = true;
    this.#unwatch();
  }

  resume(): void {
    if (this.#paused) {
      this.#paused = false;
      this.#inbound.resume(this.#clock.now());
      this.#watch();
    }
  }

  /** The sink may take what it refused. */
  offer(): void {
    if (this.#inbound.isHeld) {
      this.#serve();
    }
  }

  /** Nothing more comes: what looked like a long frame may hold shorter ones. @param done called when all is delivered */
  end(done = nothing): void {
    this.#source.ended = done;
    this.#serveNew();
  }

  /** Nothing is late any more, and what is under way is given up. */
  stop(): void {
    this.#unwatch();
    clearImmediate(this.#turn);
    this.#source.clear();
    this.#inbound.stop();
  }

  #serveNew(): void {
    if (this.#inbound.isReading) {
      this.#serve();
    }
  }

  #serve(): void {
    this.#inbound.serve(this.#clock.now());
    if (this.#inbound.isBusy) {
      this.#turn = setImmediate(() => this.#serve());
    } else if (this.#inbound.isReading) {
      this.#served();
    }
  }

  #served(): void {
    const { ended } = this.#source;
    if (ended === undefined) {
      this.#watch();
      return;
    }
    this.#unwatch();
    this.#source.ended = undefined;
    this.decoder.reset();
    ended();
  }

  #watch(): void {
    if (this.#timeoutMs === 0 || this.#paused || !this.#inbound.isAwaiting) {
      this.#unwatch();
    } else {
      this.#forget ??= this.#clock.after(this.#timeoutMs / LOOKS, () => this.#look());
    }
  }

  #unwatch(): void {
    this.#forget?.();
    this.#forget = undefined;
  }

  #look(): void {
    this.#forget = undefined;
    if (this.#inbound.wakes(this.#clock.now()) && !this.#inbound.isBusy) {
      this.#serve();
    } else {
      this.#watch();
    }
  }
}
