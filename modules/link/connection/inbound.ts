/**
 * The bytes of one stream on their way to the sink: source -> memory -> decoder -> sink. A board's connections and the
 * ground's streams both use it; they have different sources.
 *
 * While the sink refuses a packet, nothing is read. So the receive window closes, and the peer waits. Bytes that were read
 * and not taken stay where they are, even after the socket has gone.
 */
import { type FrameDecoder, MORE, PACKET } from "../../framing/contract/framing.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import { NOTHING_LATE, PartialFrameClock } from "./partial-frame-clock.js";

/*
 * READING  the decoder has all that came, and waits for more
 *   -> SERVING  bytes came
 *   -> LATE     what is pending is late, and the decoder was told
 * LATE     the decoder is to be asked what it makes of that
 *   -> SERVING  at once
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
const LATE = 5;
type State = typeof READING | typeof SERVING | typeof HELD | typeof BUSY | typeof STOPPED | typeof LATE;

/** `receive`: nothing now. */
export const NOTHING_NOW = 0;
/** `receive`: nothing more will come. */
export const STREAM_OVER = -1;

/**
 * A decoder may answer `BUSY` because it searches and finds nothing. For this many milliseconds it is asked again at once,
 * after that not before the next tick. So a desktop finishes in one turn, and a board serves its other connections.
 */
const TURN_MS = 20;

export interface ByteSource {
  /** Offset of the bytes received last. */
  readonly start: number;
  /**
   * Puts the next bytes into the memory. They stay there until the next call; the byte behind them is free.
   * @returns how many bytes, `NOTHING_NOW`, or `STREAM_OVER`
   */
  receive(): number;
}

/** What a stream needs of its owner. */
export interface InboundOwner {
  readonly clock: () => number;
  /** Undefined: all bytes are read and thrown away. */
  readonly sink: PacketSink | undefined;
  /** May change at any time. */
  readonly partialFrameTimeoutMs: number;
}

export class Inbound {
  readonly decoder: FrameDecoder;
  /** Packets that the sink took. */
  packets = 0;
  bytes = 0;
  /** When bytes last came. The end of a time in which nothing was read, because a packet was held, counts too. */
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

  /** No bytes could come before now. */
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

  /** A frame has begun and is not complete. It may become late. */
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
   * Serves the bytes that were left, then those of the source. It ends when the source has no more, the sink refuses, or
   * the time of this turn is over.
   * @param since when this turn began
   * @throws what the sink and the source throw; the stream is stopped then
   */
  serve(since: number): void {
    try {
      const { decoder } = this;
      const before = this.#state;
      let wasHeld = before === HELD || before === BUSY;
      if (before === HELD && !this.#deliver()) {
        return;
      }
      this.#state = SERVING;
      // While it reads, the decoder has said that it needs more.
      if (before === READING && !this.#read()) {
        this.#state = READING;
        return;
      }
      for (;;) {
        const answer = decoder.next();
        // Whoever handles a packet may have stopped the stream. Not by the getter: on XS a call costs more.
        if ((this.#state as State) === STOPPED) {
          return;
        }
        if (answer === PACKET) {
          if (!this.#deliver()) {
            return;
          }
        } else if (answer === MORE) {
          this.#frameClock.settle();
          if (wasHeld) {
            // While a packet was held, the rest of the frame behind it could not come.
            this.resume(this.#owner.clock());
          }
          if (!this.#read()) {
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
    } finally {
      if (this.#state === SERVING) {
        this.#state = STOPPED;
      }
    }
  }

  /** The stream ends while one of its packets is being handled. The other packets are not offered. */
  stop(): void {
    this.#state = STOPPED;
  }

  /**
   * The owner's tick. Gives up a frame that began too long ago.
   * @returns true if there may be something to serve now. A packet that the sink refused does not count: it has turns of its
   *   own
   */
  wakes(now: number): boolean {
    if (this.#state === READING) {
      const recent = this.#frameClock.judge(this.#owner.partialFrameTimeoutMs, now);
      if (recent !== NOTHING_LATE) {
        this.decoder.late(false, recent);
        this.#state = LATE;
        return true;
      }
    }
    return this.#state === BUSY;
  }

  /** Until now nothing was read, so bytes could not come. The time of the frame begins anew. */
  resume(now: number): void {
    this.lastReceived = now;
    this.#frameClock.resume(now);
  }

  /** @returns false when the sink refused the packet */
  #deliver(): boolean {
    const { sink } = this.#owner;
    if (sink === undefined) {
      return true;
    }
    this.#state = SERVING;
    const { packetStart, packetEnd, kind, receipt } = this.decoder;
    if (sink.accept(this.#bytes, packetStart, packetEnd, this.#from, kind, undefined, receipt)) {
      // Whoever carried it out has done so before.
      receipt?.commit();
      this.packets++;
      return true;
    }
    // Whoever handles it may have stopped the stream.
    if ((this.#state as State) !== STOPPED) {
      this.#state = HELD;
    }
    return false;
  }

  /**
   * Gives the decoder the bytes of the source. When the source is over, tells the decoder.
   * @returns false if there is nothing to ask the decoder for
   */
  #read(): boolean {
    const count = this.#source.receive();
    if (count > 0) {
      this.bytes += count;
      this.#frameClock.received(count, this.#owner.partialFrameTimeoutMs, this.lastReceived);
      const { start } = this.#source;
      this.decoder.give(start, start + count);
      return true;
    }
    if (count === STREAM_OVER && this.#frameClock.giveUp()) {
      // A frame with a wrong length will not become complete by waiting.
      this.decoder.late(true);
      return true;
    }
    return false;
  }
}
