/**
 * The bytes of one connection on their way to the sink: socket -> staging area -> decoder -> sink.
 *
 * While the sink refuses a packet nothing is read: the receive window closes, and the peer waits. What was read and not
 * yet decoded stays in the staging area and is offered again, also after the socket has gone.
 */
import type { FrameDecoder, Framing } from "../../framing/contract/framing.js";
import { GUESS_LENGTH } from "../../framing/guess/guess.js";
import type { PacketSink } from "../../tmtc/contracts.js";
import type { ConnectionMemory } from "./connection-pool.js";
import type { TcpSocket } from "./io.js";
import { PartialFrameClock } from "./partial-frame-clock.js";
import { StreamHint } from "./stream-hint.js";

/**
 * A decoder that stops with bytes in which it finds nothing is called again at once for so many milliseconds, then not
 * before the owner's next tick: a desktop gets through in a turn, and a board comes to its other connections.
 */
const TURN_MS = 20;

/** Who has the connection. */
export interface IntakeOwner {
  readonly framing: Framing;
  readonly clock: () => number;
  /** Undefined: what comes is read and thrown away. */
  readonly sink: PacketSink | undefined;
  readonly partialFrameTimeoutMs: number;
}

export class Intake implements PacketSink {
  readonly decoder: FrameDecoder;
  readonly hint: StreamHint;
  /** Packets that the sink took. */
  packets = 0;
  bytes = 0;
  /** Bytes that the socket still has for us; 0 once it is closed. */
  unread = 0;
  /** No more bytes will come. */
  isOver = false;
  /** Set when the connection ends while a packet of it is being handled: the rest is not offered. */
  isClosed = false;
  #owner: IntakeOwner;
  #memory: ConnectionMemory;
  #from = 0;
  /** When something last came, or could have come. */
  #lastReceived = 0;
  /** The staging area from here on is still to be decoded: the sink refused a packet, or the decoder takes its time. */
  #heldAt = 0;
  #heldEnd = 0;
  readonly #frameClock: PartialFrameClock;
  #expiring = false;
  /** The pending frame was given up, and nothing has come since. */
  #expired = false;
  /** There was no reason to give it up, and nothing has come since. */
  #looked = false;
  /** So many of the last bytes are not as late as the frame that is given up. */
  #recent = 0;
  /** The sink refused the packet that it was offered last. */
  #refused = false;
  /** The decoder has stopped before its time since bytes were last read. */
  #waited = false;
  /** The decoder has had its time until the next tick. */
  #yielded = false;

  constructor(owner: IntakeOwner, memory: ConnectionMemory, decoder: FrameDecoder) {
    this.#owner = owner;
    this.#memory = memory;
    this.decoder = decoder;
    this.#frameClock = new PartialFrameClock(decoder);
    this.hint = new StreamHint(memory.bytes, memory.firstBytes, owner.framing);
  }

  /** @param from the connection's number */
  open(from: number, now: number): void {
    this.packets = 0;
    this.bytes = 0;
    this.unread = 0;
    this.isOver = false;
    this.isClosed = false;
    this.#from = from;
    this.#lastReceived = now;
    this.#heldAt = 0;
    this.#heldEnd = 0;
    this.#expiring = false;
    this.#expired = false;
    this.#looked = false;
    this.#refused = false;
    this.#waited = false;
    this.#yielded = false;
    this.#frameClock.start(now);
    this.decoder.reset();
    this.decoder.counters.clear();
    this.hint.clear();
  }

  /** The connection has come about; until now nothing could come. */
  begin(now: number): void {
    this.#lastReceived = now;
    this.#frameClock.start(now);
  }

  /** When something last came, or could have come: while bytes are held, nothing is read. */
  get lastReceived(): number {
    return this.#lastReceived;
  }

  /** Bytes are held: the sink refused a packet, or the decoder takes its time. Nothing is read until they are served. */
  get isBlocked(): boolean {
    return this.#expiring || this.#heldAt < this.#heldEnd;
  }

  /** It is the sink that bytes are held for. */
  get isRefused(): boolean {
    return this.#refused && this.isBlocked;
  }

  /** So many bytes wait in the socket. */
  announced(count: number, now: number): void {
    if (!this.isBlocked) {
      this.#lastReceived = now;
    }
    this.unread = count;
  }

  /**
   * Goes on with what is held, then reads what the socket has.
   * @param since when this turn began
   */
  serve(socket: TcpSocket | undefined, since: number): void {
    if (this.#yielded) {
      return;
    }
    this.#serveOnce(socket);
    while (this.#isPaused && this.#owner.clock() - since < TURN_MS) {
      this.#serveOnce(socket);
    }
    this.#yielded = this.#isPaused;
  }

  /** The owner's tick: the decoder has a turn again. */
  newTurn(): void {
    this.#yielded = false;
  }

  /** Bytes are held, and not for the sink. */
  get #isPaused(): boolean {
    return this.isBlocked && !this.#refused && !this.isClosed;
  }

  #serveOnce(socket: TcpSocket | undefined): void {
    if (this.#deliverHeld()) {
      if (this.#waited) {
        // While bytes were held, the rest of a frame could not come.
        this.#waited = false;
        this.#lastReceived = this.#owner.clock();
        this.#frameClock.resume(this.#lastReceived);
      }
      if (socket !== undefined) {
        this.#receive(socket);
      }
    }
    if (this.isOver && !this.isBlocked && !this.#expired) {
      this.hint.lookLast(this.decoder);
      // What stands behind a wrong length will not be completed by waiting.
      this.#expire(0);
      this.#deliverHeld();
    }
  }

  /** Gives up on a frame that was begun so long ago. @returns whether there may be something to serve then */
  expireAfter(timeoutMs: number, now: number): boolean {
    if (this.isBlocked || this.#expired || !this.#frameClock.isDue(timeoutMs, now)) {
      return false;
    }
    const recent = this.#frameClock.recent(timeoutMs, now);
    if (recent > 0 && this.#looked) {
      return false;
    }
    this.#expire(recent);
    return true;
  }

  /** A packet from the decoder. */
  accept(bytes: Uint8Array, start: number, end: number, _from: number, kind?: number): boolean {
    if (this.isClosed) {
      return false;
    }
    const sink = this.#owner.sink;
    if (sink === undefined) {
      return true;
    }
    this.#refused = !sink.accept(bytes, start, end, this.#from, kind);
    if (this.#refused) {
      return false;
    }
    this.packets++;
    return true;
  }

  /** @returns false when there is still something held */
  #deliverHeld(): boolean {
    if (this.#expiring && !this.decoder.expire(this, this.isOver, this.#recent)) {
      this.#waited = true;
      return false;
    }
    if (this.#expiring) {
      this.#expiring = false;
      this.#frameClock.pushed();
    }
    if (this.#heldAt < this.#heldEnd) {
      this.#heldAt = this.decoder.push(this.#heldAt, this.#heldEnd, this);
    }
    this.#waited ||= this.#heldAt < this.#heldEnd;
    return this.#heldAt === this.#heldEnd;
  }

  /** Until the socket has no more, the sink refuses, or the socket is closed: then nothing is unread. */
  #receive(socket: TcpSocket): void {
    const staging = this.#memory.staging;
    while (this.unread > 0) {
      const count = this.unread < staging.capacity ? this.unread : staging.capacity;
      staging.receive(socket, count);
      this.#frameClock.received(count, this.#owner.partialFrameTimeoutMs, this.#lastReceived);
      this.unread -= count;
      this.bytes += count;
      this.#expired = false;
      this.#looked = false;
      if (this.hint.kept < GUESS_LENGTH) {
        this.hint.keep(staging.start, staging.end, this.#lastReceived);
      }
      const stop = this.decoder.push(staging.start, staging.end, this);
      if (stop < staging.end) {
        this.#heldAt = stop;
        this.#heldEnd = staging.end;
        this.#waited = true;
        return;
      }
      this.#frameClock.pushed();
    }
  }

  /** Once per pause: what has a delimiter goes on waiting for it. */
  #expire(recent: number): void {
    this.#expired = recent === 0;
    this.#looked = true;
    this.#recent = recent;
    this.#expiring = this.decoder.pendingBytes > 0;
  }
}
