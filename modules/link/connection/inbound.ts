/**
 * The bytes of one stream on their way to the sink: source -> memory -> decoder -> sink. A board's connections and the
 * ground's streams are the same here; they differ in where the bytes come from.
 *
 * While the sink refuses a packet nothing is read: the receive window closes, and the peer waits. What was read and not
 * yet taken stays where it is, also after the socket has gone.
 */
import { type FrameDecoder, MORE, PACKET } from "../../framing/contract/framing.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import { NOTHING_LATE, PartialFrameClock } from "./partial-frame-clock.js";

/*
 * READING  the decoder has all that came, and waits for more
 *   -> SERVING  bytes came, or what is pending is late
 * SERVING  the decoder is asked, and the sink gets what it answers
 *   -> READING  the decoder needs more bytes, and there are none
 *   -> HELD     the sink refused a packet
 *   -> BUSY     the decoder has had its time, and found nothing
 *   -> STOPPED  the stream was ended from within the sink, or the sink threw
 * HELD     the sink is offered the same packet again
 *   -> SERVING  in its turn
 * BUSY     others have their turn
 *   -> SERVING  at the next tick
 * STOPPED  nothing is offered any more
 *   -> READING  another stream begins
 */
const READING = 0;
const SERVING = 1;
const HELD = 2;
const BUSY = 3;
const STOPPED = 4;
type State = typeof READING | typeof SERVING | typeof HELD | typeof BUSY | typeof STOPPED;

/** `receive`: nothing now. */
export const NOTHING_NOW = 0;
/** `receive`: nothing more will come. */
export const STREAM_OVER = -1;

/**
 * A decoder that is busy with bytes in which it finds nothing is asked again at once for so many milliseconds, then not
 * before the next tick: a desktop gets through in a turn, and a board comes to its other connections.
 */
const TURN_MS = 20;

export interface ByteSource {
  /** Offset of the bytes received last. */
  readonly start: number;
  /**
   * Puts the next bytes into the memory, which stay there until it is asked again; the byte behind them is free.
   * @returns how many; `NOTHING_NOW` or `STREAM_OVER`
   */
  receive(): number;
}

/** What a stream needs of whoever has it. */
export interface InboundOwner {
  readonly clock: () => number;
  /** Undefined: what comes is read and thrown away. */
  readonly sink: PacketSink | undefined;
  /** May change at any time. */
  readonly partialFrameTimeoutMs: number;
}

export class Inbound {
  readonly decoder: FrameDecoder;
  /** Packets that the sink took. */
  packets = 0;
  bytes = 0;
  /** When something last came, or could have come: while a packet is held, nothing is read. */
  lastReceived = 0;
  #owner: InboundOwner;
  #source: ByteSource;
  #bytes: Uint8Array;
  #state: State = READING;
  /** Number of the connection. */
  #from = 0;
  readonly #frameClock: PartialFrameClock;

  /** @param bytes the memory that source and decoder work in */
  constructor(owner: InboundOwner, source: ByteSource, bytes: Uint8Array, decoder: FrameDecoder) {
    this.#owner = owner;
    this.#source = source;
    this.#bytes = bytes;
    this.decoder = decoder;
    this.#frameClock = new PartialFrameClock(decoder);
  }

  /** A stream begins. @param from the connection's number, for the sink */
  open(from: number, now: number): void {
    this.packets = 0;
    this.bytes = 0;
    this.#from = from;
    this.#state = READING;
    this.decoder.reset();
    this.decoder.counters.clear();
    this.begin(now);
  }

  /** Until now nothing could come. */
  begin(now: number): void {
    this.lastReceived = now;
    this.#frameClock.start(now);
  }

  /** All that came is served. */
  get isReading(): boolean {
    return this.#state === READING;
  }

  /** A packet is being handled. */
  get isServing(): boolean {
    return this.#state === SERVING;
  }

  /** The sink refused the packet that it was offered last. */
  get isHeld(): boolean {
    return this.#state === HELD;
  }

  get isBusy(): boolean {
    return this.#state === BUSY;
  }

  /** A frame is begun, and may be late one day. */
  get isAwaiting(): boolean {
    return this.#frameClock.isAwaiting;
  }

  /** Something has come, and waits in the source. */
  announced(now: number): void {
    if (this.#state === READING) {
      this.lastReceived = now;
    }
  }

  /**
   * Serves what was left, then what the source has, until it has no more, the sink refuses, or the time of this turn is
   * over.
   * @param since when this turn began
   * @throws what the sink and the source throw; then the stream is stopped
   */
  serve(since: number): void {
    try {
      this.#serve(since);
    } finally {
      if (this.#state === SERVING) {
        this.#state = STOPPED;
      }
    }
  }

  /** The stream ends while a packet of it is being handled: the rest is not offered. */
  stop(): void {
    this.#state = STOPPED;
  }

  /**
   * The owner's tick. Gives up on a frame that was begun so long ago.
   * @returns true when there may be something to serve now. What the sink refused waits for its turn, which this is not
   */
  wakes(now: number): boolean {
    if (this.#state === READING) {
      const recent = this.#frameClock.judge(this.#owner.partialFrameTimeoutMs, now);
      if (recent !== NOTHING_LATE) {
        this.decoder.late(false, recent);
        return true;
      }
    }
    return this.#state === BUSY;
  }

  /** What could not come until now is not late. */
  resume(now: number): void {
    this.lastReceived = now;
    this.#frameClock.resume(now);
  }

  #serve(since: number): void {
    const { decoder } = this;
    let wasHeld = this.#state !== READING;
    if (this.#state === HELD && !this.#deliver()) {
      return;
    }
    this.#state = SERVING;
    for (;;) {
      const answer = decoder.next();
      if (this.#isStopped) {
        return;
      }
      if (answer === PACKET) {
        if (!this.#deliver()) {
          return;
        }
      } else if (answer === MORE) {
        if (!this.#receive(wasHeld)) {
          this.#state = READING;
          return;
        }
      } else if (this.#owner.clock() - since >= TURN_MS) {
        this.#state = BUSY;
        return;
      } else {
        wasHeld = true;
      }
    }
  }

  /** Whoever handles a packet may have stopped the stream. */
  get #isStopped(): boolean {
    return this.#state === STOPPED;
  }

  /** @returns false when the sink refused the packet */
  #deliver(): boolean {
    const { sink } = this.#owner;
    if (sink === undefined) {
      return true;
    }
    this.#state = SERVING;
    const { packetStart, packetEnd, kind } = this.decoder;
    if (sink.accept(this.#bytes, packetStart, packetEnd, this.#from, kind)) {
      this.packets++;
      return true;
    }
    if (!this.#isStopped) {
      this.#state = HELD;
    }
    return false;
  }

  /**
   * Gives the decoder what the source has; when that is over, the decoder is told.
   * @param wasHeld for some time before this turn nothing was read
   * @returns false when there is nothing to ask the decoder for
   */
  #receive(wasHeld: boolean): boolean {
    this.#frameClock.settle();
    if (wasHeld) {
      // While a packet was held, the rest of the frame behind it could not come.
      this.resume(this.#owner.clock());
    }
    const count = this.#source.receive();
    if (count > 0) {
      this.bytes += count;
      this.#frameClock.received(count, this.#owner.partialFrameTimeoutMs, this.lastReceived);
      const { start } = this.#source;
      this.decoder.give(start, start + count);
      return true;
    }
    if (count === STREAM_OVER && this.#frameClock.giveUp()) {
      // What stands behind a wrong length will not be completed by waiting.
      this.decoder.late(true);
      return true;
    }
    return false;
  }
}
